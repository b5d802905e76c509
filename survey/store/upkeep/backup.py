"""A backup of a store that may be in use, and a store made of one in a place where there is none.

Both look over what they wrote before anybody relies on it, and put it in place at once or not at all.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.pool import NullPool

from survey.core.errors import Refused, Surroundings
from survey.files.network_share import share_of
from survey.files.waiting import COPYING, Held
from survey.store.engine import copies, migrations
from survey.store.engine.copies import TOLD
from survey.store.engine.database import APPLICATION, Store, require_fit
from survey.store.engine.failures import translated
from survey.store.engine.sqlite_file import BESIDE, HEADER
from survey.store.keyring import Key, Keyring
from survey.store.upkeep import crossing, sealed
from survey.store.upkeep.serving import require_not_served

#: what opening a store says of a file that is none, in words that send the reader to ``--store`` or to a backup
OF_A_STORE = ("store.not_a_database", "store.damaged", "store.not_ours")


@dataclass(frozen=True)
class Copied:
    """A file that was written and looked over: its bytes, the schema of the store in it, rows by table."""

    file: str
    size: int
    schema: int
    rows: dict[str, int]

    def row(self) -> dict[str, Any]:
        """Its line in a table."""
        told = {name: self.rows.get(name, 0) for name in TOLD}
        return {"file": self.file, "bytes": self.size, "schema": self.schema, **told}


@dataclass(frozen=True)
class Seal:
    """With which ``key`` a backup is encrypted, and which keys are ``kept`` in it."""

    key: Key
    kept: tuple[Key, ...] = ()


def backup(store: Store, out: Path, seal: Seal | None = None) -> Copied:
    """Copy a store, as of one moment, into a new file or, dated, into a folder; with ``seal`` encrypted.

    It is a SQLite store whatever the store is on.  Writers go on meanwhile.  Raises Refused where a file is there already.
    """
    ending = store.ending + (sealed.ENDING if seal is not None else "")
    place = out / f"{store.name}-{datetime.now():%Y%m%d-%H%M%S}{ending}" if out.is_dir() else out
    with _apart() if seal is not None else nullcontext() as apart:
        plain = place if apart is None else apart / "plain"
        if apart is not None and place.exists():  # before the work, not after it
            raise Refused("store.copy_exists", place=str(place))
        with store.read() as conn:
            schema = migrations.version(conn, store.where)
            if store.on_sqlite:
                rows = copies.copy(conn, plain, store.where)
            else:
                rows = copies.written(partial(crossing.into_sqlite, conn), plain, store.where)
        if seal is not None:
            sealed.seal(plain, place, seal.key, seal.kept)
    return Copied(str(place), place.stat().st_size, schema, rows)


@contextmanager
def _apart() -> Iterator[Path]:
    """A folder for a backup in clear, this user's alone, which is swept where the program is killed."""
    try:
        held = Held(COPYING)
    except OSError as error:
        raise Surroundings(
            "disk.cannot_write", path=tempfile.gettempdir(), reason=error.strerror or str(error)
        ) from error
    try:
        yield held.path
    finally:
        held.drop()


def drop_older(store: Store, folder: Path, keep: int, made: Path) -> list[Path]:
    """Delete the dated backups of a store in a folder, encrypted or not, but the newest ``keep`` (1 or more) up to the
    one just ``made``; returns which.

    Only what is named exactly as ``backup`` names it is one. What is dated later was named by a clock that went ahead: it
    is neither counted nor deleted. Raises Surroundings for what can't be deleted.
    """
    name, ending, secret = map(re.escape, (store.name, store.ending, sealed.ENDING))
    dated = re.compile(rf"{name}-(\d{{8}}-\d{{6}}){ending}(?:{secret})?")

    def when(one: Path) -> str:
        found = dated.fullmatch(one.name)
        return found[1] if found else ""

    before = sorted(
        (one for one in folder.iterdir() if when(one) and one.is_file() and one != made and when(one) <= when(made)),
        key=when,
    )
    older = before[: max(0, len(before) + 1 - keep)]
    for one in older:
        try:
            one.unlink()
        except OSError as error:
            raise Surroundings("upkeep.not_dropped", file=str(one), reason=error.strerror or str(error)) from error
    return older


