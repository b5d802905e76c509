"""Where in the workbook each part of a questionnaire stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Cells = Mapping[str, tuple[str, int]]  # column → (A1 address, 1-based row)


@dataclass(frozen=True)
class Places:
    """Addresses of the survey rows, the choices of each list, and the settings; empty for a form built in code."""

    survey: str = "survey"
    choices: str = "choices"
    settings: str = "settings"
    rows: Sequence[Cells] = ()
    lists: Mapping[str, Sequence[Cells]] = field(default_factory=dict)
    options: Cells = field(default_factory=dict)


def find(cells: Cells, column: str) -> tuple[str, int]:
    """Address and row of a column, of the row's first cell where the column is not there."""
    if column in cells:
        return cells[column]
    return next(iter(sorted(cells.values(), key=lambda c: (len(c[0]), c[0]))), ("", 0))
