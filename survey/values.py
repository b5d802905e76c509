"""What one value says to one question: a code, a number, a text, or why it is no answer.

Readers are made once a question and called once a distinct value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from survey.answers import BLANK, INVALID, SKIPPED, STATES
from survey.cells import answer_key, as_datetime, as_number, clean, iso, was_normalised
from survey.date_problems import date_problem
from survey.form.model import Question, Questionnaire
from survey.nearest import suggestions

LONGEST_TEXT = 32_767
#: what a mapped word became that counts as empty
NOTHING = "(空)"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one distinct value means: its code, its number or text, or why it is no answer."""

    code: int
    number: float | None = None
    text: str | None = None
    chosen: tuple[int, ...] | None = None
    problem: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    became: str = ""


def is_blank(value: Any, blank: frozenset[str]) -> bool:
    """Whether a cell counts as empty: nothing, spaces, or a word of the form's ``blank`` setting."""
    text = answer_key(value)
    return not text or text in blank


def blank_words(form: Questionnaire) -> frozenset[str]:
    """The form's ``blank`` setting, comparable."""
    return frozenset(answer_key(word) for word in form.blank if answer_key(word))


def reader(question: Question) -> Callable[[Any], Reading]:
    """The function that reads one value of this question (blank cells never reach it)."""
    return _or_missing(question, {
        "choice": _read_choice,
        "multiple": _read_multiple,
        "step": _read_number,
        "number": _read_number,
        "date": _read_date,
        "text": _read_text,
    }[question.coding](question))  # fmt: skip


def _or_missing(question: Question, read: Callable[[Any], Reading]) -> Callable[[Any], Reading]:
    missing = {answer_key(word): STATES[state] for word, state in question.missing_values.items()}

    def read_or_missing(value: Any) -> Reading:
        state = missing.get(answer_key(value)) if missing else None
        return Reading(state) if state is not None else read(value)

    return read_or_missing


def with_tidy(read: Callable[[Any], Reading], tidy: Callable[[Any], Any]) -> Callable[[Any], Reading]:
    """``read`` of a value as it stands, else of what is left of it without a platform's marks."""

    def read_tidied(value: Any) -> Reading:
        reading = read(value)
        if not reading.problem:
            return reading
        again = read(tidy(value))
        return reading if again.problem else replace(again, became="")

    return read_tidied


def with_states(read: Callable[[Any], Reading], states: Mapping[str, str]) -> Callable[[Any], Reading]:
    """``read`` after the whole-cell words by which a platform says why there is no answer."""

    def read_state(value: Any) -> Reading:
        state = states.get(answer_key(value))
        return read(value) if state is None else Reading(STATES[state])

    return read_state


def with_words(
    question: Question, read: Callable[[Any], Reading], mapped: Mapping[str, str]
) -> Callable[[Any], Reading]:
    """``read`` (of this question, or of its role) after the words that a person mapped.

    ``mapped``: comparable word → choice name, for questions without choices the text to read instead, ``""`` for
    empty (``ColumnMapping.words``).  It goes before the questionnaire's own words, and is noted like anything that
    was normalised; of a multiple choice every part is mapped.
    """
    parts = _or_missing(question, _read_multiple(question, mapped)) if question.coding == "multiple" else None

    def read_mapped(value: Any) -> Reading:
        meaning = mapped.get(answer_key(value))
        if meaning == "":
            return Reading(BLANK, became=NOTHING)
        if parts or meaning is None:
            return (parts or read)(value)
        found, plain = read(meaning), read(value)
        if replace(plain, became="") == replace(found, became=""):
            return plain
        shown = next((c.label("zh") for c in question.choices if c.name == meaning), meaning)
        return replace(found, became=shown)

    return read_mapped


def blank_reading(value: Any) -> Reading:
    """An empty cell; the platforms' ``(跳过)`` says that the question was not asked."""
    return Reading(SKIPPED if "跳过" in clean(value) else BLANK)


def choice_words(question: Question, mapped: Mapping[str, str] | None = None) -> Mapping[str, int]:
    """Comparable word → index of the choice: what was ``mapped`` first, then names, labels, aliases."""
    layers = [[(c.name,), tuple(c.labels.values()), c.aliases] for c in question.choices]
    places = {choice.name: index for index, choice in enumerate(question.choices)}
    words = {word: places[name] for word, name in (mapped or {}).items() if name in places}
    for layer in range(3):
        for index, choice in enumerate(layers):
            for word in choice[layer]:
                words.setdefault(answer_key(word), index)
    words.pop("", None)
    return words


