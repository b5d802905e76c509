"""Columns with a role: what places a response (community, year, mode, respondent) and its design (weight, psu …)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from survey.answers import INVALID
from survey.cells import answer_key, as_datetime, as_number, as_seconds, clean, iso, was_normalised
from survey.checking import Column, ReadColumn, cell_finding, read_column
from survey.date_problems import date_problem
from survey.errors import Refused
from survey.findings import Finding
from survey.form.model import KEY_ROLES, REPLICATE_WEIGHT, Question
from survey.store.register import Community
from survey.values import Reading, choice_words, reader

MODES = ("paper", "web", "phone")
_MODE_WORDS = {
    "paper": "paper", "书面": "paper", "纸质": "paper", "书面问卷": "paper", "纸质问卷": "paper", "面访": "paper",
    "入户": "paper", "web": "web", "网络": "web", "线上": "web", "在线": "web", "网络问卷": "web", "电子问卷": "web",
    "phone": "phone", "电话": "phone", "电话调查": "phone", "电话访问": "phone",
}  # fmt: skip
#: roles whose text or number goes to a design column of the same or another name
DESIGN_NAMES = {"start": "started", "end": "ended"}
FIRST_YEAR, LAST_YEAR = 1900, 2100
#: no weight and no population is larger; sums of squares stay finite
LARGEST = 1e12
#: how statistical programs write small and large weights
_SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?[eE][-+]?\d{1,3}", re.ASCII)
#: characters of a number, a name of a community, a psu …; databases can't index long ones
LONGEST_KEY = 200
#: likeness 0–100 from which an unknown community is like a known one, ahead of every other by so much; what stands
#: whole within a name counts as much as ``WITHIN``
LIKE, CLEAR, WITHIN, SHORTEST_LIKE = 75.0, 10.0, 90.0, 2


def mode_of(word: Any) -> str | None:
    """paper, web or phone from the usual words; None for any other."""
    return _MODE_WORDS.get(answer_key(word))


class Register:
    """Communities by code, name or alias, any width and case."""

    def __init__(self, communities: Sequence[Community]) -> None:
        self.communities = list(communities)
        self._index: dict[str, int] = {}
        words = [[(c.code,), (c.name,), tuple(c.aliases)] for c in self.communities]
        for layer in range(3):  # a code wins over a name, a name over an alias
            for place, layers in enumerate(words):
                for word in layers[layer]:
                    self._index.setdefault(_place_key(word), place)

    def find(self, word: Any) -> int | None:
        """Position of the community that goes by this word, else None."""
        return self._index.get(_place_key(word))

    def nearest(self, word: Any) -> str:
        """The one community that an unknown word looks like (``西埠`` for 西埠社区), else ``''``; never applied."""
        key = _place_key(word)
        if len(key) < SHORTEST_LIKE or key.isdigit():
            return ""
        alike = dict.fromkeys(self._index.values(), 0.0)
        for known, place in self._index.items():
            within = WITHIN if key in known or known in key else 0.0
            alike[place] = max(alike[place], within, fuzz.ratio(key, known))
        best, second, *_ = [*sorted(alike.values(), reverse=True), 0.0, 0.0]
        if best < LIKE or best - second < CLEAR:
            return ""
        return self.communities[max(alike, key=lambda place: alike[place])].name

    def names(self, limit: int = 20) -> str:
        """The names, for a sentence."""
        names = [c.name for c in self.communities[:limit]]
        return "、".join(names) + (" …" if len(self.communities) > limit else "")


def _place_key(word: Any) -> str:
    return answer_key(word).replace(" ", "")


@dataclass(frozen=True)
class Key:
    """A key column read: ``values`` by row (None where blank), and its findings."""

    values: list[Any]
    findings: tuple[Finding, ...] = ()


def design_reader(question: Question) -> Callable[[Any], Reading]:
    """How a cell of a role column is read where the question's own type does not say it."""
    role = question.role
    if role in ("weight", "fpc", REPLICATE_WEIGHT):
        return _positive(zero_allowed=role != "fpc")
    if role == "duration":
        return _seconds
    if role in ("start", "end", "submitted"):
        return _moment
    if question.coding == "choice":
        return _named(question)
    if question.coding in ("step", "number"):
        return reader(question)
    return _short_text


def _short_text(value: Any) -> Reading:
    text = clean(value)
    if len(text) > LONGEST_KEY:
        return Reading(INVALID, problem="checking.too_long", params={"limit": LONGEST_KEY})
    return Reading(0, text=text)


def _positive(*, zero_allowed: bool) -> Callable[[Any], Reading]:
    def read(value: Any) -> Reading:
        number = as_number(value)
        if number is None and isinstance(value, str) and _SCIENTIFIC.fullmatch(clean(value)):
            number = float(clean(value))
        if number is None or not 0 <= number <= LARGEST or (number == 0 and not zero_allowed):
            return Reading(INVALID, problem="checking.not_positive", params={})
        return Reading(0, number=number)

    return read


