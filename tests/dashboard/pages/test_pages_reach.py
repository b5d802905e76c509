"""Every page within reach: axe-core in both languages, narrow screens, the keyboard, forced colours, prints, old browsers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from analysis.publication.new_store import initialise
from dashboard.accounts import identity, views
from dashboard.app import create_app
from dashboard.pages import PAGES
from survey.store import Store
from tests.journeys import test_browser as browser
from tests.journeys.test_browser import PHONE, SCREEN, choose
from tests.tools.dashboard_tools import answers_csv, small_store
from tests.tools.stores import accounts
from tests.tools.stores.accounts import PASSWORD, person
from tests.tools.towns.fake_results import FakeSource

pytestmark = pytest.mark.browser
#: what every test in a browser rests on
browser_is_there, browser_type_launch_args = browser.browser_is_there, browser.browser_type_launch_args
browser_context_args, shared_context = browser.browser_context_args, browser.shared_context
context, watched = browser.context, browser.watched
invented, own = browser.invented, browser.own
cheap = accounts.cheap

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RULES = {"target-size": {"enabled": True}}
#: 1366 at 400 %, the narrowest that WCAG asks for
NARROW = {"width": 320, "height": 640}
#: areas that scroll sideways or down, and take no keyboard or have no name
UNREACHED = """() => [...document.querySelectorAll('#main *')].filter(e => {
    const s = getComputedStyle(e), wide = /auto|scroll/.test(s.overflowX) && e.scrollWidth > e.clientWidth + 1;
    return (wide || /auto|scroll/.test(s.overflowY) && e.scrollHeight > e.clientHeight + 1) && !e.matches('textarea')
        && !(e.tabIndex === 0 && e.getAttribute('role') === 'region' && e.getAttribute('aria-label'));
}).map(e => e.outerHTML.slice(0, 100))"""
#: what the names in addresses stand for
NAMED = {"<code>": "SL06", "<below>": "x"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard on invented results, with a store for what is typed and brought in."""
    store = small_store(Store.open(tmp_path_factory.mktemp("reach") / "whole.db", create=True))
    yield from browser.running(create_app(store, source=FakeSource()))
    store.close()


def addresses() -> list[str]:
    """Each page's first address, the names in it filled in."""
    found = [re.sub(r"<\w+>", lambda name: NAMED[name[0]], page.paths[0]) for page in PAGES if page.paths]
    assert len(found) > 15
    return ["/community/SL06", "/compare?with=SL01,SL02,SL03", "/help/first-year", *dict.fromkeys(found)]


