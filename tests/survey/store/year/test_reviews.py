"""Reviews are about what counted when they were made: a change waits again, a redo brings the review back."""

from __future__ import annotations

import pytest

from survey.core.errors import Refused
from survey.store import Store, audit
from survey.store.intake import batches, reinstatement
from survey.store.year import reviews, years
from tests.tools.stores.store_data import brought


def state(store: Store) -> str:
    with store.read() as conn:
        standing = reviews.standings(conn, 2013).get(("A01", "1.1"))
    return standing.state if standing else "empty"


def review(store: Store, outcome: str, who: str = "王", reason: str = "") -> None:
    with store.write() as conn:
        reviews.save(conn, 2013, outcome, reviews.standings(conn, 2013).values(), who, reason)


def test_a_change_waits_again_and_an_undo_brings_the_review_back(sqlite_store: Store):
    assert state(sqlite_store) == "empty"
    brought(sqlite_store, {"self_score": 9.0})
    assert state(sqlite_store) == "empty"  # points never rest on a self-score
    brought(sqlite_store, {"value": 3.0})
    assert state(sqlite_store) == "entered"
    review(sqlite_store, "approve")
    brought(sqlite_store, {"self_score": 8.0})
    assert state(sqlite_store) == "reviewed"
    changed = brought(sqlite_store, {"value": 4.0})
    assert state(sqlite_store) == "entered"
    review(sqlite_store, "return", reason="与台账不符")
    assert state(sqlite_store) == "returned"
    with sqlite_store.write() as conn:
        batches.undo(conn, changed)
    assert state(sqlite_store) == "reviewed"
    with sqlite_store.write() as conn:
        reinstatement.redo(conn, changed)
    assert state(sqlite_store) == "returned"
    with sqlite_store.read() as conn:
        past = reviews.log(conn, 2013, "A01", "1.1")
        assert [e.action for e in audit.listing(conn) if e.action.startswith("indicators")] == [
            "indicators return",
            "indicators approve",
        ]
    assert [(r["outcome"], r["who"], r["reason"]) for r in past] == [
        ("approve", "王", ""),
        ("return", "王", "与台账不符"),
    ]


def test_who_entered_and_the_batches_are_known(sqlite_store: Store):
    first = brought(sqlite_store, {"value": 3.0})
    second = brought(sqlite_store, {"assessor": "王", "assessor_score": 9.0})
    with sqlite_store.read() as conn:
        (standing,) = reviews.standings(conn, 2013).values()
    assert standing.batches == {first, second}
    assert standing.entered_by == {""}


def test_a_closed_year_takes_no_review(sqlite_store: Store):
    brought(sqlite_store, {"value": 3.0})
    with sqlite_store.write() as conn:
        years.close(conn, 2013)
        with pytest.raises(Refused, match="2013 年已关闭"):
            reviews.save(conn, 2013, "approve", reviews.standings(conn, 2013).values(), "王")
