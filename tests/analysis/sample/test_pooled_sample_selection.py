"""Household selection weights, counted by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.sample.pooled_sample import pool
from analysis.tables.estimates import estimate_table
from survey.form.model import Question
from tests.tools.towns.survey_toys import block, form, item

ADULTS = Question("adults", "integer", minimum=0.0, maximum=20.0)
FORM = form(item("q1", "a"), ADULTS, settings={"household_adults": "adults"})


def weights(adults: list[Any], **design: Any) -> list[float]:
    answers = {"q1": ["1"] * len(adults), "adults": adults}
    return pool([(FORM, block(FORM, answers, **design))]).design.weight.tolist()


def test_one_adult_of_a_household_stands_for_all_of_them() -> None:
    assert weights([1, 3, 2]) == [1, 3, 2]


def test_a_household_that_does_not_say_takes_the_mean_of_its_community() -> None:
    """C1: (1 + 3)/2; no adults at all can't be; C2 has nobody who says, so the mean of all, (1 + 3 + 5)/3 = 3."""
    codes = ["C1"] * 4 + ["C2", "C3"]
    assert weights([1, 3, None, 0, None, 5], community_code=codes) == [1, 3, 2, 2, 3, 5]
    assert weights([None, None]) == [1, 1]


def test_several_respondents_of_a_household_share_its_adults() -> None:
    """H1 is asked twice in C1; the H1 of another community is another household."""
    design = {"household": ["H1", "H1", None, "H1"], "community_code": ["C1", "C1", "C1", "C2"]}
    assert weights([4, 4, 2, 3], **design) == [2, 2, 2, 3]


def test_a_weight_column_of_another_questionnaire_stands() -> None:
    other = form(item("q1", "a"), Question("w", "decimal", role="weight"))
    parts = [(FORM, block(FORM, {"q1": ["1"], "adults": [3]})), (other, block(other, {"q1": ["1"]}, weight=[7.5]))]
    assert pool(parts).design.weight.tolist() == [3, 7.5]
    plain = form(item("q1", "a"))
    parts[1] = (plain, block(plain, {"q1": ["1"]}))
    assert pool(parts).design.weight.tolist() == [3, 3]


def test_means_are_of_people_not_of_households() -> None:
    """Very satisfied with one adult, neither (60) with three: 100/4 + 60 · 3/4 of each pair."""
    answers = {"q1": ["1", "3"] * 10, "adults": [1, 3] * 10}
    table = estimate_table([(FORM, block(FORM, answers))], items=["q1"], by=["community"], populations={})
    head = table[table["choice"] == ""].iloc[0]
    assert (head["mean"], head["sum_weight"]) == (pytest.approx(1 * 0.25 + 3 * 0.75), 40)


def test_communities_together_are_weighted_to_their_populations() -> None:
    """C1: 10 households of 1 and 10 of 3 adults for 1000 people; C2: 20 of 2 for 3000."""
    answers = {"q1": ["1", "3"] * 10 + ["5"] * 20, "adults": [1, 3] * 10 + [2] * 20}
    responses = block(FORM, answers, community_code=["C1"] * 20 + ["C2"] * 20)
    table = estimate_table([(FORM, responses)], items=["q1"], by=["year"], populations={"C1": 1000.0, "C2": 3000.0})
    head = table[table["choice"] == ""].iloc[0]
    np.testing.assert_allclose([head["sum_weight"], head["mean"]], [4000, (2.5 * 1000 + 5 * 3000) / 4000])


def test_a_version_that_does_not_ask_counts_by_its_respondents() -> None:
    """10 people of 3 adults each at 1 and 10 at 5 whom nobody asked for adults: 3, not (3 · 1 + 5)/4 = 2; the year before,
    and a community where nobody was asked, weigh 1 as they do alone."""
    plain = form(item("q1", "a"))
    asked = block(FORM, {"q1": ["1"] * 10, "adults": [3] * 10})
    design = {"community_code": ["C1"] * 10 + ["C1", "C2"], "year": [2014] * 10 + [2013, 2014]}
    other = block(plain, {"q1": ["5"] * 12}, **design)
    both = [(FORM, asked), (plain, other)]
    assert pool(both).design.weight.tolist() == [3] * 20 + [1, 1]
    table = estimate_table(both, items=["q1"], by=["community", "year"], populations={})
    assert table[(table["choice"] == "") & (table["n"] == 20)]["mean"].item() == pytest.approx(3)


def test_one_sample_of_the_whole_area_has_one_scale() -> None:
    """C2 was asked by a version without the question: its people weigh as much as those of C1 on average, 3."""
    overall = form(*FORM.rows, settings={"household_adults": "adults"}, sampling="overall")
    plain = form(item("q1", "a"), sampling="overall")
    parts = [
        (overall, block(overall, {"q1": ["1"] * 2, "adults": [2, 4]})),
        (plain, block(plain, {"q1": ["5"] * 2}, community_code=["C2"] * 2)),
    ]
    assert pool(parts).design.weight.tolist() == [2, 4, 3, 3]
