"""What calibration to a population does to a standard error: residuals within the classes that were weighted up.

A calibrated weight makes the sample agree with known population counts, so only what the classes do not
explain varies from sample to sample (Deville & Särndal 1992, eq. 3.4).  The residuals are R ``survey``'s own:
after ``postStratify`` one mean a class with the weights from before, after ``rake`` ten rounds of plain means
over each margin in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.design import Floats, Ints, sum_by

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
        left = sum_by(self.cell, each if self.base is None else each * self.base, len(self._size))
        taken = np.zeros(len(left))
        for _ in range(ROUNDS if len(self.classes) > 1 else 1):
            for classes, size in zip(self.classes, self._sizes, strict=True):
                mean = (_sums(classes, left) / size)[classes]
                step = np.where(classes >= 0, mean, 0.0)
                taken += step
                left = left - self._size * step
        return linearised - weight * taken[self.cell]


def _sums(classes: Ints, values: Floats) -> Floats:
    """(K + 1,) cell values summed by class; the last place takes what is in none."""
    last = int(classes.max(initial=-1)) + 1
    return sum_by(np.where(classes >= 0, classes, last), values, last + 1)
