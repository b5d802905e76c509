"""How wide what a few can have answered stays, whoever solves all that is shown of a community as one system.

Unknown are the respondents by finest cell and level, in any fraction and never less than none; an equation is a shown
distribution, or a shown number and sum of levels.  The mean of a held-back cell is a ratio of two sums of them: its ends
are found by linear programmes (``tableau``).  Most cells need none (``leeway``).  What stays narrow is opened at the cheapest of the shown cells that its programmes rest on (those whose
price is not 0, or that alone say that nobody gave an answer), one after another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.disclosure.blocks import SEX_STAYS
from analysis.disclosure.elimination import NEVER, RANK, independent, ranked
from analysis.disclosure.family import Cells
from analysis.disclosure.solving.leeway import WIDE, narrow
from analysis.disclosure.solving.others import Pool
from analysis.disclosure.solving.tableau import Tableau, Unbounded
from analysis.statistics.design import Bools, Floats, Ints

#: a price that counts as none
_NOTHING = 1e-6
#: people that count as none
_NOBODY = 1e-6
#: of shown people, what counts as none
_LITTLE = 1e-3
#: how much later a cell without a distribution is taken as told than one with
_LATER = 1e-3
#: cells of which it takes longer to solve a programme each than to look first which of them need none
_MANY = 12


class Told:
    """What is shown of a block as equations: ``answers`` (R, L) of its finest cells, ``columns`` (R, C) of all cells, those
    of which ``totals`` and ``spread`` (C,) are shown; what costs most (``cost`` (C,)) is taken as told first."""

    def __init__(self, columns: Floats, answers: Floats, totals: Bools, spread: Bools, cost: Floats) -> None:
        self._columns, self._answers, self._totals, self._spread, self._cost = columns, answers, totals, spread, cost
        self._levels = np.arange(answers.shape[1], dtype=np.float64)
        self.shown = _independent(columns, totals, spread, cost)
        self._programme: Tableau | None = None
        self._found = [answers.ravel()]
        self._rests: list[tuple[Floats, Ints]] = []
        self._sets: list[Ints] | None = None  # what those rest on, once it is asked for

    def narrow(self, cells: Ints) -> Ints:
        """Those of ``cells`` of which it takes programmes to say whether the mean can move by a level."""
        return cells[narrow(self._columns[:, self.shown], self._answers, self._columns[:, cells])]

    def _lay_out(self) -> Tableau:
        levels, whole = len(self._levels), self._spread[self.shown]
        exact, rest = self.shown[whole], self.shown[~whole]
        rows = np.zeros((len(exact) * levels + 2 * len(rest), len(self._columns), levels))
        one = np.arange(levels)
        rows[: len(exact) * levels].reshape(len(exact), levels, len(self._columns), levels)[:, one, :, one] = (
            self._columns[:, exact].T
        )
        rows[len(exact) * levels : len(rows) - len(rest)] = self._columns[:, rest].T[:, :, None]
        rows[len(rows) - len(rest) :] = self._columns[:, rest].T[:, :, None] * self._levels
        whole_rows, given = rows.reshape(len(rows), -1), self._answers.ravel()
        some = whole_rows @ given > _LITTLE
        self._may = ~whole_rows[~some].any(axis=0)
        self._of = np.concatenate([np.repeat(exact, levels), rest, rest])[some]
        self._rows = whole_rows[some]
        return Tableau(self._rows[:, self._may], given[self._may])

    def width(self, cell: int) -> float:
        """How wide the mean of a cell is; without limit if that is as much as ``WIDE``."""
        if self._programme is None:
            self._programme = self._lay_out()
        people, total = self._of_cell(cell)
        self._rests, self._sets = [], None
        low, high = self._seen(people, total)
        try:
            if high - low < WIDE:
                high = self._end(people, total, high, 1.0, low + WIDE)
            if high - low < WIDE:
                low = self._end(people, total, low, -1.0, high - WIDE)
        except Unbounded:
            return np.inf
        return np.inf if high - low >= WIDE else high - low

    def _seen(self, people: Floats, total: Floats) -> tuple[float, float]:
        """The least and the highest mean of a cell in the solutions that were found."""
        found = np.array(self._found)
        n = found @ people
        means = (found @ total)[n > _NOBODY] / n[n > _NOBODY]
        return float(means.min()), float(means.max())

    def _end(self, people: Floats, total: Floats, mean: float, sign: float, enough: float) -> float:
        """The highest mean of a cell, or (``sign`` −1) the least, from one that it can have, or one that is ``enough``."""
        assert self._programme is not None
        end = self._programme.end(people[self._may], total[self._may], mean, sign, enough)
        if end != mean:
            found = np.zeros(len(people))
            found[self._may] = self._programme.solution
            self._found.append(found)
        self._rests.append((sign * (end * people - total), self._programme.basis.copy()))
        return end

    def opens(self, helps: Bools, held: Bools) -> Ints:
        """The cells to hold back, of those that ``helps`` (C,), so that the last mean that was looked at is less narrow:
        the cheapest that an end of it rests on, beside those that are ``held`` back already; none where nothing helps."""
        best: tuple[float, Ints] = np.inf, np.empty(0, dtype=np.int64)
        if self._sets is None:
            self._sets = [cells for cost, basis in self._rests for cells in self._supports(cost, basis)]
        for cells in self._sets:
            price = float(self._cost[cells[~held[cells]]].sum()) if helps[cells].all() else np.inf
            best = min(best, (price, cells), key=lambda one: one[0])
        return best[1]

    def _supports(self, cost: Floats, basis: Ints) -> list[Ints]:
        """What the end of a programme rests on: each of the sets of cells that it would not be the end without."""
        at = np.flatnonzero(self._may)[basis]
        if len(basis) < len(self._rows):
            self._leave_out(at)
        prices = np.linalg.solve(self._rows[:, at].T, cost[at])
        result = [np.array([c]) for c in np.unique(self._of[np.abs(prices) > _NOTHING])]
        beyond = np.flatnonzero(~self._may & (cost - prices @ self._rows < -_NOTHING))
        if len(beyond):
            given = self._columns.T @ self._answers
            total = given @ self._levels
            nobody = np.where(self._spread[:, None], given < _LITTLE, False)
            last = self._levels[-1] * given.sum(axis=1)
            nobody[:, 1:] |= (self._totals & (total < _LITTLE))[:, None]
            nobody[:, :-1] |= (self._totals & (total > last - _LITTLE))[:, None]
            for row, level in zip(*np.divmod(beyond, len(self._levels)), strict=True):
                result.append(np.flatnonzero(nobody[:, level] & (self._columns[row] > 0)))
        return result

    def _leave_out(self, basis: Ints) -> None:
        """Equations that follow from the others, of unknowns that solve them; the programme rests on the others."""
        own = np.sort(independent(self._rows[:, basis].T, 0.0)[: len(basis)])
        self._rows, self._of = self._rows[own], self._of[own]

    def _of_cell(self, cell: int) -> tuple[Floats, Floats]:
        """(u,) 1 for the unknowns of a cell, and their levels."""
        members = self._columns[:, cell]
        return _spread_out(members, np.ones_like(self._levels)), _spread_out(members, self._levels)


def widened(
    cells: Cells, answers: Floats, totals: Bools, spread: Bools, few: Bools, cost: Floats
) -> tuple[Bools, Bools]:
    """What still shows its totals, and its distribution (C,), so that no mean of a cell of ``few`` (C,) is known to less than
    a level.  Where only everybody makes it so, or from fifty people on women and men, it stays so, and so does what lies in
    a shown group that says that all in it answer alike.

    ``answers`` (R, L) respondents by finest cell and level; ``cost`` (C,) of holding a cell back.
    """
    there = answers.sum(axis=1) > 0
    return _opened(cells.columns[there], answers[there], totals, spread & totals, few, cost, _goes(cells, answers))


def _goes(cells: Cells, answers: Floats) -> list[Bools]:
    """The cells (C,) that may be held back first, and those only where nothing of the first helps."""
    if answers.sum() < SEX_STAYS - 0.5 and not cells.context.any():  # of a solution the sum may miss a little
        return [~cells.stays, cells.level > 0]
    return [~cells.stays]


@dataclass(frozen=True)
class Sums:
    """What a street shows of the sums that a community takes part in: which cell of it each is, ``at`` (E,) or −1, which show
    their ``totals`` and ``spread`` (E,), and what it costs to hold each back; ``pool`` is what the others leave open."""

    at: Ints
    totals: Bools
    spread: Bools
    cost: Floats
    pool: Pool


def widened_beside(
    cells: Cells,
    answers: Floats,
    totals: Bools,
    spread: Bools,
    few: Bools,
    cost: Floats,
    sums: Sums,
) -> tuple[tuple[Bools, Bools], tuple[Bools, Bools]]:
    """The same where the street's sums are known, too: what the community (C,) and what the street (E,) still show.

    ``answers`` (R, L) respondents by finest cell and level of one solution of both (``Joint.people``)."""
    own, size, pool = cells.columns, len(cells.key), sums.pool
    street = np.where(sums.at >= 0, own[:, sums.at], 0)
    columns = np.block(
        [
            [own, street, np.zeros((len(street), pool.lines.shape[1]))],
            [np.zeros((len(pool.people), size)), pool.sums, pool.lines],
        ]
    )
    more = columns.shape[1] - size
    # beside a context the street's are decided without it
    ours = (np.arange(more) < len(sums.at)) & ~cells.context.any()
    everybody = np.concatenate([answers, pool.people])
    there = everybody.sum(axis=1) > 0
    pooled = np.ones(more - len(sums.at), dtype=bool)
    nothing = np.zeros(more, dtype=bool)
    left = _opened(
        columns[there],
        everybody[there],
        np.concatenate([totals, sums.totals, pooled]),
        np.concatenate([spread & totals, sums.spread & sums.totals, pooled]),
        np.append(few, nothing),
        np.concatenate([cost, sums.cost, np.full(more - len(sums.at), NEVER)]),
        [np.append(one, ours) for one in _goes(cells, answers)],
        size,
    )
    of_street = slice(size, size + len(sums.at))
    return (left[0][:size], left[1][:size]), (left[0][of_street], left[1][of_street])


def _opened(
    columns: Floats,
    answers: Floats,
    totals: Bools,
    spread: Bools,
    few: Bools,
    cost: Floats,
    goes: Sequence[Bools],
    own: int | None = None,
) -> tuple[Bools, Bools]:
    """What still shows its totals, and its distribution (C,); of what is held back each of ``goes`` (C,) only where nothing
    of those before it helps.  The first ``own`` cells are of respondents, the others of a pool, too."""
    totals, spread = totals.copy(), spread.copy()
    looked, real = np.zeros_like(totals), np.arange(len(totals)) < (len(totals) if own is None else own)
    told = Told(columns, answers, totals, spread, cost)
    while True:
        # what lay in a group that said that all in it answer alike, and is held back by now, lies there no more
        open_ = _distinct(columns, np.flatnonzero(few & ~looked), _alike(columns.T @ answers, totals & real, spread))
        looked[open_] = True
        if not totals.any() or not len(open_):
            return totals, spread
        open_ = told.narrow(open_) if len(open_) > _MANY else open_
        while len(open_):
            held, left = np.zeros_like(totals), []
            for cell in open_.tolist():
                narrow_ = told.width(cell) < WIDE
                some = next((s for g in goes if narrow_ and len(s := told.opens(g & totals, held))), None)
                if some is not None:
                    held[some] = True
                    left.append(cell)
            open_ = np.array(left, dtype=np.int64)
            if len(open_):
                totals, spread = np.where(held, spread, totals), spread & ~held
                told = Told(columns, answers, totals, spread, cost)


def _spread_out(members: Floats, levels: Floats) -> Floats:
    """(R · L,) of members (R,), each level's weight (L,)."""
    return np.asarray(members[:, None] * levels).ravel()


