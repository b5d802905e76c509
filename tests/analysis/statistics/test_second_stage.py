"""Two stages: toys countable by hand, then R survey 4.1-1 on the 240 rows of ``test_estimation`` and on ``mu284``.

R, for every golden number of the 240 rows (``d`` as in ``test_estimation``)::

    d$ssu <- floor(u[,6]*5); d$row <- 1:240; d$all <- 6
    d$persons <- ave(d$psu, d$stratum, d$psu, FUN = length) + c(0, 4, 30, 7, 50, 2)[d$psu + 1]
    d$ssus <- ave(d$ssu, d$stratum, d$psu, FUN = function(v) length(unique(v))) + c(3, 0, 9, 1, 2, 5)[d$psu + 1]
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.statistics import estimation
from analysis.statistics.design import LonelyPsu, make_design, told_design
from analysis.statistics.estimation import lay_domains
from analysis.statistics.weighting import calibrate
from survey.core.errors import Refused
from tests.tools.towns.golden_answers import calibration, identity
from tests.tools.towns.survey_toys import lcg

R = pytest.approx

# mean, se, low, high, df, deff, share, se of share for g = 0 … 3; R for one design:
#   s <- subset(des, g == k & !is.na(x)); m <- svymean(~x, s, deff = "replace"); confint(m, df = degf(s)); degf(s)
#   svyciprop(~I(x >= 4), s, method = "logit")
GOLDEN = {
    # des <- svydesign(ids = ~psu + row, strata = ~stratum, weights = ~w, fpc = ~fpc + persons, nest = TRUE, data = d)
    ("fpc", None, "persons"): """
        2.837444818354094 0.1833828920501206 2.441270166237514 3.233619470470674 13
            0.7787562617668932 0.3831883821982756 0.05947933308895996
        2.596114549150699 0.1827277248153304 2.201355299792901 2.990873798508497 13
            0.60877448205949 0.2815475950361628 0.05743291136668068
        2.962478348311774 0.1873068601243594 2.560745088161366 3.364211608462182 14
            0.7065849291697042 0.3869496331404277 0.04901627802883346
        3.491564998712327 0.1400587318356848 3.191168895144501 3.791961102280153 14
            0.6376687854140534 0.5776955425553912 0.04462675744871655
    """,
    # des <- svydesign(ids = ~psu + ssu, strata = ~stratum, weights = ~w, fpc = ~fpc + ssus, nest = TRUE, data = d)
    ("fpc", "ssu", "ssus"): """
        2.837444818354094 0.1851909331376028 2.43736413094252 3.237525505765668 13
            0.794188065890223 0.3831883821982756 0.05976082779061479
        2.596114549150699 0.1598087927444819 2.250868642278362 2.941360456023036 13
            0.4656385066549609 0.2815475950361628 0.05094378527269616
        2.962478348311774 0.1783546749867149 2.579945615672362 3.345011080951187 14
            0.6406576221846085 0.3869496331404277 0.04662574983522095
        3.491564998712327 0.143973372997894 3.182772824891819 3.800357172532835 14
            0.6738126152932232 0.5776955425553912 0.04408151790055986
    """,
    # des <- svydesign(ids = ~psu + row, strata = ~stratum, weights = ~w, fpc = ~all + persons, nest = TRUE, data = d)
    ("all", None, "persons"): """
        2.837444818354094 0.1217316093547676 2.574459665003281 3.100429971704907 13
            0.3431552471310614 0.3831883821982756 0.0401215768625155
        2.596114549150699 0.1599020075532462 2.250667263927189 2.941561834374209 13
            0.4661818692856974 0.2815475950361628 0.04772050483659941
        2.962478348311774 0.141557557031943 2.658867584415498 3.266089112208051 14
            0.4035739456005912 0.3869496331404277 0.04576540251367636
        3.491564998712327 0.1117153442899586 3.25195941544307 3.731170581981584 14
            0.4056957288465872 0.5776955425553912 0.03938297129668845
    """,
}


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    u = lcg(240 * 6, 2011).reshape(-1, 6)
    stratum, psu, ssu = (np.floor(u[:, k] * size).astype(int) for k, size in ((0, 3), (1, 6), (5, 5)))
    by = pd.DataFrame({"stratum": stratum, "psu": psu, "ssu": ssu}).groupby(["stratum", "psu"])["ssu"]
    return {
        "stratum": stratum,
        "psu": psu,
        "ssu": ssu,
        "g": np.floor(u[:, 2] * 4).astype(int),
        "w": 0.5 + 2 * u[:, 3],
        "x": np.where(u[:, 5] < 0.1, np.nan, 1 + np.floor(5 * u[:, 4])),
        "fpc": np.array([8.0, 20.0, 9.0])[stratum],
        "all": np.full(240, 6.0),
        "persons": by.transform("size").to_numpy() + np.array([0.0, 4, 30, 7, 50, 2])[psu],
        "ssus": by.transform("nunique").to_numpy() + np.array([3.0, 0, 9, 1, 2, 5])[psu],
    }


def estimate(domains: estimation.Domains, values: Any, **options: Any) -> estimation.Estimate:
    return estimation.estimate(domains, domains.take(values), **options)


def two_stages(data: dict[str, Any], fpc: str, ssu: str | None, fpc2: str) -> Any:
    return make_design(
        data["w"], data["stratum"], data["psu"], data[fpc], ssu=data[ssu] if ssu else None, fpc2=data[fpc2]
    )


@pytest.mark.parametrize(("fpc", "ssu", "fpc2"), list(GOLDEN))
def test_means_and_shares_agree_with_r(data: dict[str, Any], fpc: str, ssu: str | None, fpc2: str) -> None:
    domains = lay_domains(two_stages(data, fpc, ssu, fpc2), data["g"], 4)
    x = data["x"]
    mean = estimate(domains, x)
    share = estimate(domains, np.where(np.isnan(x), np.nan, x >= 4), share=True)
    got = [mean.mean, mean.se, mean.low, mean.high, mean.df, mean.deff]
    expected = np.array(GOLDEN[fpc, ssu, fpc2].split(), dtype=float).reshape(4, 8).T
    np.testing.assert_allclose(got, expected[:6], rtol=1e-10)
    # R fits a glm for the logit share and stops at its own tolerance
    np.testing.assert_allclose([share.mean, share.se], expected[6:], rtol=1e-7)


def test_raked_and_poststratified_samples_of_two_stages_agree_with_r(data: dict[str, Any]) -> None:
    """Residuals first, then both stages.

    R: des as the first of GOLDEN; des <- update(des, h = ssu %% 2, x0 = ifelse(is.na(x), 0, x))
    r <- rake(des, list(~g, ~h), list(data.frame(g = 0:3, Freq = c(100, 80, 120, 90)), data.frame(h = 0:1,
         Freq = c(200, 190))), control = list(maxit = 2000, epsilon = 1e-13)); svymean(~x0, subset(r, !is.na(x)))
    p <- postStratify(des, ~g, data.frame(g = 0:3, Freq = c(100, 80, 120, 90))); svymean(~x0, subset(p, !is.na(x)))
    """
    design, everyone = two_stages(data, "fpc", None, "persons"), np.zeros(240, dtype=int)
    g, h, w = data["g"], data["ssu"] % 2, data["w"]
    by_g, by_h = identity(1, [[100, 80, 120, 90]]), identity(1, [[200, 190]])
    raked = calibrate(w, g * 2 + h, (1, 4, 2), [by_g, by_h]).weight, calibration(g * 2 + h, 1, (4, 2))
    stratified = calibrate(w, g, (1, 4), [by_g]).weight, calibration(g, 1, (4,), w)
    for (weight, classes), expected in (
        (raked, (2.97202324180256, 0.07797860033691882)),
        (stratified, (2.989007921421754, 0.07623079546099906)),
    ):
        e = estimate(lay_domains(replace(design, weight=weight), everyone, 1, classes), data["x"])
        np.testing.assert_allclose([e.mean[0], e.se[0]], expected, rtol=1e-10)


#: ``data(mu284)``: PSU, SSUs of it, y1; 50 PSUs
MU284 = [
    (19, 5, (41, 49, 49)),
    (45, 8, (49, 49, 45)),
    (47, 5, (31, 31, 35)),
    (50, 9, (39, 41, 61)),
    (31, 7, (49, 51, 33)),
]


def mu284(*, without: int = 0) -> tuple[Any, Any, Any, Any]:
    """PSU, SSUs in the PSU, SSU and y1; without the last so many of PSU 19."""
    rows = [(p, m, j, y) for p, m, ys in MU284 for j, y in enumerate(ys[: 3 - without if p == 19 else 3])]
    psu, size, ssu, y = (np.array(column) for column in zip(*rows, strict=True))
    return psu, size.astype(float), ssu, y.astype(float)


def mu284_design(rule: LonelyPsu = "unknown", *, without: int = 0) -> tuple[Any, Any]:
    """R: svydesign(id = ~id1 + id2, fpc = ~n1 + n2, data = mu284), weights the inverse of both shares."""
    psu, size, ssu, y = mu284(without=without)
    asked = np.array([np.count_nonzero(psu == p) for p in psu])
    zeros = np.zeros(len(y), dtype=int)
    design = make_design(size / asked, zeros, psu, np.full(len(y), 50.0), ssu=ssu, fpc2=size, lonely=rule)
    return lay_domains(design, zeros, 1), y


def test_the_mu284_population_agrees_with_r() -> None:
    """R: m <- svymean(~y1, dm); coef(m); SE(m); degf(dm)"""
    e = estimate(*mu284_design())
    np.testing.assert_allclose([e.mean[0], e.se[0], e.df[0]], [44.35294117647059, 2.273652727815925, 4], rtol=1e-10)


@pytest.mark.parametrize(
    ("rule", "se", "note"),
    [
        ("certainty", 2.355935806363283, ""),
        ("adjust", 2.358357157828509, ""),
        ("average", np.nan, "one_psu"),
        ("unknown", np.nan, "one_psu"),
    ],
)
def test_a_single_ssu_agrees_with_r(rule: LonelyPsu, se: float, note: str) -> None:
    """R: options(survey.lonely.psu = rule); the design of mu284[-c(6, 11), ]; ``unknown`` is R's fail."""
    e = estimate(*mu284_design(rule, without=2))
    np.testing.assert_allclose([e.mean[0], e.se[0]], [43.56862745098039, se], rtol=1e-10)
    assert e.note[0] == note


