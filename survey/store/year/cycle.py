"""Steps of the yearly cycle (application to archive) and the titles that came of them.

Steps are only ever added: whoever corrects one adds another, and all stay readable.  What a step means, and which may
follow which, is the business of ``analysis.cycle``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, insert, select

from survey.core.errors import Refused
from survey.store import audit, settings
from survey.store.engine import frames
from survey.store.engine import tables as t
from survey.store.year import register, years

#: columns of ``titles``, one row a community and year
TITLE_COLUMNS = ("community_code", "year", "star", "decided_by", "document", "date", "event")
#: what a title's row may say: named for the first time, again after it was taken away, higher, the same, lower, taken away,
#: held back by a veto
TITLE_EVENTS = ("first", "renamed", "promoted", "kept", "demoted", "revoked", "suspended")
ONE_PERSON = "one_person"


@dataclass(frozen=True)
class Event:
    """One step.  ``community`` (code) is empty for a step of a whole street; ``id`` and ``at`` are the store's.

    ``street``: of a step without a community, empty where it reaches every street of the year.

    ``body``: ``district`` or ``city``; ``subject``: kind of veto, or indicator or item of an objection;
    ``outcome``: what came of it; ``date``, ``until``: days (ISO); ``months``: how long a veto counts; ``ref``: the step
    that this one answers; ``result``: the snapshot of results that it fixes.
    """

    kind: str
    year: int
    community: str = ""
    star: int | None = None
    total: float | None = None
    body: str = ""
    subject: str = ""
    outcome: str = ""
    document: str = ""
    date: str = ""
    until: str = ""
    months: int | None = None
    reason: str = ""
    ref: int | None = None
    result: int | None = None
    who: str = ""
    id: int = 0
    at: datetime | None = None
    street: str = ""


_PLAIN = tuple(f for f in Event.__dataclass_fields__ if f not in ("community", "result", "id"))


class Book:
    """Where steps of one transaction are kept: the register and what is archived are read once, however many there are."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._ids, self._frozen = register.codes(conn), years.archived(conn)

    def append(self, event: Event, *, touches: Iterable[int] = ()) -> int:
        """``append`` a step; one of a whole street may archive it or open it again."""
        number = _append(self._conn, event, self._ids, self._frozen, touches)
        if not event.community:
            self._frozen = years.archived(self._conn)
        return number


def append(conn: Connection, event: Event, *, touches: Iterable[int] = ()) -> int:
    """Keep a step; returns its id.  ``touches``: years whose results rest on it (a veto in force).

    Raises Refused if the year or the street is closed or the community is not in the register.
    """
    return Book(conn).append(event, touches=touches)


def _append(
    conn: Connection, event: Event, ids: Mapping[str, int], frozen: years.Frozen, touches: Iterable[int]
) -> int:
    years.require_open(conn, [event.year])
    if event.community and event.community not in ids:
        raise Refused("store.unknown_community", community=event.community)
    if event.community:
        years.require_outside(frozen, [(event.year, ids[event.community])])
    values = {**{f: getattr(event, f) for f in _PLAIN}, "at": t.now(), "result_id": event.result}
    values["community_id"] = ids[event.community] if event.community else None
    number = int(conn.execute(insert(t.cycle_events).values(**values).returning(t.cycle_events.c.id)).scalar_one())
    detail = {k: v for k, v in asdict(event).items() if v not in (None, "", 0) and k not in ("kind", "year", "who")}
    audit.record(conn, event.who, f"cycle {event.kind}", str(event.year), detail)
    years.bump(conn, touches)
    return number


def events(conn: Connection, year: int | None = None, *, upto: int | None = None) -> list[Event]:
    """Steps in the order they were taken: of one year, of all years up to one, or all."""
    c = t.cycle_events.c
    columns: list[Any] = [c[f] for f in (*_PLAIN, "id", "result_id")]
    query = select(*columns, t.communities.c.code).outerjoin(t.communities, t.communities.c.id == c.community_id)
    if year is not None:
        query = query.where(c.year == year)
    if upto is not None:
        query = query.where(c.year <= upto)
    found = []
    for row in conn.execute(query.order_by(c.id)).mappings():
        values = dict(row)
        code, result = values.pop("code"), values.pop("result_id")
        found.append(Event(**values, community=code or "", result=result))
    return found


def standing_titles(events: Iterable[Event]) -> list[Event]:
    """The titles among these steps, without those whose decision was withdrawn afterwards; ``titles`` leaves out the same."""
    found = list(events)
    taken = {(e.community, e.year): e.id for e in found if e.kind == "decision_withdrawn"}
    return [e for e in found if e.kind == "title" and e.id > taken.get((e.community, e.year), -1)]


def last_id(conn: Connection) -> int:
    """Grows with every step: what anything derived from the steps is up to date with."""
    return conn.execute(select(func.max(t.cycle_events.c.id))).scalar() or 0


def last_publication(conn: Connection, year: int) -> int | None:
    """The last step of a year that published anybody; None before the first."""
    c = t.cycle_events.c
    return conn.execute(select(func.max(c.id)).where(c.year == year, c.kind == "publicised")).scalar()


def titles(conn: Connection) -> pd.DataFrame:
    """The history of titles: ``TITLE_COLUMNS``, one row a community and year, by year and register order.

    ``star`` is the star held after the event: 0 once revoked, for a suspended title the star that is held back.
    ``decided_by`` is ``district`` or ``city``.  A year in which a community was not named has no row.
    """
    c, p = t.cycle_events.c, t.communities.c
    later = t.cycle_events.alias("later")
    taken = select(later.c.id).where(
        later.c.kind == "decision_withdrawn",
        later.c.year == c.year,
        later.c.community_id == c.community_id,
        later.c.id > c.id,
    )
    newest = (  # a corrected title is followed by the right one, one whose decision was withdrawn by nothing
        select(func.max(c.id))
        .where(c.kind == "title", ~taken.exists())
        .group_by(c.year, c.community_id)
        .scalar_subquery()
    )
    query = (
        select(
            p.code.label("community_code"),
            c.year,
            c.star,
            c.body.label("decided_by"),
            c.document,
            c.date,
            c.outcome.label("event"),
        )
        .join_from(t.cycle_events, t.communities, p.id == c.community_id)
        .where(c.id.in_(newest))
        .order_by(c.year, p.position)
    )
    words = [name for name in TITLE_COLUMNS if name not in ("year", "star")]
    return frames.frame(conn, query, words).astype({"year": "int64", "star": "int64"})


def one_person(conn: Connection) -> bool:
    """Whether one person may enter and approve; every result then says that nobody reviewed it."""
    return settings.get(conn, ONE_PERSON) == "1"


def set_one_person(conn: Connection, on: bool, who: str = "") -> None:
    """Switch the rule of two persons off, or on again."""
    settings.put(conn, ONE_PERSON, "1" if on else "0")
    audit.record(conn, who, "one person", "on" if on else "off")
