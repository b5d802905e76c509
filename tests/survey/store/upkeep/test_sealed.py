"""An encrypted backup opens with its key alone, tells no byte without it, and says of every damage that it is none."""

from __future__ import annotations

import json
import os
import random
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from survey.core.errors import Refused, Surroundings
from survey.files import waiting
from survey.store import Store, settings
from survey.store.keyring import Keyring, new_key
from survey.store.upkeep import backup as upkeep
from survey.store.upkeep import sealed
from survey.store.upkeep.backup import Seal, backup, drop_older, in_clear, restore
from tests.tools.stores.store_writer import ROWS, write_batches

KEY = new_key()
RING = Keyring((new_key(), KEY), "")
WORD = "一个只在这里出现的词"


@pytest.fixture
def filled(sqlite_store):
    write_batches(sqlite_store.where, 1, 2)
    with sqlite_store.write() as conn:
        settings.put(conn, "note", WORD)
    return sqlite_store


def refused(call, *arguments):
    with pytest.raises((Refused, Surroundings)) as error:
        call(*arguments)
    assert error.value.word("zh")
    assert error.value.word("en")
    return error.value.key


def test_it_becomes_the_store_again_with_its_key(filled, tmp_path):
    done = backup(filled, tmp_path / "copy.db.enc", Seal(KEY))
    assert done.size == (tmp_path / "copy.db.enc").stat().st_size
    back, keys = restore(tmp_path / "copy.db.enc", tmp_path / "new.db", RING)
    assert (back.rows, keys) == (done.rows, [])
    with closing(Store.open(tmp_path / "new.db")) as store, store.read() as conn:
        assert settings.get(conn, "note") == WORD


def test_without_the_key_nothing_of_it_can_be_read(filled, tmp_path):
    plain, secret = tmp_path / "plain.db", tmp_path / "copy.db.enc"
    backup(filled, plain)
    backup(filled, secret, Seal(KEY, (RING.newest,)))
    assert WORD.encode() in plain.read_bytes()
    assert WORD.encode() not in secret.read_bytes()
    assert b"SQLite format" not in secret.read_bytes()
    assert RING.newest.written().encode() not in secret.read_bytes()
    for ring in (None, Keyring((new_key(),), "")):
        assert refused(restore, secret, tmp_path / "new.db", ring) == "upkeep.sealed_with"
    assert not (tmp_path / "new.db").exists()
    if os.name != "nt":
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_keys_that_lay_in_it_come_back(filled, tmp_path):
    backup(filled, tmp_path / "copy.db.enc", Seal(KEY, RING.keys))
    assert restore(tmp_path / "copy.db.enc", tmp_path / "new.db", RING)[1] == list(RING.keys)


def test_nothing_in_clear_stays_anywhere(filled, tmp_path, monkeypatch):
    monkeypatch.setattr(waiting.tempfile, "tempdir", str(tmp_path / "apart"))
    (tmp_path / "apart").mkdir()
    backup(filled, tmp_path / "copy.db.enc", Seal(KEY))
    restore(tmp_path / "copy.db.enc", tmp_path / "new.db", RING)
    assert refused(restore, tmp_path / "copy.db.enc", tmp_path / "new.db", RING) == "upkeep.place_taken"
    assert refused(backup, filled, tmp_path / "copy.db.enc", Seal(KEY)) == "store.copy_exists"
    assert list((tmp_path / "apart").iterdir()) == []
    assert sorted(p.name for p in tmp_path.glob(".*")) == []


def test_what_a_killed_one_left_in_clear_is_swept(tmp_path, monkeypatch):
    monkeypatch.setattr(waiting.tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f"{waiting.COPYING}{ended.pid}-x"
    left.mkdir()
    for name in ("plain", waiting.LOCK):
        (left / name).write_text("a whole store")
    assert waiting.sweep() == 1
    assert not left.exists()


def test_every_damage_is_no_backup(filled, tmp_path):
    secret = tmp_path / "copy.db.enc"
    backup(filled, secret, Seal(KEY))
    whole = secret.read_bytes()
    behind = whole.index(b"\n", len(sealed.MAGIC)) + 1
    draw = random.Random(11)
    cases = [whole[:n] for n in (behind, behind + 2, behind + 40, len(whole) - 1, len(whole) // 2)]
    cases += [whole + b"\0", whole + whole[behind:], whole[:behind] + b"\xff\xff\xff\xff" + whole[behind + 4 :]]
    for _ in range(25):
        place = draw.randrange(behind, len(whole))
        cases.append(whole[:place] + bytes([whole[place] ^ (1 << draw.randrange(8))]) + whole[place + 1 :])
    head = json.loads(whole[len(sealed.MAGIC) : behind])
    other = json.dumps({**head, "mark": "0" * 32}).encode() + b"\n"
    cases += [sealed.MAGIC + line + whole[behind:] for line in (other, b"{}\n", b"[]\n", b"7\n", b"{\n", b"\xff" * 900)]
    for number, data in enumerate(cases):
        secret.write_bytes(data)
        assert refused(restore, secret, tmp_path / "new.db", RING) == "upkeep.no_backup", number
        assert not (tmp_path / "new.db").exists()


def test_chunks_of_two_backups_do_not_mix(filled, tmp_path):
    one, two = tmp_path / "1.enc", tmp_path / "2.enc"
    backup(filled, one, Seal(KEY))
    backup(filled, two, Seal(KEY))
    head = one.read_bytes().index(b"\n", len(sealed.MAGIC)) + 1
    one.write_bytes(one.read_bytes()[:head] + two.read_bytes()[head:])
    assert refused(restore, one, tmp_path / "new.db", RING) == "upkeep.no_backup"


def test_what_was_not_written_as_it_was_is_not_kept(filled, tmp_path, monkeypatch):
    monkeypatch.setattr(sealed, "_blocks", lambda plain: iter([os.urandom(9)]))
    assert refused(backup, filled, tmp_path / "copy.db.enc", Seal(KEY)) == "store.copy_differs"
    assert not (tmp_path / "copy.db.enc").exists()
    assert sorted(p.name for p in tmp_path.glob(".*")) == []


def test_what_is_not_encrypted_needs_no_key(filled, tmp_path):
    backup(filled, tmp_path / "plain.db")
    with in_clear(tmp_path / "plain.db", None) as (plain, keys, rows):
        assert (plain, keys, rows["responses"]) == (tmp_path / "plain.db", [], 2 * ROWS)


def test_of_dated_ones_both_kinds_count(filled, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [f"store-2026010{n}-031500.db{'.enc' if n % 2 else ''}" for n in range(1, 5)]
    for name in (*old, "store-20260101-031500.db.enc.txt", "store-20990101-031500.db.enc"):
        (folder / name).write_text("x")
    made = Path(backup(filled, folder, Seal(KEY)).file)
    assert made.name.endswith(".db.enc")
    assert [one.name for one in drop_older(filled, folder, 2, made)] == old[:3]
    left = {one.name for one in folder.iterdir()}
    assert left == {old[3], made.name, "store-20260101-031500.db.enc.txt", "store-20990101-031500.db.enc"}


def test_a_disk_that_takes_nothing_is_said(filled, tmp_path, monkeypatch):
    monkeypatch.setattr(waiting.tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert refused(backup, filled, tmp_path / "copy.db.enc", Seal(KEY)) == "disk.cannot_write"
    assert upkeep.tempfile is waiting.tempfile
