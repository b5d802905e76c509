"""Answers that follow although no sum gives them away: what is left of a group is alike, or shares one answer only, or is
so small and so much alike that the mean of a few of it can't move by a level.

Whoever knows which answers occur in a group knows which ones those of its members can be.  Known are every group whose
distribution is shown, what is left of one once its shown parts are taken away, and every group whose mean is the first or
the last answer.  A held-back cell whose members can have given one answer only is given away; then more of the item is
held back beside it until two are possible.  So is one that lies in a known group of a few more: with the number and the sum
of five the mean of four is known to less than a level where all five are near the end of the scale.  Groups that are shown and all answer alike are what docs/privacy.md excepts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.disclosure.family import Cells
from analysis.statistics.design import Bools, Floats, Ints
from survey.core import limits

#: rounds of holding more back; each holds back at least one cell for every one that is given away
_ROUNDS = 12
#: how wide what can be a mean of few must be, in levels
LEVEL = 1 - 1e-9


@dataclass
class _Item:
    """A block's answers to an item over its finest cells that have any: ``columns`` (R, C) of
    the cells, ``count`` (C, L) answers by level, which show their ``totals`` and their ``spread`` (C,), and which are too ``few``.

    ``kinds``: the cells by the variables that they take, so that those of a kind have nobody in common, ``of_kind``
    (C, K) which ones each is of; ``stays`` (C,) what is not held back.
    """

    columns: Floats
    count: Floats
    totals: Bools
    spread: Bools
    few: Bools
    kinds: tuple[Ints, ...]
    of_kind: Bools
    stays: Bools

    @cached_property
    def within(self) -> Bools:
        """(C, C): all of one cell who answered are in another."""
        return np.asarray((self.columns.T @ (1 - self.columns)) == 0)


@dataclass(frozen=True)
class _Known:
    """Groups of which the answers are known: ``members`` (R, G), ``absent`` (G, L) answers that nobody of them gave; each
    is what is left of the cell ``whole`` (G,) beside its shown parts of a ``kind`` (G,), −1 for the cell itself.

    ``ends`` (G, few, 2): what the mean of 1, 2 … of them is at least and at most, in levels; without limit for a group so
    large that nobody can say how many of it a cell is.
    """

    members: Bools
    absent: Bools
    ends: Floats
    whole: Ints
    kind: Ints


class Surroundings:
    """The groups around everybody's cells of a block: those that are shown, and what is left of them beside their parts.

    Whoever knows all of them of those who answered an item knows no less than what may be shown of the item tells.
    """

    def __init__(self, cells: Cells, totals: Bools, spread: Bools) -> None:
        """``totals`` and ``spread`` (C,): what everybody's cells show."""
        self._columns = cells.columns
        shown = cells.columns[:, totals]
        self._shown = shown
        self._outside = shown.T @ (1 - shown)
        self._totals, self._spread = (_around(cells, np.flatnonzero(s)) for s in (totals, spread))

    def tell(self, answers: Floats, few: Bools) -> bool:
        """Whether they may give a cell of ``few`` (C,) away, of whose members the ``answers`` (R, L) are."""
        there = answers.sum(axis=1) > 0
        gone = self._shown[~there]
        apart = self._outside - gone.T @ (1 - gone)
        if ((apart == 0) & (self._outside > 0)).any():
            return True  # of those who answered, all of a cell are in another: there are other groups
        last = answers.shape[1] - 1
        told = self._totals.T @ np.column_stack([answers.sum(axis=1), answers @ np.arange(last + 1)])
        end = np.flatnonzero(_telling(told[:, 0], told[:, 1], last))
        given = self._spread.T @ answers
        cannot = self._spread @ (given == 0) + self._totals[:, end] @ _nobody_gave(told[end, 0], told[end, 1], last)
        members = (self._columns[:, few] * there[:, None]) > 0
        possible = members.T.astype(np.float64) @ (cannot == 0)
        groups = np.concatenate([self._spread, self._totals[:, end]], axis=1)
        ends = np.concatenate([_ends(given), _ends_of_sum(told[end, 0], told[end, 1], last)])
        if _confined(members, answers.sum(axis=1) @ self._columns[:, few], groups > 0, ends).any():
            return True
        return bool(((possible > 0).sum(axis=1) <= 1).any())


