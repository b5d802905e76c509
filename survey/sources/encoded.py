"""Cells by column: each distinct value once, and for every row which one it is.

This is how sheets travel from the reading process and how columns are checked: a value is looked at once,
whatever the number of rows.  ``True``, 1 and 1.0 are three values; a cell is None where it is empty.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, overload

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Cells(Sequence[Any]):
    """A column: ``values[codes[row]]``, an empty cell where the code is −1."""

    codes: Indices
    values: tuple[Any, ...]

    @classmethod
    def of(cls, cells: Sequence[Any]) -> Cells:
        """Encode a column of plain values."""
        if isinstance(cells, Cells):
            return cells
        index, values = encode(cells)
        return cls(np.frombuffer(index, dtype=np.int32) if index else np.zeros(0, np.int32), tuple(values))

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, row: int) -> Any: ...
    @overload
    def __getitem__(self, row: slice) -> Cells: ...
    def __getitem__(self, row: int | slice) -> Any:
        if isinstance(row, slice):
            return Cells(self.codes[row], self.values)
        place = int(self.codes[row])
        return None if place < 0 else self.values[place]

    def __iter__(self) -> Iterator[Any]:
        values = (*self.values, None)  # −1 is the last
        return (values[i] for i in self.codes.tolist())

    def used(self) -> Cells:
        """The same cells with only the values that occur, in the order of their first row."""
        if not len(self.codes):
            return Cells(self.codes, ())
        places, first = np.unique(self.codes, return_index=True)
        places = places[np.argsort(first)]
        places = places[places >= 0]
        if len(places) == len(self.values):
            return self
        new = np.full(len(self.values) + 1, -1, dtype=np.int32)
        new[places] = np.arange(len(places), dtype=np.int32)
        return Cells(new[self.codes], tuple(self.values[i] for i in places.tolist()))


@dataclass(frozen=True)
class Rows(Sequence[Sequence[Any]]):
    """Rows of a sheet kept by column; a row is put together when it is asked for."""

    columns: tuple[Cells, ...]

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @overload
    def __getitem__(self, row: int) -> list[Any]: ...
    @overload
    def __getitem__(self, row: slice) -> list[list[Any]]: ...
    def __getitem__(self, row: int | slice) -> Any:
        if isinstance(row, slice):
            return [list(cells) for cells in zip(*(column[row] for column in self.columns), strict=True)]
        return [column[row] for column in self.columns]

    def __iter__(self) -> Iterator[list[Any]]:
        return (list(cells) for cells in zip(*self.columns, strict=True))


def columns_of(rows: Sequence[Sequence[Any]], first: int, wanted: Sequence[int]) -> dict[int, Cells]:
    """The wanted columns from row ``first`` on, encoded."""
    if isinstance(rows, Rows):
        return {place: rows.columns[place][first:].used() for place in wanted}
    below = rows[first:]
    return {place: Cells.of([row[place] for row in below]) for place in wanted}


def encode(cells: Sequence[Any]) -> tuple[array[int], list[Any]]:
    """Index of every cell among the distinct values (−1 for None) and these values, in order of appearance."""
    index = array("i")
    if not set(map(type, cells)) <= {str, type(None)}:
        return _encode_mixed(cells)
    seen: dict[Any, int] = {None: -1}
    values: list[Any] = []
    for cell in cells:
        place = seen.get(cell)
        if place is None:
            place = seen[cell] = len(values)
            values.append(cell)
        index.append(place)
    return index, values


def _encode_mixed(cells: Sequence[Any]) -> tuple[array[int], list[Any]]:
    index = array("i")
    seen: dict[Any, int] = {}
    values: list[Any] = []
    for cell in cells:
        if cell is None:
            index.append(-1)
            continue
        key = cell if type(cell) is str else (type(cell), cell)
        place = seen.get(key)
        if place is None:
            place = seen[key] = len(values)
            values.append(cell)
        index.append(place)
    return index, values


_KINDS: dict[type, str] = {
    str: "s",
    float: "f",
    int: "i",
    bool: "b",
    datetime: "T",
    date: "d",
    time: "t",
    timedelta: "D",
}


def to_json(values: Sequence[Any]) -> str:
    """Distinct values as JSON, one letter for the type of each run apart (texts, mostly, come as they are)."""
    return json.dumps([v if type(v) is str else [_KINDS[type(v)], _plain(v)] for v in values], ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, (date, time)) else value


def from_json(text: str) -> tuple[Any, ...]:
    """Read back what ``to_json`` wrote."""
    return tuple(v if type(v) is str else _value(*v) for v in json.loads(text))


def _value(kind: str, plain: Any) -> Any:
    if kind == "T":
        return datetime.fromisoformat(plain)
    if kind == "d":
        return date.fromisoformat(plain)
    if kind == "t":
        return time.fromisoformat(plain)
    if kind == "D":
        return timedelta(seconds=plain)
    return float(plain) if kind == "f" else plain
