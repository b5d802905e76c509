"""The file of a SQLite store: how it is connected to, whether it may be written, and that it is still the same one.

A file that is moved away, removed or replaced stays open in a program that runs: what is written goes into a file that
nobody will open again.  So device and inode are compared whenever a connection is taken, and before a commit.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from survey.core.errors import Surroundings
from survey.files.network_share import share_of

#: how long a writer waits for another one (s)
WAIT_SECONDS = 30
#: how long a note waits before it asks again whether the other writer is done (s)
ASKS_AGAIN = 0.02
#: bytes of the header of a SQLite file; 60 to 64 hold the mark that every backup gets of its own
HEADER, MARK = 100, slice(60, 64)
#: beside the file while a program has it open, or after one was killed
BESIDE = ("-wal", "-shm", "-journal")


class SqliteFile:
    """A path that is, or becomes, a store; ``read_only`` where nothing can be written there."""

    def __init__(self, path: Path, create: bool) -> None:
        self.path = path.absolute()
        self.where = str(path)
        self._create = create
        self.read_only = False
        self._frozen = False
        self._known: tuple[int, int] | None = None
        self._mark: bytes | None = None
        self._watching: sqlite3.Connection | None = None
        self._watch = threading.RLock()
        self._begun = self._told_by = self._told = 0
        #: what stands while this process holds the store for a note: nobody can commit meanwhile
        self._held: int | None = None
        self._check()
        if self.path.exists():
            self.read_only = not _writable(self.path)
            self._frozen = self.read_only and self._needs_freezing()
        if not self.read_only and (kind := share_of(self.path)):
            raise Surroundings("store.on_a_share", where=self.where, kind=kind)

    def _check(self) -> None:
        """Raise Surroundings for a path that can't be a store; SQLite itself would only say "unable to open"."""
        if self.path.is_dir():
            raise Surroundings("store.is_folder", where=self.where)
        if self.path.exists() and not self.path.is_file():  # a pipe, a device
            raise Surroundings("store.not_a_database", where=self.where)
        if not self.path.exists():
            if not self._create:
                raise Surroundings("store.missing", where=self.where)
            if not self.path.parent.is_dir():
                raise Surroundings("store.no_folder", where=self.where, folder=str(self.path.parent))

    def _needs_freezing(self) -> bool:
        """Whether the files beside it, which a reader would need, can't be made: then it is read as it lies there.

        Raises Surroundings where what a killed program left beside it would be passed over by that.
        """
        try:
            connect(self._uri("ro")).close()
        except sqlite3.OperationalError as error:
            left = self.path.with_name(f"{self.path.name}-wal")
            if left.exists() and left.stat().st_size:
                raise Surroundings("store.read_only_unfinished", where=self.where, left=left.name) from error
            return True
        return False

    def _uri(self, mode: str) -> str:
        return f"{self.path.as_uri()}?mode={mode}"

    def connect(self) -> sqlite3.Connection:
        """A new connection.  A file that vanishes under a running program is an error, not a new empty store."""
        self.require_same()  # a new connection would fold what lies beside it into the other file
        if self.read_only:
            return connect(self._uri("ro") + ("&immutable=1" if self._frozen else ""))
        if self._create and self._known is None and not self.path.exists():
            with suppress(OSError):  # another program was first, or SQLite says why it can't be made
                os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # answers of persons
        return connect(self._uri("rwc" if self._create and self._known is None else "rw"))

    def remember(self) -> None:
        """From now on it has to be this file."""
        if self._known is None:
            self._known = _place(self.path)
            if self._known is not None:
                self._mark = _marks.hold(self._known, self.path)

    def resume(self) -> None:
        """After ``let_go``: know the file again; raises Surroundings where another lies there by now."""
        self.require_same()
        if self._known is not None and self._mark is None:
            self._mark = _marks.hold(self._known, self.path)

    def require_same(self) -> None:
        """Raise Surroundings where another file lies at the path now, another was copied into it, or there is none."""
        if self._known is None:
            return
        found = _place(self.path)
        if found != self._known or (self._mark is not None and _marks.read(self._known) != self._mark):
            raise Surroundings("store.gone" if found is None else "store.replaced", where=self.where)

    def changes(self) -> int:
        """Another number after every change that any program commits, but for what this one notes (``noting``); of use to this
        process alone.

        Threads that ask while another reads it share the next reading: none waits for a reading for each before it.
        Raises Surroundings as ``require_same`` does.
        """
        self.require_same()
        if (held := self._held) is not None:
            return held
        begun = self._begun
        with self._watch:
            if self._told_by > begun:  # read by another thread after this one asked
                return self._told
            self._begun += 1
            self._told = int(self.watching().execute("PRAGMA data_version").fetchone()[0])
            self._told_by = self._begun
            return self._told

    def watching(self) -> sqlite3.Connection:
        """The connection that ``changes`` is read on: SQLite counts there what all others commit, never what it commits itself."""
        with self._watch:
            if self._watching is None:
                self._watching = self.connect()
            return self._watching

    @contextmanager
    def noting(self) -> Iterator[None]:
        """In the block ``watching`` holds the store for writing; raises sqlite3.OperationalError where another writer holds on.

        Whoever asks for ``changes`` waits neither for that writer nor for the note, but from ``noted`` on, which is to be called
        before it is committed.
        """
        until = time.monotonic() + WAIT_SECONDS
        while True:
            with self._watch:
                if self._taken(last=time.monotonic() >= until):
                    try:
                        self._held = self.changes()
                        yield
                    finally:
                        self.noted()
                        if self.watching().in_transaction:  # nobody ended what was begun
                            self.watching().rollback()
                    return
            time.sleep(ASKS_AGAIN)

    def noted(self) -> None:
        """What was noted is about to be committed: from then on others may commit, too."""
        self._held = None

    def _taken(self, last: bool) -> bool:
        """Whether the store was free to be written; raises sqlite3.OperationalError where it was not the ``last`` time either."""
        raw = self.watching()
        raw.execute("PRAGMA busy_timeout=0")
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if last or error.sqlite_errorname != "SQLITE_BUSY":
                raise
            return False
        finally:
            raw.execute(f"PRAGMA busy_timeout={1000 * WAIT_SECONDS}")
        return True

    def let_go(self) -> None:
        """After all connections are closed."""
        with self._watch:
            if self._watching is not None:
                self._watching.close()
                self._watching = None
        if self._mark is not None and self._known is not None:
            _marks.let_go(self._known)
            self._mark = None


