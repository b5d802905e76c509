"""What every table is made of: the register of tables, and the types that both databases know differently."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BigInteger, Dialect, Integer, MetaData, String
from sqlalchemy.types import TypeDecorator

metadata = MetaData()

#: SQLite knows its row id only by the plain word INTEGER
BIG = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """A moment with its offset, kept as ISO text in UTC because SQLite drops time zones."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """To text."""
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """From text."""
        return None if value is None else datetime.fromisoformat(value)


def now() -> datetime:
    """This moment, in UTC; finer than people read, so that what follows within a second keeps its order."""
    return datetime.now(UTC)
