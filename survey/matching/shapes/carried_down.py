"""Communities that stand once above their rows: ditto marks below, or nothing.

What is read so is shown and waits for one confirmation; nothing is stored on it before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from survey.answers.respondents import is_ditto
from survey.core.cells import clean
from survey.core.findings import Finding
from survey.files.layouts.layout import rows_note
from survey.files.readers.distinct_values import Cells, Rows
from survey.files.readers.replaced_cells import edited
from survey.form.model import Questionnaire
from survey.matching.matched_sheet import Matched
from survey.matching.shapes.place_names import listed

#: rows that are carried down before it is how the sheet is made
FEWEST = 3
#: roles of columns in which ditto marks are looked for; addresses that one question names
_ANSWERED, FIRST = ("", "sex", "age", "age_band", "submitted"), 12
#: roles of the design whose cells are kept as typed: one ditto mark would be a name
_NAMES = ("interviewer", "household", "psu", "ssu", "stratum", "sub_district")


def carried_down(matched: Matched, form: Questionnaire) -> Matched:
    """The sheet with the community of every row, where it stands once above them, with what ditto marks stand for in the columns of
    other questions, and the questions about it."""
    return _dittos(_communities(matched, form), form)


def _communities(matched: Matched, form: Questionnaire) -> Matched:
    role = form.roles.get("community")
    held = matched.by_question.get(role.name, []) if role is not None else []
    if len(held) != 1 or matched.layout.platform or held[0].index >= len(matched.sheet.rows[0]):
        return matched
    rows = matched.sheet.rows if isinstance(matched.sheet.rows, Rows) else Rows.of(matched.sheet.rows)
    below = _carried(rows, held[0].index, matched.first, matched.layout.skip)
    if len(below) < FEWEST:
        return matched
    sheet = edited(matched.sheet, {held[0].index: below})
    names = list(dict.fromkeys(below.values()))
    counts = [sum(1 for name in below.values() if name == one) for one in names]
    places = listed(list(zip(names, counts, strict=True)))
    note = rows_note(matched.sheet, "intake.carried_down", sorted(below), places=places)
    cell = matched.sheet.address(min(below), held[0].index)
    finding = replace(note, level="ask", scope="sheet", row=0, cell=cell, header=held[0].header)
    return replace(
        matched, sheet=sheet, findings=(*matched.findings, finding), layout=replace(matched.layout, sheet=sheet)
    )


def _dittos(matched: Matched, form: Questionnaire) -> Matched:
    """The sheet with what stands above in place of ditto marks, of questions that are not answered in words."""
    if matched.layout.platform:
        return matched
    rows = matched.sheet.rows if isinstance(matched.sheet.rows, Rows) else Rows.of(matched.sheet.rows)
    asked = [(c, form.question(c.question)) for c in matched.columns if c.question and not c.choice]
    asked = [(c, q) for c, q in asked if q.role in (*_ANSWERED, *_NAMES) and c.index < len(rows.columns)]
    wanted = [c for c, q in asked if q.coding != "text" or q.role]
    names = {c.index for c, q in asked if q.role in _NAMES}
    below = {
        c.index: found for c in wanted if (found := _above(rows.columns[c.index], matched.first, matched.layout.skip))
    }
    n = sum(map(len, below.values()))
    if n < FEWEST and names.isdisjoint(below):
        return matched
    first = next(c for c in wanted if c.index in below)
    places = [matched.sheet.address(row, index) for index, found in below.items() for row in sorted(found)]
    params = {"n": n, "columns": len(below), "cells": "、".join(places[:FIRST]) + (" …" if n > FIRST else "")}
    finding = Finding("intake.dittos", "ask", "sheet", matched.sheet.name, places[0], 0, first.header, params)
    sheet = edited(matched.sheet, below)
    layout = replace(matched.layout, sheet=sheet)
    return replace(matched, sheet=sheet, findings=(*matched.findings, finding), layout=layout)


def _above(cells: Cells, first: int, skip: Mapping[int, str]) -> dict[int, str | None]:
    """Row with a ditto mark → what the nearest row above it says; {} where there is no mark, or nothing above one."""
    ditto = _ditto(cells)
    if not ditto:
        return {}
    codes = cells.codes.tolist()
    found: dict[int, str | None] = {}
    above = -1
    for row in range(first, len(codes)):
        if row in skip:
            continue
        if codes[row] in ditto and above >= 0:
            found[row] = clean(cells.values[above])
        elif codes[row] not in ditto:
            above = codes[row]
    return found


def _carried(rows: Rows, place: int, first: int, skip: Mapping[int, str]) -> dict[int, str]:
    """Row → the community above it, for rows with a ditto mark, and for blank ones where each community stands once."""
    cells = rows.columns[place]
    ditto = _ditto(cells)
    said = _says_more(rows, place)
    body = [row for row in range(first, len(rows)) if row not in skip and said[row]]
    codes = cells.codes.tolist()
    named = [codes[row] for row in body if codes[row] >= 0 and codes[row] not in ditto]
    marked = [row for row in body if codes[row] in ditto]
    blank = [row for row in body if codes[row] < 0]
    once = len(set(named)) == len(named) and 2 * len(blank) > len(body)
    wanted = {*marked, *(blank if once else ())}
    if not wanted or not body or body[0] in wanted:
        return {}
    found: dict[int, str] = {}
    above = ""
    for row in body:
        if row in wanted:
            found[row] = above
        elif codes[row] >= 0:
            above = clean(cells.values[codes[row]])
    return found


def _ditto(cells: Cells) -> set[int]:
    """The places among a column's values that are ditto marks."""
    return {i for i, v in enumerate(cells.values) if is_ditto(v)}


def _says_more(rows: Rows, place: int) -> Sequence[bool]:
    """(n,) whether a row holds anything but in this column."""
    others: list[Cells] = [column for i, column in enumerate(rows.columns) if i != place]
    said = np.zeros(len(rows), dtype=bool)
    for column in others:
        said |= column.codes >= 0
    return said.tolist()
