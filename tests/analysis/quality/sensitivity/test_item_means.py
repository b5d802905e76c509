"""Item means under every alternative, read from the responses once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.quality.sensitivity.item_means import ANY, item_tables
from analysis.scoring.score import Inputs
from analysis.scoring.subjective import score_subjective
from survey.form.model import Choice, Question
from tests.tools.towns.survey_toys import block, form, item, scheme

FORM = form(item("q1", "a"), item("q2", "a", weight=3), item("q3", "b"), item("q4", "b"))


def inputs(answers: dict[str, list[Any]], questionnaire=FORM, chosen=None, **design: Any) -> Inputs:
    parts = [(questionnaire, block(questionnaire, answers, **design))]
    empty = pd.DataFrame()
    return Inputs(2014, chosen or scheme(), parts, [], empty, empty, [], False, True, "")


def test_the_first_table_is_what_the_score_says():
    rng = np.random.default_rng(5)
    answers = {f"q{j}": [str(a) for a in rng.integers(1, 6, 60)] for j in range(1, 5)}
    given = inputs(answers, community_code=["C1"] * 25 + ["C2"] * 35)
    tables = item_tables(given)
    said = score_subjective(given.scheme, given.parts).items
    for g, code in enumerate(tables.codes):
        mine = said[said["community_code"] == code].set_index("item")
        names = [i.name for i in tables.items]
        assert_allclose(tables.mean[0, 0, 0, g], mine.loc[names, "score"].to_numpy(float))
        assert_allclose(tables.worth[g], mine.loc[names, "points"].to_numpy(float))
    assert tables.codes == ("C1", "C2")


def test_presets_by_hand():
    """Levels 1 … 5 once each: 56 under 100/80/60/40/0, 60 with a floor of 20, 54 with 30, 50 evenly spaced."""
    tables = item_tables(inputs({name: ["1", "2", "3", "4", "5"] for name in ("q1", "q2", "q3", "q4")}))
    found = dict(zip(tables.tried.presets, tables.mean[:, 0, 0, 0, 0], strict=True))
    assert found == pytest.approx({"gd2011": 56, "floor20": 60, "low30": 54, "linear": 50})


def test_limits_by_hand_and_those_that_change_nothing_are_left_out():
    """20 answer all, 5 three of four (0.75), 5 one of four (0.25): in force from 0.5, that is 25 of 30."""
    answers = {
        "q1": ["1"] * 25 + ["5"] * 5,
        "q2": ["1"] * 20 + ["5"] * 5 + [None] * 5,
        "q3": ["1"] * 25 + [None] * 5,
        "q4": ["1"] * 20 + [None] * 10,
    }
    tables = item_tables(inputs(answers))
    assert tables.tried.limits == (0.5, ANY, 0.8)
    assert tables.n[:, 0].tolist() == [25, 30, 20]
    assert tables.mean[0, :, 0, 0, 0].tolist() == [100, pytest.approx(2500 / 30), 100]
    assert tables.mean[0, :, 0, 0, 1].tolist() == [80, 80, 100]
    whole = item_tables(inputs({name: ["1", "3"] for name in ("q1", "q2", "q3", "q4")}))
    assert whole.tried.limits == (0.5,)


def test_a_limit_that_would_let_a_few_responses_be_worked_out_is_not_tried_there():
    """C1 has 4 partial responses, C2 has 5: complete ones only is tried in C2 alone."""
    answers = {
        "q1": ["1"] * 60,
        "q2": ["1"] * 60,
        "q3": ["1"] * 60,
        "q4": [None] * 4 + ["5"] * 26 + [None] * 5 + ["5"] * 25,
    }
    answers["q1"][0] = answers["q1"][30] = "5"
    tables = item_tables(inputs(answers, community_code=["C1"] * 30 + ["C2"] * 30))
    at = tables.tried.limits.index(0.8)
    assert tables.n[at].tolist() == [30, 25]
    assert (tables.mean[0, at, 0, 0] == tables.mean[0, 0, 0, 0]).all()
    assert tables.mean[0, at, 0, 1, 0] == 100 > tables.mean[0, 0, 0, 1, 0]


def test_weights_of_the_questionnaire_are_also_left_out():
    weighted = form(*FORM.rows, Question("w", "decimal", role="weight"))
    answers = {name: ["1", "5"] for name in ("q1", "q2", "q3", "q4")}
    tables = item_tables(inputs(answers, weighted, weight=[3.0, 1.0]))
    assert tables.tried.weightings == ("design", "equal")
    assert tables.mean[0, 0, :, 0, 0].tolist() == [75, 50]
    assert item_tables(inputs(answers)).tried.weightings == ("design",)


def test_the_schemes_own_preset_comes_first():
    own = replace(scheme(), preset="own", presets={"own": {5: (100.0, 90.0, 50.0, 10.0, 0.0)}})
    tables = item_tables(inputs({name: ["2"] for name in ("q1", "q2", "q3", "q4")}, chosen=own))
    assert tables.tried.presets[0] == "own"
    assert tables.mean[0, 0, 0, 0, 0] == 90


def test_no_responses_give_empty_tables():
    empty = Inputs(2014, scheme(), [], [], pd.DataFrame(), pd.DataFrame(), [], False, True, "")
    tables = item_tables(empty)
    assert (tables.codes, tables.items) == ((), ())


def test_a_preset_that_lacks_the_length_of_a_scale_is_not_tried():
    known = {"gd2011": {5: (100.0, 80.0, 60.0, 40.0, 0.0)}, "four": {4: (100.0, 70.0, 40.0, 0.0)}}
    chosen = replace(scheme(), presets=known)
    tables = item_tables(inputs({name: ["1", "4"] for name in ("q1", "q2", "q3", "q4")}, chosen=chosen))
    assert "four" not in tables.tried.presets
    assert not np.isnan(tables.mean).any()


#: 6 women very satisfied with everything and 14 men who are neither: 72 as they came, 80 where half are women
SEX = Question("sex", "select_one", role="sex", choices=(Choice("m", {"zh": "男"}), Choice("f", {"zh": "女"})))
HALF = pd.DataFrame(
    [("C1", 2014, "女", "", 500), ("C1", 2014, "男", "", 500)],
    columns=["community", "year", "sex", "age_band", "population"],
)


@pytest.mark.parametrize(
    ("method", "first", "means"),
    [
        ("none", ("design", "rake"), [72, 80]),
        ("rake", ("rake", "design"), [80, 72]),
    ],
)
def test_weighting_to_the_population_is_varied_too_and_the_scheme_says_which_is_in_force(method, first, means):
    questionnaire = form(*FORM.rows, SEX)
    answers = {name: ["1"] * 6 + ["3"] * 14 for name in ("q1", "q2", "q3", "q4")}
    chosen = scheme(weighting=method, margins=("sex",))
    given = inputs(answers, questionnaire, chosen, sex=["f"] * 6 + ["m"] * 14)
    tables = item_tables(replace(given, population=HALF))
    assert tables.tried.weightings == first
    assert tables.mean[0, 0, :, 0, 0].tolist() == pytest.approx(means)
    said = score_subjective(chosen, given.parts, HALF).items
    assert said["score"].to_numpy(float) == pytest.approx(means[0])
