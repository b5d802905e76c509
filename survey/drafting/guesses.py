"""What a person says of a draft before it is adopted: the questions it asks, each with its guess, and rows put right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from survey.core.cells import clean
from survey.core.errors import Refused
from survey.core.lang import enumerated, say
from survey.drafting import dimensions
from survey.drafting.questionnaire import Draft, Drafted
from survey.form.model import ROLES, Choice, Question, Questionnaire, in_language

#: types that a person may choose for a column
TYPES = ("select_one", "select_multiple", "integer", "decimal", "text", "date")
_DIMENSION = "drafting.check_dimension"
#: what is asked of columns that hold nothing but codes: which of them are levels
CODES = "drafting.check_codes"
_SCALE, _SCALE_UNFIT = "drafting.check_scale", "drafting.check_scale_unfit"
#: between the levels of an order, the best first
ORDER = " > "


_OF_DIMENSIONS = "dimension:"
#: what is asked → what a press may say instead of the guess: field of all its rows, and its value
OTHERWISE: Mapping[str, tuple[str, Any]] = {
    "drafting.check_choices": ("type", "text"),
    "drafting.check_several": ("type", "text"),
    "drafting.check_order": ("order", ""),
    "drafting.check_unfit": ("order", ""),
    "drafting.check_codes": ("order", ""),
    "drafting.check_scale": ("type", "select_one"),
    "drafting.check_scale_unfit": ("type", "select_one"),
    "drafting.check_empty": ("keep", False),
    _DIMENSION: ("dimension", ""),
}


@dataclass(frozen=True)
class Asked:
    """One question to the person: about which rows (their places in the draft), and the guess that is filled in.

    ``key`` names it between two requests; ``code`` is its text; ``turns``: the guess is an order that can be turned;
    ``orders``: of codes, the two orders that would make levels of them.
    """

    key: str
    code: str
    rows: tuple[int, ...]
    guess: Mapping[str, str]
    turns: bool = False
    unfit: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()

    def word(self, lang: str) -> str:
        """What is asked."""
        return say(lang, self.code, words=enumerated(lang, self.unfit))

    def guessed(self, lang: str) -> str:
        """What is taken unless somebody says otherwise."""
        return in_language(self.guess, lang, "—")


@dataclass(frozen=True)
class Said:
    """What was said so far: ``rows`` place → field → value; ``settled`` and ``turned`` keys of what was asked."""

    rows: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()
    turned: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """As it waits between two requests."""
        return {
            "rows": {str(place): dict(fields) for place, fields in self.rows.items()},
            "settled": sorted(self.settled),
            "turned": sorted(self.turned),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Said:
        """What ``to_json`` made."""
        rows = {int(place): fields for place, fields in kept.get("rows", {}).items()}
        return cls(rows, frozenset(kept.get("settled", ())), frozenset(kept.get("turned", ())))

    def of_row(self, place: int, name: str, value: Any) -> Said:
        """With one more field of a row.  Raises Refused for what can't be said."""
        fits = {
            "type": value in TYPES,
            "role": value in ("", *ROLES),
            "label": isinstance(value, str) and 0 < len(value.strip()) <= 500,
            "dimension": isinstance(value, str) and len(value) <= 60,
            "keep": isinstance(value, bool),
            "order": isinstance(value, str) and len(value) <= 500,
        }
        if not fits.get(name, False):
            raise Refused("drafting.bad_correction", found=str(value)[:60])
        settled = self.settled - {_OF_DIMENSIONS} if name == "order" else self.settled  # more is scored: asked again
        rows = {**self.rows, place: {**self.rows.get(place, {}), name: value}}
        return replace(self, rows=rows, settled=settled)

    def with_settled(self, keys: Sequence[str]) -> Said:
        """With these questions answered as guessed."""
        return replace(self, settled=self.settled | set(keys))

    def with_other(self, asked: Asked) -> Said:
        """With the other reading of what was asked, or, where it was said already, with the guess again."""
        name, value = OTHERWISE[asked.code]
        said = self
        back = self.has_other(asked)
        for place in asked.rows:
            said = said.of_row(place, name, value)
            if back:
                fields = {k: v for k, v in said.rows[place].items() if k != name}
                said = replace(said, rows={**said.rows, place: fields})
        return said.with_settled([asked.key])

    def has_other(self, asked: Asked) -> bool:
        """Whether all rows of what was asked have the other reading."""
        name, value = OTHERWISE.get(asked.code, ("", None))
        return all(name in (of := self.rows.get(place, {})) and of[name] == value for place in asked.rows)

    def with_turned(self, key: str) -> Said:
        """With an order turned round, which answers its question."""
        return replace(self, turned=self.turned ^ {key}, settled=self.settled | {key})


