"""One plain sheet of cells with their true A1 addresses: what every reader yields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey.core.addresses import a1, column_letters
from survey.core.findings import Finding

__all__ = ["Sheet", "Variable", "a1", "column_letters"]


@dataclass(frozen=True, slots=True)
class Variable:
    """What a statistics file says of a column: its label, code → label, the codes declared as missing.

    ``set`` names the multiple choice of which the column ticks one option.
    """

    name: str
    label: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    set: str = ""


@dataclass(frozen=True)
class Sheet:
    """Cells of one sheet of one file.

    ``rows``    rectangular list of rows of raw values: str, float, int, bool, date, datetime, time,
                timedelta, or None for an empty cell.  Blank rows are kept, so positions are true.
    ``top, left``  0-based sheet position of ``rows[0][0]``.
    ``errors``  (0-based sheet row, column) → error value such as ``#N/A`` that the reader hides.
    ``percents`` (0-based sheet row, column) of cells that are formatted as a percentage.
    ``merged``   merged ranges (first row, first column, last row, last column), 0-based, inclusive, cut to ``rows``;
                 only the first cell of a range holds its value.
    ``findings`` what reading noticed (encoding, hidden rows, formulas …).
    ``variables`` one a column where the file describes its columns (SPSS), else none.
    """

    file: str
    name: str
    rows: Sequence[Sequence[Any]]
    top: int = 0
    left: int = 0
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    percents: frozenset[tuple[int, int]] = frozenset()
    findings: tuple[Finding, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    kind: str = "xlsx"
    variables: tuple[Variable, ...] = ()

    def address(self, row: int, column: int) -> str:
        """A1 address of ``rows[row][column]``."""
        return a1(self.top + row, self.left + column)