def _seconds(value: Any) -> Reading:
    seconds = as_seconds(value)
    if seconds is None:
        return Reading(INVALID, problem="checking.not_a_duration", params={})
    return Reading(0, number=seconds)


def _moment(value: Any) -> Reading:
    moment = as_datetime(value)
    if moment is None:
        problem, params = date_problem(value)
        return Reading(INVALID, problem=problem, params=params)
    return Reading(0, text=iso(moment))


def _named(question: Question) -> Callable[[Any], Reading]:
    """A choice by its name (``male``), whatever the sheet wrote; don't know and refused give no value."""
    words, read = choice_words(question), reader(question)

    def read_name(value: Any) -> Reading:
        reading = read(value)
        if reading.code < 0:
            return reading
        return Reading(0, text=question.choices[words[answer_key(value)]].name, became=reading.became)

    return read_name


def read_design(question: Question, column: Column, blank: frozenset[str]) -> ReadColumn:
    """A design column; in a key (weight, replicate weight, psu, stratum, respondent) a bad or blank cell refuses the row."""
    key = question.role in KEY_ROLES
    return read_column(question, column, blank, design_reader(question), refuse_row=key,
                       refuse_blank="checking.key_blank" if key else "")  # fmt: skip


def read_year(question: Question, column: Column, blank: frozenset[str]) -> ReadColumn:
    """The year of each row; a bad cell refuses the row, a blank one may be filled by an option."""

    def read(value: Any) -> Reading:
        number = as_number(value)
        if number is None or not number.is_integer() or not FIRST_YEAR <= number <= LAST_YEAR:
            return Reading(INVALID, problem="checking.not_a_year", params={})
        return Reading(0, number=number)

    return read_column(question, column, blank, read, refuse_row=True)


def read_mode(question: Question, column: Column, blank: frozenset[str]) -> ReadColumn:
    """paper, web or phone; a choice list may use the names themselves or the usual words."""
    words = choice_words(question) if question.choices else {}

    def read(value: Any) -> Reading:
        key = answer_key(value)
        if key in words:
            choice = question.choices[words[key]]
            key = next(
                (answer_key(w) for w in (choice.name, *choice.labels.values()) if answer_key(w) in _MODE_WORDS), key
            )
        mode = _MODE_WORDS.get(key)
        if mode is None:
            return Reading(INVALID, problem="checking.not_a_mode", params={})
        return Reading(0, text=mode)

    return read_column(question, column, blank, read, refuse_row=False)


def read_community(
    question: Question, column: Column, blank: frozenset[str], register: Register, *, add: bool
) -> ReadColumn:
    """The register position of each row's community as ``number``; unknown names refuse the row.

    With ``add`` an unknown name is kept as ``text`` and enters the register with the batch.
    """
    words = choice_words(question) if question.choices else {}

    def read(value: Any) -> Reading:
        text = clean(value)
        place = register.find(text)
        if place is None and answer_key(text) in words:
            choice = question.choices[words[answer_key(text)]]
            found = (register.find(w) for w in (choice.name, *choice.labels.values(), *choice.aliases))
            place = next((p for p in found if p is not None), None)
            text = choice.label("zh") if place is None else text
        if place is not None:
            return Reading(0, number=float(place), became=text if was_normalised(value, text) else "")
        if add:
            return _short_text(text)
        return Reading(
            INVALID, problem="checking.unknown_community", params={"known": register.names(), **_near(register, text)}
        )

    return read_column(question, column, blank, read, refuse_row=True)


def _near(register: Register, word: str) -> dict[str, str]:
    found = register.nearest(word)
    return {"suggestion": found} if found else {}


def fill(
    question: Question | None, column: Column | None, values: list[Any], option: Any, shown_option: str
) -> list[Finding]:
    """Fill blanks from an option, in place; a cell that says something else is a conflict that refuses its row."""
    findings = []
    for row, value in enumerate(values):
        if value is None:
            values[row] = option
        elif value != option and question is not None and column is not None:
            findings.append(
                cell_finding(column, row, "checking.option_conflict", column.values[row], question, True,
                             option=shown_option)
            )  # fmt: skip
    return findings


def column_values(cells: ReadColumn, pick: Callable[[Reading], Any]) -> list[Any]:
    """One value a row: ``pick`` of the reading, None where the cell is blank or refused."""
    picked = [pick(r) if r.code >= 0 else None for r in cells.readings]
    return [picked[i] for i in cells.index]


def require_community(word: str, register: Register) -> int:
    """The register position of the community an option names; Refused if there is none."""
    place = register.find(word)
    if place is None:
        raise Refused("intake.unknown_community", found=word, known=register.names())
    return place