def guessed_dimensions(found: Draft, known: Sequence[str], said: Said | None = None) -> dict[int, str]:
    """Place → dimension, of the rows that are answered on a scale of praise and blame; ``known``: codes of the scheme."""
    orders = {place: fields.get("order") for place, fields in (said.rows if said else {}).items()}
    places = [
        place
        for place, d in enumerate(found.rows)
        if not d.question.role
        and (orders.get(place) or (place not in orders and _levelled(d.question)))
        and not dimensions.overall(d.question)
    ]
    guesses = dimensions.guess([found.rows[place].question.label("zh") for place in places])
    return {place: code if code in known else "" for place, code in zip(places, guesses, strict=True)}


def with_guesses(found: Draft, known: Sequence[str]) -> Draft:
    """The draft with its guesses of dimensions filled in, for who corrects it in a workbook."""
    form = corrected(found, Said(), guessed_dimensions(found, known))
    rows = tuple(replace(d, question=q) for d, q in zip(found.rows, form.rows, strict=True))
    return replace(found, form=form, rows=rows)


def _levelled(question: Question) -> bool:
    return any(choice.level is not None for choice in question.choices)


def questions(
    found: Draft, said: Said, guesses: Mapping[int, str], names: Mapping[str, Mapping[str, str]]
) -> list[Asked]:
    """What the draft asks, most rows first: alike guesses once; ``names``: dimension → its names by language."""
    groups: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(found.rows):
        if row.check and said.rows.get(place, {}).get("keep", True):
            groups.setdefault((row.check, _alike(row)), []).append(place)
    asked = [_asked(code, alike, places, found) for (code, alike), places in groups.items()]
    if guesses:
        asked.append(_of_dimensions(guesses, said, names))
    return sorted(asked, key=lambda a: (a.key in said.settled, -len(a.rows)))


def _alike(row: Drafted) -> str:
    """What rows share that are asked about once: the list of choices, the span of a rating; a kind of text, else nothing."""
    question = row.question
    if question.list_name:
        return question.list_name
    return (
        f"{question.minimum:g}-{question.maximum:g}"
        if question.maximum is not None and question.minimum is not None
        else ""
    )


def _asked(code: str, alike: str, places: Sequence[int], found: Draft) -> Asked:
    first = found.rows[places[0]]
    unfit = tuple(dict.fromkeys(word for place in places for word in found.rows[place].unfit))
    guess = dict.fromkeys(("zh", "en"), "")
    if first.question.choices:
        guess = {lang: _in_order(first.question.choices, lang) for lang in guess}
    elif alike:
        guess = dict.fromkeys(guess, alike.replace("-", " – "))
    else:
        guess = {lang: say(lang, f"drafting.type_{first.question.type}") for lang in guess}
    turns = code in ("drafting.check_order", "drafting.check_unfit", _SCALE, _SCALE_UNFIT)
    orders = tuple(filter(None, orders_of(first.question.choices))) if code == CODES else ()
    return Asked(f"{code.rpartition('.')[2]}:{alike}", code, tuple(places), guess, turns, unfit, orders)


def _in_order(choices: Sequence[Choice], lang: str) -> str:
    levelled = [c for c in choices if c.level is not None]
    mark = " > " if levelled else " / "
    return mark.join(c.label(lang) for c in (levelled or choices)[:12])


def _of_dimensions(guesses: Mapping[int, str], said: Said, names: Mapping[str, Mapping[str, str]]) -> Asked:
    counted: dict[str, int] = {}
    for place, code in guesses.items():
        code = said.rows.get(place, {}).get("dimension", code)
        counted[code] = counted.get(code, 0) + 1
    guess = {
        lang: enumerated(
            lang,
            [
                f"{in_language(names.get(code, {}), lang, code) or say(lang, 'drafting.not_scored')} {n}"
                for code, n in sorted(counted.items(), key=lambda pair: (not pair[0], -pair[1]))
            ],
        )
        for lang in ("zh", "en")
    }
    return Asked(_OF_DIMENSIONS, _DIMENSION, tuple(guesses), guess)


def corrected(found: Draft, said: Said, guesses: Mapping[int, str], title: str = "") -> Questionnaire:
    """The questionnaire with everything that was said, and the guesses of dimensions where nothing else was."""
    rows: list[Question] = []
    turned = {key.partition(":")[2] for key in said.turned}
    for place, drafted in enumerate(found.rows):
        fields = {**({"dimension": guesses[place]} if place in guesses else {}), **said.rows.get(place, {})}
        if not fields.get("keep", True):
            continue
        row = _row(drafted.question, fields, turned)
        rows.append(
            replace(row, reverse=True) if drafted.check in (_SCALE, _SCALE_UNFIT) and _alike(drafted) in turned else row
        )
    roles = [row.role for row in rows if row.role and row.role != "replicate_weight"]
    twice = next((role for role in roles if roles.count(role) > 1), "")
    if twice:
        raise Refused("drafting.role_twice", role=twice)
    rows, lists = _lists(rows)
    form = found.form
    return replace(form, rows=tuple(rows), lists=lists, title=title.strip() or form.title)


