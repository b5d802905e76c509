"""One reader computes; nobody else waits who has something to read."""

from __future__ import annotations

import threading

import pytest

from analysis.publication import snapshots
from dashboard.data.results import StoreSource
from tests.tools.towns.fake_results import fake_results


@pytest.fixture
def source(monkeypatch):
    """A source whose data version is ``mark[0]`` and whose computing waits for ``go`` from the second time on."""
    stored = StoreSource(None)
    mark, go, begun, calls = ["1"], threading.Event(), threading.Event(), []
    monkeypatch.setattr(stored, "_mark", lambda year: mark[0])

    def compute(store, year):
        calls.append(mark[0])
        if len(calls) > 1:
            begun.set()
            assert go.wait(10)
        return fake_results(year)

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
