"""What a scan of a sheet's raw parts finds, whichever way they were read; and the caps it is held to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from survey.core.addresses import a1, place
from survey.core.errors import Refused
from survey.files.preflight.caps import Limits

_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
Place = tuple[int, int]
Range = tuple[int, int, int, int]


class Listener(Protocol):
    """Who is shown the cells of a worksheet part while it is scanned, so that nobody need look for them again.

    ``rows``: where the rows of the part begin and end; ``take`` is told of all between, in order.
    """

    rows: tuple[int, int]

    def take(self, xml: bytes, start: int, end: int, tags: Any, cells: Any, at: Any, places: tuple[Any, Any]) -> None:
        """Arrays of whole numbers: ``tags`` of every ``<`` from ``start`` to ``end``, ``cells`` of those of a cell that holds
        something, ``at`` of the place behind its address, ``places`` of its row and its column, 0-based."""


@dataclass
class Scan:
    """One sheet as its raw parts show it; places are 0-based (row, column) of the sheet.

    ``cells``     cells with a value or formula (a mere style is none).
    ``rows, columns``  the used range, from A1.
    ``errors``    error cells, which the reader shows as blanks.
    ``formulas``  cells with a formula, ``unsaved`` those of them without a stored result.
    ``percents``  numeric cells formatted as a percentage.
    ``merged``    ranges (first row, first column, last row, last column), inclusive.
    ``heard``     who listened to all of its cells.
    """

    cells: int = 0
    rows: int = 0
    columns: int = 0
    errors: dict[Place, str] = field(default_factory=dict)
    formulas: list[Place] = field(default_factory=list)
    unsaved: list[Place] = field(default_factory=list)
    percents: set[Place] = field(default_factory=set)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    heard: Any = None


@dataclass(frozen=True)
class Book:
    """``scans`` of all sheets in workbook order, ``parts`` of an archive which hold them; ``external``: it links to files or sources outside."""

    scans: tuple[Scan, ...]
    external: bool = False
    parts: tuple[str, ...] = ()


def percent_format(format_number: int, code: str) -> bool:
    """Whether a number format shows a percentage: 9 and 10 do, others by a ``%`` that is no literal."""
    return format_number in (9, 10) or "%" in _LITERAL.sub("", code)


def number(text: str | None) -> int:
    """A whole number as an attribute gives it; -1 where it is none (or far too long to be one)."""
    return int(text) if text and len(text) < 10 and text.isdecimal() else -1


def refuse_far(file: str, sheet: str, row: int, column: int, limits: Limits) -> None:
    """Raise Refused if a value at this 0-based place lies beyond the caps."""
    if row >= limits.rows:
        raise Refused("preflight.far_row", file=file, sheet=sheet, row=row + 1, cap=limits.rows)
    if column >= limits.columns:
        raise Refused("preflight.far_column", file=file, sheet=sheet, column=column + 1, cap=limits.columns)


def read_merges(file: str, sheet: str, refs: Iterable[str], limits: Limits) -> list[Range]:
    """Merged ranges by their ``A1:B2`` texts; raises Refused for too many, for one over the whole grid, for a bad one."""
    ranges: list[Range] = []
    for ref in refs:
        first, _, last = ref.partition(":")
        start, end = place(first), place(last or first)
        if start is None or end is None:
            raise Refused("preflight.outside_grid", file=file, sheet=sheet, cell=ref[:40])
        rows, columns = sorted((start[0], end[0])), sorted((start[1], end[1]))
        ranges.append((rows[0], columns[0], rows[1], columns[1]))
        refuse_merge(file, sheet, ranges[-1], limits)
        if len(ranges) > limits.merged:
            raise Refused("preflight.many_merges", file=file, sheet=sheet, cap=limits.merged)
    return ranges


def refuse_merge(file: str, sheet: str, merge: Range, limits: Limits) -> None:
    """Raise Refused for a merged range that covers (as good as) the whole sheet."""
    top, left, bottom, right = merge
    if (bottom - top + 1) * (right - left + 1) > limits.cells:
        raise Refused("preflight.merged_sheet", file=file, sheet=sheet, range=f"{a1(top, left)}:{a1(bottom, right)}")


def refuse_sum(file: str, scans: Iterable[Scan], limits: Limits) -> None:
    """Raise Refused if the sheets together hold, or make a reader allocate, too many cells."""
    kept = list(scans)
    cells = sum(s.cells for s in kept)
    if cells > limits.cells:
        raise Refused("preflight.many_cells", file=file, cells=cells, cap=limits.cells)
    area = sum(s.rows * s.columns for s in kept)
    if area > limits.area:
        raise Refused("preflight.wide_area", file=file, cells=area, cap=limits.area)