def _lists(rows: Sequence[Question]) -> tuple[list[Question], dict[str, tuple[Choice, ...]]]:
    """The lists of choices; rows of one list of which some got other levels than the rest have lists of their own."""
    lists: dict[str, tuple[Choice, ...]] = {}
    done = []
    for row in rows:
        if row.list_name:
            names = (row.list_name, *(f"{row.list_name}_{k}" for k in range(2, len(rows) + 2)))
            name = next(n for n in names if lists.get(n, row.choices) == row.choices)
            lists[name] = row.choices
            row = replace(row, list_name=name)
        done.append(row)
    return done, lists


def orders_of(choices: Sequence[Choice]) -> tuple[str, str]:
    """The two orders that codes may mean as levels: the first is the best, the last is the best.

    Of numbers only the run without a gap: a 9 after 1 to 5 is no level.  Empty strings where fewer than two are left.
    """
    codes = [c.label("zh") for c in choices if not c.missing]
    numbers = [int(code) if code.isdigit() else None for code in codes]
    if None not in numbers:
        run = codes[:1]
        for before, number, code in zip(numbers, numbers[1:], codes[1:], strict=False):
            if number is None or before is None or number != before + 1:
                break
            run.append(code)
        codes = run
    return (ORDER.join(codes), ORDER.join(reversed(codes))) if len(codes) > 1 else ("", "")


def order_of(question: Question) -> str:
    """The levels of a question as they are typed, the best first; empty where it has none."""
    levelled = sorted((c for c in question.choices if c.level is not None), key=lambda c: c.level or 0)
    return ORDER.join(c.label("zh") for c in levelled)


def _ordered(question: Question, order: str) -> tuple[Choice, ...]:
    """The choices with the levels that were typed, the others as don't know; raises Refused for a word that is none of
    them, or stands twice.  Nothing typed: no levels."""
    words = [clean(word) for word in re.split(r"\s*[>＞]\s*", order.strip()) if word.strip()]
    known = {clean(word): c.name for c in question.choices for word in (c.name, c.label("zh"))}
    strange = [word for word in words if word not in known]
    names = [known[word] for word in words if word in known]
    if strange or len({*names}) < len(names) or len(names) == 1:
        raise Refused(
            "drafting.bad_order",
            header=question.label("zh"),
            found=order[:60],
            known=ORDER.join(c.label("zh") for c in question.choices),
        )
    if not names:
        return tuple(replace(c, level=None) for c in question.choices)
    levels = {name: level for level, name in enumerate(names, start=1)}
    return tuple(
        replace(c, level=levels.get(c.name), missing=None if c.name in levels else c.missing or "dont_know")
        for c in question.choices
    )


def _row(question: Question, fields: Mapping[str, Any], turned: set[str]) -> Question:
    label = str(fields.get("label", "")).strip()
    known = question.label("zh")
    aliases = question.aliases if not label or label == known else tuple(dict.fromkeys((known, *question.aliases)))
    labels = {**question.labels, "zh": label} if label else question.labels
    kind = fields.get("type", question.type)
    role = fields.get("role", question.role)
    choices = _turned(question.choices) if question.list_name in turned else question.choices
    row = replace(question, labels=labels, aliases=aliases, role=role, required=role == "community", choices=choices)
    if kind != question.type:
        row = _retyped(row, kind)
    if row.type == "select_one" and "order" in fields:
        row = replace(row, choices=_ordered(row, str(fields["order"])))
    dimension = "" if role else str(fields.get("dimension", question.dimension))
    return replace(row, dimension=dimension if _scorable(row) else "")


def _retyped(row: Question, kind: str) -> Question:
    """Another type: what only the old one has goes; a type with choices needs those that the column shows."""
    if kind in ("select_one", "select_multiple"):
        if row.choices:
            return replace(row, type=kind)
        if row.minimum is None or row.maximum is None:
            raise Refused("drafting.no_choices", header=row.label("zh"))
        codes = [str(code) for code in range(int(row.minimum), int(row.maximum) + 1)]
        choices = tuple(Choice(code, {"zh": code}) for code in codes)
        name = f"codes_{codes[0]}_{codes[-1]}"
        return replace(row, type=kind, choices=choices, list_name=name, minimum=None, maximum=None)
    row = replace(row, type=kind, choices=(), list_name="")
    return row if kind == "integer" else replace(row, minimum=None, maximum=None)


def _scorable(row: Question) -> bool:
    bounded = row.type == "integer" and row.minimum is not None and row.maximum is not None
    return bounded or (row.type == "select_one" and any(c.level is not None for c in row.choices))


def _turned(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """The best becomes the worst; codes stay at their words."""
    highest = max((c.level for c in choices if c.level is not None), default=0)
    return tuple(replace(c, level=None if c.level is None else highest + 1 - c.level) for c in choices)
