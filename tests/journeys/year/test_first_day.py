"""A clerk's first day in a real browser: from an empty store to a score, and files that find their own way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from analysis.publication.new_store import initialise
from dashboard.app import create_app
from survey.form.model import Choice, Question, Questionnaire
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store
from tests.journeys import test_browser as browser
from tests.journeys.test_browser import choose
from tests.tools.dashboard_tools import COMMUNITIES, answers_csv

pytestmark = pytest.mark.browser
#: what every test in a browser rests on
browser_is_there, browser_type_launch_args = browser.browser_is_there, browser.browser_type_launch_args
browser_context_args, shared_context = browser.browser_context_args, browser.shared_context
context, watched = browser.context, browser.watched
YEAR = datetime.now().year


@pytest.fixture(autouse=True)
def patient(page: Any) -> None:
    """A busy machine takes its time to read files and to store."""
    page.set_default_timeout(120_000)
    expect.set_options(timeout=60_000)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    """The address of a dashboard on a store with nothing but the defaults."""
    store = Store.open(tmp_path / "empty.db", create=True)
    initialise(store)
    yield from browser.running(create_app(store))
    store.close()


def downloaded(page: Any, text: str) -> Any:
    """The workbook behind a link, as it is downloaded."""
    with page.expect_download() as waiting:
        page.locator(".start-ways").get_by_role("link", name=text).first.click()
    return load_workbook(BytesIO(Path(waiting.value.path()).read_bytes()))


def packed(book: Any) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def store_it(page: Any, said: str) -> None:
    """Store what was checked, and follow the receipt back to the steps."""
    page.wait_for_selector("#import-commit")
    expect(page.locator("#import-commit")).to_have_text(said)
    page.locator("#import-commit").click()
    page.locator(".receipt").wait_for()
    page.locator(".receipt").get_by_role("link", name="年度进度").click()
    page.locator(".step-line").wait_for()


def step(page: Any, name: str) -> Any:
    return page.locator(".year-step", has_text=name)


def filled_register(book: Any) -> bytes:
    sheet = book.worksheets[0]
    columns = {str(cell.value).split()[0]: cell.column for cell in sheet[1] if cell.value}
    sheet.delete_rows(2, sheet.max_row)
    for row, (code, name) in enumerate(COMMUNITIES, 2):
        for header, value in (("编号", code), ("社区", name), ("街道", "示例街道"), ("成年人口", 3000 + row)):
            sheet.cell(row, columns[header], value)
    return packed(book)


def filled_values(book: Any) -> bytes:
    """The workbook of a year's indicators with a plausible value in every row."""
    sheet = book.worksheets[0]
    columns = {str(cell.value).split()[0]: cell.column for cell in sheet[1] if cell.value}
    for row in range(2, sheet.max_row + 1):
        how = str(sheet.cell(row, columns["how"]).value)
        value = "A" if "等级" in how else 85 if "百分数" in how else 1
        sheet.cell(row, columns["value"], value)
    return packed(book)


def test_a_clerk_comes_from_an_empty_store_to_a_printed_score_by_the_browser_alone(watched, empty):
    page = watched.open(f"{empty}/?lang=zh")
    assert page.locator(".year-step").count() == 6
    choose(page, ("名册.xlsx", filled_register(downloaded(page, "下载模板"))))
    store_it(page, "入库 3 个社区")
    for number, kind in ((2, "问卷"), (3, "测评体系")):
        page.get_by_role("heading", name=f"第 {number} 步 · {kind}").wait_for()
        assert "可用默认" in step(page, kind).inner_text()
        page.get_by_role("button", name="采用").click()
    page.get_by_role("heading", name="第 4 步 · 答卷").wait_for()
    sheets = [
        answers_csv(first=100 * i, count=55, community=name, year=YEAR).decode().splitlines()
        for i, (_, name) in enumerate(COMMUNITIES)
    ]
    answers = "\n".join([*sheets[0], *sheets[1][1:], *sheets[2][1:]]).encode()
    expect(page.get_by_role("link", name="录入表")).to_have_count(2)
    choose(page, ("答卷.csv", answers))
    store_it(page, "入库 165 份答卷")
    step(page, "指标").get_by_role("link").click()
    page.get_by_role("heading", name="第 5 步").wait_for()
    choose(page, (f"客观指标报送表 {YEAR}.xlsx", filled_values(downloaded(page, "下载模板"))))
    store_it(page, "入库 105 个指标值")
    assert "6 / 6 步已完成" in page.locator(".top").inner_text()
    page.get_by_role("link", name="看得分").click()
    expect(page.locator("#league-rows tr")).to_have_count(3)
    expect(page.locator("#league-rows .stars, #league-rows .star-none").first).to_be_visible()
    page.evaluate("window.print = () => { document.body.dataset.asked = 'to print' }")
    page.locator(".more-menu summary.more").click()
    page.get_by_role("button", name="打印本页").click()
    expect(page.locator("body[data-asked='to print']")).to_have_count(1)
    printed = page.pdf()
    assert (printed[:4], len(printed) > 20_000) == (b"%PDF", True)


