"""Many rows in and out at the speed of the driver, and the small statements that both databases lack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Select, Table, insert, update

from survey.store.engine import tables as t

#: rows fetched at a time: few enough to stay in the cache while they are turned into columns
CHUNK = 1_000


def copy_in(conn: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain Python values (no conversion) in the order of ``columns``."""
    names = ", ".join(f'"{c}"' for c in columns)
    raw: Any = conn.connection.driver_connection
    if conn.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        raw.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", rows)
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def chunks(conn: Connection, query: Select[Any]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a query as plain tuples, some thousand at a time, without SQLAlchemy's row objects."""
    sql = str(query.compile(conn, compile_kwargs={"literal_binds": True}))
    raw: Any = conn.connection.driver_connection
    cursor = raw.cursor() if conn.dialect.name == "sqlite" else raw.cursor("chunks", binary=True)
    try:
        cursor.execute(sql)
        while rows := cursor.fetchmany(CHUNK):
            yield rows
    finally:
        with suppress(Exception):  # of rows that nobody went on with, whose connection has gone before them
            cursor.close()


def pairs(conn: Connection, query: Select[Any]) -> dict[Any, Any]:
    """The rows of a query for two columns as a dict."""
    return dict(conn.execute(query).all())


def put(conn: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Update the row of this key or insert it (writers are alone, so nobody comes between)."""
    change = update(table).where(*(table.c[k] == v for k, v in key.items())).values(**values)
    if conn.execute(change).rowcount == 0:
        conn.execute(insert(table).values(**key, **values))


def take(conn: Connection, name: str, n: int = 1) -> int:
    """Reserve ``n`` numbers of a counter; returns the first."""
    c = t.counters.c
    query = update(t.counters).where(c.name == name).values(next=c.next + n).returning(c.next)
    return int(conn.execute(query).scalar_one()) - n
