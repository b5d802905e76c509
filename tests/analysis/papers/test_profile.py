"""Dimensions beside the street, the years, the lowest items: as the results have them, nothing of few people."""

from dataclasses import replace

import pytest

from analysis.papers.profile import ITEMS, dimension_bars, item_bars, trend
from tests.tools.towns.fake_results import fake_results

RESULTS = fake_results(2014)


def test_a_bar_is_the_share_of_full_marks_and_the_mean_that_of_the_street():
    row = RESULTS.community("SL03")
    [first, *_] = dimension_bars(RESULTS, row, False, "zh")
    assert first["objective"]["share"] == pytest.approx(row["objective_autonomy"] / 140, abs=1e-5)
    mean = RESULTS.scores["objective_autonomy"].dropna().mean()
    assert first["objective"]["mean"] == pytest.approx(mean / 140, abs=1e-5)
    assert first["objective_difference"].lstrip("+−") == f"{abs(row['objective_autonomy'] - mean):.1f}"


def test_of_few_people_no_residents_part_is_shown():
    for one in dimension_bars(RESULTS, RESULTS.community("SL03"), True, "zh"):
        assert (one["subjective"]["text"], one["subjective"]["share"], one["subjective"]["mean"]) == ("—", 0.0, None)


def test_the_lowest_items_first_with_shares_that_sum_to_one():
    rows = item_bars(RESULTS, RESULTS.community("SL03"), "en")
    scores = [float(r["score"]) for r in rows]
    assert (len(rows), scores) == (ITEMS, sorted(scores))
    assert all(sum(p["share"] for p in r["parts"]) == pytest.approx(1, abs=1e-3) for r in rows)
    assert len({one["half"].startswith("± ") for one in rows}) == 1


def test_a_score_says_how_sure_it_is_where_its_interval_is_known():
    items = RESULTS.items
    known = replace(RESULTS, items=items.assign(low=items["score"] - 4.25, high=items["score"] + 4.25))
    assert {r["half"] for r in item_bars(known, known.community("SL03"), "zh")} == {"± 4.3"}
    older = replace(RESULTS, items=items.drop(columns=[c for c in ("low", "high") if c in items]))
    assert {r["half"] for r in item_bars(older, older.community("SL03"), "zh")} == {""}


def test_years_on_one_axis_joined_where_they_can_be_compared():
    years = [fake_results(y) for y in (2012, 2013, 2014)]
    found = trend(years, "SL03", "zh")
    assert [p["year"] for p in found["points"]] == ["2012", "2013", "2014"]
    assert all(0 <= p["low"] <= p["at"] <= p["high"] <= 1 for p in found["points"])
    notes = ["scheme_changed" if code == "SL03" else None for code in years[-1].scores["community_code"]]
    cut = replace(years[-1], scores=years[-1].scores.assign(note=notes))
    assert [p["joined"] for p in trend([*years[:-1], cut], "SL03", "zh")["points"]][-1] is False


def test_who_has_no_total_has_no_line():
    assert trend([RESULTS], "SL11", "zh") is None


def test_an_item_stands_beside_the_mean_of_its_own_street():
    codes = RESULTS.scores["community_code"]
    streets = ["甲街道" if code in ("SL03", "SL04") else "乙街道" for code in codes]
    apart = replace(RESULTS, scores=RESULTS.scores.assign(sub_district=streets))
    [first, *_] = item_bars(apart, apart.community("SL03"), "zh")
    items = apart.items[
        apart.items["community_code"].isin(["SL03", "SL04"]) & (apart.items["label_zh"] == first["name"])
    ]
    assert first["mean"] == f"{items['score'].mean():.1f}"
    assert first["mean"] != item_bars(RESULTS, RESULTS.community("SL03"), "zh")[0]["mean"]


@pytest.mark.parametrize("note", ["items_changed", "indicators_changed", "area_changed:沙漏社区"])
def test_no_line_leads_to_a_year_that_was_measured_otherwise(note):
    last = fake_results(2014)
    notes = [note if code == "SL03" else None for code in last.scores["community_code"]]
    years = [fake_results(2013), replace(last, scores=last.scores.assign(note=notes))]
    assert [p["joined"] for p in trend(years, "SL03", "zh")["points"]] == [False, False]


def test_no_line_leads_over_a_year_that_is_not_there():
    assert [p["joined"] for p in trend([fake_results(2012), fake_results(2014)], "SL03", "zh")["points"]] == [
        False,
        False,
    ]
