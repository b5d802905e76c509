"""Workbooks (.xlsx, .xls) through calamine, with what it hides put back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from survey.core.addresses import a1, column_letters
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.files.preflight import Checked, Limits, preflight
from survey.files.preflight.kinds import Kind
from survey.files.preflight.scan import Range, Scan, read_merges
from survey.files.preflight.workbook import lost_text, refuse_unsaved
from survey.files.readers.distinct_values import Encoder, Rows, columns_of
from survey.files.readers.large.alike_cells import AlikeCells
from survey.files.readers.large.smaller_workbook import rows_of, smaller
from survey.files.readers.sheet import Sheet

FIRST = 5


def read_workbook(
    file: str, data: bytes, *, checked: Checked | None = None, limits: Limits | None = None
) -> list[Sheet]:
    """All visible sheets in workbook order; hidden sheets are left out and named in a note on the first.

    Raises Refused for a damaged workbook, for one without a visible sheet, and for a visible sheet whose formulas
    have no stored result.
    """
    limits = limits or Limits()
    checked = checked or preflight(file, data, limits)
    small = smaller(data, checked.book) if checked.book else None
    book = _open(file, small or data)
    whole = None if small else book
    scans = checked.book.scans if checked.book else ()
    if len(scans) != len(book.sheets_metadata):
        raise Refused("sources.unreadable", file=file)
    listed = [(i, m) for i, m in enumerate(book.sheets_metadata) if m.typ == SheetTypeEnum.WorkSheet]
    visible = [(i, m.name) for i, m in listed if m.visible == SheetVisibleEnum.Visible]
    if not visible:
        raise Refused("sources.no_visible_sheet", file=file, sheets=", ".join(m.name for _, m in listed))
    first = visible[0][1]
    hidden = [m.name for _, m in listed if m.visible != SheetVisibleEnum.Visible]
    notes = [_note("hidden_sheets", first, sheets=", ".join(hidden), count=len(hidden))] if hidden else []
    if checked.book and checked.book.external:
        notes.append(_note("external_links", first))
    sheets = []
    for index, name in visible:
        refuse_unsaved(file, name, scans[index])
        try:
            rows = _alike(book, index, scans[index].heard)
            if rows is None:
                whole = whole or _open(file, data)
                sheet = whole.get_sheet_by_index(index)
                rows = _rows(sheet)
        except CalamineError as error:
            lost = lost_text(file, data, index, limits) if checked.kind == "xlsx" else ""
            if lost:
                raise Refused("sources.lost_text", file=file, sheet=name, cell=lost) from error
            raise Refused("sources.unreadable_sheet", file=file, sheet=name) from error
        merged = scans[index].merged if checked.kind == "xlsx" else _merged(file, sheet, limits)
        sheets.append(_sheet(file, name, rows, replace(scans[index], merged=merged), notes, checked.kind))
        notes = []
    return sheets


def _open(file: str, data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(BytesIO(data))
    except PasswordError as error:
        raise Refused("preflight.password", file=file) from error
    except CalamineError as error:
        raise Refused("sources.unreadable", file=file) from error


def _alike(book: CalamineWorkbook, index: int, cells: AlikeCells | None) -> Rows | None:
    """The rows of a sheet whose different cells stand in a workbook once; None where they do not, or not rightly."""
    if cells is None or not cells.whole:
        return None
    try:
        return rows_of(cells, book.get_sheet_by_index(index))
    except CalamineError:
        return None  # of the whole sheet the same is said, and why


#: formulas of one column that all say 0 before that is more than chance
FEWEST_ZEROS = 3


def _rows(sheet: CalamineSheet) -> Rows:
    """All rows from A1 on, a thousand at a time: calamine's own list of them holds each cell as an object of its own."""
    left = [""] * (sheet.start[1] if sheet.start else 0)  # its rows begin with the first column that holds anything
    rows = Encoder(len(left) + sheet.width)
    for row in sheet.iter_rows():
        rows.add([*left, *row] if left else row)
    return rows.finish()


def _note(code: str, sheet: str, **params: Any) -> Finding:
    return Finding(f"sources.{code}", "note", "file", sheet=sheet, params=params)


def _sheet(file: str, name: str, rows: Rows, scan: Scan, notes: list[Finding], kind: Kind) -> Sheet:
    return Sheet(
        file=file,
        name=name,
        rows=rows,
        errors=scan.errors,
        percents=frozenset(scan.percents),
        merged=tuple(_clip(scan.merged, rows)),
        findings=(*notes, *_sheet_notes(name, scan, rows)),
        kind=kind,
    )


def _merged(file: str, sheet: CalamineSheet, limits: Limits) -> list[Range]:
    refs = (f"{a1(*first)}:{a1(*last)}" for first, last in sheet.merged_cell_ranges or ())
    return read_merges(file, sheet.name, refs, limits)


def _clip(merged: list[Range], rows: Sequence[Sequence[Any]]) -> list[Range]:
    """Merged ranges cut to the cells that were read; those beyond them hold nothing."""
    height, width = len(rows), len(rows[0]) if rows else 0
    return [
        (top, left, min(bottom, height - 1), min(right, width - 1))
        for top, left, bottom, right in merged
        if top < height and left < width
    ]


def _sheet_notes(name: str, scan: Scan, rows: Rows) -> list[Finding]:
    notes = []
    hidden = [r for r in scan.hidden_rows if r < len(rows) and any(v is not None for v in rows[r])]
    if scan.formulas:
        notes.append(_listing("formulas", name, [a1(*p) for p in scan.formulas]))
        if zeros := _never_computed(scan.formulas, rows):
            notes.append(_listing("formulas_zero", name, [a1(*p) for p in zeros]))
    if hidden:
        notes.append(_listing("hidden_rows", name, [str(r + 1) for r in hidden]))
    if scan.hidden_columns:
        notes.append(_listing("hidden_columns", name, [column_letters(c) for c in scan.hidden_columns]))
    return notes


def _never_computed(formulas: Sequence[tuple[int, int]], rows: Rows) -> list[tuple[int, int]]:
    """The formulas of columns in which every one of several has the result 0, which programs write before any is computed."""
    by_column: dict[int, list[tuple[int, int]]] = {}
    for row, column in formulas:
        by_column.setdefault(column, []).append((row, column))
    wide = len(rows[0]) if len(rows) else 0
    cells = columns_of(rows, 0, [c for c in by_column if c < wide])
    zeros = [
        places
        for column, places in by_column.items()
        if column in cells and len(places) >= FEWEST_ZEROS and all(cells[column][r] in (0, "0") for r, _ in places)
    ]
    return [place for places in zeros for place in places]


def _listing(code: str, sheet: str, places: list[str]) -> Finding:
    first = ", ".join(places[:FIRST]) + (" …" if len(places) > FIRST else "")
    return Finding(f"sources.{code}", "note", "sheet", sheet=sheet, params={"count": len(places), "places": first})
