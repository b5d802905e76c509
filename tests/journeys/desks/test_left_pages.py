"""A page that somebody leaves by a link, at whatever moment: nothing of it is asked for any more, no error is said."""

from __future__ import annotations

import pytest

from analysis.publication import snapshots
from dashboard.app import create_app
from survey.coding.options import ImportOptions
from survey.intake import answers
from survey.store import Store
from tests.journeys import test_browser as browser
from tests.tools.dashboard_tools import answers_csv, small_store

pytestmark = pytest.mark.browser
#: what every test in a browser rests on
browser_is_there, browser_type_launch_args = browser.browser_is_there, browser.browser_type_launch_args
browser_context_args, shared_context = browser.browser_context_args, browser.shared_context
context, watched = browser.context, browser.watched
#: pages with controls that come and go, and a form's own store beside them
LEFT = (
    "/indicators?year=2014&at=SL01~ZZ01",
    "/indicators?year=2014",
    "/import",
    "/questionnaire/bank",
    "/cycle",
    "/papers",
)
#: clicks the first link of the header as soon as the page has one of its own
_LEAVES = """() => { const at = setInterval(() => {
  const link = document.querySelector('#page header a[data-nav]');
  if (link && document.querySelector('#page main')) { clearInterval(at); link.click(); }
}, 5); }"""


@pytest.fixture
def office(tmp_path):
    """The address of a dashboard with answers of one community."""
    store = small_store(Store.open(tmp_path / "left.db", create=True))
    answers.commit(store, answers.inspect(store, "a.csv", answers_csv(count=60), ImportOptions("default")))
    snapshots.recompute(store, [2014])
    yield from browser.running(create_app(store))
    store.close()


@pytest.mark.parametrize("wait", [0, 400])
def test_who_leaves_a_page_while_it_is_still_loading_meets_no_error(watched, office, wait):
    page = watched.page
    page.route("**/_dash-update-component", lambda route: (page.wait_for_timeout(100), route.continue_()))
    for path in LEFT:
        page.goto(f"{office}{path}{'&' if '?' in path else '?'}lang=zh")
        page.wait_for_timeout(wait)
        page.evaluate(_LEAVES)
        page.locator("#league-rows tr").first.wait_for()
        page.wait_for_timeout(300)
