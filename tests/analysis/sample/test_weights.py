"""The 300 points weighted to the register: by hand on a few answers, then against R survey 4.1-1.

The data of test_subjective.py (by_community); R for the golden numbers::

    d$a <- floor(u[,8]*1000) %% 2; d$b <- floor(u[,12]*1000) %% 3
    p <- expand.grid(a = 0:1, b = 0:2); p$Freq <- c(100,140,210,180,90,130) + 10*k*(1:6)      # k = 0 … 3
    s <- subset(des, g == k & scored); e <- postStratify(s, ~a+b, p)
    e <- rake(s, list(~a, ~b), list(aggregate(Freq~a, p, sum), aggregate(Freq~b, p, sum)), list(maxit=2000, epsilon=1e-13))
    r <- svyratio(~x1+x2+x3+x4, ~r1+r2+r3+r4, e, covmat = TRUE)                 # total and error as in test_subjective
    svymean(~x1, subset(e, r1 == 1)); degf(e)
    z: residuals of e's influence less the influence of s; sqrt(svyrecvar(z, s$cluster, s$strata, s$fpc))
    w <- weights(e); length(w)*sum(w^2)/sum(w)^2
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.scheme.model import MarginTarget
from analysis.scoring.subjective import SubjectiveScores, score_subjective
from analysis.scoring.two_years import compare_years
from survey.form.model import Choice, Question
from tests.tools.towns.golden_answers import golden_parts, same
from tests.tools.towns.survey_toys import block, form, item, lcg, scheme
from tests.tools.towns.two_sexes import ANSWERS, FORM, HALF, SEXES, people

R = pytest.approx
BANDS = ("18-29", "30-44", "45+")
HUKOU = item("hukou", choices=(Choice("1", {"zh": "本地"}), Choice("2", {"zh": "外地"})))


def scored(population: pd.DataFrame | None, answers: dict[str, Any], changes: dict[str, Any], **design: Any) -> Any:
    return score_subjective(scheme(**{"margins": ("sex",), "weighting": "rake", **changes}),
                            [(FORM, block(FORM, answers, **design))], population)  # fmt: skip


def first(scores: SubjectiveScores) -> tuple[dict[str, Any], dict[str, Any]]:
    """The score row and the weights row of the first community."""
    return scores.communities.iloc[0].to_dict(), scores.weights.iloc[0].to_dict()


@pytest.mark.parametrize(
    ("method", "expected", "column"),
    [
        ("poststratify", [
            (62.82544935662609, 1.884130337983923, 10, 56.04083731440731, 4.198947110699368, 0.964114665638291, 1.940799084719899),
            (62.10060645129926, 4.010807414470149, 11, 60.48604274841558, 2.686686364399548, 1.781333329487713, 1.340641695697889),
            (66.96921358241836, 3.369983402098978, 12, 57.82290045829017, 7.26124408231854, 1.076137524571549, 1.281174079010996),
            (59.58175521966893, 2.827989710605495, 12, 59.55294689293364, 5.792532667672039, 1.230858892617966, 1.20400263153976),
        ], "sex_age_band"),
        ("rake", [
            (66.44378781226419, 2.9532767336656, 10, 54.71972065079638, 4.774652357675383, 2.701151799079396, 1.447416834686694),
            (60.91395914563662, 3.260221877791011, 11, 58.46417017275366, 2.31233590706149, 1.035253839538073, 1.255700175183903),
            (68.51635365716044, 3.12358608660122, 12, 55.18004995739678, 6.433960056672065, 0.6284493487686498, 1.171265620973556),
            (59.64175831039671, 3.023608298620939, 12, 59.52218652276233, 5.828856650534735, 1.16026301010455, 1.203512186020609),
        ], "sex"),
    ],
)  # fmt: skip
def test_agrees_with_r(method: Any, expected: list[tuple[float, ...]], column: str) -> None:
    [(questionnaire, responses)] = golden_parts("by_community")
    u = lcg(200 * 12, 7).reshape(-1, 12)
    a, b = np.floor(u[:, 7] * 1000).astype(int) % 2, np.floor(u[:, 11] * 1000).astype(int) % 3
    responses.design["sex"] = np.array(["男", "女"])[a]
    responses.design["age_band"] = np.array(BANDS)[b]
    rows = []
    for k in range(4):
        freq = np.array([100, 140, 210, 180, 90, 130]) + 10 * k * np.arange(1, 7)
        cells = [(sex, band, freq[2 * j + i]) for j, band in enumerate(BANDS) for i, sex in enumerate("男女")]
        rows.append(people(*cells, code=f"C{k}"))
    rule = scheme(weighting=method, cell_min=1)
    scores = score_subjective(rule, [(questionnaire, responses)], pd.concat(rows))
    q1 = scores.items[scores.items["item"] == "q1"]
    got = np.column_stack([
        scores.communities[["subjective", "subjective_se", "subjective_df"]].to_numpy(dtype=float),
        q1[["score", "se"]].to_numpy(dtype=float), scores.weights[["difference_se", "deff_weights"]].to_numpy(dtype=float),
    ])  # fmt: skip
    np.testing.assert_allclose(got, expected, rtol=1e-10)
    assert scores.communities["note"].tolist() == [""] * 4
    weights = scores.weights
    np.testing.assert_allclose(weights["subjective_weighted"], scores.communities["subjective"])
    # shown beside: the same numbers, while the score stays what it was
    plain = score_subjective(replace(rule, weighting="none"), [(questionnaire, responses)], pd.concat(rows))
    alone = score_subjective(replace(rule, weighting="none"), [(questionnaire, responses)])
    pd.testing.assert_frame_equal(plain.communities, alone.communities)
    np.testing.assert_allclose(weights["subjective_unweighted"], plain.communities["subjective"])
    if method == "rake":
        shared = ["subjective_weighted", "subjective_weighted_se", "difference", "difference_se"]
        np.testing.assert_allclose(plain.weights[shared], weights[shared], rtol=1e-10)
    assert set(scores.classes["margin"]) >= {column}


def test_weighted_points_by_hand() -> None:
    """Women stand for half: (120 + 72)/2 = 96 instead of 0.3 · 120 + 0.7 · 72 = 86.4; deff 20 (6/6² + 14/14²)/4."""
    score, weights = first(scored(HALF, ANSWERS, {}, sex=SEXES))
    assert (score["subjective"], weights["subjective_unweighted"], weights["difference"]) == (R(96), R(86.4), R(9.6))
    assert (weights["deff_weights"], weights["n_effective"]) == (R(20 * (1 / 6 + 1 / 14) / 4), R(16.8))
    assert (weights["weight_low"], weights["weight_high"]) == (R(500 / 14 / 50), R(500 / 6 / 50))
    assert (weights["population"], weights["population_year"], weights["official"]) == (1000, 2014, True)
    # sex explains every answer: nothing is left to vary, and no interval is made of that
    assert score["subjective_se"] == 0
    assert "no_variation" in score["note"]


def test_classes_say_what_the_weights_stand_on() -> None:
    classes = scored(HALF, ANSWERS, {}, sex=SEXES).classes
    assert classes["categories"].tolist() == [[["女"]], [["男"]]]
    assert classes["n"].tolist() == [6, 14]
    assert classes["sample_share"].tolist() == [R(0.3), R(0.7)]
    assert classes["factor"].tolist() == [R(5 / 3), R(5 / 7)]


def test_the_score_stays_where_the_scheme_does_not_weight() -> None:
    score, weights = first(scored(HALF, ANSWERS, {"weighting": "none"}, sex=SEXES))
    assert (score["subjective"], score["note"]) == (R(86.4), "")
    assert (weights["subjective_weighted"], weights["official"], weights["method"]) == (R(96), False, "rake")


def test_who_does_not_say_keeps_the_share_of_the_sample() -> None:
    """5 of 25 don't say: 20 % of the weight is theirs; women and men share the other 80 % evenly."""
    answers = {q: [*v, *["5"] * 5] for q, v in ANSWERS.items()}
    score, weights = first(scored(HALF, answers, {}, sex=[*SEXES, *[None] * 5]))
    assert score["subjective"] == R(0.4 * 120 + 0.4 * 72 + 0.2 * 0)
    assert weights["unknown"] == 5


