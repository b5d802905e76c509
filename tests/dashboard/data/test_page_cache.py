"""A page is made once, however many ask for it at the same time; nobody waits longer than they said."""

from __future__ import annotations

import contextvars
import dataclasses
import threading

import pytest

from dashboard.data import page_cache
from dashboard.data.page_cache import Kept, Watched, standing
from dashboard.web.access import Viewer
from survey.core import limits
from survey.store.audit import LOCAL


def test_the_last_ones_are_kept():
    kept, made = Kept(2), []
    for key in ("a", "b", "a", "c", "a", "b"):
        assert kept.get(key, lambda key=key: made.append(key) or key) == key
    assert made == ["a", "b", "c", "b"]


def test_who_asks_meanwhile_waits_for_the_same_one():
    kept, made, go = Kept(2), [], threading.Event()

    def slow():
        made.append(1)
        assert go.wait(30)
        return "page"

    got = []
    threads = [threading.Thread(target=lambda: got.append(kept.get("a", slow))) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert kept.get_within("a", slow, 0.01) is None
    go.set()
    for thread in threads:
        thread.join(30)
    assert (got, made) == (["page"] * 4, [1])


def test_what_took_too_long_is_there_for_the_next():
    kept, go, said = Kept(2), threading.Event(), contextvars.ContextVar("said", default="nothing")
    said.set("page")

    def slow():
        assert go.wait(30)
        return said.get()

    assert kept.get_within("a", slow, 0.01) is None
    go.set()
    assert kept.get("a", lambda: "made again") == "page"
    assert kept.get_within("a", lambda: "made again", 1.0) == "page"


def test_who_may_goes_on_with_what_stood_before_while_one_new_state_is_made():
    kept, made, go = Kept(9), [], threading.Event()

    def slow(name):
        made.append(name)
        assert go.wait(30)
        return name

    def ask(state, seconds=30.0, at_most=None):
        return kept.get_or_before(("page", state), "page", lambda: slow(state), seconds, at_most)

    assert ask(1, at_most=0.01) is None  # nothing stood before: whoever can't wait is given nothing
    assert ask(2, at_most=0.01) is None
    go.set()
    assert ask(2) == 2
    go.clear()
    assert ask(3, seconds=0.01) == 2  # waited for a moment
    assert ask(3) == ask(4) == 2  # not at all: the third is being made
    assert made == [1, 2, 3]
    go.set()
    assert kept.get(("page", 3), lambda: "made again") == 3
    assert (ask(3), ask(5), ask(5), made) == (3, 5, 5, [1, 2, 3, 5])


def test_of_states_that_followed_each_other_only_the_last_is_made():
    kept, made, go, stands = Kept(9), [], threading.Event(), [1]

    def make(state):
        made.append(state)
        if state == "other":
            assert go.wait(30)
        return state

    def ask(of, state, seconds=0.01):
        again = (lambda: (("page", stands[0]), lambda: make(stands[0]))) if of == "page" else None
        return kept.get_or_before((of, state), of, lambda: make(state), seconds, None, again)

    assert (ask("page", 1), ask("another", "first")) == (1, "first")
    assert ask("another", "other") == "first"  # it is being made, and what is asked for now waits for it
    stands[0] = 2
    assert ask("page", 2) == 1
    stands[0] = 3
    assert ask("page", 3) == 1
    go.set()
    while ask("page", 3, 30.0) != 3:
        pass
    assert made == [1, "first", "other", 3]
    assert ask("page", 4, 0.0) in (3, 4)  # what was made last is what stood before


def test_what_stood_long_ago_is_given_to_nobody(monkeypatch):
    kept, at, go = Kept(9), [0.0], threading.Event()
    monkeypatch.setattr(page_cache.time, "monotonic", lambda: at[0])
    monkeypatch.setattr(limits, "PAGE_BEFORE_SECONDS", 60.0)

    def ask(state, make=lambda: None):
        return kept.get_or_before(("page", state), "page", lambda: make() or state, 0.01)

    assert ask(1) == 1
    at[0] = 1000.0
    assert ask(1) == 1  # it still stands
    at[0] = 1050.0
    assert ask(2, lambda: go.wait(30) and None) == 1
    assert ask(2) == 1
    at[0] = 1061.0
    threading.Timer(0.05, go.set).start()
    assert ask(2) == 2  # waited for


def test_a_new_state_that_fails_is_told_and_the_one_before_stays():
    kept = Kept(9)

    def fails():
        raise OSError("gone")

    assert kept.get_or_before("a1", "a", lambda: 1, 9.0) == 1
    with pytest.raises(OSError, match="gone"):
        kept.get_or_before("a2", "a", fails, 9.0)
    assert kept.get_or_before("a3", "a", lambda: 3, 9.0) == 3


def test_what_was_dropped_meanwhile_is_waited_for():
    kept = Kept(1)
    assert kept.get_or_before("a1", "a", lambda: 1, 9.0) == 1
    assert kept.get("b", lambda: "b") == "b"
    assert kept.get_or_before("a2", "a", lambda: 2, 0.0) == 2


def test_what_is_there_is_given_though_nobody_more_may_wait(monkeypatch):
    monkeypatch.setattr(page_cache, "WAITING", 0)  # every place to wait is taken
    kept = Kept(9)
    assert kept.get_or_before("a1", "a", lambda: 1, 9.0) == 1
    assert kept.get("a2", lambda: 2) == 2
    assert kept.get_or_before("a2", "a", lambda: "made again", 9.0) == 2
    assert kept.get_or_before("a1", "a", lambda: "made again", 9.0) == 1


def test_a_failure_is_told_to_all_and_not_kept():
    kept = Kept(2)

    def fails():
        raise OSError("gone")

    for ask in (kept.get, lambda key, make: kept.get_within(key, make, 30.0)):
        with pytest.raises(OSError, match="gone"):
            ask("a", fails)
    assert kept.get("a", lambda: "there again") == "there again"


PLACES = {"C1": ("东街", "甲区"), "C2": ("西街", "甲区")}


def watched(**scope):
    return Watched.of(Viewer("甲", "leader", register=lambda year: PLACES, **scope))


def test_what_asks_who_looks_is_noted_however_it_asks():
    for ask in (lambda v: v.user, lambda v: v == v, hash, lambda v: dataclasses.replace(v, address="x"), repr):
        viewer = watched()
        ask(viewer)
        assert viewer.asked


def test_what_only_asks_what_may_be_seen_is_not():
    viewer = watched(streets=frozenset({"东街"}))
    assert [viewer.at(2014).sees(code) for code in PLACES] == [True, False]
    assert (viewer.role, viewer.at(2014).communities, viewer.answers_for("民政局")) == (
        "leader",
        frozenset({"C1"}),
        True,
    )
    assert not viewer.asked
    assert viewer.at(2014).user == "甲"
    assert viewer.asked


def test_who_stands_alike_sees_alike():
    one = Viewer("甲", "leader", frozenset({"C1"}))
    assert standing(one) == standing(dataclasses.replace(one, user="乙", address="10.0.0.1"))
    others = [{"role": "analyst"}, {"communities": None}, {"streets": frozenset({"东街"})}, {"user": LOCAL}]
    others += [{"districts": frozenset({"甲区"})}, {"offices": frozenset()}]
    found = {standing(dataclasses.replace(one, **other)) for other in others}
    assert len(found | {standing(one)}) == len(others) + 1