def _around(cells: Cells, shown: Ints) -> Floats:
    """(R, G) members of the cells ``shown``, and of what is left of each beside its shown parts of each kind."""
    columns = cells.columns[:, shown]
    parts = ((columns.T @ (1 - columns)) == 0).astype(np.float64)  # (part, whole)
    found = [columns]
    for k in range(cells.of_kind.shape[1]):
        of = np.flatnonzero(cells.of_kind[shown, k])
        found.append(columns - columns[:, of] @ parts[of])
    every = np.concatenate(found, axis=1)
    every = every[:, every.any(axis=0)]
    unlike_ = {bits.tobytes(): g for g, bits in enumerate(np.ascontiguousarray(np.packbits(every > 0, axis=0).T))}
    return every[:, sorted(unlike_.values())]


def unlike(cells: Cells, answers: Floats, totals: Bools, spread: Bools, few: Bools) -> tuple[Bools, Bools]:
    """What still shows its totals, and its distribution (C,), so that every cell of ``few`` (C,) may hold two answers.

    ``answers`` (R, L) respondents by finest cell and level, the levels in their order.
    """
    there = answers.sum(axis=1) > 0
    columns, answers = cells.columns[there], answers[there]
    item = _Item(
        columns=columns,
        count=columns.T @ answers,
        totals=totals.copy(),
        spread=spread.copy(),
        few=few,
        kinds=cells.kinds,
        of_kind=cells.of_kind > 0,
        stays=cells.stays,
    )
    for _ in range(_ROUNDS):
        known = _known(item)
        cannot = (known.members.astype(np.float64) @ known.absent.astype(np.float64)) > 0  # (R, L)
        some = few & (item.count.sum(axis=1) > 0)
        possible = (columns[:, some].T @ ~cannot) > 0  # (c, L) answers that somebody of a cell can have given
        narrow = _confined(columns[:, some] > 0, item.count[some].sum(axis=1), known.members, known.ends)
        given = np.flatnonzero(some)[(possible.sum(axis=1) <= 1) | narrow]
        if not len(given):
            break
        at = {int(c): i for i, c in enumerate(np.flatnonzero(some))}
        told = given[~_excepted(item)[given]].tolist()
        held = [_hold_back(item, known, c, possible[at[c]], bool(narrow[at[c]])) for c in told]
        if not any(held):
            break
    return item.totals, item.spread


def _known(item: _Item) -> _Known:
    """Shown cells, and what is left of them; of a cell that shows its totals only where they say as much."""
    unsaid = np.where(item.spread[:, None], item.count == 0, nobody_gave(item.count))
    own = np.flatnonzero((item.spread | item.totals) & unsaid.any(axis=1))
    count = item.count[own]
    n, total, last = count.sum(axis=1), count @ np.arange(count.shape[1]), count.shape[1] - 1
    ends = np.where(item.spread[own, None, None], _ends(count), _ends_of_sum(n, total, last))
    found = [_Known(item.columns[:, own] > 0, unsaid[own], ends, own, np.full(len(own), -1))]
    for shown, exact in ((item.spread, True), (item.totals, False)):
        found.append(_left_over(item, np.flatnonzero(shown), exact))
    pieces = zip(*((k.members.T, k.absent, k.ends, k.whole, k.kind) for k in found), strict=True)
    members, absent, ends, whole, kind = (np.concatenate(piece) for piece in pieces)
    return _Known(members.T, absent, ends, whole, kind)


def _left_over(item: _Item, shown: Ints, exact: bool) -> _Known:
    """What is left of every shown cell beside its shown parts of each kind; by level, or by number and sum alone."""
    columns, count, of_kind = item.columns[:, shown], item.count[shown], item.of_kind[shown].astype(np.float64)
    last = count.shape[1] - 1
    told = count if exact else np.column_stack([count.sum(axis=1), count @ np.arange(last + 1)])
    parts = ((columns.T @ (1 - columns)) == 0).astype(np.float64)  # (part, whole)
    by_kind = (of_kind[:, :, None] * told[:, None, :]).reshape(len(shown), of_kind.shape[1] * told.shape[1])
    left = told[:, None, :] - (parts.T @ by_kind).reshape(len(shown), of_kind.shape[1], told.shape[1])
    if exact:
        telling = (left < 0.5).any(axis=2) & (left > 0.5).any(axis=2)
    else:
        telling = _telling(left[..., 0], left[..., 1], last)
    whole, kind = np.nonzero(telling & (parts.T @ of_kind > 0))
    said = left[whole, kind]
    unsaid = said < 0.5 if exact else _nobody_gave(said[:, 0], said[:, 1], last)
    ends = _ends(said) if exact else _ends_of_sum(said[:, 0], said[:, 1], last)
    members = np.zeros((len(columns), len(whole)), dtype=bool)
    for k in np.unique(kind).tolist():
        of, mine = np.flatnonzero(of_kind[:, k]), kind == k
        members[:, mine] = (columns[:, whole[mine]] - columns[:, of] @ parts[np.ix_(of, whole[mine])]) > 0.5
    return _Known(members, unsaid, ends, shown[whole], kind)


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
    """(G, few, 2) as ``_Known.ends``, by the answers (G, L)."""
    levels, m, n = np.arange(count.shape[1]), np.arange(1, limits.NOTHING_BELOW), count.sum(axis=1)
    small = np.flatnonzero(n < limits.TOTALS_BELOW)
    below = np.minimum(np.cumsum(count[small], axis=1)[:, None, :], m[:, None])
    above = np.minimum(np.cumsum(count[small, ::-1], axis=1)[:, None, :], m[:, None])
    low, high = (np.diff(c, axis=2, prepend=0) @ level / m for c, level in ((below, levels), (above, levels[::-1])))
    return _of_small(small, low, high, n)


