"""Whether what was read of one community's values still stands, so that it need not be read again while others wait to write."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.publication.new_store import initialise
from survey.store import Store, audit, change_mark
from survey.store.intake import batches, reinstatement
from survey.store.year import indicators, register, reviews, schemes


@pytest.fixture
def town(store: Store) -> Store:
    """Two communities with one value of the first, on both databases."""
    initialise(store)
    with store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区"), register.Community("C2", "乙社区")])
        brought(conn, "C1", "a")
    return store


def brought(conn, community: str, name: str, year: int = 2014) -> int:
    """One value in a batch of its own."""
    batch = batches.record(conn, kind="entry", target="default", file="", file_hash=name, sheet=str(year), who="李")
    frame = pd.DataFrame([{"community_code": community, "indicator": "ZZ03", "value": 4.0}])
    indicators.append(conn, batch, year, frame)
    return batch


def seen(town: Store) -> change_mark.Moment:
    with town.read() as conn:
        return change_mark.moment(conn)


def moved(town: Store, at: change_mark.Moment) -> bool:
    with town.read() as conn:
        return change_mark.values_moved(conn, at, 2014, ["C1"])


def test_what_others_bring_of_other_places_moves_nothing(town: Store):
    at = seen(town)
    with town.write() as conn:
        brought(conn, "C2", "b")
        brought(conn, "C1", "c", 2013)
        batches.record(conn, kind="answers", target="q", file="答卷.csv", file_hash="d", who="王")
        audit.record(conn, "王", "sign in", "王")
    assert not moved(town, at)


def test_a_value_of_the_place_moves_it(town: Store):
    at = seen(town)
    with town.write() as conn:
        brought(conn, "C1", "b")
    assert moved(town, at)
    assert not moved(town, seen(town))


def test_what_is_taken_back_reviewed_or_judged_otherwise_moves_it(town: Store):
    at = seen(town)
    with town.write() as conn:
        reinstatement.undo(conn, 1, "李")
    assert moved(town, at)
    at = seen(town)
    with town.write() as conn:
        reinstatement.redo(conn, 1, "李")
    assert moved(town, at)
    at = seen(town)
    with town.write() as conn:
        reviews.save(conn, 2014, "approve", reviews.standings(conn, 2014).values(), "王")
    assert moved(town, at)
    at = seen(town)
    with town.write() as conn:
        schemes.add(conn, "other", 2014, {"code": "other"})
    assert moved(town, at)


def test_answers_alone_decide_nothing(town: Store):
    def decided():
        with town.read() as conn:
            return change_mark.decided(conn)

    at = decided()
    with town.write() as conn:
        batch = batches.record(conn, kind="answers", target="q", file="答卷.csv", file_hash="d", who="王")
        audit.record(conn, "王", "download", "/download/tasks")
    assert decided() == at
    moves = (
        lambda conn: reinstatement.undo(conn, batch, "王"),
        lambda conn: reinstatement.redo(conn, batch, "王"),
        lambda conn: brought(conn, "C2", "b"),
        lambda conn: batches.record(conn, kind="register", target="", file="名册.xlsx", file_hash="r", who="王"),
        lambda conn: audit.record(conn, "王", "remove", "batch 2"),
        lambda conn: audit.record(conn, "王", "close", "2014"),
        lambda conn: schemes.add(conn, "other", 2014, {"code": "other"}),
    )
    for move in moves:
        before = decided()
        with town.write() as conn:
            move(conn)
        assert decided() != before


def test_another_register_moves_it(town: Store):
    at = seen(town)
    with town.write() as conn:
        batches.record(conn, kind="register", target="", file="名册.csv", file_hash="r", who="王")
    assert moved(town, at)
