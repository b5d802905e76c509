"""The kernel: toys countable by hand, then R survey 4.1-1 on 240 rows that R makes with the same generator.

R, for every golden number here::

    lcg <- function(n, seed) { x <- seed; r <- numeric(n)
      for (i in 1:n) { x <- (16807 * x) %% 2147483647; r[i] <- x / 2147483647 }; r }
    u <- matrix(lcg(240 * 6, 2011), ncol = 6, byrow = TRUE)
    d <- data.frame(stratum = floor(u[,1]*3), psu = floor(u[,2]*6), g = floor(u[,3]*4), w = 0.5 + 2*u[,4],
                    x = 1 + floor(5*u[,5]), y = 1 + floor(2.5*(u[,5]+u[,6])))
    d$x[u[,6] < 0.1] <- NA; d$y[u[,4] < 0.05] <- NA
    d$fpc <- c(8, 20, 9)[d$stratum + 1]; d$N <- c(100, 90, 300)[d$stratum + 1]
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics import estimation
from analysis.statistics.design import Design, make_design
from analysis.statistics.estimation import base_of, conclude, lay_domains, linearise, variance
from survey.core.errors import Refused
from tests.tools.soak import examples
from tests.tools.towns.survey_toys import lcg

R = pytest.approx


def estimate(domains: estimation.Domains, values: Any, **options: Any) -> estimation.Estimate:
    """The kernel on values of the whole design."""
    return estimation.estimate(domains, domains.take(values), **options)


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    u = lcg(240 * 6, 2011).reshape(-1, 6)
    x, y = 1 + np.floor(5 * u[:, 4]), 1 + np.floor(2.5 * (u[:, 4] + u[:, 5]))
    stratum = np.floor(u[:, 0] * 3).astype(int)
    return {
        "stratum": stratum,
        "psu": np.floor(u[:, 1] * 6).astype(int),
        "g": np.floor(u[:, 2] * 4).astype(int),
        "w": 0.5 + 2 * u[:, 3],
        "x": np.where(u[:, 5] < 0.1, np.nan, x),
        "y": np.where(u[:, 3] < 0.05, np.nan, y),
        "fpc": np.array([8.0, 20.0, 9.0])[stratum],
        "N": np.array([100.0, 90.0, 300.0])[stratum],
    }


def simple(values: list[float], **design: Any) -> Any:
    n = len(values)
    zeros = np.zeros(n, dtype=int)
    made = make_design(None, design.pop("stratum", zeros), **design)
    return estimate(lay_domains(made, zeros, 1), np.array(values))


# mean, se, low, high, df, deff, share, se of share, low, high for g = 0 … 3; R for one design:
#   s <- subset(des, g == k & !is.na(x)); m <- svymean(~x, s, deff = "replace"); confint(m, df = degf(s)); degf(s)
#   svyciprop(~I(x >= 4), s, method = "logit")
GOLDEN = {
    # des <- svydesign(ids = ~1, strata = ~stratum, weights = ~w, data = d)
    (None, None): [
        (2.837444818354094, 0.224876192004867, 2.385987024954695, 3.288902611753493, 51, 1.171037691187666,
         0.3831883821982746, 0.07061246964618466, 0.2542989062346385, 0.5308957403117047),
        (2.596114549150699, 0.2532518336483152, 2.083864364747592, 3.108364733553806, 39, 1.169372141938653,
         0.2815475950338381, 0.07526955786085433, 0.1558470859193261, 0.4540952444245412),
        (2.962478348311774, 0.2333044221138225, 2.492860903830421, 3.432095792793128, 46, 1.096233182493621,
         0.3869496331404268, 0.0748341551415742, 0.2506501419504567, 0.5435996728598536),
        (3.491564998712327, 0.1868270285051777, 3.118103090118494, 3.86502690730616, 62, 1.134629815534877,
         0.5776955425553914, 0.06474899670508916, 0.4459085985117397, 0.6992768388531216),
    ],
    # des <- svydesign(ids = ~1, strata = ~stratum, weights = ~w, fpc = ~N, data = d)
    (None, "N"): [
        (2.837444818354094, 0.1225648457546985, 2.591385623205698, 3.08350401350249, 51, 0.3478690271991502,
         0.3831883821982746, 0.04232195798696688, 0.3024798416925233, 0.4708936741872751),
        (2.596114549150699, 0.1331918510513538, 2.326708601406237, 2.865520496895161, 39, 0.3234467975976028,
         0.2815475950338381, 0.04170779138541596, 0.2052406175288772, 0.3729131417821512),
        (2.962478348311774, 0.1137319904638094, 2.733547725250826, 3.191408971372723, 46, 0.2605087305165475,
         0.3869496331404268, 0.03599408044276974, 0.3174369780153567, 0.4613946009323713),
        (3.491564998712327, 0.1184640451591741, 3.254758746646582, 3.728371250778072, 62, 0.4561922421048758,
         0.5776955425553914, 0.04237512070449757, 0.4915282988843947, 0.6593796573345391),
    ],
    # des <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = d)
    ("psu", None): [
        (2.837444818354094, 0.2424349793240288, 2.313695887792257, 3.361193748915931, 13, 1.361051252766758,
         0.3831883821982746, 0.07903603710657914, 0.2317503121595998, 0.5612853903185914),
        (2.596114549150699, 0.2217163238815621, 2.11712555241082, 3.075103545890578, 13, 0.8962783064415735,
         0.2815475950338381, 0.06731176627968287, 0.1603402197595283, 0.4457402521926581),
        (2.962478348311774, 0.2592489161189693, 2.40644472416269, 3.518511972460859, 14, 1.35360173175266,
         0.3869496331404268, 0.06723742881977984, 0.2557702889661013, 0.5368741521444415),
        (3.491564998712327, 0.1830444344244526, 3.098973732461318, 3.884156264963336, 14, 1.089150351020693,
         0.5776955425553914, 0.05257616377524345, 0.4628438514846386, 0.6847180927646607),
    ],
    # des <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, fpc = ~fpc, nest = TRUE, data = d)
    ("psu", "fpc"): [
        (2.837444818354094, 0.1575601355506373, 2.497056840002468, 3.17783279670572, 13, 0.5748792168528424,
         0.3831883821982746, 0.05095202389106778, 0.2805456871568459, 0.497420667074886),
        (2.596114549150699, 0.1348547498426952, 2.30477857441541, 2.887450523885988, 13, 0.3315736742519971,
         0.2815475950338381, 0.04366489856476891, 0.1973173064095511, 0.3845098482448601),
        (2.962478348311774, 0.1572171918323938, 2.625281008157836, 3.299675688465713, 14, 0.4978024986558121,
         0.3869496331404268, 0.03707121031346126, 0.3110261075106769, 0.4687959567453745),
        (3.491564998712327, 0.1112825787019114, 3.252887605315302, 3.730242392109352, 14, 0.4025586291777302,
         0.5776955425553914, 0.03251334360315081, 0.5068700053032853, 0.6454639183748042),
    ],
}  # fmt: skip


def design_of(data: dict[str, Any], psu: str | None, fpc: str | None) -> Design:
    return make_design(data["w"], data["stratum"], data[psu] if psu else None, data[fpc] if fpc else None)


@pytest.mark.parametrize(("psu", "fpc"), list(GOLDEN))
def test_means_and_shares_agree_with_r(data: dict[str, Any], psu: str | None, fpc: str | None) -> None:
    domains = lay_domains(design_of(data, psu, fpc), data["g"], 4)
    x = data["x"]
    mean = estimate(domains, x)
    share = estimate(domains, np.where(np.isnan(x), np.nan, x >= 4), share=True)
    got = [mean.mean, mean.se, mean.low, mean.high, mean.df, mean.deff, share.mean, share.se]
    expected = np.array(GOLDEN[psu, fpc]).T
    np.testing.assert_allclose(got, expected[:8], rtol=1e-10)
    # R fits a glm for the logit interval and stops at its own tolerance
    np.testing.assert_allclose([share.low, share.high], expected[8:], rtol=1e-8)


def test_a_composite_honours_the_covariance_of_its_parts(data: dict[str, Any]) -> None:
    """0.7 mean(x) + 0.3 mean(y), each over those who answered it.

    R: d$rx <- !is.na(d$x); d$x0 <- ifelse(d$rx, d$x, 0); the same for y
    r <- svyratio(~x0 + y0, ~rx + ry, subset(des, g == k), covmat = TRUE); a <- c(.7, 0, 0, .3)
    sum(a * coef(r)); sqrt(t(a) %*% vcov(r) %*% a)      # des with psu and fpc
    """
    domains = lay_domains(design_of(data, "psu", "fpc"), data["g"], 4)
    total, influence = np.zeros(4), np.zeros(240)
    for name, share in (("x", 0.7), ("y", 0.3)):
        values = domains.take(data[name])
        mean, z = linearise(domains, base_of(domains, ~np.isnan(values)), values)
        total += share * mean
        influence += share * z
    expected = [
        (2.891648094628468, 0.1363636243669564), (2.691351352032917, 0.1255346860352451),
        (2.971261142181442, 0.1411637422699276), (3.439084080039855, 0.09342892835301282),
    ]  # fmt: skip
    np.testing.assert_allclose(np.transpose([total, np.sqrt(variance(domains, influence))]), expected, rtol=1e-10)


def test_simple_random_sample_by_hand() -> None:
    """1, 2, 3, 6: mean 3, squares 14; variance of the mean 14/3/4; without fpc, then 4 of 8."""
    e = simple([1.0, 2.0, 3.0, 6.0])
    assert (e.n[0], e.sum_weight[0], e.mean[0], e.df[0]) == (4, 4, 3, 3)
    assert e.se[0] == R(np.sqrt(14 / 12), rel=1e-14)
    assert e.high[0] - 3 == R(3.182446305284263 * np.sqrt(14 / 12))  # R: qt(.975, 3)
    assert e.deff[0] == R(1)
    half = simple([1.0, 2.0, 3.0, 6.0], fpc=np.full(4, 8.0))
    assert half.se[0] == R(np.sqrt(14 / 12 / 2), rel=1e-14)


def test_clusters_by_hand() -> None:
    """PSUs {0, 0}, {1, 1}, {5, 6}: sums around the mean 13/6 are −13/3, −7/3, 20/3."""
    e = simple([0.0, 0.0, 1.0, 1.0, 5.0, 6.0], psu=np.array([0, 0, 1, 1, 2, 2]))
    z = np.array([-13 / 3, -7 / 3, 20 / 3]) / 6
    assert e.se[0] == R(np.sqrt(3 / 2 * (z**2).sum()), rel=1e-14)
    assert e.df[0] == 2


def test_a_domain_keeps_the_rest_of_its_stratum_as_zeros() -> None:
    """Domain {1, 3} of a stratum of 4: z = ∓1/2, n_h = 4: variance 4/3 (1/4 + 1/4); df counts the domain."""
    design = make_design(None, np.zeros(4, dtype=int))
    e = estimate(lay_domains(design, np.array([0, 0, -1, 1]), 2), np.array([1.0, 3.0, 9.0, 4.0]))
    assert e.se[0] == R(np.sqrt(4 / 3 / 2), rel=1e-14)
    assert e.df.tolist() == [1, 0]
    # one respondent: z = 0 says nothing about the spread
    assert np.isnan(e.low[1])
    assert np.isnan(e.se[1])
    assert e.note.tolist() == ["", "one_psu"]


def test_absent_psus_count() -> None:
    """A domain in PSU 0 and 1 of three: sums z, −z, 0, so the variance is 3/2 (z² + z²)."""
    design = make_design(None, np.zeros(4, dtype=int), np.array([0, 1, 2, 2]))
    e = estimate(lay_domains(design, np.array([0, 0, -1, -1]), 1), np.array([1.0, 2.0, 9.0, 9.0]))
    assert e.se[0] == R(np.sqrt(3 / 2 * 2 * (1 / 4) ** 2), rel=1e-14)


def test_one_psu_in_a_stratum_gives_no_standard_error() -> None:
    e = simple([1.0, 2.0, 3.0], stratum=np.array([0, 0, 1]))
    assert e.mean[0] == 2
    assert np.isnan([e.se[0], e.low[0], e.high[0], e.deff[0]]).all()
    assert e.note[0] == "one_psu"


def test_a_lonely_stratum_elsewhere_does_not_matter() -> None:
    design = make_design(None, np.array([0, 0, 1]))
    e = estimate(lay_domains(design, np.array([0, 0, 1]), 2), np.array([1.0, 2.0, 3.0]))
    assert e.se[0] == R(0.5)
    assert e.note.tolist() == ["", "one_psu"]


def test_zero_variance_gives_no_interval() -> None:
    e = simple([66.7] * 7)
    assert e.se[0] == 0
    assert np.isnan([e.low[0], e.high[0], e.deff[0]]).all()
    assert e.note[0] == "no_variation"


def test_census_is_exact() -> None:
    e = simple([1.0, 2.0, 6.0], fpc=np.full(3, 3.0))
    assert (e.se[0], e.low[0], e.high[0], e.note[0]) == (0, 3, 3, "")
    alone = simple([4.0], fpc=np.ones(1))
    assert (alone.mean[0], alone.se[0], alone.low[0], alone.high[0], alone.note[0]) == (4, 0, 4, 4, "")


def test_certain_stratum_beside_a_sampled_one() -> None:
    """Stratum 0 (2 of 2) is certain; only stratum 1 (mean 6, n 2) varies: z = ∓1/4, variance 2 · 2/16."""
    e = simple([1.0, 2.0, 5.0, 7.0], stratum=np.array([0, 0, 1, 1]), fpc=np.array([2.0, 2.0, np.nan, np.nan]))
    assert e.se[0] == R(np.sqrt(2 * 2 * (1 / 4) ** 2), rel=1e-14)


def test_no_degrees_of_freedom_is_said() -> None:
    """One response in each of two strata of three: there is nothing to judge by, and that is not an error of 0."""
    design = make_design(None, np.array([0, 0, 0, 1, 1, 1]))
    e = estimate(lay_domains(design, np.array([0, -1, -1, 0, -1, -1]), 1), np.array([1.0, 0, 0, 3.0, 0, 0]))
    assert np.isnan([e.se[0], e.low[0], e.deff[0]]).all()
    assert e.note[0] == "one_psu"


def test_nobody_answered() -> None:
    design = make_design(None, np.zeros(3, dtype=int))
    e = estimate(lay_domains(design, np.array([0, 0, 1]), 3), np.array([1.0, 2.0, np.nan]))
    assert e.n.tolist() == [2, 0, 0]
    assert np.isnan([e.mean[1:], e.se[1:], e.low[1:], e.df[1:]]).all()
    assert e.note.tolist() == ["", "", ""]


def test_zero_weights_weigh_nothing() -> None:
    design = make_design(np.array([1.0, 1.0, 0.0, 0.0]), np.zeros(4, dtype=int))
    e = estimate(lay_domains(design, np.array([0, 0, 0, 1]), 2), np.array([1.0, 3.0, 100.0, 5.0]))
    assert (e.mean[0], e.n[0], e.df[0]) == (2, 2, 1)
    assert np.isnan(e.mean[1])


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        ({"fpc": np.full(4, 0.1)}, "estimation.fpc_small"),
        ({"fpc": np.array([8.0, 8.0, 9.0, 8.0])}, "estimation.fpc_differs"),
        ({"weight": np.array([1.0, -1.0, 1.0, 1.0])}, "estimation.negative_weight"),
        ({"weight": np.array([1.0, np.nan, 1.0, 1.0])}, "estimation.missing_weight"),
    ],
)
def test_a_design_that_means_nothing_is_refused(arguments: dict[str, Any], key: str) -> None:
    weight = arguments.pop("weight", None)
    with pytest.raises(Refused) as refusal:
        make_design(weight, np.zeros(4, dtype=int), **arguments)
    assert refusal.value.key == key
    for lang in ("zh", "en"):
        assert "{" not in refusal.value.word(lang)


@examples(20)
@given(st.integers(0, 10**6), st.booleans(), st.floats(0.1, 50), st.floats(-100, 100))
def test_shift_scale_and_order_do_not_matter(seed: int, clustered: bool, factor: float, shift: float) -> None:
    rng = np.random.default_rng(seed)
    n = 60
    stratum, g = rng.integers(0, 4, n), rng.integers(-1, 3, n)
    psu = rng.integers(0, 3, n) if clustered else None
    w, x = rng.uniform(0.2, 3, n), np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n))
    one = estimate(lay_domains(make_design(w, stratum, psu), g, 3), x)
    order = rng.permutation(n)
    shuffled = make_design(7 * w[order], stratum[order] + 2, None if psu is None else psu[order])
    other = estimate(lay_domains(shuffled, g[order], 3), factor * x[order] + shift)
    np.testing.assert_allclose(other.mean, factor * one.mean + shift, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(other.se, factor * one.se, rtol=1e-9)
    np.testing.assert_allclose(other.deff, one.deff, rtol=1e-8)
    assert other.note.tolist() == one.note.tolist()


@examples(15)
@given(st.integers(0, 10**6))
def test_groups_do_not_disturb_each_other(seed: int) -> None:
    """All groups at once give what each gives alone."""
    rng = np.random.default_rng(seed)
    n = 80
    design = make_design(rng.uniform(0.2, 3, n), rng.integers(0, 3, n), rng.integers(0, 4, n))
    g, x = rng.integers(0, 5, n), rng.integers(0, 2, n).astype(float)
    together = estimate(lay_domains(design, g, 5), x, share=True)
    for k in range(5):
        alone = estimate(lay_domains(design, np.where(g == k, 0, -1), 1), x, share=True)
        for name in ("mean", "se", "low", "high", "df", "deff"):
            np.testing.assert_allclose(getattr(together, name)[k], getattr(alone, name)[0], rtol=1e-10)


def test_conclude_never_gives_an_interval_for_a_certain_share() -> None:
    design = make_design(None, np.array([0, 0, 1, 1]))
    base = base_of(lay_domains(design, np.zeros(4, dtype=int), 1))
    e = conclude(base, np.array([1.0]), np.array([0.0]), share=True)
    assert np.isnan(e.low[0])
    assert e.note[0] == "no_variation"
