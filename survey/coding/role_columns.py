"""Columns with a role: what places a response (community, year, mode, respondent) and its design (weight, psu …)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from survey.answers.respondents import NOBODY, digits_lost, names_nobody
from survey.answers.validation import (
    FIRST_CELLS,
    AsTyped,
    Column,
    ReadColumn,
    cell_finding,
    read_column,
    shown,
)
from survey.answers.values import Reading, choice_words, reader
from survey.answers.values_dates import date_problem
from survey.core.cells import answer_key, as_datetime, as_number, as_seconds, clean, iso, seen, typed, was_normalised
from survey.core.findings import Finding, one_cause
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR, Register, mode_of, mode_within
from survey.files.readers.distinct_values import Cells
from survey.form.answer_codes import INVALID
from survey.form.model import KEY_ROLES, REPLICATE_WEIGHT, Question

#: roles whose text or number goes to a design column of the same or another name
DESIGN_NAMES = {"start": "started", "end": "ended"}
#: roles whose text is kept as typed and compared folded: what a person, a household, a part of the sample is known by
TYPED_ROLES = ("respondent", "interviewer", "household", "psu", "ssu", "stratum", "disposition")
#: what under a number of respondents is none, and several such texts as one cause
#: a community that the register lacks; such numbers, and rows against what was said at the import, each as one cause
NO_NUMBER, NO_NUMBERS = "checking.nobodys_number", "checking.nobodys_numbers"
UNKNOWN, NUMBERS, CONFLICTS = "checking.unknown_community", "checking.community_numbers", "checking.options_conflict"
#: no weight and no population is larger; sums of squares stay finite
LARGEST = 1e12
#: how statistical programs write small and large weights
_SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?[eE][-+]?\d{1,3}", re.ASCII)
#: characters of a number, a name of a community, a psu …; databases can't index long ones
LONGEST_KEY = 200


def design_reader(question: Question) -> Callable[[Any], Reading]:
    """How a cell of a role column is read where the question's own type does not say it."""
    role = question.role
    if role in ("weight", "fpc", "fpc2", REPLICATE_WEIGHT):
        return _positive(zero_allowed=role not in ("fpc", "fpc2"))
    if role == "duration":
        return _seconds
    if role in ("start", "end", "submitted"):
        return _moment
    if question.coding == "choice":
        return _named(question)
    if question.coding in ("step", "number"):
        return reader(question)
    return _typed_text if role in TYPED_ROLES else _short_text


def _typed_text(value: Any) -> Reading:
    """Numbers and names stay as they were typed; what nobody sees goes."""
    return _short(typed(value))


def _short_text(value: Any) -> Reading:
    return _short(clean(value))


def _short(text: str) -> Reading:
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
    key, read = question.role in KEY_ROLES, design_reader(question)
    numbered = question.role == "respondent" and read is _typed_text
    nothing = blank | NOBODY if numbered else blank
    if read in (_short_text, _typed_text) and (whole := _as_typed(column, nothing)):
        return whole
    said = "checking.key_blank" if key else ""
    found = read_column(question, column, blank, _number if numbered else read, refuse_row=key, refuse_blank=said)
    return in_one_sentence(found, lambda f: f.code == NO_NUMBER, NO_NUMBERS) if numbered else found


def _number(value: Any) -> Reading:
    """What somebody is known by: a ditto mark or a stroke is nobody's number."""
    return Reading(INVALID, problem=NO_NUMBER, params={}) if names_nobody(value) else _typed_text(value)


def _as_typed(column: Column, blank: frozenset[str]) -> AsTyped | None:
    """A column of short letters and digits in every cell, none of which means anything else: a number a respondent."""
    cells = Cells.of(column.values)
    if not cells.plain or column.words or column.states or column.sheet.errors:
        return None
    if (cells.codes < 0).any() or max(map(len, cells.values)) > LONGEST_KEY:
        return None
    if not blank.isdisjoint(map(str.casefold, cells.values)):
        return None
    return AsTyped(cells.codes.astype(np.intp), (), (), cells.values)


