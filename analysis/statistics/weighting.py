"""Weights that make samples agree with their populations, for any number of areas at once.

Everything happens on the table of cells (area × classes of every margin), which is small however many responses
there are; a response then takes the factor of its cell.  Raking is iterative proportional fitting (Deming &
Stephan 1940); with a single margin it ends after one step and is post-stratification (Holt & Smith 1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from analysis.statistics.design import Bools, Floats, Ints, sum_by
from survey.core.lazily import cached_property

#: largest relative difference from the population that counts as agreement
TOLERANCE = 1e-12
_ROUNDS, _AT_ONCE, _TRIMS = 1000, 10, 50


@dataclass(frozen=True)
class Margin:
    """One margin of A areas with L categories each.

    ``classes`` (A, L) 0 … L−1, the class that a category belongs to once small ones are merged · ``target``
    (A, L) population by class, 0 in the places that no class uses.
    """

    classes: Ints
    target: Floats


@dataclass(frozen=True)
class Calibrated:
    """``weight`` (n,), those of areas without agreement as they came · (A,): ``gap`` largest relative difference
    from the population, ``trimmed`` responses at the limit, ``missed`` the limit stands in the way of agreement.
    """

    weight: Floats
    gap: Floats
    trimmed: Ints
    missed: Bools


def merged(n: Floats, population: Floats, least: float) -> Ints:
    """Classes (A, L) of categories in their order, each with at least ``least`` responses and some population.

    From the last category down, one that is too small goes with the category before it; what is left too small
    at the first goes with the class above.  ``n``, ``population`` (A, L); a category with neither (``population``
    NaN or 0 and no response) goes along with its neighbour.
    """
    areas, length = n.shape
    classes = np.zeros((areas, length), dtype=np.int64)
    people, known, place = np.zeros(areas), np.zeros(areas), np.full(areas, length)
    opened = np.zeros(areas, dtype=bool)
    for category in range(length - 1, -1, -1):
        counted = np.nan_to_num(population[:, category])
        there = (n[:, category] > 0) | (counted > 0)
        new = there & (~opened | ((people >= least) & (known > 0)))
        place = np.where(new, place - 1, np.minimum(place, length - 1))
        people = np.where(new, 0.0, people) + n[:, category]
        known = np.where(new, 0.0, known) + counted
        opened |= there
        classes[:, category] = place
    short = opened & ((people < least) | (known <= 0))
    joined: Ints = np.where(short[:, None] & (classes == place[:, None]), classes + 1, classes)
    joined[joined > length - 1] = length - 1
    return joined


def rake(table: Floats, margins: Sequence[Margin]) -> tuple[Floats, Floats]:
    """Factors (A, L₁ … Lₖ) by which a table of weights agrees with every margin, and the gap (A,) that is left.

    R: ``loglin(population, margin, start = table)`` or ``rake``.
    """
    factor, gap = np.ones(table.shape), np.zeros(len(table))
    todo = np.arange(len(table))
    for _ in range(_ROUNDS // _AT_ONCE):
        part, mine = table[todo] * factor[todo], [Margin(m.classes[todo], m.target[todo]) for m in margins]
        before = part.copy()
        for _ in range(_AT_ONCE):
            for axis, margin in enumerate(mine, 1):
                part *= _ratio(part, axis, margin)
        with np.errstate(divide="ignore", invalid="ignore"):
            factor[todo] *= np.where(before > 0, part / before, 1.0)
        gap[todo] = np.max([_gap(part, axis, margin) for axis, margin in enumerate(mine, 1)], axis=0)
        todo = todo[gap[todo] > TOLERANCE]
        if not len(todo):
            break
    return factor, gap


def _class_sums(table: Floats, axis: int, margin: Margin) -> tuple[Floats, Ints]:
    """(A, L) sums by class, and the flat place of each category's class."""
    sums = table.sum(axis=tuple(a for a in range(1, table.ndim) if a != axis))
    areas, length = sums.shape
    place = np.arange(areas)[:, None] * length + margin.classes
    return sum_by(place.ravel(), sums.ravel(), areas * length).reshape(areas, length), place


