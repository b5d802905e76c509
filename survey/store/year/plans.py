"""How many responses are wanted: by year and community, all together or of one mode."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from survey.core.errors import Refused
from survey.store.engine import bulk
from survey.store.engine import tables as t
from survey.store.year import register


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
