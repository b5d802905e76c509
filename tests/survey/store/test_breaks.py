"""The chain of the audit record: whatever is done to an entry by hand is found and named, with its number."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from survey.store import Store, audit, breaks
from survey.store.breaks import Break
from survey.store.engine import chain
from survey.store.engine.base import now
from survey.store.engine.tables import audit as table
from survey.store.engine.tables import counters

N = 8


@pytest.fixture
def written(sqlite_store: Store) -> Store:
    with sqlite_store.write() as conn:
        for i in range(N):
            audit.record(conn, "李", "import", f"batch {i}", {"n": i, "share": 0.1, "names": ["甲", None]})
    return sqlite_store


def checked(store: Store, known: tuple[int, str] | None = None) -> breaks.Checked:
    with store.read() as conn:
        return breaks.check(conn, known)


def numbers(store: Store) -> list[int]:
    with store.read() as conn:
        return list(conn.execute(select(table.c.id).order_by(table.c.id)).scalars())


def test_what_was_only_added_to_is_whole(written: Store):
    found = checked(written)
    assert found.breaks == ()
    assert found.entries == N
    assert found.newest == numbers(written)[-1]
    with written.read() as conn:
        assert found.head == audit.listing(conn, 1)[0].chain
    assert checked(written, (found.newest, found.head)).breaks == ()
    with written.write() as conn:  # what was noted stays true when more is added
        audit.record(conn, "李", "undo", "batch 3")
    assert checked(written, (found.newest, found.head)).breaks == ()


def swap(conn: Connection, first: int, second: int) -> None:
    for before, after in ((first, -1), (second, first), (-1, second)):
        conn.execute(update(table).where(table.c.id == before).values(id=after))


def rewrite(conn: Connection, number: int) -> None:
    """All of it anew from an entry on, as a program would that knows how."""
    rows = [dict(r) for r in conn.execute(select(table).order_by(table.c.id)).mappings()]
    before = ""
    for row in rows:
        row["who"] = "王" if row["id"] == number else row["who"]
        before = chain.link(before, row)
        conn.execute(update(table).where(table.c.id == row["id"]).values(who=row["who"], chain=before))


def set_to(number: int, **values: object) -> Callable[[Connection], object]:
    return lambda conn: conn.execute(update(table).where(table.c.id == number).values(**values))


def gone(*these: int) -> Callable[[Connection], object]:
    return lambda conn: conn.execute(delete(table).where(table.c.id.in_(these)))


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (set_to(3, who="王"), [Break(breaks.CHANGED, 3, 3)]),
        (set_to(3, detail={"n": 9}), [Break(breaks.CHANGED, 3, 3)]),
        (set_to(3, outcome="refused"), [Break(breaks.CHANGED, 3, 3)]),
        (set_to(3, address="10.0.0.9"), [Break(breaks.CHANGED, 3, 3)]),
        (set_to(3, at=now()), [Break(breaks.CHANGED, 3, 3)]),
        (set_to(3, chain="a" * 64), [Break(breaks.CHANGED, 3, 3)]),
        (set_to(3, chain=""), [Break(breaks.FOREIGN, 3, 3)]),
        (set_to(1, who="王"), [Break(breaks.CHANGED, 1, 1)]),
        (set_to(N, who="王"), [Break(breaks.CHANGED, N, N)]),
        (gone(3), [Break(breaks.REMOVED, 3, 3)]),
        (gone(1), [Break(breaks.REMOVED, 1, 1)]),
        (gone(2, 3, 6), [Break(breaks.REMOVED, 2, 3), Break(breaks.REMOVED, 6, 6)]),
        (gone(N - 1, N), [Break(breaks.REMOVED, N - 1, N)]),
        (gone(*range(1, N + 1)), [Break(breaks.REMOVED, 1, N)]),
        (lambda conn: swap(conn, 3, 4), [Break(breaks.MOVED, 3, 3, 4), Break(breaks.MOVED, 4, 4, 3)]),
        (lambda conn: swap(conn, 2, 6), [Break(breaks.MOVED, 2, 2, 6), Break(breaks.MOVED, 6, 6, 2)]),
    ],
)
def test_what_a_hand_did_is_named(written: Store, tamper: Callable[[Connection], object], named: list[Break]):
    with written.write() as conn:
        tamper(conn)
    assert list(checked(written).breaks) == named
    with written.write() as conn:  # and is no less so when the record goes on
        audit.record(conn, "李", "undo", "batch 1")
    assert list(checked(written).breaks) == named


def test_an_entry_put_in_by_hand_is_named(written: Store):
    values = {"at": now(), "who": "王", "action": "import", "subject": "batch 99", "detail": {}}
    with written.write() as conn:
        conn.execute(insert(table).values(id=N + 1, **values))
    assert list(checked(written).breaks) == [Break(breaks.FOREIGN, N + 1, N + 1)]


def test_a_chain_written_anew_is_known_by_what_was_noted(written: Store):
    before = checked(written)
    with written.write() as conn:
        rewrite(conn, 2)
    assert checked(written).breaks == ()
    assert list(checked(written, (N, before.head)).breaks) == [Break(breaks.OTHER, 1, N)]
    assert list(checked(written, (N + 5, before.head)).breaks) == [Break(breaks.OTHER, 1, N + 5)]


def test_a_count_that_was_taken_away_is_no_way_out(written: Store):
    with written.write() as conn:
        conn.execute(delete(counters).where(counters.c.name == chain.NUMBER))
    assert checked(written).breaks == (Break(breaks.FOREIGN, 1, N),)


def test_writers_at_once_keep_one_chain(store: Store):
    def write(who: int) -> None:
        for i in range(6):
            with store.write() as conn:
                audit.record(conn, f"p{who}", "import", f"batch {i}")

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write, who) for who in range(4)]:
            done.result()
    found = checked(store)
    assert (found.entries, found.newest, found.breaks) == (24, 24, ())


def test_what_did_not_come_about_leaves_no_gap(written: Store):
    def fail() -> None:
        with written.write() as conn:
            audit.record(conn, "李", "import", "batch 1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with written.write() as conn:
        audit.record(conn, "李", "import", "batch 2")
    assert checked(written).breaks == ()
    assert numbers(written) == list(range(1, N + 2))


def test_more_than_is_looked_into_is_said_to_be_broken(written: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(breaks, "LOOKED_AT", 1)
    monkeypatch.setattr(breaks, "AT_ONCE", 3)
    with written.write() as conn:
        conn.execute(text("UPDATE audit SET who = '王' WHERE id > 2"))
    assert list(checked(written).breaks) == [Break(breaks.CHANGED, i, i) for i in range(3, N + 1)]
