"""Every page of the demonstration within reach: axe-core in both languages, narrow screens, names on the map; the stores of
``test_pages_reach.py`` hold invented results, what came in by files shows more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from dashboard.app import create_app
from dashboard.serving import demonstration
from survey.commands.console import Session
from survey.fieldwork.community_map import inspect_map, keep_map
from survey.store import Store
from tests.dashboard.pages.test_pages_reach import NARROW, UNREACHED, addresses, gone_to, violations
from tests.journeys import test_browser as browser
from tests.journeys.test_browser import PHONE, SCREEN

pytestmark = [pytest.mark.browser, pytest.mark.slow]
#: what every test in a browser rests on
browser_is_there, browser_type_launch_args = browser.browser_is_there, browser.browser_type_launch_args
browser_context_args, shared_context = browser.browser_context_args, browser.shared_context
context, watched = browser.context, browser.watched

#: labels of a map that lie over each other, or stand out of it
OVERLAPPING = """() => [...document.querySelectorAll('.map')].flatMap(map => {
    const whole = map.getBoundingClientRect();
    const labels = [...map.querySelectorAll('.map-label')].map(e => [e.innerText, e.getBoundingClientRect()]);
    return labels.flatMap(([name, a], n) => [
        ...(a.left < whole.left - 1 || a.right > whole.right + 1 ? [name] : []),
        ...labels.slice(n + 1).filter(([, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
            && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1).map(([other]) => name + ' over ' + other)]);
})"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard on the two streets of the demonstration, with the map of their communities."""
    place = tmp_path_factory.mktemp("sample") / "demo.db"
    demonstration.load(Session(str(place), "zh", False), place)
    with closing(Store.open(place)) as store:
        outlines = demonstration.sample_folder() / "示例_社区地图.geojson"
        keep_map(store, inspect_map(store, outlines.name, outlines.read_bytes())[0])
        yield from browser.running(create_app(store))


def unfit(page: Any, width: int) -> list[tuple[str, str]]:
    """What still has no way to scroll, or makes the page too wide, when script and charts have looked at the width."""
    found: list[tuple[str, str]] = []
    for _ in range(20):
        page.wait_for_timeout(100)
        found = [("no way to scroll", name) for name in page.evaluate(UNREACHED)]
        if (wide := page.evaluate("document.documentElement.scrollWidth")) != width:
            found.append((f"wider than {width}", str(wide)))
        if not found:
            break
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing_on_any_page_of_the_demonstration(watched, sample, lang):
    """Colours in Chinese only, widths in English only, where words are longest: each is the same in the other."""
    wrong: dict[str, list[Any]] = {}
    page = watched.open(f"{sample}/method?lang={lang}")
    for path in addresses():
        page.set_viewport_size(SCREEN)
        gone_to(page, f"{path}{'&' if '?' in path else '?'}lang={lang}&year=2014")
        page.evaluate("for (const one of document.querySelectorAll('#main details')) one.open = true")
        found: list[Any] = violations(page, contrast=lang == "zh")
        for size in (NARROW, {"width": 900, "height": 700}) if lang == "en" else ():
            page.set_viewport_size(size)
            found += unfit(page, size["width"])
        if found:
            wrong[path] = found
    assert wrong == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", ["/", "/basics/map"])
def test_no_name_on_a_map_lies_over_another(watched, sample, path, lang):
    """Found so in English at 390 px: the length of the Chinese name was measured, and that of a telephone only for one page."""
    page = watched.open(f"{sample}{path}?lang={lang}&year=2014")
    for size in (SCREEN, {"width": 600, "height": 844}, PHONE):
        page.set_viewport_size(size)
        page.wait_for_timeout(100)
        assert (size["width"], page.evaluate(OVERLAPPING)) == (size["width"], [])
    assert page.locator(".map .map-name").count() >= 10  # read out where it is not seen


def test_what_is_chosen_is_seen_in_the_readers_own_colours(watched, sample):
    """Found so: the question that is looked at, the page in the drawer and the option that a key would take were told by
    their background alone, which these colours take away."""
    page = watched.page
    page.emulate_media(forced_colors="active")
    watched.open(f"{sample}/answers?lang=zh&year=2014")
    fill = "s => getComputedStyle(document.querySelector(s)).backgroundColor"
    chosen, others = ".answers-questions a.chosen", ".answers-questions li:nth-child(2) a"
    page.locator(others).first.wait_for()
    assert page.evaluate(fill, chosen) != page.evaluate(fill, others)
    page.locator("#answers-community").click()
    page.keyboard.press("ArrowDown")
    option = page.locator("[data-combobox-selected]")
    option.wait_for()
    assert option.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Escape")
    page.set_viewport_size(PHONE)
    page.locator("#burger").click()
    page.locator(".drawer-nav a.active").wait_for()
    assert page.evaluate(fill, ".drawer-nav a.active") != page.evaluate(fill, ".drawer-nav a:not(.active)")
    page.emulate_media(forced_colors="none")
