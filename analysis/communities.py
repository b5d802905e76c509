"""Which communities a year has."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from survey.store import register


def communities_in(conn: Connection, year: int) -> list[register.Community]:
    """The communities that exist in a year, in register order."""
    return [c for c in register.communities(conn) if _in_year(c, year)]


def _in_year(community: register.Community, year: int) -> bool:
    """Whether a community exists in a year (register columns valid_from and valid_to, inclusive)."""
    first, last = _year_of(community.valid_from), _year_of(community.valid_to)
    return (first is None or first <= year) and (last is None or year <= last)


def _year_of(value: Any) -> int | None:
    if value is None or value == "" or value is pd.NaT:
        return None
    return int(str(value)[:4])
