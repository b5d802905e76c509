"""Few responses that are not scored are left out of the tables of scored items, so that the points do not give them away."""

from __future__ import annotations

import numpy as np

from analysis.disclosure.counted import Counted
from analysis.sample.pooled_sample import pool
from analysis.tables.estimates import estimate_table
from tests.tools.towns.survey_toys import block, form, item, scheme

FORM = form(item("q1", "a"), item("q2", "a"), item("q3", "b"), item("q4", "b"))


def answers(scored: int, loose: int) -> dict[str, list[str | None]]:
    """So many who answer everything alike, and so many who answer q1 only, the other end of it."""
    return {
        "q1": ["1"] * scored + ["5"] * loose,
        **{q: ["1"] * scored + [None] * loose for q in ("q2", "q3", "q4")},
    }


def left_out(scored: int, loose: int) -> int:
    sample = pool([(FORM, block(FORM, answers(scored, loose)))])
    everybody = np.ones(len(sample), dtype=bool)
    return int(Counted(sample, {2014: scheme()}).left_out("q1", everybody).sum())


def test_few_that_are_not_scored_are_left_out() -> None:
    assert left_out(20, 3) == 3
    assert left_out(20, 9) == 9


def test_many_are_a_group_of_their_own() -> None:
    assert left_out(20, 10) == 0


def test_without_points_there_is_nothing_to_subtract_from() -> None:
    assert left_out(4, 3) == 0  # a community of four scored responses shows no points
    sample = pool([(FORM, block(FORM, answers(20, 3)))])
    assert not Counted(sample, {}).left_out("q1", np.ones(23, dtype=bool)).any()
    assert not Counted(sample, {2014: scheme()}).left_out("q9", np.ones(23, dtype=bool)).any()


def test_the_table_says_so() -> None:
    """20 very satisfied are scored, 3 very dissatisfied are not: the mean is that of the 20."""
    parts = [(FORM, block(FORM, answers(20, 3)))]
    [row] = (
        estimate_table(parts, items=["q1"], populations={}, scheme=scheme(), schemes={2014: scheme()})
        .query("choice == ''")
        .to_dict("records")
    )
    assert (row["n"], row["mean"], row["note"].split(";")) == (20, 1.0, ["scored_only", "no_variation"])
    [whole] = (
        estimate_table(parts, items=["q1"], populations={}, scheme=scheme()).query("choice == ''").to_dict("records")
    )
    assert (whole["n"], whole["mean"]) == (23, 35 / 23)


def of_no_community(few: int, at_home: int = 20) -> tuple[float, float, list[str]]:
    """Respondents, mean and notes of the year where so many answered 1 in a community and so many 5 in none."""
    code = ["C1"] * at_home + [None] * few
    parts = [(FORM, block(FORM, {"q1": ["1"] * at_home + ["5"] * few}, community_code=code))]
    table = estimate_table(parts, items=["q1"], by=["year"], populations={"C1": 100.0}, scheme=scheme())
    [row] = table.query("choice == ''").to_dict("records")
    return row["n"], row["mean"], row["note"].split(";")


def test_few_of_no_community_leave_the_total_of_the_year() -> None:
    """Two of 193 had named none, and the year had no total: it is that of the 191, and says so."""
    n, mean, notes = of_no_community(2)
    assert (n, mean) == (20, 1.0)
    assert "placeless" in notes
    assert of_no_community(9)[:2] == (20, 1.0)


def test_ten_of_no_community_are_a_group_and_all_of_a_year_without_communities_are_its_own() -> None:
    n, _, notes = of_no_community(10)
    assert n == 30
    assert "placeless" not in notes
    assert of_no_community(7, at_home=0)[:2] == (7, 5.0)


def test_what_a_year_without_communities_leaves_out_is_not_said_to_be_of_none() -> None:
    """6,167 of a real survey's first year name no ward; 8 that are not scored were said to be the few of no ward."""
    code = [None] * 23
    parts = [(FORM, block(FORM, answers(20, 3), community_code=code))]
    table = estimate_table(
        parts, items=["q1"], by=["year"], populations={"C1": 100.0}, scheme=scheme(), schemes={2014: scheme()}
    )
    [row] = table.query("choice == ''").to_dict("records")
    assert row["n"] == 20
    assert "scored_only" in row["note"].split(";")
    assert "placeless" not in row["note"]