def _ratio(table: Floats, axis: int, margin: Margin) -> Floats:
    """Population over sample of each category's class, in the shape of the table."""
    sums, place = _class_sums(table, axis, margin)
    ratio = np.where(sums > 0, margin.target / np.where(sums > 0, sums, 1.0), 1.0).ravel()[place]
    shape = [len(ratio), *([1] * (table.ndim - 1))]
    shape[axis] = ratio.shape[1]
    return np.asarray(ratio.reshape(shape), dtype=np.float64)


def _gap(table: Floats, axis: int, margin: Margin) -> Floats:
    sums, _ = _class_sums(table, axis, margin)
    return np.asarray(np.max(np.abs(sums - margin.target) / np.where(margin.target > 0, margin.target, 1.0), axis=1))


def calibrate(
    weight: Floats, cell: Ints, shape: tuple[int, ...], margins: Sequence[Margin], trim: float | None = None
) -> Calibrated:
    """Weights (n,) that agree with the margins.

    ``cell`` (n,) the flat place of a response in a table of ``shape`` (A, L₁ … Lₖ), −1 outside of it.  ``trim``
    caps a weight at so many times the mean of its area and rakes the others again until both hold; where they
    can't, the cap stands and what it takes away is spread over the other weights (``missed``).
    R: ``rake(design, sample.margins, population.margins)``, with ``trimWeights`` between rounds.
    """
    rows = np.flatnonzero(cell >= 0)
    whole = len(rows) == len(cell)
    base, place = (weight, cell) if whole else (weight[rows], cell[rows])
    each = int(np.prod(shape[1:]))
    factor, gap = rake(_table(base, place, shape), margins)
    failed = gap > max(TOLERANCE, 1e-9)
    factor[failed] = 1.0
    new = base * factor.ravel()[place]
    trimmed, missed = np.zeros(shape[0], dtype=np.int64), np.zeros(shape[0], dtype=bool)
    if trim is not None:
        area = place // each
        new, trimmed, missed = _trimmed(new, area, place, shape, margins, trim, failed)
    if whole:
        return Calibrated(new, gap, trimmed, missed)
    result = weight.copy()
    result[rows] = new
    return Calibrated(result, gap, trimmed, missed)


def _table(weight: Floats, place: Ints, shape: tuple[int, ...]) -> Floats:
    return sum_by(place, weight, int(np.prod(shape))).reshape(shape)


def _trimmed(
    weight: Floats,
    area: Ints,
    place: Ints,
    shape: tuple[int, ...],
    margins: Sequence[Margin],
    trim: float,
    failed: Bools,
) -> tuple[Floats, Ints, Bools]:
    """Weights capped at ``trim`` times the mean of their area, responses at the cap, areas that miss the margins.

    What is capped stays at the cap and the others are raked to what is left of the population, until no other
    is above it.
    """
    areas = shape[0]
    total, n = sum_by(area, weight, areas), np.bincount(area, minlength=areas)
    cap = trim * total / np.maximum(n, 1)
    limit = cap[area] * (1 + 1e-12)
    held, missed = np.zeros(len(weight), dtype=bool), failed.copy()
    for _ in range(_TRIMS):
        over = (weight > limit) & ~held & ~missed[area]
        if not over.any():
            break
        busy = np.flatnonzero(np.bincount(area[over], minlength=areas))
        held |= over
        weight = np.where(over, cap[area], weight)
        factor, gap = np.ones(shape), np.zeros(areas)
        free, fixed = (_table(np.where(mask, weight, 0.0), place, shape)[busy] for mask in (~held, held))
        left = [_left(margin, fixed, axis, busy) for axis, margin in enumerate(margins, 1)]
        factor[busy], gap[busy] = rake(free, left)
        missed |= gap > 1e-9
        weight = np.where(held | missed[area], weight, weight * factor.ravel()[place])
    missed = (missed | (np.bincount(area[weight > limit], minlength=areas) > 0)) & ~failed
    weight = _spread(weight, area, cap, total, missed)
    at_cap = (weight >= cap[area] * (1 - 1e-9)) & ~failed[area]
    return weight, np.bincount(area[at_cap], minlength=areas), missed


def _left(margin: Margin, fixed: Floats, axis: int, busy: Ints) -> Margin:
    """What a table of fixed weights leaves of the population of these areas; never less than nothing."""
    mine = Margin(margin.classes[busy], margin.target[busy])
    return replace(mine, target=np.maximum(mine.target - _class_sums(fixed, axis, mine)[0], 0.0))


