"""Every task by the keyboard alone: nothing here moves a mouse, what has the focus is found by the Tab key only, and is seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys import test_browser as browser
from tests.journeys.year import test_roles as roles
from tests.tools.dashboard_tools import answers_csv
from tests.tools.stores.accounts import PASSWORD

pytestmark = pytest.mark.browser
#: what every test in a browser rests on, and an office with accounts
browser_is_there, browser_type_launch_args = browser.browser_is_there, browser.browser_type_launch_args
browser_context_args, shared_context = browser.browser_context_args, browser.shared_context
context, watched = browser.context, browser.watched
invented = browser.invented
keys, patient, opened, office = roles.keys, roles.patient, roles.opened, roles.office
#: so many stops at most lie between two things of one page
STOPS = 150
#: whether what has the focus is marked, and on the screen: its own outline, or that of the box that stands for it
SEEN = """e => {
    const box = e.matches('input[type=checkbox], input[type=radio]') ? e.parentElement : e, r = e.getBoundingClientRect();
    const marked = one => { const s = getComputedStyle(one); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1; };
    return (marked(e) || marked(box) || e.matches('input, textarea') && getComputedStyle(e).borderColor !== 'rgb(206, 212, 218)')
        && r.bottom > 0 && r.top < innerHeight && r.width > 0;
}"""


def goes_to(page: Any, place: Any, key: str = "Tab") -> Any:
    """Press Tab until the place has the focus, and see it there."""
    place.first.wait_for(state="visible")
    wanted = place.first.element_handle()
    for _ in range(STOPS):
        if wanted.evaluate("e => e === document.activeElement"):
            page.wait_for_function(SEEN, arg=wanted, timeout=5000)  # a border takes its colour over a moment
            return place
        page.keyboard.press(key)
        if not wanted.evaluate("e => e.isConnected"):  # the page was made anew meanwhile
            wanted = place.first.element_handle()
    raise AssertionError(f"the Tab key does not come to {place}")


def presses(page: Any, place: Any, key: str = "Enter") -> None:
    goes_to(page, place)
    page.keyboard.press(key)


def types(page: Any, place: Any, text: str) -> None:
    goes_to(page, place)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def picks(page: Any, place: Any, option: str) -> None:
    """Open a list with the arrow key, find the option with it, take it."""
    goes_to(page, place)
    page.keyboard.press("ArrowDown")
    wanted = page.get_by_role("option", name=option, exact=True)
    wanted.first.wait_for()
    for _ in range(STOPS):
        if wanted.and_(page.locator("[data-combobox-selected]")).count():
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


@pytest.fixture
def enters(watched: Any, office: str) -> Callable[[str, str], Any]:
    """Ask for a page and sign in, by keys."""

    def enter(name: str, path: str) -> Any:
        page = watched.page
        page.goto(f"{office}{path}{'&' if '?' in path else '?'}lang=zh")
        types(page, page.get_by_label("账号名"), name)
        types(page, page.get_by_label("密码", exact=True), PASSWORD)
        page.keyboard.press("Enter")
        page.locator("#main h1").wait_for()
        page.locator("#first").wait_for(state="detached")
        return page

    return enter


def test_a_leader_skips_the_menu_finds_a_community_prints_it_and_goes_on(enters):
    page = enters("领导", "/?year=2014")
    page.keyboard.press("Tab")
    expect(page.locator(".skip:focus")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")  # the menu is behind
    page.keyboard.press("Control+k")
    page.keyboard.type("锦园")
    page.locator("#search-found a").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/community/SL02?*")
    page.locator("#main h1:focus").wait_for()
    page.evaluate("window.print = () => { document.body.dataset.asked = 'to print' }")
    goes_to(page, page.locator(".more-menu summary.more"), "Shift+Tab")
    page.keyboard.press("Enter")
    presses(page, page.get_by_role("button", name="打印本页"))
    expect(page.locator("body[data-asked='to print']")).to_have_count(1)
    goes_to(page, page.locator("header").get_by_role("link", name="历年对比"), "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare?*")
    page.locator("#main h1:focus").wait_for()


def test_a_clerk_brings_a_file_decides_what_is_asked_and_stores_it(enters):
    table = [line.split(",") for line in answers_csv(first=5000, count=14).decode().splitlines()]
    table[3][7] = table[4][7] = "满"
    page = enters("经办", "/import?year=2014")
    page.on("filechooser", lambda _: None)  # from now on: the driver would be told of it too late for a key
    goes_to(page, page.locator("[data-pick]"))
    with page.expect_file_chooser() as waiting:
        page.keyboard.press("Enter")
    data = "\n".join(",".join(r) for r in table).encode()
    waiting.value.set_files([{"name": "键盘.csv", "mimeType": "text/csv", "buffer": data}])
    presses(page, page.get_by_role("button", name="改为“满意”"))
    page.get_by_text("已处理 1 条").wait_for()
    expect(page.locator("#import-commit")).to_be_enabled()
    presses(page, page.locator("#import-commit"))
    expect(page.locator(".receipt")).to_contain_text("入库 14 份")


def test_an_office_fills_in_an_indicator_and_a_reviewer_approves_it(enters):
    page = enters("组织", f"/indicators?year=2014&at=SL02~{roles.COUNTED}")
    types(page, page.get_by_label("百分数"), "81.5")
    types(page, page.get_by_label("依据（").first, "选举记录")
    presses(page, page.get_by_role("button", name="保存", exact=True))
    expect(page.locator("#main")).to_contain_text("已填待复核")
    page.goto("about:blank")  # else what the page still asks for is asked by nobody, and refused
    page.context.clear_cookies()
    page = enters("复核", "/indicators?year=2014&state=entered")
    presses(page, page.locator("#entry-approve-listed"))
    presses(page, page.locator("#entry-approve-sure"))
    page.locator("summary", has_text="撤回复核").wait_for()


def test_a_community_says_its_own_score(enters):
    page = enters("春晖", f"/indicators?year=2014&at=SL01~{roles.COUNTED}")
    with page.expect_response(lambda r: "entry-preview" in (r.request.post_data or "")):
        types(page, page.get_by_label("自评分"), "17.5")
    presses(page, page.get_by_role("button", name="保存", exact=True))
    page.locator(".entry-history").get_by_text("17.5").first.wait_for()


def test_another_year_is_looked_at(watched, invented):
    page = watched.open(f"{invented}/community/SL06?year=2014&lang=zh")
    page.locator("#main h1").wait_for()
    page.locator("#first").wait_for(state="detached")
    presses(page, page.get_by_label("年份").get_by_role("link", name="2012"))
    page.wait_for_url("**/community/SL06?*year=2012*")
    page.locator(".segmented .chosen:focus", has_text="2012").wait_for()


def test_a_clerk_takes_a_step_of_the_year(enters):
    page = enters("经办", "/cycle?year=2014")
    presses(page, page.get_by_role("link", name="录入申报"))
    main = page.locator("#main")
    picks(page, main.get_by_label("社区", exact=True), "望江社区")
    picks(page, main.get_by_label("拟创星级"), "四星")
    presses(page, page.locator("#cycle-submit"))
    expect(page.locator(".cycle-steps")).to_contain_text("望江社区")


def test_an_analyst_looks_at_part_of_a_question_and_keeps_the_view(enters):
    page = enters("分析", "/answers?year=2014")
    picks(page, page.locator("#answers-community"), "锦园社区")
    page.wait_for_url("**community=*")
    presses(page, page.locator(".save-view > summary"))
    types(page, page.locator("#view-name"), "锦园看公道")
    presses(page, page.locator("#view-save"))
    page.get_by_text("锦园看公道").first.wait_for()


def test_an_auditor_takes_a_paper_and_follows_a_number_to_its_row(enters, office):
    page = enters("审计", "/papers?year=2014")
    goes_to(page, page.get_by_role("link", name="春晖社区的诊断书"))
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF")
    page.goto(f"{office}/community/SL01?year=2014&lang=zh")
    page.locator("#main h1").wait_for()
    presses(page, page.locator("#main a[href*='/trace/SL01']"))
    page.wait_for_url("**/trace/SL01*")
    page.get_by_role("heading", level=1).filter(has_text="来").wait_for()
