"""Vertically merged cells: the value stands in the first cell only and is meant for every row of the range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from survey.core.addresses import a1
from survey.core.cells import clean
from survey.core.findings import Finding
from survey.files.readers.sheet import Sheet


def filled_down(sheet: Sheet, below: int = 0) -> Sheet:
    """The sheet with every one-column merged range below row ``below`` (0-based, of the sheet) filled with its value.

    Each filled range is a note; ranges over several columns (titles, headers) stay as they are, and so does a row in which
    nothing else stands: a merge that reaches over it makes nobody of it.
    """
    tall = [r for r in sheet.merged if r[0] > below and r[2] > r[0] and r[1] == r[3]]
    if not tall:
        return sheet
    rows = [list(row) for row in sheet.rows]
    notes = []
    for top, column, bottom, _ in tall:
        value = rows[top - sheet.top][column - sheet.left]
        if value is None:
            continue
        held = [row for row in range(top + 1, bottom + 1) if _says_something(sheet.rows[row - sheet.top])]
        for row in held:
            rows[row - sheet.top][column - sheet.left] = value
        params = {"range": f"{a1(top, column)}:{a1(bottom, column)}", "value": str(value), "rows": 1 + len(held)}
        notes.append(
            Finding("sources.merged_filled", "note", "cell", sheet.name, a1(top, column), top + 1, params=params)
        )
    return replace(sheet, rows=rows, findings=(*sheet.findings, *notes))


def _says_something(cells: Sequence[Any]) -> bool:
    return any(value is not None and clean(value) for value in cells)
