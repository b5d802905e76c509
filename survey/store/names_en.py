"""What communities, streets, offices and types are called in English, where somebody told it; else they have their own names.

Words of a language, no facts of a year: a closed year, too, is read with those that are told now.  A name of other years
keeps what it was called.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select

from survey.store.engine import bulk
from survey.store.engine import tables as t


def stored(conn: Connection) -> dict[str, str]:
    """Name → its English name."""
    return bulk.pairs(conn, select(t.english_names.c.name, t.english_names.c.name_en))


def tell(conn: Connection, told: Mapping[str, str]) -> None:
    """Keep what these names are called in English; ``''`` takes an English name away."""
    names = t.english_names
    for name, english in told.items():
        conn.execute(delete(names).where(names.c.name == name))
        if english:
            conn.execute(insert(names).values(name=name, name_en=english))
