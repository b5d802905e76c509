"""The first HTML carries what the page will show: to whoever may see it, and no more."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from dash._utils import to_json

from dashboard import shown
from dashboard.app import create_app
from dashboard.data.results import StoreSource
from dashboard.pages import PAGES
from dashboard.parts.context import View
from dashboard.parts.page import Page, Resources
from dashboard.router import render
from dashboard.shown import Shown
from dashboard.web.access import Viewer, register_of, viewer_of
from dashboard.web.permissions import sees_now
from survey.core.errors import Refused
from survey.store import Store, audit, settings, settled
from survey.store.year import register
from tests.journeys import test_browser as browser
from tests.tools.dashboard_tools import ADMIN, fake_app
from tests.tools.towns import two_years
from tests.tools.towns.fake_results import FakeSource

scored_town = two_years.scored_town
browser_is_there, browser_type_launch_args = browser.browser_is_there, browser.browser_type_launch_args
browser_context_args, shared_context = browser.browser_context_args, browser.shared_context
context, watched, invented = browser.context, browser.watched, browser.invented
#: where the parts of a page lie: what each is, and its place
PLACES = """root => [...document.querySelectorAll(root + ' main :is(h1, h2, section, .actions, nav)')].map(one => {
  const box = one.getBoundingClientRect();
  return [one.tagName + one.className, ...[box.left, box.top, box.width].map(Math.round)];
})"""
SCRIPTS, LAYOUT = "**/*.js*", "**/_dash-layout*"
#: goes to a link of the first HTML as soon as it is there
FOCUS = """new MutationObserver(() => {
  const link = document.querySelector('#first a[href*="/community/SL01"]');
  if (link && !window.focusedFirst) { window.focusedFirst = true; link.focus(); }
}).observe(document, { childList: true, subtree: true });"""


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """However busy the machine is, what the first HTML carries is waited for."""
    monkeypatch.setattr(shown, "PATIENCE", 120.0)
    monkeypatch.setattr(shown, "RENEWAL", 120.0)


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


class Moving(FakeSource):
    """Results that move on when told to."""

    state = "first"

    def snapshot(self, year):
        return self.state


def test_who_only_reads_goes_on_with_the_page_before_and_who_changes_something_sees_what_is(monkeypatch):
    monkeypatch.setattr(shown, "RENEWAL", 0.01)
    source, go = Moving(), threading.Event()
    go.set()

    def slow(context):
        state = source.state
        assert go.wait(30)
        return View("page", "page", [f"of {state}"])

    there = Shown(Resources(source, None, None), [Page("slow", slow, needs="see", paths=("/slow",), at_once=True)])
    leader, clerk = Viewer("领", "leader"), Viewer("办", "clerk")

    def seen(viewer):
        return json.dumps(there.page(viewer, "/slow", "?year=2014", {}).children, ensure_ascii=False)

    assert "of first" in seen(leader)
    assert "of first" in seen(clerk)
    go.clear()
    source.state = "second"
    assert "of first" in seen(leader)
    assert "of first" in there.at_once(leader, "/slow", "?year=2014", {})[1]
    go.set()
    assert "of second" in seen(clerk)
    monkeypatch.setattr(shown, "RENEWAL", 120.0)
    while "of first" in seen(leader):
        pass  # until it is made
    assert "of second" in there.at_once(leader, "/slow", "?year=2014", {})[1]


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


# ── Kept for whom, and until when


#: somebody of every role, two of some, and of other places
PEOPLE = [
    ("clerk1", "clerk", ()),
    ("clerk2", "clerk", ()),
    ("leader1", "leader", ()),
    ("leader3", "leader", (("community", "C1"),)),
    ("community1", "community", (("community", "C1"),)),
]
#: of a few seconds each time it is made
SLOW = ("/quality", "/robustness")
ASKED = [
    page.paths[0]
    for page in PAGES
    if page.paths and "<" not in page.paths[0] and page.paths[0] not in SLOW and (page.kept or page.until_stored)
] + ["/community/C1", "/answers?item=A"]


@pytest.mark.parametrize("address", ASKED)
def test_what_is_kept_is_for_everybody_what_they_would_be_shown_anew(scored_town, address):
    source = StoreSource(scored_town)
    there = Shown(Resources(source, scored_town, None), PAGES)
    path, _, query = address.partition("?")
    for name, role, scope in PEOPLE:
        viewer = replace(viewer_of(name, role, scope), register=register_of(scored_town))
        with settled.reading(not sees_now(role)):
            kept = there.page(viewer, path, f"?year=2014&{query}", {})
            anew = render(viewer, source, scored_town, None, path, f"?year=2014&{query}", {})
        assert kept.title == anew.title
        assert kept.children == plain_parts(anew.children), (name, role, scope)


def plain_parts(children):
    return json.loads(to_json(children))


class Counting:
    """A page that counts how often it is made; ``personal``: it asks who looks."""

    def __init__(self, personal=False, **more):
        self.made = 0
        self.personal = personal
        self.page = Page("counted", self.show, needs="see", paths=("/counted",), **more)

    def show(self, context):
        self.made += 1
        return View("counted", "counted", [f"for {context.viewer.user}" if self.personal else "for all"])


def counted(store, page, viewer=None, query="?year=2014", memory=None):
    """How often the page was made once somebody asked, and what stands on it."""
    rendered = page.there.page(viewer or Viewer("甲", "leader"), "/counted", query, memory or {})
    return page.made, json.dumps(rendered.children, ensure_ascii=False)


def shown_of(store, page):
    page.there = Shown(Resources(StoreSource(store), store, None), [page.page])
    return page


@pytest.mark.parametrize(
    "other",
    [
        {"viewer": Viewer("甲", "analyst")},
        {"viewer": Viewer("甲", "leader", frozenset({"C1"}))},
        {"query": "?year=2013"},
        {"query": "?year=2014&lang=en"},
        {"query": "?year=2014&street=1"},
    ],
    ids=["role", "place", "year", "language", "address"],
)
@pytest.mark.parametrize("how", [{}, {"kept": False, "until_stored": True}], ids=["kept", "until_stored"])
def test_each_thing_that_a_page_depends_on_makes_it_another(scored_town, how, other):
    page = shown_of(scored_town, Counting(**how))
    assert [counted(scored_town, page)[0] for _ in range(2)] == [1, 1]
    assert counted(scored_town, page, **other)[0] == 2
    assert counted(scored_town, page)[0] == 2  # the first is there still


def test_another_person_of_the_same_standing_finds_it_made_under_their_own_name(scored_town):
    page = shown_of(scored_town, Counting())
    for name in ("甲某", "乙某"):
        made, text = counted(scored_town, page, Viewer(name, "leader"))
        assert made == 1
        assert name in text
        assert "account" not in re.sub(r"/account\b|page_account", "", text)


def test_a_page_that_asked_who_looks_is_theirs_alone(scored_town):
    page = shown_of(scored_town, Counting(personal=True))
    assert "for 甲某" in counted(scored_town, page, Viewer("甲某", "leader"))[1]
    made, text = counted(scored_town, page, Viewer("乙某", "leader"))
    assert (made, "for 乙某" in text, "for 甲某" in text) == (2, True, False)
    assert counted(scored_town, page, Viewer("甲某", "leader"))[0] == 2
    assert "for 甲某" in counted(scored_town, page, Viewer("甲某", "leader"))[1]


def test_anything_that_is_stored_drops_what_rests_on_the_store_and_nothing_else(scored_town):
    kept, until = shown_of(scored_town, Counting()), shown_of(scored_town, Counting(kept=False, until_stored=True))
    assert (counted(scored_town, kept)[0], counted(scored_town, until)[0]) == (1, 1)
    with scored_town.write() as conn:
        settings.put(conn, "anything", "1")
    assert (counted(scored_town, kept)[0], counted(scored_town, until)[0]) == (1, 2)
    with scored_town.write() as conn:
        register.save(conn, [register.Community("C1", "丙社区", sub_district="示例街道", adult_population=3100)])
    assert counted(scored_town, until)[0] == 3


def test_who_takes_a_file_or_looks_drops_no_page(scored_town):
    """What is noted of it, and what is computed beside it, is shown on no page that is kept until something is stored."""
    page, client = (
        shown_of(scored_town, Counting(kept=False, until_stored=True)),
        create_app(scored_town).server.test_client(),
    )
    taken = "/download/compare?year=2014", "http://127.0.0.1"
    assert (
        client.get(taken[0], base_url=taken[1]).status_code == 200
    )  # the first brings the results up to date, which are kept
    made, before = counted(scored_town, page)[0], scored_town.changes()
    assert client.get(taken[0], base_url=taken[1]).status_code == 200
    with scored_town.read() as conn:
        assert [line.action for line in audit.listing(conn, 2)] == ["download", "download"]
    assert (counted(scored_town, page)[0], scored_town.changes()) == (made, before)


@pytest.mark.parametrize(("action", "late"), [("import", True), ("undo", False), ("remove", False), ("close", False)])
def test_only_answers_that_come_in_may_be_shown_a_moment_later(scored_town, monkeypatch, action, late):
    go, begun, made = threading.Event(), threading.Event(), []

    def show(context):
        made.append(1)
        if len(made) > 1:
            begun.set()
            assert go.wait(30)
        return View("slow", "slow", [f"page {len(made)}"])

    slow = Page("slow", show, needs="see", paths=("/slow",), kept=False, until_stored=True)
    there, leader = Shown(Resources(StoreSource(scored_town), scored_town, None), [slow]), Viewer("甲", "leader")

    def seen():
        return json.dumps(there.page(leader, "/slow", "?year=2014", {}).children)

    assert "page 1" in seen()
    monkeypatch.setattr(shown, "RENEWAL", 0.0)
    with scored_town.write() as conn:
        audit.record(conn, "办", action, "batch 1")
    if not late:
        threading.Thread(target=lambda: begun.wait(30) and go.set()).start()
    assert ("page 1" if late else "page 2") in seen()
    go.set()


def test_the_next_day_is_another(scored_town, monkeypatch):
    page = shown_of(scored_town, Counting(kept=False, until_stored=True))
    assert counted(scored_town, page)[0] == 1

    class Tomorrow(date):
        @classmethod
        def today(cls):
            return date(2999, 1, 1)

    monkeypatch.setattr(shown, "date", Tomorrow)
    assert counted(scored_town, page)[0] == 2


def test_what_another_program_stores_is_seen(scored_town):
    page = shown_of(scored_town, Counting(kept=False, until_stored=True))
    assert counted(scored_town, page)[0] == 1
    other = Store.open(scored_town.where)
    with other.write() as conn:
        settings.put(conn, "anything", "2")
    other.close()
    assert counted(scored_town, page)[0] == 2


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


@pytest.mark.browser
def test_a_click_during_which_the_page_is_built_is_not_lost(watched: Any, invented: str) -> None:
    page, held = watched.page, list[Any]()
    watched.open(f"{invented}/?year=2014")  # so that it is there at once, however busy the machine is
    page.route(LAYOUT, lambda route: held.append(route))
    with page.expect_request(LAYOUT):  # the scripts are there, and build
        page.goto(f"{invented}/?year=2014")
    page.locator("#first a[href*='/community/SL01']").first.hover()
    page.mouse.down()
    while held:
        held.pop().continue_()
    page.unroute(LAYOUT)
    page.wait_for_selector("#first", state="detached")
    page.mouse.up()
    page.wait_for_url("**/community/SL01**")
