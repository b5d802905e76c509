"""A workbook in which every different cell of a large sheet stands once, so that its reader says of each what it holds.

Types, days, formats, texts and what is damaged are told by the same reader as ever, of a hundred thousand cells instead of
four million.
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from python_calamine import CalamineSheet

from survey.files.preflight import Book
from survey.files.readers.distinct_values import Cells, Rows
from survey.files.readers.large.alike_cells import AlikeCells

#: bytes of a worksheet part from which this is worth it
LARGE = 1_000_000
#: stands before and behind the different cells, so that no blank one is the first or the last
_EDGE = b' t="str"><v>x</v></c>'


def listening(xml: bytes) -> AlikeCells | None:
    """Who listens to the scan of a worksheet part: somebody where it is large."""
    return AlikeCells(xml) if len(xml) >= LARGE else None


def smaller(data: bytes, book: Book) -> bytes | None:
    """The workbook with each different cell once, in sheets that were understood, and without the others; None where no
    sheet was."""
    of_part = zip(book.parts, book.scans, strict=True) if book.parts else ()  # an .xls has none
    sheets = {p: s.heard for p, s in of_part if s.heard is not None and s.heard.whole}
    return _written(data, sheets, frozenset(book.parts)) if sheets else None


def _written(data: bytes, sheets: Mapping[str, AlikeCells], parts: frozenset[str]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as whole, zipfile.ZipFile(made, "w") as written:
        for member in whole.infolist():
            name = member.filename.replace("\\", "/").lower()
            if name in sheets:
                written.writestr(member.filename, _column(sheets[name]))
            elif name not in parts and name.endswith((".xml", ".rels")):
                written.writestr(member.filename, whole.read(member))
    return made.getvalue()


def _column(cells: AlikeCells) -> bytes:
    texts = [_EDGE, *cells.texts, _EDGE]
    rows = (b'<row r="%d"><c r="A%d"%b</row>' % (i, i, text) for i, text in enumerate(texts, 1))
    return b"".join((cells.head, *rows, cells.tail))


def rows_of(cells: AlikeCells, sheet: CalamineSheet) -> Rows | None:
    """The rows of a large sheet from what its reader says of its different cells; None where that leaves a doubt."""
    said = [row[0] for row in sheet.iter_rows()] if sheet.start == (0, 0) and sheet.width == 1 else []
    if len(said) != len(cells.texts) + 2 or not cells.blocks:
        return None
    known: dict[Any, int] = {"": -1}
    values: list[Any] = []
    codes = np.full(len(said) - 1, -1, np.int32)  # the last is that of an empty cell
    for place, value in enumerate(said[1:-1]):
        if type(value) is float and (math.isnan(value) or (value == 0 and math.copysign(1, value) < 0)):
            return None  # these are not told apart, or not found again, as others are
        key = value if type(value) in (str, float) else (type(value), value)  # 1, 1.0 and True are not the same
        if key not in known:
            known[key] = len(values)
            values.append(value)
        codes[place] = known[key]
    height, width = cells.blocks[-1][0] + len(cells.blocks[-1][1]), max(b.shape[1] for _, b in cells.blocks)
    columns = [_column_codes(cells, place, height, codes) for place in range(width)]
    if not ((columns[-1] >= 0).any() and any(column[-1] >= 0 for column in columns)):
        return None  # whether the reader ends a sheet before or behind blank texts is for it to say
    return Rows(tuple(_cells(column, values) for column in columns))


def _column_codes(cells: AlikeCells, place: int, height: int, codes: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Which value stands in each row of a column."""
    column = np.full(height, -1, np.int32)
    for first, block in cells.blocks:
        if place < block.shape[1]:
            column[first : first + len(block)] = codes[block[:, place]]
    return column


def _cells(column: npt.NDArray[np.int32], values: list[Any]) -> Cells:
    """The column with its own values, in the order in which they first stand in it."""
    first = np.full(len(values) + 1, len(column), np.int64)
    first[column[::-1]] = np.arange(len(column) - 1, -1, -1)
    used = np.flatnonzero(first[:-1] < len(column))
    used = used[np.argsort(first[used])]
    new = np.full(len(values) + 1, -1, np.int32)
    new[used] = np.arange(len(used), dtype=np.int32)
    return Cells(new[column], tuple(values[i] for i in used.tolist()))
