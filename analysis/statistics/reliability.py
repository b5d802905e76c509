"""Whether items that are added up belong together: alpha, omega, item-rest correlations.

All from one weighted covariance matrix of the items, so nothing here reads responses twice.  Weights enter as in R
``survey::svycralpha`` (moments of the population that the weights stand for).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from analysis.statistics.design import Floats

#: smallest unique variance of a standardised item (R ``factanal(control = list(lower = 0.005))``)
LOWEST_UNIQUE = 0.005


def covariance(x: Floats, weight: Floats) -> Floats:
    """(k, k) weighted covariance Σw(x−x̄)(x−x̄)' / Σw · n/(n−1) of complete rows (n, k); n > 1.

    R: ``svyvar(~x1 + x2, design)``.
    """
    centred = x - weight @ x / weight.sum()
    n = np.count_nonzero(weight)
    matrix: Floats = (centred * weight[:, None]).T @ centred / weight.sum() * n / (n - 1)
    return matrix


def pairwise(x: Floats, weight: Floats) -> Floats:
    """(k, k) the same from every row that answered both items of a pair (x NaN where not answered).

    Each pair has its own rows and means; NaN where fewer than two rows have both.
    R: ``cov(x, use = "pairwise.complete.obs")`` for equal weights.
    """
    there = ~np.isnan(x)
    w = there * weight[:, None]
    filled = np.where(there, x, 0.0)
    n = (there & (weight > 0)[:, None]).astype(np.float64)
    pairs = n.T @ n
    with np.errstate(divide="ignore", invalid="ignore"):
        total = w.T @ there
        mean = (filled * w).T @ there / total  # [i, j]: mean of item i where j was answered too
        product = (filled * weight[:, None]).T @ filled / total
        matrix: Floats = (product - mean * mean.T) * pairs / (pairs - 1)
    return np.where(pairs > 1, matrix, np.nan)


def alpha(matrix: Floats) -> float:
    """Cronbach's alpha k/(k−1) · (1 − Σ s_jj / Σ s_jl) (Cronbach 1951); NaN for one item or a constant sum.

    R: ``svycralpha(~x1 + x2, design)``.
    """
    k = len(matrix)
    total = float(matrix.sum())
    if k < 2 or not total > 0:
        return float("nan")
    return k / (k - 1) * (1 - float(np.trace(matrix)) / total)


def alpha_interval(found: float, k: int, weight: Floats) -> tuple[float, float]:
    """95 % interval of an alpha of k items, from (n,) weights of the complete responses (Feldt 1965).

    (1 − α)/(1 − α̂) is F on n − 1 and (n − 1)(k − 1) degrees of freedom where responses are drawn at random with equal
    weights; unequal ones count as the (Σw)²/Σw² responses that they are worth (Kish 1965).  NaN for one item, fewer
    than two responses, or no alpha.
    R: ``1 - (1 - a) * qf(c(0.975, 0.025), n - 1, (n - 1) * (k - 1))`` (as ``psych::alpha.ci``).
    """
    n = float(weight.sum()) ** 2 / max(float(weight @ weight), np.finfo(float).tiny)
    if k < 2 or not (n > 1 and found < 1):
        return float("nan"), float("nan")
    low, high = (1 - (1 - found) * scipy.special.fdtri(n - 1, (n - 1) * (k - 1), p) for p in (0.975, 0.025))
    return float(low), float(high)


def item_rest(matrix: Floats) -> Floats:
    """(k,) correlation of each item with the sum of the others; NaN where one of the two does not vary.

    R: ``psych::alpha(x)$item.stats$r.drop``.
    """
    own = np.diag(matrix)
    with_all = matrix.sum(axis=1)
    rest = matrix.sum() - 2 * with_all + own
    with np.errstate(divide="ignore", invalid="ignore"):
        r = (with_all - own) / np.sqrt(own * rest)
    return np.where((own > 0) & (rest > 1e-12), r, np.nan)


def alpha_without(matrix: Floats) -> Floats:
    """(k,) alpha of the other items.  R: ``psych::alpha(x)$alpha.drop``."""
    return np.array([alpha(np.delete(np.delete(matrix, j, 0), j, 1)) for j in range(len(matrix))])


def variance_shares(matrix: Floats, weight: Floats) -> Floats:
    """(k,) part of the variance of Σ v_j x_j that comes with each item, v_j cov(x_j, Σ v x) / var(Σ v x); sums to 1.

    R: ``cov(x %*% diag(v), x %*% v) / var(x %*% v)``.
    """
    with_all = matrix @ weight
    total = float(weight @ with_all)
    if not total > 0:
        return np.full(len(matrix), np.nan)
    shares: Floats = weight * with_all / total
    return shares


@dataclass(frozen=True)
class OneFactor:
    """One common factor: (k,) ``loading`` and ``unique`` variance of the standardised items; ``bound`` if one of
    the unique variances stands at its lower limit (Heywood case: the model does not fit such items).
    """

    loading: Floats
    unique: Floats
    bound: bool


def one_factor(matrix: Floats) -> OneFactor | None:
    """Maximum likelihood for one common factor (Lawley and Maxwell 1971, as R ``factanal``).

    None with fewer than three items (not identified), with one that does not vary, or with a correlation matrix
    that is not positive definite.
    """
    deviation = np.sqrt(np.diag(matrix))
    if len(matrix) < 3 or not (deviation > 0).all():
        return None
    r = matrix / np.outer(deviation, deviation)
    if not np.isfinite(r).all() or np.linalg.eigvalsh(r)[0] < 1e-10:
        return None
    start = np.clip((1 - 0.5 / len(r)) / np.diag(np.linalg.inv(r)), LOWEST_UNIQUE, 1.0)
    fitted = scipy.optimize.minimize(
        _misfit,
        start,
        (r,),
        "L-BFGS-B",
        jac=True,
        bounds=[(LOWEST_UNIQUE, 1.0)] * len(r),
        options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 1000},
    )
    unique = np.asarray(fitted.x, dtype=np.float64)
    values, vectors = np.linalg.eigh(r / np.sqrt(np.outer(unique, unique)))
    loading = np.sqrt(unique * max(values[-1] - 1.0, 0.0)) * vectors[:, -1]
    return OneFactor(loading if loading.sum() >= 0 else -loading, unique, bool((unique <= LOWEST_UNIQUE).any()))


def _misfit(unique: Floats, r: Floats) -> tuple[float, Floats]:
    """The likelihood concentrated on the unique variances, and its gradient (Lawley and Maxwell 1971, ch. 4)."""
    root = np.sqrt(unique)
    values, vectors = np.linalg.eigh(r / np.outer(root, root))
    others = values[:-1]
    loading = root * vectors[:, -1] * np.sqrt(max(values[-1] - 1.0, 0.0))
    gradient = (loading * loading + unique - 1.0) / (unique * unique)
    return float(-(np.log(others) - others).sum() - len(others)), gradient


def omega(matrix: Floats, fitted: OneFactor) -> float:
    """Share of the variance of the sum that one common factor explains (McDonald 1999, eq. 6.20b).

    (Σ λ_j s_j)² / ((Σ λ_j s_j)² + Σ ψ_j s_j²) in the items' own units, s_j their standard deviations.
    R: ``f <- factanal(x, 1); c <- sum(f$loadings * s)^2; c / (c + sum(f$uniquenesses * s^2))``, s the standard deviations
    (``psych::omega(x, nfactors = 1)`` gives that of standardised items).
    """
    deviation = np.sqrt(np.diag(matrix))
    common = float(np.sum(fitted.loading * deviation)) ** 2
    return common / (common + float(np.sum(fitted.unique * deviation**2)))
