"""The demonstration brings the sample in once, goes on where it was interrupted, and touches nobody's own data."""

from __future__ import annotations

import pytest

from dashboard import demonstration
from survey.commands.console import Session
from survey.core.errors import Refused
from survey.store import Store, settings
from survey.store.intake import batches
from tests.tools.templates import initialised


@pytest.fixture
def session():
    return Session("demo.db", "zh", False)


def numbers(place):
    store = Store.open(place)
    with store.read() as conn:
        found = [(b.kind, b.file, b.counts["stored"]) for b in batches.listing(conn)]
    store.close()
    return found


@pytest.mark.slow
def test_an_interrupted_demonstration_goes_on_where_it_stopped(session, tmp_path):
    place = tmp_path / "demo.db"
    first = demonstration.load(session, place)
    assert sum(r["stored"] for r in first if r["file"].endswith(".csv")) > 2000
    before = numbers(place)
    assert {kind for kind, _, _ in before} == {"answers", "indicators"}
    assert demonstration.load(session, place) == []  # complete: left as it is
    store = Store.open(place)
    with store.write() as conn:
        settings.put(conn, "sample_complete", "0")  # as if it had been stopped before the end
    store.close()
    again = demonstration.load(session, place)
    assert [r["stored"] for r in again if r["file"].startswith("示例")] == [0] * 17
    assert numbers(place) == before


def test_the_sample_never_enters_a_store_of_ones_own(session, tmp_path):
    place = tmp_path / "mine.db"
    store = Store.open(place, create=True)
    initialised(store)
    store.close()
    with pytest.raises(Refused) as error:
        demonstration.load(session, place)
    assert error.value.key == "cli.demo_foreign"
    assert numbers(place) == []
