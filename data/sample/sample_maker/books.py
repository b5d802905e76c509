"""Workbooks and text files that come out the same, byte for byte, on every run."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

#: the time that every workbook says it was made at
MADE_AT = datetime(2014, 11, 20, 16, 2)
SAYS_SO = "示例数据：街道、社区、居民、答卷和分数全部虚构 / Sample data: everything is invented"


def workbook(sheets: dict[str, list[list[Any]]], *, widths: dict[str, Sequence[float]] | None = None) -> bytes:
    """Sheets of rows, the first row a header.  A cell may be ``(value, "percent" | "date" | "time" | "text")``."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False})
    book.set_properties({"title": "示例数据", "subject": "幸福社区测评", "comments": SAYS_SO, "created": MADE_AT})
    formats = {
        "header": book.add_format({"bold": True, "bg_color": "#E4E7EC", "border": 1, "text_wrap": True}),
        "percent": book.add_format({"num_format": "0.0%"}),
        "date": book.add_format({"num_format": "yyyy/m/d"}),
        "time": book.add_format({"num_format": "yyyy/m/d hh:mm"}),
        "text": book.add_format({"num_format": "@"}),
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, width in enumerate((widths or {}).get(name, ())):
            sheet.set_column(column, column, width)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                value, style = cell if isinstance(cell, tuple) else (cell, "header" if r == 0 else "")
                _write(sheet, r, c, value, formats.get(style))
    book.close()
    return buffer.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, (datetime, date)):
        sheet.write_datetime(row, column, value, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)


def csv_bytes(rows: list[list[str]], encoding: str) -> bytes:
    """Comma-separated text with Windows line ends, as office software in China saves it."""
    buffer = StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode(encoding)
