"""Sheets of what was looked over as markup: a web page, XML of a spreadsheet, tables of a document."""

from __future__ import annotations

from survey.core.addresses import a1
from survey.core.findings import Finding
from survey.files.preflight import Checked
from survey.files.preflight.grids import Grid
from survey.files.readers.distinct_values import Rows
from survey.files.readers.sheet import Sheet

FIRST = 5


def read_grids(file: str, checked: Checked) -> list[Sheet]:
    """One sheet a grid, notes on formulas and hidden rows with it, as for workbooks."""
    return [_sheet(file, grid, checked.kind) for grid in checked.grids]


def _sheet(file: str, grid: Grid, kind: str) -> Sheet:
    rows = Rows.of(grid.rectangle())
    height, width = len(rows), len(rows[0]) if len(rows) else 0
    merged = tuple(
        (top, left, min(bottom, height - 1), min(right, width - 1))
        for top, left, bottom, right in grid.merged
        if top < height and left < width
    )
    hidden = [row for row in grid.hidden_rows if row < height and any(v is not None for v in rows[row])]
    notes = [Finding(f"sources.{code}", "note", "file", grid.name, params=p) for code, p in grid.remarks.items()]
    if grid.formulas:
        notes.append(_listing("formulas", grid.name, [a1(*place) for place in grid.formulas]))
    if hidden:
        notes.append(_listing("hidden_rows", grid.name, [str(row + 1) for row in hidden]))
    return Sheet(
        file=file,
        name=grid.name,
        rows=rows,
        errors={at: error for at, error in grid.errors.items() if at[0] < height},
        percents=frozenset(grid.percents),
        merged=merged,
        findings=tuple(notes),
        kind=kind,
    )


def _listing(code: str, sheet: str, places: list[str]) -> Finding:
    first = ", ".join(places[:FIRST]) + (" …" if len(places) > FIRST else "")
    return Finding(f"sources.{code}", "note", "sheet", sheet=sheet, params={"count": len(places), "places": first})
