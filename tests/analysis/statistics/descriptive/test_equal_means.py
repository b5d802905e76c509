"""One test of all groups: R survey on five designs, areas and the whole; a census, one PSU, groups that tell nothing.

R, after the lines of ``golden_sample``, for v = x and x == 1, of everybody and of b = 0, 1, 2::

    s <- update(subset(design, !is.na(x) & b == k), z = v)
    r <- regTermTest(svyglm(z ~ factor(g), s), ~factor(g)); c(r$Ftest, r$df, r$ddf, r$p)
"""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.descriptive import equal_means as module
from analysis.statistics.descriptive.covariance import linear, of_influences, of_units
from analysis.statistics.descriptive.equal_means import equal_means
from analysis.statistics.design import make_design
from analysis.statistics.estimation import base_of, lay_domains, linearise
from tests.tools.towns.golden_sample import agrees, golden_sample

SAMPLE = golden_sample()
DESIGNS = {**SAMPLE.designs, "two_stages": SAMPLE.two_stages}
#: F, df1, df2, p: x of everybody and of b = 0, 1, 2, then x == 1 of the same
EQUAL = {
    "srs": [
        (4.248204361226, 3, 206, 0.006143514557684),
        (3.027773656387, 3, 70, 0.03510225340912),
        (2.632199688094, 3, 68, 0.05692315287279),
        (1.38953173383, 3, 60, 0.2547066653834),
        (2.571887961016, 3, 206, 0.05521713116926),
        (1.735313261621, 3, 70, 0.1676785210412),
        (1.47468619561, 3, 68, 0.2291814641978),
        (0.3045014197479, 3, 60, 0.8220206089494),
    ],
    "strata": [
        (9.492028185905, 3, 204, 6.737173427948e-06),
        (5.924194279665, 3, 68, 0.001187567845093),
        (13.00024689757, 3, 66, 9.069366851359e-07),
        (7.794332530545, 3, 58, 0.0001859067439992),
        (4.834454421886, 3, 204, 0.00284442562664),
        (2.074544658804, 3, 68, 0.1116931766257),
        (9.488167154928, 3, 66, 2.699773409739e-05),
        (2.068215992954, 3, 58, 0.1143311753039),
    ],
    "clusters": [
        (4.926782152128, 3, 12, 0.01861186751789),
        (2.9471863801, 3, 12, 0.07586485949771),
        (2.752635093274, 3, 11, 0.09298520608611),
        (1.513799906175, 3, 11, 0.2654504762884),
        (1.464948446201, 3, 12, 0.2734188676984),
        (0.8080917191459, 3, 12, 0.5133636155779),
        (1.46647977766, 3, 11, 0.2771848815773),
        (0.4968135840926, 3, 11, 0.6919239037594),
    ],
    "clusters_fpc": [
        (16.06866134602, 3, 12, 0.0001674080627622),
        (7.054060005921, 3, 12, 0.005465588591543),
        (9.15372306396, 3, 11, 0.002513666702292),
        (3.579134830402, 3, 11, 0.05029392657333),
        (4.297204835823, 3, 12, 0.02816634237199),
        (2.353870652417, 3, 12, 0.123456745489),
        (4.654076491731, 3, 11, 0.02462658663118),
        (1.017656765364, 3, 11, 0.4218774574595),
    ],
    "two_stages": [
        (8.601480919218, 3, 12, 0.002558440995541),
        (4.556577976006, 3, 12, 0.02366783893264),
        (4.50975648893, 3, 11, 0.02697002848688),
        (2.498237219493, 3, 11, 0.1138341821342),
        (3.190306186543, 3, 12, 0.06274389658378),
        (1.716086175141, 3, 12, 0.2166893972513),
        (3.149791587373, 3, 11, 0.0686689260478),
        (0.6274586168451, 3, 11, 0.6121748503197),
    ],
}


