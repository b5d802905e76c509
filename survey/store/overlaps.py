"""Communities in which the same people or the same PSUs were asked in two years, found without reading answers."""

from __future__ import annotations

from sqlalchemy import Connection, intersect, select

from survey.store import tables as t

UNITS = ("psu", "respondent")


def overlaps(conn: Connection, year: int) -> dict[str, frozenset[int]]:
    """``psu`` and ``respondent`` → ids of the communities with one of the same name in ``year`` and the year before.

    A column that no batch fills is not looked at.  A response without a community belongs to none.
    """
    return {unit: frozenset(_both(conn, year, unit)) if _filled(conn, unit) else frozenset() for unit in UNITS}


def _filled(conn: Connection, unit: str) -> bool:
    """Whether an active batch has the column; runs know the columns that are empty throughout."""
    active = select(t.batches.c.id).where(t.batches.c.state == "active")
    runs = conn.execute(select(t.response_runs.c.constants).where(t.response_runs.c.batch_id.in_(active))).scalars()
    return any(unit not in constants or constants[unit] is not None for constants in runs)


def _both(conn: Connection, year: int, unit: str) -> list[int]:
    c = t.responses.c
    active = select(t.batches.c.id).where(t.batches.c.state == "active")
    named = select(c.community_id, c[unit]).where(
        c.batch_id.in_(active), c[unit].is_not(None), c.community_id.is_not(None)
    )
    both = intersect(*(named.where(c.year == y) for y in (year - 1, year))).subquery()
    return list(conn.execute(select(both.c.community_id).distinct()).scalars())
