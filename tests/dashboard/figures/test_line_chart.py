"""A chart that the server draws: what it shows can be read without seeing it, and the first HTML carries it."""

from __future__ import annotations

import json

from dash._utils import to_json

from dashboard.figures.drawn import chart
from dashboard.figures.line_chart import line_chart
from dashboard.figures.trend import comparison, trend
from dashboard.parts.static_html import static_html
from tests.dashboard.figures.test_drawn import LIMITS, POINTS
from tests.tools.dashboard_tools import nodes, plain


def test_every_total_is_a_hint_of_its_own_and_the_whole_a_sentence():
    made = plain(line_chart(chart(trend(POINTS, LIMITS, "zh")), "there", 196, "历年总分：755、797"))
    assert made["props"]["aria-label"] == "历年总分：755、797"
    hints = [n["props"]["title"] for n in nodes(made) if n["props"].get("className") == "chart-spot"]
    assert [h[:11] for h in hints] == ["2012 总分 755", "2014 总分 797"]
    assert not [n for n in nodes(made) if n["type"] == "Graph"]


def test_names_stand_in_a_legend_where_there_are_several():
    made = plain(line_chart(chart(comparison([("甲", POINTS), ("乙", POINTS)], LIMITS, "zh")), "there", 340, "甲、乙"))
    legend = next(n for n in nodes(made) if n["props"].get("className") == "chart-legend")
    assert [one["props"]["children"][-1] for one in legend["props"]["children"]] == ["甲", "乙"]


def test_the_first_html_carries_the_drawing():
    made = line_chart(chart(trend(POINTS, LIMITS, "zh")), "there", 196, "历年总分")
    text = static_html(json.loads(to_json(made)))
    assert 'src="data:image/svg+xml,' in text
    assert 'class="chart-word">797' in text
