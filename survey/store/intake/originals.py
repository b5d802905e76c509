"""Files as they came: compressed, then encrypted in chunks, known by the SHA-256 of their bytes.

Each chunk is bound to its file, its place and to whether it is the last, so none can be exchanged, moved or cut off;
what comes out is held against the hash.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, delete, func, insert, select, update

from survey.core.errors import Refused
from survey.store.engine import bulk
from survey.store.engine import tables as t
from survey.store.keyring import Key, Keyring

CHUNK = 1 << 20


@dataclass(frozen=True)
class SealedFile:
    """A file as it is stored; made before the write lock is taken."""

    file_hash: str
    key_id: str
    size: int
    chunks: tuple[bytes, ...]


def seal(key: Key, data: bytes) -> SealedFile:
    """Compress and encrypt a file; nothing but one chunk stands in memory beside what comes out."""
    file_hash = sha256(data).hexdigest()
    return SealedFile(file_hash, key.id, len(data), tuple(_sealed(key, file_hash, _pieces(data))))


def _pieces(data: bytes) -> Iterator[bytes]:
    """The compressed file in pieces of ``CHUNK``, the last one shorter."""
    waiting = bytearray()
    for part in _squeezed(data):
        waiting += part
        while len(waiting) > CHUNK:
            yield bytes(waiting[:CHUNK])
            del waiting[:CHUNK]
    yield bytes(waiting)


def _squeezed(data: bytes) -> Iterator[bytes]:
    squeeze, view = zlib.compressobj(), memoryview(data)
    for start in range(0, len(data), CHUNK):
        yield squeeze.compress(view[start : start + CHUNK])
    yield squeeze.flush()


def _sealed(key: Key, file_hash: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    piece = next(pieces)
    position = 0
    for following in pieces:
        yield key.seal(piece, _about(file_hash, position, last=False))
        piece, position = following, position + 1
    yield key.seal(piece, _about(file_hash, position, last=True))


def _about(file_hash: str, position: int, *, last: bool) -> str:
    return f"original/{file_hash}/{position}/{'last' if last else 'more'}"


def keep(conn: Connection, file: SealedFile) -> bool:
    """Store a sealed file; False if it is kept already (it may have come for another sheet)."""
    if kept(conn, file.file_hash):
        return False
    row = {"file_hash": file.file_hash, "key_id": file.key_id, "size": file.size, "kept_at": t.now()}
    conn.execute(insert(t.originals).values(row))
    lines = [{"file_hash": file.file_hash, "position": i, "data": chunk} for i, chunk in enumerate(file.chunks)]
    conn.execute(insert(t.original_chunks), lines)
    return True


def kept(conn: Connection, file_hash: str) -> bool:
    """Whether the file of this hash is kept."""
    return conn.execute(select(t.originals.c.size).where(t.originals.c.file_hash == file_hash)).scalar() is not None


def which(conn: Connection, hashes: Collection[str]) -> frozenset[str]:
    """Those of these hashes whose file is kept."""
    wanted = t.originals.c.file_hash
    return frozenset(conn.execute(select(wanted).where(wanted.in_(set(hashes)))).scalars())


def read(conn: Connection, ring: Keyring, file_hash: str) -> Iterator[bytes]:
    """The file in pieces, as it came.

    Raises Refused if it is not kept or its key is not in the ring, and (after the last piece) if it was damaged.
    """
    key = ring.key(_key_id(conn, file_hash))
    expand, digest = zlib.decompressobj(), sha256()
    for piece in _opened(conn, key, file_hash):
        for plain in _expanded(expand, piece):
            digest.update(plain)
            yield plain
    if digest.hexdigest() != file_hash:
        raise Refused("keyring.does_not_open", key=key.id)


def _expanded(expand: zlib._Decompress, piece: bytes) -> Iterator[bytes]:
    """Never more than ``CHUNK`` bytes at once, however well they were compressed."""
    while piece:
        plain = expand.decompress(piece, CHUNK)
        piece = expand.unconsumed_tail
        if plain:
            yield plain


def _key_id(conn: Connection, file_hash: str) -> str:
    found = conn.execute(select(t.originals.c.key_id).where(t.originals.c.file_hash == file_hash)).scalar()
    if found is None:
        raise Refused("contacts.no_original")
    return str(found)


def _opened(conn: Connection, key: Key, file_hash: str) -> Iterator[bytes]:
    c = t.original_chunks.c
    n = conn.execute(select(func.count()).select_from(t.original_chunks).where(c.file_hash == file_hash)).scalar_one()
    for position in range(n):
        sealed = conn.execute(select(c.data).where(c.file_hash == file_hash, c.position == position)).scalar() or b""
        yield key.open(sealed, _about(file_hash, position, last=position == n - 1))


def by_key(conn: Connection) -> dict[str, int]:
    """How many files are encrypted with each key."""
    return bulk.pairs(conn, select(t.originals.c.key_id, func.count()).group_by(t.originals.c.key_id))


def reencrypt(conn: Connection, ring: Keyring) -> int:
    """Encrypt anew with the newest key what older keys hold, chunk by chunk; raises Refused where a key is missing."""
    o, c, new = t.originals.c, t.original_chunks.c, ring.newest
    old = conn.execute(select(o.file_hash, o.key_id).where(o.key_id != new.id)).all()
    for file_hash, key_id in old:
        pieces = _opened(conn, ring.key(key_id), file_hash)
        for position, sealed in enumerate(_sealed(new, file_hash, pieces)):
            here = (c.file_hash == file_hash, c.position == position)
            conn.execute(update(t.original_chunks).where(*here).values(data=sealed))
        conn.execute(update(t.originals).where(o.file_hash == file_hash).values(key_id=new.id))
    return len(old)


def of_years(conn: Connection) -> dict[str, set[int]]:
    """Every kept file with the years that any of its batches, undone ones too, brought rows of."""
    found: dict[str, set[int]] = {h: set() for h in conn.execute(select(t.originals.c.file_hash)).scalars()}
    for table in (t.tallies, t.response_counts, t.indicator_values, t.calls):
        query = select(t.batches.c.file_hash, table.c.year).join_from(table, t.batches).distinct()
        for file_hash, year in conn.execute(query):
            if file_hash in found and year is not None:
                found[file_hash].add(int(year))
    return found


def kept_before(conn: Connection, moment: datetime) -> list[str]:
    """The files that are kept since before a moment."""
    o = t.originals.c
    return [file_hash for file_hash, at in conn.execute(select(o.file_hash, o.kept_at)) if at < moment]


def drop(conn: Connection, file_hashes: Iterable[str]) -> int:
    """Delete kept files; returns how many there were."""
    gone = sorted(set(file_hashes))
    conn.execute(delete(t.original_chunks).where(t.original_chunks.c.file_hash.in_(gone)))
    return conn.execute(delete(t.originals).where(t.originals.c.file_hash.in_(gone))).rowcount
