"""The bootstrap of the design: its moments are right, and its variance is the kernel's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.statistics.bootstrap import covariances, draw_counts, moments
from analysis.statistics.design import make_design
from analysis.statistics.estimation import base_of, lay_domains, linearise, variance
from analysis.statistics.weighting import calibrate
from tests.tools.towns.golden_answers import calibration, identity
from tests.tools.towns.survey_toys import lcg


def design(*, clusters: bool, fpc: bool) -> tuple[Any, Any]:
    u = lcg(300 * 4, 2011).reshape(-1, 4)
    stratum = np.floor(u[:, 0] * 3).astype(np.int64)
    psu = np.floor(u[:, 1] * 12).astype(np.int64) if clusters else None
    count = np.array([20.0, 30, 40] if clusters else [150.0, 200, 400])[stratum] if fpc else None
    return make_design(0.5 + u[:, 2], stratum, psu, count), 10 * u[:, 3] + stratum


@pytest.mark.parametrize("clusters", [False, True])
@pytest.mark.parametrize("fpc", [False, True])
def test_the_variance_of_a_mean_is_the_kernels(clusters: bool, fpc: bool) -> None:
    made, x = design(clusters=clusters, fpc=fpc)
    inside = np.where(x > 1, 0, -1)
    domains = lay_domains(made, inside, 1)
    values = domains.take(x)
    counts = draw_counts(domains, draws=4000)
    (second,) = moments(domains, [np.column_stack([values, np.ones(len(values))])], counts)
    means = second[:, 0, 1] / second[:, 1, 1]
    _, linearised = linearise(domains, base_of(domains), values)
    assert means[0] == pytest.approx(np.average(x[x > 1], weights=made.weight[x > 1]), rel=1e-12)
    assert means[1:].var() == pytest.approx(variance(domains, linearised)[0], rel=0.08)


def test_draws_by_hand() -> None:
    """Two strata of 2 and 3: one and two PSUs are drawn, each weighs 2 and 3/2 times what it did."""
    made = make_design(None, np.array([0, 0, 1, 1, 1]))
    domains = lay_domains(made, np.zeros(5, dtype=np.int64), 1)
    counts = draw_counts(domains, draws=50)
    assert (counts[:, :2].sum(axis=1) == 1).all()
    assert (counts[:, 2:].sum(axis=1) == 2).all()
    (second,) = moments(domains, [np.eye(5)], counts)
    np.testing.assert_allclose(np.einsum("bii->bi", second[1:]), counts * np.array([2, 2, 1.5, 1.5, 1.5]))
    np.testing.assert_array_equal(draw_counts(domains, draws=50), counts)


def test_a_stratum_with_one_psu_stays_as_it_is() -> None:
    made = make_design(None, np.array([0, 1, 1]))
    domains = lay_domains(made, np.zeros(3, dtype=np.int64), 1)
    (second,) = moments(domains, [np.eye(3)], draw_counts(domains, draws=9))
    assert (second[:, 0, 0] == 1).all()


def test_covariances_are_numpys() -> None:
    u = lcg(120, 3).reshape(-1, 3)
    made = make_design(0.5 + u[:, 2], np.zeros(40, dtype=np.int64))
    domains = lay_domains(made, np.zeros(40, dtype=np.int64), 1)
    (second,) = moments(domains, [np.column_stack([u[:, :2], np.ones(40)])], draw_counts(domains, draws=1))
    np.testing.assert_allclose(covariances(second)[0], np.cov(u[:, :2].T, aweights=0.5 + u[:, 2], ddof=0), rtol=1e-12)


@pytest.mark.parametrize("clusters", [False, True])
def test_after_raking_the_variance_is_the_kernels_and_what_the_population_fixes_stands_still(clusters: bool) -> None:
    """Two margins, the first of which goes with x: a third of the variance is left."""
    made, x = design(clusters=clusters, fpc=False)
    part, other = (x > np.quantile(x, 0.5)).astype(np.int64), np.arange(len(x)) % 3
    cell = part * 3 + other
    margins = [identity(1, [[120, 180]]), identity(1, [[90, 110, 100]])]
    raked = replace(made, weight=calibrate(made.weight, cell, (1, 2, 3), margins).weight)
    everyone = np.zeros(len(x), dtype=np.int64)
    domains = lay_domains(raked, everyone, 1, calibration(cell, 1, (2, 3)))
    values = domains.take(np.column_stack([x, part, np.ones(len(x))]))
    (second,) = moments(domains, [values], draw_counts(domains, draws=4000))
    np.testing.assert_allclose(second[:, 1:, 2], np.broadcast_to([180.0, 300.0], (4001, 2)), rtol=1e-9)
    means = second[:, 0, 2] / second[:, 2, 2]
    _, linearised = linearise(domains, base_of(domains), values[:, 0])
    assert means[0] == pytest.approx(np.average(x, weights=raked.weight), rel=1e-12)
    assert means[1:].var() == pytest.approx(variance(domains, linearised)[0], rel=0.08)
    (fixed,) = moments(replace(domains, calibration=None), [values], draw_counts(domains, draws=4000))
    assert means[1:].var() < 0.6 * (fixed[1:, 0, 2] / fixed[1:, 2, 2]).var()
