"""Answers that follow although no sum gives them away: what is left of a group is alike, or shares one answer only.

Whoever knows which answers occur in a group knows which ones those of its members can be.  Known are every group whose
distribution is shown, what is left of one once its shown parts are taken away, and every group whose mean is the first or
the last answer.  A held-back cell whose members can have given one answer only is given away; then more of the item is
held back beside it until two are possible.  Groups that are shown and all answer alike are what docs/privacy.md excepts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.disclosure.family import Cells
from analysis.statistics.design import Bools, Floats, Ints

#: rounds of holding more back; each holds back at least one cell for every one that is given away
_ROUNDS = 12


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
    is what is left of the cell ``whole`` (G,) beside its shown parts of a ``kind`` (G,), −1 for the cell itself."""

    members: Bools
    absent: Bools
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
        given = self._spread.T @ answers
        cannot = self._spread @ (given == 0)
        told = self._totals.T @ np.column_stack([answers.sum(axis=1), answers @ np.arange(answers.shape[1])])
        last = answers.shape[1] - 1
        end = np.flatnonzero((told[:, 0] > 0) & ((told[:, 1] < last) | (told[:, 1] > (told[:, 0] - 1) * last)))
        if len(end):
            cannot = cannot + self._totals[:, end] @ _nobody_gave(told[end, 0], told[end, 1], last)
        possible = self._columns[:, few].T @ ((cannot == 0) & there[:, None])
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
        one = possible.sum(axis=1) <= 1
        given = np.flatnonzero(some)[one]
        if not len(given):
            break
        told = ~_excepted(item)[given]
        held = [_hold_back(item, known, int(c), p) for c, p in zip(given[told], possible[one][told], strict=True)]
        if not any(held):
            break
    return item.totals, item.spread


def _known(item: _Item) -> _Known:
    """Shown cells, and what is left of them; of a cell that shows its totals only where they say as much."""
    unsaid = np.where(item.spread[:, None], item.count == 0, nobody_gave(item.count))
    own = np.flatnonzero((item.spread | item.totals) & unsaid.any(axis=1))
    found = [_Known(item.columns[:, own] > 0, unsaid[own], own, np.full(len(own), -1))]
    for shown, exact in ((item.spread, True), (item.totals, False)):
        found.append(_left_over(item, np.flatnonzero(shown), exact))
    pieces = zip(*((k.members.T, k.absent, k.whole, k.kind) for k in found), strict=True)
    members, absent, whole, kind = (np.concatenate(piece) for piece in pieces)
    return _Known(members.T, absent, whole, kind)


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
        telling = (left[..., 0] > 0.5) & ((left[..., 1] < last) | (left[..., 1] > (left[..., 0] - 1) * last))
    whole, kind = np.nonzero(telling & (parts.T @ of_kind > 0))
    unsaid = left[whole, kind] < 0.5 if exact else _nobody_gave(left[whole, kind, 0], left[whole, kind, 1], last)
    members = np.zeros((len(columns), len(whole)), dtype=bool)
    for k in np.unique(kind).tolist():
        of, mine = np.flatnonzero(of_kind[:, k]), kind == k
        members[:, mine] = (columns[:, whole[mine]] - columns[:, of] @ parts[np.ix_(of, whole[mine])]) > 0.5
    return _Known(members, unsaid, shown[whole], kind)


def nobody_gave(count: Floats) -> Bools:
    """(G, L) levels that nobody of a group can have given, by its number and the sum of its levels alone."""
    levels = np.arange(count.shape[1])
    return _nobody_gave(count.sum(axis=1), count @ levels, count.shape[1] - 1)


def _nobody_gave(n: Floats, total: Floats, last: int) -> Bools:
    """(G, last + 1) the same by number and sum."""
    left = total[:, None] - np.arange(last + 1)
    return np.asarray((left < 0) | (left > (n[:, None] - 1) * last))


def _excepted(item: _Item) -> Bools:
    """(C,) cells inside of a shown group that all answers alike."""
    alike = (item.count > 0).sum(axis=1) == 1
    alike &= item.spread | (item.totals & (nobody_gave(item.count).sum(axis=1) == item.count.shape[1] - 1))
    return np.asarray(item.within[:, alike].any(axis=1))


def _hold_back(item: _Item, known: _Known, cell: int, possible: Bools) -> bool:
    """Hold back one cell more, so that another answer than ``possible`` (L,) may become so of ``cell``; whether one was."""
    about = (item.columns[:, [cell]] * known.members).any(axis=0) & known.absent.any(axis=1)
    worst = np.flatnonzero(about)[np.argsort(-known.absent[about].sum(axis=1), kind="stable")]
    shows = (item.spread | item.totals) & ~item.stays
    brings = shows & (item.count[:, ~possible] > 0).any(axis=1)
    for group in worst.tolist():
        whole, kind = int(known.whole[group]), int(known.kind[group])
        parts = item.kinds[kind] if kind >= 0 else np.empty(0, dtype=np.int64)
        beside = parts[brings[parts] & item.within[parts, whole]] if len(parts) else parts
        if not len(beside) and shows[whole]:
            beside = np.array([whole])
        if len(beside):
            n = item.count.sum(axis=1)
            chosen = min(beside.tolist(), key=lambda c: (not item.spread[c], n[c], c))
            (item.spread if item.spread[chosen] else item.totals)[chosen] = False
            return True
    return False
