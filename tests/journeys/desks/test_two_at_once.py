"""Two people in two browsers at once: the second is told in one sentence, and what they typed or chose is still there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from analysis.indicators.entry import enter
from survey.store.intake import batches
from survey.store.year import indicators
from tests.journeys import test_browser as browser
from tests.journeys.test_browser import choose
from tests.journeys.year import test_roles as roles
from tests.tools.dashboard_tools import answers_csv
from tests.tools.stores.accounts import person

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
        with one.expect_response(lambda r: "entry-preview" in (r.request.post_data or "")):
            one.get_by_label("百分数").fill(value)
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
