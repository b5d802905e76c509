"""The state of a year (open, or closed and frozen: docs/results.md, “Closed years”) and the version of its data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select, union

from survey.core.errors import Refused
from survey.store import audit
from survey.store.engine import bulk
from survey.store.engine import tables as t
from survey.store.year import facts

State = Literal["open", "closed"]
#: open year → id of each community whose street is archived already → its street
Frozen = Mapping[int, Mapping[int, str]]


def state(conn: Connection, year: int) -> State:
    """Whether the year is open (every year is until it is closed) or closed."""
    found = conn.execute(select(t.years.c.state).where(t.years.c.year == year)).scalar()
    return cast(State, found or "open")


def data_version(conn: Connection, year: int) -> int:
    """A number that grows with every change of what the year's results rest on; 0 before the first."""
    return conn.execute(select(t.years.c.data_version).where(t.years.c.year == year)).scalar() or 0


def bump(conn: Connection, years: Iterable[int]) -> None:
    """Say that the data of these years changed."""
    for year in sorted(set(years)):
        _put(conn, year, state(conn, year), data_version(conn, year) + 1)


def closed(conn: Connection) -> dict[int, datetime]:
    """The closed years and when each was closed."""
    c = t.years.c
    return bulk.pairs(conn, select(c.year, c.closed_at).where(c.state == "closed").order_by(c.year))


def require_open(conn: Connection, years: Iterable[int]) -> None:
    """Raise Refused if any of these years is closed."""
    wanted = {int(y) for y in years}
    frozen = [str(y) for y in closed(conn) if y in wanted]
    if frozen:
        raise Refused("store.year_closed", years=", ".join(frozen))


def archived(conn: Connection) -> dict[int, dict[int, str]]:
    """Open year → id of each community whose street is archived already → its street.

    A street is archived by its own step, or by one of all streets, and open again by the correction that follows.
    """
    c, done = t.cycle_events.c, closed(conn)
    query = select(c.year, c.street, c.kind).where(c.kind.in_(("closed", "corrected"))).order_by(c.id)
    steps: dict[int, list[tuple[str, str]]] = {}
    for year, street, kind in conn.execute(query):
        if year not in done:
            steps.setdefault(year, []).append((street, kind))
    known = facts.stored(conn) if steps else {}
    found: dict[int, dict[int, str]] = {}
    for year, taken in steps.items():
        of = {
            identity: str((facts.at(periods, year) or {}).get("sub_district", ""))
            for identity, periods in known.items()
        }
        if len({street for street in of.values() if street}) > 1:
            last = {street: [kind for at, kind in taken if at in ("", street)][-1:] for street in {*of.values()}}
            found[year] = {identity: street for identity, street in of.items() if street and last[street] == ["closed"]}
    return found


def require_open_in(conn: Connection, places: Iterable[tuple[int, int]]) -> None:
    """Raise Refused if the street of any of these (year, community id) is archived in a year that is open for others."""
    require_outside(archived(conn), places)


def require_outside(frozen: Frozen, places: Iterable[tuple[int, int]]) -> None:
    """The same with ``archived`` that was read before."""
    if not frozen:
        return
    met = sorted({(year, frozen[year][place]) for year, place in places if place in frozen.get(year, {})})
    if met:
        raise Refused("store.street_archived", streets=[f"{street} {year}" for year, street in met])


def close(conn: Connection, year: int, who: str = "") -> None:
    """Freeze a year: nothing that would alter its results is accepted any more."""
    require_open(conn, [year])
    _put(conn, year, "closed", data_version(conn, year), closed_at=t.now())
    audit.record(conn, who, "close", str(year))


def reopen(conn: Connection, year: int, who: str = "") -> None:
    """Open a closed year again; raises Refused if it is open."""
    if state(conn, year) == "open":
        raise Refused("store.year_open", year=year)
    _put(conn, year, "open", data_version(conn, year), closed_at=None)
    audit.record(conn, who, "reopen", str(year))


def with_data(
    conn: Connection, *, batch_id: int | None = None, community_ids: Iterable[int] | None = None
) -> tuple[int, ...]:
    """Years that a batch brought data of, or that active batches hold data of for some communities (or any).

    Call records belong to a year but make none: results do not rest on them.
    """
    ids = None if community_ids is None else list(community_ids)

    def of(table: Table) -> Select[Any]:
        wanted: list[ColumnElement[bool]] = []
        if batch_id is not None:
            wanted.append(table.c.batch_id == batch_id)
        else:
            wanted.append(table.c.batch_id.in_(select(t.batches.c.id).where(t.batches.c.state == "active")))
        if ids is not None:
            wanted.append(table.c.community_id.in_(ids))
        return select(table.c.year).where(*wanted)

    holders = (t.response_counts, t.indicator_values, *([t.calls] if batch_id is not None else []))
    found = conn.execute(union(*(of(table) for table in holders)))
    return tuple(sorted(int(row[0]) for row in found))


def places(conn: Connection, batch_id: int) -> set[tuple[int, int]]:
    """The (year, community id) that a batch brought data of, call records too, or in which it took the place of an answer;
    what is of no community is left out."""
    holders = (t.response_counts, t.indicator_values, t.calls)
    each = [select(h.c.year, h.c.community_id).where(h.c.batch_id == batch_id) for h in holders]
    r, taken = t.responses.c, t.replaced.c
    from_where = select(r.year, r.community_id).join_from(t.replaced, t.responses, r.id == taken.response_id)
    found = conn.execute(union(*each, from_where.where(taken.batch_id == batch_id)))
    return {(int(year), int(place)) for year, place in found if place is not None}


def by_community(conn: Connection) -> dict[int, set[int]]:
    """Community id → years that active batches hold data of."""
    active = select(t.batches.c.id).where(t.batches.c.state == "active")
    holders = (t.response_counts, t.indicator_values)
    each = (select(h.c.community_id, h.c.year).where(h.c.batch_id.in_(active)) for h in holders)
    found: dict[int, set[int]] = {}
    for community, year in conn.execute(union(*each)):
        if community is not None:
            found.setdefault(int(community), set()).add(int(year))
    return found


def fieldwork(conn: Connection) -> dict[int, datetime]:
    """Year → when the first of its responses that count came in."""
    counts, batches = t.response_counts.c, t.batches.c
    query = (
        select(counts.year, func.min(batches.created_at))
        .join(t.batches, batches.id == counts.batch_id)
        .where(batches.state == "active", counts.n > 0)
        .group_by(counts.year)
        .order_by(counts.year)
    )
    return bulk.pairs(conn, query)


def _put(conn: Connection, year: int, state: State, version: int, **more: datetime | None) -> None:
    bulk.put(conn, t.years, {"year": int(year)}, {"state": state, "data_version": version, **more})
