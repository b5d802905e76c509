"""What each cell of one community and year may show: its totals, its distribution, or nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.disclosure.elimination import Known
from analysis.disclosure.family import Cells
from analysis.statistics.design import Bools, Floats, Ints
from survey.core import limits

#: what a table shows of a cell: its totals (a mean and its error), or its distribution
TOTALS, DISTRIBUTION = 0, 1
STEPS = (TOTALS, DISTRIBUTION)


@dataclass(frozen=True)
class BlockPattern:
    """Respondents ``n`` (C,) of each cell, which are ``shown`` (C,), the finest cells (R,) that have respondents
    (``alive``), and what is ``known`` over these from what is shown."""

    n: Floats
    shown: Bools
    alive: Bools
    known: Known

    @property
    def hidden(self) -> Bools:
        """(C,) cells that have respondents and are not shown."""
        return (self.n > 0) & ~self.shown


def least_of(step: int) -> int:
    """Respondents below which a cell does not show its totals, or its distribution."""
    return limits.TOTALS_BELOW if step == DISTRIBUTION else limits.NOTHING_BELOW


def block_pattern(
    cells: Cells, count: Floats, step: int, allowed: Bools, held: Bools, *, settled: bool = False
) -> BlockPattern:
    """The pattern of a block with ``count`` (R,) responses in its finest cells.

    ``allowed`` (C,) cells that may be shown at all; ``held`` (C,) those that must not follow although they are of many;
    ``settled``: what is allowed was shown of more people together, so that it is likely that it may be of these.
    """
    least, alive = least_of(step), count > 0
    columns = cells.columns[alive]
    n = count[alive] @ columns
    few = (n > 0) & (n < least)
    may = allowed & (n >= least) & ~cells.lacking & ~held
    known = Known(len(columns))
    known.protect(_targets(columns, n, few | (held & (n > 0)), cells, least))
    order = _order(cells, n, may)
    shown = known.take_safe(columns, order) if settled else None
    return BlockPattern(n, known.take_all(columns, order) if shown is None else shown, alive, known)


def context_pattern(cells: Cells, count: Floats, step: int, given: Bools, allowed: Bools | None = None) -> BlockPattern:
    """The pattern of a block where a question or another column stands beside the variables: ``given`` (C,) cells of the
    variables alone are shown whatever comes; ``allowed`` (C,) others that may be, None for all."""
    least, alive = least_of(step), count > 0
    columns = cells.columns[alive]
    n = count[alive] @ columns
    few = (n > 0) & (n < least)
    may = (n >= least) & ~cells.lacking & cells.context
    if allowed is not None:
        may &= allowed
    known = Known(len(columns))
    known.take_safe(columns, np.flatnonzero(given))
    if may.any():
        known.protect(_targets(columns, n, few, cells, least))
    return BlockPattern(n, given | known.take_all(columns, _order(cells, n, may)), alive, known)


def _targets(columns: Floats, n: Floats, few: Bools, cells: Cells, least: int) -> Floats:
    """(R, T) what must not follow: the cells of few, and those of one line that are few together."""
    lines = cells.on_line * few
    unions = lines[(lines.sum(axis=1) > 1) & (lines @ n < least)]
    return np.concatenate([columns[:, few], columns @ unions.T], axis=1)


def _order(cells: Cells, n: Floats, may: Bools) -> Ints:
    """Positions of the cells that may be shown, those that readers want most first."""
    there = np.flatnonzero(may)
    first = np.where(cells.level == 1, cells.variable, 0)
    return np.asarray(there[np.lexsort((there, -n[there], first[there], cells.level[there]))])
