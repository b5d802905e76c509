"""Settings of the store itself: ``timezone``, ``sample`` ("1": the data are invented), …"""

from __future__ import annotations

from typing import overload

from sqlalchemy import Connection, select

from survey.store import bulk
from survey.store.tables import settings


@overload
def get(conn: Connection, key: str) -> str | None: ...
@overload
def get(conn: Connection, key: str, default: str) -> str: ...
def get(conn: Connection, key: str, default: str | None = None) -> str | None:
    """The value of a setting, ``default`` where it was never put."""
    value: str | None = conn.execute(select(settings.c.value).where(settings.c.key == key)).scalar()
    return default if value is None else value


def put(conn: Connection, key: str, value: str) -> None:
    """Keep a setting."""
    bulk.put(conn, settings, {"key": key}, {"value": value})
