"""A SQLite store copied while others work on it, and looked over before anybody relies on it.

The copy is one file that needs no other beside it, complete or not there at all, and readable by its owner only.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from survey.core.disk import beside_of, put_in_place, refused_by_disk
from survey.core.errors import Refused, Surroundings
from survey.store.engine.failures import translated
from survey.store.engine.sqlite_file import HEADER, MARK

#: in the header of a backup that nobody has opened as a store ("xing")
SEALED = 0x78696E67
#: rows of these are told of a backup
TOLD = ("batches", "responses", "indicator_values", "cycle_events", "results")


def copy(conn: Connection, place: Path, where: str, *, seal: bool = True) -> dict[str, int]:
    """Copy what the transaction sees into the new file ``place``; returns how many rows each table has.

    ``seal`` puts a sum over all its bytes into its header, by which every later change of one is noticed.
    Raises Refused where a file is there already, Surroundings where the disk does not take it or the copy is not what
    was copied.
    """
    raw: Any = conn.connection.driver_connection

    def fill(target: sqlite3.Connection) -> dict[str, int]:
        raw.backup(target)
        return _counted(raw)

    return written(fill, place, where, seal=seal)


def written(
    fill: Callable[[sqlite3.Connection], dict[str, int]], place: Path, where: str, *, seal: bool = True
) -> dict[str, int]:
    """As ``copy``, of a store that ``fill`` writes into an empty file; it returns how many rows each table must have."""
    beside = beside_of(place)
    try:
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with translated(str(place)), closing(sqlite3.connect(beside)) as target:
            expected = fill(target)
            target.execute("PRAGMA journal_mode=DELETE")
            target.execute(f"PRAGMA application_id={SEALED if seal else 0}")
            target.execute(f"PRAGMA user_version={secrets.randbelow(2**31)}")  # tells the file from every other
            target.commit()
        if seal:
            _seal(beside)
        found = counts(beside)
        if found != expected:
            raise Surroundings("store.copy_differs", where=where, place=str(place))
        _flush(beside)
        try:
            put_in_place(beside, place)
        except FileExistsError:
            raise Refused("store.copy_exists", place=str(place)) from None
    except OSError as error:
        raise refused_by_disk(place, error) from error
    finally:
        with suppress(OSError):  # what went wrong first is what is said
            beside.unlink(missing_ok=True)
    return found


def counts(path: Path) -> dict[str, int]:
    """Rows by table of a file that must be a sound store; raises Surroundings for any other.

    It is read as it lies there, and every page of it is looked over.
    """
    if not path.is_file():
        raise Surroundings("store.missing_copy", where=str(path))
    left = path.with_name(f"{path.name}-wal")
    if left.exists() and left.stat().st_size:
        raise Surroundings("store.copy_unfinished", where=str(path), left=left.name)
    _check_seal(path)
    with (
        translated(str(path)),
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as raw,
    ):
        wrong = [row[0] for row in raw.execute("PRAGMA integrity_check(1)") if row[0] != "ok"]
        wrong += [f"{row[0]} → {row[2]}" for row in raw.execute("PRAGMA foreign_key_check")][:1]
        if wrong:
            raise Surroundings("store.damaged", where=str(path), reason=wrong[0])
        return _counted(raw)


def _sum(path: Path) -> bytes:
    """Four bytes of the SHA-256 of a file but for those four; a positive number, as SQLite shows them."""
    made = hashlib.sha256()
    with open(path, "rb") as file:
        head = bytearray(file.read(HEADER))
        head[MARK] = bytes(4)
        made.update(head)
        while block := file.read(1 << 20):
            made.update(block)
    return bytes([made.digest()[0] & 0x7F, *made.digest()[1:4]])


def _seal(path: Path) -> None:
    with open(path, "r+b") as file:
        file.seek(MARK.start)
        file.write(_sum(path))


def _check_seal(path: Path) -> None:
    """Raise Surroundings for a backup of which a byte is another; one that was opened as a store is no backup any more."""
    with open(path, "rb") as file:
        head = file.read(HEADER)
    untouched = head[18:20] == b"\1\1"  # as the copy was made; a store has the write-ahead log here
    if untouched and head[68:72] == SEALED.to_bytes(4, "big") and head[MARK] != _sum(path):
        raise Surroundings("store.damaged", where=str(path), reason="SHA-256")


def _counted(raw: sqlite3.Connection) -> dict[str, int]:
    names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


def _flush(path: Path) -> None:
    number = os.open(path, os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)
