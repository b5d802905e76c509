"""Settings of the store itself: ``timezone``, ``sample`` ("1": the data are invented), …"""

from __future__ import annotations

from datetime import datetime
from typing import overload
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from survey.store.engine import bulk
from survey.store.engine.tables import settings

#: the time zone of a store that says none (docs/cli.md)
TIME_ZONE = "Asia/Shanghai"


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


def zone(conn: Connection) -> ZoneInfo:
    """The store's time zone."""
    return ZoneInfo(get(conn, "timezone", TIME_ZONE))


def local(conn: Connection, moment: datetime) -> str:
    """A moment as people of the store's time zone read it: ``2014-11-20 16:02``."""
    return local_in(zone(conn), moment)


def local_in(there: ZoneInfo, moment: datetime) -> str:
    """As ``local``, for whoever reads the zone once for many moments."""
    return f"{moment.astimezone(there):%Y-%m-%d %H:%M}"
