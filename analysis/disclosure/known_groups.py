"""Groups of which the answers are known: shown cells, and what is left of each beside its shown parts.

Laid out once for what everybody of a block shows; an item that shows less takes away from it what it does not show.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.disclosure.family import Cells
from analysis.statistics.design import Bools, Floats, Ints


@dataclass
class Groups:
    """``members`` (R, G) 1 for the finest cells of each group, which is what is left of the cell ``whole`` (G,) beside its
    shown parts of a ``kind`` (G,), −1 for the cell itself; ``exact`` (G,) where its distribution is known, else number and
    sum.

    ``totals`` and ``spread`` (C,): the cells that show so much; ``columns`` (R, C) of all cells, ``within`` (C, C) whether
    all of one are in another.
    """

    members: Floats
    whole: Ints
    kind: Ints
    exact: Bools
    totals: Bools
    spread: Bools
    columns: Floats
    within: Bools
    of_kind: Floats

    def of_shown(self, totals: Bools, spread: Bools) -> Groups:
        """The groups where only these (C,) of the cells show their totals, and their distribution."""
        less = Groups(**{**vars(self), "members": self.members.copy()})
        less.totals, less.spread = self.totals.copy(), self.spread.copy()
        for exact, shown, kept in ((False, self.totals, totals), (True, self.spread, spread)):
            for cell in np.flatnonzero(shown & ~kept).tolist():
                less.hold_back(cell, exact)
        return less

    def hold_back(self, cell: int, exact: bool) -> None:
        """Show a cell's distribution no more, or (not ``exact``) its totals; what it was taken from is left with it."""
        mine = self.exact == exact
        joins = mine & self.within[cell, self.whole] & (self.whole != cell) & (self.kind >= 0)
        joins &= self.of_kind[cell, self.kind] > 0
        self.members[:, joins] += self.columns[:, [cell]]
        self.members[:, mine & (self.whole == cell)] = 0
        (self.spread if exact else self.totals)[cell] = False

    def parts(self, group: int) -> Ints:
        """The shown cells that were taken away from the whole of a group."""
        if self.kind[group] < 0:
            return np.empty(0, dtype=np.int64)
        whole = int(self.whole[group])
        shown = (self.spread if self.exact[group] else self.totals) & (self.of_kind[:, self.kind[group]] > 0)
        shown &= self.within[:, whole]
        shown[whole] = False
        return np.flatnonzero(shown)


def lay_groups(cells: Cells, columns: Floats, totals: Bools, spread: Bools) -> Groups:
    """The groups of a block; ``columns`` (R, C) its cells over the finest ones that are looked at."""
    within = np.asarray((columns.T @ (1 - columns)) == 0)
    own = within & ~np.eye(len(within), dtype=bool)
    members, whole, kind, exact = [], [], [], []
    for shown, known in ((totals, False), (spread, True)):
        every = np.flatnonzero(shown)
        found = [(columns[:, every], every, -1)]
        for k in range(cells.of_kind.shape[1]):
            parts = np.flatnonzero(shown & (cells.of_kind[:, k] > 0))
            beside = every[own[np.ix_(parts, every)].any(axis=0)]
            inside = own[np.ix_(parts, beside)].astype(np.float64)
            found.append((columns[:, beside] - columns[:, parts] @ inside, beside, k))
        members += [m for m, _, _ in found]
        whole += [w for _, w, _ in found]
        kind += [np.full(len(w), k) for _, w, k in found]
        exact += [np.full(len(w), known) for _, w, _ in found]
    return Groups(
        members=np.concatenate(members, axis=1),
        whole=np.concatenate(whole),
        kind=np.concatenate(kind),
        exact=np.concatenate(exact),
        totals=totals.copy(),
        spread=spread.copy(),
        columns=columns,
        within=within,
        of_kind=cells.of_kind,
    )
