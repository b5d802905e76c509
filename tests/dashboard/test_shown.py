"""The first HTML carries what the page will show: to whoever may see it, and no more."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from dashboard import shown
from dashboard.app import create_app
from dashboard.pages import PAGES
from dashboard.parts.page import Page, Resources
from dashboard.shown import Shown
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from tests.journeys import test_browser as browser
from tests.tools.dashboard_tools import ADMIN, fake_app
from tests.tools.towns.fake_results import FakeSource

browser_is_there, browser_type_launch_args = browser.browser_is_there, browser.browser_type_launch_args
browser_context_args, shared_context = browser.browser_context_args, browser.shared_context
context, watched, invented = browser.context, browser.watched, browser.invented
#: where the parts of a page lie: what each is, and its place
PLACES = """root => [...document.querySelectorAll(root + ' main :is(h1, h2, section, .actions, nav)')].map(one => {
  const box = one.getBoundingClientRect();
  return [one.tagName + one.className, ...[box.left, box.top, box.width].map(Math.round)];
})"""
SCRIPTS = "**/*.js*"
#: goes to a link of the first HTML as soon as it is there
FOCUS = """new MutationObserver(() => {
  const link = document.querySelector('#first a[href*="/community/SL01"]');
  if (link && !window.focusedFirst) { window.focusedFirst = true; link.focus(); }
}).observe(document, { childList: true, subtree: true });"""


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """However busy the machine is, what the first HTML carries is waited for."""
    monkeypatch.setattr(shown, "PATIENCE", 120.0)


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


@pytest.mark.browser
@pytest.mark.parametrize("size", [browser.SCREEN, browser.PHONE], ids=["screen", "phone"])
@pytest.mark.parametrize("path", ["/?year=2014", "/community/SL06?year=2014", "/compare/beside?year=2014"])
def test_nothing_moves_when_the_page_is_built(watched: Any, invented: str, path: str, size: dict[str, int]) -> None:
    page = watched.page
    page.set_viewport_size(size)
    watched.open(invented + path)  # so that it is there at once, however busy the machine is
    page.route(SCRIPTS, lambda route: route.abort())
    page.goto(invented + path)
    before = page.evaluate(PLACES, "#first")
    page.unroute(SCRIPTS)
    watched.wrong.clear()  # of the scripts that were kept away
    watched.open(invented + path)
    assert page.locator("#first").count() == 0
    page.wait_for_timeout(300)
    after = page.evaluate(PLACES, "#page")
    assert [one[0] for one in before] == [one[0] for one in after]
    apart = [max(abs(x - y) for x, y in zip(a[1:], b[1:], strict=True)) for a, b in zip(before, after, strict=True)]
    assert max(apart) <= 2, [(a, b) for a, b, far in zip(before, after, apart, strict=True) if far > 2]


@pytest.mark.browser
def test_what_had_the_focus_has_it_when_the_page_is_built(watched: Any, invented: str) -> None:
    page = watched.page
    watched.open(f"{invented}/?year=2014")  # so that it is there at once, however busy the machine is
    page.add_init_script(FOCUS)
    watched.open(f"{invented}/?year=2014")
    assert page.evaluate("window.focusedFirst")
    assert page.evaluate("document.activeElement.textContent") == "春晖社区"
    page.keyboard.press("Enter")
    page.wait_for_url("**/community/SL01**")