def violations(page: Any, *, contrast: bool = True) -> list[tuple[str, str]]:
    """What axe-core finds on a page: (rule, element).

    ``contrast``: without it the colours are not measured, which takes half of the time and is the same in each language.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE + ";0")
    rules = {**RULES, "color-contrast": {"enabled": contrast}}
    options = {"runOnly": {"type": "tag", "values": TAGS}, "rules": rules, "resultTypes": ["violations"]}
    wrong: list[tuple[str, str]] = []
    for _ in range(3):  # a page that is replaced while it is looked at is there twice; what is wrong with it stays
        found = page.evaluate("options => axe.run(document, options)", options)
        wrong = [(one["id"], node["html"][:160]) for one in found["violations"] for node in one["nodes"]]
        if not wrong:
            break
        page.wait_for_timeout(500)
    return wrong


def settled(page: Any) -> None:
    """Wait until the page is drawn and its script has looked at it."""
    page.wait_for_selector("#main h1")
    page.wait_for_timeout(200)


def gone_to(page: Any, address: str) -> None:
    """Another page, as a link of the dashboard opens it: the scripts stay."""
    page.evaluate(
        "to => { history.pushState({}, '', to); dispatchEvent(new CustomEvent('_dashprivate_pushstate')); }", address
    )
    page.wait_for_timeout(60)
    page.wait_for_selector("#page:not([data-dash-is-loading=true]) #main h1:focus", state="attached")
    page.wait_for_timeout(150)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing_on_any_page(watched, whole, lang):
    wrong = {}
    page = watched.open(f"{whole}/method?lang={lang}")
    for path in addresses():
        page.set_viewport_size(SCREEN)
        gone_to(page, f"{path}{'&' if '?' in path else '?'}lang={lang}&year=2014")
        found: list[Any] = violations(page, contrast=lang == "zh")
        for size in (NARROW, {"width": 900, "height": 700}) if lang == "en" else ():
            page.set_viewport_size(size)
            page.wait_for_timeout(200)
            found += [("no way to scroll", name) for name in page.evaluate(UNREACHED)]
            if page.evaluate("document.documentElement.scrollWidth") != size["width"]:
                found.append((f"wider than {size['width']}", path))
        if found:
            wrong[path] = found
    assert wrong == {}


def test_axe_finds_nothing_while_a_file_is_looked_at(watched, own, tmp_path):
    page = watched.open(f"{own}/import?lang=zh")
    choose(page, ("问卷.csv", answers_csv(count=60, bad=True)))
    page.wait_for_selector("#import-commit")
    assert violations(page) == []
    page.locator("#import-commit").click()
    page.locator("#import-confirm").wait_for()
    assert violations(page) == []
    page.locator("#import-confirm").click()
    page.wait_for_selector(".receipt")
    assert violations(page) == []


def test_axe_finds_nothing_on_an_empty_store(watched, tmp_path):
    store = Store.open(tmp_path / "empty.db", create=True)
    initialise(store)
    for base in browser.running(create_app(store)):
        for path in ("/?lang=zh", "/import?lang=en", "/nowhere?lang=zh"):
            watched.page.goto(f"{base}{path}")
            settled(watched.page)
            assert (path, violations(watched.page)) == (path, [])
    watched.wrong[:] = [text for text in watched.wrong if "404" not in text]
    store.close()


@pytest.mark.usefixtures("cheap")
def test_axe_finds_nothing_where_one_signs_in(watched, tmp_path):
    store = small_store(Store.open(tmp_path / "accounts.db", create=True))
    person(store, "王芳", "admin")
    app = create_app(store, identify=identity.identify(store, alone=True))
    views.install(app.server, store, "zh", alone=True)
    page = watched.page
    for base in browser.running(app):
        for path in ("/sign-in?lang=zh", "/sign-in/token?lang=en"):
            page.goto(f"{base}{path}")
            assert (path, violations(page)) == (path, [])
        page.goto(f"{base}/sign-in?lang=zh")
        for password in ("错的口令", PASSWORD):
            page.get_by_label("账号").fill("王芳")
            page.get_by_label("密码").fill(password)
            page.get_by_role("button").click()
            if password != PASSWORD:
                page.locator("[aria-invalid=true]").first.wait_for()
                assert violations(page) == []
        page.wait_for_selector("#main")
        page.goto(f"{base}/account?lang=en")
        assert violations(page) == []
    watched.wrong[:] = [text for text in watched.wrong if "403" not in text]
    store.close()


def test_the_heading_of_another_page_has_the_focus(watched, invented):
    page = watched.open(f"{invented}/")
    settled(page)
    page.get_by_role("navigation").first.get_by_role("link", name="社区").press("Enter")
    page.wait_for_selector(".community h1:focus", state="attached")
    page.get_by_label("年份").get_by_role("link", name="2013").press("Enter")
    page.locator(".segmented .chosen", has_text="2013").wait_for()
    page.wait_for_selector(".segmented .chosen:focus")  # the same page: where one was
    page.go_back()
    page.go_back()
    page.wait_for_selector(".overview h1:focus")


def test_what_is_focused_is_seen(watched, invented):
    page = watched.open(f"{invented}/")
    settled(page)
    for _ in range(24):
        page.keyboard.press("Tab")
        seen = page.evaluate("""() => {
            const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
            const within = getComputedStyle(e.parentElement);
            return [e.outerHTML.slice(0, 90), (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1)
                || s.borderColor !== 'rgb(206, 212, 218)' && e.matches('input') || within.outlineStyle !== 'none',
                r.bottom > 0 && r.top < innerHeight && r.width > 0];
        }""")
        assert seen[1:] == [True, True], seen[0]


def test_the_menu_is_skipped_and_one_goes_on_in_the_page(watched, invented):
    """The page was made anew at the address with #main, and who pressed Tab meanwhile began at its top again."""
    page = watched.open(f"{invented}/?year=2014&lang=zh")
    settled(page)
    page.locator("#first").wait_for(state="detached")
    asked = [r for r in watched.urls if "_dash-update" in r]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")
    assert [r for r in watched.urls if "_dash-update" in r] == asked


def test_an_area_that_scrolls_is_reached_and_named(watched, invented):
    page = watched.page
    page.set_viewport_size({"width": 1024, "height": 768})
    watched.open(f"{invented}/")
    area = page.get_by_role("region", name="总分与测算星级")
    area.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".league-scroll.more-left")
    page.set_viewport_size(SCREEN)
    page.wait_for_selector(".league-scroll:not([data-scrolls])")
    assert page.locator(".league-scroll").get_attribute("tabindex") is None


