"""A backup is one moment of a store in use, whole or not there; a store is made of one only where there is none."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from survey.core.errors import Refused, Surroundings
from survey.store import Store, settings
from survey.store.engine import copies
from survey.store.intake import batches
from survey.store.keyring import Keyring, new_key
from survey.store.upkeep import backup as module
from survey.store.upkeep.backup import Seal, backup, restore
from tests.tools.stores.store_writer import ROWS, write_batches


def refused(call, *arguments):
    with pytest.raises((Refused, Surroundings)) as error:
        call(*arguments)
    assert error.value.word("zh")
    assert error.value.word("en")
    return error.value.key


def held(place):
    with closing(Store.open(place)) as store, store.read() as conn:
        return [b.file for b in batches.listing(conn)]


@pytest.fixture
def filled(sqlite_store):
    write_batches(sqlite_store.where, 1, 2)
    return sqlite_store


def test_a_backup_holds_what_the_store_held_and_becomes_a_store_again(filled, tmp_path):
    done = backup(filled, tmp_path / "copy.db")
    assert done.rows["responses"] == 2 * ROWS
    assert done.size == (tmp_path / "copy.db").stat().st_size
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(("copy", ".copy"))] == ["copy.db"]
    write_batches(filled.where, 2, 1)  # what comes later is not in it
    back, keys = restore(tmp_path / "copy.db", tmp_path / "new.db")
    assert keys == []
    assert back.rows == done.rows
    assert len(held(tmp_path / "new.db")) == 2
    assert len(held(filled.where)) == 3
    assert filled.where not in done.file


@pytest.mark.skipif(os.name == "nt", reason="rights are others there")
def test_only_its_owner_reads_a_backup(filled, tmp_path):
    backup(filled, tmp_path / "copy.db")
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600


def test_in_a_folder_it_is_named_by_the_date(filled, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    done = backup(filled, folder)
    (only,) = folder.iterdir()
    assert (str(only), only.name[:6], only.suffix) == (done.file, "store-", ".db")


def test_what_a_killed_backup_left_goes_with_the_next(filled, tmp_path):
    """A whole copy with all telephone numbers would lie there for good, hidden and unknown to anybody."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / "copies").mkdir()
    for name in (f".store-20140102-030405.db.{ended.pid}.part", f".store-20140102-030405.db.{ended.pid}.part-journal"):
        (tmp_path / "copies" / name).write_bytes(b"half")
    done = backup(filled, tmp_path / "copies")
    assert [p.name for p in (tmp_path / "copies").iterdir()] == [Path(done.file).name]


def test_a_backup_while_others_write_is_whole_batches(filled, tmp_path):
    writer = threading.Thread(target=write_batches, args=(filled.where, 2, 6))
    writer.start()
    for number in range(4):
        rows = backup(filled, tmp_path / f"{number}.db").rows
        assert rows["responses"] == rows["batches"] * ROWS
    writer.join()
    assert len(held(filled.where)) == 8


def test_no_file_is_ever_replaced(filled, tmp_path):
    (tmp_path / "there.db").write_text("mine")
    assert refused(backup, filled, tmp_path / "there.db") == "store.copy_exists"
    assert refused(backup, filled, Path(filled.where)) == "store.copy_exists"
    backup(filled, tmp_path / "copy.db")
    assert refused(restore, tmp_path / "copy.db", tmp_path / "there.db") == "upkeep.place_taken"
    (tmp_path / "new.db-wal").write_text("left")
    assert refused(restore, tmp_path / "copy.db", tmp_path / "new.db") == "upkeep.place_left"
    assert (tmp_path / "there.db").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.glob(".*")) == []


def whole_of(store, folder):
    """The bytes of a backup."""
    backup(store, folder / "whole.db")
    return (folder / "whole.db").read_bytes()


def test_what_is_no_sound_store_is_not_restored(filled, tmp_path):
    new = tmp_path / "new.db"
    assert refused(restore, tmp_path / "nothing.db", new) == "store.missing_copy"
    (tmp_path / "text.db").write_text("text" * 1000)
    assert refused(restore, tmp_path / "text.db", new) == "upkeep.no_backup"
    assert refused(restore, tmp_path, new) == "upkeep.folder"
    with closing(sqlite3.connect(tmp_path / "other.db")) as conn:
        conn.execute("CREATE TABLE a (b)")
    assert refused(restore, tmp_path / "other.db", new) == "upkeep.no_backup"
    for head in (b"x", whole_of(filled, tmp_path)[:99]):
        (tmp_path / "short.db").write_bytes(head)
        assert refused(restore, tmp_path / "short.db", new) == "upkeep.no_backup"
    (tmp_path / "empty.db").touch()
    assert refused(restore, tmp_path / "empty.db", new) == "upkeep.nothing_in"
    good = backup(filled, tmp_path / "good.db")
    whole = (tmp_path / "good.db").read_bytes()
    for place in range(4096, good.size, good.size // 12):
        torn = whole[:place] + b"\xff" * 2048 + whole[place + 2048 :]
        (tmp_path / "torn.db").write_bytes(torn)
        assert refused(restore, tmp_path / "torn.db", new) == "upkeep.no_backup"
        assert not new.exists()
    with closing(sqlite3.connect(tmp_path / "good.db")) as conn:
        conn.execute("PRAGMA application_id=0")
        conn.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
        conn.commit()
    assert refused(restore, tmp_path / "good.db", new) == "store.newer"


def test_a_plain_copy_with_something_left_beside_it_is_not_taken_for_whole(filled, tmp_path):
    with filled.write() as conn:
        settings.put(conn, "late", "1")
    for end in ("", "-wal"):
        shutil.copyfile(filled.where + end, tmp_path / f"plain.db{end}")
    assert refused(restore, tmp_path / "plain.db", tmp_path / "new.db") == "store.copy_unfinished"


def test_a_copy_that_is_not_what_was_copied_is_not_kept(filled, tmp_path, monkeypatch):
    monkeypatch.setattr(copies, "counts", lambda path: {})
    assert refused(backup, filled, tmp_path / "copy.db") == "store.copy_differs"
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("seal", [None, Seal(new_key())], ids=["plain", "encrypted"])
def test_on_a_disk_that_knows_no_second_name_of_a_file_a_backup_is_the_same(filled, tmp_path, monkeypatch, seal):
    """Memory sticks (FAT, exFAT) and many shares: once nothing could be backed up there."""

    def unknown(*_):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", unknown)
    done = backup(filled, tmp_path / "copy.db", seal)
    ring = None if seal is None else Keyring((seal.key,), "")
    assert restore(tmp_path / "copy.db", tmp_path / "new.db", ring)[0].rows == done.rows
    (tmp_path / "there.db").write_text("mine")
    assert refused(backup, filled, tmp_path / "there.db", seal) == "store.copy_exists"
    assert (tmp_path / "there.db").read_text() == "mine"
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.glob(".*")) == []

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert refused(backup, filled, tmp_path / "late.db", seal) == "disk.cannot_write"
    assert not (tmp_path / "late.db").exists()


def test_nothing_is_restored_onto_a_share(filled, tmp_path, monkeypatch):
    backup(filled, tmp_path / "copy.db")
    monkeypatch.setattr(module, "share_of", lambda path: "cifs")
    assert refused(restore, tmp_path / "copy.db", tmp_path / "new.db") == "store.on_a_share"
    assert not (tmp_path / "new.db").exists()