def _ends_of_sum(n: Floats, total: Floats, last: int) -> Floats:
    """(G, few, 2) the same by number and sum of levels."""
    m, small = np.arange(1, limits.NOTHING_BELOW), np.flatnonzero(n < limits.TOTALS_BELOW)
    low = np.maximum(total[small, None] - (n[small, None] - m) * last, 0) / m
    return _of_small(small, low, np.minimum(total[small, None] / m, last), n)


def _of_small(small: Ints, low: Floats, high: Floats, n: Floats) -> Floats:
    """The ends of the groups of which it is known how many are whose; without limit of the others."""
    m = np.arange(1, low.shape[1] + 1)
    result = np.full((len(n), low.shape[1], 2), [-np.inf, np.inf])
    known = m <= n[small, None] + 0.5
    result[small] = np.where(known[..., None], np.stack([low, high], axis=2), [-np.inf, np.inf])
    return result


def _confined(columns: Bools, n: Floats, members: Bools, ends: Floats) -> Bools:
    """(F,) cells (R, F) of ``n`` respondents whose mean the small groups that they are all in leave less than a level."""
    near = np.flatnonzero(np.isfinite(ends[:, 0, 0]))
    if not len(near):
        return np.zeros(len(n), dtype=bool)
    inside = (columns.T.astype(np.float64) @ ~members[:, near]) == 0
    own = ends[near][:, np.clip(n.astype(np.int64) - 1, 0, ends.shape[1] - 1)]  # (g, F, 2)
    low = np.where(inside.T, own[..., 0], -np.inf).max(axis=0, initial=-np.inf)
    high = np.where(inside.T, own[..., 1], np.inf).min(axis=0, initial=np.inf)
    return np.asarray((n > 0) & (high - low < LEVEL))


def _excepted(item: _Item) -> Bools:
    """(C,) cells inside of a shown group that all answers alike."""
    alike = (item.count > 0).sum(axis=1) == 1
    alike &= item.spread | (item.totals & (nobody_gave(item.count).sum(axis=1) == item.count.shape[1] - 1))
    return np.asarray(item.within[:, alike].any(axis=1))


def _hold_back(item: _Item, known: _Known, cell: int, possible: Bools, narrow: bool) -> bool:
    """Hold back one cell more, so that another answer than ``possible`` (L,) may become so of ``cell``, or a ``narrow``
    mean less so; whether one was."""
    touched = (item.columns[:, [cell]] * known.members).any(axis=0)
    about = touched & known.absent.any(axis=1)
    if narrow:
        m = int(item.count[cell].sum()) - 1
        width = known.ends[:, m, 1] - known.ends[:, m, 0]
        about &= ~(item.columns[:, [cell]] * ~known.members).any(axis=0) & np.isfinite(width)
        worst = np.flatnonzero(about)[np.argsort(width[about], kind="stable")]
    else:
        worst = np.flatnonzero(about)[np.argsort(-known.absent[about].sum(axis=1), kind="stable")]
    shows = (item.spread | item.totals) & ~item.stays
    brings = shows if narrow else shows & (item.count[:, ~possible] > 0).any(axis=1)
    for group in worst.tolist():
        whole, kind = int(known.whole[group]), int(known.kind[group])
        parts = item.kinds[kind] if kind >= 0 else np.empty(0, dtype=np.int64)
        beside = parts[brings[parts] & item.within[parts, whole]] if len(parts) else parts
        if not len(beside) and shows[whole]:
            beside = np.array([whole])
        if len(beside):
            n = item.count.sum(axis=1)
            chosen = min(beside.tolist(), key=lambda c: (not item.spread[c] and not narrow, n[c], c))
            if narrow:  # a number and a sum say as much
                item.totals[chosen] = item.spread[chosen] = False
            else:
                (item.spread if item.spread[chosen] else item.totals)[chosen] = False
            return True
    return False