def test_hints_are_reached_by_keyboard_and_by_touch(watched, invented):
    page = watched.open(f"{invented}/")
    page.wait_for_selector(".league .hinted[tabindex='0']")
    first = page.locator(".league .hinted").first
    page.locator(".league thead a").last.focus()
    page.keyboard.press("Tab")
    for _ in range(3):
        if first.evaluate("e => e === document.activeElement"):
            break
        page.keyboard.press("Tab")
    assert page.locator("#hint-bubble").inner_text() == first.get_attribute("title")
    page.keyboard.press("ArrowDown")
    second = page.locator(".league .hinted").nth(1)
    assert page.locator("#hint-bubble").inner_text() == second.get_attribute("title")
    page.keyboard.press("Escape")
    assert page.locator("#hint-bubble").is_hidden()
    page.locator(".league .strip").nth(2).dispatch_event("pointerdown", {"pointerType": "touch", "bubbles": True})
    assert page.locator("#hint-bubble").inner_text() == page.locator(".league .strip").nth(2).get_attribute("title")


def test_nothing_of_a_row_disappears_on_a_telephone(watched, invented):
    page = watched.page
    row = "document.querySelector('#league-rows tr').innerText.replace(/\\s+/g, ' ')"
    page.set_viewport_size(SCREEN)
    watched.open(f"{invented}/?lang=zh")
    wide = set(re.findall(r"[\d.]+|[★☆]+", page.evaluate(row)))
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(200)
    assert len(wide) > 8
    assert wide - set(re.findall(r"[\d.]+|[★☆]+", page.evaluate(row))) == set()
    assert page.get_by_text("示例街道 · 2014 年").last.is_visible()


def test_copied_text_tells_the_stars(watched, invented):
    text = watched.open(f"{invented}/").evaluate("document.querySelector('#league-rows').innerText")
    assert "★★★★★" in text
    assert "★★★☆☆" in text


def test_the_readers_own_colours_leave_dots_and_bars_to_see(watched, invented):
    page = watched.page
    page.emulate_media(forced_colors="active")
    watched.open(f"{invented}/community/SL06")
    edge = "(s) => { const c = getComputedStyle(document.querySelector(s)); return c.borderTopWidth + ' ' + c.borderTopStyle; }"
    for bar in (".part-bar", ".chance-bar .piece", ".answer-bar span"):
        assert page.evaluate(edge, bar) == "1px solid" or bar == ".chance-bar .piece"
    watched.open(f"{invented}/")
    fill = "(s) => getComputedStyle(document.querySelector(s)).backgroundColor"
    assert page.evaluate(fill, ".point") != page.evaluate(fill, ".strip")
    assert page.evaluate(fill, ".progress .fill") != page.evaluate(fill, ".progress")
    page.emulate_media(forced_colors="none")


@pytest.mark.parametrize(("path", "most"), [("/", 1), ("/community/SL06", 1), ("/method", 5)])
def test_a_print_says_street_year_and_day_and_begins_on_its_first_sheet(watched, invented, tmp_path, path, most):
    page = watched.open(f"{invented}{path}?lang=zh&year=2014")
    settled(page)
    sheet = page.pdf(path=tmp_path / "print.pdf", prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", sheet)) <= most
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    line = page.locator(".place-line")
    assert re.fullmatch(r"示例街道 · 2014 年\s*打印日期：\d{4}年\d+月\d+日", line.inner_text().strip())
    assert page.locator("#main h1").first.bounding_box()["y"] < 300  # the first sheet is no empty one
    page.emulate_media(media="screen")
    rules = Path("dashboard/assets/print.css").read_text(encoding="utf-8")
    assert "counter(page)" in rules
    assert "counter(pages)" in rules


def test_an_old_browser_gets_a_sentence(watched, invented):
    page = watched.page
    page.add_init_script("delete window.structuredClone")
    page.goto(f"{invented}/?lang=zh")
    assert "浏览器太旧" in page.locator("#unsupported").inner_text()
    assert page.context.new_page().goto(f"{invented}/?lang=en").ok
    assert page.context.pages[-1].locator("#unsupported").is_hidden()


def test_without_a_script_a_page_says_so(shared_context, invented):
    plain = shared_context.browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{invented}/?lang=zh")
    assert "JavaScript" in plain.locator("noscript").first.inner_text()
    plain.context.close()