def _alike(given: Floats, totals: Bools, spread: Bools) -> Bools:
    """(C,) shown cells that say that all in them answer alike, of answers (C, L)."""
    ends = (given[:, 1:] < 0.5).all(axis=1) | (given[:, :-1] < 0.5).all(axis=1)
    return np.asarray(((given > 0.5).sum(axis=1) == 1) & totals & (spread | ends))


def _distinct(columns: Floats, cells: Ints, alike: Bools) -> Ints:
    """The cells (of columns (R, C)) that hold somebody, each people once; none inside of one that is ``alike`` (C,)."""
    number = {columns[:, c].tobytes(): c for c in cells.tolist() if columns[:, c].any()}
    found = np.array([*number.values()], dtype=np.int64)
    outside = columns[:, found].T @ (1 - columns[:, alike])
    return found[(outside > 0.5).all(axis=1)]


def _independent(columns: Floats, totals: Bools, spread: Bools, cost: Floats) -> Ints:
    """Shown cells that do not follow from the others: distributions first, of each the dearest first."""
    shown = np.flatnonzero(totals)
    first = shown[np.lexsort((-cost[shown], ~spread[shown]))]
    scale = ranked(len(first)) * np.where(spread[first], 1.0, _LATER)
    return np.asarray(first[independent(columns[:, first] * scale, RANK)])