@contextmanager
def _as_a_backup(file: Path) -> Iterator[None]:
    """What would be said of a store, said of the file that one is to be made of: another way out suits it."""
    if file.is_dir():
        raise Surroundings("upkeep.folder", file=str(file))
    try:
        yield
    except Surroundings as error:
        if error.key not in OF_A_STORE:
            raise
        raise Surroundings("upkeep.no_backup", file=str(file)) from error


@contextmanager
def in_clear(file: Path, ring: Keyring | None) -> Iterator[tuple[Path, list[Key], dict[str, int]]]:
    """The backup as SQLite reads it, looked over, the keys that lay in it, and rows by table; one in clear is itself.

    Raises Refused where its key is not in the ring, Surroundings for a file that is no sound store.
    """
    if not file.is_file() or not sealed.is_sealed(file):
        with _as_a_backup(file):
            rows = copies.counts(file)
        yield file, [], rows
        return
    with _apart() as folder:
        plain = folder / "plain"
        keys = sealed.unseal(file, plain, ring)
        with _as_a_backup(file):
            rows = copies.counts(plain)
        yield plain, keys, rows


def restore(file: Path, where: str | Path, ring: Keyring | None = None) -> tuple[Copied, list[Key]]:
    """Make a store of a backup where there is none, in a file or a database of PostgreSQL; returns the keys that lay in it.

    In a file it is brought to this program's schema when it is opened.  Raises Refused where a store lies, where
    something of one is left, or a server still works on one that lay there; where a backup of another schema is to go into
    PostgreSQL; and where its key is not in the ring; Surroundings for a file that is no sound store or is newer than this
    program.
    """
    if "://" in str(where):
        return _into_database(file, str(where), ring)
    place = Path(where)
    require_not_served(place)
    if kind := share_of(place):  # the store that is made could not be opened there
        raise Surroundings("store.on_a_share", where=str(place), kind=kind)
    with in_clear(file, ring) as (plain, keys, _):
        if place.exists():
            raise Refused("upkeep.place_taken", place=str(place))
        left = [path for end in BESIDE if (path := place.with_name(f"{place.name}{end}")).exists()]
        if left:
            raise Refused("upkeep.place_left", place=str(place), left=[path.name for path in left])
        with _source(plain, file) as (conn, schema):
            rows = copies.copy(conn, place, str(file), seal=False)
    return Copied(str(place), place.stat().st_size, schema, rows), keys


@contextmanager
def _source(plain: Path, file: Path) -> Iterator[tuple[Connection, int]]:
    """A connection to a backup, and its schema."""
    uri = f"{plain.absolute().as_uri()}?mode=ro&immutable=1"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(uri, uri=True), poolclass=NullPool)
    with _as_a_backup(file), translated(str(file)), engine.connect() as conn:  # without a pool nothing stays open
        schema = migrations.check(conn, str(file))
        if not schema and 0 < plain.stat().st_size < HEADER:
            raise Surroundings("upkeep.no_backup", file=str(file))  # shorter than its head: to SQLite an empty database
        if not schema:
            raise Refused("upkeep.nothing_in", file=str(file))
        yield conn, schema


def _into_database(file: Path, address: str, ring: Keyring | None) -> tuple[Copied, list[Key]]:
    with closing(Store.connected(address)) as store, in_clear(file, ring) as (plain, keys, _):
        with _source(plain, file) as (source, schema), store.write() as conn:
            require_fit(conn, store.where)
            if schema != migrations.newest():
                raise Refused("upkeep.other_schema", file=str(file), found=schema, known=migrations.newest())
            if inspect(conn).get_table_names():
                raise Refused("upkeep.database_taken", place=store.where)
            if conn.exec_driver_sql(_OTHERS, (APPLICATION,)).scalar_one():
                raise Refused("upkeep.served", place=store.where)
            rows = crossing.into_postgresql(source, conn)
        with store.read() as conn:
            size = conn.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
    return Copied(store.where, int(size), schema, rows), keys


#: how many other connections of the program there are to the database
_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = %s
"""