def own_questionnaire() -> bytes:
    """A questionnaire that no store has: three questions of the office's own, of which one is scored."""
    scale = tuple(
        Choice(str(level), {"zh": word}, level=level)
        for level, word in enumerate(("很好", "较好", "一般", "较差", "很差"), 1)
    )
    rows = (
        Question("village", "text", {"zh": "所在社区"}, role="community", required=True),
        Question("Q1", "select_one", {"zh": "楼道照明怎么样"}, list_name="good", choices=scale, dimension="ecology"),
        Question("Q2", "text", {"zh": "最想办的一件事"}),
        Question("Q3", "integer", {"zh": "家里几口人"}),
    )
    return write_questionnaire(Questionnaire(rows, "楼道调查", "stairs", lists={"good": scale}))


def test_files_dropped_together_come_in_by_what_rests_on_what(watched, empty):
    """Register and questionnaire go first; the answers, which nobody could read before, are looked at again by them."""
    page = watched.open(f"{empty}/import?lang=zh")
    register = "\n".join(["code,name,adult_population", *(f"{c},{n},3000" for c, n in COMMUNITIES)])
    answers = "\n".join(
        ["所在社区,楼道照明怎么样,最想办的一件事,家里几口人"] + ["春晖社区,较好,装灯,3", "锦园社区,很好,修路,2"] * 3
    )
    choose(
        page,
        (f"答卷{YEAR}.csv", answers.encode()),
        ("名册.csv", register.encode()),
        ("楼道问卷.xlsx", own_questionnaire()),
    )
    page.wait_for_selector("#import-commit")
    expect(page.locator("#import-commit")).to_have_text("入库 3 个社区、1 份问卷")
    assert "其余 1 个文件随后按它们重新检查" in page.locator(".decision").inner_text()
    assert "4 题，1 题计分" in page.locator(".files").inner_text()
    page.locator("#import-commit").click()
    page.locator(".receipt").get_by_role("link", name="还有 1 个文件").click()
    page.wait_for_selector("#import-commit")
    expect(page.locator("#import-commit")).to_have_text("入库 6 份答卷")


def test_a_questionnaire_with_faults_names_their_cells_and_stays_out(watched, empty):
    book = load_workbook(BytesIO(own_questionnaire()))
    sheet = book["survey"]
    kinds = [cell for cell in sheet["A"] if cell.value == "select_one good"]
    kinds[0].value = "select_one god"
    page = watched.open(f"{empty}/start?lang=zh&at=questionnaire")
    choose(page, ("楼道问卷.xlsx", packed(book)))
    page.locator(".findings-card").wait_for()
    assert f"survey!{kinds[0].coordinate}" in page.locator(".findings-card").inner_text()
    assert page.locator("#import-commit").is_disabled()


def test_a_questionnaire_is_drafted_out_of_answers_adopted_and_its_file_imported(watched, empty):
    scale = ("很满意", "满意", "一般", "不满意", "很不满意")
    rows = [f"{i:03d},{COMMUNITIES[i % 3][1]},{scale[i % 5]},{scale[(i * 3) % 5]},事情{i}" for i in range(40)]
    answers = "\n".join(["编号,社区,楼道的清洁卫生,看病买药方便吗,最希望改进的一件事", *rows]).encode()
    page = watched.open(f"{empty}/start?lang=zh&at=questionnaire")
    page.get_by_role("link", name="去起草").click()
    page.get_by_role("heading", name="由答卷文件起草问卷").wait_for()
    choose(page, (f"居民答卷{YEAR}.csv", answers))
    page.wait_for_selector(".draft-rows")
    assert page.locator(".draft-rows tbody tr").count() == 5
    adopt = page.get_by_role("button", name="采用这份问卷")
    assert adopt.is_disabled()
    page.get_by_role("button", name="处都按建议").click()
    page.get_by_role("button", name="采用这份问卷", exact=True).click()
    page.wait_for_selector("#import-commit")
    page.get_by_text("名册中没有的社区一并加入").click()
    page.get_by_role("button", name="入库 40 份答卷").click()
    page.locator(".receipt").wait_for()
    assert "入库 40 份" in page.locator(".receipt").inner_text()
