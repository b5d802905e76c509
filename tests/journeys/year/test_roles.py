"""The main way of each role in a real browser, from signing in: what is theirs to do, and what they are not shown."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from openpyxl import load_workbook
from playwright.sync_api import expect

from analysis.indicators.entry import enter
from analysis.publication import snapshots
from analysis.scheme.serial import from_dict
from dashboard.accounts import passwords, people, sessions, sign_in
from survey.coding.options import ImportOptions
from survey.intake import answers
from survey.store import Store, audit, keyring
from survey.store.year import schemes
from tests.journeys import test_browser as browser
from tests.journeys.test_browser import choose
from tests.tools.dashboard_tools import COMMUNITIES, answers_csv, small_store
from tests.tools.stores.accounts import PASSWORD, person, server

pytestmark = pytest.mark.browser
#: what every test in a browser rests on
browser_is_there, browser_type_launch_args = browser.browser_is_there, browser.browser_type_launch_args
browser_context_args, shared_context = browser.browser_context_args, browser.shared_context
context, watched = browser.context, browser.watched
YEAR = 2014
#: who there is: name → role and limits
PEOPLE = {
    "管理": ("admin",),
    "经办": ("clerk",),
    "春晖": ("community", ("community", "SL01")),
    "组织": ("scorer", ("office", "组织办")),
    "复核": ("reviewer",),
    "审计": ("auditor",),
    "分析": ("analyst",),
    "领导": ("leader",),
    "访员": ("interviewer",),
}
#: of the scheme's indicators the first is judged by grades, the second a percentage; one office answers for both
JUDGED, COUNTED = "ZZ01", "ZZ02"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the key of what is kept encrypted lies."""
    return str(tmp_path_factory.mktemp("keys") / "keys")


