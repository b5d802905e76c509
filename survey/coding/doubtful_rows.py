"""Rows and columns that hold what nobody answered: examples and instructions below the header, one answer merged across
several questions, rows without one valid answer, a scored column that is empty.

Examples and instructions are left out (``survey.files.layouts.sample_rows``); everything else is one question a cause, and nothing is stored before it is answered.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.answers.values import reader
from survey.coding.silent_rows import FEWEST, own_questions, without_valid
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES, enumerated
from survey.decisions.carried_out import FOR_ALL, MERGED, Decided
from survey.files.layouts.layout import ColumnLayout, rows_note, skip_notes
from survey.files.layouts.sample_rows import sample_rows
from survey.files.readers.distinct_values import columns_of
from survey.files.readers.replaced_cells import edited
from survey.form.answer_codes import BLANK, Codes
from survey.form.model import Questionnaire
from survey.matching.matched_sheet import Matched

Flags = npt.NDArray[np.bool_]

#: the question about scored columns in which nobody said anything
EMPTY_COLUMN = "intake.scored_blank"
#: rows of answers from which on a scored column that is empty throughout is no chance
FEWEST_EMPTY = 8
FIRST_ROWS = 20


def without_examples(matched: Matched, form: Questionnaire) -> Matched:
    """The sheet without the example and instruction rows below its header, where its layout did not look for them (that of a
    platform, or as many header rows as somebody said): the same ones, and the same notes, as in a sheet made by hand."""
    sheet, skip = matched.sheet, matched.layout.skip
    cells = columns_of(sheet.rows, matched.first, range(len(sheet.rows[0]) if len(sheet.rows) else 0))
    columns = {c.index: c for c in matched.layout.columns}
    asked = {c.index: form.question(c.question) for c in matched.columns if c.question and not c.choice}
    readers = {i: reader(q) for i, q in asked.items() if not q.role and q.coding not in ("text", "date")}

    def answers(column: ColumnLayout, value: Any) -> bool:
        return column.index in readers and not readers[column.index](value).problem

    filled = sum(
        (c.codes >= 0 for c in cells.values()), np.zeros(max(len(sheet.rows) - matched.first, 0), dtype=np.intp)
    )
    told = {i: columns[i] for i in asked if i in columns}
    found = sample_rows(cells, filled, told, answers)
    more = {row + matched.first: f"handmade.{kind}" for row, kind in found.items() if row + matched.first not in skip}
    if not more:
        return matched
    layout = replace(matched.layout, skip={**skip, **more})
    return replace(matched, layout=layout, findings=(*matched.findings, *skip_notes(sheet, more)))


def merged_answers(matched: Matched, form: Questionnaire) -> list[Finding]:
    """One question where cells of several questions are merged in rows of answers: one answer stands for all or for one."""
    sheet, found = matched.sheet, _merged(matched, form)
    if not found:
        return []
    (row, column), *_ = [(rows[0], covered[0]) for rows, covered in found]
    cells = "、".join(sheet.address(rows[0], covered[0]) for rows, covered in found[:FIRST_ROWS])
    params = {"n": len(found), "cells": cells}
    return [Finding(MERGED, "ask", "sheet", sheet.name, sheet.address(row, column), params=params)]


def merged_filled(matched: Matched, form: Questionnaire, decided: Decided) -> Matched:
    """The sheet with a merged answer in all the cells that it covers, where a person said that it is meant for all."""
    if not any(
        c.code == MERGED and c.action == "confirm" and c.after.strip().lower() in FOR_ALL for c in decided.changes
    ):
        return matched
    edits: dict[int, dict[int, Any]] = {}
    for rows, covered in _merged(matched, form):
        said = matched.sheet.rows[rows[0]][covered[0]]
        for at in covered:
            edits.setdefault(at, {}).update(dict.fromkeys(rows, said))
    return replace(matched, sheet=edited(matched.sheet, edits))


def _merged(matched: Matched, form: Questionnaire) -> list[tuple[range, list[int]]]:
    """The merged cells that cover several questions in rows of answers: their rows, and the columns of questions; the first
    of each holds the answer."""
    asked = {c.index for c in matched.columns if c.question and not form.question(c.question).role}
    sheet, found = matched.sheet, []
    for top, left, bottom, right in sheet.merged:
        covered = [i for i in range(left - sheet.left, right - sheet.left + 1) if i in asked]
        row = top - sheet.top
        if len(covered) > 1 and row >= matched.first and row not in matched.layout.skip:
            found.append(
                (
                    range(row, row + bottom - top + 1),
                    [left - sheet.left, *(i for i in covered if i != left - sheet.left)],
                )
            )
    return found


def unanswered(
    matched: Matched, form: Questionnaire, codes: Codes, usable: Flags, absent: Collection[str] = ()
) -> list[Finding]:
    """Questions about responses all of whose answers are invalid, and about scored columns in which nobody said anything.

    ``codes``: (n, q) the answers; ``usable``: the rows that enter; ``absent``: questions of which a person said that
    nobody was asked them.
    """
    own = own_questions(matched, form)
    if not own or usable.sum() < FEWEST:
        return []
    sheet, findings = matched.sheet, []
    silent, invalid = without_valid(codes, own, usable)
    nothing = int(silent.sum() + invalid.sum())
    if invalid.any() and nothing >= FEWEST <= len(own):
        rows = [matched.first + int(r) for r in np.flatnonzero(invalid)]
        findings.append(replace(rows_note(sheet, "intake.no_answers", rows), level="ask", scope="sheet", row=0))
    scored = [q for q in form.scored if q.name in matched.by_question]
    silent = (codes[:, [form.position[q.name] for q in scored]] == BLANK)[usable].all(axis=0)
    empty = [q for q, nobody in zip(scored, silent.tolist(), strict=True) if nobody and q.name not in absent]
    if not nothing < usable.sum() >= FEWEST_EMPTY:
        empty = []
    if empty:
        column = matched.by_question[empty[0].name][0]
        names = {lang: enumerated(lang, (q.label(lang) for q in empty)) for lang in LANGUAGES}
        params = {"n": len(empty), "names": names, "absent": [q.name for q in empty]}
        findings.append(
            Finding(EMPTY_COLUMN, "ask", "sheet", sheet.name, column.cell, header=column.header, params=params)
        )
    return findings
