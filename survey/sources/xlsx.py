"""Workbooks (.xlsx, .xls) through calamine, with what it hides put back."""

from __future__ import annotations

from io import BytesIO

from python_calamine import CalamineWorkbook

from survey.sources.sheet import Sheet


def read_workbook(file: str, data: bytes) -> list[Sheet]:
    """All visible sheets in workbook order."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    sheets = []
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        cells = [[None if v == "" else v for v in row] for row in rows]
        sheets.append(Sheet(file=file, name=name, rows=cells))
    return sheets
