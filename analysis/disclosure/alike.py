"""Answers that follow although no sum gives them away: what is left of a group is alike, or shares one answer only, or is
so small and so much alike that the mean of a few of it can't move by a level.

Whoever knows which answers occur in a group knows which ones those of its members can be.  Known are every group whose
distribution is shown, what is left of one once its shown parts are taken away, and every group whose mean is the first or
the last answer.  A held-back cell whose members can have given one answer only is given away; then more of the item is
held back beside it until two are possible.  So is one that lies in a known group of a few more: with the number and the sum
of five the mean of four is known to less than a level where all five are near the end of the scale.  What is held back is
what costs readers least.  Groups that are shown and all answer alike are what docs/privacy.md excepts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.disclosure.family import Cells
from analysis.disclosure.known_groups import Groups, lay_groups
from analysis.statistics.design import Bools, Floats, Ints
from survey.core import limits

#: how wide what can be a mean of few must be, in levels
LEVEL = 1 - 1e-9
#: what it costs to hold back a cell that has no distribution, as a share of one that has
_TOTALS_ALONE = 0.02
#: how much dearer a cell of one variable is than one of two
_ONE = 6


class Surroundings:
    """What everybody of a block shows, laid out once for all items."""

    def __init__(self, cells: Cells, totals: Bools, spread: Bools) -> None:
        """``totals`` and ``spread`` (C,): what everybody's cells show."""
        self._cells = cells
        self._groups = lay_groups(cells, cells.columns, totals, spread)
        self._shown = cells.columns[:, totals]
        self._outside = self._shown.T @ (1 - self._shown)

    def of_item(self, there: Bools, totals: Bools, spread: Bools) -> Groups:
        """The groups of those who answered, of the finest cells ``there`` (R,), where so much (C,) is shown."""
        gone = self._shown[~there]
        apart = (self._outside - gone.T @ (1 - gone) == 0) & (self._outside > 0)
        if apart.any():  # of those who answered, all of a cell are in another: there are other groups
            return lay_groups(self._cells, self._cells.columns * there[:, None], totals, spread)
        return self._groups.of_shown(totals, spread)


@dataclass(frozen=True)
class _Told:
    """What the answers say of groups that say anything: ``at`` (g,) which ones, ``absent`` (g, L) answers that nobody of
    them gave, ``ends`` (g, few, 2) what the mean of 1, 2 … of them is at least and at most, in levels; without limit for a
    group so large that nobody can say how many of it a cell is."""

    at: Ints
    absent: Bools
    ends: Floats


@dataclass(frozen=True)
class _Few:
    """Cells that must not follow: ``cell`` (f,), ``columns`` (R, f) those of them who answered, ``n`` (f,) how many."""

    cell: Ints
    columns: Floats
    n: Ints


def unlike(
    cells: Cells, answers: Floats, totals: Bools, spread: Bools, few: Bools, around: Surroundings | None = None
) -> tuple[Bools, Bools]:
    """What still shows its totals, and its distribution (C,), so that every cell of ``few`` (C,) may hold two answers.

    ``answers`` (R, L) respondents by finest cell and level, the levels in their order; ``around`` what is laid out already.
    """
    there = answers.sum(axis=1) > 0
    columns = cells.columns * there[:, None]
    if around is None:
        groups = lay_groups(cells, columns, totals, spread)
    else:
        groups = around.of_item(there, totals, spread)
    count = cells.columns.T @ answers
    n = count.sum(axis=1)
    some = np.flatnonzero(few & (n > 0))
    left = _Few(some, columns[:, some], np.rint(n[some]).astype(np.int64))
    cost = cost_of(cells, n)
    told = _told(groups, answers)
    possible, narrow = _possible(groups, told, left), _narrow(groups, told, left)
    nothing_helps = np.zeros(len(left.cell), dtype=bool)
    while True:
        given = np.flatnonzero(((possible.sum(axis=1) <= 1) | (narrow < LEVEL)) & ~nothing_helps)
        if not len(given):
            break
        f = int(given[np.argmin(narrow[given])])
        if _excepted(groups, count, columns, left.columns[:, f]) or not _hold_back(
            groups, told, left, f, cost, ~cells.stays & (narrow[f] < LEVEL or (count[:, ~possible[f]] > 0).any(axis=1))
        ):
            nothing_helps[f] = True
        else:
            told = _told(groups, answers)
            possible, narrow = _possible(groups, told, left), _narrow(groups, told, left)
    return groups.totals, groups.spread


def cost_of(cells: Cells, n: Floats) -> Floats:
    """(C,) what it costs readers to hold back a cell of ``n`` (C,) respondents."""
    return np.asarray(n * np.where(n < limits.TOTALS_BELOW, _TOTALS_ALONE, np.where(cells.level == 1, _ONE, 1)))


def _told(groups: Groups, answers: Floats) -> _Told:
    """What the groups tell; those that leave out no answer tell nothing."""
    given, last = groups.members.T @ answers, answers.shape[1] - 1
    n, total = given.sum(axis=1), given @ np.arange(last + 1)
    at = np.flatnonzero(np.where(groups.exact, (n > 0.5) & (given < 0.5).any(axis=1), _telling(n, total, last)))
    given, n, total, exact = given[at], n[at], total[at], groups.exact[at]
    absent = np.where(exact[:, None], given < 0.5, _nobody_gave(n, total, last))
    ends = np.full((len(at), limits.NOTHING_BELOW - 1, 2), [-np.inf, np.inf])
    small = n < limits.TOTALS_BELOW
    for some, of in (
        (small & exact, _ends(given[small & exact])),
        (small & ~exact, _ends_of_sum(n[small & ~exact], total[small & ~exact], last)),
    ):
        ends[some] = of
    return _Told(at, absent, ends)