def test_age_finds_the_bands_of_the_register() -> None:
    """Ages 20 and 50 in the register's two bands, 1 to 3 there; where no age is known the band that was asked counts."""
    ages = [20.0] * 6 + [50.0] * 13 + [np.nan]
    bands = [None] * 19 + ["30岁以上"]
    population = people(("", "18-29", 250), ("", "30+", 750))
    score, _ = first(scored(population, ANSWERS, {"margins": ("age_band",)}, age=ages, age_band=bands))
    assert score["subjective"] == R(0.25 * 120 + 0.75 * 72)


def test_children_are_no_part_of_the_population() -> None:
    population = people(("", "0-17", 9000), ("", "18-29", 250), ("", "30+", 750))
    ages = [20.0] * 6 + [50.0] * 14
    score, weights = first(scored(population, ANSWERS, {"margins": ("age_band",)}, age=ages))
    assert (score["subjective"], weights["population"]) == (R(0.25 * 120 + 0.75 * 72), 1000)


def test_two_spellings_of_a_category_are_one() -> None:
    """C1 writes 女性 and 60岁及以上, C2 女 and 60+: both are weighted, and the age band is one margin."""
    both = pd.concat([
        people(("女性", "18-59岁", 250), ("女性", "60岁及以上", 250), ("男性", "18-59岁", 250), ("男性", "60岁及以上", 250)),
        people(("女", "18-59", 250), ("女", "60+", 250), ("男", "18-59", 250), ("男", "60+", 250), code="C2"),
    ])  # fmt: skip
    answers = {q: v * 2 for q, v in ANSWERS.items()}
    design = {"sex": SEXES * 2, "age": [20.0, 70.0] * 20, "community_code": ["C1"] * 20 + ["C2"] * 20}
    scores = scored(both, answers, {"margins": ("sex", "age_band")}, **design)
    assert scores.weights["applied"].tolist() == [True, True]
    assert scores.communities["subjective"].tolist() == [R(96), R(96)]