@pytest.fixture(autouse=True)
def patient(page: Any, keys: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine takes its time to read files and to store; it has its key."""
    monkeypatch.setenv("XINGFU_KEY_FILE", keys)
    page.set_default_timeout(120_000)
    expect.set_options(timeout=60_000)


class _Served:
    """What ``browser.running`` takes for an app."""

    def __init__(self, flask: Any) -> None:
        self.server = flask


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, keys: str) -> Iterator[tuple[str, Store]]:
    """Address and store of a dashboard with accounts, answers of three communities and a value that waits for its review."""
    light, folder = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1), tmp_path_factory.mktemp("roles")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", light)
        patch.setattr(passwords, "_NOBODYS", light.hash("nobody's"))
        patch.setenv("XINGFU_KEY_FILE", keys)
        store = small_store(Store.open(folder / "office.db", create=True))
        keyring.create("x")
        for place, (_, name) in enumerate(COMMUNITIES):
            data = answers_csv(first=100 * place, count=60, community=name)
            answers.commit(store, answers.inspect(store, f"{name}.csv", data, ImportOptions("default")))
        with store.read() as conn:
            scheme = from_dict(schemes.applicable(conn, YEAR).definition)
        assert {i.code: i.office for i in scheme.scored_indicators}[COUNTED] == "组织办"
        enter(store, YEAR, [{"community": "SL01", "indicator": JUDGED, "value": "A"}], who="科室", via="page")
        snapshots.recompute(store, [YEAR])
        for name, (role, *limits) in PEOPLE.items():
            person(store, name, role, *limits)
        for address in browser.running(_Served(server(store))):
            yield address, store
        store.close()


@pytest.fixture
def office(opened: tuple[str, Store]) -> str:
    """The address alone."""
    return opened[0]


def enters(watched: Any, office: str, name: str, path: str) -> Any:
    """Whoever asks for a page signs in, and is there."""
    page = watched.page
    page.goto(f"{office}{path}{'&' if '?' in path else '?'}lang=zh")
    page.get_by_label("账号名").fill(name)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.locator("#main").wait_for()
    assert page.url.startswith(f"{office}{path.partition('?')[0]}")
    return page


def menu(page: Any) -> str:
    return str(page.locator("header").inner_text())


def taken(page: Any, place: Any) -> tuple[str, bytes]:
    """Name and bytes of what is downloaded."""
    with page.expect_download() as waiting:
        place.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_a_leader_reads_how_everybody_stands_a_community_and_prints_it(watched, office):
    page = enters(watched, office, "领导", "/?year=2014")
    expect(page.locator("#league-rows tr")).to_have_count(3)
    assert "数据导入" not in menu(page)
    page.locator("#league-rows a").first.click()
    page.get_by_role("heading", level=1).filter(has_text="社区").wait_for()
    page.evaluate("window.print = () => { document.body.dataset.asked = 'to print' }")
    page.locator(".more-menu summary.more").click()
    page.get_by_role("button", name="打印本页").click()
    expect(page.locator("body[data-asked='to print']")).to_have_count(1)
    assert page.pdf().startswith(b"%PDF")


def test_a_community_brings_its_answers_and_no_others_and_says_its_own_score(watched, office):
    page = enters(watched, office, "春晖", "/import?year=2014")
    assert "名册、问卷" not in page.locator("#main").inner_text()
    choose(page, ("别处.csv", answers_csv(first=900, count=6, community="望江社区")))
    page.get_by_text("不归您负责").wait_for()
    expect(page.locator("#import-commit")).to_be_disabled()
    page.goto(f"{office}/import?year=2014&lang=zh")
    choose(page, ("自家.csv", answers_csv(first=800, count=6)))
    page.locator("#import-commit").click()
    page.locator(".receipt").wait_for()
    assert "入库 6 份" in page.locator(".receipt").inner_text()
    assert not [name for name in ("锦园", "望江") if name in page.locator("#main").inner_text()]
    page.goto(f"{office}/indicators?year=2014&at=SL01~{COUNTED}&lang=zh")
    with page.expect_response(lambda r: "entry-preview" in (r.request.post_data or "")):
        page.get_by_label("自评分").fill("18")
    page.reload()
    expect(page.get_by_label("自评分")).to_have_value("18")  # nothing typed is lost
    page.get_by_role("button", name="保存", exact=True).click()
    page.locator(".entry-form").get_by_text("上次填到一半").wait_for(state="detached")
    expect(page.locator(".entry-history, #main")).to_contain_text("自评")
    assert page.get_by_label("考评分").count() == 0


def test_an_office_fills_in_its_own_indicators_and_finds_them_among_what_it_owes(watched, office):
    page = enters(watched, office, "组织", "/todo?year=2014")
    mine = page.locator(".todo-mine")
    expect(mine).to_contain_text("组织办")
    mine.get_by_role("link", name="指标值未填").click()
    page.locator(".entry-list, #main table").first.wait_for()
    page.goto(f"{office}/indicators?year=2014&at=SL02~{COUNTED}&lang=zh")
    page.get_by_label("百分数").fill("81.5")
    page.get_by_label("依据（").first.fill("选举记录")
    expect(page.locator("#entry-preview")).to_contain_text("81.5")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#main")).to_contain_text("已填待复核")
    page.goto(f"{office}/indicators?year=2014&at=SL02~ZZ03&lang=zh")
    page.get_by_text("您只能查看").wait_for()
    assert page.get_by_role("button", name="保存", exact=True).count() == 0


def test_a_clerk_sets_the_dates_of_the_year_and_takes_its_first_steps(watched, office):
    page = enters(watched, office, "经办", "/todo?year=2014")
    page.get_by_label("收集答卷").fill("2014-10-31")
    before = page.locator(".more-menu summary.more").element_handle()
    page.get_by_role("button", name="保存期限").click()
    page.wait_for_function(
        "menu => !menu.isConnected", arg=before
    )  # the page is made anew, and an open menu would close
    page.locator(".more-menu summary.more").click()
    page.get_by_role("link", name="年度流程").first.click()
    page.get_by_role("link", name="录入申报").click()
    page.locator("#main").get_by_label("社区", exact=True).click()
    page.get_by_role("option", name="锦园社区").click()
    page.locator("#main").get_by_label("拟创星级").click()
    page.get_by_role("option", name="四星").click()
    page.locator("#cycle-submit").click()
    expect(page.locator(".cycle-steps")).to_contain_text("锦园社区")
    page.goto(f"{office}/todo?year=2014&lang=zh")
    expect(page.get_by_label("收集答卷")).to_have_value("2014-10-31")


def test_a_clerk_takes_an_import_back_and_brings_it_back(watched, office):
    page = enters(watched, office, "经办", "/import?year=2014")
    row = page.locator(".records tr", has_text="锦园社区.csv")
    row.locator("summary", has_text="撤回").click()
    row.get_by_text("不再计分").wait_for()
    row.get_by_role("button", name="确定撤回").click()
    row.locator("summary", has_text="恢复").click()
    row.get_by_text("重新计分").wait_for()
    row.get_by_role("button", name="确定恢复").click()
    row.locator("summary", has_text="撤回").wait_for()


def test_what_a_clerk_has_typed_into_a_form_is_there_after_a_reload(watched, office):
    page = enters(watched, office, "经办", "/scheme?year=2014")
    with page.expect_response(lambda r: "kept-scheme" in (r.request.post_data or "")):
        page.locator("#scheme-reason").fill("按新附件改")
    page.reload()
    expect(page.locator("#scheme-reason")).to_have_value("按新附件改")


def test_a_reviewer_approves_a_value_and_takes_the_review_back(watched, office):
    page = enters(watched, office, "复核", "/indicators?year=2014&state=entered&community=SL01")
    page.locator("#entry-approve-listed").click()
    page.locator("#entry-approve-sure").click()
    page.locator("summary", has_text="撤回复核").click()
    page.get_by_text("回到待复核").wait_for()
    page.locator("#entry-review-back").click()
    page.locator("#entry-approve-listed").wait_for()


def test_an_auditor_looks_whether_the_record_is_whole_takes_an_original_and_changes_nothing(watched, office):
    page = enters(watched, office, "审计", "/audit")
    page.get_by_role("link", name="检查是否完整").click()
    page.get_by_text("日志完整").wait_for()
    name, data = taken(page, page.get_by_role("link", name="下载日志"))
    assert (name.endswith(".xlsx"), load_workbook(BytesIO(data)).active.max_row > 20) == (True, True)
    page.goto(f"{office}/import?year=2014&lang=zh")
    page.locator(".records").wait_for()
    assert page.locator(".records summary").count() == 0
    row = page.locator(".records tr", has_text="锦园社区.csv")
    name, data = taken(page, row.get_by_role("link", name="原件（无联系方式）"))
    assert load_workbook(BytesIO(data)).active.max_row == 61
    page.goto(f"{office}/audit?lang=zh&action=original")
    expect(page.locator(".audit-table")).to_contain_text("批次 2")


def test_an_analyst_looks_at_a_question_and_takes_single_responses_without_contacts(watched, office):
    page = enters(watched, office, "分析", "/answers?year=2014")
    page.locator("#main h1").wait_for()
    assert "数据导入" not in menu(page)
    page.goto(f"{office}/papers?year=2014&lang=zh")
    name, data = taken(page, page.get_by_role("link", name="独立核算包"))
    assert (name.endswith(".zip"), data[:2]) == (True, b"PK")


def test_an_administrator_makes_an_account(watched, office):
    page = enters(watched, office, "管理", "/administration")
    page.locator("#account-name").fill("新人")
    page.locator("#account-role").click()
    page.get_by_role("option", name="分析员").click()
    page.locator("#account-add").click()
    page.locator("#account-said").get_by_text("-").first.wait_for()
    expect(page.locator("#account-list")).to_contain_text("新人")


def test_an_interviewer_may_sign_in_and_is_led_to_the_help(watched, office):
    page = enters(watched, office, "访员", "/?year=2014")
    page.get_by_text("只能登录、改密码和看帮助").wait_for()
    assert page.locator("#league-rows").count() == 0
    page.locator("#main").get_by_role("link", name="帮助").click()
    page.wait_for_url("**/help?*")
    page.get_by_role("heading", level=1, name="帮助").wait_for()


def signs_in(page: Any, name: str) -> None:
    page.get_by_label("账号名").fill(name)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.locator("#main").wait_for()


def test_a_session_that_ends_under_a_form_leads_back_to_what_was_typed(page, opened):
    office, store = opened
    enters(browser.Watched(page), office, "经办", "/scheme?year=2014")
    with page.expect_response(lambda r: "kept-scheme" in (r.request.post_data or "")):
        page.locator("#scheme-reason").fill("半句")
    with store.write() as conn:
        sessions.end_all(conn, people.known(conn, "经办").id)
    page.locator("#scheme-reason").fill("半句话")
    expect(page.locator("#notice")).to_contain_text("未登录或登录已过期，什么都没有做")
    expect(page.locator("#scheme-reason")).to_have_value("半句话")
    with page.context.expect_page() as beside:
        page.locator("#notice a").click()
    signs_in(beside.value, "经办")
    expect(beside.value.locator("#scheme-reason")).to_have_value("半句")


@pytest.mark.parametrize("how", ["lowered", "disabled", "forged"])
def test_who_may_no_longer_is_led_to_the_form_and_nothing_is_changed(page, opened, how):
    office, store = opened
    name = f"某人{how}"
    person(store, name, "reviewer")
    enters(browser.Watched(page), office, name, "/indicators?year=2014&state=entered&community=SL01")
    page.locator("#entry-approve-listed").click()
    page.locator("#entry-approve-sure").wait_for()
    if how == "lowered":
        sign_in.change(store, name, "管理", "leader")
    elif how == "disabled":
        sign_in.disable(store, name, "管理")
    else:
        kept = next(c for c in page.context.cookies() if c["name"] == "xingfu_session")
        page.context.add_cookies([{**kept, "value": "0" * 43}])
    page.locator("#entry-approve-sure").click()
    expect(page.locator("#notice")).to_contain_text("未登录或登录已过期，什么都没有做")
    with store.read() as conn:
        assert name not in {e.who for e in audit.listing(conn, action="indicators approve")}
    page.goto(f"{office}/compare?lang=zh")
    page.get_by_label("账号名").wait_for()
    assert "next=%2Fcompare" in page.url


def test_a_token_of_another_session_is_answered_in_a_sentence(page, office):
    """Nothing at all was said, and the page stood as it was."""
    enters(browser.Watched(page), office, "领导", "/tasks?year=2014")
    kept = next(c for c in page.context.cookies() if c["name"] == "xingfu_token")
    page.context.add_cookies([{**kept, "value": "f" * 64}])
    page.locator("header a", has_text="历年对比").click()
    expect(page.locator("#notice")).to_contain_text("请返回并重新加载页面")
