"""The store: one database, and the only way to a transaction in it.

SQLite by default (WAL, ``synchronous=FULL``, ``BEGIN IMMEDIATE`` for writers), PostgreSQL by URL
(``REPEATABLE READ`` for readers; writers take turns by an advisory lock, as they do on SQLite).
"""

from __future__ import annotations

import importlib.util
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool, StaticPool

from survey.core import commits
from survey.core.errors import Surroundings, WrongUsage
from survey.store.engine import copies, migrations, sqlite_file
from survey.store.engine.base import to_json
from survey.store.engine.failures import Unreadable, taken_back, translated
from survey.store.engine.sqlite_file import SqliteFile

#: any constant, the same for every program that writes to the database
WRITERS_LOCK = 8_676_578_453_201
#: what the program calls itself to PostgreSQL, and the oldest version that it is written for (docs/install.md)
APPLICATION, OLDEST = "xingfu", (13,)
POSTGRESQL_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_WRITES = "xingfu_writes"


def _from_json(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Unreadable(str(error)) from error


@dataclass(frozen=True)
class Upgrade:
    """An older store was brought to this program's schema when it was opened; as it was it lies in ``copy``.

    ``folded``: the last change of indicator values whose texts an older program kept in another form than typed; 0
    where there is none, or where an earlier upgrade said so.
    """

    found: int
    newest: int
    copy: str
    folded: int = 0


class Store:
    """A database of the project; open it with ``Store.open``.  Safe to share between threads."""

    def __init__(self, engine: Engine, where: str, file: SqliteFile | None = None, name: str = "") -> None:
        self._engine = engine
        self.where = where
        self.file = file
        #: of the file or database, without its place, and how it ends
        self.name, self.ending = (file.path.stem, file.path.suffix) if file is not None else (name, ".db")
        self.upgraded: Upgrade | None = None
        #: whether, after the last ``erasing``, a reader still saw what was deleted, so that the journal keeps it for now
        self.held_open = False
        self._joined = threading.local()
        self._notes = None if file is None else _on(file.watching, poolclass=StaticPool)

    @classmethod
    def open(cls, where: str | Path, *, create: bool = False) -> Store:
        """Open the store at a path or a ``postgresql://`` URL; an older schema is upgraded first.

        ``create`` makes it if there is nothing yet.  Raises Surroundings with one sentence if it is missing,
        unreadable, not a store, or newer than this program; WrongUsage for any other kind of URL.
        """
        text = str(where)
        if "://" in text:
            store = cls.connected(text)
        else:
            try:
                file = SqliteFile(Path(text).expanduser(), create)
            except OSError:  # a folder on the way that may not be entered
                raise Surroundings("store.cannot_open", where=text) from None
            store = cls(_sqlite(file), text, file)
        try:
            store._prepare(create)
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def connected(cls, address: str) -> Store:
        """A database of PostgreSQL as it is, for who fills it; raises WrongUsage for any other kind of URL."""
        url = _postgresql_url(address)
        return cls(_postgresql(url), _masked(url), name=url.database or "")

    def _prepare(self, create: bool) -> None:
        with translated(self.where), self._connection(writes=False) as conn:
            if not self.on_sqlite:
                require_fit(conn, self.where)
            found = migrations.check(conn, self.where)
        if self.file is not None:
            self.file.remember()
        if found == 0 and not create:
            raise Surroundings("store.empty", where=self.where)
        if self.read_only:
            if found != migrations.newest():
                raise Surroundings("store.read_only_older", where=self.where, found=found, known=migrations.newest())
            return
        if self.on_sqlite:
            self._use_wal()
        if found == migrations.newest():
            return
        copied = self._copy_before_upgrade(found)
        with self.write(aside=True) as conn:
            found = migrations.check(conn, self.where)  # another program may have been here meanwhile
            if found == 0:
                migrations.create(conn)
            else:
                folded = migrations.upgrade(conn, found)
                self.upgraded = Upgrade(found, migrations.newest(), copied, folded)

    def _copy_before_upgrade(self, found: int) -> str:
        """A verified copy of an older store beside it, for whoever wants to go back to the older program."""
        if self.file is None or not found:
            return ""
        path = self.file.path
        place = path.with_name(f"{path.stem}.schema{found}-{datetime.now():%Y%m%d-%H%M%S}{path.suffix}")
        with self.read() as conn:
            copies.copy(conn, place, self.where)
        return str(place)

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written, whoever tries: an archive, a CD."""
        return self.file is not None and self.file.read_only

    def _use_wal(self) -> None:
        """The mode stays with the file, so it is set only once the file is known to be ours."""
        with translated(self.where), self._engine.connect() as conn:
            raw: Any = conn.connection.driver_connection
            raw.execute("PRAGMA journal_mode=WAL")

    @property
    def on_sqlite(self) -> bool:
        """Whether this is a SQLite file."""
        return self._engine.dialect.name == "sqlite"

    def changes(self) -> int | None:
        """Another number after every change that anybody commits, in this process or another, but for what this one notes
        (``note``); only compared within one process.

        None where the database tells no such number (PostgreSQL).  What is read after it was asked for rests on this number
        or a later one.
        """
        if self.file is None:
            return None
        asked: list[int] | None = getattr(self._joined, "asked", None)
        if asked:
            return asked[0]
        with translated(self.where):
            found = self.file.changes()
        if asked is not None:
            asked.append(found)
        return found

    @contextmanager
    def asked_once(self) -> Iterator[None]:
        """In the block ``changes`` of this thread is what it was at first: for whoever asks ten times what one answer rests on."""
        before = getattr(self._joined, "asked", None)
        self._joined.asked = [] if before is None else before
        try:
            yield
        finally:
            self._joined.asked = before

    def write(self, *, aside: bool = False) -> AbstractContextManager[Connection]:
        """One transaction that may write: all of it is kept at the end of the block, or none.

        ``aside``: it holds nothing that anybody brought or decided, only what is computed or noted beside it.
        Writers take turns; raises Surroundings when another one holds on for longer than 30 seconds.
        """
        return self._transaction(writes=True) if aside else self._counted()

    @contextmanager
    def note(self) -> Iterator[Connection]:
        """``write(aside=True)`` for what nothing shows that rests on ``changes``: who looked, took a file along or is still there.

        It moves ``changes`` in other processes only: fifty who look do not drop what is kept for them at each look.
        """
        if self._notes is None or self.read_only or hasattr(self._joined, "conn"):
            with self.write(aside=True) as conn:
                yield conn
            return
        assert self.file is not None
        with translated(self.where), self.file.noting(), self._notes.connect() as conn, conn.begin():
            yield conn
            self.file.require_same()
            self.file.noted()

    def read(self) -> AbstractContextManager[Connection]:
        """One read-only transaction: everything in the block is seen as of its first query."""
        return self._transaction(writes=False)

    @contextmanager
    def together(self) -> Iterator[Connection]:
        """``write`` that takes in every transaction which this thread opens in the block: all are kept, or none.

        So a step that has transactions of its own is marked done in the one that does it.
        """
        with self._counted() as conn:
            self._joined.conn = conn
            try:
                yield conn
            finally:
                del self._joined.conn

    @contextmanager
    def erasing(self) -> Iterator[Connection]:
        """``write`` for what is deleted for good: on SQLite its bytes are overwritten in the file and the journal."""
        with self._counted() as conn:
            if self.on_sqlite:
                conn.exec_driver_sql("PRAGMA secure_delete=ON")
            yield conn
        if self.on_sqlite and not hasattr(self._joined, "conn"):  # nothing can be folded into a file that is written to
            with translated(self.where), self._engine.connect() as conn:
                raw: Any = conn.connection.driver_connection
                busy, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                self.held_open = bool(busy)

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()
        if self._notes is not None:
            self._notes.dispose()
        if self.file is not None:
            self.file.let_go()

    def resume(self) -> None:
        """Take the store up again in a process that was forked after ``close``: it is still held to be the same file."""
        if self.file is not None:
            self.file.resume()

    @contextmanager
    def _counted(self) -> Iterator[Connection]:
        """A transaction whose end is counted: kept, lost, or nobody knows."""
        if hasattr(self._joined, "conn"):  # the one around it is counted
            yield self._joined.conn
            return
        whole = False
        try:
            with self._transaction(writes=True) as conn:
                yield conn
                whole = True
            commits.kept()
        except BaseException as error:
            (commits.unsure if whole and not taken_back(error) else commits.lost)()
            raise

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Connection]:
        joined: Connection | None = getattr(self._joined, "conn", None)
        if joined is not None:
            yield joined
            return
        with translated(self.where), self._connection(writes=writes) as conn:
            yield conn

    @contextmanager
    def _connection(self, *, writes: bool) -> Iterator[Connection]:
        with self._engine.connect() as conn:
            conn.execution_options(**{_WRITES: writes})
            if not self.on_sqlite:
                level = "READ COMMITTED" if writes else "REPEATABLE READ"
                conn.execution_options(isolation_level=level, postgresql_readonly=not writes)
            with conn.begin():
                yield conn
                if writes and self.file is not None:
                    self.file.require_same()


def _sqlite(file: SqliteFile) -> Engine:
    engine = _on(file.connect, poolclass=QueuePool, max_overflow=-1)

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        writes = conn.get_execution_options().get(_WRITES)
        conn.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @event.listens_for(engine, "checkout")
    def checkout(*_: Any) -> None:
        file.require_same()

    return engine


def _on(connect: Callable[[], Any], **pool: Any) -> Engine:
    return create_engine(
        "sqlite://",
        creator=connect,
        json_serializer=to_json,
        json_deserializer=_from_json,
        hide_parameters=True,
        **pool,
    )


def _postgresql_url(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise WrongUsage("store.bad_url") from None  # the cause would show the password
    if url.drivername not in POSTGRESQL_SCHEMES:
        raise WrongUsage("store.unknown_kind", kind=url.drivername)
    return url.set(drivername="postgresql+psycopg")


def _masked(url: URL) -> str:
    """The URL as a user may see it: the password as ``***``, no options (they may hold another)."""
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def _postgresql(url: URL) -> Engine:
    if importlib.util.find_spec("psycopg") is None:
        raise Surroundings("store.psycopg_missing")
    engine = create_engine(
        url,
        max_overflow=-1,
        pool_pre_ping=True,
        json_serializer=to_json,
        json_deserializer=_from_json,
        hide_parameters=True,
        connect_args={"fallback_application_name": APPLICATION, **_timeout(url)},
    )

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        if conn.get_execution_options().get(_WRITES):
            conn.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(sqlite_file.WAIT_SECONDS * 1000)}ms'")
            conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})")

    return engine


def _timeout(url: URL) -> dict[str, int]:
    return {} if "connect_timeout" in url.query else {"connect_timeout": 10}


def require_fit(conn: Connection, where: str) -> None:
    """Raise Surroundings for a PostgreSQL that is too old, or a database of it that does not take every character."""
    version = conn.dialect.server_version_info or OLDEST
    if version < OLDEST:
        raise Surroundings("store.old_server", where=where, found=version[0], oldest=OLDEST[0])
    found = conn.exec_driver_sql("SHOW server_encoding").scalar_one()
    if found != "UTF8":
        raise Surroundings("store.not_utf8", where=where, found=found)
