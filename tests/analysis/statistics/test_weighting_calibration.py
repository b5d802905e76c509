"""Standard errors of calibrated weights and rules for lonely PSUs: by hand, then R survey 4.1-1.

The data of test_estimation.py; R for the golden numbers::

    d$x0 <- ifelse(is.na(d$x), 0, d$x); d$a <- as.integer(u[,6]*2 >= 0.9); d$b <- floor(u[,2]*1000) %% 3
    des <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, fpc = ~fpc, nest = TRUE, data = d)
    p <- expand.grid(a = 0:1, b = 0:2); p$Freq <- c(100,140,210,180,90,130)*(1 + k/10) + 7*k*(1:6)     # k = 0 … 3
    s <- subset(des, g == k)
    ps <- postStratify(s, ~a+b, p)
    rk <- rake(s, list(~a, ~b), list(aggregate(Freq~a, p, sum), aggregate(Freq~b, p, sum)),
               control = list(maxit = 1000, epsilon = 1e-13))
    svymean(~x0, subset(ps, !is.na(x)), deff = "replace")       # and of rk; svymean(~y, rk) with all answers

``tests/data/apiclus1.csv``: five columns of the California school sample that comes with R ``survey``
(California Department of Education, Academic Performance Index 2000), weights wrong as they are there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.statistics.design import LonelyPsu, make_design
from analysis.statistics.estimation import Estimate, estimate, lay_domains
from analysis.statistics.weighting import Calibration, calibrate
from tests.tools.towns.golden_answers import api_design, calibration, identity
from tests.tools.towns.survey_toys import lcg

R = pytest.approx


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    u = lcg(240 * 6, 2011).reshape(-1, 6)
    stratum = np.floor(u[:, 0] * 3).astype(int)
    return {
        "stratum": stratum,
        "psu": np.floor(u[:, 1] * 6).astype(int),
        "g": np.floor(u[:, 2] * 4).astype(int),
        "w": 0.5 + 2 * u[:, 3],
        "fpc": np.array([8.0, 20.0, 9.0])[stratum],
        "x": np.where(u[:, 5] < 0.1, np.nan, 1 + np.floor(5 * u[:, 4])),
        "y": 1 + np.floor(2.5 * (u[:, 4] + u[:, 5])),
        "a": (u[:, 5] * 2 >= 0.9).astype(int),
        "b": np.floor(u[:, 1] * 1000).astype(int) % 3,
    }


def measured(design: Any, group: Any, size: int, values: Any, calibrated: Calibration) -> Estimate:
    domains = lay_domains(design, group, size, calibrated)
    return estimate(domains, domains.take(values))


def population() -> Any:
    """(4, 2, 3) population of each group by a and b."""
    k = np.arange(4)[:, None]
    freq = np.array([100, 140, 210, 180, 90, 130]) * (1 + k / 10) + 7 * k * np.arange(1, 7)
    return freq.reshape(4, 3, 2).transpose(0, 2, 1)  # expand.grid runs through a first


def test_poststratification_agrees_with_r(data: dict[str, Any]) -> None:
    people = population().reshape(4, 6)
    place = data["a"] * 3 + data["b"]
    cell = data["g"] * 6 + place
    weights = calibrate(data["w"], cell, (4, 6), [identity(4, people)])
    design = make_design(weights.weight, data["stratum"], data["psu"], data["fpc"])
    e = measured(design, data["g"], 4, data["x"], calibration(cell, 4, (6,), data["w"]))
    expected = [
        (2.887109967965542, 0.1479907555923839, 0.5406928340327009, 13),
        (2.599346982557861, 0.118947294735764, 0.2562099208039716, 13),
        (2.76659615344241, 0.1351834614919833, 0.358339408289027, 14),
        (3.57163375509356, 0.1043420750468483, 0.3761891601564031, 14),
    ]
    np.testing.assert_allclose(np.transpose([e.mean, e.se, e.deff, e.df]), expected, rtol=1e-10)


def test_raking_agrees_with_r(data: dict[str, Any]) -> None:
    people = population()
    cell = (data["g"] * 2 + data["a"]) * 3 + data["b"]
    weights = calibrate(data["w"], cell, (4, 2, 3), [identity(4, people.sum(2)), identity(4, people.sum(1))])
    design = make_design(weights.weight, data["stratum"], data["psu"], data["fpc"])
    calibrated = calibration(cell, 4, (2, 3))
    e = measured(design, data["g"], 4, data["x"], calibrated)
    expected = [
        (2.870667056367003, 0.1663318221059835, 0.6563442605896754),
        (2.601759348071692, 0.1405408791867348, 0.3580965891330725),
        (2.754749112258136, 0.1533795967235895, 0.4596902426461768),
        (3.560805114638355, 0.1124162822353723, 0.4215905217151531),
    ]
    np.testing.assert_allclose(np.transpose([e.mean, e.se, e.deff]), expected, rtol=1e-10)
    full = measured(design, data["g"], 4, data["y"], calibrated)
    expected_full = [
        (3.002295566531559, 0.09432537515058759),
        (2.888574644937167, 0.08373787453443585),
        (2.917822964967383, 0.08675729505781456),
        (3.227262086378205, 0.05312195920989973),
    ]
    np.testing.assert_allclose(np.transpose([full.mean, full.se]), expected_full, rtol=1e-10)
    assert np.bincount(data["g"], weights.weight) == R([850, 1082, 1314, 1546])


def test_the_raked_api_sample_agrees_with_r() -> None:
    """R: rake(dclus1, list(~stype, ~sch.wide), list(pop.types, pop.schwide), list(maxit = 1000, epsilon = 1e-12))

    pop.types Freq = c(4421, 755, 1018), pop.schwide Freq = c(1072, 5122) as in R's ?rake, which prints
    641.23 (23.704).  Treating the weights as fixed would give another error.
    """
    api, school, wide = api_design()
    cell = school * 2 + wide
    margins = [identity(1, [[4421, 755, 1018]]), identity(1, [[1072, 5122]])]
    weights = calibrate(api["pw"].to_numpy(), cell, (1, 3, 2), margins)
    zeros = np.zeros(len(api), dtype=int)
    design = make_design(weights.weight, zeros, api["dnum"].to_numpy(), api["fpc"].to_numpy(dtype=float))
    e = measured(design, zeros, 1, api["api00"].to_numpy(dtype=float), calibration(cell, 1, (3, 2)))
    assert (e.mean[0], e.se[0]) == (R(641.23032092682, rel=1e-10), R(23.70361688792249, rel=1e-10))
    assert (round(e.mean[0], 2), round(e.se[0], 2)) == (641.23, 23.70)


def test_the_poststratified_api_sample_agrees_with_r() -> None:
    """R: svymean(~api00, postStratify(dclus1, ~stype, pop.types))"""
    api, school, _ = api_design()
    base = api["pw"].to_numpy()
    weights = calibrate(base, school, (1, 3), [identity(1, [[4421, 755, 1018]])])
    zeros = np.zeros(len(api), dtype=int)
    design = make_design(weights.weight, zeros, api["dnum"].to_numpy(), api["fpc"].to_numpy(dtype=float))
    e = measured(design, zeros, 1, api["api00"].to_numpy(dtype=float), calibration(school, 1, (3,), base))
    assert (e.mean[0], e.se[0]) == (R(642.3107882115821, rel=1e-10), R(23.92048644509039, rel=1e-10))


def test_poststratified_error_by_hand() -> None:
    """Women 1, 3 for half of the people, men 5, 5, 5: residuals ∓1 · ½/2, so the variance is 5/4 · 2/16."""
    weights = calibrate(np.ones(5), np.array([0, 0, 1, 1, 1]), (1, 2), [identity(1, [[50, 50]])])
    zeros = np.zeros(5, dtype=int)
    design = make_design(weights.weight, zeros)
    e = measured(design, zeros, 1, np.array([1.0, 3, 5, 5, 5]), calibration(np.array([0, 0, 1, 1, 1]), 1, (2,)))
    assert e.mean[0] == R(3.5)
    assert e.se[0] == R(np.sqrt(5 / 4 * 2 / 16), rel=1e-14)


def test_an_area_that_is_not_calibrated_keeps_its_plain_error() -> None:
    group = np.array([0, 0, 0, 1, 1, 1])
    plain = make_design(None, group)
    x = np.array([1.0, 2, 6, 1, 2, 6])
    calibrated = Calibration(np.array([0, 0, 1, 2, 2, 3]), (np.array([0, 1, -1, -1]),))
    e = measured(plain, group, 2, x, calibrated)
    alone = estimate(lay_domains(plain, group, 2), x)
    assert e.se[1] == R(alone.se[1], rel=1e-14)
    assert e.se[0] < alone.se[0]


# R: d$h <- ifelse(d$stratum == 0, 10 + d$psu, d$stratum)       # every PSU of stratum 0 is a stratum of its own
#    options(survey.lonely.psu = rule); des <- svydesign(ids = ~psu, strata = ~h, weights = ~w, nest = TRUE, data = d)
#    s <- subset(des, g == k & !is.na(x)); m <- svymean(~x, s, deff = "replace"); SE(m); attr(m, "deff"); degf(s)
LONELY: dict[LonelyPsu, list[tuple[float, float, float]]] = {
    "certainty": [
        (0.2134870262125706, 1.055423821303622, 8),
        (0.1489595237591427, 0.404561076882309, 9),
        (0.1677070778639566, 0.5664476590146964, 9),
        (0.1450023878849815, 0.6834788614989822, 9),
    ],
    "average": [
        (0.4269740524251412, 4.221695285214489, 8),
        (0.2786777512018624, 1.415963769088082, 9),
        (0.3354141557279133, 2.265790636058786, 9),
        (0.290004775769963, 2.733915445995929, 9),
    ],
    "adjust": [
        (0.2519031319689124, 1.469437270919172, 8),
        (0.2117944203659121, 0.8178554943069041, 9),
        (0.246976332973852, 1.228478835532511, 9),
        (0.1880282416794085, 1.149267031700745, 9),
    ],
}


def lonely(data: dict[str, Any], rule: LonelyPsu) -> Estimate:
    stratum = np.where(data["stratum"] == 0, 10 + data["psu"], data["stratum"])
    design = make_design(data["w"], stratum, data["psu"], lonely=rule)
    domains = lay_domains(design, data["g"], 4)
    return estimate(domains, domains.take(data["x"]))


@pytest.mark.parametrize("rule", list(LONELY))
def test_lonely_psus_agree_with_r(data: dict[str, Any], rule: LonelyPsu) -> None:
    e = lonely(data, rule)
    np.testing.assert_allclose(np.transpose([e.se, e.deff, e.df]), LONELY[rule], rtol=1e-10)
    assert e.note.tolist() == [""] * 4


def test_by_default_a_lonely_psu_leaves_the_error_unknown(data: dict[str, Any]) -> None:
    e = lonely(data, "unknown")
    assert np.isnan(e.se).all()
    assert e.note.tolist() == ["one_psu"] * 4


@pytest.mark.parametrize("rule", ["certainty", "average", "adjust"])
def test_no_rule_makes_an_error_of_nothing_but_one_psu(rule: LonelyPsu) -> None:
    """R gives 0 or NaN here; there is no stratum to go by, so it stays unknown."""
    zeros = np.zeros(3, dtype=int)
    design = make_design(None, zeros, zeros, lonely=rule)
    e = estimate(lay_domains(design, zeros, 1), np.array([1.0, 2.0, 6.0]))
    assert (e.mean[0], e.note[0]) == (3, "one_psu")
    assert np.isnan([e.se[0], e.low[0]]).all()
