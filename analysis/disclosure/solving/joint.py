"""The tables of a street and those of its communities as one system, by one solution of it in which everybody is possible.

As in ``leeway`` the distribution of whatever is shown is taken as known, so that each level of an item is a system of its
own.  Communities have nothing in common but the street's sums: each is solved by itself, and what is left of the sums, a
matrix as wide as there are sums, ties them together (Schur complement).  So a street costs what its communities cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.disclosure.elimination import RANK, beyond_span, independent, spanned
from analysis.disclosure.solving.leeway import WIDE, width
from analysis.statistics.design import Bools, Floats, Ints

#: people whom the first solution gives to every finest cell that may have some
_SOME = 1.0
#: people that count as none, what a sum may be wrong by, and what a solution may be
_NOBODY, _WRONG, _EXACT = 1e-3, 1e-6, 1e-7
#: steps towards a solution with the least part of anybody that one of them leaves
_STEPS = ((5, 0.03), (3, 0.0))
#: what the sums of a solution are wrong by that needs no further step
_SETTLED = 1e-10
_RIDGE, _RIDGE_OF_SUMS = 1e-11, 1e-10


@dataclass(frozen=True)
class Part:
    """A community of a street: its finest cells' ``columns`` (R, C) of all cells and ``answers`` (R, L), which of them show
    their ``totals`` and ``spread`` (C,), and which cell of it each of the street's sums (E,) is, ``at``, or −1."""

    columns: Floats
    answers: Floats
    totals: Bools
    spread: Bools
    at: Ints

    def held(self, shown: Bools) -> Bools:
        """(E,) the sums of which the community has respondents that it does not show (``shown`` (C,))."""
        n = self.columns.T @ self.answers.sum(axis=1)
        return np.asarray((self.at >= 0) & (n[self.at] > 0.5) & ~shown[self.at])


