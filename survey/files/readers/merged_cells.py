"""Vertically merged cells: the value stands in the first cell only and is meant for every row of the range."""

from __future__ import annotations

from dataclasses import replace

from survey.core.addresses import a1
from survey.core.findings import Finding
from survey.files.readers.sheet import Sheet


def filled_down(sheet: Sheet, below: int = 0) -> Sheet:
    """The sheet with every one-column merged range below row ``below`` (0-based, of the sheet) filled with its value.

    Each filled range is a note; ranges over several columns (titles, headers) stay as they are.
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
        for row in range(top + 1, bottom + 1):
            rows[row - sheet.top][column - sheet.left] = value
        params = {"range": f"{a1(top, column)}:{a1(bottom, column)}", "value": str(value), "rows": bottom - top + 1}
        notes.append(
            Finding("sources.merged_filled", "note", "cell", sheet.name, a1(top, column), top + 1, params=params)
        )
    return replace(sheet, rows=rows, findings=(*sheet.findings, *notes))
