"""What each cell of one community and year may show: its totals, its distribution, or nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.disclosure.elimination import NEVER, Known, beyond, spanned, spared
from analysis.disclosure.family import Cells
from analysis.statistics.design import Bools, Floats, Ints
from survey.core import limits
from survey.core.lazily import cached_property

#: what a table shows of a cell: its totals (a mean and its error), or its distribution
TOTALS, DISTRIBUTION = 0, 1
STEPS = (TOTALS, DISTRIBUTION)
#: people of a community from which on its table by sex stays whatever comes
SEX_STAYS = 50
#: squared length that says that something of a column of 0 and 1 is there
MUCH = 1e-6
#: length of a row of orthonormal columns that counts as nothing
LITTLE = 1e-6


@dataclass(frozen=True)
class BlockPattern:
    """Respondents ``n`` (C,) of each of the ``cells``, which are ``shown`` (C,), and the finest cells (R,) that have
    respondents (``alive``).

    Where deciding brought it: ``basis`` (r, k) is orthonormal and spans what is shown; ``whole`` shows the same of more
    respondents.
    """

    cells: Cells
    n: Floats
    shown: Bools
    alive: Bools
    basis: Floats | None = None
    whole: BlockPattern | None = None

    @cached_property
    def hidden(self) -> Bools:
        """(C,) cells that have respondents and are not shown."""
        return (self.n > 0) & ~self.shown

    @cached_property
    def may_go(self) -> Bools:
        """(C,) cells that may be held back for a larger table's sake: not everybody, nor from fifty people on both sexes."""
        return ~self.cells.whole if self.n[self.cells.level == 0].max(initial=0) >= SEX_STAYS else self.cells.level > 0

    def costs(self, other: BlockPattern) -> float:
        """Respondents of the cells of ten and more that another pattern shows and this one does not."""
        return float(self.n[other.shown & ~self.shown & (self.n >= limits.TOTALS_BELOW)].sum())

    def without(self, shown: Bools) -> BlockPattern:
        """The pattern that shows only these cells (C,) of its own."""
        return self if (shown == self.shown).all() else BlockPattern(self.cells, self.n, shown, self.alive)

    @cached_property
    def columns(self) -> Floats:
        """(r, C) the cells over the finest ones that have respondents."""
        return self.cells.columns[self.alive]

    @cached_property
    def known(self) -> Floats:
        """(r, k) orthonormal: what of the finest cells follows from what is shown."""
        return spanned(self.columns[:, self.shown])

    @cached_property
    def free(self) -> Floats:
        """(r, m) orthonormal: what could be added to the finest cells without a change of anything that is shown."""
        if self.whole is not None:
            dead = ~self.alive[self.whole.alive]
            return np.asarray(self.whole.free[~dead] @ _vanishing(self.whole.free[dead]))
        if self.basis is None:
            return beyond(self.columns[:, self.shown])
        return np.asarray(np.linalg.qr(self.basis, mode="complete")[0][:, self.basis.shape[1] :])

    @cached_property
    def reach(self) -> Floats:
        """(m, C) how much every cell changes in each direction of ``free``."""
        return np.asarray(self.free.T @ self.columns)


def least_of(step: int) -> int:
    """Respondents below which a cell does not show its totals, or its distribution."""
    return limits.TOTALS_BELOW if step == DISTRIBUTION else limits.NOTHING_BELOW


def block_pattern(cells: Cells, count: Floats, step: int, allowed: Bools, held: Bools) -> BlockPattern:
    """The pattern of a block with ``count`` (R,) responses in its finest cells.

    ``allowed`` (C,) cells that may be shown at all; ``held`` (C,) those that must not follow although they are of many.
    """
    n, few, may = _set_out(cells, count, step, allowed, held)
    alive = count > 0
    columns = cells.columns[alive]
    known = Known(len(columns))
    known.protect(_with_unions(columns, few, n, cells, step))
    shown = known.take_all(columns, _order(cells, n, may))
    return BlockPattern(cells, n, shown, alive, known.basis)


