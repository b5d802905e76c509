"""Whether two questions go together: Pearson's X² of a weighted table with Rao & Scott's second-order correction.

Rao, Scott: On chi-squared tests for multiway contingency tables with cell proportions estimated from survey data, Annals
of Statistics 12 (1984); R ``svychisq(~a + b, subset(design, …), statistic = "F")`` of survey 4.1-1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from analysis.statistics.descriptive.covariance import linear, of_influences, products, rows_of
from analysis.statistics.design import Bools, Floats, Ints, sum_by
from analysis.statistics.estimation import NOISE, Base, Domains, linearise


@dataclass(frozen=True)
class Association:
    """By group (G,): ``statistic`` F, ``df1``, ``df2`` and p; NaN where fewer than two rows or columns are there, where
    nothing is left to judge by, or a stratum has one PSU.  ``share`` (G, K) of the cells, rows one after the other, and
    their ``variance`` as the kernel has it (``conclude``).  ``fixed`` (G,) the cells do not vary over samples: weights that
    were calibrated to them, or everybody asked."""

    statistic: Floats
    df1: Floats
    df2: Floats
    p: Floats
    share: Floats
    variance: Floats
    fixed: Bools


def association(
    domains: Domains, base: Base, first: Ints, second: Ints, shape: tuple[int, int] | None = None
) -> Association:
    """The test in every group; ``first``, ``second`` (m,) codes from 0, read only where ``base`` answered; ``shape`` how
    many rows and columns there are, by default up to the last that occurs.

    Rows and columns that a group does not have are left out of its table.
    R: ``svychisq(~first + second, design, statistic = "F")``.
    """
    first, second = (np.where(base.weight > 0, c, 0).astype(np.int64) for c in (first, second))
    rows, columns = shape or (int(first.max(initial=0)) + 1, int(second.max(initial=0)) + 1)
    cell = first * columns + second
    size = rows * columns
    share = sum_by(domains.group * size + cell, base.share, domains.size * size).reshape(-1, size)
    spread = _covariance(domains, base, cell, share)
    result, fixed = np.full((4, domains.size), np.nan), np.zeros(domains.size, dtype=bool)
    known = ~base.lonely & (base.df > 0)
    for g in np.flatnonzero(known).tolist():
        whole = spread[g] * base.stretch[g]
        result[:, g], fixed[g] = _test(share[g].reshape(rows, columns), whole, base.n[g], base.df[g])
    statistic, df1, df2, p = result
    return Association(statistic, df1, df2, p, share, np.einsum("gkk->gk", spread), fixed)


def _test(share: Floats, spread: Floats, n: float, df: float) -> tuple[tuple[float, float, float, float], bool]:
    """F, its degrees of freedom and p of one table of shares, with the covariance of its cells; whether that is nothing."""
    none = (np.nan,) * 4
    own = np.flatnonzero(share.sum(axis=1) > 0), np.flatnonzero(share.sum(axis=0) > 0)
    if min(map(len, own)) < 2:
        return none, False
    place = (own[0][:, None] * share.shape[1] + own[1]).ravel()
    share, spread = share[np.ix_(*own)], spread[np.ix_(place, place)]
    expected = np.outer(share.sum(axis=1), share.sum(axis=0))
    pearson = n * float((np.square(share - expected) / expected).sum())
    contrast = _interactions(*share.shape)
    inverse = np.where(share > 0, 1.0 / np.where(share > 0, share, 1.0), 0.0).ravel()
    plain = contrast.T @ (inverse[:, None] / n * contrast)
    scaled = inverse[:, None] * contrast
    delta = np.linalg.lstsq(plain, scaled.T @ spread @ scaled, rcond=None)[0]
    trace, squares = float(np.trace(delta)), float(np.trace(delta @ delta))
    if not (trace > NOISE and squares > 0):  # beside simple random sampling, whose trace is the number of contrasts
        return none, True
    df1 = trace * trace / squares
    statistic = pearson / trace
    return (statistic, df1, df1 * df, float(scipy.special.fdtrc(df1, df1 * df, statistic))), False


def _interactions(rows: int, columns: int) -> Floats:
    """(rows · columns, (rows − 1)(columns − 1)) contrasts that leave the margins alone."""
    parts = [np.eye(k)[:, 1:] - np.full((k, k - 1), 1.0 / k) for k in (rows, columns)]
    return np.kron(*parts)


def _covariance(domains: Domains, base: Base, cell: Ints, share: Floats) -> Floats:
    """(G, K, K) covariance of the shares of the cells."""
    return by_units(domains, base, cell, share) if linear(domains) else by_pairs(domains, base, cell, share)


def by_units(domains: Domains, base: Base, cell: Ints, share: Floats) -> Floats:
    """(G, K, K) covariance of the ``share`` (G, K) of each ``cell`` (m,) of its weight, from sums within PSUs.

    With t the sums of a PSU by cell, its influence is z = t − p Σt, and a stratum adds (1 − f) n/(n − 1) (Σ zz′ − n z̄z̄′):
    all of it follows from Σ tt′, Σ t Σt and Σ (Σt)², which no row has to be laid out for.
    R: ``vcov(svymean(~interaction(first, second), design))``.
    """
    size, strata = share.shape[1], len(domains.cell_units)
    own = products(domains, base.share, cell, size)
    p = share[domains.cell_group]
    beside, whole = own.sum(axis=2), own.sum(axis=(1, 2))
    product = own - beside[:, :, None] * p[:, None, :] - p[:, :, None] * beside[:, None, :]
    product += whole[:, None, None] * p[:, :, None] * p[:, None, :]
    place = np.repeat(np.arange(strata), rows_of(domains)) * size + cell
    sums = sum_by(place, base.share, strata * size).reshape(-1, size)
    centre = sums - sums.sum(axis=1, keepdims=True) * p
    n = domains.cell_psus
    product -= centre[:, :, None] * centre[:, None, :] / n[:, None, None]
    scale = domains.cell_unsampled * np.where(n > 1, n / np.where(n > 1, n - 1, 1.0), 0.0)
    result = np.zeros((domains.size, size, size))
    np.add.at(result, domains.cell_group, scale[:, None, None] * product)
    return result


def by_pairs(domains: Domains, base: Base, cell: Ints, share: Floats) -> Floats:
    """The same from variances of the kernel alone: cov(a, b) = (V(a + b) − V(a) − V(b)) / 2.

    R: ``vcov(svymean(~interaction(first, second), design))``.
    """
    return of_influences(
        domains, [linearise(domains, base, (cell == k).astype(np.float64))[1] for k in range(share.shape[1])]
    )
