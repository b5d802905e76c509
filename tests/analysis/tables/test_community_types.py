"""Communities beside those of their own type: means, places, and what is not said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.ranks import rank_sets
from analysis.tables.community_types import COLUMNS, type_frame, type_means
from tests.tools.towns.fake_results import CODES, fake_results

#: three of a, five of b, two of c, one of d, one that the register says nothing of; SL11 has no total
TYPES = dict(zip(CODES, ("a", "a", "a", "b", "b", "b", "b", "b", "c", "c", "d", ""), strict=True))


def scores(types=TYPES):
    rows = fake_results(2014).scores
    return rows.assign(type=rows["community_code"].map(types), feature="特色")


def by_code(frame):
    return frame.set_index("community_code")


def test_each_stands_beside_the_mean_of_its_own_type():
    rows, found = scores(), by_code(type_frame(scores()))
    assert tuple(type_frame(rows).columns) == COLUMNS.names
    mine = rows[rows["type"] == "a"]["total"]
    assert found.loc["SL01", "type_mean"] == pytest.approx(mine.mean())
    assert found.loc["SL01", "type_difference"] == pytest.approx(mine.iloc[0] - mine.mean())
    assert found.loc["SL01", ["of_type", "with_total"]].tolist() == [3, 3]


def test_places_within_a_type_are_the_rank_sets_of_its_own_communities():
    rows, found = scores(), by_code(type_frame(scores()))
    mine = rows[rows["type"] == "b"]
    low, high = rank_sets(mine["total_exact"].to_numpy(float), mine["subjective_se"].to_numpy(float))
    assert found.loc[mine["community_code"], "type_rank"].tolist() == [1, 2, 3, 4, 5]
    assert found.loc[mine["community_code"], "type_rank_low"].tolist() == low.tolist()
    assert found.loc[mine["community_code"], "type_rank_high"].tolist() == high.tolist()


def test_fewer_than_three_have_no_place_and_one_alone_no_mean():
    found = by_code(type_frame(scores()))
    assert found.loc[["SL09", "SL10"], "type_note"].tolist() == ["few", "few"]
    assert found.loc[["SL09", "SL10"], "type_rank"].isna().all()
    assert found.loc["SL11", "type_note"] == "alone"
    assert found.loc["SL12", "type_note"] == "no_type"
    assert found.loc[["SL11", "SL12"], "type_mean"].isna().all()


def test_a_type_of_which_one_has_a_total_has_no_mean():
    found = by_code(type_frame(scores()))  # SL09 has no objective part
    assert np.isnan(found.loc["SL10", "type_mean"])


def test_vetoed_communities_have_no_place():
    rows = scores()
    rows.loc[0, ["rank", "rank_low", "rank_high"]] = np.nan
    found = by_code(type_frame(rows))
    assert found.loc[["SL01", "SL02", "SL03"], "type_rank"].isna().all()  # two are left to rank
    assert found.loc["SL02", "type_note"] == "few"


def test_results_of_before_there_were_types_say_so():
    found = type_frame(fake_results(2014).scores)
    assert set(found["type_note"]) == {"no_type"}
    assert len(type_frame(scores().iloc[:0])) == 0


def test_means_of_a_type_leave_out_the_residents_points_of_small_samples():
    rows = scores().assign(n=lambda f: f["n"].where(f["community_code"] != "SL01", 9.0))
    columns = ["objective_culture", "subjective_culture"]
    mine = rows[rows["type"] == "a"].set_index("community_code")
    found = type_means(rows, "SL02", columns)
    assert found["objective_culture"] == pytest.approx(mine["objective_culture"].mean())
    assert found["subjective_culture"] == pytest.approx(mine.loc[["SL02", "SL03"], "subjective_culture"].mean())
    assert type_means(rows, "SL11", columns) == {}
    assert type_means(rows, "SL12", columns) == {}
    assert type_means(pd.DataFrame(rows.iloc[:2]).assign(n=9.0), "SL01", columns).keys() == {"objective_culture"}
