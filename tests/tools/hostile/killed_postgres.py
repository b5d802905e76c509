"""A database of PostgreSQL whose client is killed: a copy of it for every try, its rows, and how far its client is.

The folder of a try holds the address of its database in a file; where there is none, the store is a file of SQLite.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ADDRESS = "database.txt"
#: how long the server may take to notice that its client is gone (s)
NOTICED = 60
_numbers = itertools.count()
#: one connection a database for looking at what its client does
_watching: dict[str, Any] = {}


def address(folder: Path) -> str:
    """Where the store of the folder is; empty for SQLite."""
    try:
        return (folder / ADDRESS).read_text(encoding="utf-8")
    except OSError:
        return ""


@contextmanager
def _beside(url: str) -> Iterator[Any]:
    """A connection to the server that is none to the database itself."""
    import psycopg

    with psycopg.connect(f"{url.rsplit('/', 1)[0]}/postgres", autocommit=True) as conn:
        yield conn


def a_database(folder: Path, source: str) -> None:
    """A copy of the database at ``source`` for this folder."""
    name = f"killed_{os.getpid()}_{next(_numbers)}"
    quiet(source)
    with _beside(source) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {source.rsplit('/', 1)[1]}")
    (folder / ADDRESS).write_text(f"{source.rsplit('/', 1)[0]}/{name}", encoding="utf-8")


def drop(folder: Path) -> None:
    """The database of the folder, if it has one, is gone."""
    url = address(folder)
    if url:
        with _beside(url) as conn:
            conn.execute(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")
        if url in _watching:
            _watching.pop(url).close()


def quiet(url: str) -> None:
    """Wait until nobody works on the database any more: what a killed client began is kept or taken back by then."""
    until = time.monotonic() + NOTICED
    with _beside(url) as conn:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        while conn.execute(query, [url.rsplit("/", 1)[1]]).fetchone()[0]:
            assert time.monotonic() < until, "a client that was killed still holds the database"
            time.sleep(0.01)


def tables(url: str) -> Iterator[tuple[str, list[str], list[tuple[Any, ...]]]]:
    """Name, columns and rows of every table, as of one moment."""
    import psycopg

    with psycopg.connect(url) as conn:
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        for (name,) in conn.execute(query).fetchall():
            found = conn.execute(f'SELECT * FROM "{name}"')
            yield name, [c.name for c in found.description or ()], found.fetchall()


def doing(folder: Path, what: str) -> bool:
    """Whether the client of the folder's database has it ``open`` or has ``written`` something that is not kept yet."""
    url = address(folder)
    if url not in _watching:
        import psycopg

        _watching[url] = psycopg.connect(f"{url.rsplit('/', 1)[0]}/postgres", autocommit=True)
    seen = "" if what == "open" else " AND backend_xid IS NOT NULL"
    query = f"SELECT count(*) FROM pg_stat_activity WHERE datname = %s{seen}"
    return bool(_watching[url].execute(query, [url.rsplit("/", 1)[1]]).fetchone()[0])
