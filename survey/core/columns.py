"""Columns of result tables: each is declared once, with its name, the kind of its values and the text that names it.

What reads, types, writes or explains a table asks its declaration.  Importing this loads no pandas.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from survey.core.lang import say
from survey.core.lazily import cached_property


class Kind(StrEnum):
    """What the cells of a column hold; every kind may be empty."""

    text = "text"  # words, in the reader's language or as somebody typed them
    code = "code"  # a stable word for programs, or several joined by ``;``
    whole = "whole"  # a count, a year, a place
    number = "number"
    share = "share"  # a part of 1
    flag = "flag"  # true or false
    date = "date"  # ISO text
    many = "many"  # a list or a mapping
    mixed = "mixed"  # a number in one row, words in another


TEXT, CODE, WHOLE, NUMBER, SHARE, FLAG, DATE, MANY, MIXED = Kind
#: kinds that are computed with
COUNTED = (WHOLE, NUMBER, SHARE)
#: kind → the pandas type that knows empty cells
_TYPES = {
    TEXT: "string",
    CODE: "string",
    DATE: "string",
    WHOLE: "Int64",
    NUMBER: "Float64",
    SHARE: "Float64",
    FLAG: "boolean",
    MANY: "object",
    MIXED: "object",
}
#: the types of frames that go on being computed with, and those of their texts where they are written to a file
_TYPED = {WHOLE: "Int64", NUMBER: "float64", SHARE: "float64", MANY: "object", MIXED: "object"}
_WORDS = dict.fromkeys((TEXT, CODE, DATE), "string")
#: a part of a name that the scheme, the questionnaire or the register fills: ``objective_<dimension>``
_OPEN = re.compile(r"<\w+>")


@dataclass(frozen=True)
class Column:
    """A column by ``name`` (a promise), ``kind`` of its cells, and the key of the text that names it for a reader.

    ``name`` may have an open part in angle brackets: ``objective_<dimension>`` stands for one column a dimension.
    ``label`` is empty where the text is ``columns.NAME`` (without open parts).
    """

    name: str
    kind: Kind
    label: str = ""

    @property
    def key(self) -> str:
        """The key of its text."""
        return self.label or f"columns.{_OPEN.sub('', self.name).strip('_').replace('__', '_')}"

    @property
    def open(self) -> bool:
        """Whether the name stands for several columns."""
        return _OPEN.search(self.name) is not None

    def matches(self, name: str) -> bool:
        """Whether a column of a table is this one."""
        return name == self.name or (self.open and self._pattern.fullmatch(name) is not None)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(".+".join(map(re.escape, _OPEN.split(self.name))))

    def heading(self, lang: str) -> str:
        """The name as a reader reads it."""
        return say(lang, self.key)


@dataclass(frozen=True)
class Columns:
    """The columns of one table, in order."""

    columns: tuple[Column, ...]

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __add__(self, more: Columns) -> Columns:
        """These, then those."""
        return Columns((*self.columns, *more.columns))

    def replaced(self, *others: Column) -> Columns:
        """The same in which these stand for those of their names."""
        mine = {c.name: c for c in others}
        return Columns(tuple(mine.get(c.name, c) for c in self.columns))

    def after(self, name: str, *more: Column) -> Columns:
        """The same with some more behind the column of this name."""
        place = [c.name for c in self.columns].index(name) + 1
        return Columns((*self.columns[:place], *more, *self.columns[place:]))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names in order, those with an open part left out."""
        return tuple(c.name for c in self.columns if not c.open)

    def find(self, name: str) -> Column | None:
        """The declaration of a column, None for one that is not declared."""
        return next((c for c in self.columns if c.matches(name)), None)

    def kinds(self, names: Iterable[str]) -> dict[str, Kind]:
        """Name → kind; raises KeyError for a column that is not declared."""
        found = {name: self.find(name) for name in names}
        if unknown := [name for name, column in found.items() if column is None]:
            raise KeyError(f"columns that are not declared: {', '.join(unknown)}")
        return {name: column.kind for name, column in found.items() if column is not None}

    def types(self, names: Iterable[str]) -> dict[str, str]:
        """Name → the pandas type that knows empty cells; raises KeyError as ``kinds`` does."""
        return {name: _TYPES[kind] for name, kind in self.kinds(names).items()}

    def table(self, rows: Any) -> Any:
        """A data frame of rows (mappings, or a frame) with just these columns, typed; open ones as the rows name them."""
        import pandas as pd

        frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
        names = list(self.names)
        if any(c.open for c in self.columns):
            names = [str(name) for name in frame.columns if self.find(str(name))]
        return frame.reindex(columns=names).astype(self.types(names))

    def floats(self, frame: Any) -> Any:
        """The frame with what is computed with as float64 (NaN for empty) and the rest as it is."""
        import pandas as pd

        kinds = self.kinds(map(str, frame.columns))
        cells = {
            name: frame[name].to_numpy("float64", na_value=math.nan) if kind in COUNTED else frame[name]
            for name, kind in kinds.items()
        }
        return pd.DataFrame(cells, index=frame.index)  # column by column ``astype`` takes ten times as long

    def typed(self, frame: Any, *, words: bool = False) -> Any:
        """The frame with counts as whole numbers that may be empty, other numbers as float64 and what is of several
        kinds as objects; with ``words`` texts as texts that may be empty.  The rest is as it is.
        """
        types = _TYPED | (_WORDS if words else {})
        kinds = self.kinds(map(str, frame.columns))
        return frame.astype({name: types[kind] for name, kind in kinds.items() if kind in types})

    def headings(self, lang: str) -> Mapping[str, str]:
        """Name → what a reader reads, without open ones."""
        return {c.name: c.heading(lang) for c in self.columns if not c.open}

    @property
    def fingerprint(self) -> str:
        """Another one as soon as a name, a kind or the order is another; the texts may be worded anew."""
        text = ";".join(f"{c.name}:{c.kind}" for c in self.columns)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def columns(*found: Column) -> Columns:
    """The declaration of a table, one line a column."""
    return Columns(found)