@pytest.mark.parametrize("method", ["rake", "poststratify"])
def test_weights_that_sum_to_nothing_stay_a_stated_result(method: str) -> None:
    questionnaire = form(*FORM.rows, Question("w", "decimal", role="weight"))
    responses = block(questionnaire, ANSWERS, sex=SEXES, weight=[0.0] * 20)
    scores = score_subjective(scheme(weighting=method, margins=("sex",)), [(questionnaire, responses)], HALF)
    score, weights = first(scores)
    assert "no_weight" in score["note"]
    assert (weights["applied"], weights["note"]) == (False, "no_weight")
    assert np.isnan([score["subjective"], weights["subjective_weighted"], weights["deff_weights"]]).all()


def test_small_classes_are_merged_and_said() -> None:
    """3 women of 20: too few to stand for half of the people, so sex does not count; by age it still does."""
    sexes, ages = ["f"] * 3 + ["m"] * 17, [20.0] * 6 + [50.0] * 14
    cells = people(("女", "18-29", 250), ("女", "30+", 250), ("男", "18-29", 250), ("男", "30+", 250))
    score, _ = first(scored(cells, ANSWERS, {"margins": ("sex", "age_band")}, sex=sexes, age=ages))
    assert score["subjective"] == R(96)
    assert "margin_lost:sex" in score["note"].split(";")
    together = scored(
        cells, ANSWERS, {"margins": ("sex", "age_band"), "weighting": "poststratify"}, sex=sexes, age=ages
    )
    assert first(together)[0]["subjective"] == R(96)
    assert together.classes["categories"].tolist() == [
        [["女", "18-29"], ["男", "18-29"]], [["女", "30+"], ["男", "30+"]],
    ]  # fmt: skip


