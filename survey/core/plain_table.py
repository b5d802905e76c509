"""A result table without pandas: names and columns of plain values, and how they become CSV and JSON text.

Numbers keep full precision, whole numbers print as whole numbers, empty is empty (JSON: null).  A pandas frame is
taken as it is; who has a few lines only gives them as mappings and needs no pandas at all.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from numbers import Real
from typing import Any, Protocol, runtime_checkable

from survey.core.masking import masked_all

#: a text that begins with one of these (in any width) would run as a formula when a spreadsheet opens the CSV
_LIVE = frozenset("=+-@\t\r\n")
#: types of pandas that stand for an empty cell, by name: asking pandas itself would import it
_MISSING = frozenset({"NAType", "NaTType"})


@runtime_checkable
class Frame(Protocol):
    """What is asked of a pandas frame here."""

    @property
    def columns(self) -> Iterable[Any]: ...  # noqa: D102
    @property
    def iloc(self) -> Any: ...  # noqa: D102


@dataclass(frozen=True)
class PlainTable:
    """Columns of equal length, each with a name and whether it holds numbers only."""

    names: list[str]
    columns: list[list[Any]]
    numeric: list[bool]

    @classmethod
    def of_frame(cls, frame: Frame) -> PlainTable:
        """The columns of a pandas frame."""
        names = [str(name) for name in frame.columns]
        series = [frame.iloc[:, place] for place in range(len(names))]
        return cls(names, [one.tolist() for one in series], [one.dtype.kind in "biuf" for one in series])

    @classmethod
    def of_rows(cls, rows: Iterable[Mapping[str, Any]], names: Sequence[str] | None = None) -> PlainTable:
        """One mapping a row, as pandas would read them; ``names`` chooses and orders, else all in order of appearance.

        A column that holds a fraction is one of floats, as in a frame: 1 beside 2.5 prints as 1.0.
        """
        rows = list(rows)
        names = list(dict.fromkeys(key for row in rows for key in row)) if names is None else list(names)
        columns = [_as_floats([row.get(name) for row in rows]) for name in names]
        return cls(names, columns, [_numeric(column) for column in columns])

    def rows(self) -> list[tuple[Any, ...]]:
        """The rows with plain values, None for empty."""
        return list(zip(*map(plain_column, self.columns), strict=True))

    def masked(self) -> PlainTable:
        """The same with numbers of persons masked, in names of columns too: what is shown is not what is compared."""
        columns = [c if n else [masked_all(v) for v in c] for c, n in zip(self.columns, self.numeric, strict=True)]
        return PlainTable([masked_all(name) for name in self.names], columns, self.numeric)

    def __getitem__(self, name: str) -> list[Any]:
        return self.columns[self.names.index(name)]


def plain_table(rows: Frame | PlainTable | Iterable[Mapping[str, Any]]) -> PlainTable:
    """A frame, rows as mappings, or a table already, as a table."""
    if isinstance(rows, PlainTable):
        return rows
    return PlainTable.of_frame(rows) if isinstance(rows, Frame) else PlainTable.of_rows(rows)


def _as_floats(values: list[Any]) -> list[Any]:
    if _numeric(values) and any(isinstance(value, float) for value in values):
        return [value if value is None else float(value) for value in values]
    return values


def _numeric(values: list[Any]) -> bool:
    """Whether pandas would read a column of numbers: numbers with gaps, or true and false without."""
    if values and all(isinstance(value, bool) for value in values):
        return True
    filled = [value for value in values if value is not None]
    return bool(filled) and all(isinstance(value, Real) and not isinstance(value, bool) for value in filled)


def protected(text: str) -> str:
    """``text`` so that no spreadsheet runs it: one ``'`` before what looks like a formula (OWASP CSV injection).

    Texts that already stand behind such quotes get one more, so that taking one away gives the text back.
    """
    first = unicodedata.normalize("NFKC", text.lstrip("'")[:1])
    return f"'{text}" if first and first in _LIVE else text


def plain_column(column: Iterable[Any]) -> list[Any]:
    """The cells of a column as plain values, None for empty; a column of whole numbers as int."""
    values = [plain(value) for value in column]
    floats = [value for value in values if isinstance(value, float)]
    if floats and all(value.is_integer() for value in floats):
        return [int(value) if isinstance(value, float) else value for value in values]
    return values


def missing(value: Any) -> bool:
    """Whether a cell is empty: None, NaN, and what pandas has for it."""
    return value is None or type(value).__name__ in _MISSING or (isinstance(value, float) and math.isnan(value))


def plain(value: Any) -> Any:
    """One cell: numpy scalars unwrapped, NaN, NA and infinities as None, dates as ISO text, lists as JSON text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if missing(value):
        return None
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False)
    if hasattr(value, "item"):
        return plain(value.item())
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value if isinstance(value, (str, bool, int)) else str(value)


def csv_text(table: PlainTable) -> str:
    """The table as CSV, true and false in lower case, texts safe to open in a spreadsheet program."""
    lines = [",".join(map(_csv_cell, row)) or '""' for row in [table.names, *table.rows()]]
    return "\n".join([*lines, ""])


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value).lower()  # true, 1e-05
    text = protected(value)
    # the csv module leaves a lone CR unquoted before Python 3.13, which breaks the row
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\r\n') else text


def json_text(table: PlainTable, meta: Mapping[str, Any]) -> str:
    """``{"meta": {…}, "rows": [{…}, …]}``, one row a line, null for empty."""
    rows = ((None if value == "" else value for value in row) for row in table.rows())
    lines = [json.dumps(dict(zip(table.names, row, strict=True)), ensure_ascii=False, allow_nan=False) for row in rows]
    head = json.dumps(dict(meta), ensure_ascii=False, allow_nan=False)
    body = "\n" + ",\n".join(lines) + "\n" if lines else ""
    return f'{{"meta": {head}, "rows": [{body}]}}\n'
