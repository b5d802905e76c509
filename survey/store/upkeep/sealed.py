"""A backup that only who has its key can read: compressed, then encrypted in chunks as originals are.

Each chunk is bound to its file, its place and to whether it is the last, so none can be exchanged, moved or cut off; what
was written is opened again and held against what went in before anybody relies on it.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from survey.core.disk import NEW_FILE, beside_of, put_in_place, refused_by_disk
from survey.core.errors import Refused, Surroundings
from survey.store.keyring import Key, Keyring, parse

MAGIC = b"xingfu sealed backup 1\n"
#: how the name of one ends, behind that of the backup in it
ENDING = ".enc"
CHUNK = 1 << 20
#: bytes of the line that says which key it is, and of what encrypting adds to a chunk
_HEAD, _ADDED = 200, 64


@dataclass(frozen=True)
class Head:
    """What can be read without the key: the ``key``'s id, and what tells this backup from every other."""

    key: str
    mark: str


def is_sealed(file: Path) -> bool:
    """Whether the file begins as one of these; raises Surroundings where it can't be read."""
    try:
        with open(file, "rb") as opened:
            return opened.read(len(MAGIC)) == MAGIC
    except OSError as error:
        raise Surroundings("upkeep.unreadable", file=str(file), reason=error.strerror or str(error)) from error


def seal(plain: Path, place: Path, key: Key, kept: Sequence[Key] = ()) -> None:
    """Encrypt the file ``plain`` into the new file ``place``, with the keys ``kept`` in it.

    Raises Refused where a file is there already, Surroundings where the disk does not take it.
    """
    beside = beside_of(place)
    head = Head(key.id, os.urandom(16).hex())
    try:
        with open(os.open(beside, NEW_FILE, 0o600), "wb") as out:
            out.write(MAGIC + json.dumps(vars(head)).encode() + b"\n")
            for sealed in _sealed(plain, key, head, kept):
                out.write(len(sealed).to_bytes(4, "big") + sealed)
            out.flush()
            os.fsync(out.fileno())
        ring = Keyring((key,), "")
        if _sum(_opened(beside, ring, [])) != _sum(_blocks(plain)):
            raise Surroundings("store.copy_differs", where=str(plain), place=str(place))
        try:
            put_in_place(beside, place)
        except FileExistsError:
            raise Refused("store.copy_exists", place=str(place)) from None
    except OSError as error:
        raise refused_by_disk(place, error) from error
    finally:
        with suppress(OSError):  # what went wrong first is what is said
            beside.unlink(missing_ok=True)


def unseal(file: Path, plain: Path, ring: Keyring | None) -> list[Key]:
    """Decrypt a sealed backup into the new file ``plain``; returns the keys that lay in it.

    Raises Refused where its key is not in the ring, Surroundings where it is damaged or the disk does not take it.
    """
    found: list[Key] = []
    try:
        with open(os.open(plain, NEW_FILE, 0o600), "wb") as out:
            for piece in _opened(file, ring, found):
                out.write(piece)
    except OSError as error:
        raise refused_by_disk(plain, error) from error
    return found


def _sealed(plain: Path, key: Key, head: Head, kept: Sequence[Key]) -> Iterator[bytes]:
    pieces = _pieces(plain, json.dumps([one.written() for one in kept]).encode())
    piece, position = next(pieces), 0
    for following in pieces:
        yield key.seal(piece, _about(head, position, last=False))
        piece, position = following, position + 1
    yield key.seal(piece, _about(head, position, last=True))


def _pieces(plain: Path, keys: bytes) -> Iterator[bytes]:
    """The keys, then the compressed file."""
    yield keys
    squeeze = zlib.compressobj(1)
    for block in _blocks(plain):
        if squeezed := squeeze.compress(block):
            yield squeezed
    yield squeeze.flush()


def _blocks(plain: Path) -> Iterator[bytes]:
    with open(plain, "rb") as file:
        while block := file.read(CHUNK):
            yield block


def _sum(pieces: Iterator[bytes]) -> bytes:
    made = sha256()
    for piece in pieces:
        made.update(piece)
    return made.digest()


def _about(head: Head, position: int, *, last: bool) -> str:
    return f"backup/{head.mark}/{position}/{'last' if last else 'more'}"


def _opened(file: Path, ring: Keyring | None, keys: list[Key]) -> Iterator[bytes]:
    """The backup in pieces; the keys that lay in it are added to ``keys``."""
    expand = zlib.decompressobj()
    with open(file, "rb") as opened:
        head = _head(file, opened)
        key = None if ring is None else next((one for one in ring if one.id == head.key), None)
        if key is None:
            raise Refused("upkeep.sealed_with", file=str(file), key=head.key)
        sealed, position = _chunk(file, opened), 0
        while sealed:
            following = _chunk(file, opened)
            try:
                piece = key.open(sealed, _about(head, position, last=not following))
                if position:
                    yield expand.decompress(piece)
                else:
                    keys += [one for text in json.loads(piece) for one in parse(text, str(file))]
            except (Refused, ValueError, zlib.error) as error:
                raise Surroundings("upkeep.no_backup", file=str(file)) from error
            sealed, position = following, position + 1
    if not expand.eof:
        raise Surroundings("upkeep.no_backup", file=str(file))


def _head(file: Path, opened: BinaryIO) -> Head:
    opened.read(len(MAGIC))
    try:
        told = json.loads(opened.readline(_HEAD))
        return Head(str(told["key"])[:8], str(told["mark"])[:32])
    except (ValueError, KeyError, TypeError) as error:
        raise Surroundings("upkeep.no_backup", file=str(file)) from error


def _chunk(file: Path, opened: BinaryIO) -> bytes:
    """The next chunk, empty at the end."""
    size = opened.read(4)
    if not size:
        return b""
    length = int.from_bytes(size, "big")
    sealed = opened.read(length) if length <= 2 * CHUNK + _ADDED else b""
    if len(size) < 4 or not length or len(sealed) < length:
        raise Surroundings("upkeep.no_backup", file=str(file))
    return sealed
