"""LMG and relative weights: two predictors by hand, then base R on 60 rows that R makes with the same generator.

R (relaimpo is not in Debian, so every subset is fitted with ``lm``)::

    u <- matrix(lcg(60 * 6, 2011), ncol = 6, byrow = TRUE)                # lcg as in test_estimation
    x <- u[, 1:4]; x[, 2] <- x[, 2] + x[, 1]; x[, 3] <- x[, 3] - 0.5 * x[, 1]
    y <- x %*% c(2, 1, 0.5, -0.3) + 2 * u[, 5]; w <- 0.5 + 2 * u[, 6]
    r2 <- function(s) if (length(s)) summary(lm(y ~ x[, s], weights = w))$r.squared else 0
    lmg <- sapply(1:4, function(j) sum(sapply(0:15, function(m) { s <- which(bitwAnd(m, 2^(0:3)) > 0)
      if (j %in% s) return(0)
      factorial(length(s)) * factorial(3 - length(s)) / factorial(4) * (r2(c(s, j)) - r2(s)) })))
    R <- cov.wt(cbind(x, y), w, cor = TRUE)$cor; e <- eigen(R[1:4, 1:4])
    L <- e$vectors %*% diag(sqrt(e$values)) %*% t(e$vectors)
    rw <- (L^2) %*% (solve(L) %*% R[1:4, 5])^2
    beta <- solve(R[1:4, 1:4], R[1:4, 5]); vif <- diag(solve(R[1:4, 1:4]))
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.importance import correlations, fit, lmg, relative_weights, subset_r2
from tests.tools.soak import examples
from tests.tools.towns.survey_toys import lcg

LMG = [0.318531809958387035, 0.255167030339815748, 0.063778974486906212, 0.000575579548970399]
JOHNSON = [0.32213232882284604, 0.25887067171544376, 0.05671836808885154, 0.00033202570693879]
BETA = [0.6322732490961515, 0.2982156722272625, 0.3731681214522141, -0.0323824326589739]
VIF = [2.52413454053111, 2.11319393164251, 1.28875869681290, 1.00780807443817]


@pytest.fixture(scope="module")
def matrix() -> Any:
    u = lcg(360, 2011).reshape(-1, 6)
    x = u[:, :4].copy()
    x[:, 1] += x[:, 0]
    x[:, 2] -= 0.5 * x[:, 0]
    y = x @ [2, 1, 0.5, -0.3] + 2 * u[:, 4]
    return correlations(np.cov(np.column_stack([x, y]).T, aweights=0.5 + 2 * u[:, 5])[None])


def test_two_predictors_by_hand() -> None:
    """r₁ = 0.6, r₂ = 0.5, r₁₂ = 0.5: R² = (0.36 + 0.25 − 2·0.6·0.5·0.5) / 0.75 = 0.41 3̅; LMG₁ = (0.36 + R² − 0.25)/2."""
    both = (0.36 + 0.25 - 0.3) / 0.75
    one = np.array([[[1, 0.5, 0.6], [0.5, 1, 0.5], [0.6, 0.5, 1]]])
    np.testing.assert_allclose(subset_r2(one), [[0, 0.36, 0.25, both]])
    np.testing.assert_allclose(lmg(one), [[(0.36 + both - 0.25) / 2, (0.25 + both - 0.36) / 2]])
    np.testing.assert_allclose(relative_weights(one), lmg(one), rtol=1e-12)  # the same for two (Johnson 2000)


def test_lmg_is_r(matrix: Any) -> None:
    np.testing.assert_allclose(lmg(matrix)[0], LMG, rtol=1e-10)
    assert subset_r2(matrix)[0, -1] == pytest.approx(0.638053394334079, rel=1e-10)


def test_relative_weights_are_r(matrix: Any) -> None:
    np.testing.assert_allclose(relative_weights(matrix)[0], JOHNSON, rtol=1e-10)
    found = fit(matrix)
    np.testing.assert_allclose(found.beta[0], BETA, rtol=1e-10)
    np.testing.assert_allclose(found.vif[0], VIF, rtol=1e-10)
    assert found.r2[0] == pytest.approx(0.638053394334079, rel=1e-10)


def test_a_predictor_twice_shares_what_one_has() -> None:
    rows = lcg(90, 7).reshape(-1, 3)
    rows = np.column_stack([rows[:, 0], rows[:, 0], rows[:, 1], rows[:, 0] + rows[:, 1] + rows[:, 2]])
    found = correlations(np.cov(rows.T)[None])
    for shares in (lmg(found)[0], relative_weights(found)[0]):
        assert shares[0] == pytest.approx(shares[1])
        assert shares.sum() == pytest.approx(subset_r2(found)[0, -1])
    assert np.isinf(fit(found).vif).all()


def test_a_predictor_without_variance_has_nothing() -> None:
    rows = np.column_stack([lcg(30, 7), np.full(30, 3.0), lcg(30, 8)])
    found = correlations(np.cov(rows.T)[None])
    assert lmg(found)[0, 1] == 0
    assert relative_weights(found)[0, 1] == 0
    assert np.isfinite(lmg(found)).all()


def test_too_many_predictors_are_a_fault() -> None:
    with pytest.raises(ValueError, match="13 predictors"):
        subset_r2(np.eye(14)[None])


@examples(10)
@given(st.integers(1, 7), st.integers(1, 4), st.integers(1, 10_000))
def test_shares_add_up_and_are_never_negative(p: int, draws: int, seed: int) -> None:
    rows = lcg(draws * 40 * (p + 1), seed).reshape(draws, 40, p + 1)
    found = correlations(np.stack([np.cov(r.T) for r in rows]))
    whole = subset_r2(found)[:, -1]
    for shares in (lmg(found), relative_weights(found)):
        np.testing.assert_allclose(shares.sum(axis=1), whole, atol=1e-10)
        assert (shares >= -1e-12).all()
