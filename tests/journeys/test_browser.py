"""The dashboard in a real browser: what is seen, clicked, typed and uploaded; no error, nothing from outside."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from plotly.offline import get_plotlyjs_version
from werkzeug.serving import make_server

from dashboard.app import create_app
from survey.store import Store
from tests.tools import needs
from tests.tools.books.big_export import big_export, big_form, big_name
from tests.tools.books.office_sheets import prepare
from tests.tools.dashboard_tools import answers_csv, small_store
from tests.tools.towns.fake_results import FakeSource

pytestmark = pytest.mark.browser

#: the page of a 1366 × 768 screen, less the browser's own bars
SCREEN = {"width": 1366, "height": 625}
PHONE = {"width": 390, "height": 844}
PAGES = ("/", "/community/SL06", "/compare", "/method")


@pytest.fixture(scope="session", autouse=True)
def browser_is_there() -> None:
    needs.need(needs.no_browser())


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": needs.CHROMIUM,
        "args": ["--no-sandbox", "--disable-dev-shm-usage"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "viewport": SCREEN}


@pytest.fixture(scope="session")
def shared_context(browser: Any, browser_context_args: dict[str, Any]) -> Iterator[Any]:
    """One visitor's browser, which keeps scripts as anybody's does: a new one would load and compile them every time."""
    context = browser.new_context(**browser_context_args)
    yield context
    context.close()


@pytest.fixture
def context(shared_context: Any) -> Iterator[Any]:
    """The browser of somebody who has not been here before."""
    yield shared_context
    for page in shared_context.pages:
        page.close()
    shared_context.clear_cookies()


def running(app: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def invented() -> Iterator[str]:
    """The address of a dashboard on invented results."""
    yield from running(create_app(None, source=FakeSource()))


@pytest.fixture(scope="session")
def long_list() -> Iterator[str]:
    """The same with 48 communities."""
    yield from running(create_app(None, source=FakeSource(many=4)))


@pytest.fixture
def own(tmp_path: Path) -> Iterator[str]:
    """The address of a dashboard on a small store of its own."""
    with_store = small_store(Store.open(tmp_path / "own.db", create=True))
    yield from running(create_app(with_store))
    with_store.close()


@pytest.fixture
def own_big(tmp_path: Path) -> Iterator[str]:
    """The address of a dashboard on a store that also has a questionnaire of 61 questions."""
    store = small_store(Store.open(tmp_path / "big.db", create=True))
    prepare(store, big_form())
    yield from running(create_app(store))
    store.close()


@dataclass
class Watched:
    """A page with what went wrong on it."""

    page: Any
    wrong: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)

    def open(self, address: str) -> Any:
        self.page.goto(address)
        self.page.wait_for_selector("#main")
        return self.page


@pytest.fixture
def watched(page: Any) -> Iterator[Watched]:
    seen = Watched(page)
    page.on("console", lambda m: seen.wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: seen.wrong.append(str(e)))
    page.on("request", lambda r: seen.urls.append(r.url))
    yield seen
    outside = [
        u for u in seen.urls if urlsplit(u).scheme in ("http", "https", "ws") and urlsplit(u).hostname != "127.0.0.1"
    ]
    assert (seen.wrong, outside) == ([], [])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_twelve_communities_fit_on_a_leaders_screen(watched, invented, lang):
    page = watched.open(f"{invented}/?lang={lang}")
    rows = page.locator("#league-rows tr")
    assert rows.count() == 12
    last = rows.nth(11).bounding_box()
    assert last["y"] + last["height"] <= SCREEN["height"]
    first = rows.first.bounding_box()["y"]
    heads = [h.bounding_box() for h in page.locator(".league thead th").all()]
    assert all(h["y"] + h["height"] <= first + 1 for h in heads)
    assert page.evaluate("document.documentElement.scrollWidth") == SCREEN["width"]
    assert page.evaluate("document.documentElement.lang") == {"zh": "zh-CN", "en": "en"}[lang]
    assert page.title().endswith({"zh": "示例数据", "en": "Sample data"}[lang])
    assert "lang=" in page.url
    assert "year=2014" in page.url


def test_the_overview_does_not_load_the_plotting_library(watched, invented):
    watched.open(f"{invented}/").wait_for_timeout(500)
    assert not [u for u in watched.urls if "plotly" in u]


def test_a_long_list_keeps_its_header_in_sight(watched, long_list):
    page = watched.open(f"{long_list}/")
    page.mouse.wheel(0, 900)
    page.wait_for_timeout(300)
    for head in page.locator(".league thead th").all():
        assert 40 <= head.bounding_box()["y"] <= 90


def test_a_name_is_found_in_a_long_list(watched, long_list):
    page = watched.open(f"{long_list}/")
    page.get_by_label("按名称查找社区").fill("望江")
    assert page.locator("#league-rows tr:visible").count() == 4


def test_each_dot_stands_where_its_total_is(watched, invented):
    page = watched.open(f"{invented}/")
    row = page.locator("#league-rows tr", has_text="桂湖社区")
    strip, dot = row.locator(".strip").bounding_box(), row.locator(".point").bounding_box()
    tick = page.locator(".ticks span", has_text="800").bounding_box()
    middle = dot["x"] + dot["width"] / 2
    line = tick["x"] + tick["width"] / 2
    assert strip["x"] < line < middle < strip["x"] + strip["width"]


def test_a_row_opens_its_community_by_mouse_and_by_keyboard(watched, invented):
    page = watched.open(f"{invented}/?year=2013")
    page.locator("#league-rows tr", has_text="南塔社区").click()
    page.wait_for_selector(".community")
    assert "/community/SL06?lang=zh&year=2013" in page.url
    page.go_back()
    page.wait_for_selector("#league-rows")
    page.wait_for_selector("h1:focus")  # where a new page begins
    page.get_by_role("link", name="柏里社区").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/community/SL07?*")


def test_the_communitys_chart_is_drawn_without_the_plotting_library(watched, invented):
    page = watched.open(f"{invented}/community/SL06")
    spots = page.locator("#page #community-trend .chart-spot")
    spots.first.wait_for()
    assert spots.count() == 3
    assert page.get_by_text("794").first.is_visible()
    page.wait_for_selector("#page #community-trend .chart-spot.hinted")
    page.keyboard.press("Tab")  # hints are shown to who goes by keyboard
    spots.first.scroll_into_view_if_needed()  # who scrolls on loses the hint
    page.wait_for_timeout(200)
    spots.first.focus()  # the first of the card's hints, the others by arrow keys
    assert page.locator("#hint-bubble").inner_text() == spots.first.get_attribute("title")
    assert not [u for u in watched.urls if "plotly" in u]


def test_a_chart_of_many_lines_is_drawn_and_offers_nothing_to_send_away(watched, invented):
    page = watched.open(f"{invented}/compare?year=2014")
    page.wait_for_selector("#compare-chart .main-svg")
    assert page.evaluate("Plotly.version").split(".")[0] == get_plotlyjs_version().split(".")[0]
    assert page.locator("#compare-chart .modebar-btn").count() == 1


def test_year_and_community_are_chosen_on_the_page(watched, invented):
    page = watched.open(f"{invented}/community/SL06")
    page.get_by_label("年份").get_by_role("link", name="2012").click()
    page.locator(".segmented .chosen", has_text="2012").wait_for()
    assert page.url.endswith("/community/SL06?lang=zh&year=2012")
    page.get_by_label("选择社区").first.click()
    page.get_by_role("option", name="锦园社区").click()
    page.wait_for_url("**/community/SL02?lang=zh&year=2012")


@pytest.mark.parametrize("path", PAGES)
def test_the_switch_of_language_keeps_the_page(watched, invented, path):
    page = watched.open(f"{invented}{path}?year=2013")
    page.get_by_role("link", name="English").click()
    page.locator('html[lang="en"]').wait_for(state="attached")
    assert urlsplit(page.url).path == path
    assert "lang=en&year=2013" in page.url


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_shows_every_page_without_scrolling_sideways(watched, invented, lang):
    watched.page.set_viewport_size(PHONE)
    for path in PAGES:
        page = watched.open(f"{invented}{path}?lang={lang}")
        page.wait_for_timeout(300)
        assert (path, page.evaluate("document.documentElement.scrollWidth")) == (path, PHONE["width"])
    page.locator("#burger").click()
    page.locator(".drawer-nav a").first.click()
    page.wait_for_selector("#league-rows")


def test_no_text_is_smaller_than_13_px(watched, invented):
    small = """() => [...document.querySelectorAll('body *')].filter(e => e.offsetParent && !e.closest('svg, .caret, .visually-hidden')
        && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 13)
        .map(e => e.textContent.slice(0, 30))"""
    for path in PAGES:
        assert (path, watched.open(f"{invented}{path}").evaluate(small)) == (path, [])


def test_a_breakdown_is_downloaded(watched, invented):
    page = watched.open(f"{invented}/community/SL06")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出得分明细").click()
    assert "南塔社区" in waiting.value.suggested_filename
    assert load_workbook(BytesIO(Path(waiting.value.path()).read_bytes())).sheetnames


def choose(page: Any, *files: tuple[str, bytes]) -> None:
    with page.expect_file_chooser() as waiting:
        page.locator("[data-pick]").click()
    waiting.value.set_files([{"name": n, "mimeType": "text/csv", "buffer": b} for n, b in files])


def test_a_file_with_two_faults_is_asked_about_stored_and_taken_back(watched, own):
    page = watched.open(f"{own}/import?lang=zh")
    choose(page, ("问卷.csv", answers_csv(count=60, bad=True)))
    page.wait_for_selector("#import-commit")
    assert page.locator("#import-commit").inner_text() == "入库 59 份答卷"
    assert page.locator(".findings tbody tr").count() >= 2
    page.locator("#import-commit").click()
    page.locator("#import-confirm").click()
    page.wait_for_selector(".receipt")
    assert "入库 59 份，1 行未入库" in page.locator(".receipt").inner_text()
    page.locator("summary", has_text="撤回").click()
    page.get_by_text("不再计分，有关年度的得分随即更新").wait_for()
    page.get_by_role("button", name="确定撤回").click()
    page.locator(".records summary", has_text="恢复").click()
    page.get_by_text("重新计分").wait_for()
    page.get_by_role("button", name="确定恢复").click()
    page.locator("summary", has_text="撤回").wait_for()


def test_what_is_said_about_a_file_is_changed_after_the_upload(watched, own):
    page = watched.open(f"{own}/import?lang=zh")
    choose(page, ("问卷.csv", answers_csv(community="新社区")))
    page.wait_for_selector("#import-commit")
    assert page.locator("#import-commit").is_disabled()
    page.get_by_text("名册中没有的社区一并加入").click()
    expect(page.locator("#import-commit")).to_be_enabled()
    expect(page.locator("#import-commit")).to_have_text("入库 12 份答卷")


def test_findings_are_decided_on_the_page_and_a_file_is_added(watched, own):
    table = [line.split(",") for line in answers_csv(count=14).decode().splitlines()]
    table[3][7] = table[4][7] = "满"
    table[0].append("一个陌生的表头")
    for row in table[1:]:
        row.append("甲")
    table.append([*table[10][:5], "3" if table[10][5] != "3" else "4", *table[10][6:]])
    page = watched.open(f"{own}/import?lang=zh")
    choose(page, ("问卷.csv", "\n".join(",".join(r) for r in table).encode()))
    page.wait_for_selector("#import-commit")
    assert page.locator("#import-commit").is_disabled()
    page.get_by_role("button", name="改为“满意”").click()
    page.get_by_text("已处理 1 条").wait_for()
    page.get_by_role("button", name="此份不入库").click()
    page.get_by_text("已处理 2 条").wait_for()
    page.get_by_role("button", name="全部照此采用").click()  # the questions that have no column
    expect(page.locator("#import-commit")).to_be_enabled()
    expect(page.locator("#import-commit")).to_have_text("入库 14 份答卷")
    page.get_by_text("已处理 2 条").click()
    page.get_by_role("button", name="撤回处理").last.click()
    expect(page.locator("#import-commit")).to_be_disabled()
    choose(page, ("另一份.csv", answers_csv(first=100, community="锦园社区")))
    expect(page.locator("#import-commit")).to_have_text("入库 12 份答卷")
    assert page.locator(".files tbody").count() == 2


@pytest.mark.parametrize("ordered", [False, True])
def test_a_large_export_comes_in_with_at_most_five_clicks(watched, own_big, ordered):
    page, clicks = watched.open(f"{own_big}/import?lang=zh"), 0

    def click(place: Any) -> None:
        nonlocal clicks
        place.click()
        clicks += 1

    with page.expect_file_chooser() as waiting:
        click(page.locator("[data-pick]"))
    data = {"name": big_name(ordered=ordered), "mimeType": "application/zip", "buffer": big_export(ordered=ordered)}
    waiting.value.set_files([data])
    page.wait_for_selector(".contents-card")
    assert page.locator("#import-commit").is_disabled()
    click(page.get_by_role("button", name="全部照此采用"))
    expect(page.locator("#import-commit")).to_be_enabled()
    click(page.locator("#import-commit"))
    page.wait_for_selector(".receipt")
    assert "入库 40 份" in page.locator(".receipt").inner_text()
    assert clicks <= 5


def test_the_column_that_a_file_lacks_is_pointed_at(watched, own):
    table = [line.split(",") for line in answers_csv(count=12).decode().splitlines()]
    table[0][table[0].index("respondent")] = "甲"  # a header that means nothing, over cells that tell nothing
    page = watched.open(f"{own}/import?lang=zh")
    choose(page, ("问卷.csv", "\n".join(",".join(r) for r in table).encode()))
    page.wait_for_selector(".contents-card")
    assert page.locator("#import-commit").is_disabled()
    page.locator(".contents").first.get_by_placeholder("是哪一列？").first.click()
    page.get_by_role("option", name="甲").click()
    expect(page.locator("#import-commit")).to_be_enabled()


def test_a_file_that_is_no_answers_gets_one_sentence(watched, own):
    page = watched.open(f"{own}/import?lang=zh")
    choose(page, ("照片.xlsx", b"PK\x03\x04 no workbook"), ("颜色.csv", "颜色,形状\n红,圆\n".encode()))
    page.wait_for_selector("#import-commit")
    assert page.locator("#import-commit").is_disabled()
    assert page.locator(".refused").count() == 2


def test_an_empty_store_says_what_to_do(watched, own):
    page = watched.open(f"{own}/?lang=zh")
    assert page.locator(".step-line li").count() == 6
    page.locator(".year-step", has_text="答卷").get_by_role("link").click()
    page.get_by_role("heading", name="第 4 步").wait_for()
    assert page.locator("#drop").is_visible()
