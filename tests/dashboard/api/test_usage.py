"""The record of what programs read: the first use, then one line an hour that says how often; single persons each time."""

from datetime import timedelta

import pytest

from dashboard.api import usage as module
from dashboard.api.usage import Usage
from dashboard.web.access import Viewer
from survey.core import limits
from survey.store import audit
from survey.store.engine.base import now
from tests.tools.dashboard_tools import small_store

WHO = Viewer("program:报表", "leader")


@pytest.fixture
def town(sqlite_store):
    return small_store(sqlite_store)


def lines(store):
    with store.read() as conn:
        return [(e.subject, e.outcome, dict(e.detail)) for e in reversed(audit.listing(conn, action="api"))]


def test_the_numbers_of_the_lines_add_up_to_the_uses_before_the_last_one(town, monkeypatch):
    moment, usage = [now()], Usage()
    monkeypatch.setattr(module, "now", lambda: moment[0])
    for passed in (0, 1, 2, limits.PROGRAM_LINE_SECONDS, 5):
        moment[0] += timedelta(seconds=passed)
        usage.note(town, WHO, "/a", {}, single=False, refused=False)
    assert lines(town) == [("/a", "done", {"requests": 1}), ("/a", "done", {"requests": 3})]


def test_addresses_readers_and_outcomes_are_told_apart(town):
    usage = Usage()
    for address, refused in (("/a", False), ("/b", False), ("/a", True), ("/a", True)):
        usage.note(town, WHO, address, {}, single=False, refused=refused)
    usage.note(town, Viewer("王芳", "leader"), "/a", {}, single=False, refused=False)
    assert [line[:2] for line in lines(town)] == [("/a", "done"), ("/b", "done"), ("/a", "refused"), ("/a", "done")]


def test_what_tells_of_single_persons_is_a_line_each_time_with_what_was_asked(town):
    usage = Usage()
    for item in ("A1", "A2", "A2"):
        usage.note(town, WHO, "/rows", {"item": item}, single=True, refused=False)
    assert [line[2] for line in lines(town)] == [{"item": "A1"}, {"item": "A2"}, {"item": "A2"}]


def test_without_a_store_or_in_one_that_is_read_only_nothing_is_written(town, monkeypatch):
    Usage().note(None, WHO, "/a", {}, single=True, refused=False)
    monkeypatch.setattr(type(town), "read_only", True)
    Usage().note(town, WHO, "/a", {}, single=True, refused=False)
    assert lines(town) == []
