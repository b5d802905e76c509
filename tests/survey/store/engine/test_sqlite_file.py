"""A store's file that is moved, removed or replaced while a program runs takes nothing more, and it is said."""

from __future__ import annotations

import shutil
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from survey.core.errors import Surroundings
from survey.store import Store, audit, breaks, settings
from survey.store.engine import sqlite_file
from survey.store.engine.database import Store as Opened
from survey.store.engine.sqlite_file import ASKS_AGAIN
from survey.store.upkeep.backup import backup


def put(store, value):
    with store.write() as conn:
        settings.put(conn, "a", value)


def got(place):
    with closing(Store.open(place)) as store, store.read() as conn:
        return settings.get(conn, "a")


def moved(place: Path, other: Path):
    place.rename(place.with_name("elsewhere.db"))


def moved_and_another_there(place: Path, other: Path):
    moved(place, other)
    shutil.copyfile(other, place)


def removed(place: Path, other: Path):
    place.unlink()


def another_moved_over(place: Path, other: Path):
    other.replace(place)


def copied_over(place: Path, other: Path):
    shutil.copyfile(other, place)  # the same inode: told by the mark of the backup


WAYS = {
    "mv away": (moved, "store.gone"),
    "mv away, cp": (moved_and_another_there, "store.replaced"),
    "rm": (removed, "store.gone"),
    "mv over": (another_moved_over, "store.replaced"),
    "cp over": (copied_over, "store.replaced"),
}


