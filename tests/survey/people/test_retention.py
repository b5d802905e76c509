"""What is deleted when: by the term after closing, by command, and never more or less than that."""

from __future__ import annotations

import sqlite3
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from survey.core import limits
from survey.core.errors import Refused, Surroundings
from survey.people import retention
from survey.store import Store, audit, drafts, settings
from survey.store.engine import tables as t
from survey.store.engine.base import now
from survey.store.intake import batches, contacts, originals
from survey.store.year import years
from tests.tools.stores.store_data import NUMBERS, RING, begin, fill


def keep_file(conn, batch_number: int, year: int, data: bytes) -> None:
    """A kept file whose batch brought a row of a year."""
    form, batch = begin(conn, batch_number)
    del form
    batches.save_tally(conn, batch, [(None, year, "paper", 1, 0, 0, 1)])
    sealed = originals.seal(RING.newest, data)
    originals.keep(conn, originals.SealedFile(f"hash{batch_number}", sealed.key_id, sealed.size, sealed.chunks))


def test_the_term_begins_with_closing_and_ends_with_reopening(store: Store):
    with store.write() as conn:
        fill(conn)
        keep_file(conn, 2, 2013, b"of 2013")
        keep_file(conn, 3, 2014, b"of 2014")
        assert retention.due_on(conn) == {}
        years.close(conn, 2013)
        assert retention.due_on(conn) == {2013: years.closed(conn)[2013] + timedelta(days=90)}
    assert retention.purge_due(store, at=now() + timedelta(days=89)).nothing
    with store.write() as conn:
        years.reopen(conn, 2013)
    assert retention.purge_due(store, at=now() + timedelta(days=91)).nothing
    with store.write() as conn:
        years.close(conn, 2013)
        settings.put(conn, retention.CONTACT_DAYS, "10")
    assert retention.purge_due(store, at=now() + timedelta(days=11)) == retention.Purged({2013: 4}, 1)
    with store.read() as conn:
        assert contacts.counts(conn) == {}
        assert (originals.kept(conn, "hash2"), originals.kept(conn, "hash3")) == (False, True)
        last = audit.listing(conn, 1)[0]
    assert (last.action, last.subject, dict(last.detail)) == ("contacts purge", "2013", {"contacts": 4, "originals": 1})
    assert retention.purge_due(store, at=now() + timedelta(days=12)).nothing


def test_a_year_is_purged_at_once_by_command_undone_batches_too(store: Store):
    with store.write() as conn:
        batch = fill(conn)
        batches.undo(conn, batch)
    assert retention.purge(store, [2014]).nothing
    assert retention.purge(store, [2013], "王").contacts == {2013: 4}
    with store.read() as conn:
        assert [(e.who, e.action) for e in audit.listing(conn, 1)] == [("王", "contacts purge")]


def test_a_file_of_no_year_goes_when_it_is_as_old_as_the_term(store: Store):
    with store.write() as conn:
        originals.keep(conn, originals.seal(RING.newest, b"abc"))
    assert retention.purge_due(store, at=now() + timedelta(days=89)).nothing
    assert retention.purge_due(store, at=now() + timedelta(days=91)) == retention.Purged({}, 1)


def test_a_server_deletes_what_is_due_by_itself(store: Store):
    with store.write() as conn:
        fill(conn)
        years.close(conn, 2013)
        settings.put(conn, retention.CONTACT_DAYS, "0")

    def left() -> dict[int, int]:
        with store.read() as conn:
            return contacts.counts(conn)

    with retention.daily(store):
        end = time.monotonic() + 10
        while left() and time.monotonic() < end:
            time.sleep(0.02)
    assert left() == {}


def test_a_store_that_is_away_is_logged_and_stops_nothing(sqlite_store: Store, monkeypatch, caplog):
    said = threading.Event()

    def away(store: Store) -> None:
        said.set()
        raise Surroundings("store.missing", where="x.db")

    monkeypatch.setattr(retention, "purge_due", away)
    with retention.daily(sqlite_store):
        assert said.wait(10)
        end = time.monotonic() + 10
        while not caplog.messages and time.monotonic() < end:
            time.sleep(0.02)
    assert "x.db" in caplog.text


@pytest.mark.parametrize("journal", ["", "-wal"])
def test_what_was_deleted_is_overwritten_on_the_disk(sqlite_store: Store, journal: str):
    with sqlite_store.write() as conn:
        fill(conn, numbers=NUMBERS * 20)
    raw = sqlite3.connect(sqlite_store.where)
    kept = [bytes(p) for (p,) in raw.execute("SELECT phone FROM contacts")]
    raw.close()
    files = b"".join(p.read_bytes() for p in Path(sqlite_store.where).parent.iterdir())
    assert all(p in files for p in kept)  # so the bytes can be searched
    retention.purge(sqlite_store, [2013])
    path = Path(sqlite_store.where + journal)
    left = path.read_bytes() if path.exists() else b""
    assert [p for p in kept if p in left] == []


