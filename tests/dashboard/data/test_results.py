"""One reader computes; nobody else waits who has something to read."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace

import pytest

from analysis.publication import snapshots
from dashboard.data import results
from dashboard.data.results import StoreSource
from survey.core import limits
from survey.store import settled
from tests.tools.towns.fake_results import fake_results


@pytest.fixture
def source(monkeypatch):
    """A source whose data version is ``mark[0]`` and whose computing waits for ``go`` from the second time on."""
    stored = StoreSource(None)
    mark, go, begun, calls = ["1"], threading.Event(), threading.Event(), []
    monkeypatch.setattr(stored, "_mark", lambda year: mark[0])
    monkeypatch.setattr(stored, "decided", lambda: (1,))

    def compute(store, year):
        calls.append(mark[0])
        if len(calls) > 1:
            begun.set()
            assert go.wait(10)
        return replace(fake_results(year))

    monkeypatch.setattr(snapshots, "results", compute)
    return stored, mark, go, begun, calls


def test_a_year_is_computed_once_a_version(source):
    stored, _, _, _, calls = source
    assert stored.results(2014) is stored.results(2014)
    assert calls == ["1"]


def test_readers_go_on_with_the_old_results_while_one_computes(source):
    stored, mark, go, begun, calls = source
    old = stored.results(2014)
    mark[0] = "2"
    fresh = []
    worker = threading.Thread(target=lambda: fresh.append(stored.results(2014)))
    worker.start()
    assert begun.wait(10)
    assert stored.results(2014) is old  # does not wait
    assert stored.snapshot(2014) == "1"  # and no page with the old numbers is kept as one of the new
    go.set()
    worker.join(10)
    assert stored.results(2014) is fresh[0]
    assert calls == ["1", "2"]


def test_a_failure_leaves_the_way_free(source, monkeypatch):
    stored, mark, _, _, _ = source
    old = stored.results(2014)
    mark[0] = "2"
    monkeypatch.setattr(snapshots, "results", lambda store, year: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        stored.results(2014)
    mark[0] = "1"
    assert stored.results(2014) is old


# ── Who may go on with what stood


def version(number, **more):
    return json.dumps({"data_version": number, "previous_version": 1, "scheme": "default", **more})


@pytest.fixture
def going(source, monkeypatch):
    """The source with its first results, those of the second version waiting for ``go``; what pages show besides counted."""
    stored, mark, *_ = source
    monkeypatch.setattr(results, "method_changes", lambda store, year, found: frozenset({mark[0]}))
    mark[0] = version(1)
    with settled.going_on():
        assert stored.as_of(10) == 10
        first = stored.results(2014)
        assert stored.method_changes(2014) == {version(1)}
    mark[0] = version(2)
    return (*source, first)


def until(true):
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_who_goes_on_waits_for_no_computing_and_has_it_done_once(going):
    stored, _, go, begun, calls, first = going
    with settled.going_on():
        assert stored.results(2014) is first
        assert begun.wait(10)
        assert [stored.results(2014), stored.snapshot(2014)] == [first, version(1)]
        assert stored.method_changes(2014) == {version(1)}  # of the results that are shown
        assert stored.as_of(11) == 10  # nothing else of a page is newer than they are
    assert stored.as_of(11) == 11  # but for who does not go on
    go.set()
    with settled.going_on():
        until(lambda: stored.results(2014) is not first)
        until(lambda: stored.as_of(11) == 11)
        assert stored.method_changes(2014) == {version(2)}
    assert calls == [version(1), version(2)]


@pytest.mark.parametrize("how", ["decided", "scheme", "long ago"])
def test_only_answers_that_just_came_are_shown_late(going, monkeypatch, how):
    stored, mark, go, _, calls, first = going
    if how == "decided":
        monkeypatch.setattr(stored, "decided", lambda: (2,))
    elif how == "scheme":
        mark[0] = version(2, scheme="other")
    else:
        monkeypatch.setattr(limits, "RESULTS_BEFORE_SECONDS", -1.0)
        with settled.going_on():
            assert stored.results(2014) is first  # whoever has them computed waits for nobody
    go.set()
    with settled.going_on():
        if how == "long ago":
            until(lambda: stored.results(2014) is not first)
        assert stored.results(2014) is not first
    assert len(calls) == 2


def test_what_cannot_be_computed_beside_is_told_to_who_asks_next(going, monkeypatch):
    stored, _, _, _, _, first = going
    monkeypatch.setattr(snapshots, "results", lambda store, year: 1 / 0)
    with settled.going_on():
        assert stored.results(2014) is first
        until(lambda: not stored._beside)
        with pytest.raises(ZeroDivisionError):
            stored.results(2014)
