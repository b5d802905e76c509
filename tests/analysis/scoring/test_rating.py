"""Totals, stars, probabilities, ranks, status and notes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.scoring.rating import rate, round_half_up, stability
from analysis.scoring.results import SCORE_COLUMNS
from tests.tools.soak import examples
from tests.tools.towns.scores import frame
from tests.tools.towns.survey_toys import scheme


def rated(*rows: dict[str, Any], **changes: Any) -> pd.DataFrame:
    return rate(scheme(**changes), frame(*rows))


def test_columns_that_programs_rely_on() -> None:
    columns = list(rated({}).columns)
    assert columns[: len(SCORE_COLUMNS.names)] == list(SCORE_COLUMNS.names)
    assert columns[len(SCORE_COLUMNS.names) :] == [
        "objective_a",
        "subjective_a",
        "subjective_a_se",
        "objective_b",
        "subjective_b",
        "subjective_b_se",
    ]


def test_total_star_and_probability() -> None:
    """760 ± 6 on 180 df.

    R: pt((800-760)/6, 180) - pt((750-760)/6, 180)
    """
    row = rated({"objective": 510.0}).iloc[0]
    assert (row["total"], row["total_exact"], row["star"], row["star_next_gap"]) == (760, 760, 3, 40)
    assert (row["total_low"], row["total_high"]) == pytest.approx((760 - 1.973084 * 6, 760 + 1.973084 * 6))
    assert row["star_probability"] == row["star_p3"] == pytest.approx(0.951340098377577, rel=1e-10)
    assert sum(row[f"star_p{k}"] for k in range(6)) == pytest.approx(1, abs=1e-14)
    assert (row["status"], row["provisional"], row["note"]) == ("calculated", True, "")
    assert row["star_awarded"] is None


@pytest.mark.parametrize(
    ("total", "star", "status"),
    [
        (649.99, 0, "calculated"),
        (650, 1, "calculated"),
        (799.99, 3, "calculated"),
        (800, 4, "calculated"),
        (850, 5, "calculated"),
        (1000, 5, "calculated"),
    ],
)
def test_thresholds_are_inclusive(total: float, star: int, status: str) -> None:
    row = rated({"objective": total - 250}).iloc[0]
    assert (row["star"], row["status"]) == (star, status)
    assert np.isnan(row["star_next_gap"]) == (star == 5)


@pytest.mark.parametrize(
    ("subjective", "total", "note"),
    [(149.995, 650.00, "rounding_decided"), (149.994, 649.99, ""), (150.0, 650.0, ""), (150.004, 650.0, "")],
)
def test_rounding_half_up_is_said_where_it_decides(subjective: float, total: float, note: str) -> None:
    row = rated({"subjective": subjective}).iloc[0]
    assert (row["total"], row["note"]) == (total, note)
    assert row["star"] == (1 if total >= 650 else 0)


@examples(30)
@given(st.integers(0, 100_000), st.sampled_from([-3e-10, 0.0, 3e-10]))
def test_half_cents_round_up_whatever_the_last_bits_say(cents: int, noise: float) -> None:
    assert round_half_up(np.array([cents / 100 + 0.005 + noise]))[0] == (cents + 1) / 100


@pytest.mark.parametrize(
    ("row", "note"),
    [
        ({"objective": np.nan}, "objective_missing"),
        ({"subjective": np.nan, "note": "item_unanswered:q1"}, "item_unanswered:q1;subjective_missing"),
        ({"n": 49}, "sample_too_small"),
        ({"n": np.nan, "subjective": np.nan, "note": "suppressed"}, "suppressed"),
        ({"n": 49, "objective": np.nan}, "objective_missing;sample_too_small"),
    ],
)
def test_no_total_without_both_parts_and_enough_responses(row: dict[str, Any], note: str) -> None:
    got = rated({**row}).iloc[0]
    empty = ["total", "total_exact", "total_low", "star", "star_probability", "star_p0", "star_next_gap", "rank"]
    assert got[empty].isna().all()
    assert (got["note"], got["status"]) == (note, "incomplete")


def test_min_responses_is_inclusive() -> None:
    assert rated({"n": 50})["total"].notna().all()


def test_a_veto_leaves_the_star_and_takes_the_rank() -> None:
    rows = rated({"objective": 550.0, "vetoed": True}, {"vetoed": False}, {"objective": 450.0, "vetoed": False})
    assert rows["star"].tolist() == [4, 3, 2]
    assert rows["status"].tolist() == ["vetoed", "calculated", "calculated"]
    assert rows["note"].tolist() == ["vetoed", "", ""]
    assert rows["rank"].fillna(0).tolist() == [0, 1, 2]


def test_ranks_are_within_a_sub_district() -> None:
    rows = rated({}, {"objective": 510.0}, {"sub_district": "二街"}, {"objective": np.nan})
    assert rows["rank"].fillna(0).tolist() == [2, 1, 1, 0]
    assert rows["rank_low"].fillna(0).tolist() == [1, 1, 1, 0]
    assert rows["rank_high"].fillna(0).tolist() == [2, 2, 1, 0]


def test_self_selected_samples_have_a_star_but_no_probability_and_no_rank() -> None:
    nothing = dict.fromkeys(("subjective_se", "subjective_df", "subjective_low", "subjective_high"), np.nan)
    rows = rated({**nothing, "note": "open_sample"}, {})
    assert rows["star"].tolist() == [3, 3]
    assert rows.loc[0, ["star_probability", "star_p3", "rank", "rank_low", "total_low"]].isna().all()
    assert rows["rank"].tolist()[1] == 1


def test_a_census_is_certain_and_no_variation_is_not() -> None:
    census = {"subjective_se": 0.0, "subjective_low": 250.0, "subjective_high": 250.0}
    unknown = {"subjective_se": 0.0, "subjective_low": np.nan, "subjective_high": np.nan, "note": "no_variation"}
    rows = rated(census, unknown)
    assert rows["star_p3"].fillna(-1).tolist() == [1, -1]
    assert rows["rank_low"].fillna(-1).tolist() == [1, -1]


@examples(15)
@given(st.lists(st.floats(300, 700), min_size=2, max_size=12))
def test_stars_never_fall_with_the_total(objective: list[float]) -> None:
    rows = rated(*({"objective": value} for value in objective)).sort_values("total_exact")
    assert (rows["star"].diff().dropna() >= 0).all()
    assert (rows["rank"].diff().dropna() <= 0).all()
    assert ((rows["rank_low"] <= rows["rank"]) & (rows["rank"] <= rows["rank_high"])).all()


def test_stability_in_words_and_probability_as_shown() -> None:
    assert [stability(p) for p in (0.95, 0.949, 0.8, 0.799, np.nan, None)] == [
        "stable",
        "fairly_stable",
        "fairly_stable",
        "borderline",
        "",
        "",
    ]


def test_empty() -> None:
    assert len(rate(scheme(), frame({}).iloc[:0])) == 0
