"""Entries about tasks: the newest counts, nothing is lost, what says nothing new is not kept."""

from __future__ import annotations

import pytest

from survey.core.errors import Refused
from survey.store import audit
from survey.store.year import register, tasks
from survey.store.year.tasks import Task


@pytest.fixture
def town(store):
    with store.write() as conn:
        register.save(conn, [register.Community("A1", "桂花"), register.Community("A2", "梅园")])
    return store


def test_the_newest_entry_counts_and_every_one_is_kept(town):
    first = Task(2013, "A1", "objective", "ST02", "每周巡查", "张三", "2014-06-30", "not_started")
    with town.write() as conn:
        assert tasks.enter(conn, [first], who="李", file="a.xlsx") == 1
    with town.write() as conn:
        assert tasks.enter(conn, [first], who="王") == 0  # nothing new
        assert (
            tasks.enter(conn, [Task(2013, "A1", "objective", "ST02", "每日巡查", "张三", "2014-06-30", "under_way")])
            == 1
        )
    with town.read() as conn:
        found = tasks.current(conn, 2013)["A1", "objective", "ST02"]
        assert (found.action, found.progress, found.who) == ("每日巡查", "under_way", "")
        assert [(x.action, x.who, x.file) for x in tasks.history(conn, 2013)] == [
            ("每周巡查", "李", "a.xlsx"),
            ("每日巡查", "", ""),
        ]
        assert all(x.at is not None for x in tasks.history(conn, 2013))
        assert tasks.current(conn, 2014) == {}
        assert tasks.years(conn) == [2013]
        assert [e.action for e in audit.listing(conn)] == ["tasks", "tasks"]


def test_an_entry_that_is_emptied_is_no_task_any_more(town):
    with town.write() as conn:
        assert tasks.enter(conn, [Task(2013, "A2", "subjective", "D2")]) == 0
        tasks.enter(conn, [Task(2013, "A2", "subjective", "D2", "办节")])
        assert tasks.enter(conn, [Task(2013, "A2", "subjective", "D2")]) == 1
        assert tasks.current(conn, 2013) == {}
        assert len(tasks.history(conn, 2013)) == 2


def test_a_community_that_is_not_there_is_refused(town):
    with pytest.raises(Refused), town.write() as conn:
        tasks.enter(conn, [Task(2013, "A1", "objective", "a", "x"), Task(2013, "B9", "objective", "a", "x")])
    with town.read() as conn:
        assert tasks.history(conn, 2013) == []
