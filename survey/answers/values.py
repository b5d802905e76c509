"""What one value says to one question: a code, a number, a text, or why it is no answer.

Readers are made once a question and called once a distinct value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from survey.answers.values_dates import date_problem
from survey.core.cells import (
    answer_key,
    as_datetime,
    as_number,
    chinese_number,
    clean,
    iso,
    seen,
    ticked_in,
    was_normalised,
    words_of,
)
from survey.core.findings import TWO_ANSWERS
from survey.core.lang import LANGUAGES, enumerated
from survey.core.scale_words import comparable, step
from survey.form.answer_codes import BLANK, INVALID, SKIPPED, STATES
from survey.form.model import Question, Questionnaire

#: numbers of choices that stand in a circle, between several of them: ①看病②食堂
_CIRCLED = re.compile(r"[①-⑳⑴-⒇]")


# ── The choices that a word looks like: suggested to a person, never applied


#: suggestions below this likeness (0–1) are noise; at most so many a word
LIKE, MOST_SUGGESTIONS = 0.5, 3
_NOT = re.compile(r"[不没未非]")
#: what stands between two answers in one cell
_BETWEEN = re.compile(r"[┋|;；、,，/+&\s]+|和|或")


def suggestions(word: str, question: Question) -> tuple[tuple[str, float], ...]:
    """The choices that a word looks like, best first, with their likeness 0–1; never one of the other side.

    Two steps of one scale are as alike as they are strong, other texts as they are written.  A word with digits
    is only like a label with the same ones: ``5分`` is no code 5.
    """
    if len(_parts(word, question)) > 1 or chinese_number(word) is not None:
        return ()  # two marks are no answer, and 一 is no 一般
    near = []
    own = {found.stem for c in question.choices for text in c.labels.values() if (found := step(text))}
    for choice in question.choices:
        texts = [t for t in (*choice.labels.values(), *choice.aliases) if t and _digits(t) == _digits(word)]
        likeness = max((_likeness(word, text, own) for text in texts), default=0.0)
        if likeness >= LIKE:
            near.append((choice.name, round(likeness, 3)))
    return tuple(sorted(near, key=lambda pair: -pair[1])[:MOST_SUGGESTIONS])


def _parts(word: str, question: Question) -> set[int]:
    """The choices of which a text is made, where it is made of choices and what stands between them."""
    words = choice_words(question)
    return {words[key] for part in _BETWEEN.split(word) if (key := answer_key(part)) in words}


def _two_marks(question: Question, text: str) -> bool:
    """Whether a text is several choices: all by their codes, or all in words (``5 很满意`` is one by both), or boxes with ticks."""
    words, codes = choice_words(question), {answer_key(c.name) for c in question.choices}
    parts = [key for part in _BETWEEN.split(text) if (key := answer_key(part))]
    if not text.isascii() and len(ticked_in(text, words) or ()) > 1:
        return True
    by_code = {key in codes for key in parts}
    return len(by_code) == 1 and all(key in words for key in parts) and len({words[key] for key in parts}) > 1


def _likeness(word: str, text: str, stems: Set[str]) -> float:
    one, other = step(word), step(text)
    if one and other:
        if one.degree * other.degree < 0:
            return 0.0
        if one.stem == other.stem or (not other.stem and one.stem in stems):
            middle = (one.degree == 0) != (other.degree == 0)
            return 1 - abs(one.degree - other.degree) / 12 - 0.2 * middle
    if bool(_NOT.search(word)) != bool(_NOT.search(text)):
        return 0.0  # 非本社区 is no 本社区
    return fuzz.ratio(comparable(word), comparable(text)) / 100


def _digits(text: str) -> str:
    return "".join(c if c.isdigit() else " " for c in comparable(text)).strip()


LONGEST_TEXT = 32_767
#: what a mapped word became that counts as empty
NOTHING = "(空)"


class Reading(NamedTuple):
    """What one distinct value means: its code, its number or text, or why it is no answer."""

    code: int
    number: float | None = None
    text: str | None = None
    chosen: tuple[int, ...] | None = None
    problem: str = ""
    params: Mapping[str, Any] = {}
    became: str = ""


def is_blank(value: Any, blank: frozenset[str]) -> bool:
    """Whether a cell counts as empty: nothing, spaces, or a word of the form's ``blank`` setting."""
    text = answer_key(value)
    return not text or text in blank


def blank_words(form: Questionnaire) -> frozenset[str]:
    """The form's ``blank`` setting, comparable."""
    return frozenset(answer_key(word) for word in form.blank if answer_key(word))


def blanks_of(question: Question, blank: frozenset[str]) -> frozenset[str]:
    """The words that count as empty in this question: a choice of its own wins over the form's setting."""
    if not question.choices or not blank:
        return blank
    own = {answer_key(word) for c in question.choices for word in (c.name, *c.labels.values(), *c.aliases)}
    return blank - own


def reader(question: Question) -> Callable[[Any], Reading]:
    """The function that reads one value of this question (blank cells never reach it)."""
    return _or_missing(
        question,
        {
            "choice": _read_choice,
            "multiple": _read_multiple,
            "step": _read_number,
            "number": _read_number,
            "date": _read_date,
            "text": _read_text,
        }[question.coding](question),
    )


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
        return reading if again.problem else again._replace(became="")

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
        if plain._replace(became="") == found._replace(became=""):
            return plain
        shown = next((c.label("zh") for c in question.choices if c.name == meaning), meaning)
        return found._replace(became=shown)

    return read_mapped


