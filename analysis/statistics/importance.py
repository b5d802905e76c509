"""How the explained variance of an outcome divides among its predictors.

Two decompositions, both of R² of one linear regression, both from a covariance matrix alone, so that
weights and bootstrap draws cost nothing extra: every function takes any number of matrices at once.

LMG (Lindeman, Merenda & Gold 1980; Grömping 2007, eq. 9): the gain in R² from a predictor, averaged over
all orders in which predictors can enter; the Shapley value.  Exact, over all 2^p subsets.
Relative weights (Johnson 2000, eqs. 7–9): the same idea by the nearest orthogonal set of predictors,
for many predictors at once.
"""

from __future__ import annotations

from math import comb
from typing import NamedTuple

import numpy as np

from analysis.statistics.design import Floats

#: LMG looks at all subsets: 2^12 is the most it is asked for
MOST_PREDICTORS = 12
#: a predictor whose variance beside the others falls below this part of its own adds nothing: it is one of them
TOLERANCE = 1e-9


class Fit(NamedTuple):
    """One regression: (B,) ``r2``, (B, p) standardised ``beta``, ``correlation`` with the outcome, ``vif``."""

    r2: Floats
    beta: Floats
    correlation: Floats
    vif: Floats


def correlations(covariance: Floats) -> Floats:
    """(B, q, q) correlations of (B, q, q) covariances; a variable without variance correlates with nothing.

    R: ``cov2cor(covariance)``.
    """
    variances = np.einsum("bii->bi", covariance)
    largest = np.abs(variances).max(axis=1, keepdims=True, initial=0.0)
    known = variances > 1e-14 * largest
    scale = np.where(known, 1 / np.sqrt(np.where(known, variances, 1.0)), 0.0)
    result: Floats = covariance * scale[:, :, None] * scale[:, None, :]
    return result


def subset_r2(correlation: Floats) -> Floats:
    """(B, 2^p) R² of the last variable on every subset of the p others, subset as a bit mask.

    A tree of Schur complements: each subset is one step from the subset without its last predictor.
    Raises ValueError for more than ``MOST_PREDICTORS``.  R: ``yhat::aps(data, dv, ivlist)``.
    """
    p = correlation.shape[1] - 1
    if p > MOST_PREDICTORS:
        raise ValueError(f"{p} predictors: all subsets are too many")
    result = np.zeros((len(correlation), 1 << p))

    def descend(first: int, mask: int, rest: Floats) -> None:
        for j in range(p - first):
            pivot, row = rest[:, j, j], rest[:, j, j + 1 :]
            usable = pivot > TOLERANCE
            scaled = np.where(usable, 1 / np.where(usable, pivot, 1.0), 0.0)[:, None] * row
            child = mask | 1 << (first + j)
            result[:, child] = result[:, mask] + scaled[:, -1] * row[:, -1]
            if first + j + 1 < p:
                descend(first + j + 1, child, rest[:, j + 1 :, j + 1 :] - scaled[:, :, None] * row[:, None, :])

    descend(0, 0, correlation)
    return result


def lmg(correlation: Floats) -> Floats:
    """(B, p) LMG shares of R² of the last of q = p + 1 variables; they add up to R².

    R: ``relaimpo::calc.relimp(covariance, type = "lmg")``.
    """
    r2 = subset_r2(correlation)
    p = correlation.shape[1] - 1
    masks = np.arange(1 << p)
    size = np.array([int(m).bit_count() for m in masks])
    order = np.array([1 / (p * comb(p - 1, k)) for k in range(p)])
    shares = np.empty((len(r2), p))
    for j in range(p):
        without = masks[masks & 1 << j == 0]
        shares[:, j] = (r2[:, without | 1 << j] - r2[:, without]) @ order[size[without]]
    return shares


def relative_weights(correlation: Floats) -> Floats:
    """(B, p) Johnson's relative weights of the last of q = p + 1 variables; they add up to R².  R: ``yhat::rlw``."""
    among, outcome = correlation[:, :-1, :-1], correlation[:, :-1, -1]
    values, vectors = np.linalg.eigh(among)
    usable = values > TOLERANCE
    root = np.sqrt(np.where(usable, values, 0.0))
    inverse = np.where(usable, 1 / np.where(usable, root, 1.0), 0.0)
    loading = np.einsum("bij,bj,bkj->bik", vectors, root, vectors)
    beta = np.einsum("bij,bj,bkj,bk->bi", vectors, inverse, vectors, outcome)
    result: Floats = np.einsum("bij,bj->bi", np.square(loading), np.square(beta))
    return result


def fit(correlation: Floats) -> Fit:
    """The regression itself, and how far predictors repeat each other (variance inflation).

    R: ``lm(y ~ .)`` and ``car::vif``.
    """
    among, outcome = correlation[:, :-1, :-1], correlation[:, :-1, -1]
    inverse = np.linalg.pinv(among, rcond=TOLERANCE, hermitian=True)
    beta = np.einsum("bij,bj->bi", inverse, outcome)
    repeated = np.linalg.eigvalsh(among)[:, 0] <= TOLERANCE
    vif = np.where(repeated[:, None], np.inf, np.einsum("bii->bi", inverse))
    return Fit(np.einsum("bi,bi->b", beta, outcome), beta, outcome, vif)
