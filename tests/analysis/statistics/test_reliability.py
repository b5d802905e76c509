"""Alpha, omega and item-rest correlations: toys countable by hand, then numbers of R with the call that made them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.statistics import reliability as r

#: covariances of the five agreeableness, conscientiousness and neuroticism items of the public bfi data set, complete
#: rows, A1, C4 and C5 turned round: library(psych); d <- na.omit(bfi[, c("A1", …)]); d$A1 <- 7 - d$A1; cov(d)
BFI = {
    "agree": [
        [1.9728316847, 0.56448716, 0.4915843463, 0.3098170222, 0.3237103413],
        [0.56448716, 1.3839515745, 0.7470138926, 0.586230291, 0.5755421367],
        [0.4915843463, 0.7470138926, 1.701860367, 0.7023032531, 0.8314337896],
        [0.3098170222, 0.586230291, 0.7023032531, 2.2095084332, 0.575154867],
        [0.3237103413, 0.5755421367, 0.8314337896, 0.575154867, 1.5916429343],
    ],
    "conscientious": [
        [1.5338173649, 0.7011165108, 0.5014335558, 0.5867108105, 0.5097434289],
        [0.7011165108, 1.7459669724, 0.6055535852, 0.7007283954, 0.6455405233],
        [0.5014335558, 0.6055535852, 1.6612071138, 0.6066448951, 0.7145394588],
        [0.5867108105, 0.7007283954, 0.6066448951, 1.8886596328, 1.0657805678],
        [0.5097434289, 0.6455405233, 0.7145394588, 1.0657805678, 2.6494590822],
    ],
    "neuro": [
        [2.4746735398, 1.6944223675, 1.3995929947, 0.9862944459, 0.9614020346],
        [1.6944223675, 2.3294851978, 1.3323483496, 0.9369243751, 0.8721183436],
        [1.3995929947, 1.3323483496, 2.5612334323, 1.3042058779, 1.1108830367],
        [0.9862944459, 0.9369243751, 1.3042058779, 2.4745908375, 1.0143546289],
        [0.9614020346, 0.8721183436, 1.1108830367, 1.0143546289, 2.6305516984],
    ],
}
#: f <- psych::fa(d, 1, fm = "ml"); l <- f$loadings; s <- sqrt(diag(cov(d))); u <- 1 - l^2
#: psych::alpha(d)$total$raw_alpha; sum(l*s)^2 / (sum(l*s)^2 + sum(u*s^2)); sum(l)^2 / (sum(l)^2 + sum(u))
PSYCH = {
    "agree": (0.7037558943748361, 0.71212963368791204, 0.72402164809306024),
    "conscientious": (0.72927720317044198, 0.73302219029201643, 0.73375609703876632),
    "neuro": (0.81330314316143881, 0.81284465137725637, 0.81496686641669647),
}
#: factanal(covmat = cov(d), factors = 1)$loadings
FACTANAL = {
    "agree": [0.37622408400115503, 0.65815025894272838, 0.76171325056410499, 0.48268046879580301, 0.62715357163128860],
    "neuro": [0.81793960072439009, 0.80270266427096137, 0.71678000184440027, 0.55413707233977927, 0.50164852544137351],
}


def test_two_items_by_hand():
    """Rows (0, 0), (0, 2), (2, 0), (2, 2), (4, 4): means 1.6, both variances 2.8 and covariance 1.8 (n − 1).

    The sum varies by 2 · 2.8 + 2 · 1.8 = 9.2, so alpha = 2 · (1 − 5.6 / 9.2) = 0.7826…, r = 1.8 / 2.8.
    """
    x = np.array([[0, 0], [0, 2], [2, 0], [2, 2], [4, 4]], dtype=float)
    matrix = r.covariance(x, np.ones(5))
    assert_allclose(matrix, [[2.8, 1.8], [1.8, 2.8]])
    assert r.alpha(matrix) == pytest.approx(2 * (1 - 5.6 / 9.2))
    assert_allclose(r.item_rest(matrix), [1.8 / 2.8] * 2)
    assert np.isnan(r.alpha_without(matrix)).all()
    assert r.one_factor(matrix) is None
    assert_allclose(r.variance_shares(matrix, np.array([1.0, 1.0])), [0.5, 0.5])
    assert_allclose(r.variance_shares(matrix, np.array([1.0, 0.0])), [1.0, 0.0])


def test_a_weight_of_two_is_a_row_twice_but_for_the_count():
    x = np.array([[0, 1, 5], [2, 2, 1], [4, 2, 3], [1, 5, 4]], dtype=float)
    weight = np.array([1.0, 2.0, 1.0, 1.0])
    twice = np.repeat(x, weight.astype(int), axis=0)
    weighted, repeated = r.covariance(x, weight), r.covariance(twice, np.ones(5))
    assert_allclose(weighted / repeated, (4 / 3) / (5 / 4))
    assert r.alpha(weighted) == pytest.approx(r.alpha(repeated))


def test_weighted_alpha_is_that_of_r_survey():
    """i <- 0:59; d <- data.frame(a=(i*7)%%5, b=(i*7+(i%%3))%%5, c=(i*7+(i%%4))%%5, w=1+i%%4)
    d$b[d$w==2 & i%%5==0] <- NA; svycralpha(~a+b+c, svydesign(ids=~1, weights=~w, data=d), na.rm=TRUE)
    k <- na.omit(d); diag(cov.wt(k[,1:3], k$w/sum(k$w), method="ML")$cov)   # without n/(n-1), 57 rows
    """
    i = np.arange(60)
    weight = (1 + i % 4).astype(float)
    x = np.column_stack([i * 7 % 5, (i * 7 + i % 3) % 5, (i * 7 + i % 4) % 5]).astype(float)
    keep = ~((weight == 2) & (i % 5 == 0))
    matrix = r.covariance(x[keep], weight[keep])
    assert r.alpha(matrix) == pytest.approx(-0.22620643431635379, rel=1e-12)
    assert_allclose(np.diag(matrix) * 56 / 57, [1.9097222222222221, 2.0121527777777768, 2.0399305555555545])


def test_pairs_of_complete_rows_give_the_same_covariance():
    rng = np.random.default_rng(1)
    x, w = rng.normal(size=(40, 4)), rng.uniform(0.5, 2, 40)
    assert_allclose(r.pairwise(x, w), r.covariance(x, w))


def test_each_pair_has_its_own_rows_by_hand():
    """Items 1 and 2 meet in rows (0, 0), (2, 4): means 1 and 2, covariance 1 · 2 · (2 / 2) · 2 / 1 = 4."""
    x = np.array([[0, 0, np.nan], [2, 4, np.nan], [4, np.nan, 1], [np.nan, np.nan, 3]])
    matrix = r.pairwise(x, np.ones(4))
    assert matrix[0, 1] == matrix[1, 0] == pytest.approx(4)
    assert matrix[0, 0] == pytest.approx(4)
    assert np.isnan(matrix[1, 2])
    assert np.isnan(matrix[0, 2])
    assert np.isnan(r.alpha(matrix))


@pytest.mark.parametrize("scale", BFI)
def test_alpha_and_omega_are_those_of_psych(scale):
    matrix = np.array(BFI[scale])
    alpha, raw, standard = PSYCH[scale]
    assert r.alpha(matrix) == pytest.approx(alpha, rel=1e-9)
    fitted = r.one_factor(matrix)
    assert fitted is not None
    assert not fitted.bound
    assert abs(r.omega(matrix, fitted) - raw) <= 5e-7
    correlation = matrix / np.sqrt(np.outer(np.diag(matrix), np.diag(matrix)))
    assert abs(r.omega(correlation, fitted) - standard) <= 5e-7


@pytest.mark.parametrize("scale", FACTANAL)
def test_loadings_are_those_of_r(scale):
    fitted = r.one_factor(np.array(BFI[scale]))
    assert fitted is not None
    assert_allclose(fitted.loading, FACTANAL[scale], atol=2e-6)


def test_item_rest_and_alpha_without_are_those_of_psych():
    """psych::alpha(d)$item.stats$r.drop and $alpha.drop$raw_alpha of the agreeableness items."""
    matrix = np.array(BFI["agree"])
    rest = [0.31140130058016208, 0.56301547549202269, 0.58877307867735329, 0.39479368011127269, 0.48724086762900060]
    without = [0.71797205656504826, 0.61848121177276116, 0.60075381442200149, 0.68694474153977858, 0.64462230422159472]
    assert_allclose(r.item_rest(matrix), rest, rtol=1e-9)
    assert_allclose(r.alpha_without(matrix), without, rtol=1e-9)


def test_one_factor_that_made_the_data_is_found_again():
    loading = np.array([0.9, 0.7, 0.5, 0.3])
    matrix = np.outer(loading, loading) + np.diag(1 - loading**2)
    fitted = r.one_factor(matrix)
    assert fitted is not None
    assert_allclose(fitted.loading, loading, atol=1e-6)
    assert r.omega(matrix, fitted) == pytest.approx(2.4**2 / matrix.sum(), abs=1e-6)


def test_what_cannot_be_known_is_empty():
    flat = np.array([[1.0, 0.0, 0.2], [0.0, 0.0, 0.0], [0.2, 0.0, 1.0]])
    assert r.one_factor(flat) is None
    assert np.isnan(r.item_rest(flat)[1])
    assert np.isnan(r.alpha(np.zeros((3, 3))))
    assert np.isnan(r.alpha(np.array([[1.0]])))
    assert np.isnan(r.variance_shares(np.zeros((2, 2)), np.ones(2))).all()
    assert r.one_factor(np.ones((3, 3))) is None
    heywood = r.one_factor(np.array([[1.0, 0.9, 0.9], [0.9, 1.0, 0.65], [0.9, 0.65, 1.0]]))
    assert heywood is not None
    assert heywood.bound


def test_the_interval_of_alpha_is_feldts():
    """R: f <- function(a, n, k) 1 - (1 - a) * qf(c(.975, .025), n - 1, (n - 1) * (k - 1)); f(.8, 120, 5); f(.62, 31, 2)."""
    golden = {(0.8, 5, 120): (0.7372663768327, 0.8514643268591), (0.62, 2, 31): (0.2119013748208, 0.816774201367)}
    for (found, k, n), ends in golden.items():
        assert r.alpha_interval(found, k, np.full(n, 3.0)) == pytest.approx(ends, rel=1e-11)


def test_unequal_weights_count_as_the_responses_that_they_are_worth():
    """Weights 1 … 112 are worth (112 · 113 / 2)² / (112 · 113 · 225 / 6) = 84.37 responses: R f(.9, 84.37333333333333, 3)."""
    assert r.alpha_interval(0.9, 3, np.arange(1.0, 113)) == pytest.approx((0.8563691944752, 0.9319982115184), rel=1e-11)


def test_one_item_one_response_and_no_alpha_have_no_interval():
    cases = [(0.8, 1, np.ones(120)), (float("nan"), 5, np.ones(120)), (0.8, 5, np.ones(1)), (1.0, 5, np.ones(120))]
    assert np.isnan([r.alpha_interval(*case) for case in cases]).all()
