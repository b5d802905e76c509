"""What every table is made of: the register of tables, and the types that both databases know differently."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Dialect, Integer, MetaData, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex
from sqlalchemy.types import TypeDecorator

from survey.store.engine.failures import Unreadable

metadata = MetaData()

#: in the ``info`` of an index: the rows that it holds
WHERE = "where"

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
        try:
            return None if value is None else datetime.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise Unreadable(str(error)) from error


class Json(TypeDecorator[Any]):
    """JSON of one shape: a ``dict``, or a ``list`` of which each is of a type; any other the program has not written."""

    impl = JSON
    cache_ok = True

    def __init__(self, of: type, each: type = object) -> None:
        """``each``: what a list holds."""
        super().__init__()
        self.of, self.each = of, each

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """As it is, if it is of that shape."""
        of_shape = value is None or isinstance(value, self.of)
        if not of_shape or (isinstance(value, list) and not all(isinstance(one, self.each) for one in value)):
            raise Unreadable(f"JSON: {type(value).__name__}")
        return value


def now() -> datetime:
    """This moment, in UTC; finer than people read, so that what follows within a second keeps its order."""
    return datetime.now(UTC)


def _plain(value: Any) -> Any:
    """What JSON does not know: numpy's scalars as Python's, the rest as text."""
    return value.item() if hasattr(value, "item") else str(value)


def to_json(value: Any, *, sort_keys: bool = False) -> str:
    """JSON as the store keeps it; raises ValueError for a number that is none."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain, sort_keys=sort_keys)


@compiles(CreateIndex)
def _create_index(statement: CreateIndex, compiler: Any, **words: bool) -> str:
    """An index over the rows that its ``info`` says.

    As an option of its declaration it would import the whole dialect of PostgreSQL, a tenth of a
    second, also for who uses SQLite.
    """
    index = statement.element
    if WHERE in index.info:
        index.dialect_options[compiler.dialect.name]["where"] = index.info[WHERE]
    return str(compiler.visit_create_index(statement, **words))