def blank_reading(value: Any) -> Reading:
    """An empty cell; the platforms' ``(跳过)`` says that the question was not asked."""
    return Reading(SKIPPED if "跳过" in clean(value) else BLANK)


#: mark of a word that several choices go by
SEVERAL = -1


def choice_words(question: Question, mapped: Mapping[str, str] | None = None) -> Mapping[str, int]:
    """Comparable word → index of the choice: what was ``mapped`` first, then names, labels, aliases.

    A label that several choices have (in the branches of a filter) stands for none of them.
    """
    layers = [[(c.name,), tuple(c.labels.values()), c.aliases] for c in question.choices]
    places = {choice.name: index for index, choice in enumerate(question.choices)}
    words: dict[str, int] = {word: places[name] for word, name in (mapped or {}).items() if name in places}
    for layer in range(3):
        meanings: dict[str, set[int]] = {}
        for index, choice in enumerate(layers):
            for word in choice[layer]:
                meanings.setdefault(answer_key(word), set()).add(index)
        for key, found in meanings.items():
            words.setdefault(key, min(found) if len(found) == 1 else SEVERAL)
    words.pop("", None)
    return {key: index for key, index in words.items() if index != SEVERAL}


def expected_choices(question: Question) -> dict[str, str]:
    """The choices as a user knows them, by language: ``1 很满意、2 满意 …``."""
    shown = question.choices[:12]
    return {
        lang: enumerated(lang, (c.name if c.name == c.label(lang) else f"{c.name} {c.label(lang)}" for c in shown))
        for lang in LANGUAGES
    }


def _read_choice(question: Question) -> Callable[[Any], Reading]:
    words = choice_words(question)
    states = [STATES[c.missing] if c.missing else i for i, c in enumerate(question.choices)]

    def read(value: Any) -> Reading:
        text = seen(value)
        index = words.get(text.casefold())
        if index is None and (codes := _codes_called(question, text)):
            return Reading(INVALID, problem="checking.several_choices", params={"codes": "、".join(codes)})
        if index is None and _two_marks(question, clean(value)):
            return Reading(INVALID, problem=TWO_ANSWERS)
        if index is None:
            return Reading(
                INVALID,
                problem="checking.not_a_choice",
                params={"expected": expected_choices(question), **_suggestion(text, question)},
            )
        return Reading(states[index], became=text if was_normalised(value, text) else "")

    return read


def _codes_called(question: Question, text: str) -> list[str]:
    """The codes that share this label, none where it is nobody's."""
    key = answer_key(text)
    return [c.name for c in question.choices if key in {answer_key(label) for label in c.labels.values()}]


def _suggestion(text: str, question: Question) -> dict[str, str]:
    near = suggestions(text, question)
    return {"suggestion": next(c.label("zh") for c in question.choices if c.name == near[0][0])} if near else {}


def _read_multiple(question: Question, mapped: Mapping[str, str] | None = None) -> Callable[[Any], Reading]:
    words = choice_words(question, mapped)

    def read(value: Any) -> Reading:
        if isinstance(value, str) and _CIRCLED.search(value):
            bare = _CIRCLED.sub("┋", value).strip("┋、,;/ ")
            apart = read(bare or _CIRCLED.sub(lambda m: f"{clean(m[0])}┋", value).strip("┋ "))  # ③④ alone are 3 and 4
            shown = "、".join(question.choices[i].label("zh") for i in apart.chosen or ())
            return apart if apart.problem else apart._replace(became=shown)
        text = clean(value)
        if (whole := words.get(answer_key(text))) is not None:
            return Reading(0, chosen=(whole,))
        for separator in ("┋", "|", ";", "、", ",", " "):
            parts = [p.strip() for p in text.split(separator) if p.strip()]
            found = [words.get(answer_key(p)) for p in parts]
            if len(parts) > 1 and all(i is not None for i in found):
                return Reading(0, chosen=tuple(sorted({i for i in found if i is not None})))
        if chosen := words_of(text.casefold(), words):
            return Reading(0, chosen=chosen)
        if (ticked := ticked_in(text, words)) is not None:
            shown = "、".join(question.choices[i].label("zh") for i in ticked)
            return Reading(0, chosen=ticked, became=shown) if ticked else Reading(BLANK, became=NOTHING)
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
            return Reading(
                INVALID, problem="checking.not_a_number" if expected else "checking.no_number", params=expected
            )
        if (low is not None and number < low) or (high is not None and number > high):
            return Reading(INVALID, problem="checking.out_of_range", params=expected)
        if whole and not number.is_integer():
            return Reading(
                INVALID, problem="checking.not_whole" if expected else "checking.no_whole_number", params=expected
            )
        steps = (number - (low or 0.0)) / (step or 1.0)
        if step and abs(steps - round(steps)) > 1e-9:
            return Reading(
                INVALID,
                problem="checking.not_a_step",
                params={"start": number_text(low or 0.0), "step": number_text(step)},
            )
        if question.recode and recoded(question, number) is None:
            return Reading(INVALID, problem="checking.no_code", params={})
        text = clean(value)
        return Reading(
            round(steps) if question.coding == "step" else 0,
            number=number,
            became=number_text(number) if was_normalised(value, text) or "," in text or text.endswith("。") else "",
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