class Joint:
    """``people``: by community (R, L) of a solution; ``ways``: by level and community (R, E) what a move along each sum that
    leaves the community's own tables alone changes, in parts of each people."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._told = [part.columns[:, part.totals] for part in parts]
        self._own = [told[:, independent(told, RANK)] if told.size else told[:, :0] for told in self._told]
        self._sums = [np.where(part.held(part.totals), part.columns[:, part.at], 0) for part in parts]
        first = np.append(0, np.cumsum([len(part.columns) for part in parts]))
        self._rows = [slice(int(a), int(b)) for a, b in pairwise(first)]
        self._people = self._solution(np.concatenate([part.answers for part in parts]).T)
        self._spans = [
            [spanned(x[rows, None] * told) for rows, told in zip(self._rows, self._told, strict=True)]
            for x in self._people
        ]
        self.ways = [
            [
                beyond_span(span, x[rows, None] * sums)
                for span, rows, sums in zip(spans, self._rows, self._sums, strict=True)
            ]
            for spans, x in zip(self._spans, self._people, strict=True)
        ]
        self._ties = [spanned(np.concatenate(ways)) for ways in self.ways]
        self._tied = [
            [self._of_ties(tie, x, b) for b in range(len(parts))]
            for tie, x in zip(self._ties, self._people, strict=True)
        ]

    def _of_ties(self, tie: Floats, x: Floats, block: int) -> tuple[Floats, Floats]:
        """(k,) by how much a move along each tie (people, k) alters a community's own tables, and (E, k) the street's sums."""
        change = tie[self._rows[block]] * x[self._rows[block], None]
        return np.abs(self._own[block].T @ change).max(axis=0, initial=0), self._sums[block].T @ change

    @property
    def people(self) -> list[Floats]:
        """By community (R, L) respondents by finest cell and level, who add up to all that is shown."""
        return [self._people[:, rows].T for rows in self._rows]

    def narrow(self, block: int, cells: Floats) -> Bools:
        """(f,) whether nothing shows that the mean of a cell (R, f) of a community can move by a level."""
        now = self._people[:, self._rows[block]] @ cells
        least, most = now.copy(), now.copy()
        for level, x in enumerate(self._people):
            some = np.flatnonzero(now[level] > _NOBODY)
            if not len(some):
                continue
            rows, mine = self._rows[block], cells[:, some]
            walk, along = self._walk(level, block, mine)
            change = walk[rows] * x[rows, None]
            moved = np.einsum("rf,rf->f", change, mine)  # less than 0
            down, up = -walk.min(axis=0), walk.max(axis=0)
            fine = (self._missed(level, block, change, along) < _WRONG) & (down > _NOBODY) & (up > _NOBODY)
            least[level, some[fine]] += (moved / np.maximum(down, 1.0))[fine]
            most[level, some[fine]] -= (moved / np.maximum(up, _NOBODY))[fine]
        return np.asarray(width(np.where(least < _NOBODY, 0, least), np.where(most < _NOBODY, 0, most)) < WIDE)

    def _walk(self, level: int, block: int, cells: Floats) -> tuple[Floats, Floats]:
        """(people, f) the shortest way, in parts of each people, to nobody of a cell of a community; of the others it goes so
        far along each tie, (k, f)."""
        rows, span, tie = self._rows[block], self._spans[level][block], self._ties[level]
        x, own = self._people[level], tie[rows]
        free = np.eye(len(span)) - span @ span.T - own @ own.T
        size = int(cells.sum(axis=0).max(initial=1))
        at = np.argsort(-cells, axis=0, kind="stable")[:size].T  # (f, size), the cell's own first
        mine = (np.take_along_axis(cells.T, at, axis=1) > 0) & (x[rows][at] > 0)
        square = np.where(mine[:, :, None] & mine[:, None, :], free[at[:, :, None], at[:, None, :]], 0)
        k = np.arange(size)
        square[:, k, k] += np.where(mine, _RIDGE, 1.0)
        pull = np.zeros_like(cells)
        np.put_along_axis(pull, at.T, np.linalg.solve(square, np.where(mine, -1.0, 0.0)[..., None])[..., 0].T, axis=0)
        along = -own.T @ pull
        walk = tie @ along
        walk[rows] = np.where(x[rows, None] > 0, walk[rows] + pull - span @ (span.T @ pull), 0)
        return walk, along

    def _missed(self, level: int, block: int, change: Floats, along: Floats) -> Floats:
        """(f,) by how much at most it alters what is shown that a community changes (R, f) and the others go ``along`` (k, f)."""
        own, sums = np.abs(self._own[block].T @ change).max(axis=0, initial=0), self._sums[block].T @ change
        for tables, tied in self._tied[level][:block] + self._tied[level][block + 1 :]:
            own = np.maximum(own, tables @ np.abs(along))
            sums = sums + tied @ along
        return np.asarray(np.maximum(own, np.abs(sums).max(axis=0, initial=0)))

    # ── A SOLUTION IN WHICH EVERYBODY IS POSSIBLE

    def _solution(self, given: Floats) -> Floats:
        """(L, people) near ``given`` and somebody wherever there may be somebody, of each level; else what is given."""
        told, tied = self._added(given)
        may = np.concatenate(
            [
                (own < 0.5) @ k.T + (tied < 0.5) @ c.T < 0.5
                for own, k, c in zip(told, self._own, self._sums, strict=True)
            ],
            axis=1,
        )
        people = given + _SOME * may
        for steps, least in _STEPS:
            people = people if least else np.where(people < _NOBODY, 0, people)
            for _ in range(steps):
                left, tied_left = self._left(people, told, tied)
                if max(*(np.abs(one).max(initial=0) for one in left), np.abs(tied_left).max(initial=0)) < _SETTLED:
                    break
                people = people * np.maximum(1 + self._prices(people, left, tied_left), least)
        left, tied_left = self._left(people, told, tied)
        wrong = np.max([np.abs(one).max(axis=1, initial=0) for one in (*left, tied_left)], axis=0)
        return np.where((wrong < _EXACT)[:, None], people, given)

    def _added(self, people: Floats) -> tuple[list[Floats], Floats]:
        """What people (L, n) add up to: of each community's own tables (L, m), and of the street's sums (L, E)."""
        own = [people[:, rows] @ k for rows, k in zip(self._rows, self._own, strict=True)]
        tied = [people[:, rows] @ c for rows, c in zip(self._rows, self._sums, strict=True)]
        return own, np.sum(tied, axis=0)

    def _left(self, people: Floats, told: Sequence[Floats], tied: Floats) -> tuple[list[Floats], Floats]:
        own, sums = self._added(people)
        return [one - other for one, other in zip(told, own, strict=True)], tied - sums

    def _prices(self, people: Floats, left: Sequence[Floats], tied_left: Floats) -> Floats:
        """(L, n) by what part everybody changes so that what is ``left`` is added, in one step of Newton's."""
        shares, solved, rest = [], [], tied_left
        ties = np.zeros((len(people), tied_left.shape[1], tied_left.shape[1]))
        for rows, k, c, one in zip(self._rows, self._own, self._sums, left, strict=True):
            weight = people[:, rows]
            gram = np.matmul(k.T, weight[:, :, None] * k)
            at = np.arange(gram.shape[1])
            gram[:, at, at] += _RIDGE * np.maximum(gram[:, at, at].sum(axis=1), 1.0)[:, None]
            weighted = weight[:, :, None] * c
            both = np.matmul(k.T, weighted)
            found = np.linalg.solve(gram, np.concatenate([both, one[..., None]], axis=2))
            shares.append(found[..., :-1])
            solved.append(found[..., -1])
            ties += np.matmul(c.T, weighted) - np.matmul(both.transpose(0, 2, 1), found[..., :-1])
            rest = rest - np.matmul(both.transpose(0, 2, 1), found[..., -1:])[..., 0]
        at = np.arange(ties.shape[1])
        ties[:, at, at] += _RIDGE_OF_SUMS * np.maximum(ties[:, at, at].max(axis=1, initial=0), 1.0)[:, None]
        price = np.linalg.solve(ties, rest[..., None])
        return np.concatenate(
            [
                (own - np.matmul(share, price)[..., 0]) @ k.T + price[..., 0] @ c.T
                for own, share, k, c in zip(solved, shares, self._own, self._sums, strict=True)
            ],
            axis=1,
        )