def outcome(design, area, size, best):
    domains = lay_domains(design, area, size)
    x = domains.take(SAMPLE.x)
    values = np.nan_to_num(x == 1 if best else x).astype(np.float64)
    found = equal_means(domains, domains.take(SAMPLE.g), values, ~np.isnan(x))
    return np.column_stack([found.statistic, found.df1, found.df2, found.p])


@pytest.mark.parametrize("name", DESIGNS)
def test_the_test_is_that_of_r(name):
    everybody, areas = np.zeros(240, dtype=np.int64), SAMPLE.b.astype(np.int64)
    for first, best in ((0, False), (4, True)):
        agrees(outcome(DESIGNS[name], everybody, 1, best)[0], EQUAL[name][first])
        agrees(outcome(DESIGNS[name], areas, 3, best), EQUAL[name][first + 1 : first + 4])


def test_two_groups_are_a_t_test():
    """F of two groups is the square of t: 10 say 1 and 2 in turn, 20 say 3; the error is 0.5 · sqrt(30/29/10), on 28."""
    slot = np.repeat([0, 1], [10, 20])
    domains = lay_domains(make_design(None, np.zeros(30, dtype=np.int64)), np.zeros(30, dtype=np.int64), 1)
    values = np.array([1.0, 2.0] * 5 + [3.0, 3.5] * 10)
    found = equal_means(domains, slot, values, np.ones(30, dtype=bool))
    own, other = 0.25 * 30 / 29 / 10, 0.0625 * 30 / 29 / 20
    assert found.statistic[0] == pytest.approx((3.25 - 1.5) ** 2 / (own + other))
    assert (found.df1[0], found.df2[0]) == (1, 28)


def test_both_ways_to_the_covariance_agree():
    for name in ("strata", "clusters", "clusters_fpc"):
        domains = lay_domains(DESIGNS[name], SAMPLE.b.astype(np.int64), 3)
        assert linear(domains)
        x, slot = domains.take(SAMPLE.x), domains.take(SAMPLE.g)
        each = [linearise(domains, base_of(domains, ~np.isnan(x) & (slot == g)), np.nan_to_num(x))[1] for g in range(4)]
        np.testing.assert_allclose(of_units(domains, sum(each), slot, 4), of_influences(domains, each), atol=1e-15)


def toy(values, slot, **design):
    n = len(values)
    domains = lay_domains(make_design(None, np.zeros(n, dtype=np.int64), **design), np.zeros(n, dtype=np.int64), 1)
    return equal_means(domains, np.array(slot), np.array(values, dtype=float), np.ones(n, dtype=bool))


def test_where_everybody_was_asked_a_difference_is_certain():
    everybody = {"fpc": np.full(4, 4.0)}
    assert toy([1, 2, 3, 4], [0, 0, 1, 1], **everybody).p[0] == 0
    assert toy([1, 2, 2, 1], [0, 0, 1, 1], **everybody).p[0] == 1
    assert np.isnan(toy([1, 2, 3, 4], [0, 0, 1, 1], **everybody).statistic[0])


@pytest.mark.parametrize(
    ("values", "slot", "design"),
    [
        ([1, 2, 3, 4], [0, 0, 0, 0], {}),  # one group
        ([1, 1, 2, 2], [0, 0, 1, 1], {}),  # nobody differs within a group
        ([1, 2, 3, 4], [0, 0, 1, 1], {"psu": np.zeros(4, dtype=np.int64)}),  # one PSU
        ([1, 2, 3, 4, 1, 5], [0, 0, 1, 1, 2, 2], {"psu": np.array([0, 0, 1, 1, 2, 2])}),  # no PSU beside the groups
    ],
)
def test_no_test_where_nothing_is_left_to_judge_by(values, slot, design):
    assert np.isnan(toy(values, slot, **design).p).all()


def test_a_difference_told_twice_is_no_test():
    assert np.isnan(module._test(np.array([1.0, 2.0, 3.0]), np.ones((3, 3)) + np.diag([1.0, 0.0, 0.0]), 9.0, 1.0)).all()