@pytest.mark.parametrize(("way", "key"), WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("when", ["between", "inside a transaction"])
def test_a_file_that_is_another_now_takes_nothing_and_says_so(sqlite_store: Store, tmp_path: Path, way, key, when):
    put(sqlite_store, "first")
    other = Path(backup(sqlite_store, tmp_path / "other.db").file)

    def work():
        if when == "between":
            way(Path(sqlite_store.where), other)
            put(sqlite_store, "second")
            return
        with sqlite_store.write() as conn:
            settings.put(conn, "a", "second")
            way(Path(sqlite_store.where), other)

    with pytest.raises(Surroundings) as error:
        work()
    assert (error.value.key, error.value.status) == (key, 5)
    assert sqlite_store.where in error.value.word("zh")
    for attempt in (sqlite_store.read, sqlite_store.write):  # and from now on, whoever asks
        with pytest.raises(Surroundings), attempt():
            pass
    sqlite_store.close()
    away = tmp_path / "elsewhere.db"
    if away.exists():  # as the sentence says: put back, with what lies beside its place
        away.replace(sqlite_store.where)
        assert got(sqlite_store.where) == "first"


def test_threads_that_read_meanwhile_are_told_too(sqlite_store: Store, tmp_path: Path):
    told: list[str] = []
    began, moved_away = threading.Event(), threading.Event()

    def read():
        with sqlite_store.read() as conn:
            settings.get(conn, "a")
        began.set()
        moved_away.wait(20)
        try:
            with sqlite_store.read() as conn:
                settings.get(conn, "a")
        except Surroundings as error:
            told.append(error.key)

    thread = threading.Thread(target=read)
    thread.start()
    began.wait(20)
    moved(Path(sqlite_store.where), tmp_path)
    moved_away.set()
    thread.join()
    assert told == ["store.gone"]


def test_two_stores_on_a_file_keep_each_other_s_locks(sqlite_store: Store):
    """Closing a descriptor of a file gives up all locks of the process on it: the other store would lose its own."""
    second = Opened.open(sqlite_store.where)
    with sqlite_store.write() as conn:
        settings.put(conn, "a", "1")
        second.close()
    assert got(sqlite_store.where) == "1"
    put(sqlite_store, "2")
    assert got(sqlite_store.where) == "2"


def test_every_change_is_another_number_whoever_commits_it(tmp_path):
    place = tmp_path / "a.db"
    with closing(Store.open(place, create=True)) as store, closing(Store.open(place)) as other:
        seen = [store.changes()]
        for one in (store, other, other):
            put(one, f"{len(seen)}")
            seen.append(store.changes())
        assert len(set(seen)) == 4
        with store.read() as conn:
            settings.get(conn, "a")
        assert store.changes() == seen[-1]
        with suppress(ZeroDivisionError), store.write() as conn:
            settings.put(conn, "a", "never")
            raise ZeroDivisionError
        assert store.changes() == seen[-1]


def test_many_who_ask_at_once_share_a_reading_and_none_is_told_an_older_number(tmp_path):
    """While one reads, everybody waits; whoever asked before a change was there may be told either, whoever asked after it not."""
    with closing(Store.open(tmp_path / "a.db", create=True)) as store:
        file, told, readings = store.file, [], []
        before = store.changes()
        file._watch.acquire()
        threads = [threading.Thread(target=lambda: told.append(store.changes())) for _ in range(8)]
        for thread in threads:
            thread.start()
        put(store, "1")
        file._watching.set_trace_callback(readings.append)
        file._watch.release()
        for thread in threads:
            thread.join(30)
        assert len(told) == 8
        assert {*told} == {store.changes()} != {before}
        assert len(readings) < 9


def look(store, who="a"):
    with store.note() as conn:
        audit.record(conn, who, "download", "/download/compare")


def test_what_a_store_notes_moves_the_number_of_others_only(tmp_path):
    place = tmp_path / "a.db"
    with closing(Store.open(place, create=True)) as store, closing(Store.open(place)) as other:
        here, there = store.changes(), other.changes()
        look(store)
        assert store.changes() == here
        assert other.changes() != there
        with suppress(ZeroDivisionError), store.note() as conn:
            audit.record(conn, "nobody", "download", "/download/compare")
            raise ZeroDivisionError
        with store.read() as conn:
            assert [one.who for one in audit.listing(conn)] == ["a"]
        assert store.changes() == here


@pytest.mark.parametrize("by", ["store", "other"])
def test_a_note_hides_no_change_before_or_after_it(tmp_path, by):
    """Also one that nobody had asked about when the note was written."""
    place = tmp_path / "a.db"
    with closing(Store.open(place, create=True)) as store, closing(Store.open(place)) as other:
        changer = store if by == "store" else other
        before = store.changes()
        put(changer, "1")
        look(store)
        after = store.changes()
        assert after != before
        look(store)
        put(changer, "2")
        look(store)
        assert store.changes() not in (before, after)
        with store.write() as conn:
            settings.put(conn, "a", "3")
        assert got(place) == "3"


def test_a_note_that_waits_for_a_writer_keeps_nobody_from_asking(tmp_path):
    with closing(Store.open(tmp_path / "a.db", create=True)) as store:
        before, begun = store.changes(), threading.Event()
        noting = threading.Thread(target=lambda: (begun.set(), look(store)))
        with store.write() as conn:
            settings.put(conn, "a", "1")
            noting.start()
            begun.wait(20)
            for _ in range(20):
                time.sleep(ASKS_AGAIN / 4)
                assert store.changes() == before
        noting.join(20)
        assert store.changes() != before
        with store.read() as conn:
            assert [one.action for one in audit.listing(conn)] == ["download"]


def test_while_a_note_is_written_others_are_told_what_stands(tmp_path):
    with closing(Store.open(tmp_path / "a.db", create=True)) as store:
        told, before = [], store.changes()
        put(store, "1")
        asking = threading.Thread(target=lambda: told.append(store.changes()))
        with store.note() as conn:
            audit.record(conn, "a", "download", "/download/compare")
            asking.start()
            asking.join(20)
            assert len(told) == 1  # it did not wait for the note
        assert {*told} == {store.changes()} != {before}
        with suppress(ZeroDivisionError), store.note():
            raise ZeroDivisionError
        put(store, "2")
        assert store.changes() not in (before, *told)


def test_many_notes_at_once_are_all_kept_in_one_chain(tmp_path):
    with closing(Store.open(tmp_path / "a.db", create=True)) as store:
        threads = [threading.Thread(target=look, args=(store, f"p{n}")) for n in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        with store.read() as conn:
            assert sorted(one.who for one in audit.listing(conn)) == sorted(f"p{n}" for n in range(12))
            assert not breaks.check(conn).breaks


def test_a_note_where_another_program_holds_on_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite_file, "WAIT_SECONDS", 0.05)
    place = tmp_path / "a.db"
    with closing(Store.open(place, create=True)) as store, closing(Store.open(place)) as other:
        with other.write() as conn:
            settings.put(conn, "a", "1")
            with pytest.raises(Surroundings) as error:
                look(store)
            assert error.value.key == "store.locked"
        look(store)


def test_changes_of_a_file_that_is_gone_are_not_told(tmp_path):
    place = tmp_path / "a.db"
    with closing(Store.open(place, create=True)) as store:
        store.changes()
        moved(place, place)
        with pytest.raises(Surroundings):
            store.changes()
