"""Files that a page hands out: name, bytes and media type, and tables as .csv or .xlsx."""

from __future__ import annotations

import pandas as pd

from analysis.exports import flat_files
from dashboard.figures.table_book import Shown, people_book, people_frame
from dashboard.web.address import AS, Address

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
ZIP = "application/zip"
PDF = "application/pdf"
#: Excel reads a CSV as UTF-8 only with this in front
BOM = b"\xef\xbb\xbf"
File = tuple[str, bytes, str]


def table(stem: str, frame: pd.DataFrame, kind: str, shown: Shown | None = None) -> File:
    """Any table as .csv or .xlsx: for people where ``shown`` says how it is read, else as its columns are called
    (the audit record, whose chain is compared column by column).
    """
    if kind == "xlsx":
        data = flat_files.to_xlsx(frame, {}) if shown is None else people_book(frame, shown)
        return f"{stem}.xlsx", data, XLSX
    return f"{stem}.csv", _csv(frame if shown is None else people_frame(frame, shown)), CSV


def kind_asked(address: Address) -> str:
    """``csv``, or ``xlsx`` where the address of a table asks for that."""
    return "xlsx" if address.filters.get(AS) == "xlsx" else "csv"


def _csv(frame: pd.DataFrame) -> bytes:
    return BOM + flat_files.to_csv_text(frame).encode("utf-8")
