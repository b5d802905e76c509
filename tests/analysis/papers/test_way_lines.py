"""Now and after each measure: totals, chances and places on the axis."""

import numpy as np
import pytest
from scipy import stats

from analysis.improvement.next_star import lift
from analysis.papers.way_lines import WAYS, way_lines

STARS = [(3, 750.0), (4, 800.0)]


def found(gains, exact=795.0, se=3.0, df=200.0, lang="zh"):
    losses = [
        {
            "kind": "objective",
            "name_zh": f"项{g}",
            "name_en": f"i{g}",
            "possible": g,
            "office": "城管办",
            "lead_office": "",
        }
        for g in gains
    ]
    way = lift(exact, 3, STARS, se, df, list(gains))
    return way_lines({"total_exact": exact}, way, losses, se, df, lang)


def test_the_least_effort_is_the_smallest_that_reaches_the_star_alone():
    ways = found([10.0, 6.0, 3.0])
    assert [r["total"] for r in ways["rows"]] == ["795", "805", "801", "798"]
    assert [r["what"] for r in ways["rows"] if r["best"]] == ["项6.0"]
    assert (ways["star"], ways["gap"], ways["minimum"]) == ("四星", "5", "800")


def test_chances_are_those_of_students_t():
    ways = found([10.0])
    wanted = [stats.t.cdf((total - 800) / 3.0, 200) for total in (795.0, 805.0)]
    assert [r["chance"] for r in ways["rows"]] == [f"{round(100 * w)}%" for w in wanted]


def test_everything_lies_on_the_axis():
    ways = found([10.0, 6.0])
    for row in ways["rows"]:
        assert 0 <= row["low"] <= row["at"] <= row["high"] <= 1
    assert ways["rows"][0]["at"] == ways["now_at"] < ways["minimum_at"] < ways["rows"][1]["at"]


def test_an_error_that_is_not_known_has_no_interval_and_no_chance():
    ways = found([10.0], se=np.nan)
    assert {(r["low"], r["high"], r["chance"]) for r in ways["rows"]} == {(None, None, "—")}
    assert "误差未知" in ways["note"]


def test_no_more_lines_than_the_page_has_room_for():
    assert len(found([float(n) for n in range(20, 10, -1)])["rows"]) == WAYS + 1


@pytest.mark.parametrize("way", [None])
def test_at_the_top_there_is_no_way(way):
    assert way_lines({"total_exact": 950.0}, way, [], 1.0, 9.0, "zh") is None
