"""The corrected file in a browser: dropped, answered with one press, stored with another, and the receipt says what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from playwright.sync_api import expect

from dashboard.app import create_app
from survey.store import Store
from tests.journeys import test_browser as browser
from tests.tools.books.office_sheets import PLACES, Grid, answers, grid, prepare, store_all, with_cells, workbook
from tests.tools.dashboard_tools import small_store

pytestmark = pytest.mark.browser
#: what every test in a browser rests on
browser_is_there, browser_type_launch_args = browser.browser_is_there, browser.browser_type_launch_args
browser_context_args, shared_context = browser.browser_context_args, browser.shared_context
context, watched = browser.context, browser.watched
choose, running, SCREEN, PHONE = browser.choose, browser.running, browser.SCREEN, browser.PHONE

TAKE = {"zh": "以这份为准", "en": "Take the new ones"}
SAME = {"zh": "是同一些人（以这份为准）", "en": "The same people (take the new ones)"}


def changed(*rows: int) -> Grid:
    """Header and these rows of the grid, their first item answered otherwise."""
    wrong = with_cells(deepcopy(grid()), "A1", lambda v, i: "很不满意" if i in rows else v)
    return [wrong[0], *(wrong[i + 1] for i in rows)]


def moved(*rows: int) -> Grid:
    """Header and these rows of the grid, their people in the next community."""
    other = with_cells(grid(), "place", lambda v, _: PLACES[(PLACES.index(v) + 1) % 3])
    return [other[0], *(other[i + 1] for i in rows)]


@pytest.fixture(autouse=True)
def patient(page: Any) -> None:
    """A busy machine takes its time to read files and to store."""
    page.set_default_timeout(120_000)
    expect.set_options(timeout=60_000)


@pytest.fixture
def office(tmp_path: Any) -> Iterator[tuple[str, Store]]:
    """The address of a dashboard whose store holds twelve people of one file, and the store."""
    store = small_store(Store.open(tmp_path / "office.db", create=True))
    prepare(store)
    store_all(store, grid())
    for address in running(create_app(store)):
        yield address, store
    store.close()


@pytest.mark.parametrize(("lang", "size"), [("zh", SCREEN), ("en", SCREEN), ("zh", PHONE), ("en", PHONE)])
def test_the_corrected_rows_take_one_press(watched, office, lang, size):
    address, store = office
    watched.page.set_viewport_size(size)
    page = watched.open(f"{address}/import?lang={lang}")
    choose(page, ("更正.xlsx", workbook(changed(0, 3, 6))))
    take = page.get_by_role("button", name=TAKE[lang], exact=True)
    take.wait_for()
    assert page.locator("#import-commit").is_disabled()
    assert page.locator(".findings-card .findings > tbody > tr:not(.beside)").count() == 1
    take.click()
    expect(page.locator("#import-commit")).to_be_enabled()
    page.locator("#import-commit").click()
    page.wait_for_selector(".receipt")
    receipt = page.locator(".receipt").inner_text()
    assert {"zh": "3 份代替了原来的答案", "en": "3 responses in place of earlier answers"}[lang] in receipt
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert (len(answers(store, "A1")), answers(store, "A1").count(4)) == (12, 3)
    said = {"zh": "其中 3 份已由批次 2 更正", "en": "3 responses corrected by batch 2"}[lang]
    assert said in page.locator(".records").inner_text()


def test_people_who_moved_are_the_same_with_one_press(watched, office):
    address, store = office
    page = watched.open(f"{address}/import?lang=zh")
    choose(page, ("更正.xlsx", workbook(moved(0, 4))))
    page.get_by_role("button", name=SAME["zh"]).click()
    expect(page.locator("#import-commit")).to_have_text("入库 2 份答卷")
    page.locator("#import-commit").click()
    page.wait_for_selector(".receipt")
    assert "2 份代替了原来的答案" in page.locator(".receipt").inner_text()
    assert len(answers(store, "A1")) == 12


def test_a_whole_corrected_file_takes_one_press_too(watched, office):
    address, store = office
    page = watched.open(f"{address}/import?lang=zh")
    whole = with_cells(grid(), "A1", lambda v, i: "很不满意" if i < 2 else v)
    choose(page, ("整份.xlsx", workbook(whole)))
    page.get_by_role("button", name=TAKE["zh"], exact=True).click()
    expect(page.locator("#import-commit")).to_have_text("入库 12 份答卷")
    page.locator("#import-commit").click()
    page.wait_for_selector(".receipt")
    assert (len(answers(store, "A1")), answers(store, "A1").count(4)) == (12, 2)