def simple(values: list[float], **design: Any) -> estimation.Estimate:
    zeros = np.zeros(len(values), dtype=int)
    made = design.pop("make", told_design)(None, zeros, np.array([0, 0, 1, 1]), **design)
    return estimate(lay_domains(made, zeros, 1), np.array(values))


def test_all_psus_by_hand() -> None:
    """PSUs {0, 2}, {4, 6} of 2, 2 of 4 people each: mean 3, z/w − z̄ = ∓1/4 within each: 2 · (1/2 · 2/1 · 2/16)."""
    e = simple([0.0, 2, 4, 6], fpc=np.full(4, 2.0), fpc2=np.full(4, 4.0))
    assert e.se[0] == R(np.sqrt(2 * (1 / 2 * 2 * 2 / 16)), rel=1e-14)
    assert e.note[0] == ""


def test_an_absent_ssu_of_a_domain_counts_as_zero() -> None:
    """Domain {0, 2} of one PSU of three people asked, of six: z = ∓1/2, 0; both PSUs are in: 1/2 · 3/2 · 2/4."""
    psu = np.array([0, 0, 0, 1, 1])
    made = told_design(None, np.zeros(5, dtype=int), psu, np.full(5, 2.0), fpc2=np.array([6.0, 6, 6, 2, 2]))
    e = estimate(lay_domains(made, np.array([0, 0, -1, 0, 0]), 1), np.array([0.0, 2, 9, 1, 1]))
    assert e.se[0] == R(np.sqrt(1 / 2 * 3 / 2 * 2 / 16), rel=1e-14)


