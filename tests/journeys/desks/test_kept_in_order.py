"""What is typed into a form is kept in the order in which it was typed, however long one keeping takes."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import expect

from dashboard.pages.entry import service
from survey.store import drafts
from tests.journeys import test_browser as browser
from tests.journeys.desks import test_two_at_once as desks
from tests.journeys.year import test_roles as roles

pytestmark = pytest.mark.browser
browser_is_there, browser_type_launch_args = browser.browser_is_there, browser.browser_type_launch_args
browser_context_args, shared_context = browser.browser_context_args, browser.shared_context
context = browser.context
keys, patient, opened = roles.keys, roles.patient, roles.opened
AT = f"SL02~{roles.COUNTED}"


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeping a value without evidence takes as long as a store that is busy."""
    kept = service.note

    def note(viewer: Any, store: Any, year: int, at: str, said: Any, seen: int | None = None) -> None:
        if "evidence" not in said:
            time.sleep(2)
        kept(viewer, store, year, at, said, seen)

    monkeypatch.setattr(service, "note", note)


def typed(page: Any, office: str, at: str, value: str) -> Any:
    """The form with a value the keeping of which is under way."""
    here = desks.at(page, office, "经办", f"/indicators?year=2014&at={at}")
    with here.expect_request(lambda r: "entry-preview" in (r.post_data or "")):
        here.get_by_label("百分数").fill(value)
    return here


def kept(store: Any, at: str) -> dict[str, str] | None:
    """What is kept of the form of a value."""
    with store.read() as conn:
        found = drafts.read(conn, "经办", f"indicators/2014/{at}")
    return None if found is None else {name: word for name, word in found.said.items() if name in ("value", "evidence")}


def test_what_is_typed_while_older_words_are_being_kept_stays(page, opened, slow):
    office, store = opened
    at = f"SL02~{roles.COUNTED}"
    here = typed(page, office, at, "55")
    with here.expect_response(desks.keeps("后写的")):
        here.get_by_label("依据（").first.fill("后写的")
    assert kept(store, at) == {"value": "55", "evidence": "后写的"}
    here.reload()
    expect(here.get_by_label("依据（").first).to_have_value("后写的")


def test_words_that_are_still_being_kept_do_not_come_back_after_the_form_is_sent(page, opened, slow):
    office, store = opened
    at = f"SL03~{roles.COUNTED}"
    here = typed(page, office, at, "65")
    here.get_by_role("button", name="保存", exact=True).click()
    here.locator(".entry-form").get_by_text("已填待复核").first.wait_for()
    assert kept(store, at) is None


def test_a_page_that_is_left_sends_what_waits(page, opened, slow):
    office, store = opened
    at = f"SL02~{roles.COUNTED}"
    here = typed(page, office, at, "75")
    here.get_by_label("依据（").first.fill("临走写的")
    here.wait_for_timeout(400)
    here.goto(f"{office}/community?year=2014&lang=zh")
    here.locator("#main h1").first.wait_for()
    here.wait_for_timeout(3000)  # what was being kept when the page was left has long ended
    assert kept(store, at) == {"value": "75", "evidence": "临走写的"}
