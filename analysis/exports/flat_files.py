"""A result table as a flat file: CSV, .xlsx, JSON or Parquet by its ending.

Numbers keep full precision, whole numbers print as whole numbers, empty is empty (JSON: null).  Numbers of persons are masked
in every text, whoever takes the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.api.types import is_object_dtype

from survey.core.disk import write_file
from survey.core.errors import Refused, WrongUsage
from survey.core.masking import masked_all, masked_frame
from survey.core.plain_table import PlainTable, csv_text, json_text, plain, plain_column

#: rows of one sheet, and characters of one cell, that a spreadsheet program can open
MAX_ROWS, MAX_TEXT = 1_048_575, 32_767

Meta = Mapping[str, Any]


def _table(frame: pd.DataFrame) -> tuple[list[str], list[tuple[Any, ...]]]:
    table = PlainTable.of_frame(frame).masked()
    return table.names, table.rows()


def to_csv_text(frame: pd.DataFrame) -> str:
    """The table as CSV, true and false in lower case, texts safe to open in a spreadsheet program."""
    return csv_text(PlainTable.of_frame(frame).masked())


def to_json_text(frame: pd.DataFrame, meta: Meta) -> str:
    """``{"meta": {…}, "rows": [{…}, …]}``, one row a line, null for empty."""
    return json_text(PlainTable.of_frame(frame).masked(), masked_all(dict(meta)))


def to_xlsx(frame: pd.DataFrame, meta: Meta) -> bytes:
    """The table on a sheet ``data`` with a frozen header and filter, the meta data on a sheet ``meta``."""
    if len(frame) > MAX_ROWS:
        raise Refused("export.too_many_rows", rows=len(frame), most=MAX_ROWS)
    from analysis.exports.workbook_writer import ResultBook  # only who writes a workbook waits for it

    header, rows = _table(frame)
    out = BytesIO()
    book = ResultBook(out, {"in_memory": True, "constant_memory": True})
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet = book.add_worksheet("data")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(header) - 1, 0), 14)
    for place, name in enumerate(header):
        sheet.write_string(0, place, name, bold)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            _write_cell(sheet, number, place, value)
    if header:
        sheet.autofilter(0, 0, len(rows), len(header) - 1)
    about = book.add_worksheet("meta")
    about.set_column(0, 1, 28)
    for number, (key, value) in enumerate(meta.items()):
        about.write_string(number, 0, key, bold)
        _write_cell(about, number, 1, plain(value))
    book.close()
    return out.getvalue()


def _write_cell(sheet: Any, row: int, place: int, value: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, place, value)
    elif value is not None:
        if len(value) > MAX_TEXT:
            raise Refused("export.too_long", row=row + 1, characters=len(value), most=MAX_TEXT)
        sheet.write_string(row, place, value)


def to_parquet(frame: pd.DataFrame, meta: Meta) -> bytes:
    """The table with its column types as they are; the meta data as JSON under the key ``xingfu``."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = [c for c in frame if isinstance(frame[c].dtype, pd.StringDtype)]  # stay texts where nothing is in them
    copy = masked_frame(frame)
    for name in [c for c in copy if c not in texts and is_object_dtype(copy[c])]:
        copy[name] = pd.Series(_one_type(plain_column(copy[name])), index=copy.index, dtype=object)
    table = pa.Table.from_pandas(copy.astype(dict.fromkeys(texts, "string")), preserve_index=False)
    about = {
        b"xingfu": json.dumps(masked_all(dict(meta)), ensure_ascii=False).encode(),
        **(table.schema.metadata or {}),
    }
    out = BytesIO()
    pq.write_table(table.replace_schema_metadata(about), out)
    return out.getvalue()


def _one_type(values: list[Any]) -> list[Any]:
    """Parquet holds one type a column: texts beside numbers make all of them texts."""
    if len({isinstance(value, str) for value in values if value is not None}) < 2:
        return values
    return [None if value is None else str(value) for value in values]


#: ending → the file's bytes
WRITERS: Mapping[str, Callable[[pd.DataFrame, Meta], bytes]] = {
    ".csv": lambda frame, _: to_csv_text(frame).encode(),
    ".xlsx": to_xlsx,
    ".json": lambda frame, meta: to_json_text(frame, meta).encode(),
    ".parquet": to_parquet,
}


#: columns that name persons: who works in an office, assesses, interviews, or did something
PERSONS = frozenset(
    (
        "answered_by",
        "approved_by",
        "assessor",
        "author",
        "decided_who",
        "entered_by",
        "interviewer",
        "key",
        "person",
        "reviewed_by",
        "who",
    )
)


def write_table(frame: pd.DataFrame, path: str | Path, meta: Meta) -> Path:
    """Write a result table as the ending of ``path`` says; one that names persons is readable by its owner only.

    Raises WrongUsage for another ending, Surroundings where the disk refuses.
    """
    path = Path(path)
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise WrongUsage("export.unknown_ending", path=str(path), endings=" ".join(WRITERS))
    return write_file(path, writer(frame, meta), private=not PERSONS.isdisjoint(frame.columns))
