"""Small sheets of call records."""

from __future__ import annotations

from typing import Any

from survey.fieldwork.call_columns import call_columns
from survey.fieldwork.call_file import CallSheet, read_calls
from survey.fieldwork.register import Register
from survey.files.readers.sheet import Sheet
from survey.form.dispositions import Outcomes
from survey.store.year.register import Community

COMMUNITIES = (Community("C1", "甲社区", ("甲",)), Community("C2", "乙社区"))
REGISTER = Register(COMMUNITIES)
TABLE = Outcomes()


def sheet(*rows: list[Any], **more: Any) -> Sheet:
    width = max(len(r) for r in rows)
    return Sheet("电话.xlsx", "电话", [[*r, *[None] * (width - len(r))] for r in rows], **more)


def read(*rows: list[Any], year: int | None = 2014, **more: Any) -> CallSheet:
    one = sheet(*rows)
    columns = call_columns(one, TABLE)
    assert columns is not None
    return read_calls(one, columns, REGISTER, TABLE, year=year, **more)


def texts(*rows: str) -> bytes:
    """A text file of these lines."""
    return ("\n".join(rows) + "\n").encode("utf-8")
