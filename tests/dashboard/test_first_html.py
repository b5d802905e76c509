"""What the first HTML shows is where the browser builds it a moment later."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys import test_browser as browser

pytestmark = pytest.mark.browser
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


def test_what_had_the_focus_has_it_when_the_page_is_built(watched: Any, invented: str) -> None:
    page = watched.page
    watched.open(f"{invented}/?year=2014")  # so that it is there at once, however busy the machine is
    page.add_init_script(FOCUS)
    watched.open(f"{invented}/?year=2014")
    assert page.evaluate("window.focusedFirst")
    assert page.evaluate("document.activeElement.textContent") == "春晖社区"
    page.keyboard.press("Enter")
    page.wait_for_url("**/community/SL01**")
