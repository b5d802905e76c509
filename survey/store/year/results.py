"""Result snapshots: never changed, only followed by newer ones; one pointer says which is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from survey.core.errors import Refused
from survey.store import audit
from survey.store.engine import bulk, payloads
from survey.store.engine.base import now
from survey.store.engine.tables import current_results, results
from survey.store.engine.tables import schemes as scheme_table
from survey.store.year import schemes
from survey.store.year import years as year_states


@dataclass(frozen=True)
class Snapshot:
    """What is known of a snapshot without reading it; ``current`` if pages and exports read it."""

    id: int
    year: int
    scheme_id: int
    scheme_code: str
    scheme_version: int
    data_version: int
    created_at: datetime
    reason: str
    approved_by: str
    current: bool


def save(
    conn: Connection,
    year: int,
    scheme_id: int,
    data_version: int,
    payload: str,
    *,
    reason: str = "",
    approved_by: str = "",
    pointed: bool = True,
) -> int:
    """Keep a snapshot and make it the current one of its year and scheme (``pointed``); returns its id.

    A closed year takes only a correction, with its reason and who approved it; else raises Refused.
    """
    corrects = bool(reason and approved_by)
    if not corrects:
        year_states.require_open(conn, [year])
    code = schemes.by_id(conn, scheme_id).code
    row = {"year": year, "scheme_id": scheme_id, "data_version": data_version, "created_at": now()}
    query = insert(results).values(payload=payload, reason=reason, approved_by=approved_by, **row)
    number = int(conn.execute(query.returning(results.c.id)).scalar_one())
    payloads.keep(conn, payloads.RESULTS, number)
    if pointed:
        bulk.put(conn, current_results, {"year": year, "scheme_code": code}, {"result_id": number})
    if corrects:
        audit.record(conn, approved_by, "correct", str(year), {"scheme": code, "result": number, "reason": reason})
    return number


def current_snapshot(conn: Connection, year: int, scheme_code: str | None = None) -> Snapshot | None:
    """The snapshot of a year that is read, under a scheme or else the one saved last; None if there is none."""
    fits = [s for s in versions(conn, year) if s.current and scheme_code in (None, s.scheme_code)]
    return fits[-1] if fits else None


def versions(conn: Connection, year: int) -> list[Snapshot]:
    """All snapshots of a year, oldest first."""
    rows = conn.execute(_snapshots().where(results.c.year == year)).mappings()
    return [Snapshot(**row) for row in rows]


def get(conn: Connection, result_id: int) -> str:
    """A snapshot by its id, current or not; raises Refused if there is none, Unreadable if it is not as it was kept."""
    found: str | None = conn.execute(select(results.c.payload).where(results.c.id == result_id)).scalar()
    if found is None:
        raise Refused("store.unknown_result", result=result_id)
    payloads.require_alike(conn, payloads.RESULTS, result_id, [found])
    return found


def _snapshots() -> Select[Any]:
    c, s = results.c, scheme_table.c
    kept = [c[k] for k in ("id", "year", "scheme_id", "data_version", "created_at", "reason", "approved_by")]
    pointed = current_results.c.result_id.is_not(None).label("current")
    return (
        select(*kept, s.code.label("scheme_code"), s.version.label("scheme_version"), pointed)
        .join_from(results, scheme_table)
        .outerjoin(current_results, current_results.c.result_id == c.id)
        .order_by(c.id)
    )
