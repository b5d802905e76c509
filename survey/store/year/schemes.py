"""Schemes by code, every version kept, as plain dicts: what they mean is not this room's business.

A year that was closed keeps the version that it was closed with, whatever is added later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from survey.core.errors import Refused
from survey.store.engine import payloads
from survey.store.engine.base import now
from survey.store.engine.declared.year import cycle_events
from survey.store.engine.tables import results, schemes


@dataclass(frozen=True)
class StoredScheme:
    """One version of a scheme; it applies from ``first_year`` on, without one wherever no other does.

    ``after_fieldwork``: what it changed of years whose answers were coming in, ``{"year", "what"}`` each.
    """

    id: int
    code: str
    version: int
    first_year: int | None
    definition: Mapping[str, Any]
    added_at: datetime
    workbook: bytes | None = None
    author: str = ""
    reason: str = ""
    after_fieldwork: Sequence[Mapping[str, Any]] = ()


def add(
    conn: Connection,
    code: str,
    first_year: int | None,
    definition: Mapping[str, Any],
    workbook: bytes | None = None,
    *,
    author: str = "",
    reason: str = "",
    after_fieldwork: Iterable[Mapping[str, Any]] = (),
) -> StoredScheme:
    """Keep a definition as the newest version of its code; one equal to the newest gives that one."""
    plain = json.loads(json.dumps(dict(definition)))
    last = next((s for s in reversed(listing(conn)) if s.code == code), None)
    if last and last.definition == plain and last.first_year == first_year:
        return last
    row = {
        "code": code,
        "version": last.version + 1 if last else 1,
        "first_year": first_year,
        "definition": plain,
        "author": author,
        "reason": reason,
        "after_fieldwork": [dict(line) for line in after_fieldwork],
    }
    query = insert(schemes).values(workbook=workbook, added_at=now(), **row).returning(*schemes.c)
    stored = StoredScheme(**conn.execute(query).mappings().one())
    payloads.keep(conn, payloads.SCHEMES, stored.id)
    return stored


def get(conn: Connection, code: str, version: int | None = None) -> StoredScheme:
    """The newest, or a given, version; raises Refused naming those that exist."""
    known = listing(conn)
    fits = [s for s in known if s.code == code and version in (None, s.version)]
    if not fits:
        names = ", ".join(f"{s.code} ({s.version})" for s in known)
        raise Refused("store.unknown_scheme" if known else "store.no_schemes", code=code, known=names)
    return fits[-1]


def by_id(conn: Connection, scheme_id: int) -> StoredScheme:
    """The version with this id; raises NoResultFound if there is none (ids come from the store)."""
    return StoredScheme(**conn.execute(select(schemes).where(schemes.c.id == scheme_id)).mappings().one())


def applicable(conn: Connection, year: int) -> StoredScheme:
    """The scheme of a year: newest versions count, the latest first year not after it wins.

    A closed year's is the version that it was closed with.  Raises Refused if none applies.
    """
    chosen = among(readable(conn, year), year)
    if chosen is None:
        raise Refused("store.no_scheme_for_year", year=year)
    return chosen


def readable(conn: Connection, year: int) -> list[StoredScheme]:
    """The versions that a year may be read with, in the order they came: all, until it is closed.

    Once closed, the one that it was closed with; while it is open for a correction, also those added for it since then.
    """
    step, c = cycle_events.c, results.c
    query = (
        select(step.kind, step.at, c.scheme_id)
        .outerjoin(results, c.id == step.result_id)
        .where(step.year == year, step.community_id.is_(None), step.kind.in_(("closed", "corrected")))
        .order_by(step.id)
    )
    archived, reopened = None, None
    for kind, at, scheme_id in conn.execute(query):
        archived = scheme_id if kind == "closed" else archived
        reopened = at if kind == "corrected" else None
    known = listing(conn)
    if archived is None:
        return known
    return [s for s in known if s.id == archived or (reopened is not None and s.added_at > reopened)]


def among(known: Iterable[StoredScheme], year: int) -> StoredScheme | None:
    """The scheme of a year among all versions in the order they came, as ``applicable`` says; None where none fits."""
    newest = {s.code: s for s in known}
    fits = [s for s in newest.values() if s.first_year is None or s.first_year <= year]
    return max(fits, key=lambda s: (s.first_year is not None, s.first_year or 0, s.id), default=None)


def listing(conn: Connection) -> list[StoredScheme]:
    """All versions of all schemes, in the order they came."""
    return [StoredScheme(**row) for row in conn.execute(select(schemes).order_by(schemes.c.id)).mappings()]
