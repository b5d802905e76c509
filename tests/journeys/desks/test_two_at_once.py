"""Two people in two browsers at once: the second is told in one sentence, and what they typed or chose is still there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from analysis.indicators.entry import enter
from analysis.publication import cycle_steps
from survey.store import Store
from survey.store.intake import batches
from survey.store.year import indicators, years
from tests.journeys import test_browser as browser
from tests.journeys.test_browser import choose
from tests.journeys.year import test_roles as roles
from tests.tools.dashboard_tools import answers_csv
from tests.tools.stores.accounts import person, server
from tests.tools.towns import cycle_town

pytestmark = pytest.mark.browser
#: what every test in a browser rests on, and an office with accounts
browser_is_there, browser_type_launch_args = browser.browser_is_there, browser.browser_type_launch_args
browser_context_args, shared_context = browser.browser_context_args, browser.shared_context
context = browser.context
keys, patient, opened = roles.keys, roles.patient, roles.opened
YEAR = roles.YEAR


@pytest.fixture(scope="module")
def colleagues(opened: tuple[str, Any]) -> tuple[str, Any]:
    """Address and store of the office, which has a second clerk and a second reviewer."""
    person(opened[1], "经办乙", "clerk")
    person(opened[1], "复核乙", "reviewer")
    return opened


@pytest.fixture
def beside(shared_context: Any, browser_context_args: dict[str, Any]) -> Iterator[Any]:
    """A page in the browser of somebody else."""
    other = shared_context.browser.new_context(**browser_context_args)
    page = other.new_page()
    page.set_default_timeout(120_000)
    yield page
    other.close()


def at(page: Any, office: str, name: str, path: str) -> Any:
    """Signed in, at the page."""
    return roles.enters(browser.Watched(page), office, name, path)


def keeps(word: str) -> Callable[[Any], bool]:
    """Whether a response is to keeping a half-filled value that says the word."""
    return lambda r: all(one in (r.request.post_data or "") for one in ("entry-preview", word))


def brought(page: Any, name: str, data: bytes) -> Any:
    """The file is looked at, and one of its findings decided."""
    choose(page, (name, data))
    page.get_by_role("button", name="改为“满意”").click()
    page.get_by_text("已处理 1 条").wait_for()
    expect(page.locator("#import-commit")).to_be_enabled()
    return page


def doubtful(first: int) -> bytes:
    """Answers of 14 respondents, one word of which is asked about."""
    table = [line.split(",") for line in answers_csv(first=first, count=14).decode().splitlines()]
    table[3][7] = table[4][7] = "满"
    return "\n".join(",".join(row) for row in table).encode()


def test_two_clerks_decide_the_findings_of_one_file_and_it_is_stored_once(page, beside, colleagues):
    office, store = colleagues
    data = doubtful(2000)
    first = brought(at(page, office, "经办", "/import?year=2014"), "同一份.csv", data)
    second = brought(at(beside, office, "经办乙", "/import?year=2014"), "同一份.csv", data)
    first.locator("#import-commit").click()
    expect(first.locator(".receipt")).to_contain_text("入库 14 份")
    second.locator("#import-commit").click()
    second.locator("#main").get_by_text("已经导入过").first.wait_for()
    second.get_by_text("已处理 1 条").wait_for()
    expect(second.locator("#import-commit")).to_be_disabled()
    with store.read() as conn:
        assert [b.counts["stored"] for b in batches.listing(conn) if b.file == "同一份.csv"] == [14]


def test_two_reviewers_approve_one_value_and_the_second_is_told_of_the_first(page, beside, colleagues):
    office, store = colleagues
    enter(store, YEAR, [{"community": "SL03", "indicator": roles.JUDGED, "value": "B"}], who="科室", via="page")
    path = f"/indicators?year=2014&at=SL03~{roles.JUDGED}"
    first, second = at(page, office, "复核", path), at(beside, office, "复核乙", path)
    second.get_by_label("意见（退回须填）").fill("与台账相符")
    first.get_by_role("button", name="通过", exact=True).click()
    first.locator("#main").get_by_text("已复核").first.wait_for()
    second.get_by_role("button", name="通过", exact=True).click()
    expect(second.locator("#notice")).to_contain_text("复核 已在")
    expect(second.get_by_label("意见（退回须填）")).to_have_value("与台账相符")


def test_two_clerks_change_one_value_and_the_second_keeps_what_was_typed(page, beside, colleagues):
    office, store = colleagues
    path = f"/indicators?year=2014&at=SL03~{roles.COUNTED}"
    first, second = at(page, office, "经办", path), at(beside, office, "经办乙", path)
    for one, value, why in ((first, "70", "甲的台账"), (second, "80", "乙的台账")):
        one.get_by_label("百分数").fill(value)
        with one.expect_response(keeps(why)):
            one.get_by_label("依据（").first.fill(why)
    first.get_by_role("button", name="保存", exact=True).click()
    expect(first.locator("#main")).to_contain_text("已填待复核")
    second.get_by_role("button", name="保存", exact=True).click()
    expect(second.locator("#notice")).to_contain_text("经办 在")
    expect(second.get_by_label("依据（").first).to_have_value("乙的台账")
    second.reload()
    expect(second.get_by_label("依据（").first).to_have_value("乙的台账")
    second.get_by_role("button", name="保存", exact=True).click()
    second.locator(".entry-form").get_by_text("上次").wait_for(state="detached")
    with store.read() as conn:
        kept = indicators.history(conn, YEAR, "SL03", roles.COUNTED)
    assert kept["evidence"].tolist() == ["甲的台账", "乙的台账"]


@pytest.fixture
def named(opened: tuple[str, Any], tmp_path: Any) -> Iterator[tuple[str, Store]]:
    """Address and store of an office whose year is decided and named, so that it may be closed."""
    store = Store.open(tmp_path / "named.db", create=True)
    cycle_town.make_town(store)
    cycle_steps.take(store, cycle_town.step("applied", "C1", star=5))
    cycle_steps.review(store, YEAR, "李")
    cycle_steps.calculate(store, YEAR, "李")
    cycle_steps.take(store, cycle_town.step("publicised", date="2014-11-20", until="2014-11-27"))
    for body, total in (("district", 930.0), ("city", 910.5)):
        cycle_steps.take(store, cycle_town.step("decided", "C1", body=body, total=total))
    cycle_steps.take(store, cycle_town.step("title", "C1"))
    person(store, "管理", "admin")
    person(store, "主管", "clerk")
    person(store, "经办乙", "clerk")
    for address in browser.running(roles._Served(server(store))):
        yield address, store
    store.close()


def test_one_closes_the_year_while_another_imports_and_the_file_with_its_decision_stays(page, beside, named):
    office, store = named
    rows = [f"晚{i},甲社区,2014,1,1,{'满' if i == 3 else 1},1,1,1" for i in range(10)]
    data = "\n".join(["编号,社区,年度,办事方便,环境卫生,A,B,D,E", *rows]).encode()
    second = at(beside, office, "经办乙", "/import?year=2014")
    choose(second, ("晚到.csv", data))
    second.get_by_role("button", name="留空").first.click()
    second.get_by_text("已处理 1 条").wait_for()
    expect(second.locator("#import-commit")).to_be_enabled()
    first = at(page, office, "主管", "/cycle?year=2014&do=close")
    first.locator("#cycle-submit").click()
    expect(first.locator("#main")).to_contain_text("已归档锁定")
    second.locator("#import-commit").click()
    second.locator("#main").get_by_text("已归档").first.wait_for()
    second.get_by_text("已处理 1 条").wait_for()
    second.reload()
    second.get_by_text("已处理 1 条").wait_for()
    second.locator("#main").get_by_text("已归档").first.wait_for()
    expect(second.locator("#import-commit")).to_be_disabled()
    with store.read() as conn:
        assert years.state(conn, 2014) == "closed"
        assert not [b for b in batches.listing(conn) if b.file == "晚到.csv"]
