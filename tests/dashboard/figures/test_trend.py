"""Totals over the years as plain figures."""

import html
import json

from plotly.offline import get_plotlyjs_version

from dashboard.figures.trend import CONFIG, axis_start, comparison, trend
from dashboard.web.security import PLOTLY_FILE

LIMITS = (650.0, 700.0, 750.0, 800.0, 900.0)
POINTS = [
    {"year": 2012, "total": 755.0, "low": 745.0, "high": 765.0},
    {"year": 2013, "total": None, "low": None, "high": None},
    {"year": 2014, "total": 797.4, "low": 786.4, "high": 808.4},
]


def test_whiskers_are_distances_and_a_missing_year_is_a_gap():
    (line,) = trend(POINTS, LIMITS, "zh")["data"]
    assert line["y"] == [755.0, None, 797.4]
    assert line["error_y"]["array"][0] == 10.0
    assert line["error_y"]["array"][1] is None
    assert line["connectgaps"] is False
    assert line["text"] == ["755", "", "797"]


def test_only_the_star_lines_in_sight_are_drawn_with_their_names():
    layout = trend(POINTS, LIMITS, "zh")["layout"]
    assert layout["yaxis"]["tickvals"] == [750.0, 800.0]
    assert layout["yaxis"]["ticktext"] == ["三星 750", "四星 800"]
    assert trend(POINTS, LIMITS, "en")["layout"]["yaxis"]["ticktext"][0] == "3★ 750"


def test_the_axis_always_has_a_star_line_in_sight():
    low, high = axis_start([960.0, 970.0], LIMITS)
    assert low < 900 < high


def test_a_figure_is_plain_and_small():
    text = json.dumps(comparison([("春晖社区", POINTS), ("锦园社区", POINTS)], LIMITS, "zh"), allow_nan=False)
    assert len(text) < 5000


def test_reference_lines_are_told_apart_by_more_than_colour():
    data = comparison([("春晖社区", POINTS), ("社区平均", POINTS)], LIMITS, "zh", own=1)["data"]
    assert "dash" not in data[0]["line"]
    assert data[1]["line"]["dash"] == "dot"


def test_nothing_offers_to_send_a_chart_away():
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["plotlyServerURL"] == ""
    assert CONFIG["modeBarButtons"] == [["toImage"]]


def test_the_bundle_has_the_major_version_that_plotly_speaks():
    head = PLOTLY_FILE.read_text(encoding="utf-8")[:200]
    assert f"v{get_plotlyjs_version().split('.')[0]}." in head
    assert (PLOTLY_FILE.parent / "plotly-cartesian.LICENSE.txt").read_text(encoding="utf-8").startswith("MIT License")


def test_a_name_is_no_link_no_field_and_no_formula():
    """plotly reads a few tags, ``%{…}`` and ``$…$`` in every text of a figure."""
    drawn = comparison([("<a href='http://x'>甲&乙</a> %{y} $x$", POINTS)], LIMITS, "zh")["data"][0]
    assert not set("<>$") & set(drawn["name"])
    assert "%{y}" not in drawn["hovertemplate"]
    assert html.unescape(drawn["name"]) == "<a href='http://x'>甲&乙</a> %{y} $x$"
    assert "<a" not in drawn["hovertemplate"]
