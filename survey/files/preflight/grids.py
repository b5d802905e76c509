"""Sheets that are written as markup: filled cell by cell and held to the caps as they grow, never after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey.core.errors import Refused
from survey.files.preflight.caps import Limits
from survey.files.preflight.scan import Place, Range, refuse_far, refuse_merge


@dataclass
class Grid:
    """One sheet: ``rows`` of values (ragged, None where empty), and what ``Scan`` tells of other files.

    ``remarks``: what is said of it besides, by the last part of its text key, with the parameters.
    """

    name: str
    rows: list[list[Any]] = field(default_factory=list)
    errors: dict[Place, str] = field(default_factory=dict)
    percents: set[Place] = field(default_factory=set)
    formulas: list[Place] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    remarks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def rectangle(self) -> list[list[Any]]:
        """The rows, all as wide as the widest."""
        width = max(map(len, self.rows), default=0)
        return [row + [None] * (width - len(row)) for row in self.rows]


class Filling:
    """The grids of one file while it is read."""

    def __init__(self, file: str, limits: Limits) -> None:
        self.file, self.limits = file, limits
        self.grids: list[Grid] = []
        self.cells = 0

    def begin(self, name: str) -> Grid:
        """A new grid; no file has more of them than an archive has parts."""
        if len(self.grids) >= self.limits.members:
            raise Refused("preflight.many_members", file=self.file, members=len(self.grids) + 1)
        self.grids.append(Grid(name))
        return self.grids[-1]

    def reserve(self, cells: int) -> None:
        """Raise Refused if so many more cells are too many, before they are written."""
        if self.cells + cells > self.limits.cells:
            cap = self.limits.cells
            raise Refused("preflight.many_cells", file=self.file, cells=self.cells + cells, cap=cap)

    def put(self, grid: Grid, row: int, column: int, value: Any) -> None:
        """Write a value; raises Refused beyond the caps."""
        refuse_far(self.file, grid.name, row, column, self.limits)
        if isinstance(value, str) and len(value) > self.limits.text:
            raise Refused("preflight.long_text", file=self.file, cap=self.limits.text)
        self.reserve(1)
        self.cells += 1
        while len(grid.rows) <= row:
            grid.rows.append([])
        cells = grid.rows[row]
        if len(cells) <= column:
            cells += [None] * (column + 1 - len(cells))
        cells[column] = value

    def merge(self, grid: Grid, row: int, column: int, down: int, across: int) -> None:
        """A merged range of ``down`` rows and ``across`` columns more."""
        if down <= 0 and across <= 0:
            return
        grid.merged.append((row, column, row + max(down, 0), column + max(across, 0)))
        refuse_merge(self.file, grid.name, grid.merged[-1], self.limits)
        if len(grid.merged) > self.limits.merged:
            raise Refused("preflight.many_merges", file=self.file, sheet=grid.name, cap=self.limits.merged)

    def finish(self) -> list[Grid]:
        """The grids; raises Refused where their widest rows make a reader allocate too much."""
        area = sum(len(g.rows) * max(map(len, g.rows), default=0) for g in self.grids)
        if area > self.limits.area:
            raise Refused("preflight.wide_area", file=self.file, cells=area, cap=self.limits.area)
        return self.grids


def is_table(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether there are two rows, one of them with two cells at least."""
    filled = [sum(v is not None for v in row) for row in rows]
    return sum(n > 0 for n in filled) > 1 and max(filled, default=0) > 1
