"""Whether anything moved: what was found on looking at a file stands as long as the store is the same, what was read of one
community's values as long as nothing came that they rest on, and a paper as long as nobody decided, paid or planned anything it
tells of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from survey.store.audit import LOOKS
from survey.store.engine import tables as t

Mark = tuple[int, ...]


def mark(conn: Connection) -> Mark:
    """A value that changes whenever a file might be judged differently.

    Every import, undo, closed year, mapping and setting leaves a line of audit; definitions and communities are
    counted beside it, since programs add them without one.  Who only looked or signed in moved nothing.
    """
    return _marked(conn, LOOKS)


def decided(conn: Connection) -> Mark:
    """A value that changes whenever anything is stored but answers that came in: who decided, entered, took back or deleted
    something is seen at once, where answers may be shown a moment later."""
    return _marked(conn, (*LOOKS, "import"), select(func.max(t.batches.c.id)).where(t.batches.c.kind != "answers"))


def _marked(conn: Connection, without: Collection[str], *more: Select[Any]) -> Mark:
    """The newest line of audit of another action, the newest definitions and communities, and what is asked besides."""
    a = t.audit.c
    told = select(a.id).where(a.action.not_in(without)).order_by(a.id.desc()).limit(1)
    newest = (t.questionnaires.c.id, t.schemes.c.id, t.communities.c.id)
    counts = (*(select(func.max(c)) for c in newest), *more)
    row = conn.execute(select(*(func.coalesce(q.scalar_subquery(), 0) for q in (told, *counts)))).one()
    return tuple(int(value) for value in row)


@dataclass(frozen=True)
class Moment:
    """The newest line of audit, batch, value of an indicator and scheme when something was read."""

    line: int
    batch: int
    value: int
    scheme: int


_NEWEST = select(
    *(func.coalesce(select(func.max(c)).scalar_subquery(), 0) for c in (t.audit.c.id, t.batches.c.id)),
    *(func.coalesce(select(func.max(c)).scalar_subquery(), 0) for c in (t.indicator_values.c.id, t.schemes.c.id)),
)
#: what comes in all day and touches no value that was there; what a batch brought is looked at by itself
_BESIDE = select(t.audit.c.id).where(t.audit.c.id > bindparam("line"), t.audit.c.action.not_in((*LOOKS, "import")))
_REGISTERS = select(t.batches.c.id).where(t.batches.c.id > bindparam("batch"), t.batches.c.kind == "register")
_VALUES = (
    select(t.indicator_values.c.id)
    .join(t.communities, t.communities.c.id == t.indicator_values.c.community_id)
    .where(
        t.indicator_values.c.id > bindparam("value"),
        t.indicator_values.c.year == bindparam("year"),
        t.communities.c.code.in_(bindparam("codes", expanding=True)),
    )
)


def moment(conn: Connection) -> Moment:
    """Where the store stands now."""
    return Moment(*(int(number) for number in conn.execute(_NEWEST).one()))


def values_moved(conn: Connection, since: Moment, year: int, codes: Collection[str]) -> bool:
    """Whether the values of these communities in a year, or what they are judged by, may be others than at a moment: a value of
    them came, or anything happened that is no import of answers, values or calls."""
    if int(conn.execute(select(func.coalesce(func.max(t.schemes.c.id), 0))).scalar_one()) != since.scheme:
        return True
    said = {"line": since.line, "batch": since.batch, "value": since.value, "year": year, "codes": list(codes)}
    return any(conn.execute(query.limit(1), said).first() is not None for query in (_BESIDE, _REGISTERS, _VALUES))


@dataclass(frozen=True)
class Moved:
    """When something was last entered beside answers and values: ``what`` is ``steps`` (of the cycle), ``reviews``, ``money``,
    ``tasks`` or ``due dates``; without a ``community`` it is the whole street's."""

    what: str
    year: int
    community: str
    at: datetime


def moves(conn: Connection, year: int) -> list[Moved]:
    """The last entry of each kind, year and community that papers of a year may tell of; of earlier years, too, since titles
    and tasks are held over."""
    found = []
    for what, table in (
        ("steps", t.cycle_events),
        ("reviews", t.indicator_reviews),
        ("money", t.disbursements),
        ("tasks", t.tasks),
    ):
        c, of = table.c, t.communities.c
        query = select(c.year, of.code, func.max(c.at, type_=c.at.type))
        query = query.select_from(table.outerjoin(t.communities, of.id == c.community_id))
        query = query.where(c.year <= year).group_by(c.year, of.code)
        found += [Moved(what, int(y), str(code or ""), at) for y, code, at in conn.execute(query)]
    a = t.audit.c
    due = conn.execute(
        select(func.max(a.at, type_=a.at.type)).where(a.action == "due dates", a.subject == str(year))
    ).scalar()
    return found if due is None else [*found, Moved("due dates", year, "", due)]
