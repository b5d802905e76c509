"""Answers that follow although no sum gives them away: what is left of a group is alike, or shares one answer only.

Whoever knows which answers occur in a group knows which ones those of its members can be.  Known are every group whose
distribution is shown, what is left of one once its shown parts are taken away, and every group whose mean is the first or
the last answer.  A held-back cell whose members can have given one answer only is given away; then more of the item is
held back beside it until two are possible.  Groups that are shown and all answer alike are what docs/privacy.md excepts.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    (C, K) which ones each is of; ``within`` (C, C): all of one cell who answered are in another.
    """

    columns: Floats
    count: Floats
    totals: Bools
    spread: Bools
    few: Bools
    kinds: tuple[Ints, ...]
    of_kind: Bools
    within: Bools
    stays: Bools


@dataclass(frozen=True)
class _Known:
    """Groups of which the answers are known: ``members`` (R, G), ``absent`` (G, L) answers that nobody of them gave; each
    is what is left of the cell ``whole`` (G,) beside its shown parts of a ``kind`` (G,), −1 for the cell itself."""

    members: Bools
    absent: Bools
    whole: Ints
    kind: Ints


def unlike(cells: Cells, answers: Floats, totals: Bools, spread: Bools, few: Bools) -> tuple[Bools, Bools]:
    """What still shows its totals, and its distribution (C,), so that every cell of ``few`` (C,) may hold two answers.

    ``answers`` (R, L) respondents by finest cell and level, the levels in their order.
    """
    there = answers.sum(axis=1) > 0
    columns, answers = cells.columns[there], answers[there]
    within = (columns.T @ (1 - columns)) == 0
    item = _Item(
        columns=columns,
        count=columns.T @ answers,
        totals=totals.copy(),
        spread=spread.copy(),
        few=few,
        kinds=cells.kinds,
        of_kind=cells.of_kind > 0,
        within=within,
        stays=cells.stays,
    )
    for _ in range(_ROUNDS):
        known = _known(item)
        cannot = (known.members.astype(np.float64) @ known.absent.astype(np.float64)) > 0  # (R, L)
        possible = (columns.T @ ~cannot) > 0  # (C, L) answers that somebody of a cell can have given
        given = np.flatnonzero(few & (possible.sum(axis=1) <= 1) & (item.count.sum(axis=1) > 0))
        given = given[~_excepted(item)[given]] if len(given) else given
        held = [_hold_back(item, known, int(c), possible[c]) for c in given]
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
    kinds, levels = len(item.kinds), item.count.shape[1]
    parts = item.within[np.ix_(shown, shown)].astype(np.float64)  # (part, whole)
    of_kind = item.of_kind[shown]
    by_kind = (of_kind[:, :, None] * item.count[shown][:, None, :]).reshape(len(shown), kinds * levels)
    left = item.count[shown][:, None, :] - (parts.T @ by_kind).reshape(len(shown), kinds, levels)
    some = (parts.T @ of_kind.astype(np.float64) > 0) & (left.sum(axis=2) > 0.5)
    whole, kind = np.nonzero(some)
    unsaid = left[whole, kind] < 0.5 if exact else nobody_gave(left[whole, kind])
    telling = unsaid.any(axis=1)
    whole, kind = whole[telling], kind[telling]
    columns = item.columns[:, shown]
    taken = columns @ (parts[:, whole] * of_kind[:, kind])
    return _Known((columns[:, whole] - taken) > 0.5, unsaid[telling], shown[whole], kind)


def nobody_gave(count: Floats) -> Bools:
    """(G, L) levels that nobody of a group can have given, by its number and the sum of its levels alone."""
    levels = np.arange(count.shape[1])
    n, total = count.sum(axis=1)[:, None], (count @ levels)[:, None]
    return np.asarray((total - levels < 0) | (total - levels > (n - 1) * levels[-1]))


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