def test_everybody_asked_is_exact() -> None:
    e = simple([0.0, 2, 4, 6], fpc=np.full(4, 2.0), fpc2=np.full(4, 2.0))
    assert (e.se[0], e.low[0], e.high[0], e.note[0]) == (0, 3, 3, "")


def test_all_psus_without_their_people_are_no_census() -> None:
    """Only the first stage is told: the error is that of PSUs drawn with replacement, 2/1 · 2 · (1/2)²."""
    told = simple([0.0, 2, 4, 6], fpc=np.full(4, 2.0))
    assert told.se[0] == R(2, rel=1e-14)
    assert told.note[0] == "fpc_left_out"
    # the kernel alone computes what it is told, as R does
    assert simple([0.0, 2, 4, 6], fpc=np.full(4, 2.0), make=make_design).se[0] == 0


@pytest.mark.parametrize(("psus", "note"), [(20.0, ""), (19.0, "fpc_left_out")])
def test_the_first_stage_alone_counts_up_to_a_tenth(psus: float, note: str) -> None:
    e = simple([0.0, 2, 4, 6], fpc=np.full(4, psus))
    assert e.note[0] == note
    assert e.se[0] == R(2 * np.sqrt(1 - 2 / psus if not note else 1), rel=1e-14)


@pytest.mark.parametrize("fpc2", [[4.0, 4, np.nan, np.nan], [np.nan] * 4], ids=["one PSU does not say", "none says"])
def test_a_psu_that_does_not_say_leaves_the_population_out(fpc2: list[float]) -> None:
    e = simple([0.0, 2, 4, 6], fpc=np.full(4, 2.0), fpc2=np.array(fpc2))
    assert (e.se[0], e.note[0]) == (R(2, rel=1e-14), "fpc_left_out")


