"""Linear programmes over one set of equations, one after another from where the last one ended.

The simplex method (Dantzig 1963) on a dense tableau: programmes of a community are so small that starting a solver takes
longer than solving, and all of them have the equations in common and a solution to begin with, the answers that were given.
A little is added to the basic unknowns so that no step has length 0 (perturbation after Charnes 1952); what is reported is
without it.
"""

from __future__ import annotations

import numpy as np
import scipy

from analysis.statistics.design import Floats, Ints

#: what counts as nothing: of a pivot, of a price
_PIVOT, _PRICE = 1e-9, 1e-7
#: what is added to the basic unknowns, at most
_LITTLE = 1e-5
#: steps after which a programme is given up
_STEPS = 2000


class Unbounded(ArithmeticError):
    """A programme has no end, or came to none."""


class Tableau:
    """``rows`` (m, u) times unknowns, none less than 0, are what they are for ``given`` (u,)."""

    def __init__(self, rows: Floats, given: Floats) -> None:
        # unknowns that are given first: then few of them are beside the basis
        scale = np.where(given > 0, 1.0, 1e-3)
        upper, order = scipy.linalg.qr(rows * scale, mode="r", pivoting=True, check_finite=False)
        size = np.abs(np.diag(upper))
        rank = int((size > 1e-7 * size.max(initial=0.0)).sum())
        self.basis: Ints = order[:rank].astype(np.int64)
        shares = scipy.linalg.solve_triangular(upper[:rank, :rank], upper[:rank], check_finite=False)
        self._table = np.empty((rank, rows.shape[1] + 2), order="F")
        self._table[:, order] = shares / scale[order] * scale[self.basis][:, None]
        little = _LITTLE * (0.5 + np.random.default_rng(rank).random(rank) / 2)
        self._table[:, -2] = given[self.basis]
        self._table[:, -1] = given[self.basis] + little
        beside = given.copy()
        beside[self.basis] = 0
        for unknown in np.flatnonzero(beside > 0).tolist():
            self._leave(unknown, float(beside[unknown]))

    @property
    def solution(self) -> Floats:
        """(u,) the unknowns as they are now."""
        result = np.zeros(self._table.shape[1] - 2)
        result[self.basis] = self._table[:, -2]
        return result

    def least(self, cost: Floats) -> float:
        """The least that ``cost`` (u,) can be; raises Unbounded."""
        for _ in range(_STEPS):
            price = cost - cost[self.basis] @ self._table[:, :-2]
            price[self.basis] = 0
            enters = int(np.argmin(price))
            if price[enters] >= -_PRICE:
                return float(cost[self.basis] @ self._table[:, -2])
            column = self._table[:, enters]
            steps = np.where(column > _PIVOT, self._table[:, -1], np.inf) / np.where(column > _PIVOT, column, 1.0)
            leaves = int(np.argmin(steps))
            if not np.isfinite(steps[leaves]):
                break
            self._pivot(leaves, enters)
        raise Unbounded

    def _leave(self, unknown: int, value: float) -> None:
        """An unknown beside the basis goes to 0, or into the basis for another one that does first."""
        column = self._table[:, unknown]
        steps = np.where(column < -_PIVOT, self._table[:, -1], np.inf) / np.where(column < -_PIVOT, -column, 1.0)
        first = int(np.argmin(steps))
        if steps[first] >= value:
            self._table[:, -2:] += column[:, None] * value
            return
        step = float(steps[first])
        told = self._table[first, -2] / -column[first]
        self._table[:, -1] += column * step
        self._table[:, -2] += column * told
        self._table[first, -2:] = 0
        self._pivot(first, unknown)
        at = int(np.flatnonzero(self.basis == unknown)[0])
        self._table[at, -2:] = value - told, value - step

    def _pivot(self, leaves: int, enters: int) -> None:
        row = self._table[leaves] / self._table[leaves, enters]
        column = self._table[:, enters].copy()
        column[leaves] = 0
        scipy.linalg.blas.dger(-1.0, column, row, a=self._table, overwrite_a=True)
        self._table[leaves] = row
        self.basis[leaves] = enters
