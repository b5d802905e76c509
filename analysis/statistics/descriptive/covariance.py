"""Covariances of several measures of one area: quickly from sums within PSUs, or from variances of the kernel alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import scipy

from analysis.statistics.design import Floats, Ints, sum_by
from analysis.statistics.estimation import Domains, variance

#: numbers in a table of PSUs by cells that is laid out whole
_DENSE = 20_000_000


def linear(domains: Domains) -> bool:
    """Whether sums within PSUs tell a variance: no replicates, calibration, second stage or stratum adjusted to the whole."""
    plain = domains.replicated is None and domains.calibration is None and domains.within is None
    return bool(plain and not domains.goes_by("adjust").any())


def of_units(domains: Domains, influence: Floats, cell: Ints, size: int) -> Floats:
    """(G, K, K) covariance of K measures of each group, of which a response enters one: ``influence`` (m,) on that,
    ``cell`` (m,) which.  Only where ``linear`` says so.

    A stratum adds (1 − f) n/(n − 1) (Σ zz′ − n z̄z̄′), z (K,) the sums of a PSU.
    R: ``vcov(svyby(~x, ~cell, design, svymean, covmat = TRUE))``.
    """
    strata = len(domains.cell_units)
    product = products(domains, influence, cell, size)
    place = np.repeat(np.arange(strata), rows_of(domains)) * size + cell
    sums = sum_by(place, influence, strata * size).reshape(-1, size)
    n = domains.cell_psus
    product -= sums[:, :, None] * sums[:, None, :] / n[:, None, None]
    scale = domains.cell_unsampled * np.where(n > 1, n / np.where(n > 1, n - 1, 1.0), 0.0)
    result = np.zeros((domains.size, size, size))
    np.add.at(result, domains.cell_group, scale[:, None, None] * product)
    return result


def of_influences(domains: Domains, influences: Sequence[Floats]) -> Floats:
    """(G, K, K) covariance of K measures by their influences, each as ``linearise`` has it.

    cov(a, b) = (V(a + b) − V(a) − V(b)) / 2.
    R: ``vcov(svymean(~a + b, design))``.
    """
    size = len(influences)
    own = [variance(domains, influence) for influence in influences]
    result = np.zeros((domains.size, size, size))
    for a in range(size):
        result[:, a, a] = own[a]
        for b in range(a):
            both = (variance(domains, influences[a] + influences[b]) - own[a] - own[b]) / 2
            result[:, a, b] = result[:, b, a] = both
    return result


def rows_of(domains: Domains) -> Ints:
    """(C,) responses of each kernel cell (group, stratum)."""
    if domains.starts is None:
        return domains.cell_units
    ends = np.append(domains.starts, len(domains.group))
    return np.asarray(np.diff(ends[np.append(domains.cell_starts, len(domains.starts))]), dtype=np.int64)


def products(domains: Domains, values: Floats, cell: Ints, size: int) -> Floats:
    """(C, K, K) Σ tt′ over the PSUs of each kernel cell, t (K,) the ``values`` (m,) of a PSU by ``cell`` (m,)."""
    strata = len(domains.cell_units)
    if domains.starts is None:
        place = np.repeat(np.arange(strata), domains.cell_units) * size + cell
        result = np.zeros((strata, size, size))
        squares = sum_by(place, np.square(values), strata * size).reshape(-1, size)
        result[:, np.arange(size), np.arange(size)] = squares
        return result
    units = len(domains.starts)
    unit = np.repeat(np.arange(units), np.diff(np.append(domains.starts, len(domains.group))))
    sums = scipy.sparse.csr_array((values, (unit, cell)), shape=(units, size))
    bounds = pairwise(np.append(domains.cell_starts, units).tolist())
    if units * size <= _DENSE:
        laid = sums.toarray()
        return np.array([laid[a:b].T @ laid[a:b] for a, b in bounds])
    return np.array([(sums[a:b].T @ sums[a:b]).toarray() for a, b in bounds])
