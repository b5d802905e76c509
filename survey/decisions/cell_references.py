"""Where things stand in a sheet whose header is not known yet: a cell by its address, a column by its header,
cells by what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.answers.phones import hidden
from survey.answers.validation import shown
from survey.core import limits
from survey.core.addresses import column_letters, place
from survey.core.cells import answer_key, as_datetime, as_number, clean
from survey.core.masking import masked
from survey.files.own_workbooks import header_key
from survey.files.readers.distinct_values import Cells, columns_of
from survey.files.readers.sheet import Sheet

At = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CellText:
    """What a cell says, comparable with what a list of findings says about it."""

    text: str

    @classmethod
    def of(cls, value: Any) -> CellText:
        """The text of a raw cell."""
        return cls("" if value is None else value if isinstance(value, str) else clean(value))

    @property
    def key(self) -> str:
        """Comparable: any width, case and space."""
        return answer_key(self.text)

    def says(self, found: str) -> bool:
        """Whether the cell says ``found``, as a list may have written it: shortened, masked, or turned into another
        notation of the same number or day by a spreadsheet program."""
        key = answer_key(found)
        if key in self.writings:
            return True
        number, moment = as_number(found), as_datetime(found)
        return (number is not None and number == as_number(self.text)) or (
            moment is not None and moment == as_datetime(self.text)
        )

    @property
    def writings(self) -> set[str]:
        """The ways in which a list of findings writes this cell."""
        return {self.key, *(answer_key(way(self.text)) for way in (masked, hidden, shown))}


def _keys(value: Any) -> set[str]:
    """A header as it is and as a list of findings shows it."""
    return {header_key(value), header_key(masked(value))} if isinstance(value, str) else {header_key(value)}


class Places:
    """Look-ups in one sheet; rows and columns are indices into ``sheet.rows``."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.height = len(sheet.rows)
        self.width = len(sheet.rows[0]) if self.height else 0
        self._columns: dict[int, Cells] = {}
        self._headers: dict[str, list[At]] = {}
        self._errors = {(r - sheet.top, c - sheet.left): e for (r, c), e in sheet.errors.items()}
        self._said: npt.NDArray[np.bool_] | None = None

    def at(self, address: str) -> At | None:
        """Row and column of an A1 address; None where it is none or lies outside of what was read."""
        found = place(address)
        if found is None:
            return None
        row, column = found[0] - self.sheet.top, found[1] - self.sheet.left
        return (row, column) if 0 <= row < self.height and 0 <= column < self.width else None

    def text(self, row: int, column: int) -> CellText:
        """What a cell says; an error value counts as its text."""
        return CellText.of(self._errors.get((row, column), self._cells(column)[row]))

    def header(self, column: int) -> str:
        """The first text of a column."""
        top = self._cells(column)[: min(limits.HEADER_ROWS, self.height)]
        return next((text for value in top if (text := CellText.of(value).text.strip())), "")

    def columns(self, header: str) -> list[int]:
        """The columns that have this header, in the topmost row where it stands."""
        return [column for _, column in self._header_cells(header)]

    def below(self, header: str, column: int) -> int:
        """The first row under this header; under the column's first text where it is not there."""
        for row, at in self._header_cells(header):
            if at == column:
                return row + 1
        top = self._cells(column)[: min(limits.HEADER_ROWS, self.height)]
        return next((row + 1 for row, value in enumerate(top) if CellText.of(value).key), 0)

    def moved(self, header: str, column: int) -> str | None:
        """The letters of the column where the header stands now, if that is not this one."""
        columns = self.columns(header)
        return None if not columns or column in columns else column_letters(self.sheet.left + columns[0])

    def alike(self, column: int, text: CellText, below: int) -> list[At]:
        """The cells of a column, from row ``below`` on, that say the same."""
        return self._rows(column, {text.key}, below)

    def like(self, column: int, found: CellText, below: int) -> list[At]:
        """The cells that say what a list of findings says, which may be shortened or masked if only one value is."""
        exact = self._rows(column, {found.key}, below)
        if exact:
            return exact
        values = {t.key for v in self._cells(column).values if found.key in (t := CellText.of(v)).writings}
        return self._rows(column, values, below) if len(values) == 1 else []

    def _header_cells(self, header: str) -> list[At]:
        key = header_key(header)
        if key and key not in self._headers:
            self._headers[key] = self._find_header(key)
        return self._headers.get(key, [])

    def _find_header(self, key: str) -> list[At]:
        for row in range(min(limits.HEADER_ROWS, self.height)):
            found = [(row, c) for c, value in enumerate(self.sheet.rows[row]) if key in _keys(value)]
            if found:
                return found
        return []

    def _cells(self, column: int) -> Cells:
        if column not in self._columns:
            self._columns[column] = columns_of(self.sheet.rows, 0, [column])[column]
        return self._columns[column]

    def _rows(self, column: int, keys: set[str], below: int) -> list[At]:
        cells = self._cells(column)
        same = [i for i, value in enumerate(cells.values) if CellText.of(value).key in keys]
        if "" in keys:
            hit = np.isin(cells.codes, [-1, *same]) & self._saying()
        else:
            hit = np.isin(cells.codes, same)
        for (row, place_), error in self._errors.items():
            if place_ == column:
                hit[row] = CellText(error).key in keys
        return [(row, column) for row in (np.flatnonzero(hit[below:]) + below).tolist()]

    def _saying(self) -> npt.NDArray[np.bool_]:
        """Rows that say anything: an empty cell of an empty row is no answer that is missing."""
        if self._said is None:
            self._said = np.zeros(self.height, dtype=bool)
            for column in range(self.width):
                cells = self._cells(column)
                empty = [-1, *(i for i, v in enumerate(cells.values) if not CellText.of(v).key)]
                self._said |= ~np.isin(cells.codes, empty)
        return self._said
