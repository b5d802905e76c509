"""Which communities can be told apart, pair by pair and as groups of a league."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.scoring.pairs import PAIR_COLUMNS, league_groups, pair_frame
from analysis.scoring.rating import rate
from tests.tools.towns.scores import frame
from tests.tools.towns.survey_toys import scheme


def league(*subjective: float, **changes: object) -> pd.DataFrame:
    return rate(scheme(), frame(*({"subjective": s, **changes} for s in subjective)))


def test_two_communities_by_hand() -> None:
    """260 against 230, standard errors 6 on 180 df each: 30 ± 1.96 (simulated) x sqrt(72), 360 df.

    R: 2 * pt(-30 / sqrt(72), 360)
    """
    found = pair_frame(league(230.0, 260.0))
    assert list(found.columns) == list(PAIR_COLUMNS.names)
    row = found.iloc[0]
    assert (row["community_code"], row["rank"], row["other_code"], row["other_rank"]) == ("C1", 1, "C0", 2)
    assert (row["difference"], row["se"], row["df"]) == (30, np.sqrt(72), 360)
    assert row["p"] == row["q"] == pytest.approx(0.0004600822021, rel=1e-8)
    assert row["low"] == pytest.approx(30 - 1.96 * np.sqrt(72), abs=0.5)
    assert bool(row["told_apart"])


def test_few_clusters_are_told_apart_later() -> None:
    """240 against 260, standard errors 6 (20 is 2.36 of sqrt(72)): beyond 1.97 of 180 df each, not beyond the 2.45
    of 3 df each.  R: qt(.975, 6)"""
    many, few = league(240.0, 260.0), league(240.0, 260.0, subjective_df=3.0)
    assert [pair_frame(s)["told_apart"].tolist() for s in (many, few)] == [[True], [False]]
    assert (many["tier"].tolist(), few["tier"].tolist()) == ([2, 1], [1, 1])
    assert (league_groups(many)["示例街道"], league_groups(few)["示例街道"]) == ([], [(1, 2)])
    row = pair_frame(few).iloc[0]
    assert row["high"] - row["difference"] == pytest.approx(2.446912 * np.sqrt(72), rel=0.05)
    for end in ("rank_low", "rank_high"):  # the set of one community by itself is of normal draws
        assert few[end].tolist() == many[end].tolist() == [2, 1]


def test_columns_of_a_league() -> None:
    """250 and 251 stand together, 150 far below: two tiers, and one group of two."""
    scores = league(250.0, 150.0, 251.0)
    assert scores["rank"].tolist() == [2, 3, 1]
    assert scores["tier"].tolist() == [1, 2, 1]
    assert scores["rank_sim_low"].tolist() == [1, 3, 1]
    assert scores["rank_sim_high"].tolist() == [2, 3, 2]
    np.testing.assert_array_equal(scores["differs_next"], [1, np.nan, 0])
    assert league_groups(scores) == {"示例街道": [(1, 2)]}
    assert pair_frame(scores)["told_apart"].tolist() == [False, True, True]


def test_who_has_no_error_stands_in_no_group() -> None:
    nothing = dict.fromkeys(("subjective_se", "subjective_df", "subjective_low", "subjective_high"), np.nan)
    scores = rate(scheme(), frame({}, {"subjective": 251.0}, {**nothing, "note": "open_sample"}, {**nothing}))
    assert scores["rank"].isna().tolist() == [False, False, True, False]
    assert scores["tier"].isna().tolist() == [False, False, True, True]
    assert league_groups(scores) == {"示例街道": [(1, 2)]}
    found = pair_frame(scores)
    assert len(found) == 3
    assert found["told_apart"].isna().sum() == 2


def test_leagues_are_by_sub_district_and_may_be_empty() -> None:
    scores = rate(scheme(), frame({"sub_district": "一街"}, {"sub_district": "二街"}, {"sub_district": "一街"}))
    assert pair_frame(scores)["sub_district"].tolist() == ["一街"]
    assert league_groups(scores) == {"一街": [(1, 2)], "二街": []}
    nobody = rate(scheme(), frame({"n": 20}))
    assert pair_frame(nobody).empty
    assert league_groups(nobody) == {}


def test_ties_of_censuses_are_not_told_apart() -> None:
    census = {"subjective_se": 0.0, "subjective_low": 250.0, "subjective_high": 250.0}
    scores = rate(scheme(), frame(census, census, {**census, "subjective": 249.0}))
    assert pair_frame(scores)["told_apart"].tolist() == [False, True, True]
    assert scores["tier"].tolist() == [1, 1, 2]


def test_rows_pairs_and_groups_go_by_the_same_critical_value() -> None:
    """40 communities in no order, errors that differ: what the rows say of neighbours is what the pairs say."""
    rng = np.random.default_rng(3)
    rows = [
        {"subjective": float(s), "subjective_se": float(e)}
        for s, e in zip(rng.uniform(150, 290, 40), rng.uniform(2, 7, 40), strict=True)
    ]
    scores = rate(scheme(), frame(*rows))
    found = pair_frame(scores)
    neighbours = found[found["other_rank"] == found["rank"] + 1].set_index("rank")["told_apart"].astype(float)
    said = scores.set_index("rank")["differs_next"].sort_index().iloc[:-1]
    np.testing.assert_array_equal(neighbours.sort_index(), said)
    apart = {(r, o) for r, o, t in zip(found["rank"], found["other_rank"], found["told_apart"], strict=True) if t}
    for first, last in league_groups(scores)["示例街道"]:
        assert not any((i, j) in apart for i in range(first, last) for j in range(i + 1, last + 1))
