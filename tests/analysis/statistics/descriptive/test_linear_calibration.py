"""Linear calibration: R survey with and without bounds on four designs; what can't be met."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.descriptive.linear import total
from analysis.statistics.descriptive.linear_calibration import calibrate_linear
from analysis.statistics.design import make_design
from analysis.statistics.estimation import base_of, lay_domains, linearise, variance
from survey.core.errors import Refused
from tests.tools.towns.golden_sample import agrees, golden_sample

SAMPLE = golden_sample()
X = np.column_stack([np.ones(240), np.nan_to_num(SAMPLE.x, nan=3.0), SAMPLE.v])
TOTALS = np.array([400.0, 1300.0, 27000.0])
#: (design, with bounds): mean and se of y, total and se of y in g = 2, least and largest factor, first weight; R:
#:   design <- update(design, x0 = ifelse(is.na(x), 3, x), y0 = ifelse(is.na(y), 0, y))   # srs: weights of 1.6
#:   pop <- 0.9 * c("(Intercept)" = 400, x0 = 1300, v = 27000)                             # srs: without the 0.9
#:   cal <- calibrate(design, ~x0 + v, pop, calfun = "linear", bounds = c(-Inf, Inf) or c(0.7, 1.5), epsilon = 1e-13)
#:   svymean(~y0, subset(cal, !is.na(y))); svytotal(~y0, subset(cal, !is.na(y) & g == 2))
#:   range(weights(cal) / weights(design)); weights(cal)[1]
CAL = {
    ("srs", False): (
        3.194981364818,
        0.05405295995398,
        275.9100786925,
        38.15097615617,
        0.6592294013528,
        1.415625817881,
        1.470243147023,
    ),
    ("srs", True): (
        3.195666492698,
        0.05404727267392,
        275.8419256126,
        38.1577606163,
        0.7,
        1.420535505769,
        1.466629595547,
    ),
    ("strata", False): (
        3.199347517726,
        0.02888729486866,
        251.0892448807,
        18.14724075519,
        0.617844178149,
        1.351351105836,
        1.061636824691,
    ),
    ("strata", True): (
        3.201178156737,
        0.02888357945116,
        251.0480233605,
        18.16309527708,
        0.7,
        1.365946804304,
        1.053108613437,
    ),
    ("clusters", False): (
        3.199347517726,
        0.0576452642814,
        251.0892448807,
        37.72832415577,
        0.617844178149,
        1.351351105836,
        1.061636824691,
    ),
    ("clusters", True): (
        3.201178156737,
        0.05771275774315,
        251.0480233605,
        37.747350665,
        0.7,
        1.365946804304,
        1.053108613437,
    ),
    ("clusters_fpc", False): (
        3.199347517726,
        0.03608411030073,
        251.0892448807,
        24.47575418584,
        0.617844178149,
        1.351351105836,
        1.061636824691,
    ),
    ("clusters_fpc", True): (
        3.201178156737,
        0.03605834673116,
        251.0480233605,
        24.48080222536,
        0.7,
        1.365946804304,
        1.053108613437,
    ),
}


def _case(name):
    if name == "srs":
        return make_design(np.full(240, 1.6), np.zeros(240, dtype=np.int64)), TOTALS
    return SAMPLE.designs[name], 0.9 * TOTALS


@pytest.mark.parametrize(("name", "bounded"), sorted(CAL))
def test_weights_means_and_totals_are_those_of_r(name, bounded):
    design, totals = _case(name)
    made = calibrate_linear(design, X, totals, (0.7, 1.5) if bounded else None)
    assert made.design.weight @ X == pytest.approx(totals, rel=1e-10)
    domains = lay_domains(made.design, np.zeros(240, dtype=np.int64), 1)
    y, g = domains.take(SAMPLE.y), domains.take(SAMPLE.g)
    found = []
    for mask, statistic in ((~np.isnan(y), linearise), (~np.isnan(y) & (g == 2), total)):
        value, influence = statistic(domains, base_of(domains, mask), y)
        found += [value[0], np.sqrt(variance(domains, made.residual(influence, domains.rows)))[0]]
    agrees([*found, made.factor.min(), made.factor.max(), made.design.weight[0]], CAL[name, bounded])


def test_what_is_known_has_no_error():
    made = calibrate_linear(*_calibrated("clusters"))
    domains = lay_domains(made.design, np.zeros(240, dtype=np.int64), 1)
    value, influence = total(domains, base_of(domains), domains.take(SAMPLE.v))
    assert value[0] == pytest.approx(0.9 * 27000)
    assert variance(domains, made.residual(influence, domains.rows))[0] == pytest.approx(0, abs=1e-9)


def _calibrated(name):
    design, totals = _case(name)
    return design, X, totals


@pytest.mark.parametrize(
    ("totals", "bounds", "key"),
    [
        (TOTALS, (0.99, 1.01), "estimation.calibration_unmet"),
        (TOTALS, (1.2, 3.0), "estimation.calibration_bounds"),
        (np.array([400.0, np.nan, 27000.0]), None, "estimation.calibration_missing"),
    ],
)
def test_what_no_weights_can_meet_is_refused(totals, bounds, key):
    with pytest.raises(Refused) as refused:
        calibrate_linear(SAMPLE.designs["strata"], X, totals, bounds)
    assert refused.value.key == key
