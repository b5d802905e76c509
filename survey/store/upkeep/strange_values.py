"""Values of a kind that no program of ours writes into their column.

SQLite keeps whatever is put into a column: a word where a number belongs makes no page of the file unsound, and a program
that counts with it fails somewhere else. PostgreSQL takes no such value.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Double, Integer, LargeBinary
from sqlalchemy.exc import DBAPIError

from survey.core.errors import Surroundings
from survey.store.engine import tables as t
from survey.store.engine.base import Json
from survey.store.engine.database import Store


def strange(conn: Connection) -> list[str]:
    """``table.column`` of each that holds one, in a SQLite store of this program's schema; nothing on PostgreSQL."""
    return list(_strange(conn)) if conn.dialect.name == "sqlite" else []


def require_usual(place: str) -> None:
    """Raise Surroundings where the SQLite store at this place holds one: after a fault that nobody expected, this is why.

    What else is wrong with the place, or is no store at all, is not said.
    """
    found: list[str] = []
    if "://" in place:
        return
    with suppress(Exception):  # what was to be said before is said
        store = Store.open(place)
        try:
            with store.read() as conn:
                found = strange(conn)
        finally:
            store.close()
    if found:
        raise Surroundings("store.damaged", where=place, reason=", ".join(found[:3]))


def _strange(conn: Connection) -> Iterator[str]:
    for table in t.metadata.sorted_tables:
        checks = [f"sum({_other(column)})" for column in table.columns]
        try:
            counted = conn.exec_driver_sql(f'SELECT {", ".join(checks)} FROM "{table.name}"').one()
        except DBAPIError:
            yield table.name
            continue
        yield from (f"{table.name}.{column.name}" for column, n in zip(table.columns, counted, strict=True) if n)


def _other(column: Column[Any]) -> str:
    """SQL: whether the value is of another kind than the column's."""
    kinds = [f"'{kind}'" for kind in (*_kinds(column.type), *(("null",) if column.nullable else ()))]
    other = f'typeof("{column.name}") NOT IN ({", ".join(kinds)})'
    if isinstance(column.type, (JSON, Json)):
        return f'CASE WHEN {other} THEN 1 ELSE json_valid("{column.name}") = 0 END'
    return other


def _kinds(kind: Any) -> tuple[str, ...]:
    if isinstance(kind, Double):
        return ("real", "integer")
    if isinstance(kind, (Integer, Boolean)):
        return ("integer",)
    return ("blob",) if isinstance(kind, LargeBinary) else ("text",)
