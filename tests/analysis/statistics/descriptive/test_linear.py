"""Totals, ratios, standard deviations and differences: R survey on four designs and four domains, then what must hold."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.descriptive.linear import concluded, deviation, difference, ratio, total
from analysis.statistics.design import make_design
from analysis.statistics.differences import difference_test
from analysis.statistics.estimation import base_of, lay_domains, linearise
from tests.tools.towns.golden_sample import agrees, golden_sample

SAMPLE = golden_sample()
DESIGNS = sorted(SAMPLE.designs)
#: total, se, low, high, df for g = 0 … 3; R:
#:   s <- subset(design, g == k & !is.na(x)); m <- svytotal(~x, s); SE(m); confint(m, df = degf(s)); degf(s)
TOTAL = {
    "srs": [
        (151, 21.06763366599, 108.7436781436, 193.2563218564, 53),
        (108, 17.79661949, 72.05899780458, 143.9410021954, 41),
        (143, 21.29991062114, 100.1736593708, 185.8263406292, 48),
        (226, 26.42143164572, 173.2171224918, 278.7828775082, 64),
    ],
    "strata": [
        (225.1997618851, 21.20771312674, 182.6235012063, 267.7760225638, 51),
        (180.3481243953, 18.09426769895, 143.7490134159, 216.9472353747, 39),
        (203.995988155, 16.59338623941, 170.5952340225, 237.3967422875, 46),
        (343.7122577926, 25.74363246213, 292.2514697558, 395.1730458294, 62),
    ],
    "clusters": [
        (225.1997618851, 38.26107493363, 142.5417348359, 307.8577889343, 13),
        (180.3481243953, 43.10843895987, 87.21800403734, 273.4782447532, 13),
        (203.995988155, 39.54202566596, 119.1867778934, 288.8051984167, 14),
        (343.7122577926, 35.93907939134, 266.630598738, 420.7939168471, 14),
    ],
    "clusters_fpc": [
        (225.1997618851, 25.91961158834, 169.2038454219, 281.1956783482, 13),
        (180.3481243953, 28.43449433477, 118.9191340721, 241.7771147185, 13),
        (203.995988155, 27.23783529573, 145.576641605, 262.415334705, 14),
        (343.7122577926, 21.45227498545, 297.7017039782, 389.7228116069, 14),
    ],
}
#: the same of a ratio; R: s <- subset(design, g == k & !is.na(x) & !is.na(y)); svyratio(~y, ~x, s)
RATIO = {
    "srs": [
        (1.087248322148, 0.05077237221256, 0.9853185317133, 1.189178112582, 51),
        (1.173076923077, 0.07010328307858, 1.031279648929, 1.314874197225, 39),
        (1.082089552239, 0.05705731314251, 0.9670980934465, 1.197081011031, 44),
        (0.9678899082569, 0.03558871562375, 0.896725873136, 1.039053943378, 61),
    ],
    "strata": [
        (1.080102651275, 0.02739806640162, 1.025044175489, 1.135161127061, 49),
        (1.184742546837, 0.04225252564048, 1.09913079784, 1.270354295834, 37),
        (1.102712028736, 0.02837972081924, 1.045439433419, 1.159984624052, 42),
        (0.9739319456027, 0.02417235052984, 0.9255631839149, 1.02230070729, 59),
    ],
    "clusters": [
        (1.080102651275, 0.0582083387084, 0.9543511807843, 1.205854121765, 13),
        (1.184742546837, 0.06154020130719, 1.051793024821, 1.317692068854, 13),
        (1.102712028736, 0.04762552591121, 0.9998233353096, 1.205600722162, 13),
        (0.9739319456027, 0.03110335124195, 0.9072218919093, 1.040641999296, 14),
    ],
    "clusters_fpc": [
        (1.080102651275, 0.0411555134215, 0.9911915700382, 1.169013732511, 13),
        (1.184742546837, 0.04013511333985, 1.098035905954, 1.27144918772, 13),
        (1.102712028736, 0.02977504823996, 1.038386947774, 1.167037109698, 13),
        (0.9739319456027, 0.02021032837636, 0.9305851023426, 1.017278788863, 14),
    ],
}
#: standard deviation and its se; R: v <- svyvar(~x, s); sqrt(coef(v)); SE(v) / (2 * sqrt(coef(v)))
SD = {
    "srs": [
        (1.471485318523, 0.07912187345134),
        (1.450699699016, 0.1077153017117),
        (1.578986155389, 0.08078428320124),
        (1.38188834014, 0.0889446846245),
    ],
    "strata": [
        (1.527055851696, 0.05338621795834),
        (1.517752203358, 0.06308327225888),
        (1.559802236455, 0.04138940427186),
        (1.414064725947, 0.06618765428495),
    ],
    "clusters": [
        (1.527055851696, 0.0936915534111),
        (1.517752203358, 0.1197137604848),
        (1.559802236455, 0.06519415839107),
        (1.414064725947, 0.1017316627571),
    ],
    "clusters_fpc": [
        (1.527055851696, 0.0568867869459),
        (1.517752203358, 0.08764335586041),
        (1.559802236455, 0.03954677448201),
        (1.414064725947, 0.06193026965479),
    ],
}
#: difference, se, df, low, high, p of g = 0 less 1, then of g = 3 less 2; R:
#:   s <- subset(design, g %in% ij & !is.na(x)); b <- svyby(~x, ~g, s, svymean, covmat = TRUE)
#:   ct <- svycontrast(b, c(1, -1)); confint(ct, df = degf(s)); 2 * pt(-abs(coef(ct) / SE(ct)), degf(s))
DIFF = {
    "srs": [
        (0.2248677248677, 0.297723296091, 95, -0.366187747464, 0.8159231971994, 0.4519429310569),
        (0.5585557299843, 0.2812462924091, 113, 0.001356099305172, 1.115755360663, 0.04945437255777),
    ],
    "strata": [
        (0.2413302692034, 0.1814427260533, 93, -0.1189790253931, 0.6016395637999, 0.1867502051647),
        (0.5290866504006, 0.1641193402804, 111, 0.2038732215079, 0.8543000792932, 0.001661460470489),
    ],
    "clusters": [
        (0.2413302692034, 0.3608811265257, 14, -0.5326827668898, 1.015343305297, 0.5145468895822),
        (0.5290866504006, 0.311089236014, 15, -0.13398436033, 1.192157661131, 0.1096215357992),
    ],
    "clusters_fpc": [
        (0.2413302692034, 0.2298285543514, 14, -0.2516029546729, 0.7342634930797, 0.311486411784),
        (0.5290866504006, 0.1999292043373, 15, 0.1029476386717, 0.9552256621294, 0.01832377426602),
    ],
}


@pytest.mark.parametrize("name", DESIGNS)
def test_totals_ratios_and_deviations_are_those_of_r(name):
    domains = lay_domains(SAMPLE.designs[name], SAMPLE.g, 4)
    x, y = domains.take(SAMPLE.x), domains.take(SAMPLE.y)
    base, both = base_of(domains, ~np.isnan(x)), base_of(domains, ~np.isnan(x) & ~np.isnan(y))
    for golden, there, found in (
        (TOTAL, base, total(domains, base, x)),
        (RATIO, both, ratio(domains, both, y, x)),
        (SD, base, deviation(domains, base, x)),
    ):
        e = concluded(domains, there, found)
        columns = np.column_stack([e.mean, e.se, e.low, e.high, e.df])
        agrees(columns[:, : len(golden[name][0])], golden[name])


@pytest.mark.parametrize("name", DESIGNS)
def test_differences_of_any_two_groups_are_those_of_r(name):
    domains = lay_domains(SAMPLE.designs[name], np.zeros(240, dtype=np.int64), 1)
    x, g = domains.take(SAMPLE.x), domains.take(SAMPLE.g)
    for (one, other), golden in zip(((0, 1), (3, 2)), DIFF[name], strict=True):
        known = ~np.isnan(x)
        parts = base_of(domains, known & (g == one)), base_of(domains, known & (g == other))
        whole = base_of(domains, known & np.isin(g, (one, other)))
        e = difference(domains, whole, parts, lambda base: linearise(domains, base, x))
        p = difference_test(e.mean, e.se, e.df)
        agrees([e.mean[0], e.se[0], e.df[0], e.low[0], e.high[0], p[0]], golden)


def test_a_total_is_the_mean_times_the_weights_and_a_ratio_to_one_is_the_mean():
    domains = lay_domains(SAMPLE.designs["clusters"], SAMPLE.g, 4)
    v = domains.take(SAMPLE.v)
    base = base_of(domains)
    mean, influence = linearise(domains, base, v)
    assert total(domains, base, v)[0] == pytest.approx(mean * base.sum_weight)
    found, own = ratio(domains, base, v, np.ones(len(v)))
    assert found == pytest.approx(mean)
    assert own == pytest.approx(influence)


def test_a_ratio_without_a_denominator_and_a_deviation_of_one_are_not_known():
    domains = lay_domains(make_design(None, np.zeros(5, dtype=np.int64)), np.array([0, 0, 0, 0, 1]), 2)
    base = base_of(domains)
    x = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    assert np.isnan(ratio(domains, base, x, np.zeros(5))[0]).all()
    assert np.isnan(deviation(domains, base, x)[0]).tolist() == [False, True]


def test_an_empty_group_leaves_no_difference():
    domains = lay_domains(make_design(None, np.zeros(4, dtype=np.int64)), np.zeros(4, dtype=np.int64), 1)
    x = np.array([1.0, 2.0, 3.0, 5.0])
    parts = base_of(domains), base_of(domains, np.zeros(4, dtype=bool))
    found = difference(domains, base_of(domains), parts, lambda base: linearise(domains, base, x))
    assert np.isnan([found.mean[0], found.se[0], found.low[0]]).all()