def _spread(weight: Floats, area: Ints, cap: Floats, total: Floats, missed: Bools) -> Floats:
    """Cap the weights of these areas; what that takes away goes to their other weights in proportion."""
    areas = len(cap)
    for _ in range(_TRIMS if missed.any() else 0):
        over = missed[area] & (weight >= cap[area])
        weight = np.where(over, cap[area], weight)
        held = np.bincount(area, weight * over, areas)
        free = np.bincount(area, weight * ~over, areas)
        grow = np.where(missed & (free > 0), (total - held) / np.where(free > 0, free, 1.0), 1.0)
        weight = np.where(over, weight, weight * grow[area])
        if not (missed[area] & (weight > cap[area] * (1 + 1e-9))).any():
            break
    return np.where(missed[area], np.minimum(weight, cap[area]), weight)


def design_effect(weight: Floats, area: Ints, areas: int) -> tuple[Floats, Floats]:
    """Design effect of unequal weights n Σw² / (Σw)² (Kish 1965, eq. 8.2.5) and effective n, by area; NaN where empty.

    R: ``n * sum(w^2) / sum(w)^2``.
    """
    rows = np.flatnonzero((area >= 0) & (weight > 0))
    n = np.bincount(area[rows], minlength=areas).astype(np.float64)
    total, squares = (np.bincount(area[rows], v[rows], areas) for v in (weight, weight * weight))
    effect = np.where(n > 0, n * squares / np.square(np.where(n > 0, total, 1.0)), np.nan)
    effective: npt.NDArray[np.float64] = n / np.where(n > 0, effect, np.nan)
    return effect, effective


# ── What calibration to a population does to a standard error: residuals within the classes that were weighted up


#: rounds of margin means after raking, as in R ``svyrecvar``
ROUNDS = 10


@dataclass(frozen=True)
class Calibration:
    """The classes of n responses.

    ``cell``     (n,) 0 … C−1, the combination of classes that a response belongs to.
    ``classes``  per margin (C,) 0 … K−1, −1 for the cells of a group that was not calibrated.
    ``base``     (n,) weight of a response in the mean of its class; None: 1 each.
    """

    cell: Ints
    classes: tuple[Ints, ...]
    base: Floats | None = None

    def take(self, rows: Ints | None) -> Calibration:
        """The same for some of the responses."""
        if rows is None:
            return self
        return replace(self, cell=self.cell[rows], base=None if self.base is None else self.base[rows])

    @cached_property
    def _size(self) -> Floats:
        """(C,) weight of each cell in the class means."""
        base = np.ones(len(self.cell)) if self.base is None else self.base
        return sum_by(self.cell, base, len(self.classes[0]))

    @cached_property
    def _sizes(self) -> Sequence[Floats]:
        """Per margin (K,) weight of each class, at least a trifle so that it divides."""
        return [np.maximum(_sums(c, self._size), np.finfo(float).tiny) for c in self.classes]

    def residual(self, linearised: Floats, weight: Floats) -> Floats:
        """(n,) linearised values less ``weight`` times the means of their classes."""
        each = linearised / weight
        return linearised - weight * self.means(self.cell_sums(each))[self.cell]

    def cell_sums(self, values: Floats) -> Floats:
        """(C,) values (n,) summed by cell as they count in the means of classes."""
        return sum_by(self.cell, values if self.base is None else values * self.base, len(self._size))

    def means(self, left: Floats) -> Floats:
        """(C,) what the classes of a cell take from each of its responses, from ``cell_sums``."""
        taken = np.zeros(len(left))
        for _ in range(ROUNDS if len(self.classes) > 1 else 1):
            for classes, size in zip(self.classes, self._sizes, strict=True):
                mean = (_sums(classes, left) / size)[classes]
                step = np.where(classes >= 0, mean, 0.0)
                taken += step
                left = left - self._size * step
        return taken


def _sums(classes: Ints, values: Floats) -> Floats:
    """(K + 1,) cell values summed by class; the last place takes what is in none."""
    last = int(classes.max(initial=-1)) + 1
    return sum_by(np.where(classes >= 0, classes, last), values, last + 1)
