"""Rows in which nobody answered anything but 0: what an entry program writes into fields that nobody filled, what a formula
leaves of blanks.  Their zeros are no answers; that is asked once, and a row that says how a telephone call ended stays a call.

A 0 that is an answer stays one: where it stands in the same column beside answers too, or where all questions can be 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from survey.answers.values import blank_words, is_blank, reader
from survey.core.addresses import a1
from survey.core.cells import as_number, clean
from survey.core.findings import Finding
from survey.core.lang import first
from survey.decisions.carried_out import ZERO_CALLS, ZEROS, Decision
from survey.files.layouts.layout import FIRST_ROWS, rows_note
from survey.files.own_workbooks import header_key
from survey.files.readers.distinct_values import Cells, columns_of
from survey.files.readers.replaced_cells import edited
from survey.form.dispositions import Outcomes
from survey.form.model import Questionnaire
from survey.matching.matched_sheet import ColumnMatch, Matched
from survey.matching.outcome_columns import outcome_columns, outcome_places

Flags = npt.NDArray[np.bool_]
#: columns of questions that a sheet has before rows of zeros are a cause, and headers that the question names
FEWEST, FIRST = 3, 8
#: the other answer, as it is proposed, and its words
STORE = "入库 store"
_STORE = frozenset(map(header_key, (*STORE.split(), STORE, "存", "保留", "keep")))


@dataclass(frozen=True)
class _Zeros:
    """``rows``: (n,) data rows that answer nothing but 0; ``cells``: column → (n,) where a 0 stands in one of them."""

    rows: Flags
    cells: Mapping[int, Flags]


def without_zero_rows(matched: Matched, form: Questionnaire, answers: Mapping[str, Decision]) -> Matched:
    """The sheet without the answers of rows that hold nothing but zeros, and the question about them; with them and a note where
    the answer was that they are answers.  ``answers``: what was decided of questions about the whole sheet, by code."""
    found = _zeros(matched, form)
    if not found.rows.any():
        return matched
    called = _called(matched, form)
    for code, rows in ((ZERO_CALLS, found.rows & called), (ZEROS, found.rows & ~called)):
        if rows.any():
            matched = _without(matched, found, rows, code, answers.get(code))
    return matched


def _without(matched: Matched, found: _Zeros, rows: Flags, code: str, answer: Decision | None) -> Matched:
    at = [matched.first + row for row in np.flatnonzero(rows).tolist()]
    asked = replace(_question(matched, found, rows, code, at), level="ask", scope="sheet", row=0)
    if answer is not None and (answer.action == "leave_out" or header_key(answer.value) in _STORE):
        said = {"decision": answer.action, "reason": answer.reason, "value": answer.value}
        asked = replace(asked, level="note", params={**asked.params, **said})
        if answer.action == "set":
            return replace(matched, findings=(*matched.findings, asked))
    matched = replace(matched, findings=(*matched.findings, asked))
    if code == ZEROS:
        layout = replace(matched.layout, skip={**matched.layout.skip, **dict.fromkeys(at, code)})
        return replace(matched, layout=layout)
    edits = {
        column: dict.fromkeys((np.flatnonzero(zeros & rows) + matched.first).tolist())
        for column, zeros in found.cells.items()
        if (zeros & rows).any()
    }
    sheet = edited(matched.sheet, edits)
    return replace(matched, sheet=sheet, layout=replace(matched.layout, sheet=sheet))


def _question(matched: Matched, found: _Zeros, rows: Flags, code: str, at: list[int]) -> Finding:
    headers = {c.index: c.header for c in matched.columns}
    columns = [i for i, zeros in found.cells.items() if (zeros & rows).any()]
    places = [(row, i) for i in columns for row in np.flatnonzero(found.cells[i] & rows).tolist()]
    sheet = matched.sheet
    cells = [a1(sheet.top + matched.first + row, sheet.left + i) for row, i in sorted(places)]
    said = sheet.rows[matched.first + min(places)[0]][min(places)[1]]
    note = rows_note(
        sheet,
        code,
        at,
        columns=len(columns),
        cells=first(cells, FIRST_ROWS),
        zeros=len(cells),
        headers=first([headers[i] for i in columns], FIRST),
        word=clean(said),
        suggestion=STORE,
    )
    return replace(note, cell=cells[0], header=headers[min(places)[1]])


def _zeros(matched: Matched, form: Questionnaire) -> _Zeros:
    """The rows that answer nothing but 0 where that is no answer: the cell cannot be 0, or most of the questions are blank."""
    n = max(len(matched.sheet.rows) - matched.first, 0)
    asked = [c for c in matched.columns if c.question and not c.choice and not form.question(c.question).role]
    cells = columns_of(matched.sheet.rows, matched.first, [c.index for c in _answered(matched, form)])
    nobody = _Zeros(np.zeros(n, dtype=bool), {})
    if len({c.question for c in asked}) < FEWEST:
        return nobody
    blank = blank_words(form)
    zero: dict[int, Flags] = {}
    rows = np.ones(n, dtype=bool)
    for index, kept in cells.items():
        told, empty = _told(kept, blank)
        zero[index] = told
        rows &= told | empty
    some = np.zeros(n, dtype=bool)
    for column in asked:
        some |= zero[column.index]
    rows &= some
    rows[[row - matched.first for row in matched.layout.skip if row >= matched.first]] = False
    if not rows.any():
        return nobody
    answered, silent = np.zeros(n, dtype=np.intp), np.zeros(n, dtype=np.intp)
    for column in asked:
        question, zeros = form.question(column.question or ""), zero[column.index]
        if question.coding == "text":
            continue
        used = bool((zeros & ~rows).any())
        answer = used or not reader(question)(0).problem
        answered += zeros & answer
        silent += (zeros & ~np.bool_(answer)) | ~zeros
    rows &= silent > answered
    return _Zeros(rows, {i: zeros & rows for i, zeros in zero.items()})


def _answered(matched: Matched, form: Questionnaire) -> list[ColumnMatch]:
    """The columns of questions that people answer, whoever they are, options of a question, too."""
    return [c for c in matched.columns if c.question and not form.question(c.question).role]


def _told(kept: Cells, blank: frozenset[str]) -> tuple[Flags, Flags]:
    """(n,) where 0 stands in a column, and where nothing does."""
    zeros = np.array([_is_zero(v) for v in kept.values] + [False], dtype=bool)
    empty = np.array([is_blank(v, blank) for v in kept.values] + [True], dtype=bool)
    return zeros[kept.codes], empty[kept.codes]


def _is_zero(value: object) -> bool:
    return not isinstance(value, bool) and as_number(clean(value)) == 0


def _called(matched: Matched, form: Questionnaire) -> Flags:
    """(n,) the rows that say how a call ended."""
    n = max(len(matched.sheet.rows) - matched.first, 0)
    said = np.zeros(n, dtype=bool)
    columns = outcome_columns(matched, form, Outcomes().with_choices(form.roles.get("disposition")))
    if columns is not None:
        for kept in columns_of(matched.sheet.rows, matched.first, outcome_places(columns)).values():
            said |= ~_told(kept, frozenset())[1]
    return said
