"""The second stage of a two-stage sample laid under groups: what the spread within PSUs adds to a variance.

    V₂ = Σ_h f1_h Σ_i (1 − f2_hi) · m_hi/(m_hi − 1) · Σ_j (z_hij − z̄_hi)²

f1 the sampled share of the stratum's PSUs, m_hi of the PSU's M_hi SSUs in the sample, f2 = m/M, z the linearised variable
summed within SSUs, absent SSUs as zeros (Särndal, Swensson & Wretman 1992, result 4.3.1; R ``svydesign(ids = ~psu + ssu,
fpc = ~f1 + f2)``).  The first stage stays what it is in ``estimation``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.statistics.design import Bools, Design, Floats, Ints, SecondStage, sum_by


@dataclass(frozen=True)
class Within:
    """SSUs of groups: the m responses lie by (group, PSU, part, SSU).

    ``starts`` where each of the V (group, SSU) begins, None where a response is its own · ``first`` where each of the T
    (group, part) begins among those V, ``count`` how many it has · per (group, part) ``group``, ``units`` sampled in
    the part, ``share`` f1 of its stratum, ``unsampled`` 1 − f2.
    """

    starts: Ints | None
    first: Ints
    count: Ints
    group: Ints
    units: Floats
    share: Floats
    unsampled: Floats

    def _by_ssu(self, values: Floats) -> Floats:
        """(m,) values summed by (group, SSU): (V,)."""
        return values if self.starts is None else np.add.reduceat(values, self.starts)

    def open(self, mask: Bools, size: int) -> Bools:
        """(G,) whether responses of the mask (m,) are in a PSU of which SSUs were not drawn."""
        return self._any(mask, self.unknown, size)

    def alone(self, mask: Bools, size: int) -> Bools:
        """(G,) whether they are in one of which a single SSU was drawn, of several."""
        return self._any(mask, self.unknown & (self.units == 1), size)

    @property
    def unknown(self) -> Bools:
        """(T,) parts of which SSUs were not drawn, where that adds to the variance."""
        found: Bools = (self.share > 0) & (self.unsampled > 0)
        return found

    def _any(self, mask: Bools, parts: Bools, size: int) -> Bools:
        present = np.add.reduceat(self._by_ssu(mask.astype(np.float64)), self.first) > 0
        found: Bools = sum_by(self.group, (present & parts).astype(np.float64), size) > 0
        return found

    def variance(self, linearised: Floats, adjust: Bools) -> Floats:
        """(G,) what the second stage adds; a single SSU adds nothing, in groups that ``adjust`` (G,) its square (as R
        does)."""
        sums = self._by_ssu(linearised)
        mean = np.add.reduceat(sums, self.first) / self.units
        deviation = sums - np.repeat(mean, self.count)
        squares = np.add.reduceat(deviation * deviation, self.first) + (self.units - self.count) * mean * mean
        several = self.units > 1
        scale = np.where(several, self.unsampled * self.units / np.where(several, self.units - 1, 1.0), 0.0)
        if adjust.any():
            alone = adjust[self.group] & ~several & self.unknown
            squares, scale = np.where(alone, mean * mean, squares), np.where(alone, self.unsampled, scale)
        return sum_by(self.group, self.share * scale * squares, len(adjust))


def order_within(stage: SecondStage, rank: Ints) -> Ints:
    """The order of responses by (group, PSU), whose number is ``rank`` (m,), then by part and SSU."""
    ssu = np.zeros(len(rank), dtype=np.int64) if stage.unit is None else stage.unit
    return np.lexsort((ssu, stage.part, rank))


def lay_within(design: Design, stage: SecondStage, rank: Ints, group: Ints, stratum: Ints) -> Within:
    """The second stage of responses in the order of ``order_within``: (m,) all but the design, whose strata it needs."""
    part_new = _changes(rank, stage.part)
    ssu_new = np.ones(len(rank), dtype=bool) if stage.unit is None else part_new | _changes(stage.unit)
    starts = np.flatnonzero(ssu_new)
    first = np.flatnonzero(part_new[starts])
    begin = starts[first]
    part, home = stage.part[begin], stratum[begin]
    return Within(
        None if len(starts) == len(rank) else starts,
        first,
        np.diff(first, append=len(starts)),
        group[begin],
        stage.units[part],
        1.0 - design.unsampled[home],
        stage.unsampled[part],
    )


def _changes(*keys: Ints) -> Bools:
    """(m,) whether one of the keys differs from the response before."""
    new = np.zeros(len(keys[0]), dtype=bool)
    new[:1] = True
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    return new
