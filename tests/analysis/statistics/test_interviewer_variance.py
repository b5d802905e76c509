"""Variance components: a balanced toy by hand, then R's ``anova(lm)`` and mixed model equations on 300 rows.

R::

    u <- matrix(lcg(300 * 4, 2011), ncol = 4, byrow = TRUE)               # lcg as in test_estimation
    ce <- floor(u[,2]*4); iv <- floor(u[,1]^2*7); iv <- ifelse(ce == 3, 7 + (u[,3] > .6), iv)
    y <- c(.3,-.2,.1,.5,-.4,0,.2,.6,-.1)[iv+1] + ce + u[,3] + 3*u[,4]
    C <- factor(ce); I <- factor(iv); a <- anova(lm(y ~ C), lm(y ~ C + I))
    ssb <- a[2, "Sum of Sq"]; dfb <- a[2, "Df"]; dfw <- a[2, "Res.Df"]; sw <- a[2, "RSS"] / dfw
    Z <- model.matrix(~ I - 1); X <- model.matrix(~ C); M <- diag(300) - X %*% solve(crossprod(X), t(X))
    ZMZ <- t(Z) %*% M %*% Z; tr <- sum(diag(ZMZ)); su <- (ssb - dfb*sw) / tr; F <- ssb / dfb / sw
    k <- tr / dfb; r <- F / qf(c(.975, .025), dfb, dfw); (r - 1) / (r + k - 1)
    solve(ZMZ + diag(9) * sw / su, t(Z) %*% M %*% y)
    summary(lm(y ~ C + I(iv == 3)))$coefficients[5,]
    summary(lm(y ~ C + I(iv == 0), subset = iv != 3))$coefficients[5,]; lm(y ~ C + I(iv == 8))
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.statistics.interviewer_variance import components, crossing, departures, shrunken
from tests.tools.towns.survey_toys import lcg

R = pytest.approx


@pytest.fixture(scope="module")
def data() -> tuple[Any, Any, Any]:
    u = lcg(1200, 2011).reshape(-1, 4)
    cell = np.floor(u[:, 1] * 4).astype(np.int64)
    who = np.where(cell == 3, 7 + (u[:, 2] > 0.6), np.floor(u[:, 0] ** 2 * 7).astype(np.int64))
    y = np.array([0.3, -0.2, 0.1, 0.5, -0.4, 0, 0.2, 0.6, -0.1])[who] + cell + u[:, 2] + 3 * u[:, 3]
    return who, cell, y


def test_three_interviewers_with_two_each_by_hand() -> None:
    """Answers 1 3 | 5 7 | 3 5: MSB 8, MSW 2, so between (8 − 2)/2 = 3, rho 3/5, deff 1 + (2 − 1) 0.6, F 4."""
    found = crossing(np.array([0, 0, 1, 1, 2, 2]), np.zeros(6, dtype=np.int64))
    parts = components(found, np.array([1.0, 3, 5, 7, 3, 5]))
    assert (parts.between, parts.within, parts.rho, parts.deff, parts.f) == R((3, 2, 0.6, 1.6, 4))
    assert (found.between, found.within, found.trace) == (2, 3, 4)


def test_components_are_r(data: Any) -> None:
    who, cell, y = data
    found = crossing(who, cell)
    parts = components(found, y)
    assert (found.between, found.within, found.trace) == R((7, 289, 216.4363151143080017), rel=1e-12)
    assert (parts.between, parts.within) == R((0.0831789315052261, 0.7866359974387236), rel=1e-10)
    assert (parts.rho, parts.rho_low, parts.rho_high) == R(
        (0.0956283098132317, 0.0261784368656, 0.3518707689457), rel=1e-10
    )
    assert (parts.f, parts.p) == R((4.2694267540612181, 0.00016527), rel=1e-4)
    assert parts.deff == R(1 + (300 / 9 - 1) * 0.0956283098132317, rel=1e-10)


def test_predictions_and_departures_are_r(data: Any) -> None:
    who, cell, y = data
    found = crossing(who, cell)
    gone = departures(who, cell, y, least=10)
    expected = [
        0.192620874565,
        -0.245363859113,
        -0.142674312109,
        0.473303660352,
        -0.229315887107,
        0.108831948482,
        -0.157402425070,
        0.114562314653,
        -0.114562314653,
    ]
    np.testing.assert_allclose(shrunken(found, y, components(found, y)), expected, rtol=1e-9)
    first, second = (
        (0.711464339076502, 0.202950080556936, 0.000526351262402),
        (
            0.410030395265853,
            0.126533534040124,
            0.001341124751542,
        ),
    )
    for i, expected_row in ((3, first), (0, second)):  # 3 is set aside first, then 0 compared without it
        assert (gone.difference[i], gone.se[i], gone.p[i]) == R(expected_row, rel=1e-9)
        assert gone.flagged[i]
    assert (gone.difference[8], gone.partners[8]) == R((-0.292263912505, 1), rel=1e-9)
    assert found.partners.tolist() == [6] * 7 + [1, 1]


def test_no_variance_between_is_zero_not_negative() -> None:
    found = crossing(np.array([0, 0, 1, 1]), np.zeros(4, dtype=np.int64))
    parts = components(found, np.array([1.0, 5, 1, 5]))
    assert (parts.between, parts.rho, parts.deff) == R((-4, 0, 1))
    assert shrunken(found, np.array([1.0, 5, 1, 5]), parts).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("who", "cell", "values"),
    [
        ([0, 0, 0], [0, 0, 0], [1.0, 2, 3]),
        ([0, 0, 1, 1], [0, 0, 1, 1], [1.0, 2, 3, 4]),
        ([0, 0, 1, 1], [0] * 4, [3.0] * 4),
    ],
    ids=["one interviewer", "each in a place of its own", "all alike"],
)
def test_what_cannot_be_told_is_empty(who: list[int], cell: list[int], values: list[float]) -> None:
    found = crossing(np.array(who), np.array(cell))
    parts = components(found, np.array(values))
    assert np.isnan([parts.rho, parts.rho_low, parts.deff, parts.p]).all()
    assert not departures(np.array(who), np.array(cell), np.array(values), least=1).flagged.any()


def test_few_interviews_are_not_tested() -> None:
    who = np.repeat([0, 1, 2], [12, 12, 3])
    y = lcg(27, 5)
    gone = departures(who, np.zeros(27, dtype=np.int64), y, least=10)
    assert np.isnan(gone.q).tolist() == [False, False, True]


def test_one_who_is_far_off_makes_nobody_else_stand_out() -> None:
    who, y = np.repeat(np.arange(5), 30), lcg(150, 5)
    y[who == 2] += 2
    gone = departures(who, np.zeros(150, dtype=np.int64), y, least=10)
    assert gone.flagged.tolist() == [False, False, True, False, False]
    others = [y[who == i].mean() - y[(who != i) & (who != 2)].mean() for i in (0, 1, 3, 4)]
    assert gone.difference[[0, 1, 3, 4]].tolist() == R(others)
    assert gone.difference[2] == R(y[who == 2].mean() - y[who != 2].mean())


def test_two_who_have_only_each_other_are_flagged_together() -> None:
    who, cell = np.repeat(np.arange(5), 30), np.repeat([0, 0, 0, 1, 1], 30)
    y = lcg(150, 5)
    y[who == 3] += 2
    gone = departures(who, cell, y, least=10)
    assert gone.flagged.tolist() == [False, False, False, True, True]
    assert gone.partners.tolist() == [2, 2, 2, 1, 1]
