"""Rao & Scott: R survey on four designs, domains and the whole; both ways to the covariance; tables without a test."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.descriptive import chi_squared
from analysis.statistics.descriptive.chi_squared import association
from analysis.statistics.design import make_design
from analysis.statistics.estimation import base_of, lay_domains
from tests.tools.towns.golden_sample import agrees, golden_sample

SAMPLE = golden_sample()
DESIGNS = sorted(SAMPLE.designs)
#: F, df1, df2, p for g = 0 … 3; R: svychisq(~a + b, subset(design, g == k & !is.na(a)), statistic = "F")
CHI = {
    "srs": [
        (0.8037242528003, 4, 212, 0.5240009618053),
        (1.159168735612, 4, 164, 0.3308460428549),
        (1.115181463326, 4, 192, 0.3506191219363),
        (0.5325096493676, 4, 256, 0.7119566054388),
    ],
    "strata": [
        (2.758147379565, 3.326540555386, 169.6535683247, 0.03851915113061),
        (6.090714282558, 3.576632068641, 139.488650677, 0.0002744866407483),
        (7.855758470445, 3.857488574353, 177.4444744202, 9.993800719131e-06),
        (1.312396927645, 3.784472334041, 234.6372847105, 0.2673303070408),
    ],
    "clusters": [
        (0.9947456868586, 2.949274623819, 38.34057010964, 0.4045736459793),
        (1.47703588247, 2.603661163681, 33.84759512785, 0.2406147403851),
        (1.567804182065, 2.574344285759, 36.04082000063, 0.2180386656244),
        (0.7452684736398, 3.173187221807, 44.42462110529, 0.5377881007263),
    ],
    "clusters_fpc": [
        (2.03930092681, 2.451751782962, 31.87277317851, 0.1380707755472),
        (3.582614990022, 2.550850900951, 33.16106171236, 0.0295727323528),
        (3.13219032687, 2.292617153518, 32.09664014925, 0.05091585699799),
        (2.057213488643, 3.283135234546, 45.96389328365, 0.1138140425457),
    ],
}
#: the same of everybody; R: svychisq(~a + b, subset(design, !is.na(a)), statistic = "F")
CHI_ALL = {
    "srs": (0.5439339902234, 4, 836, 0.703515893467),
    "strata": (2.252222766711, 3.8916703088, 805.5757539215, 0.06366954270395),
    "clusters": (0.6731204167716, 3.215753161071, 48.23629741607, 0.5826434509756),
    "clusters_fpc": (1.524311626962, 3.031571317915, 45.47356976873, 0.2206745742539),
}
#: the same on the design of two stages: g = 0 … 3, then everybody
CHI_TWO_STAGES = [
    (1.422285956533, 3.109443921249, 40.42277097624, 0.2496947006235),
    (2.334735818826, 3.207300251737, 41.69490327258, 0.08389236765125),
    (2.250680059112, 2.936880903999, 41.11633265599, 0.09798683454441),
    (1.203654100925, 3.741363101864, 52.3790834261, 0.31995910407),
    (1.086257112859, 3.470544780489, 52.05817170734, 0.3684154332194),
]


def outcome(design, group, size):
    domains = lay_domains(design, group, size)
    a, b = domains.take(SAMPLE.a), domains.take(SAMPLE.b)
    base = base_of(domains, ~np.isnan(a))
    e = association(domains, base, np.nan_to_num(a).astype(int), b.astype(int))
    return np.column_stack([e.statistic, e.df1, e.df2, e.p])


@pytest.mark.parametrize("name", DESIGNS)
def test_the_test_is_that_of_r(name):
    agrees(outcome(SAMPLE.designs[name], SAMPLE.g, 4), CHI[name])
    agrees(outcome(SAMPLE.designs[name], np.zeros(240, dtype=np.int64), 1)[0], CHI_ALL[name])


def test_the_second_stage_enters_the_test():
    groups, everybody = (
        outcome(SAMPLE.two_stages, g, k) for g, k in ((SAMPLE.g, 4), (np.zeros(240, dtype=np.int64), 1))
    )
    agrees(np.vstack([groups, everybody]), CHI_TWO_STAGES)


@pytest.mark.parametrize("name", DESIGNS)
def test_the_quick_covariance_is_that_of_the_kernel(name):
    domains = lay_domains(SAMPLE.designs[name], SAMPLE.g, 4)
    a, b = np.nan_to_num(domains.take(SAMPLE.a)).astype(int), domains.take(SAMPLE.b).astype(int)
    base = base_of(domains, ~np.isnan(domains.take(SAMPLE.a)))
    cell = a * 3 + b
    share = np.array([[base.share[(domains.group == g) & (cell == k)].sum() for k in range(9)] for g in range(4)])
    quick, slow = chi_squared.by_units(domains, base, cell, share), chi_squared.by_pairs(domains, base, cell, share)
    assert quick == pytest.approx(slow, abs=1e-15)


def test_a_table_of_one_row_or_without_degrees_of_freedom_has_no_test():
    design = make_design(None, np.zeros(6, dtype=np.int64))
    domains = lay_domains(design, np.array([0, 0, 0, 0, 0, 1]), 2)
    e = association(domains, base_of(domains), np.zeros(6, dtype=int), np.array([0, 1, 0, 1, 0, 1]))
    assert np.isnan(e.statistic).all()
    assert np.isnan(e.p).all()


def test_one_psu_in_a_stratum_leaves_no_test():
    design = make_design(None, np.array([0, 0, 0, 0, 1]))
    domains = lay_domains(design, np.zeros(5, dtype=np.int64), 1)
    e = association(domains, base_of(domains), np.array([0, 1, 0, 1, 1]), np.array([0, 1, 1, 0, 1]))
    assert np.isnan(e.p[0])
