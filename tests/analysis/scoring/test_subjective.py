"""The 300 points: by hand on a few answers, then against R survey 4.1-1 on 200 rows.

R for the golden numbers::

    u <- matrix(lcg(200 * 12, 7), ncol = 12, byrow = TRUE)                       # lcg: see test_estimation.py
    d <- data.frame(stratum = floor(u[,1]*2), psu = floor(u[,2]*7), g = floor(u[,3]*4), w = 0.5 + 2*u[,4])
    for (j in 1:4) { s <- c(100,80,60,40,0)[1 + floor(5*u[,4+j])]; s[u[,8+j] < 0.2] <- NA
      d[[paste0("r",j)]] <- as.numeric(!is.na(s)); d[[paste0("x",j)]] <- ifelse(is.na(s),0,s); d[[paste0("s",j)]] <- s }
    d$scored <- rowSums(d[,c("r1","r2","r3","r4")]) >= 2
    d$h <- d$stratum                                                             # overall
    d$h <- d$g*10 + d$stratum                                                    # by_community
    des <- svydesign(ids = ~psu, strata = ~h, weights = ~w, nest = TRUE, data = d); s <- subset(des, g == k & scored)
    r <- svyratio(~x1+x2+x3+x4, ~r1+r2+r3+r4, s, covmat = TRUE); a <- c(.15, .45, .3, .3); cc <- as.vector(diag(a))
    sum(a * diag(r$ratio)); sqrt(t(cc) %*% vcov(r) %*% cc); degf(s)              # and with a <- c(.15, .45, 0, 0)
    svymean(~s1, subset(des, g == k & scored & r1 == 1))
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.scoring.results import ITEM_COLUMNS
from analysis.scoring.subjective import SubjectiveScores, score_subjective
from survey.form.model import Question
from tests.tools.towns.golden_answers import FORM, NAMES, golden_parts, same
from tests.tools.towns.survey_toys import block, form, item, scheme


def row(scores: SubjectiveScores, code: str = "C1") -> dict[str, Any]:
    frame = scores.communities
    return frame[frame["community_code"] == code].iloc[0].to_dict()


@pytest.mark.parametrize(
    ("sampling", "expected"),
    [
        (
            "overall",
            [
                (
                    65.37004160690834,
                    2.418476863023886,
                    10,
                    32.59953706320741,
                    2.014683603431741,
                    54.9862399034965,
                    4.404343682855123,
                ),
                (
                    60.53107991234444,
                    3.182327901822233,
                    11,
                    32.00540909186127,
                    1.76005077061477,
                    58.95564766784723,
                    2.542447913127579,
                ),
                (
                    68.76253202919219,
                    3.198097624059628,
                    12,
                    37.50010674021156,
                    2.871145922100259,
                    55.56352087457449,
                    5.800347474362702,
                ),
            ],
        ),
        (
            "by_community",
            [
                (
                    65.37004160690834,
                    2.344222965370181,
                    10,
                    32.59953706320741,
                    2.043046300283665,
                    54.9862399034965,
                    4.423857509348609,
                ),
                (
                    60.53107991234444,
                    3.195013456687497,
                    11,
                    32.00540909186127,
                    1.768028867995985,
                    58.95564766784723,
                    2.540514606529034,
                ),
                (
                    68.76253202919219,
                    3.198097624059628,
                    12,
                    37.50010674021156,
                    2.871145922100259,
                    55.56352087457449,
                    5.800347474362702,
                ),
            ],
        ),
    ],
)
def test_agrees_with_r(sampling: str, expected: list[tuple[float, ...]]) -> None:
    scores = score_subjective(scheme(), golden_parts(sampling))
    total = scores.communities.iloc[:3]
    q1 = scores.items[scores.items["item"] == "q1"].iloc[:3]
    columns = ["subjective", "subjective_se", "subjective_df", "subjective_a", "subjective_a_se"]
    got = np.column_stack([total[columns].to_numpy(dtype=float), q1[["score", "se"]].to_numpy(dtype=float)])
    np.testing.assert_allclose(got, expected, rtol=1e-10)


def test_points_by_hand() -> None:
    """a: (100 + 3 · 80)/4 = 85 of 100 → 51 of 60; b: (60 + 0)/2 = 30 → 18; nobody differs."""
    scores = score_subjective(scheme(), [(FORM, block(FORM, same(12, q2="2", q3="3", q4="5")))])
    got = row(scores)
    assert (got["subjective_a"], got["subjective_b"], got["subjective"]) == (51, 18, 69)
    assert (got["n"], got["n_received"], got["n_partial"], got["n_excluded"]) == (12, 12, 0, 0)
    assert got["note"] == "no_variation"
    assert np.isnan([got["subjective_low"], got["subjective_high"]]).all()
    items = scores.items.set_index("item")
    assert list(scores.items.columns) == ["year", *ITEM_COLUMNS.names, "note"]
    assert items["points"].tolist() == [15, 45, 30, 30]
    assert items["points_got"].tolist() == [15, 36, 18, 0]
    assert items["points_lost"].tolist() == [0, 9, 12, 30]
    assert items["offices"].tolist() == ["办甲", "办甲", "办乙", "办乙"]


def test_dont_know_counts_as_answered_but_not_in_the_mean() -> None:
    answers = same(24)
    answers["q1"] = ["8"] * 6 + ["refused"] * 2 + ["5"] * 4 + ["1"] * 12
    scores = score_subjective(scheme(), [(FORM, block(FORM, answers))])
    first = scores.items.iloc[0]
    assert (first["n"], first["n_asked"], first["score"]) == (16, 24, 75)
    assert first["missing_share"] == pytest.approx(8 / 24)
    assert [c["share"] for c in first["distribution"]] == [0.75, 0, 0, 0, 0.25]
    assert first["distribution"][0] == {
        "choice": "1",
        "label_zh": "很满意",
        "label_en": "very satisfied",
        "level": 1,
        "share": 0.75,
        "score": 100.0,
    }
    assert row(scores)["n"] == 24


def test_limits_of_completeness() -> None:
    """4 of 4, 3 of 4 and 2 of 4 are scored (partial under 0.8), 1 of 4 is not; blank and invalid are no answers."""
    answers: dict[str, list[Any]] = {
        "q1": ["1"] * 40,
        "q2": ["1"] * 20 + ["invalid"] * 20,
        "q3": ["1"] * 30 + [None] * 10,
        "q4": ["8"] * 30 + [None] * 10,
    }
    scores = score_subjective(scheme(), [(FORM, block(FORM, answers))])
    flow = scores.flow.iloc[0]
    assert (flow["scored"], flow["partial"], flow["incomplete"], flow["ineligible"]) == (30, 10, 10, 0)
    assert flow["modes"] == {"paper": 30}
    assert row(scores)["n_received"] == 40


def test_questions_skipped_by_relevant_are_not_asked() -> None:
    """q3 and q4 are asked only of those who say 1 in q1; the others are complete with two answers."""
    asked = form(item("q1", "a"), item("q2", "a"), *(item(n, "b", conditions=("${q1} = '1'",)) for n in ("q3", "q4")))
    answers: dict[str, list[Any]] = {
        "q1": ["1"] * 10 + ["2"] * 10,
        "q2": ["1"] * 20,
        "q3": ["1"] * 10 + ["skipped"] * 10,
        "q4": ["2"] * 10 + ["skipped"] * 10,
    }
    scores = score_subjective(scheme(), [(asked, block(asked, answers))])
    flow = scores.flow.iloc[0]
    assert (flow["scored"], flow["partial"]) == (20, 0)
    assert scores.items["n_asked"].tolist() == [20, 20, 10, 10]
    nobody = form(*(item(n, d, conditions=("false()",)) for n, d in zip(NAMES, "aabb", strict=True)))
    flow = score_subjective(scheme(), [(nobody, block(nobody, same(12)))]).flow.iloc[0]
    assert (flow["ineligible"], flow["scored"]) == (12, 0)


def test_an_item_nobody_answered_empties_its_dimension_and_the_total() -> None:
    scores = score_subjective(scheme(), [(FORM, block(FORM, same(12, q4="8")))])
    got = row(scores)
    assert got["subjective_a"] == 60
    assert np.isnan([got["subjective_b"], got["subjective_b_se"], got["subjective"], got["subjective_se"]]).all()
    assert got["note"] == "item_unanswered:q4"
    assert scores.items["note"].iloc[3] == "unanswered"


def test_a_dimension_without_items_leaves_the_total_empty() -> None:
    half = form(item("q1", "a"))
    got = row(score_subjective(scheme(), [(half, block(half, {"q1": ["1", "2"] * 6}))]))
    assert got["subjective_a"] == 54
    assert np.isnan(got["subjective"])
    assert got["note"] == "dimension_without_items:b"


def test_communities_need_only_the_items_of_their_own_questionnaire() -> None:
    """C2 was asked another questionnaire, which shares q1 and q3; each total is complete on its own items."""
    other = form(item("q1", "a"), item("q3", "b", weight=2), item("z", "b"))
    parts = [
        (FORM, block(FORM, same(12, q3="2"))),
        (other, block(other, {"q1": ["1"] * 12, "q3": ["2"] * 12, "z": ["5"] * 12}, community_code="C2")),
    ]
    scores = score_subjective(scheme(), parts)
    assert row(scores)["subjective_b"] == pytest.approx(60 * (80 + 100) / 2 / 100)
    assert row(scores, "C2")["subjective_b"] == pytest.approx(60 * (2 * 80 + 0) / 3 / 100)
    assert scores.items[scores.items["community_code"] == "C2"]["item"].tolist() == ["q1", "q3", "z"]


def test_versions_are_scored_together_each_on_its_own_scale() -> None:
    """The second version asks q1 on three levels: 100/50/0."""
    three = scheme(presets={"gd2011": {5: (100.0, 80.0, 60.0, 40.0, 0.0), 3: (100.0, 50.0, 0.0)}})
    short = item("q1", "a", choices=item("q1").choices[:3])
    second = form(short, *FORM.rows[1:])
    parts = [(FORM, block(FORM, same(10, q1="2"))), (second, block(second, same(10, q1="2")))]
    scores = score_subjective(three, parts)
    assert row(scores)["n"] == 20
    first = scores.items.iloc[0]
    assert first["score"] == 65
    assert {c["choice"]: c["share"] for c in first["distribution"]}["2"] == 1


def test_years_and_communities_are_groups_and_strata() -> None:
    year = [2013] * 12 + [2014] * 12
    answers = {name: ["1"] * 12 + ["3"] * 12 for name in NAMES}
    scores = score_subjective(scheme(), [(FORM, block(FORM, answers, year=year))])
    assert scores.communities[["year", "subjective"]].to_numpy().tolist() == [[2013, 120], [2014, 72]]
    assert scores.communities["note"].tolist() == ["no_variation"] * 2


def test_self_selected_and_quota_samples() -> None:
    answers = {name: ["1", "2", "3"] * 5 for name in NAMES}
    scores = score_subjective(scheme(), [(FORM, block(FORM, answers, sample_type="open"))])
    got = row(scores)
    assert got["subjective"] == pytest.approx(96)
    assert np.isnan([got[c] for c in got if c.endswith(("_se", "_low", "_high", "_df"))]).all()
    assert got["note"] == "open_sample"
    assert scores.items["se"].isna().all()
    quota = row(score_subjective(scheme(), [(FORM, block(FORM, answers, sample_type="quota"))]))
    assert quota["subjective_se"] > 0
    assert quota["note"] == "quota_sample"


@pytest.mark.parametrize(
    ("n", "note"), [(4, "suppressed"), (5, "totals_only;interval_cut"), (9, "totals_only"), (10, "")]
)
def test_small_groups(n: int, note: str) -> None:
    answers = {name: (["1", "2", "3", "4", "5"] * 2)[:n] for name in NAMES}
    scores = score_subjective(scheme(), [(FORM, block(FORM, answers))])
    got, items, flow = row(scores), scores.items, scores.flow.iloc[0]
    assert got["note"] == note
    counts = ("n", "n_received", "n_partial", "n_excluded", "subjective", "subjective_se")
    assert np.isnan([got[c] for c in counts]).all() == (n < 5)
    assert np.isnan([got[c] for c in ("subjective_a", "subjective_a_se", "subjective_b")]).all() == (n < 10)
    assert bool(got["modes"]) == bool(flow["modes"]) == (n >= 5)
    assert pd.isna(flow["scored"]) == (n < 5)
    assert items["score"].isna().all() == items["points_lost"].isna().all() == (n < 10)
    assert [len(d) for d in items["distribution"]] == [0 if n < 10 else 5] * 4
    assert items["points"].tolist() == [15, 45, 30, 30]


def test_an_item_that_few_answered_hides_the_breakdown_that_would_reveal_it() -> None:
    answers = same(12)
    answers["q1"] = ["1"] * 3 + ["8"] * 9
    items = score_subjective(scheme(), [(FORM, block(FORM, answers))]).items
    assert items["score"].isna().tolist() == [True, True, False, False]
    assert items["note"].tolist() == ["suppressed", "complement", "no_variation", "no_variation"]
    single = form(item("q1", "a"), item("q3", "b"), item("q4", "b"))
    scores = score_subjective(scheme(), [(single, block(single, {k: answers[k] for k in ("q1", "q3", "q4")}))])
    assert row(scores)["subjective"] == 120
    assert np.isnan([row(scores)["subjective_a"], row(scores)["subjective_b"]]).all()
    assert scores.items["score"].isna().all()


def test_weights_that_sum_to_nothing_are_said() -> None:
    weighted = form(*FORM.rows, Question("w", "decimal", role="weight"))
    got = row(score_subjective(scheme(), [(weighted, block(weighted, same(12), weight=[0.0] * 12))]))
    assert np.isnan(got["subjective"])
    assert got["note"] == "no_weight"


def test_a_response_of_weight_0_is_no_respondent() -> None:
    """12 responses, 8 of them of weight 0: 4 respondents, so nothing is shown; of 20 with 8 of weight 0, 12 count."""
    weighted = form(*FORM.rows, Question("w", "decimal", role="weight"))

    def got(n: int) -> SubjectiveScores:
        return score_subjective(scheme(), [(weighted, block(weighted, same(n), weight=[0.0] * 8 + [1.0] * (n - 8)))])

    assert row(got(12))["note"] == "suppressed"
    shown = got(20)
    assert (row(shown)["n"], row(shown)["n_received"], row(shown)["n_excluded"]) == (12, 20, 8)
    assert shown.flow["ineligible"].tolist() == [8]
    assert "totals_only" in row(got(15))["note"].split(";")


def test_intervals_end_at_0_and_full_marks() -> None:
    """Two clusters, one of the best and one of the worst answers: the t interval of 1 df is far wider than the scale."""
    clustered = form(*FORM.rows, Question("p", "text", role="psu"))
    answers = {name: ["1"] * 10 + ["5"] * 10 for name in same(1)}
    got = row(score_subjective(scheme(), [(clustered, block(clustered, answers, psu=["x"] * 10 + ["y"] * 10))]))
    assert (got["subjective"], got["subjective_low"], got["subjective_high"]) == (60, 0, 120)
    assert got["subjective_se"] == pytest.approx(60)
    assert got["note"] == "interval_cut"


def test_one_cluster_is_not_everybody_alike() -> None:
    clustered = form(*FORM.rows, Question("p", "text", role="psu"))
    answers = {name: ["1"] * 10 + ["3"] * 10 for name in same(1)}
    got = row(score_subjective(scheme(), [(clustered, block(clustered, answers, psu=["x"] * 20))]))
    assert np.isnan([got["subjective_se"], got["subjective_low"]]).all()
    assert got["note"] == "one_psu"


def test_nobody_scored() -> None:
    got = row(score_subjective(scheme(), [(FORM, block(FORM, {name: [None] * 12 for name in NAMES}))]))
    assert (got["n"], got["n_excluded"], got["note"]) == (0, 12, "no_responses")
    assert np.isnan(got["subjective"])


def test_no_responses_at_all() -> None:
    for parts in ([], [(FORM, block(FORM, {name: [] for name in NAMES}))]):
        scores = score_subjective(scheme(), parts)
        assert len(scores.communities) == len(scores.items) == len(scores.flow) == 0
        assert "subjective_a_se" in scores.communities


def test_objective_only_dimension_gives_no_points_and_takes_none() -> None:
    only = scheme(dimensions=(scheme().dimensions[0], replace(scheme().dimensions[1], subjective_points=0)))
    got = row(score_subjective(only, [(FORM, block(FORM, same(12)))]))
    assert (got["subjective"], got["subjective_b"]) == (60, 0)