def test_a_margin_without_population_does_not_count_and_is_said() -> None:
    score, weights = first(scored(HALF, ANSWERS, {"margins": ("age_band", "sex")}, sex=SEXES))
    assert (score["subjective"], weights["population"]) == (R(96), 1000)
    assert "margin_lost:age_band" in score["note"].split(";")


@pytest.mark.parametrize(
    ("population", "sexes", "note"),
    [
        (None, SEXES, "unweighted_population"),
        (people(("女", "", 500), ("男", "", 500), code="C9"), SEXES, "unweighted_population"),
        (people(("女", "", 0), ("男", "", 0)), SEXES, "unweighted_population"),
        (HALF, [None] * 20, "unweighted_classes"),
        (HALF, ["m"] * 20, "unweighted_classes"),
    ],
)
def test_what_cannot_be_weighted_stays_and_says_why(population: Any, sexes: list[Any], note: str) -> None:
    score, weights = first(scored(population, ANSWERS, {}, sex=sexes))
    assert score["subjective"] == R(86.4)
    assert note in score["note"].split(";")
    assert (weights["applied"], weights["note"]) == (False, note)
    assert np.isnan([weights["subjective_weighted"], weights["difference"]]).all()


def test_margins_that_contradict_each_other_are_said() -> None:
    """All women are young and all men old, half and half; but three quarters of the people are young."""
    population = people(("女", "", 500), ("男", "", 500), ("", "18-29", 750), ("", "30+", 250))
    ages = [20.0] * 6 + [50.0] * 14
    score, weights = first(scored(population, ANSWERS, {"margins": ("sex", "age_band")}, sex=SEXES, age=ages))
    assert (score["subjective"], weights["applied"]) == (R(86.4), False)
    assert "unweighted_convergence" in score["note"].split(";")


def test_margins_with_other_totals_follow_the_first() -> None:
    population = people(("女", "", 500), ("男", "", 500), ("", "18-29", 300), ("", "30+", 900))
    ages = [20.0, 50.0] * 10
    scores = scored(population, ANSWERS, {"margins": ("sex", "age_band")}, sex=SEXES, age=ages)
    assert "margins_differ" in first(scores)[0]["note"].split(";")
    assert scores.weights["population"].tolist() == [1000]


def test_the_population_of_another_year_serves_and_is_named() -> None:
    """Of 2012 and 2013 the last year before 2014; with 2016 and 2018 only the first after."""
    other = [
        people(("女", "", share), ("男", "", 1000 - share), year=year) for year, share in ((2012, 900), (2013, 500))
    ]
    score, weights = first(scored(pd.concat(other), ANSWERS, {}, sex=SEXES))
    assert (score["subjective"], weights["population_year"]) == (R(96), 2013)
    later = pd.concat([other[1].assign(year=2016), other[0].assign(year=2018)])
    assert first(scored(later, ANSWERS, {}, sex=SEXES))[1]["population_year"] == 2016


def test_any_question_is_a_margin_when_the_scheme_says_its_population() -> None:
    """Where people are registered: the community's own row goes before the one for all."""
    questionnaire = form(*FORM.rows, HUKOU)
    answers = {**ANSWERS, "hukou": ["1"] * 6 + ["2"] * 14}
    targets = (
        MarginTarget("hukou", "本地", 1.0),
        MarginTarget("hukou", "外地", 3.0),
        MarginTarget("hukou", "本地", 3.0, "社区C1"),
    )
    rule = scheme(weighting="rake", margins=("hukou",), margin_targets=targets)
    scores = score_subjective(rule, [(questionnaire, block(questionnaire, answers))])
    assert first(scores)[0]["subjective"] == R(96)


