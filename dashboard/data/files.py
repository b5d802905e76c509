"""Files that a page hands out: name, bytes and media type, and tables as .csv or .xlsx."""

from __future__ import annotations

import pandas as pd

from analysis.exports import flat_files
from dashboard.figures.table_book import Shown, people_book

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
ZIP = "application/zip"
PDF = "application/pdf"
#: Excel reads a CSV as UTF-8 only with this in front
BOM = b"\xef\xbb\xbf"
File = tuple[str, bytes, str]


def table(stem: str, frame: pd.DataFrame, kind: str, shown: Shown | None = None) -> File:
    """Any table as .csv for programs, or as .xlsx: for people where ``shown`` says how it is read, else with the columns
    that commands take back (lists of findings) or compare (the audit record).
    """
    if kind == "xlsx":
        data = flat_files.to_xlsx(frame, {}) if shown is None else people_book(frame, shown)
        return f"{stem}.xlsx", data, XLSX
    return f"{stem}.csv", _csv(frame), CSV


def _csv(frame: pd.DataFrame) -> bytes:
    return BOM + flat_files.to_csv_text(frame).encode("utf-8")