def test_one_person_of_several_says_nothing_of_the_others() -> None:
    made = told_design(None, np.zeros(3, dtype=int), np.array([0, 0, 1]), np.full(3, 2.0), fpc2=np.array([4.0, 4, 4]))
    e = estimate(lay_domains(made, np.zeros(3, dtype=int), 1), np.array([1.0, 2, 6]))
    assert e.note[0] == "fpc_left_out"
    assert e.se[0] > 0


def test_households_that_are_all_in_are_no_census() -> None:
    """An SSU with a name may hold more people than were asked."""
    told = {"fpc": np.full(4, 2.0), "ssu": np.array([0, 1, 0, 1])}
    e = simple([0.0, 2, 4, 6], fpc2=np.full(4, 2.0), **told)
    assert (e.se[0], e.note[0]) == (R(2, rel=1e-14), "fpc_left_out")
    most = simple([0.0, 2, 4, 6], fpc2=np.full(4, 4.0), **told)
    assert most.note[0] == "third_stage"
    few = simple([0.0, 2, 4, 6], fpc2=np.full(4, 20.0), **told)
    assert few.note[0] == ""


def test_people_who_are_their_own_psu_need_no_second_stage() -> None:
    """Two clusters of two people each and two people on their own, four of four units: only the clusters are unknown."""
    psu, fpc2 = np.array([0, 0, 1, 1, -1, -1]), np.array([4.0, 4, 4, 4, np.nan, np.nan])
    made = told_design(None, np.zeros(6, dtype=int), psu, np.full(6, 4.0), fpc2=fpc2)
    e = estimate(lay_domains(made, np.zeros(6, dtype=int), 1), np.array([0.0, 2, 4, 6, 1, 5]))
    assert e.se[0] == R(np.sqrt(2 * (1 / 2 * 2 * 2 / 36)), rel=1e-14)


@pytest.mark.parametrize(
    ("fpc2", "key"),
    [
        ([4.0, 5, 4, 4], "estimation.fpc2_differs"),
        ([1.0, 1, 4, 4], "estimation.fpc2_small"),
    ],
)
def test_a_second_stage_that_means_nothing_is_refused(fpc2: list[float], key: str) -> None:
    with pytest.raises(Refused) as refusal:
        simple([0.0, 2, 4, 6], fpc=np.full(4, 9.0), fpc2=np.array(fpc2), make=make_design)
    assert refusal.value.key == key
    for lang in ("zh", "en"):
        assert "{" not in refusal.value.word(lang)


@pytest.mark.parametrize(
    ("fpc", "fpc2"),
    [
        ([9.0, 9, 90, 9], [4.0, 4, 4, 4]),
        ([1.0, 1, 1, 1], [4.0, 4, 4, 4]),
        ([9.0, 9, 9, 9], [4.0, 5, 4, 4]),
        ([9.0, 9, 9, 9], [1.0, 1, 4, 4]),
    ],
)
def test_what_was_told_and_contradicts_itself_does_not_count(fpc: list[float], fpc2: list[float]) -> None:
    """The stratum is taken as drawn with replacement, another one beside it as it was."""
    zeros = np.zeros(4, dtype=int)
    made = told_design(None, zeros, np.array([0, 0, 1, 1]), np.array(fpc), fpc2=np.array(fpc2))
    assert made.contradicts is not None
    assert made.contradicts.tolist() == [True]
    e = estimate(lay_domains(made, zeros, 1), np.array([0.0, 2, 4, 6]))
    assert e.se[0] == R(2, rel=1e-14)
    stratum, psu = np.repeat([0, 1], 4), np.array([0, 0, 1, 1, 0, 0, 1, 1])
    both = told_design(None, stratum, psu, np.array([*fpc, 2, 2, 2, 2]), fpc2=np.array([*fpc2, 4, 4, 4, 4]))
    assert both.contradicts is not None
    assert both.contradicts.tolist() == [True, False]
    assert both.population.tolist() == [np.inf, 2.0]


def test_order_does_not_matter(data: dict[str, Any]) -> None:
    order = np.random.default_rng(7).permutation(240)
    mixed = {name: values[order] for name, values in data.items()}
    one, other = (estimate(lay_domains(two_stages(d, "fpc", "ssu", "ssus"), d["g"], 4), d["x"]) for d in (data, mixed))
    np.testing.assert_allclose(one.se, other.se, rtol=1e-12)