def test_the_answers_stay(store: Store):
    with store.write() as conn:
        fill(conn)
        version = years.data_version(conn, 2013)
    retention.purge(store, [2013])
    with store.read() as conn:
        assert years.data_version(conn, 2013) == version
        assert conn.exec_driver_sql("SELECT count(*) FROM responses").scalar() == 4
        with pytest.raises(Refused):
            list(originals.read(conn, RING, "hash1"))


def test_a_clock_far_from_the_log_deletes_nothing_until_a_person_is_sure(store, monkeypatch):
    with store.write() as conn:
        fill(conn)
        keep_file(conn, 2, 2013, b"of 2013")
        years.close(conn, 2013)
    late = now() + timedelta(days=125)
    monkeypatch.setattr(retention, "now", lambda: late)
    kept = retention.purge_due(store)
    assert kept.nothing
    assert kept.doubt is not None
    assert (kept.doubt.years, kept.doubt.contacts, kept.doubt.originals) == ((2013,), 4, 1)
    assert f"{late:%Y-%m-%d}" in kept.doubt.word("zh")
    with store.read() as conn:
        assert contacts.counts(conn)[2013] == 4
    # a line that the wrong clock writes, as an import does, makes it no likelier
    with store.write() as conn:
        line = {"id": 900, "at": late, "who": "", "action": "import", "subject": "batch 9", "detail": {}}
        conn.execute(insert(t.audit).values(line))
    assert retention.purge_due(store).doubt is not None
    assert retention.purge_due(store, sure=True) == retention.Purged({2013: 4}, 1)
    with store.read() as conn:
        assert [e.action for e in audit.listing(conn, 2)] == ["contacts purge", retention.BELIEVED]


def test_a_log_that_goes_on_is_believed(store, monkeypatch):
    with store.write() as conn:
        fill(conn)
        years.close(conn, 2013)
        for days in (40, 80, 120, 160):
            at = now() + timedelta(days=days)
            line = {"id": 900 + days, "at": at, "who": "", "action": "import", "subject": "batch 9", "detail": {}}
            conn.execute(insert(t.audit).values(line))
    late = now() + timedelta(days=185)
    monkeypatch.setattr(retention, "now", lambda: late)
    done = retention.purge_due(store)
    assert (done.doubt, done.contacts) == (None, {2013: 4})


def test_a_server_that_runs_on_leaves_a_line_so_that_its_clock_stays_believed(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    with store.write() as conn:
        audit.record(conn, "李", "import", "batch 1")
    start = now()
    for days, lines in ((19, 0), (21, 1), (22, 1), (45, 2), (95, 2)):
        moment = start + timedelta(days=days)
        monkeypatch.setattr(retention, "now", lambda moment=moment: moment)
        monkeypatch.setattr(audit, "now", lambda moment=moment: moment)
        retention.seen(store)
        with store.read() as conn:
            assert [e.action for e in audit.listing(conn)].count(retention.CLOCK_SEEN) == lines, days


def test_what_a_reader_still_holds_open_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("survey.store.engine.sqlite_file.WAIT_SECONDS", 0.1)
    store = Store.open(tmp_path / "x.db", create=True)
    with store.write() as conn:
        fill(conn)
    with sqlite3.connect(tmp_path / "x.db") as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM contacts").fetchone()
        done = retention.purge(store, [2013])
        assert (done.contacts, done.held_open) == ({2013: 4}, True)
    reader.close()
    with store.write() as conn:
        fill(conn, 2)
    assert retention.purge(store, [2013]).held_open is False
    store.close()


def test_half_filled_forms_go_after_their_term_and_not_by_a_clock_that_jumped(store: Store, monkeypatch):
    """A date months ahead took what others had half typed, without a word, when somebody typed."""
    with store.write() as conn:
        audit.record(conn, "王", "import", "batch 1")
        drafts.keep(conn, "李", "indicators/2014/C1", {"note": "先记着"})

    def left() -> bool:
        with store.read() as conn:
            return drafts.read(conn, "李", "indicators/2014/C1") is not None

    begun = now()
    for days, kept in ((limits.DRAFT_DAYS - 1, True), (125, True), (limits.DRAFT_DAYS + 1, False)):
        monkeypatch.setattr(retention, "now", lambda days=days: begun + timedelta(days=days))
        monkeypatch.setattr(drafts, "now", retention.now)
        with store.write() as conn:
            drafts.keep(conn, "王", "indicators/2014/C2", {"note": "x"})
        retention.sweep_drafts(store)
        assert left() == kept, days