def expected_choices(question: Question) -> dict[str, str]:
    """The choices as a user knows them, by language: ``1 很满意、2 满意 …``."""
    shown = question.choices[:12]
    return {
        lang: between.join(c.name if c.name == c.label(lang) else f"{c.name} {c.label(lang)}" for c in shown)
        for lang, between in (("zh", "、"), ("en", ", "))
    }


def _read_choice(question: Question) -> Callable[[Any], Reading]:
    words = choice_words(question)
    states = [STATES[c.missing] if c.missing else i for i, c in enumerate(question.choices)]

    def read(value: Any) -> Reading:
        text = clean(value)
        index = words.get(text.casefold())
        if index is None:
            return Reading(INVALID, problem="checking.not_a_choice",
                           params={"expected": expected_choices(question), **_suggestion(text, question)})  # fmt: skip
        return Reading(states[index], became=text if was_normalised(value, text) else "")

    return read


def _suggestion(text: str, question: Question) -> dict[str, str]:
    near = suggestions(text, question)
    return {"suggestion": next(c.label("zh") for c in question.choices if c.name == near[0][0])} if near else {}


def _read_multiple(question: Question, mapped: Mapping[str, str] | None = None) -> Callable[[Any], Reading]:
    words = choice_words(question, mapped)

    def read(value: Any) -> Reading:
        text = clean(value)
        if (whole := words.get(text.casefold())) is not None:
            return Reading(0, chosen=(whole,))
        for separator in ("┋", "|", ";", "、", ",", " "):
            parts = [p.strip() for p in text.split(separator) if p.strip()]
            found = [words.get(p.casefold()) for p in parts]
            if len(parts) > 1 and all(i is not None for i in found):
                return Reading(0, chosen=tuple(sorted({i for i in found if i is not None})))
        return Reading(INVALID, problem="checking.not_choices", params={"expected": expected_choices(question)})

    return read


def number_text(value: float) -> str:
    """A bound as a user writes it: no ``.0``."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def expected_number(question: Question) -> str:
    """``1–10`` and the like, for a finding."""
    low, high = question.low, question.high
    if low is None and high is None:
        return ""
    if low is None or high is None:
        return f"≤ {number_text(high)}" if high is not None else f"≥ {number_text(low or 0.0)}"
    return f"{number_text(low)}–{number_text(high)}"


def _read_number(question: Question) -> Callable[[Any], Reading]:
    low, high, whole = question.low, question.high, question.type == "integer"
    step = question.step if question.type == "range" else None
    expected = {"expected": expected_number(question)} if low is not None or high is not None else {}

    def read(value: Any) -> Reading:
        number = as_number(value)
        if number is None:
            return Reading(INVALID, problem="checking.not_a_number" if expected else "checking.no_number",
                           params=expected)  # fmt: skip
        if (low is not None and number < low) or (high is not None and number > high):
            return Reading(INVALID, problem="checking.out_of_range", params=expected)
        if whole and not number.is_integer():
            return Reading(INVALID, problem="checking.not_whole" if expected else "checking.no_whole_number",
                           params=expected)  # fmt: skip
        steps = (number - (low or 0.0)) / (step or 1.0)
        if step and abs(steps - round(steps)) > 1e-9:
            return Reading(INVALID, problem="checking.not_a_step",
                           params={"start": number_text(low or 0.0), "step": number_text(step)})  # fmt: skip
        if question.recode and recoded(question, number) is None:
            return Reading(INVALID, problem="checking.no_code", params={})
        text = clean(value)
        return Reading(
            round(steps) if question.coding == "step" else 0,
            number=number,
            became=number_text(number) if was_normalised(value, text) or "," in text else "",
        )

    return read


def recoded(question: Question, number: float) -> float | None:
    """The code of the first cut point that holds; None if none does."""
    for cut in question.recode:
        if number < cut.bound or (cut.operator == "<=" and number == cut.bound):
            return cut.code
    return None


def _read_date(question: Question) -> Callable[[Any], Reading]:
    def read(value: Any) -> Reading:
        moment = as_datetime(value)
        if moment is None:
            problem, params = date_problem(value)
            return Reading(INVALID, problem=problem, params=params)
        text = iso(moment)
        return Reading(0, text=text, became=text if isinstance(value, str) and clean(value) != text else "")

    return read


def _read_text(question: Question) -> Callable[[Any], Reading]:
    def read(value: Any) -> Reading:
        text = value.strip() if isinstance(value, str) else clean(value)
        if len(text) > LONGEST_TEXT:
            return Reading(INVALID, problem="checking.too_long", params={"limit": LONGEST_TEXT})
        return Reading(0, text=text)

    return read
