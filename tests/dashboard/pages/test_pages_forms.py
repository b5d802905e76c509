"""Every form of every page, sent empty and wrong in a browser: the field that the sentence is about is marked and has the focus."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import delete

from analysis.scheme import default_scheme
from dashboard.app import create_app
from dashboard.pages import PAGES
from dashboard.pages.cycle.form import FIELDS
from survey.store import Store
from survey.store.engine.tables import drafts
from survey.store.year import cycle
from survey.store.year.cycle import Event
from tests.dashboard.pages.test_pages_reach import violations
from tests.journeys import test_browser as browser
from tests.tools.stores import words_town
from tests.tools.towns.cycle_town import publish

pytestmark = pytest.mark.browser
#: what every test in a browser rests on
browser_is_there, browser_type_launch_args = browser.browser_is_there, browser.browser_type_launch_args
browser_context_args, shared_context = browser.browser_context_args, browser.shared_context
context, watched = browser.context, browser.watched

#: what is marked, whether it has the focus, and what is said of it
MARKED = """() => {
    const marked = [...document.querySelectorAll('#main [aria-invalid=true]')], one = marked[0];
    const said = one && one.getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id));
    return one ? [marked.length, one.id || one.closest('[id]').id, one === document.activeElement, said.at(-1).innerText] : [];
}"""


def of(kind: str, **named: object) -> str:
    """A component's id, as the page has it."""
    return json.dumps({**named, "type": kind}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def step(name: str) -> str:
    return of("cycle-field", name=name)


#: where a form is, what is typed into it (id → text), its button, and the field that is wrong with it
Sent = tuple[str, Mapping[str, str], str, str]
ENTRY = f"/indicators?at=C1~{default_scheme().scored_indicators[0].code}"
LONG = "长" * 2001
CASES: dict[str, list[Sent]] = {
    "pay-enter": [
        ("/awards", {}, "pay-enter", "pay-community"),
        ("/awards", {"pay-community": "甲社区"}, "pay-enter", "pay-amount"),
        ("/awards", {"pay-community": "甲社区", "pay-amount": "5"}, "pay-enter", "pay-date"),
        ("/awards", {"pay-community": "甲社区", "pay-amount": "5", "pay-date": "昨天"}, "pay-enter", "pay-date"),
        (
            "/awards",
            {"pay-community": "甲社区", "pay-amount": "很多", "pay-date": "2014-12-31"},
            "pay-enter",
            "pay-amount",
        ),
        (
            "/awards",
            {"pay-community": "甲社区", "pay-amount": "5", "pay-date": "2014-12-31"},
            "pay-enter",
            "pay-voucher",
        ),
    ],
    "pay-back": [
        ("/awards", {}, "pay-back", "pay-number"),
        ("/awards", {"pay-number": "第一"}, "pay-back", "pay-number"),
        ("/awards", {"pay-number": "1"}, "pay-back", "pay-reason"),
        ("/awards", {"pay-number": "1", "pay-reason": "错"}, "pay-back", "pay-approver"),
    ],
    "fund-enter": [
        ("/awards", {}, "fund-enter", "fund-amount"),
        ("/awards", {"fund-amount": "-1"}, "fund-enter", "fund-amount"),
        ("/awards", {"fund-amount": "1", "fund-date": "昨天"}, "fund-enter", "fund-date"),
    ],
    "cycle-submit": [
        ("/cycle?do=veto", {}, "cycle-submit", step("community")),
        ("/cycle?do=objection", {step("community"): "甲社区"}, "cycle-submit", step("reason")),
        ("/cycle?do=publicise", {step("date"): "昨天", step("until"): "明天"}, "cycle-submit", step("date")),
        ("/cycle?do=import", {step("workbook"): "申报表"}, "cycle-submit", step("file")),
        ("/cycle?do=withdraw", {step("community"): "甲社区", step("reason"): LONG}, "cycle-submit", step("reason")),
    ],
    "scheme-submit": [("/scheme", {}, "scheme-submit", "scheme-file")],
    "entry-save": [
        (
            ENTRY,
            {of("entry-field", name="date"): "昨天"},
            of("entry-save", then="stay"),
            of("entry-field", name="date"),
        ),
        (ENTRY, {of("entry-field", name="note"): LONG}, of("entry-save", then="stay"), of("entry-field", name="note")),
    ],
    "entry-judge": [(ENTRY, {}, of("entry-judge", outcome="return"), "entry-review-reason")],
    "account-add": [
        ("/administration", {}, "account-add", "account-name"),
        ("/administration", {"account-name": "王"}, "account-add", "account-name"),
        ("/administration", {"account-name": "王芳", "account-role": "领导"}, "account-add", "account-role"),
    ],
    "program-add": [
        ("/administration", {}, "program-add", "program-name"),
        ("/administration", {"program-name": "报表"}, "program-add", "program-role"),
        ("/administration", {"program-name": "王", "program-role": "领导"}, "program-add", "program-name"),
        ("/administration", {}, "program-revoke", "program-which"),
    ],
    "todo-save": [("/todo", {of("todo-date", name="values"): "明天"}, "todo-save", of("todo-date", name="values"))],
    "words-list-save": [
        (
            "/answers/words",
            {of("word-name", code=-1): "停车", of("word-name", code=-2): "停车"},
            "words-list-save",
            of("word-name", code=-1),
        ),
        ("/answers/words", {of("word-name", code=-2): LONG[:99]}, "words-list-save", of("word-name", code=-2)),
    ],
    "bank-take": [
        ("/questionnaire/bank", {}, of("bank-take", of="bank"), "boxes"),
    ],
    "view-save": [
        ("/answers", {"view-name": ""}, "view-save", "view-name"),
        ("/answers", {"view-name": LONG[:61]}, "view-save", "view-name"),
    ],
    "removal-look": [
        ("/import", {}, "removal-look", of("removal-field", name="respondent")),
        ("/import", {of("removal-field", name="row"): "x"}, "removal-look", of("removal-field", name="row")),
    ],
}
#: the address of a dashboard, and its store
Place = tuple[str, Store]
#: forms whose lines come with a file: the test of the page brings one
ELSEWHERE = {"decide"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A published town that has paid nothing yet of a title."""
    store = publish(Store.open(tmp_path_factory.mktemp("forms") / "town.db", create=True))
    with store.write() as conn:
        cycle.append(conn, Event("title", 2014, "C1", star=3, outcome="first", subject="history", date="2014-12-20"))
    for base in browser.running(create_app(store)):
        yield base, store
    store.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A town whose people wrote."""
    store = words_town.make(Store.open(tmp_path_factory.mktemp("forms") / "words.db", create=True))
    for base in browser.running(create_app(store)):
        yield base, store
    store.close()


def test_every_form_of_every_page_is_walked():
    assert {form.buttons[0] for page in PAGES for form in page.sent} == set(CASES) | ELSEWHERE


@pytest.mark.parametrize("form", list(CASES))
def test_the_field_that_is_wrong_is_marked(watched, town, written, form):
    for case in CASES[form]:
        marked(watched, written if form == "words-list-save" else town, *case)


@pytest.mark.parametrize("do", [do for do in FIELDS if do not in ("close", "persons", "correct", "review", "name")])
def test_a_step_that_is_sent_empty_marks_the_first_field_that_it_needs(watched, town, do):
    """Those left out need nothing that is typed: one presses and is told whether it may be."""
    page = opened(watched, town, f"/cycle?do={do}")
    press(page, "cycle-submit")
    assert page.evaluate(MARKED)[0] == 1


def marked(watched: Any, base: Place, path: str, typed: Mapping[str, str], button: str, wanted: str) -> None:
    page = opened(watched, base, path)
    for name, text in typed.items():
        part = page.locator(f"[id={json.dumps(name)}]")
        if part.get_attribute("aria-haspopup") == "listbox":
            part.click()
            page.get_by_role("option", name=text).first.click()
        else:
            part.fill(text)
            part.press("Tab")
    page.wait_for_timeout(450)  # what is typed is sent a moment later
    press(page, button)
    count, name, focused, said = page.evaluate(MARKED)
    assert (count, focused, bool(said.strip())) == (1, True, True), said
    assert name == wanted or wanted == "boxes", said


def opened(watched: Any, place: Place, path: str) -> Any:
    base, store = place
    with store.write() as conn:  # what was typed into a form before stands in it still
        conn.execute(delete(drafts))
    watched.page.set_default_timeout(120_000)  # a busy machine takes its time
    page = watched.open(f"{base}{path}{'&' if '?' in path else '?'}lang=zh&year=2014")
    page.wait_for_selector("#main h1", state="attached")
    page.evaluate("document.querySelectorAll('#main details').forEach(one => one.open = true)")
    return page


def press(page: Any, button: str) -> None:
    page.locator(f"[id={json.dumps(button)}]").click()
    page.wait_for_selector("#main [aria-invalid=true]")


@pytest.mark.parametrize(
    "path",
    ["/awards", "/cycle?do=veto", ENTRY, "/todo", "/administration", "/find?find=社区", "/scheme", "/answers/words"],
)
def test_axe_finds_nothing_where_forms_are_unfolded(watched, town, written, path):
    """The walk of all pages is of a store without titles, values and answers in words: many of their forms are not there."""
    page = opened(watched, written if path == "/answers/words" else town, path)
    page.wait_for_timeout(300)
    assert violations(page) == []


def test_what_is_typed_anew_is_wrong_no_more_until_it_is_sent(watched, town):
    page = opened(watched, town, "/awards")
    press(page, "fund-enter")
    page.locator("#fund-amount").fill("5")
    assert page.evaluate(MARKED) == []
    assert page.locator("#fund-amount").get_attribute("aria-describedby") is None
