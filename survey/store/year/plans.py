"""What is planned of a year: how many responses are wanted of each community, and until when what is to be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from survey.core.cells import as_datetime
from survey.core.errors import Refused
from survey.store import audit
from survey.store.engine import bulk
from survey.store.engine import tables as t
from survey.store.year import register

#: what may have a due date: values and self-scores entered, values reviewed, responses collected, objections answered,
#: steps of the year taken, awards paid, remedial tasks planned (a planned task has a date of its own)
DUE = ("responses", "self_scores", "values", "reviews", "objections", "steps", "payments", "tasks")


@dataclass(frozen=True, slots=True)
class Plan:
    """So many responses are wanted of a community (code) in a year; ``mode`` '' is all modes together."""

    year: int
    community: str
    mode: str
    wanted: int


def plans(conn: Connection, year: int) -> list[Plan]:
    """The plan of a year, in register order, all modes together first."""
    c, p = t.plans.c, t.communities.c
    query = select(c.year, p.code, c.mode, c.wanted).join_from(t.plans, t.communities)
    return [Plan(*row) for row in conn.execute(query.where(c.year == year).order_by(p.position, c.mode))]


def save(conn: Connection, wanted: Iterable[Plan]) -> int:
    """Keep these, each instead of what was planned there before; returns how many.

    Raises Refused for a community that is not in the register.
    """
    ids = register.codes(conn)
    n = 0
    for plan in wanted:
        if plan.community not in ids:
            raise Refused("store.unknown_community", community=plan.community)
        key = {"year": plan.year, "community_id": ids[plan.community], "mode": plan.mode}
        bulk.put(conn, t.plans, key, {"wanted": plan.wanted})
        n += 1
    return n


def due_dates(conn: Connection, year: int) -> dict[str, str]:
    """Kind of ``DUE`` → until when (YYYY-MM-DD), in that order; without those that nobody set."""
    c = t.due_dates.c
    found = bulk.pairs(conn, select(c.kind, c.due).where(c.year == year))
    return {kind: found[kind] for kind in DUE if kind in found}


def set_due(conn: Connection, year: int, wanted: Mapping[str, str], who: str = "") -> dict[str, str]:
    """Keep these dates as typed by people (an empty one takes the date away); returns those that changed, all or none.

    Raises Refused for an unknown kind and for what is no day.
    """
    known, changed = due_dates(conn, year), {}
    for kind, word in wanted.items():
        day = _day(kind, word)
        if day == known.get(kind, ""):
            continue
        changed[kind] = day
        key = {"year": year, "kind": kind}
        if day:
            bulk.put(conn, t.due_dates, key, {"due": day})
        else:
            c = t.due_dates.c
            conn.execute(delete(t.due_dates).where(c.year == year, c.kind == kind))
    if changed:
        audit.record(conn, who, "due dates", str(year), dict(changed))
    return changed


def _day(kind: str, word: str) -> str:
    if kind not in DUE:
        raise Refused("plans.unknown_kind", found=kind, known=list(DUE))
    if not word.strip():
        return ""
    moment = as_datetime(word.strip())
    if moment is None:
        raise Refused("plans.bad_day", found=word)
    return moment.date().isoformat()
