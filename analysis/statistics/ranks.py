"""What the ranks can say: 95 % confidence sets for the rank of each community among its peers.

Sets of Mogstad, Romano, Shaikh & Wilhelm (Review of Economic Studies 2024, section 3): community k is surely
above j when m_k − m_j exceeds a critical value times the standard error of the difference, all sampling errors
independent.  Marginal sets are right for one community at a time: c_j is the 95 % quantile of the largest
absolute standardised difference of j to any other.  Simultaneous ones are right for all at once: one c, the
quantile of the largest over all pairs.  Every pair that c tells apart is then rightly told apart, all together
95 % sure, and so are the groups and tiers that are made of them.  The simultaneous c also counts in that a standard
error is itself an estimate, with the degrees of freedom of its community; the marginal ones take it as known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from analysis.statistics.design import Bools, Floats, Ints

#: single precision: millions of draws
Singles = npt.NDArray[np.float32]
#: fixed, so that the same data give the same sets
SEED = 2013
DRAWS = 4000
COVERAGE = 0.95
#: draws that are worked on at once, so that they stay in the processor's cache
BLOCK = 256


def competition_rank(values: Floats) -> Ints:
    """1 for the highest of each row; ties share the better rank and the next one is skipped (1, 2, 2, 4).

    R: ``rank(-x, ties.method = "min")``.
    """
    order = np.argsort(-values, axis=-1)
    ordered = np.take_along_axis(values, order, axis=-1)
    begins = np.ones(values.shape, dtype=bool)  # a new place, or shares the one before
    begins[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    place = np.where(begins, np.arange(1, values.shape[-1] + 1), 0)
    result = np.empty(values.shape, dtype=np.int64)
    np.put_along_axis(result, order, np.maximum.accumulate(place, axis=-1), axis=-1)
    return result


@dataclass(frozen=True)
class Critical:
    """``marginal`` (p,): c_j of each community by itself, 0 where its error is not known; ``simultaneous``: one c
    for all pairs."""

    marginal: Floats
    simultaneous: float


def critical_values(se: Floats, df: Floats | None = None, *, draws: int = DRAWS, seed: int = SEED) -> Critical:
    """The 95 % quantiles of the largest |e_j s_j − e_k s_k| / s_jk, e standard normal: over k ≠ j, and over all pairs.

    ``se`` (p,): NaN is left out of every maximum; 0 stands for a value that is known exactly.  ``df`` (p,): degrees of
    freedom of each error; none, NaN and infinite stand for an error that is known.  Over all pairs the denominator is
    drawn, too: s_jk² = s_j² χ²_j / df_j + s_k² χ²_k / df_k (``_studentised``); the c is never below the one of known errors.

    A pair is looked at once or twice, some draws at a time: p x draws numbers are in memory and p x p errors of
    differences.  The last ones asked for are kept, since scores, groups and pairs of a league ask for the same.
    R: ``mvtnorm::qmvnorm`` of the differences, by simulation.
    """
    freedom = np.full(len(se), np.inf) if df is None else np.where(np.isnan(df), np.inf, df)
    packed = (np.ascontiguousarray(values, dtype=np.float64).tobytes() for values in (se, freedom))
    return _critical(*packed, draws, seed)


@lru_cache(maxsize=64)
def _critical(packed: bytes, packed_df: bytes, draws: int, seed: int) -> Critical:
    se, df = np.frombuffer(packed, dtype=np.float64), np.frombuffer(packed_df, dtype=np.float64)
    if not len(se):
        return Critical(np.zeros(0), 0.0)
    errors = np.random.default_rng(seed).standard_normal((len(se), draws), dtype=np.float32)
    errors *= np.nan_to_num(se).astype(np.float32)[:, None]
    inverse = _inverse(se)
    largest = np.concatenate([_largest(errors[:, at : at + BLOCK], inverse) for at in range(0, draws, BLOCK)], axis=1)
    marginal = np.quantile(largest, COVERAGE, axis=1, method="higher").astype(np.float64)
    simultaneous = _quantile(largest.max(axis=0))
    del largest
    kept = _unlike(se)
    if np.isfinite(df[kept]).any() and len(kept) > 1:
        variances = _variances(se[kept], df[kept], draws, seed)
        errors = errors[kept]
        found = [_studentised(errors[:, i : i + BLOCK], variances[:, i : i + BLOCK]) for i in range(0, draws, BLOCK)]
        simultaneous = max(simultaneous, _quantile(np.concatenate(found)))  # so that these sets hold the marginal ones
    return Critical(marginal, simultaneous)


def _quantile(largest: Singles) -> float:
    return float(np.quantile(largest, COVERAGE, method="higher"))


def _unlike(se: Floats) -> Ints:
    """Places of known errors; exact values are all alike, so one stands for them."""
    return np.asarray(np.sort(np.concatenate([np.flatnonzero(se > 0), np.flatnonzero(se == 0)[:1]])), dtype=np.int64)


def _variances(se: Floats, df: Floats, draws: int, seed: int) -> Singles:
    """(p, draws) drawn estimates of se²: se² χ²(df) / df where df is finite, else se²."""
    variances = np.repeat(np.square(se).astype(np.float32)[:, None], draws, axis=1)
    drawn = np.flatnonzero(np.isfinite(df) & (se > 0))
    half = df[drawn, None] / 2  # χ²(df) / df is a gamma variable of this shape over it
    rng = np.random.default_rng((seed, 1))
    chances = rng.standard_gamma(np.broadcast_to(half, (len(drawn), draws)), dtype=np.float32)
    chances /= half.astype(np.float32)
    variances[drawn] *= chances
    return variances


def _studentised(errors: Singles, variances: Singles) -> Singles:
    """(draws,) the largest |difference of errors| over the root of the two drawn variances, over all pairs."""
    errors, variances = np.ascontiguousarray(errors), np.ascontiguousarray(variances)
    squares, both = np.empty_like(errors), np.empty_like(errors)
    largest = np.zeros(errors.shape[1], dtype=np.float32)
    for j in range(len(errors) - 1):
        above, below = squares[j + 1 :], both[j + 1 :]
        np.subtract(errors[j + 1 :], errors[j], out=above)
        np.square(above, out=above)
        np.add(variances[j + 1 :], variances[j], out=below)
        np.maximum(
            below, np.finfo(np.float32).tiny, out=below
        )  # a drawn variance may be too small for single precision
        with np.errstate(over="ignore"):
            np.divide(above, below, out=above)
        np.maximum(largest, above.max(axis=0), out=largest)
    return np.asarray(np.sqrt(largest), dtype=np.float32)


def _inverse(se: Floats) -> Singles:
    """(p, p) 1 / standard error of the difference; 0 where it is unknown or zero."""
    spread = np.hypot(se[:, None], se[None, :])
    known = np.isfinite(spread) & (spread > 0)
    return np.where(known, 1 / np.where(known, spread, 1.0), 0.0).astype(np.float32)


def _largest(errors: Singles, inverse: Singles) -> Singles:
    """(p, draws) the largest absolute standardised difference of each to any other."""
    errors = np.ascontiguousarray(errors)
    largest, buffer = np.zeros_like(errors), np.empty_like(errors)
    for j in range(len(errors) - 1):
        others = buffer[j + 1 :]
        np.subtract(errors[j + 1 :], errors[j], out=others)
        np.abs(others, out=others)
        np.multiply(others, inverse[j, j + 1 :, None], out=others)
        np.maximum(largest[j], others.max(axis=0), out=largest[j])
        np.maximum(largest[j + 1 :], others, out=largest[j + 1 :])
    return largest


def surely_above(estimate: Floats, se: Floats, critical: Floats | float) -> Bools:
    """(p, p) whether k (column) is surely above j (row), given c_j (p,) or one c; never where an error is unknown."""
    with np.errstate(invalid="ignore"):
        reach = np.reshape(critical, (-1, 1)) * np.hypot(se[:, None], se[None, :])
        above: Bools = estimate[None, :] - estimate[:, None] > reach
    return above


def sets_of(estimate: Floats, se: Floats, critical: Floats | float) -> tuple[Floats, Floats]:
    """Lowest and highest rank (p,) that these critical values leave open.

    ``se`` NaN: unknown.  Such a community has no set (NaN), and for the others it may stand anywhere.
    R: ``csranks::csranks``, its simultaneous sets.
    """
    with np.errstate(invalid="ignore"):
        reach = np.reshape(critical, (-1, 1)) * np.hypot(se[:, None], se[None, :])
        below = estimate[None, :] - estimate[:, None] < -reach
    low = 1.0 + surely_above(estimate, se, critical).sum(axis=1)
    high = len(estimate) - below.sum(axis=1).astype(np.float64)
    unknown = np.isnan(se)
    return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)


def rank_sets(estimate: Floats, se: Floats, *, draws: int = DRAWS, seed: int = SEED) -> tuple[Floats, Floats]:
    """The marginal sets (p,): 95 % sure for each community by itself.

    R: ``csranks::csranks(x, Sigma, simul = FALSE)``.
    """
    return sets_of(estimate, se, critical_values(se, draws=draws, seed=seed).marginal)


def league_order(estimate: Floats) -> Ints:
    """(p,) places from the highest down, ties in the order given.  R: ``order(-x)``."""
    return np.argsort(-estimate, kind="stable")


def groups_of(apart: Bools) -> list[tuple[int, int]]:
    """Places (first, last; 1 = highest) of neighbours of whom no two are told apart, as long as can be, two at least.

    ``apart`` (p, p) symmetric, in league order.  Groups may overlap: 1–4 and 3–6 say that 1 and 2 are told apart from
    5 or 6, and nobody knows where between.
    """
    size = len(apart)
    found: list[tuple[int, int]] = []
    end = 0
    for start in range(size):
        reached = max(end, start + 1)
        while reached < size and not apart[reached, start:reached].any():
            reached += 1
        if reached > end and reached - start > 1:
            found.append((start + 1, reached))
        end = max(end, reached)
    return found


def tiers_of(apart: Bools) -> Ints:
    """(p,) tier, 1 the highest: each of a tier is told apart from each of every other tier.  ``apart`` as above."""
    size = len(apart)
    if not size:
        return np.zeros(0, dtype=np.int64)
    place = np.arange(size)
    farthest = np.where(apart, 0, place[None, :]).max(axis=1)  # the last one that each is not told apart from
    breaks = np.maximum.accumulate(farthest)[:-1] < place[1:]
    return np.concatenate([[1], 1 + np.cumsum(breaks, dtype=np.int64)])
