"""Pages say where the line of a community breaks and draw its predecessors beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from defusedxml import ElementTree as Markup

from dashboard.data.history import history
from dashboard.data.year import read_year
from dashboard.figures.trend import trend
from dashboard.pages.community.service import earlier
from tests.tools.dashboard_tools import ADMIN, fake_app, nodes, plain, show, words
from tests.tools.towns.fake_results import FakeSource

LIMITS = (650.0, 700.0, 750.0, 800.0, 900.0)


@pytest.fixture
def client():
    return fake_app().server.test_client()


class Merged(FakeSource):
    """南塔 took in 柳营 and 西埠 in 2014."""

    def results(self, year):
        found = super().results(year)
        if year < 2014:
            return found
        scores = found.scores.copy()
        mine = scores["community_code"] == "SL06"
        scores.loc[mine, "note"] = "area_changed:柳营社区,西埠社区"
        scores.loc[mine, ["change_objective", "change_subjective", "change_q", "change_word"]] = None
        before = [
            {"code": code, "name": name, "last": 2013, "since": 2014, "direct": True}
            for code, name in (("SL12", "柳营社区"), ("SL11", "西埠社区"))
        ]
        return replace(found, scores=scores, extra={"lineage": {"SL06": before}})


def test_the_history_is_cut_and_the_predecessors_are_lines_of_their_own():
    moments = history(ADMIN, Merged(), "SL06")
    assert [m.broken for m in moments] == [False, False, True]
    assert moments[2].area == "柳营社区,西埠社区"
    lines = earlier(ADMIN, Merged(), read_year(ADMIN, Merged(), 2014), "SL06")
    assert [(name, [m.year for m in line]) for name, line in lines] == [
        ("柳营社区", [2012, 2013]),
        ("西埠社区", [2012, 2013]),
    ]


def test_the_community_page_says_so():
    page = show("/community/SL06", "?year=2014", source=Merged())
    text = words(page.children)
    assert text.count("2014 年起区划调整（来自柳营社区、西埠社区），与之前不可比") == 2
    figure = next(n for n in nodes(plain(page.children)) if n["props"].get("id") == "community-trend")
    parts = [n["props"] for n in nodes(figure)]
    assert [p["children"] for p in parts if p.get("className") == "chart-cut"] == ["区划调整"]
    spots = [p["title"] for p in parts if p.get("className") == "chart-spot"]
    assert [s for s in spots if "柳营社区" in s]
    assert not [s for s in spots if "西埠" in s]  # never had a total
    assert "2013 柳营社区" in text
    assert "2013 西埠社区" in text


def test_the_trend_can_be_had_as_a_picture(client):
    drawn = client.get("/download/trend-picture/SL06/svg?year=2014")
    assert drawn.mimetype == "image/svg+xml"
    Markup.fromstring(drawn.data)
    assert "南塔社区" in drawn.get_data(as_text=True)
    assert client.get("/download/trend-picture/SL06/png?year=2014").data[:8] == b"\x89PNG\r\n\x1a\n"
    for path, said in (("SL06/gif", "没有“gif”这种图"), ("nobody/svg", "nobody")):
        told = client.get(f"/download/trend-picture/{path}?year=2014")
        assert (told.status_code, said in told.get_data(as_text=True)) == (404, True)


def test_the_comparison_page_and_the_league_say_so():
    text = words(show("/compare", "?year=2014&with=SL06,SL01", source=Merged()).children)
    assert "南塔社区：2014 年起区划调整（来自柳营社区、西埠社区），与之前不可比，折线在此断开。" in text
    assert "区划调整" in words(show("/", "?year=2014", source=Merged()).children)
    assert "area changed in 2014 (from 柳营社区, 西埠社区)" in words(
        show("/compare", "?lang=en&with=SL06", source=Merged()).children
    )


def test_a_break_is_a_gap_in_the_line():
    points = [
        {"year": y, "total": 700.0 + y % 10, "low": None, "high": None, "broken": y == 2014} for y in (2012, 2013, 2014)
    ]
    figure = trend(points, LIMITS, "zh")
    assert figure["data"][0]["y"] == [702.0, 703.0, None, 704.0]
    assert figure["layout"]["shapes"][0]["x0"] == 1.5
    assert figure["layout"]["annotations"][0]["text"] == "体系变更"
    assert trend(points[:2], LIMITS, "zh")["layout"]["shapes"] == []
