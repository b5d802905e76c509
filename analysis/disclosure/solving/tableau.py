"""How high and how low a ratio of two sums can be, over one set of equations, one after another from where the last one ended.

The simplex method (Dantzig 1963) on a dense tableau: programmes of a community are so small that starting a solver takes
longer than solving, and all of them have the equations in common and a solution to begin with, the answers that were given.
Numerator and denominator are rows of the tableau, so that each step goes by the ratio that the last one reached (Martos
1964).  A little is added to the basic unknowns so that no step has length 0 (perturbation after Charnes 1952); what is
reported is without it.
"""

from __future__ import annotations

import numpy as np
import scipy

from analysis.statistics.design import Floats, Ints

#: what counts as nothing: of a pivot, of a price, of a denominator
_PIVOT, _PRICE, _NOBODY = 1e-9, 1e-7, 1e-6
#: a pivot that says that an equation follows from others, relative to the largest
_RANK = 1e-7
#: what is added to the basic unknowns, at most
_LITTLE = 1e-5
#: steps after which a programme is given up
_STEPS = 2000


class Unbounded(ArithmeticError):
    """A programme has no end, or came to none."""


class Tableau:
    """``rows`` (m, u) times unknowns, none less than 0, are what they are for ``given`` (u,)."""

    def __init__(self, rows: Floats, given: Floats) -> None:
        # unknowns of whom most are given first: then little of them is beside the basis
        scale = np.maximum(given, 1e-3)
        self.basis, beside, shares = _solved(rows * scale)
        rank, size = len(self.basis), rows.shape[1]
        #: by basic unknown, then denominator and numerator; by unknown, then what the basic ones are, and a little more
        self._whole = np.zeros((rank + 2, size + 2))
        self._table = self._whole[:rank]
        self._table[:, beside] = shares / scale[beside] * scale[self.basis][:, None]
        self._table[np.arange(rank), self.basis] = 1
        little = _LITTLE * (0.5 + np.random.default_rng(rank).random(rank) / 2)
        self._table[:, -2] = given[self.basis]
        self._table[:, -1] = given[self.basis] + little
        self._settle(given, beside)

    @property
    def solution(self) -> Floats:
        """(u,) the unknowns as they are now."""
        result = np.zeros(self._table.shape[1] - 2)
        result[self.basis] = self._table[:, -2]
        return result

    def end(self, people: Floats, total: Floats, mean: float, sign: float, enough: float) -> float:
        """The highest that ``total`` by ``people`` (u,) can be, or (``sign`` −1) the least, from a ``mean`` that it can be;
        no further than one that is ``enough``.  Raises Unbounded."""
        size = len(self.basis)
        for row, weight in ((size, people), (size + 1, total)):
            self._whole[row] = -(weight[self.basis] @ self._table)
            self._whole[row, :-2] += weight
            self._whole[row, self.basis] = 0
        denominator, numerator = self._whole[size], self._whole[size + 1]
        for _ in range(_STEPS):
            if denominator[-2] < -_NOBODY:
                reached = float(numerator[-2] / denominator[-2])
                mean = reached if sign * (reached - mean) > 0 else mean
            price = sign * (mean * denominator[:-2] - numerator[:-2])
            enters = int(price.argmin())
            if price[enters] >= -_PRICE or sign * (enough - mean) <= 0:
                return mean
            column = self._table[:, enters]
            some = (column > _PIVOT).nonzero()[0]
            if not len(some):
                break
            self._pivot(int(some[(self._table[some, -1] / column[some]).argmin()]), enters)
        raise Unbounded

    def _settle(self, given: Floats, beside: Ints) -> None:
        """The unknowns ``beside`` the basis go to 0, all of them in step; where a basic one does first, one of them takes its
        place."""
        inside = np.zeros((len(given), 2))  # as it is, and with the little more
        inside[beside] = given[beside, None]
        while inside.any():
            gain = self._table[:, :-2] @ inside
            down = (gain[:, 1] < -_PRICE).nonzero()[0]
            parts = self._table[down, -1] / -gain[down, 1]
            at = int(parts.argmin()) if len(down) else -1
            if at < 0 or parts[at] >= 1:
                self._table[:, -2:] += gain
                return
            first, part = int(down[at]), np.full(2, parts[at])
            if gain[first, 0] < 0:
                part[0] = min(self._table[first, -2] / -gain[first, 0], 1.0)
            self._table[:, -2:] += gain * part
            inside *= 1 - part
            enters = int((self._table[first, :-2] * inside[:, 1]).argmin())
            self._table[first, -2:] = 0
            self._pivot(first, enters)
            self._table[first, -2:] = inside[enters]
            inside[enters] = 0

    def _pivot(self, leaves: int, enters: int) -> None:
        row = self._table[leaves] / self._table[leaves, enters]
        column = self._whole[:, enters].copy()
        column[leaves] = 0
        scipy.linalg.blas.dger(-1.0, row, column, a=self._whole.T, overwrite_a=True)
        self._table[leaves] = row
        self.basis[leaves] = enters


def _solved(rows: Floats) -> tuple[Ints, Ints, Floats]:
    """Unknowns (r,) by which equations (m, u) are solved, large ones first, the others (u − r,), and by how much an other
    one changes each of them (r, u − r)."""
    size = len(rows)
    if 0 < size <= rows.shape[1]:
        factors, swaps, _ = scipy.linalg.lapack.dgetrf(rows.T)
        pivots = np.abs(np.diag(factors))
        if pivots.min() > _RANK * pivots.max():  # none of them follows from the others
            order = np.arange(rows.shape[1])
            for i, other in enumerate(swaps.tolist()):
                order[i], order[other] = order[other], order[i]
            shares, _ = scipy.linalg.lapack.dtrtrs(factors[:size], factors[size:].T, lower=1, trans=1, unitdiag=1)
            return order[:size], order[size:], np.asarray(shares)
    upper, turned = scipy.linalg.qr(rows, mode="r", pivoting=True, check_finite=False)
    pivots = np.abs(np.diag(upper))
    rank = int((pivots > _RANK * pivots.max(initial=0.0)).sum())
    shares = scipy.linalg.solve_triangular(upper[:rank, :rank], upper[:rank, rank:], check_finite=False)
    return turned[:rank].astype(np.int64), turned[rank:].astype(np.int64), np.asarray(shares)