def narrowed(cells: Cells, count: Floats, step: int, allowed: Bools, held: Bools, whole: BlockPattern) -> BlockPattern:
    """The pattern of those of a block who answered an item; ``whole`` is that of everybody, which shows no less.

    As a rule all of it can stay: where something could be added to those who answered, and to nobody else, that changes
    every protected sum and none that is shown.
    """
    n, few, may = _set_out(cells, count, step, allowed, held)
    alive = count > 0
    reach = _with_unions(whole.reach, few, n, cells, step)
    gone = _directions(whole.free[~alive[whole.alive]]) @ reach
    bound = np.einsum("mt,mt->t", reach, reach) - np.einsum("dt,dt->t", gone, gone) <= MUCH
    if not bound.any():
        return BlockPattern(cells, n, may, alive, whole=whole if (may == whole.shown).all() else None)
    columns = cells.columns[alive]
    targets = _with_unions(columns, few, n, cells, step)[
        :, bound
    ]  # the others don't follow of all that everybody's shows
    shown = spared(columns, _order(cells, n, may), targets, _worth(cells, n))
    if shown is None:
        return block_pattern(cells, count, step, allowed, held)
    return BlockPattern(cells, n, shown, alive)


def without_following(pattern: BlockPattern, cell: int) -> BlockPattern | None:
    """The pattern without a cell that it shows, and without what it would follow from; None where that would be everybody."""
    left = pattern.shown.copy()
    left[cell] = False
    cells, n = pattern.cells, pattern.n
    cost = np.where(pattern.may_go, _worth(cells, n), NEVER)
    shown = spared(pattern.columns, _order(cells, n, left), pattern.columns[:, [cell]], cost)
    return None if shown is None else pattern.without(shown)


def _worth(cells: Cells, n: Floats) -> Floats:
    """(C,) what it costs to hold a cell back: respondents, one variable thirty times as much as two; everybody never goes."""
    return np.asarray(
        np.where(cells.level == 0, NEVER, n * np.where(cells.whole, 1e6, np.where(cells.level == 1, 30, 1)))
    )


def _directions(rows: Floats) -> Floats:
    """(k, m) orthonormal rows that span the rows (d, m)."""
    if len(rows) < 2:
        length = np.sqrt(np.einsum("dm,dm->d", rows, rows))
        return np.asarray(rows[length > LITTLE] / length[length > LITTLE, None])
    _, values, directions = np.linalg.svd(rows, full_matrices=False)
    return np.asarray(directions[values > LITTLE])


def _vanishing(rows: Floats) -> Floats:
    """(m, k) orthonormal combinations of columns (d, m) that are nothing in every row."""
    directions = _directions(rows)
    return np.asarray(np.linalg.qr(directions.T, mode="complete")[0][:, len(directions) :])


def _set_out(cells: Cells, count: Floats, step: int, allowed: Bools, held: Bools) -> tuple[Floats, Bools, Bools]:
    """By cell (C,): respondents, whether it must not follow, and whether it may be shown."""
    least, n = least_of(step), count @ cells.columns
    few = (n > 0) & ((n < least) | held)
    return n, few, allowed & (n >= least) & ~cells.lacking & ~held


def context_pattern(cells: Cells, count: Floats, step: int, given: Bools, allowed: Bools | None = None) -> BlockPattern:
    """The pattern of a block where a question or another column stands beside the variables: ``given`` (C,) cells of the
    variables alone are shown whatever comes; ``allowed`` (C,) others that may be, None for all."""
    beside = cells.context if allowed is None else cells.context & allowed
    n, few, may = _set_out(cells, count, step, beside, np.zeros_like(beside))
    alive = count > 0
    columns = cells.columns[alive]
    known = Known(len(columns))
    known.take_known(columns, np.flatnonzero(given))
    known.protect(_with_unions(columns, few, n, cells, step))
    shown = given | known.take_all(columns, _order(cells, n, may))
    return BlockPattern(cells, n, shown, alive, known.basis)


def _with_unions(columns: Floats, few: Bools, n: Floats, cells: Cells, step: int) -> Floats:
    """(R, T) what must not follow, of columns (R, C) of all cells: those of ``few``, and those of one line that are few
    together."""
    several, people = cells.on_line @ few, cells.on_line @ (few * n)
    together = np.flatnonzero((several > 1) & (people < least_of(step)))
    own = columns[:, few]
    return np.concatenate([own, own @ cells.on_line[together][:, few].T], axis=1) if len(together) else own


def _order(cells: Cells, n: Floats, may: Bools) -> Ints:
    """Positions of the cells that may be shown, those that readers want most first."""
    there = np.flatnonzero(may)
    first = np.where(cells.level == 1, cells.variable, 0)
    return np.asarray(there[np.lexsort((there, -n[there], first[there], cells.level[there]))])
