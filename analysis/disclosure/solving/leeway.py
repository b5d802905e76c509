"""What can be seen without a programme: that the mean of a few can be moved by a level although nothing shown changes.

As if the distribution of whatever is shown were known, each level of an item is a system of its own over the finest cells:
its people add up to every shown cell's.  What can be so then, can be so all the more where only a number and a sum are
known.  Of each level one solution is made in which everybody is possible who may be; from it one walks along what changes
nothing that is shown until nobody of a cell is left.  The levels move apart from each other, so that a cell that can be
without either of two levels has a mean that moves by as much as lies between them.
"""

from __future__ import annotations

import numpy as np

from analysis.statistics.design import Bools, Floats

#: how wide what can be a mean of few must be, in levels, less what a computation may be wrong by
WIDE = 1 - 1e-6
#: people whom the first solution gives to every finest cell that may have some
_SOME = 1.0
#: people that count as none, and what a sum may be wrong by
_NOBODY, _WRONG = 1e-3, 1e-6
#: steps towards a solution, and the least part of anybody that one of them leaves
_STEPS, _LEFT = 3, 0.03
#: what the sums of a solution are wrong by that needs no further step
_SETTLED = 1e-10
_RIDGE = 1e-11


def narrow(columns: Floats, answers: Floats, of_cells: Floats) -> Bools:
    """(f,) whether nothing shows that the mean of a cell can move by a level.

    ``columns`` (R, m) of what is shown, none of which follows from the others; ``answers`` (R, L) respondents by finest cell
    and level; ``of_cells`` (R, f) the cells.
    """
    sums, products = answers.T @ columns, _products(columns)
    may = (sums < _NOBODY) @ columns.T < 0.5
    people, _ = _settled(columns, products, answers.T + _SOME * may, sums)
    least, most = _walked(columns, products, people, of_cells)
    left = width(least, most) < WIDE
    level, cell = np.nonzero((least > 0) & (left & ((most > 0).sum(axis=0) > 1)))
    if len(level):
        start = np.where(of_cells.T[cell] > 0, 0, people[level])
        _, wrong = _settled(columns, products, start, sums[level])
        least[level, cell] = np.where(wrong < _WRONG, 0, least[level, cell])
        left = width(least, most) < WIDE
    return np.asarray(left)


def width(least: Floats, most: Floats) -> Floats:
    """(f,) how far apart the means are that cells can have of which ``least`` to ``most`` (L, f) are of each level."""
    levels, more = np.arange(len(least), dtype=np.float64)[:, None], most - least
    return _highest(least, more, levels) + _highest(least[::-1], more[::-1], -levels[::-1])


def _highest(least: Floats, more: Floats, levels: Floats) -> Floats:
    """(f,) the highest mean, of levels (L, 1) in ascending order."""
    people = least.sum(axis=0) + np.cumsum(more[::-1], axis=0)
    total = (least * levels).sum(axis=0) + np.cumsum((more * levels)[::-1], axis=0)
    mean = np.where(people > _NOBODY, total / np.maximum(people, _NOBODY), -np.inf)
    return np.asarray(mean.max(axis=0))


def _products(columns: Floats) -> Floats:
    """(R, m · m) of the columns (R, m), each by each."""
    return (columns[:, :, None] * columns[:, None, :]).reshape(len(columns), -1)


def _gram(products: Floats, weight: Floats) -> Floats:
    """(k, m, m) of the columns whose ``products`` these are, weighted by (k, R)."""
    size = int(np.sqrt(products.shape[1]) + 0.5)
    result = (weight @ products).reshape(-1, size, size)
    at = np.arange(size)
    result[:, at, at] += _RIDGE * np.maximum(result[:, at, at].sum(axis=1), 1.0)[:, None]
    return np.asarray(result)


def _settled(columns: Floats, products: Floats, start: Floats, sums: Floats) -> tuple[Floats, Floats]:
    """Near ``start`` (k, R), what adds up to ``sums`` (k, m), and by how much it does not (k,); nobody stays nobody."""
    people = start
    for steps, least in ((_STEPS, _LEFT), (2, 0.0)):
        people = people if least else np.where(people < _NOBODY, 0, people)
        for _ in range(steps):
            left = sums - people @ columns
            if np.abs(left).max(initial=0) < _SETTLED:
                break
            price = np.linalg.solve(_gram(products, people), left[..., None])[..., 0]
            people = people * np.maximum(1 + price @ columns.T, least)
    return people, np.abs(people @ columns - sums).max(axis=1, initial=0)


def _walked(columns: Floats, products: Floats, people: Floats, of_cells: Floats) -> tuple[Floats, Floats]:
    """(L, f) how few, and how many, of a cell (R, f) a walk from ``people`` (L, R) reaches on the shortest way to nobody of
    it, and back, that leaves no less than nobody anywhere."""
    scaled = people[..., None] * columns
    free = -scaled @ np.linalg.solve(_gram(products, people**2), scaled.transpose(0, 2, 1))
    at = np.arange(len(of_cells))
    free[:, at, at] += 1
    size = int(of_cells.sum(axis=0).max(initial=0))
    rows = np.argsort(-of_cells, axis=0, kind="stable")[:size].T  # (f, size), the cell's own first
    mine = (np.take_along_axis(of_cells.T, rows, axis=1) > 0) & (people[:, rows] > 0)  # (L, f, size)
    block = np.where(mine[..., None] & mine[..., None, :], free[:, rows[:, :, None], rows[:, None, :]], 0)
    k = np.arange(size)
    block[..., k, k] += np.where(mine, _RIDGE, 1.0)
    pull = np.linalg.solve(block, np.where(mine, -1.0, 0.0)[..., None])
    walk = (free[:, rows].transpose(0, 1, 3, 2) @ pull)[..., 0]
    walk = np.where(people[:, None] > 0, walk, 0)
    now = people @ of_cells
    change = walk * people[:, None]
    moved = np.einsum("lfr,rf->lf", change, of_cells)  # less than 0
    wrong = np.abs(change @ columns).max(axis=2, initial=0)
    down, up = -walk.min(axis=2), walk.max(axis=2)
    fine = (wrong < _WRONG) & (down > _NOBODY) & (up > _NOBODY)
    least = np.where(fine, now + moved / np.maximum(down, 1.0), now)
    most = np.where(fine, now - moved / np.maximum(up, _NOBODY), now)
    return np.where(least < _NOBODY, 0, least), np.where(most < _NOBODY, 0, most)
