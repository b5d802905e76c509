"""Totals, ratios and standard deviations by group, each with its influence, so that the kernel gives its error.

An influence is what the kernel sums within PSUs (``estimation.variance``): the linearised variable of each response and,
where there are replicates, how far the statistic moves under each.  Differences of two of them are differences of
influences.  R: package ``survey`` 4.1-1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from analysis.statistics.design import Floats
from analysis.statistics.estimation import Base, Domains, Estimate, conclude, linearise, variance

#: a value by group (G,) and its influence
Linear = tuple[Floats, Floats]


def total(domains: Domains, base: Base, values: Floats) -> Linear:
    """Weighted sum Σ w x of (m,) values; NaN where nobody answered.

    R: ``svytotal(~x, subset(design, g == k & !is.na(x)))``.
    """
    x = base.filled(values)
    weighted = base.weight * x
    found = np.where(base.n > 0, domains.total(weighted), np.nan)
    if domains.replicated is None:
        return found, weighted
    moved = []
    for part, touched in zip(_under(domains, base, x), domains.replicated.touched, strict=True):
        moved.append(np.where(touched[:, None], part - np.nan_to_num(found)[:, None], 0.0).ravel())
    return found, np.concatenate([weighted, *moved])


def ratio(domains: Domains, base: Base, top: Floats, bottom: Floats) -> Linear:
    """Σ w y / Σ w x of (m,) values that ``base`` answered both of; NaN where the denominator is 0.

    R: ``svyratio(~y, ~x, subset(design, g == k & !is.na(y) & !is.na(x)))``.
    """
    y, x = base.filled(top), base.filled(bottom)
    below = domains.total(base.weight * x)
    known = below != 0
    found = domains.total(base.weight * y) / np.where(known, below, 1.0)
    residual = y - found[domains.group] * x
    influence = base.weight * residual / np.where(known, below, 1.0)[domains.group]
    if domains.replicated is not None:
        sums = tuple(_under(domains, base, x))
        moved = domains.replicated.deviations(domains.group, residual, base.weight, sums)
        influence = np.concatenate([influence, moved])
    return np.where(known, found, np.nan), influence


def deviation(domains: Domains, base: Base, values: Floats) -> Linear:
    """Standard deviation √(n/(n−1) Σ w (x − x̄)² / Σ w) of (m,) values; NaN for fewer than two.

    Its influence is that of the variance by the chain rule.  Linearised, the mean is taken as it is; under a replicate it
    is the replicate's own, E_r(x − x̄)² − (E_r x − x̄)².
    R: ``v <- svyvar(~x, subset(…)); sqrt(coef(v)); SE(v) / (2 * sqrt(coef(v)))``.
    """
    mean, moved = linearise(domains, base, values)
    several = base.n > 1
    scale = np.where(several, base.n / np.where(several, base.n - 1, 1.0), np.nan)
    squares = np.square(base.filled(values) - np.nan_to_num(mean)[domains.group])
    found, influence = linearise(domains, base, squares * np.nan_to_num(scale)[domains.group])
    here = len(domains.group)
    influence[here:] -= np.nan_to_num(scale)[domains.of[here:]] * np.square(moved[here:])
    root = np.where(several, np.sqrt(found), np.nan)
    slope = np.where(root > 0, 0.5 / np.where(root > 0, root, 1.0), 0.0)
    return root, influence * slope[domains.of]


def concluded(domains: Domains, base: Base, found: Linear, scale: Floats | None = None) -> Estimate:
    """The estimate of a linear statistic: standard error, t interval and notes; ``deff`` is NaN.

    ``scale`` (G,) the size of the values, against which noise is judged.  R: ``confint(…, df = degf(subset(…)))``.
    """
    value, influence = found
    return conclude(base, value, variance(domains, influence), scale=scale)


def difference(domains: Domains, whole: Base, parts: tuple[Base, Base], of: Callable[[Base], Linear]) -> Estimate:
    """One group less another by line (G,): ``of`` gives the statistic of a base, ``whole`` is the base of both.

    Groups share strata and PSUs, so the variance is that of the difference of their influences; degrees of freedom are
    those of both together.  ``mean`` of the result is the difference.
    R: ``b <- svyby(~x, ~g, subset(design, g %in% c(i, j)), svymean, covmat = TRUE); svycontrast(b, c(1, -1))``, degf of the subset.
    """
    (one, own), (other, others) = (of(part) for part in parts)
    scale = np.fmax(np.abs(one), np.abs(other))
    result = conclude(whole, one - other, variance(domains, own - others), scale=scale)
    there = (parts[0].n > 0) & (parts[1].n > 0)
    empty = {name: np.where(there, getattr(result, name), np.nan) for name in ("mean", "se", "low", "high", "df")}
    return replace(result, **empty)


def _under(domains: Domains, base: Base, x: Floats) -> list[Floats]:
    """(G, R) of each sample with replicates: Σ w x, its own weights taken from each replicate."""
    replicated = domains.replicated
    if replicated is None:
        return []
    ones = [np.ones((domains.size, len(s.factor))) for s in replicated.samples]
    return replicated.by_sample(replicated.deviations(domains.group, x, base.weight, ones))
