"""What can fail around a database, each as one sentence (exit 5) that never shows a password."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, TimeoutError

from survey.core.errors import Surroundings

#: start of SQLite's name of an error → text key; the first that fits
SQLITE = (
    ("SQLITE_BUSY", "store.locked"),
    ("SQLITE_LOCKED", "store.locked"),
    ("SQLITE_FULL", "store.disk_full"),
    ("SQLITE_READONLY", "store.read_only"),
    ("SQLITE_PERM", "store.read_only"),
    ("SQLITE_NOTADB", "store.not_a_database"),
    ("SQLITE_CORRUPT", "store.damaged"),
    ("SQLITE_CANTOPEN", "store.cannot_open"),
    ("SQLITE_IOERR", "store.disk_error"),
)
#: start of PostgreSQL's SQLSTATE → text key; the first that fits
POSTGRESQL = (
    ("28", "store.login_refused"),
    ("3D000", "store.no_database"),
    ("53100", "store.disk_full"),
    ("55P03", "store.locked"),
    ("40P01", "store.locked"),
    ("25006", "store.read_only"),
    ("42501", "store.no_privilege"),
    ("08", "store.server_away"),
    ("53", "store.server_away"),
    ("57", "store.server_away"),
    ("58", "store.server_away"),
)
#: what a commit fails with when the database has taken all of it back; after anything else nobody knows
TAKEN_BACK = (
    *("store.locked", "store.disk_full", "store.read_only", "store.disk_error"),
    *("store.gone", "store.replaced"),
)
#: before a session stands the client library gives no SQLSTATE, only the server's words
LOGIN_WORDS = ("password", "authentication", "role", "pg_hba.conf", "口令", "密码", "认证", "角色")


def _starting(table: tuple[tuple[str, str], ...], code: str) -> str | None:
    return next((key for start, key in table if code.startswith(start)), None)


def _reason(error: BaseException) -> str:
    """The telling part of what the database said, in one line.

    psycopg: ``connection failed: connection to server at "…", port 5432 failed: FATAL:  …`` and a hint, or, where
    several addresses were tried, a heading and one such line for each.
    """
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    tried = [line for line in lines if line.startswith("- host")]
    said = (tried or lines)[0].rpartition("failed: ")[2]
    return said.removeprefix("FATAL:").strip().rstrip(".。")


def _postgresql_key(error: Exception) -> str | None:
    state = getattr(error, "sqlstate", None)
    if state:
        return _starting(POSTGRESQL, state)
    if type(error).__name__ not in ("OperationalError", "InterfaceError", "ConnectionTimeout"):
        return None
    words = _reason(error).casefold()
    if "database" in words and "does not exist" in words:
        return "store.no_database"
    if "permission denied" in words:
        return "store.no_privilege"
    return "store.login_refused" if any(w in words for w in LOGIN_WORDS) else "store.server_away"


class Unreadable(ValueError):
    """Something in the database that no program of ours has written: text, a date or JSON that is none."""


def sentence(error: Exception, where: str) -> Surroundings | None:
    """The sentence for an error that the surroundings caused, None for any other error."""
    if isinstance(error, TimeoutError):
        return Surroundings("store.locked", where=where)
    cause = error.orig if isinstance(error, DBAPIError) else error
    key: str | None = None
    if isinstance(error, (Unreadable, UnicodeDecodeError)):
        key = "store.damaged"
    elif isinstance(cause, sqlite3.Error):
        key = _starting(SQLITE, getattr(cause, "sqlite_errorname", "") or "")
        if str(cause).startswith("Could not decode"):
            key = "store.damaged"
    elif isinstance(cause, Exception) and type(cause).__module__.startswith("psycopg"):
        key = _postgresql_key(cause)
    return None if key is None or cause is None else Surroundings(key, where=where, reason=_reason(cause))


def taken_back(error: BaseException) -> bool:
    """Whether a commit that failed so has kept nothing.  Where only the last flush failed the disk may have all of it."""
    if not isinstance(error, Surroundings) or error.key not in TAKEN_BACK:
        return False
    cause = getattr(error.__cause__, "orig", error.__cause__)
    return "FSYNC" not in (getattr(cause, "sqlite_errorname", "") or "")


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn failures of the surroundings inside the block into ``Surroundings``; others pass."""
    try:
        yield
    except Exception as error:
        said = sentence(error, where)
        if said is None:
            raise
        raise said from error
