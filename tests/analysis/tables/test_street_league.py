"""Streets of a district in one league: ranks, sets, and pairs that can or cannot be told apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from analysis.scoring.rating import rate
from analysis.scoring.results import Results
from analysis.scoring.streets import streets
from analysis.tables.street_league import area_league, street_league, street_pairs
from tests.tools.towns.scores import frame, snapshot
from tests.tools.towns.survey_toys import scheme


def results(*places: tuple[str, float], **more: Any) -> Results:
    """One community of a thousand adults a street, with its subjective points (standard error 6)."""
    rows = [{"sub_district": name, "subjective": points, **more} for name, points in places]
    scores = rate(scheme(), frame(*rows))
    people = dict.fromkeys(scores["community_code"], 1000.0)
    found = snapshot(scheme(), scores, year=2014)
    return replace(found, streets=streets(scheme(), scores, people))


def test_a_street_far_above_is_told_apart_and_two_alike_are_not() -> None:
    found = results(("北街道", 180.0), ("南街道", 250.0), ("东街道", 183.0))
    league = street_league(found).set_index("sub_district")
    assert league["rank"].to_dict() == {"北街道": 3, "南街道": 1, "东街道": 2}
    assert league.loc["南街道", ["rank_low", "rank_high", "tier"]].tolist() == [1, 1, 1]
    assert league.loc["北街道", ["rank_low", "rank_high", "tier"]].tolist() == [2, 3, 2]
    pairs = street_pairs(found)
    told = {(a, b): bool(t) for a, b, t in zip(pairs["sub_district"], pairs["other"], pairs["told_apart"], strict=True)}
    assert told == {("南街道", "东街道"): True, ("南街道", "北街道"): True, ("东街道", "北街道"): False}
    assert pairs["difference"].tolist() == pytest.approx([67, 70, 3])
    assert set(pairs["year"]) == {2014}


def test_the_standing_stands_beside_the_areas() -> None:
    table = area_league(results(("北街道", 180.0), ("南街道", 250.0)), "zh")
    assert table[["sub_district", "rank"]].to_numpy().tolist() == [["北街道", 2], ["南街道", 1]]


@pytest.mark.parametrize(
    "places", [(("北街道", 180.0),), (("北街道", 180.0), ("", 250.0))], ids=["one street", "one with a name"]
)
def test_one_street_stands_in_no_league(places: tuple[tuple[str, float], ...]) -> None:
    found = results(*places)
    assert street_league(found)["rank"].isna().all()
    assert street_pairs(found).empty
    assert area_league(found, "en")["rank"].isna().all()


def test_open_samples_are_not_ranked_and_an_unknown_error_has_no_set() -> None:
    assert street_league(results(("北街道", 180.0), ("南街道", 250.0), note="open_sample"))["rank"].isna().all()
    found = results(("北街道", 180.0), ("南街道", 250.0), subjective_se=float("nan"))
    league = street_league(found)
    assert league["rank"].tolist() == [2, 1]
    assert league["rank_low"].isna().all()
    assert street_pairs(found)["told_apart"].isna().all()
    assert isinstance(street_pairs(found), pd.DataFrame)
