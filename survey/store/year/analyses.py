"""Specialist results of a year (reliability, drivers …): one row for its name and parameters, replaced when data move on.

What a payload means is not this room's business.  Unlike the scores they decide nothing, so older ones are not kept;
a closed year keeps the one it has.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from survey.store.engine import bulk
from survey.store.engine.base import now
from survey.store.engine.tables import analyses


@dataclass(frozen=True)
class StoredAnalysis:
    """A payload (JSON) and what it was computed from; ``parameters`` is canonical JSON."""

    year: int
    name: str
    parameters: str
    scheme_id: int
    data_version: int
    created_at: datetime
    payload: str


def save(
    conn: Connection, year: int, name: str, parameters: str, *, scheme_id: int, data_version: int, payload: str
) -> StoredAnalysis:
    """Keep a result in place of the older one of the same year, name and parameters."""
    key = {"year": year, "name": name, "parameters": parameters}
    found = StoredAnalysis(year, name, parameters, scheme_id, data_version, now(), payload)
    bulk.put(conn, analyses, key, {k: v for k, v in asdict(found).items() if k not in key})
    return found


def get(conn: Connection, year: int, name: str, parameters: str) -> StoredAnalysis | None:
    """The result kept of this year, name and parameters, however old; None if there is none."""
    c = analyses.c
    query = select(analyses).where(c.year == year, c.name == name, c.parameters == parameters)
    row = conn.execute(query).mappings().one_or_none()
    return None if row is None else StoredAnalysis(**row)
