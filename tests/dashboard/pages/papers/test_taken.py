"""A paper is stale once anything that it tells of is another: numbers, a step, money, a task; and not for what it does not tell of."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.data.uploads import Uploads
from dashboard.pages.papers.service import papers
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.store import audit
from survey.store.year import cycle, disbursements, plans, tasks
from tests.tools.dashboard_tools import ADMIN, small_store, words
from tests.tools.towns.fake_results import FakeSource

SOURCE = FakeSource()
LEADER = Viewer("领导", "leader")
ADDRESSES = (
    *("brief", "street", "letters", "diagnoses", "year", "data"),
    *("diagnosis/<code>", "community/<code>"),
)


@pytest.fixture
def town(sqlite_store):
    """Every paper was taken a moment ago, those of SL03 and of SL02, too."""
    store = small_store(sqlite_store)
    computed = datetime.fromisoformat(str(SOURCE.results(2014).meta["computed_at"]))
    when = max(datetime.now(UTC), computed) - timedelta(seconds=1)
    assert when > computed
    with store.write() as conn:
        for address in ADDRESSES:
            for code in ("SL03", "SL02") if "<" in address else ("",):
                said = {"year": 2014, **({"code": code} if code else {})}
                audit.record(conn, "王芳", "download", f"/download/{address}", said, when=when)
    return store


def stale(store):
    """What is marked: addresses without their beginning, and communities."""
    found = papers(LEADER, SOURCE, store, 2014)
    whole = {a.removeprefix("/download/") for a, taken in found.whole.items() if taken and taken.stale}
    return whole | {f"{address.split('/')[2]} {code}" for code, addresses in found.old.items() for address in addresses}


def task(store, year, community="SL03"):
    with store.write() as conn:
        one = tasks.Task(year, community, "objective", "ST02", "多办几次", progress="under_way")
        assert tasks.enter(conn, [one], who="李") == 1


def test_nothing_moved_and_nothing_is_stale(town):
    assert stale(town) == set()


def test_a_task_of_the_year_before_is_told_by_diagnoses_and_letters(town):
    task(town, 2013)
    assert stale(town) == {"diagnoses", "letters", "diagnosis SL03"}


def test_a_task_of_the_year_is_told_by_letters_only(town):
    task(town, 2014)
    task(town, 2012)
    assert stale(town) == {"letters"}


def test_a_payment_is_told_by_what_tells_of_money(town):
    with town.write() as conn:
        paid = disbursements.Disbursement(2014, "SL03", "区", "paid", 100_00, "付1", "2014-12-20", who="李")
        disbursements.append(conn, paid)
    assert stale(town) == {"brief", "street", "letters", "diagnoses", "year", "diagnosis SL03", "community SL03"}


def test_a_date_until_when_something_is_due_is_told_by_letters(town):
    with town.write() as conn:
        plans.set_due(conn, 2014, {plans.DUE[0]: "2014-10-01"}, who="李")
    assert stale(town) == {"letters"}


@pytest.mark.parametrize(("year", "all_of_them"), [(2013, True), (2014, True), (2015, False)])
def test_a_step_of_the_year_or_before_is_told_by_all_of_them(town, year, all_of_them):
    with town.write() as conn:
        cycle.append(conn, cycle.Event("applied", year, "SL02", star=3, date=f"{year}-03-01", who="李"))
    ones = {f"{paper} {code}" for paper in ("diagnosis", "community") for code in ("SL02", "SL03")}
    everything = {"brief", "street", "letters", "diagnoses", "year", "data"} | ones
    assert stale(town) == (everything if all_of_them else set())


@pytest.mark.parametrize(("lang", "told"), [("zh", "诊断书已过时"), ("en", "Diagnosis: stale")])
def test_the_page_says_which_paper_of_a_community_is_stale(town, lang, told):
    task(town, 2013)
    page = render(ADMIN, SOURCE, town, Uploads(), "/papers", f"?lang={lang}&year=2014", {}).children
    assert words(page).count(told) == 1
