"""Original files in the store, on both databases: encrypted, whole, and only for who has the key."""

from __future__ import annotations

import os
import zlib
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, update

from survey.core.errors import Refused
from survey.store import Store
from survey.store.engine import tables as t
from survey.store.intake import batches, originals
from survey.store.keyring import Key, Keyring, new_key
from tests.tools.stores.store_data import begin

RING = Keyring((Key(bytes(range(32))),), "test")
CHUNK = originals.CHUNK


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


@pytest.mark.parametrize(
    "data",
    [b"", b"x", "编号,电话\n1,13800138001\n".encode() * 1000, os.urandom(3 * CHUNK + 5), os.urandom(100) * 100_000],
    ids=["empty", "one", "text", "noise", "repeats"],
)
def test_a_file_comes_back_as_it_was(store: Store, data: bytes):
    with store.write() as conn:
        assert originals.keep(conn, originals.seal(RING.newest, data))
        assert not originals.keep(conn, originals.seal(RING.newest, data))
    with store.read() as conn:
        pieces = list(originals.read(conn, RING, digest(data)))
    assert b"".join(pieces) == data
    assert max(map(len, pieces), default=0) <= CHUNK


def test_what_is_stored_is_small_and_unreadable(store: Store):
    data = "编号,电话\n1,13800138001\n".encode() * 10_000
    with store.write() as conn:
        originals.keep(conn, originals.seal(RING.newest, data))
        (stored,) = conn.execute(select(t.original_chunks.c.data)).scalars()
    assert len(stored) < len(data) / 50
    assert b"13800138001" not in stored
    with pytest.raises(zlib.error):
        zlib.decompress(stored)


def test_a_file_that_is_not_kept_is_said(store: Store):
    with store.read() as conn, pytest.raises(Refused) as error:
        list(originals.read(conn, RING, "0" * 64))
    assert error.value.key == "contacts.no_original"


def test_another_key_does_not_open_it(store: Store):
    with store.write() as conn:
        originals.keep(conn, originals.seal(RING.newest, b"abc"))
        with pytest.raises(Refused) as error:
            list(originals.read(conn, Keyring((new_key(),), "test"), digest(b"abc")))
    assert error.value.key == "keyring.missing_key"


def test_chunks_can_be_neither_exchanged_nor_cut_off(store: Store):
    data = os.urandom(2 * CHUNK + 5)
    c = t.original_chunks.c
    with store.write() as conn:
        originals.keep(conn, originals.seal(RING.newest, data))
        parts = conn.execute(select(c.data).order_by(c.position)).scalars().all()
        assert len(parts) == 3
        conn.execute(update(t.original_chunks).where(c.position == 0).values(data=parts[1]))
        with pytest.raises(Refused):
            list(originals.read(conn, RING, digest(data)))
        conn.execute(update(t.original_chunks).where(c.position == 0).values(data=parts[0]))
        conn.execute(t.original_chunks.delete().where(c.position == 2))
        with pytest.raises(Refused):
            list(originals.read(conn, RING, digest(data)))


def test_rotation_keeps_every_file(store: Store):
    data = [os.urandom(2 * CHUNK + 5), b"small"]
    both = Keyring((new_key(), *RING.keys), "test")
    alone = Keyring(both.keys[:1], "test")
    with store.write() as conn:
        for one in data:
            originals.keep(conn, originals.seal(RING.newest, one))
        assert originals.reencrypt(conn, both) == 2
        assert originals.reencrypt(conn, both) == 0
        assert originals.by_key(conn) == {both.newest.id: 2}
        assert [b"".join(originals.read(conn, alone, digest(one))) for one in data] == data


def test_years_of_a_file_are_those_of_its_rows_undone_or_not(store: Store):
    with store.write() as conn:
        sealed = originals.seal(RING.newest, b"abc")
        originals.keep(conn, dataclass_with(sealed, "hash1"))
        originals.keep(conn, dataclass_with(sealed, "hash2"))
        _, batch = begin(conn)
        batches.save_tally(conn, batch, [(None, 2013, "paper", 1, 0, 1, 0), (None, 2014, "paper", 1, 1, 0, 0)])
        batches.undo(conn, batch)
        assert originals.of_years(conn) == {"hash1": {2013, 2014}, "hash2": set()}
        assert set(originals.kept_before(conn, t.now() + timedelta(seconds=1))) == {"hash1", "hash2"}
        assert originals.kept_before(conn, t.now() - timedelta(days=1)) == []
        assert originals.drop(conn, ["hash1", "none"]) == 1
        assert not originals.kept(conn, "hash1")
        assert [r.file_hash for r in conn.execute(select(t.original_chunks))] == ["hash2"]


def dataclass_with(sealed: originals.SealedFile, file_hash: str) -> originals.SealedFile:
    return originals.SealedFile(file_hash, sealed.key_id, sealed.size, sealed.chunks)
