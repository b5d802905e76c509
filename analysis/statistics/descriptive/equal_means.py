"""Whether groups differ at all: one test that the means of all groups of an area are the same.

A Wald test as an F: with d the G − 1 differences of the means and V their covariance over the sampling design,
F = d′V⁻¹d / (G − 1) on G − 1 and df − (G − 1) degrees of freedom, df the PSUs less the strata of all groups together.
R: ``regTermTest(svyglm(x ~ factor(g), design), ~factor(g))`` of survey 4.1-1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from analysis.statistics.descriptive.covariance import linear, of_influences, of_units
from analysis.statistics.design import Bools, Floats, Ints, sum_by
from analysis.statistics.estimation import NOISE, Base, Domains, base_of, linearise

#: the smallest part of the largest that an eigenvalue may be where differences are not one told twice
_RANK = 1e-10


@dataclass(frozen=True)
class Equal:
    """By area (L,): ``statistic`` F, ``df1``, ``df2`` and p; NaN where fewer than two groups are there, where a stratum has one
    PSU, and where too few PSUs stand beside the groups.  Where everybody was asked p is 1 or 0, and there is no statistic."""

    statistic: Floats
    df1: Floats
    df2: Floats
    p: Floats


def equal_means(domains: Domains, slot: Ints, values: Floats, there: Bools) -> Equal:
    """The test in every area of ``domains``; ``slot`` (m,) 0 … S−1 the group of a response in its area, ``values`` (m,) read
    only where a response is ``there`` (m,), which says who answered in a group that takes part.

    R: ``regTermTest(svyglm(x ~ factor(g), design), ~factor(g))``.
    """
    size = int(slot.max(initial=-1)) + 1
    whole = base_of(domains, there)
    place = domains.group * size + slot
    weight = sum_by(place, whole.weight, domains.size * size)
    present = (weight > 0).reshape(-1, size)
    means, spread = _means(domains, slot, whole, values, there, size)
    result = np.full((4, domains.size), np.nan)
    scale = np.sqrt(domains.total(whole.share * np.square(whole.filled(values))))
    for line in np.flatnonzero(present.sum(axis=1) > 1).tolist():
        own = np.flatnonzero(present[line])
        mean = means[line, own]
        if whole.census[line]:
            same = bool(np.ptp(mean) <= NOISE * scale[line])
            result[:, line] = (np.nan, len(own) - 1, np.nan, float(same))
        elif not whole.lonely[line]:
            found = spread[line][np.ix_(own, own)] * whole.stretch[line]
            result[:, line] = _test(mean, found, whole.df[line], scale[line])
    return Equal(*result)


def _means(domains: Domains, slot: Ints, whole: Base, values: Floats, there: Bools, size: int) -> tuple[Floats, Floats]:
    """(L, S) means and (L, S, S) their covariances; a group that is not there has mean NaN and covariance 0."""
    if not linear(domains):
        each = [linearise(domains, base_of(domains, there & (slot == one)), values) for one in range(size)]
        return np.column_stack([mean for mean, _ in each]), of_influences(domains, [z for _, z in each])
    place = domains.group * size + slot
    x = whole.filled(values)
    weight = sum_by(place, whole.weight, domains.size * size)
    total = np.where(weight > 0, weight, 1.0)
    mean = sum_by(place, whole.weight * x, domains.size * size) / total
    influence = whole.weight / total[place] * (x - mean[place])
    means = np.where(weight > 0, mean, np.nan).reshape(-1, size)
    return means, of_units(domains, influence, slot, size)


def _test(mean: Floats, spread: Floats, df: float, scale: float) -> tuple[float, float, float, float]:
    """F, its degrees of freedom and p of the means of one area's groups."""
    df1, df2 = len(mean) - 1, df - (len(mean) - 1)
    none = (np.nan, np.nan, np.nan, np.nan)
    if df2 <= 0:
        return none
    difference = mean[1:] - mean[0]
    found = spread[1:, 1:] - spread[1:, :1] - spread[:1, 1:] + spread[0, 0]
    se = np.sqrt(np.diag(found).clip(0.0))
    if (se <= NOISE * scale).any():
        return none
    values, vectors = np.linalg.eigh(found / np.outer(se, se))
    if values[0] <= _RANK * values[-1]:
        return none
    along = vectors.T @ (difference / se)
    statistic = float((np.square(along) / values).sum()) / df1
    return statistic, df1, df2, float(scipy.special.fdtrc(df1, df2, statistic))
