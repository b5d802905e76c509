"""Replicate weights: a toy countable by hand, then R survey 4.1-1 on the 240 rows of ``test_estimation``.

The replicates are those of ``tests.tools.towns.golden_replicates``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.statistics.design import make_design
from analysis.statistics.estimation import Domains, base_of, conclude, estimate, lay_domains, linearise, variance
from analysis.statistics.replicates import ReplicateSample
from tests.tools.towns.golden_replicates import replicate_sample, sample_of
from tests.tools.towns.survey_toys import lcg

R = pytest.approx

# mean, se, low, high, df, deff, share, se of share, low, high for g = 0 … 3:
#   s <- subset(des, g == k & !is.na(x)); m <- svymean(~x, s, deff = "replace"); confint(m, df = degf(s)); degf(s)
#   svymean(~I(x >= 4) + 0, s); svyciprop(~I(x >= 4), s, method = "xlogit")
GOLDEN: dict[str, list[tuple[float, ...]]] = {
    "JK1": [
                (2.837444818354094, 0.1500284932325142, 2.507234331158422, 3.167655305549766, 11, 0.5212324096865413,
         0.3831883821982746, 0.05558066264329676, 0.2701986181150922, 0.5103838184132605),
                (2.5961145491507, 0.2303124338058889, 2.082946467292282, 3.109282631009118, 10, 0.967124345131257,
         0.2815475950338381, 0.08902964753657215, 0.1281431315305961, 0.5109686179365187),
                (2.962478348311774, 0.2572890035800102, 2.396189069577408, 3.528767627046141, 11, 1.333212732818407,
         0.3869496331404269, 0.08883158197394518, 0.2168098121251357, 0.5900204499124437),
                (3.491564998712327, 0.1435824060015624, 3.175542253852635, 3.807587743572018, 11, 0.6701580394710771,
         0.5776955425553912, 0.04369727052815274, 0.4797843080971194, 0.6698590898084945),
    ],
    "JKn": [
                (2.837444818354094, 0.2459184870058669, 2.313281970980691, 3.361607665727496, 15, 1.400445695731901,
         0.3831883821982746, 0.08029372280173995, 0.2314528676280138, 0.5616969182270634),
                (2.5961145491507, 0.2278851470569591, 2.110388856016321, 3.081840242285078, 15, 0.9468465176776822,
         0.2815475950338381, 0.07027808553872532, 0.1574490516249774, 0.4510909715945325),
                (2.962478348311774, 0.2655868693107528, 2.396393336412727, 3.528563360210822, 15, 1.420594738403758,
         0.3869496331404269, 0.0681159600816293, 0.2549880739944384, 0.5378967638435216),
                (3.491564998712327, 0.1855795863318437, 3.096011473760148, 3.887118523664506, 15, 1.119528576293536,
         0.5776955425553912, 0.05276812438218586, 0.4631415000856579, 0.6844595952461113),
    ],
    "bootstrap": [
                (2.837444818354094, 0.1723219673822775, 2.476770795520023, 3.198118841188164, 19, 0.6876464499741134,
         0.3831883821982746, 0.05859947182439684, 0.2699334836921959, 0.510719911140652),
                (2.5961145491507, 0.2134979308292149, 2.149258244358752, 3.042970853942648, 19, 0.8310647979627711,
         0.2815475950338381, 0.0560616945035998, 0.1799211804436028, 0.411755169875644),
                (2.962478348311774, 0.2344727561750325, 2.471721229534017, 3.453235467089532, 19, 1.107240033066212,
         0.3869496331404269, 0.06871812254529751, 0.2560763420724907, 0.5364745144513545),
                (3.491564998712327, 0.1641618758228549, 3.147970243798301, 3.835159753626352, 19, 0.8760308308481207,
         0.5776955425553912, 0.05673172287261416, 0.456759433968096, 0.6899822552627988),
    ],
    "mse": [
                (2.837444818354094, 0.2459185290440504, 2.313281881378424, 3.361607755329763, 15, 1.400446174526309,
         0.3831883821982746, 0.0802940528852535, 0.2314523381270719, 0.5616976510693097),
                (2.5961145491507, 0.2279231570703378, 2.110307839590579, 3.08192125871082, 15, 0.9471624018036023,
         0.2815475950338381, 0.07031206523113596, 0.1574015588410135, 0.4511796293607725),
                (2.962478348311774, 0.2655868808354329, 2.396393311848453, 3.528563384775096, 15, 1.420594861692233,
         0.3869496331404269, 0.06811773251678414, 0.2549850486403282, 0.5379007223603488),
                (3.491564998712327, 0.1855884266168308, 3.09599263113873, 3.887137366285924, 15, 1.11963523875127,
         0.5776955425553912, 0.05276874329968423, 0.463140155598739, 0.6844607630918957),
    ],
    "BRR": [
        (2.83744481835409, 0.187334748790293, 2.39446852819853, 3.28042110850966, 7,
         0.812681926186017, 0.383188382198275, 0.049804627402737, 0.27402236669323, 0.505558674253993),
        (2.5961145491507, 0.299199544159812, 1.8886200509649, 3.3036090473365, 7,
         1.63218507179708, 0.281547595033838, 0.102431139261673, 0.105815803283748, 0.564787714725894),
        (2.96247834831177, 0.202122442795683, 2.48453471828593, 3.44042197833762, 7,
         0.822784457737016, 0.386949633140427, 0.0599975283324384, 0.25765114647521, 0.534422372640126),
        (3.49156499871233, 0.0980445918413069, 3.25972637910686, 3.7234036183178, 7,
         0.312479883986756, 0.577695542555391, 0.045228526077825, 0.468776013229013, 0.679548925476923),
    ],
    "Fay": [
        (2.83744481835409, 0.182032972066317, 2.40700523801657, 3.26788439869162, 7,
         0.767333283748165, 0.383188382198275, 0.0488004559601353, 0.276025444369312, 0.503047296422097),
        (2.5961145491507, 0.296920309907434, 1.89400958355314, 3.29821951474826, 7,
         1.60741255704622, 0.281547595033838, 0.101146004712019, 0.107245716593527, 0.561091458774521),
        (2.96247834831177, 0.198433099489267, 2.49325862894073, 3.43169806768282, 7,
         0.793021998225974, 0.386949633140427, 0.0591389466800862, 0.259291480626462, 0.532292296188099),
        (3.49156499871233, 0.095518345158224, 3.26570000327918, 3.71742999414547, 7,
         0.296584437240197, 0.577695542555391, 0.0437555883890145, 0.472332745283158, 0.676432106576361),
    ],
}  # fmt: skip

# SE(withReplicates(subset(des, g == k), function(w, e) 0.6 * weighted.mean(e$x, w) + 0.4 * weighted.mean(e$y, w))),
# either mean over those who answered it
SUMS = {
    "JK1": (0.1397070556732649, 0.1797274523150761, 0.1912345626304628, 0.1136288012127048),
    "JKn": (0.212647683283689, 0.2022967106484309, 0.2372278738642819, 0.1472828894531835),
    "bootstrap": (0.1375535962396789, 0.1691495528410233, 0.1758617731327969, 0.1309126362230211),
    "mse": (0.2126480854908632, 0.2023329088688663, 0.2372279942565833, 0.1472901283607923),
    "BRR": (0.159941451725897, 0.244323461259177, 0.183521245889674, 0.0673465849338927),
    "Fay": (0.155389668011329, 0.243130689290319, 0.179576360339831, 0.066713484566399),
}  # fmt: skip


def toy_design() -> tuple[ReplicateSample, Any]:
    """Three units of weight 1 with 1, 2 and 6."""
    weights = 1.5 * (1 - np.eye(3))
    return sample_of(weights, np.full(3, 2 / 3)), np.array([1.0, 2.0, 6.0])


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    u = lcg(240 * 6, 2011).reshape(-1, 6)
    x, y = 1 + np.floor(5 * u[:, 4]), 1 + np.floor(2.5 * (u[:, 4] + u[:, 5]))
    return {
        "unit": (np.floor(u[:, 0] * 3) * 6 + np.floor(u[:, 1] * 6)).astype(int),
        "g": np.floor(u[:, 2] * 4).astype(int),
        "w": 0.5 + 2 * u[:, 3],
        "x": np.where(u[:, 5] < 0.1, np.nan, x),
        "y": np.where(u[:, 3] < 0.05, np.nan, y),
    }


def laid(data: dict[str, Any], kind: str) -> Domains:
    design = make_design(data["w"], np.zeros(240, dtype=int))
    return lay_domains(design, data["g"], 4, replicates=[replicate_sample(data, kind)])


def test_three_units_by_hand():
    replicates, x = toy_design()  # θ_r: 4, 3.5, 1.5; mean 3; V = 2/3 · (1 + 0.25 + 2.25)
    domains = lay_domains(make_design(None, np.zeros(3, dtype=int)), np.zeros(3, dtype=int), 1, replicates=[replicates])
    result = estimate(domains, domains.take(x))
    assert (result.mean[0], result.se[0] ** 2, result.df[0]) == (R(3.0), R(7 / 3), 2)
    assert result.se[0] ** 2 == R(x.var(ddof=1) / 3)  # what linearisation says of three drawn at random
    assert result.note[0] == ""


@pytest.mark.parametrize("kind", GOLDEN)
def test_means_and_shares_agree_with_r(data: dict[str, Any], kind: str):
    domains = laid(data, kind)
    x = domains.take(data["x"])
    mean = estimate(domains, x)
    share = estimate(domains, np.where(np.isnan(x), np.nan, x >= 4), share=True)
    columns = [mean.mean, mean.se, mean.low, mean.high, mean.df, mean.deff, share.mean, share.se, share.low, share.high]
    for group, golden in enumerate(GOLDEN[kind]):
        assert [c[group] for c in columns] == R(golden, rel=1e-10), group


@pytest.mark.parametrize("kind", SUMS)
def test_a_sum_of_two_means_agrees_with_r(data: dict[str, Any], kind: str):
    domains = laid(data, kind)
    total = np.zeros(len(domains.of))
    for name, points in (("x", np.full(4, 0.6)), ("y", np.full(4, 0.4))):
        values = domains.take(data[name])
        total += points[domains.of] * linearise(domains, base_of(domains, ~np.isnan(values)), values)[1]
    assert np.sqrt(variance(domains, total)) == R(np.array(SUMS[kind]), rel=1e-10)


def test_two_samples_add_and_the_third_is_linearised(data: dict[str, Any]):
    """Three independent samples in one group: a mean over all is the weighted mean of theirs."""
    third = np.arange(240) // 80
    jackknife = replicate_sample(data, "JK1")
    parts = [
        sample_of(jackknife.weights[third == k], jackknife.factor, rows=np.flatnonzero(third == k)) for k in (0, 1)
    ]
    design = make_design(data["w"], third)
    x = np.nan_to_num(data["x"], nan=3.0)
    together = lay_domains(design, np.zeros(240, dtype=int), 1, replicates=parts)
    result = conclude(base_of(together), *_mean_and_variance(together, x))
    alone = [_centred(data, x, result.mean[0], part, third == k) for k, part in enumerate(parts)]
    plain = lay_domains(make_design(data["w"], third), np.zeros(240, dtype=int), 1)
    _, influence = linearise(plain, base_of(plain), plain.take(x))
    z = influence[plain.take(third) == 2]
    linear = 80 / 79 * np.sum((z - z.mean()) ** 2)
    assert result.se[0] ** 2 == R(sum(alone) + linear, rel=1e-9)
    assert result.df[0] == 11 + 11 + 79


def _mean_and_variance(domains: Domains, x: Any) -> tuple[Any, Any]:
    mean, influence = linearise(domains, base_of(domains), domains.take(x))
    return mean, variance(domains, influence)


def _centred(data: dict[str, Any], x: Any, mean: float, part: ReplicateSample, mine: Any) -> float:
    """Variance of the whole mean as only this sample's weights are replaced, replicate by replicate."""
    w = data["w"]
    values = []
    for r in range(12):
        changed = w.copy()
        changed[mine] = part.weights[:, r]
        values.append(np.average(x, weights=changed))
    return float(part.factor[0] * np.sum((np.array(values) - np.mean(values)) ** 2))


