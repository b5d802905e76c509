"""All rows of a store, out of one database into an empty one of the other kind, and both held against each other.

Rows travel as SQLite keeps them: JSON as its text, what is true or not as 1 or 0. So nothing is worded anew on the way, and
what arrived is compared with what left byte for byte.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from survey.core.errors import Surroundings
from survey.store.engine import bulk
from survey.store.engine import tables as t
from survey.store.engine.base import Json

#: those of this program's schema, each behind the ones that it refers to
TABLES = t.metadata.sorted_tables
#: start of PostgreSQL's SQLSTATE of a row that it does not take: its values, or that it belongs to no other row
_NOT_TAKEN = ("22", "23")
_LARGE = 64


@dataclass
class Held:
    """What a table holds: how many rows, and a sum over them in which their order does not count."""

    n: int = 0
    total: int = 0

    def add(self, row: tuple[Any, ...]) -> None:
        """Count one row."""
        told = repr(tuple(_short(v) if isinstance(v, bytes) else v for v in row)).encode("utf-8", "surrogatepass")
        self.n += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(told).digest(), "big")) % (1 << 256)


def _short(value: bytes) -> bytes:
    return hashlib.sha256(value).digest() if len(value) > _LARGE else value


def into_sqlite(conn: Connection, target: sqlite3.Connection) -> dict[str, int]:
    """Make all tables in an empty SQLite file and fill them with what the transaction on PostgreSQL sees.

    Returns how many rows each table has.  Raises Surroundings where what arrived is not what left.
    """
    dialect = sqlite.dialect()
    target.execute("PRAGMA synchronous=OFF")  # whoever asked writes it out at the end, or has no file
    for table in TABLES:
        target.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            target.execute(str(CreateIndex(index).compile(dialect=dialect)))
    left: dict[str, Held] = {}
    for table in TABLES:
        marks = ", ".join("?" * len(table.columns))
        target.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', _leaving(conn, table, left))
    target.commit()
    _require_same(left, {table.name: _held(target, table) for table in TABLES})
    return {name: held.n for name, held in left.items()}


def into_postgresql(source: Connection, conn: Connection) -> dict[str, int]:
    """Make all tables in an empty database of PostgreSQL and fill them with what the transaction on SQLite sees.

    Returns how many rows each table has.  Raises Surroundings for a row that PostgreSQL does not take, and where what
    arrived is not what left.
    """
    t.metadata.create_all(conn)
    left: dict[str, Held] = {}
    for table in TABLES:
        truths = [place for place, column in enumerate(table.columns) if isinstance(column.type, Boolean)]
        rows = _leaving(source, table, left)
        try:
            bulk.copy_in(conn, table, [c.name for c in table.columns], _true_or_not(rows, truths))
        except Exception as error:
            if not str(getattr(error, "sqlstate", "") or "").startswith(_NOT_TAKEN) and not _unsendable(error):
                raise
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise Surroundings("upkeep.not_taken", table=table.name, reason=reason) from error
        if (number := table.autoincrement_column) is not None:
            last = f"(SELECT max({number.name}) FROM {table.name})"
            sequence = f"pg_get_serial_sequence('{table.name}', '{number.name}')"
            conn.exec_driver_sql(f"SELECT setval({sequence}, coalesce({last}, 1), {last} IS NOT NULL)")
    raw: Any = conn.connection.driver_connection
    _require_same(left, {table.name: _held(raw, table, on_sqlite=False) for table in TABLES})
    return {name: held.n for name, held in left.items()}


def _unsendable(error: Exception) -> bool:
    """A text that can't be sent at all: with a NUL in it, or half of a character."""
    return isinstance(error, UnicodeEncodeError) or type(error).__name__ == "DataError"


def _true_or_not(rows: Iterator[tuple[Any, ...]], truths: list[int]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        if truths:
            changed = list(row)
            for place in truths:
                changed[place] = None if row[place] is None else bool(row[place])
            yield tuple(changed)
        else:
            yield row


def _leaving(conn: Connection, table: Table, left: dict[str, Held]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table, each counted as it leaves."""
    held = left[table.name] = Held()
    for row in _rows(conn.connection.driver_connection, table, on_sqlite=conn.dialect.name == "sqlite"):
        held.add(row)
        yield row


def _held(raw: Any, table: Table, *, on_sqlite: bool = True) -> Held:
    held = Held()
    for row in _rows(raw, table, on_sqlite=on_sqlite):
        held.add(row)
    return held


def _rows(raw: Any, table: Table, *, on_sqlite: bool) -> Iterator[tuple[Any, ...]]:
    columns = ", ".join(_read(column.name, column.type, on_sqlite=on_sqlite) for column in table.columns)
    order = ", ".join(f'"{c.name}"' for c in table.primary_key)
    cursor = raw.cursor() if on_sqlite else raw.cursor("crossing", binary=True)
    truths = [] if on_sqlite else [n for n, c in enumerate(table.columns) if isinstance(c.type, Boolean)]
    try:
        cursor.execute(f'SELECT {columns} FROM "{table.name}"' + (f" ORDER BY {order}" if order else ""))
        while rows := cursor.fetchmany(bulk.CHUNK):
            for row in rows:
                if truths:
                    yield tuple(int(v) if n in truths and v is not None else v for n, v in enumerate(row))
                else:
                    yield tuple(row)
    finally:
        with suppress(Exception):  # of a connection that failed what failed first is what is said
            cursor.close()


def _read(name: str, kind: Any, *, on_sqlite: bool) -> str:
    is_json = isinstance(kind, (JSON, Json))
    return f'CAST("{name}" AS TEXT)' if is_json and not on_sqlite else f'"{name}"'


def _require_same(left: Mapping[str, Held], arrived: Mapping[str, Held]) -> None:
    wrong = [name for name, held in left.items() if arrived[name] != held]
    if wrong:
        raise Surroundings("upkeep.crossed_differently", tables=", ".join(wrong))
