"""What each cell of one community and year may show: its totals, its distribution, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.disclosure.elimination import Known
from analysis.disclosure.family import Cells
from analysis.statistics.design import Bools, Floats, Ints
from survey.core import limits

#: what a table shows of a cell: its totals (a mean and its error), or its distribution
TOTALS, DISTRIBUTION = 0, 1
STEPS = (TOTALS, DISTRIBUTION)
#: squared length that says that something is there, relative to a column of 0 and 1
MUCH = 1e-6


@dataclass(frozen=True)
class BlockPattern:
    """Respondents ``n`` (C,) of each cell, which are ``shown`` (C,), and the finest cells (R,) that have respondents
    (``alive``); ``columns`` (r, C) are the cells over these."""

    n: Floats
    shown: Bools
    alive: Bools
    columns: Floats

    @property
    def hidden(self) -> Bools:
        """(C,) cells that have respondents and are not shown."""
        return (self.n > 0) & ~self.shown

    @cached_property
    def known(self) -> Known:
        """What follows from what is shown."""
        known = Known(len(self.columns))
        known.take_known(self.columns, np.flatnonzero(self.shown))
        return known

    @cached_property
    def free(self) -> Floats:
        """(R, m) what could be added to the finest cells without a change of anything that is shown."""
        basis = self.known.basis
        result = np.zeros((len(self.alive), len(basis) - basis.shape[1]))
        result[self.alive] = np.linalg.qr(basis, mode="complete")[0][:, basis.shape[1] :]
        return result


def least_of(step: int) -> int:
    """Respondents below which a cell does not show its totals, or its distribution."""
    return limits.TOTALS_BELOW if step == DISTRIBUTION else limits.NOTHING_BELOW


def block_pattern(cells: Cells, count: Floats, step: int, allowed: Bools, held: Bools) -> BlockPattern:
    """The pattern of a block with ``count`` (R,) responses in its finest cells.

    ``allowed`` (C,) cells that may be shown at all; ``held`` (C,) those that must not follow although they are of many.
    """
    n, alive, columns, may, targets = _set_out(cells, count, step, allowed, held)
    known = Known(len(columns))
    known.protect(targets)
    return BlockPattern(n, known.take_all(columns, _order(cells, n, may)), alive, columns)


def narrowed(cells: Cells, count: Floats, step: int, allowed: Bools, held: Bools, whole: BlockPattern) -> BlockPattern:
    """The pattern of those of a block who answered an item; ``whole`` is that of everybody, which shows no less.

    As a rule all of it can stay: where something could be added to those who answered, and to nobody else, that changes
    every protected sum and none that is shown.
    """
    n, alive, columns, may, targets = _set_out(cells, count, step, allowed, held)
    free = whole.free[alive] @ _vanishing(whole.free[whole.alive & ~alive])
    length = np.einsum("rt,rt->t", targets, targets)
    if (np.einsum("mt,mt->t", free.T @ targets, free.T @ targets) > MUCH * length).all():
        return BlockPattern(n, may, alive, columns)
    return block_pattern(cells, count, step, allowed, held)


def _vanishing(rows: Floats) -> Floats:
    """(m, k) orthonormal combinations of columns (d, m) that are nothing in every row."""
    if not len(rows):
        return np.eye(rows.shape[1])
    _, values, directions = np.linalg.svd(rows)
    rank = int((values > 1e-6).sum())
    return np.asarray(directions[rank:].T)


def _set_out(
    cells: Cells, count: Floats, step: int, allowed: Bools, held: Bools
) -> tuple[Floats, Bools, Floats, Bools, Floats]:
    """``n``, ``alive`` and ``columns`` as in ``BlockPattern``, which cells may be shown (C,), and what must not follow."""
    least, alive = least_of(step), count > 0
    columns = cells.columns[alive]
    n = count[alive] @ columns
    few = (n > 0) & (n < least)
    may = allowed & (n >= least) & ~cells.lacking & ~held
    return n, alive, columns, may, _targets(columns, n, few | (held & (n > 0)), cells, least)


def context_pattern(cells: Cells, count: Floats, step: int, given: Bools, allowed: Bools | None = None) -> BlockPattern:
    """The pattern of a block where a question or another column stands beside the variables: ``given`` (C,) cells of the
    variables alone are shown whatever comes; ``allowed`` (C,) others that may be, None for all."""
    beside = cells.context if allowed is None else cells.context & allowed
    n, alive, columns, may, targets = _set_out(cells, count, step, beside, np.zeros_like(beside))
    known = Known(len(columns))
    known.take_known(columns, np.flatnonzero(given))
    known.protect(targets)
    return BlockPattern(n, given | known.take_all(columns, _order(cells, n, may)), alive, columns)


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