def _place(path: Path) -> tuple[int, int] | None:
    try:
        known = path.stat()
    except FileNotFoundError:
        return None
    return known.st_dev, known.st_ino


class _Marks:
    """The marks of open files, read without SQLite: one descriptor a file for the whole process.

    On POSIX systems closing any descriptor of a file gives up every lock that the process has on it, SQLite's too; so one
    is shared by all, and closed when the last store on the file is.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[tuple[int, int], list[int]] = {}

    def hold(self, place: tuple[int, int], path: Path) -> bytes:
        if not hasattr(os, "pread"):  # Windows: an open file is not written over there
            return b""
        with self._lock:
            held = self._held.setdefault(place, [])
            if not held:
                held += [os.open(path, os.O_RDONLY | os.O_CLOEXEC), 0]
            held[1] += 1
        return self.read(place)

    def read(self, place: tuple[int, int]) -> bytes:
        held = self._held.get(place)
        return os.pread(held[0], HEADER, 0)[MARK].ljust(4, b"\0") if held else b""

    def let_go(self, place: tuple[int, int]) -> None:
        with self._lock:
            held = self._held.get(place)
            if held:
                held[1] -= 1
                if not held[1]:
                    os.close(held[0])
                    del self._held[place]


_marks = _Marks()


def _writable(path: Path) -> bool:
    """Whether the file and its folder can be written to: SQLite keeps its journal beside the file."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def connect(uri: str) -> sqlite3.Connection:
    """A connection as the store uses it; raises sqlite3.Error where the file can't be read."""
    raw = sqlite3.connect(
        uri, uri=True, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    try:
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
            raw.execute(f"PRAGMA {pragma}")
        raw.execute("SELECT count(*) FROM sqlite_master")
    except BaseException:
        raw.close()
        raise
    return raw