def _possible(groups: Groups, told: _Told, few: _Few) -> Bools:
    """(f, L) answers that somebody of a cell can have given."""
    cannot = (groups.members[:, told.at] @ told.absent.astype(np.float64)) > 0
    return np.asarray(few.columns.T @ ~cannot > 0)


def _narrow(groups: Groups, told: _Told, few: _Few) -> Floats:
    """(f,) how wide, in levels, the small groups that a cell is all in leave its mean; no limit where there are none."""
    near = np.flatnonzero(np.isfinite(told.ends[:, 0, 0]))
    inside = (few.columns.T @ (1 - groups.members[:, told.at[near]])) < 0.5
    ends = told.ends[near][:, few.n - 1]  # (g, f, 2)
    low = np.where(inside.T, ends[..., 0], -np.inf).max(axis=0, initial=-np.inf)
    high = np.where(inside.T, ends[..., 1], np.inf).min(axis=0, initial=np.inf)
    return np.asarray(high - low)


def nobody_gave(count: Floats) -> Bools:
    """(G, L) levels that nobody of a group can have given, by its number and the sum of its levels alone."""
    levels = np.arange(count.shape[1])
    return _nobody_gave(count.sum(axis=1), count @ levels, count.shape[1] - 1)


def _nobody_gave(n: Floats, total: Floats, last: int) -> Bools:
    """(G, last + 1) the same by number and sum."""
    left = total[:, None] - np.arange(last + 1)
    return np.asarray((left < 0) | (left > (n[:, None] - 1) * last))


def _telling(n: Floats, total: Floats, last: int) -> Bools:
    """Whether a number and a sum of levels leave out the first or the last level."""
    return np.asarray((n > 0.5) & ((total < last) | (total > (n - 1) * last)))


def _ends(count: Floats) -> Floats:
    """(G, few, 2) as ``_Told.ends``, by the answers (G, L) of small groups."""
    levels, m = np.arange(count.shape[1]), np.arange(1, limits.NOTHING_BELOW)
    below = np.minimum(np.cumsum(count, axis=1)[:, None, :], m[:, None])
    above = np.minimum(np.cumsum(count[:, ::-1], axis=1)[:, None, :], m[:, None])
    # of m in a row, as many as are above a level are a level more: sums of what is not yet reached
    low = (m[:, None] - below[..., :-1]).sum(axis=2) / m
    high = levels[-1] - (m[:, None] - above[..., :-1]).sum(axis=2) / m
    return _of_known(low, high, count.sum(axis=1))


def _ends_of_sum(n: Floats, total: Floats, last: int) -> Floats:
    """(G, few, 2) the same by number and sum of levels."""
    m = np.arange(1, limits.NOTHING_BELOW)
    low = np.maximum(total[:, None] - (n[:, None] - m) * last, 0) / m
    return _of_known(low, np.minimum(total[:, None] / m, last), n)


def _of_known(low: Floats, high: Floats, n: Floats) -> Floats:
    """The ends for as many as a group has; without limit for more."""
    m = np.arange(1, low.shape[1] + 1)
    return np.where((m <= n[:, None] + 0.5)[..., None], np.stack([low, high], axis=2), [-np.inf, np.inf])


def _excepted(groups: Groups, count: Floats, columns: Floats, cell: Floats) -> bool:
    """Whether a cell (R,) is inside of a shown group that all answers alike."""
    alike = (count > 0).sum(axis=1) == 1
    alike &= groups.spread | (groups.totals & (nobody_gave(count).sum(axis=1) == count.shape[1] - 1))
    return bool((cell @ (1 - columns[:, alike]) < 0.5).any())


def _hold_back(groups: Groups, told: _Told, few: _Few, f: int, cost: Floats, helps: Bools) -> bool:
    """Hold back one cell more of those that ``helps`` (C,) says, so that what is told of a cell of ``few`` is less; whether
    one was.  Of what makes its mean narrow, or leaves out most answers, the cheapest."""
    mine, m = few.columns[:, f], few.n[f] - 1
    members = groups.members[:, told.at]
    width = told.ends[:, m, 1] - told.ends[:, m, 0]
    inside = np.isfinite(width) & (mine @ (1 - members) < 0.5)
    narrow = bool(inside.any()) and told.ends[inside, m, 1].min() - told.ends[inside, m, 0].max() < LEVEL
    about = np.flatnonzero(inside if narrow else mine @ members > 0.5)
    worst = about[np.argsort(width[about] if narrow else -told.absent[about].sum(axis=1), kind="stable")]
    for group in told.at[worst].tolist():
        exact, whole = bool(groups.exact[group]), int(groups.whole[group])
        beside = np.append(groups.parts(group), whole)
        beside = beside[helps[beside]]
        if len(beside):
            chosen = int(beside[np.argmin(cost[beside])])
            groups.hold_back(chosen, exact)
            if not exact and groups.spread[chosen]:
                groups.hold_back(chosen, True)  # a distribution says a sum
            return True
    return False
