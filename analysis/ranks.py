"""What the ranks can say: 95 % confidence sets for the rank of each community among its peers.

Marginal sets of Mogstad, Romano, Shaikh & Wilhelm (Review of Economic Studies 2024, section 3): community k is
surely above j when m_k − m_j exceeds c_j times the standard error of the difference, where c_j is the 95 %
quantile of the largest absolute standardised difference of j to any other, all sampling errors independent.
"""

from __future__ import annotations

import numpy as np

from analysis.design import Floats, Ints

#: fixed, so that the same data give the same sets
SEED = 2013
DRAWS = 4000
COVERAGE = 0.95


def competition_rank(values: Floats) -> Ints:
    """1 for the highest; ties share the better rank and the next one is skipped (1, 2, 2, 4)."""
    ordered = np.sort(values)
    return np.asarray(len(values) - np.searchsorted(ordered, values, side="right") + 1, dtype=np.int64)


def _inverse(se: Floats, j: int) -> Floats:
    """(p,) 1 / standard error of the difference to j; 0 for j itself, an unknown or a zero error."""
    spread = np.hypot(se[j], se)
    inverse = np.where(np.isfinite(spread) & (spread > 0), 1 / np.where(spread > 0, spread, 1.0), 0.0)
    inverse[j] = 0.0
    return inverse


def critical_values(se: Floats, *, draws: int = DRAWS, seed: int = SEED) -> Floats:
    """(p,) c_j: the 95 % quantile of max over k ≠ j of |e_j s_j − e_k s_k| / s_jk, e standard normal.

    ``se`` NaN is left out of every maximum; 0 stands for a value that is known exactly.  One community at a
    time, so that p x draws numbers are in memory and not their square.
    """
    noise = np.random.default_rng(seed).standard_normal((len(se), draws), dtype=np.float32)
    errors = noise * np.nan_to_num(se).astype(np.float32)[:, None]
    values = np.zeros(len(se))
    buffer = np.empty_like(errors)
    for j in np.flatnonzero(~np.isnan(se)):
        np.subtract(errors, errors[j], out=buffer)
        np.abs(buffer, out=buffer)
        np.multiply(buffer, _inverse(se, int(j)).astype(np.float32)[:, None], out=buffer)
        values[j] = np.quantile(buffer.max(axis=0), COVERAGE, method="higher")
    return values


def rank_sets(estimate: Floats, se: Floats, *, draws: int = DRAWS, seed: int = SEED) -> tuple[Floats, Floats]:
    """Lowest and highest rank (p,) that the sampling error leaves open, 95 % sure for each community by itself.

    ``se`` NaN: unknown.  Such a community has no set (NaN), and for the others it may stand anywhere.
    """
    critical = critical_values(se, draws=draws, seed=seed)
    with np.errstate(invalid="ignore"):
        reach = critical[:, None] * np.hypot(se[:, None], se[None, :])
        difference = estimate[None, :] - estimate[:, None]  # [j, k] = m_k − m_j
        low = 1.0 + (difference > reach).sum(axis=1)
        high = len(estimate) - (difference < -reach).sum(axis=1)
    unknown = np.isnan(se)
    return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high.astype(np.float64))