def read_year(question: Question, column: Column, blank: frozenset[str]) -> ReadColumn:
    """The year of each row; a bad cell refuses the row, a blank one may be filled by an option."""

    def read(value: Any) -> Reading:
        number = as_number(value)
        if number is None and isinstance(value, str):
            number = as_number(seen(value).removesuffix("年"))
        if number is None or not number.is_integer() or not FIRST_YEAR <= number <= LAST_YEAR:
            return Reading(INVALID, problem="checking.not_a_year", params={})
        return Reading(0, number=number)

    return read_column(question, column, blank, read, refuse_row=True)


def read_mode(question: Question, column: Column, blank: frozenset[str]) -> ReadColumn:
    """paper, web or phone; a choice list may use the names themselves or the usual words."""
    words = choice_words(question) if question.choices else {}

    def read(value: Any) -> Reading:
        key, told = answer_key(value), [value]
        if key in words:
            choice = question.choices[words[key]]
            told = [choice.name, *choice.labels.values(), value]
        mode = next(filter(None, (find(w) for find in (mode_of, mode_within) for w in told)), None)
        if mode is None:
            return Reading(INVALID, problem="checking.not_a_mode", params={})
        return Reading(0, text=mode)

    return read_column(question, column, blank, read, refuse_row=False)


def read_community(
    question: Question, column: Column, blank: frozenset[str], register: Register, *, add: bool
) -> ReadColumn:
    """The register position of each row's community as ``number``; unknown names refuse the row.

    With ``add`` an unknown name is kept as ``text``, as typed, and enters the register with the batch.
    """
    words = choice_words(question) if question.choices else {}

    def read(value: Any) -> Reading:
        text = seen(value)
        place = register.find(text)
        if place is None and answer_key(text) in words:
            choice = question.choices[words[answer_key(text)]]
            found = (register.find(w) for w in (choice.name, *choice.labels.values(), *choice.aliases))
            place = next((p for p in found if p is not None), None)
            text = choice.label("zh") if place is None else text
        if place is not None:
            return Reading(0, number=float(place), became=text if was_normalised(value, text) else "")
        if add:
            return _typed_text(value)
        return Reading(INVALID, problem=UNKNOWN, params={"known": register.names(), **_near(register, text)})

    found = read_column(question, column, blank, read, refuse_row=True)
    return in_one_sentence(found, lambda f: f.code == UNKNOWN and _is_code(answer_key(f.params["found"])), NUMBERS)


def in_one_sentence(read: ReadColumn, alike: Callable[[Finding], bool], code: str) -> ReadColumn:
    """A column whose findings of one kind (numbers for communities that the register does not know) are named together."""
    cause = [f for f in read.findings if alike(f)]
    told = {id(f): one for f, one in zip(cause, one_cause(cause, code), strict=True)}
    return replace(read, findings=tuple(told.get(id(f), f) for f in read.findings)) if told else read


def _is_code(text: str) -> bool:
    return text.isdigit() or (len(text) == 1 and text.isascii() and text.isalpha())


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
                cell_finding(
                    column, row, "checking.option_conflict", column.values[row], question, True, option=shown_option
                )
            )
    return one_cause(findings, CONFLICTS)


def column_values(cells: ReadColumn, pick: Callable[[Reading], Any]) -> list[Any]:
    """One value a row: ``pick`` of the reading, None where the cell is blank or refused."""
    if isinstance(cells, AsTyped):  # a column of texts: whatever is picked of one is its text
        return list(cells.texts)
    picked = [pick(r) if r.code >= 0 else None for r in cells.readings]
    return [picked[i] for i in cells.index.tolist()]


def known_respondents(named: list[str | None], column: Column | None) -> tuple[list[str | None], list[Finding]]:
    """The respondent of every row; a number that lost its last digits is nobody's, and all of them are one question."""
    lost = [] if column is None else np.flatnonzero(digits_lost(column.values)).tolist()
    if column is None or not lost:
        return named, []
    gone = set(lost)
    kept = [None if row in gone else name for row, name in enumerate(named)]
    cells = "、".join(column.address(row) for row in lost[:FIRST_CELLS])
    params = {"n": len(lost), "found": shown(clean(column.values[lost[0]])), "cells": cells}
    place = column.address(lost[0])
    return kept, [Finding("checking.digits_lost", "ask", "sheet", column.sheet.name, place, 0, column.header, params)]
