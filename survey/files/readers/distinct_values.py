"""Cells by column: each distinct value once, and for every row which one it is.

This is how sheets travel from the reading process and how columns are checked: a value is looked at once,
whatever the number of rows.  ``True``, 1 and 1.0 are three values; a cell is None where it is empty.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import compress, islice
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from survey.core.lazily import cached_property

Indices = npt.NDArray[np.int32]
_NUMBERED = re.compile(r"(?:[A-Za-z]*+[0-9]++(?:\n|\Z))++")


@dataclass(frozen=True)
class Cells(Sequence[Any]):
    """A column: ``values[codes[row]]``, an empty cell where the code is −1."""

    codes: Indices
    values: tuple[Any, ...]

    @classmethod
    def of(cls, cells: Sequence[Any], blank: Any = None) -> Cells:
        """Encode a column of plain values; ``blank`` is what stands for an empty cell beside None."""
        if isinstance(cells, Cells):
            return cells
        index, values = encode(cells, blank)
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

    @cached_property
    def plain(self) -> bool:
        """Whether every value is a text of ASCII letters and digits, of which there is nothing to normalise."""
        try:
            together = "".join(self.values)
        except TypeError:  # a number, a day
            return False
        return together.isascii() and together.isalnum() and "" not in self.values

    @cached_property
    def numbered(self) -> bool:
        """Whether every value is a text of digits, or of ASCII letters and then digits, as numbers of respondents are."""
        return self.plain and _NUMBERED.fullmatch("\n".join(self.values)) is not None

    def used(self) -> Cells:
        """The same cells with only the values that occur, in the order of the whole column."""
        seen = np.zeros(len(self.values) + 1, dtype=bool)
        seen[self.codes] = True  # −1 marks the last
        places = np.flatnonzero(seen[:-1])
        if len(places) == len(self.values):
            return self
        new = np.full(len(self.values) + 1, -1, dtype=np.int32)
        new[places] = np.arange(len(places), dtype=np.int32)
        return Cells(new[self.codes], tuple(compress(self.values, seen[:-1].tolist())))


@dataclass(frozen=True, eq=False)
class Rows(Sequence[Sequence[Any]]):
    """Rows of a sheet kept by column; a row is put together when it is asked for."""

    columns: tuple[Cells, ...]
    #: by place and first row, what ``below`` gave: a dozen readers ask for the same column below the same header
    _below: dict[tuple[int, int], Cells] = field(default_factory=dict, repr=False)

    def below(self, place: int, first: int) -> Cells:
        """A column from row ``first`` on, with the values that occur there."""
        found = self._below.get((place, first))
        if found is None:
            found = self._below[place, first] = self.columns[place][first:].used()
        return found

    @classmethod
    def of(cls, rows: Sequence[Sequence[Any]], blank: Any = None) -> Rows:
        """Encode rows of equal length."""
        return cls(tuple(Cells.of(cells, blank) for cells in zip(*rows, strict=True)))

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

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and list(self) == [list(row) for row in other]

    __hash__ = None  # type: ignore[assignment]


def columns_of(rows: Sequence[Sequence[Any]], first: int, wanted: Sequence[int]) -> dict[int, Cells]:
    """The wanted columns from row ``first`` on, encoded."""
    if isinstance(rows, Rows):
        return {place: rows.below(place, first) for place in wanted}
    below = rows[first:]
    return {place: Cells.of([row[place] for row in below]) for place in wanted}


class Places(dict[Any, int]):
    """Gives every new key the next number."""

    @classmethod
    def of(cls, *blanks: Any) -> Places:
        """A new one in which these are −1."""
        places = cls(dict.fromkeys(blanks, -1))
        places.blanks = len(places)
        return places

    def __missing__(self, key: Any) -> int:
        place = self[key] = len(self) - self.blanks
        return place

    blanks = 0


_NUMBERS = frozenset({int, float, bool})


def encode(cells: Sequence[Any], blank: Any = None) -> tuple[array[int], list[Any]]:
    """Index of every cell among the distinct values (−1 for None and ``blank``) and these values, in order."""
    numbers = len(_NUMBERS & set(map(type, cells)))
    empty = dict.fromkeys((None, blank))
    places = Places.of(*empty)
    keys: Iterable[Any] = cells
    if numbers > 1:  # 1, 1.0 and True are equal but not the same
        keys = (cell if cell in empty else (type(cell), cell) for cell in cells)
    index = array("i", map(places.__getitem__, keys))
    values = list(places)[places.blanks :]
    return index, [value for _, value in values] if numbers > 1 else values


class Encoder:
    """Rows of one width as they are read: each distinct value of a column is kept once, the rows themselves are not.

    A file of 100,000 rows by 40 columns has four million cells and a few thousand values.
    """

    #: rows that are taken together: what a row costs by itself is small beside them, and they are few bytes
    TOGETHER = 1024
    _PLAIN = frozenset({str, float})

    def __init__(self, width: int, *, texts: bool = False) -> None:
        """``texts``: every cell is a text, so that no cell is asked."""
        self._texts = texts
        self._places = [Places.of(None, "") for _ in range(width)]
        self._codes = [array("i") for _ in range(width)]
        self._waiting: list[Sequence[Any]] = []
        self.rows = 0

    def add(self, row: Sequence[Any]) -> None:
        """One more row; ``None`` and ``""`` are empty cells."""
        self._waiting.append(row)
        self.rows += 1
        if len(self._waiting) == self.TOGETHER:
            self._take()

    def _take(self) -> None:
        for places, codes, cells in zip(self._places, self._codes, zip(*self._waiting, strict=True), strict=True):
            keys: Iterable[Any] = cells
            if (
                not self._texts and not set(map(type, cells)) <= self._PLAIN
            ):  # 1, 1.0 and True are equal but not the same
                keys = (c if c is None or type(c) in self._PLAIN else (type(c), c) for c in cells)
            codes.extend(map(places.__getitem__, keys))
        self._waiting = []

    def finish(self) -> Rows:
        """The rows by column; nothing can be added any more."""
        if self._waiting:
            self._take()
        columns = []
        for places, codes in zip(self._places, self._codes, strict=True):
            values = tuple(key[1] if type(key) is tuple else key for key in islice(places, 2, None))
            columns.append(Cells(np.frombuffer(codes, np.int32) if codes else np.zeros(0, np.int32), values))
            places.clear()
        return Rows(tuple(columns))


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
