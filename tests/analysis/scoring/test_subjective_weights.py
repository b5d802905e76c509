"""Responses that bring weights beside others that bring none: a score of both is none, what stands on one kind stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.quality.leave_one_out import leave_out
from analysis.quality.reliability import of_questionnaire
from analysis.quality.sensitivity.item_means import item_tables
from analysis.sample.person_scores import person_scores
from analysis.sample.pooled_sample import Part
from analysis.scheme.model import Weighting
from analysis.scoring.score import Inputs
from analysis.scoring.score_weights import Weights, score_weights, weigh_people
from analysis.scoring.subjective import score_subjective
from analysis.scoring.two_years import compare_years
from analysis.tables.estimates import estimate_table
from survey.form.model import Question
from tests.tools.towns.survey_toys import block, form, item, scheme
from tests.tools.towns.two_sexes import SEX, people

PLAIN = form(item("q1", "a"), item("q3", "b"), SEX)
WEIGHING = form(*PLAIN.rows, Question("w", "decimal", role="weight"))
PEOPLE = people(("男", "18-44", 400), ("女", "18-44", 600))


def both(**more: Any) -> list[Part]:
    """C1: 12 people of weight 1 at 100 and 12 at 0 that bring a weight of 900 each; C2: 12 without weights."""
    design = {"sex": ["男", "女"] * 12, "community_code": ["C1"] * 12 + ["C2"] * 12, **more}
    plain = block(PLAIN, {"q1": ["1"] * 24, "q3": ["1", "2"] * 12}, **design)
    own = block(WEIGHING, {"q1": ["5"] * 12, "q3": ["5"] * 12}, sex=["男", "女"] * 6, weight=[900.0] * 12)
    return [(PLAIN, plain), (WEIGHING, own)]


@pytest.mark.parametrize("weighting", ["none", "rake"])
def test_estimates_agree(weighting: Weighting) -> None:
    more: dict[str, Any] = {"scheme": scheme(margins=("sex",)), "weighting": weighting, "population": PEOPLE}
    found = estimate_table(both(), items=["q1"], by=["community"], populations={}, **more)
    assert found[found["community_code"] == "C1"]["mean"].isna().all()
    assert ["mixed_weights" in note for note in found[found["choice"] == ""]["note"]] == [True, False]


@pytest.mark.parametrize("weighting", ["none", "rake", "poststratify"])
def test_a_community_of_both_kinds_has_no_score(weighting: str) -> None:
    found = score_subjective(scheme(weighting=weighting, margins=("sex",)), both(), PEOPLE)
    row, alone = (r for _, r in found.communities.iterrows())
    assert (row["n"], row["n_received"]) == (24, 24)
    assert row[[c for c in row.index if str(c).startswith("subjective") and c != "subjective_df"]].isna().all()
    assert row["note"] == "mixed_weights"
    assert (alone["subjective_a"], "mixed_weights" in alone["note"]) == (60, False)
    mine = found.items[found.items["community_code"] == "C1"]
    assert mine[["score", "se", "points_got", "points_lost", "missing_share"]].isna().all(axis=None)
    assert (mine["n"].tolist(), mine["note"].tolist(), mine["distribution"].tolist()) == (
        [24, 24],
        ["mixed_weights"] * 2,
        [[], []],
    )
    weights = found.weights.set_index("community_code").loc["C1"]
    shown = ["subjective_unweighted", "subjective_weighted", "difference", "deff_weights", "n_effective", "weight_high"]
    assert weights[shown].isna().all()
    assert (weights["applied"], weights["note"]) == (False, "mixed_weights")


def test_an_item_of_one_kind_keeps_its_score() -> None:
    """Two questionnaires that share no item in one community: each item stands on weights of one scale, and so does the sum."""
    parts = [
        (a := form(item("q1", "a")), block(a, {"q1": ["1", "3"] * 6})),
        (
            b := form(item("q3", "b"), Question("w", "decimal", role="weight")),
            block(b, {"q3": ["2"] * 12}, weight=[7.0] * 12),
        ),
    ]
    row = score_subjective(scheme(), parts).communities.iloc[0]
    assert (row["subjective_a"], row["subjective_b"], row["subjective"]) == (48, 48, 96)
    assert "mixed_weights" not in row["note"]


def test_who_weighs_nothing_or_is_not_scored_mixes_nothing() -> None:
    plain = (PLAIN, block(PLAIN, {"q1": ["1"] * 12, "q3": ["1"] * 12}))
    for answers, weight in (({"q1": ["5"] * 9, "q3": ["5"] * 9}, 0.0), ({"q1": [None] * 9, "q3": [None] * 9}, 3.0)):
        own = (WEIGHING, block(WEIGHING, answers, weight=[weight] * 9))
        row = score_subjective(scheme(), [plain, own]).communities.iloc[0]
        assert (row["n"], row["subjective"]) == (12, 120)


def test_a_change_from_a_year_of_both_kinds_is_none() -> None:
    """2013 is mixed in C1: no change; a weighted year after one without weights has one, each year by its own."""
    now = block(PLAIN, {"q1": ["2"] * 24, "q3": ["1", "2"] * 12}, community_code=["C1"] * 12 + ["C2"] * 12)
    before = [(form_, replace(b, design=b.design.assign(year=2013))) for form_, b in both()]
    found = compare_years(scheme(), [*before, (PLAIN, now)], 2014).set_index("community_code")
    assert found.loc["C1", ["difference", "se", "df"]].isna().all()
    assert found.loc["C2", "difference"] == pytest.approx(-12)
    own = block(WEIGHING, {"q1": ["2"] * 12, "q3": ["1", "2"] * 6}, weight=[5.0] * 12)
    plain = [(PLAIN, replace(before[0][1].take(np.arange(12))))]
    found = compare_years(scheme(), [*plain, (WEIGHING, own)], 2014)
    assert found["difference"].item() == pytest.approx(-12)


def test_measures_of_it_say_nothing_or_count_each_as_one() -> None:
    parts, adults = both(interviewer=["F1", "F2"] * 12), {"C1": 1000.0, "C2": 1000.0}
    person = person_scores(scheme(), parts)
    left = leave_out(person, person.sample.factor("interviewer")).set_index("community_code")
    assert left.loc["C1", "subjective"].isna().all()
    assert left.loc["C2", "subjective"].notna().all()
    empty = pd.DataFrame()
    tables = item_tables(Inputs(2014, scheme(), parts, [], empty, empty, [], False, True, "", population=PEOPLE))
    assert (np.isnan(tables.mean[..., 0, :]).all(), np.isnan(tables.mean[0, 0, 0, 1]).any()) == (True, False)
    everyone = np.ones(36, dtype=bool)
    rake = score_weights(scheme(weighting="rake", margins=("sex",)), parts, PEOPLE)
    for score in (None, rake):
        for weights in Weights:
            weighed = weigh_people(person.sample, everyone, adults, score, weights)
            assert (weighed.notes, set(weighed.weight), weighed.used) == (("equal_weights",), {1.0}, Weights.BASE)
    body = of_questionnaire(scheme(), parts, adults)
    assert (body["weighted"], "equal_weights" in body["notes"]) == ("none", True)
