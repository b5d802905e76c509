"""The first HTML carries what the page will show: to whoever may see it, and no more."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from dashboard import shown
from dashboard.app import create_app
from dashboard.pages import PAGES
from dashboard.parts.page import Page, Resources
from dashboard.shown import Shown
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from tests.tools.dashboard_tools import ADMIN, fake_app
from tests.tools.towns.fake_results import FakeSource


def first(address, app=None):
    answer = (app or fake_app()).server.test_client().get(address, base_url="http://127.0.0.1")
    text = answer.get_data(as_text=True)
    return text.partition('<div id="first">')[2].partition('<div id="react-entry-point">')[0]


@pytest.mark.parametrize(
    ("address", "words"),
    [("/?year=2014", "春晖社区"), ("/community/SL06?year=2014", "南塔社区"), ("/compare/beside?year=2014", "对照")],
)
def test_pages_that_are_read_most_are_in_the_first_html(address, words):
    assert words in first(address)


def test_those_pages_are():
    assert {p.name for p in PAGES if p.at_once} == {"overview", "community", "answers", "beside"}


def test_other_pages_and_the_unknown_bring_none():
    for address in ("/method?year=2014", "/import?year=2014", "/nothing", "/?year=2014&find=" + "x" * 9000):
        assert first(address) == ""


def test_language_and_title_are_the_readers():
    answer = fake_app().server.test_client().get("/community/SL06?year=2014&lang=en", base_url="http://127.0.0.1")
    text = answer.get_data(as_text=True)
    assert "<title>南塔社区 · " in text
    assert 'lang="en"' in text
    assert "Sample" in first("/?year=2014&lang=en")


def test_nobody_sees_nothing_and_a_community_its_own():
    assert first("/?year=2014", fake_app(None)) == ""
    own = create_app(None, source=FakeSource(), identify=lambda _: Viewer("甲", "community", frozenset({"SL06"})))
    for address in (
        "/?year=2014",
        "/community/SL06?year=2014",
        "/community/SL01?year=2014",
        "/compare/beside?year=2014",
    ):
        assert not {name for name in ("春晖社区", "锦园社区", "柳营社区") if name in first(address, own)}
    assert "南塔社区" in first("/?year=2014", own)


def test_what_takes_long_is_announced_and_made_once(monkeypatch):
    monkeypatch.setattr(shown, "PATIENCE", 0.01)
    go, made = threading.Event(), []

    def slow(context):
        made.append(1)
        assert go.wait(30)
        return overview.show(context)

    overview = next(p for p in PAGES if p.name == "overview")
    pages: list[Page] = [replace(overview, show=slow)]
    there = Shown(Resources(FakeSource(), None, None), pages)
    assert there.at_once(ADMIN, "/", "?year=2014", {}) == ("", "")
    go.set()
    assert there.page(ADMIN, "/", "?year=2014", {}).title
    assert there.at_once(ADMIN, "/", "?year=2014", {})[1]
    assert made == [1]


def test_a_page_that_is_made_anew_each_time_is_not_carried():
    with pytest.raises(ValueError, match="shown from memory"):
        replace(next(p for p in PAGES if p.name == "import"), at_once=True)


def test_a_store_that_cannot_be_read_leaves_the_frame(monkeypatch):
    app = fake_app()

    def fails(*_):
        raise Refused("dash_errors.not_found")

    monkeypatch.setattr(app.shown, "at_once", fails)
    assert first("/?year=2014", app) == ""
    assert "react-entry-point" in app.server.test_client().get("/", base_url="http://127.0.0.1").get_data(as_text=True)