def test_a_replicate_without_anybody_of_a_group_is_said():
    replicates, x = toy_design()
    groups = np.array([0, 1, 1])
    domains = lay_domains(make_design(None, np.zeros(3, dtype=int)), groups, 2, replicates=[replicates])
    result = estimate(domains, domains.take(x))
    assert np.isnan(result.se).tolist() == [True, False]  # the second group has somebody in every replicate
    assert (result.note[0], np.isnan(result.low[0])) == ("replicate_empty", True)


def test_nobody_answered_is_no_error_and_all_alike_no_variation():
    replicates, _ = toy_design()
    domains = lay_domains(make_design(None, np.zeros(3, dtype=int)), np.zeros(3, dtype=int), 1, replicates=[replicates])
    nobody = estimate(domains, np.full(3, np.nan))
    assert np.isnan(nobody.se[0])
    assert nobody.note[0] == ""
    alike = estimate(domains, np.full(3, 5.0))
    assert (alike.se[0], alike.note[0]) == (0.0, "no_variation")


def test_responses_outside_of_the_groups_and_with_no_weight_stay_out(data: dict[str, Any]):
    kept = lay_domains(make_design(data["w"], np.zeros(240, dtype=int)), np.where(data["g"] == 2, 0, -1), 1,
                       replicates=[replicate_sample(data, "JKn")])  # fmt: skip
    result = estimate(kept, kept.take(data["x"]))
    assert (result.mean[0], result.se[0], result.df[0]) == R(GOLDEN["JKn"][2][:2] + GOLDEN["JKn"][2][4:5], rel=1e-10)
