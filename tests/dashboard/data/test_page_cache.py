"""A page is made once, however many ask for it at the same time; nobody waits longer than they said."""

from __future__ import annotations

import contextvars
import threading

import pytest

from dashboard.data.page_cache import Kept


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


def test_a_failure_is_told_to_all_and_not_kept():
    kept = Kept(2)

    def fails():
        raise OSError("gone")

    for ask in (kept.get, lambda key, make: kept.get_within(key, make, 30.0)):
        with pytest.raises(OSError, match="gone"):
            ask("a", fails)
    assert kept.get("a", lambda: "there again") == "there again"