def test_a_limit_on_weights_is_kept_and_said() -> None:
    """Women would weigh 5/3 of the mean: at most 1.5 leaves 0.45 of the people to them."""
    score, weights = first(scored(HALF, ANSWERS, {"trim": 1.5}, sex=SEXES))
    assert score["subjective"] == R(0.45 * 120 + 0.55 * 72)
    assert (weights["weight_high"], weights["trimmed"]) == (R(1.5), 6)
    assert "trim_missed" in score["note"].split(";")


def test_small_groups_show_nothing_of_their_weights() -> None:
    answers = same(4)
    scores = scored(HALF, answers, {"cell_min": 1}, sex=["f", "f", "m", "m"])
    score, weights = first(scores)
    assert (score["note"], weights["note"], weights["applied"]) == ("suppressed", "suppressed", False)
    assert np.isnan([weights["n"], weights["subjective_weighted"], weights["deff_weights"]]).all()
    assert scores.classes["n"].isna().all()


def test_one_respondent_and_nobody_scored_are_stated() -> None:
    for answers, note in ((same(1), "suppressed"), ({q: [None] * 6 for q in ANSWERS}, "no_responses")):
        score, weights = first(scored(HALF, answers, {}, sex=SEXES[: len(answers["q1"])]))
        assert note in score["note"]
        assert weights["note"] == note
        assert np.isnan(weights["subjective_unweighted"])


def test_all_the_same_answer_has_no_interval_with_weights_either() -> None:
    score, weights = first(scored(HALF, same(20), {}, sex=SEXES))
    assert (score["subjective"], weights["difference"]) == (R(120), R(0, abs=1e-9))
    assert "no_variation" in score["note"]
    assert np.isnan(score["subjective_low"])


def test_an_item_nobody_answered_leaves_the_total_empty_with_weights_too() -> None:
    score, weights = first(scored(HALF, {**ANSWERS, "q4": [None] * 20}, {}, sex=SEXES))
    assert "item_unanswered:q4" in score["note"]
    assert np.isnan([score["subjective"], weights["subjective_weighted"], weights["difference"]]).all()


def test_a_self_selected_sample_has_no_errors() -> None:
    _, weights = first(scored(HALF, ANSWERS, {}, sex=SEXES, sample_type="open"))
    assert weights["subjective_weighted"] == R(96)
    assert np.isnan([weights["subjective_weighted_se"], weights["difference_se"]]).all()


def test_the_change_between_two_years_is_that_of_the_weighted_scores() -> None:
    """Other people in the two years: the difference of the weighted totals, variances of their residuals added."""
    rng = np.random.default_rng(5)
    size = 120
    answers = {q: rng.integers(1, 6, size).astype(str).tolist() for q in ANSWERS}
    sexes = rng.choice(["m", "f"], size, p=[0.7, 0.3]).tolist()
    years = [2013] * 60 + [2014] * 60
    responses = block(FORM, answers, sex=sexes, year=years)
    population = pd.concat([people(("女", "", 600), ("男", "", 400), year=year) for year in (2013, 2014)])
    rule = scheme(weighting="rake", margins=("sex",))
    scores = score_subjective(rule, [(FORM, responses)], population).communities.set_index("year")
    change = compare_years(rule, [(FORM, responses)], 2014, population).iloc[0]
    assert change["difference"] == R(scores.loc[2014, "subjective"] - scores.loc[2013, "subjective"])
    assert change["se"] == R(np.hypot(scores.loc[2014, "subjective_se"], scores.loc[2013, "subjective_se"]))
    plain = compare_years(replace(rule, weighting="none"), [(FORM, responses)], 2014, population).iloc[0]
    assert plain["difference"] != R(change["difference"])
