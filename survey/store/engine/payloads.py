"""A sum over each text that is kept once and never changed: results, schemes, questionnaires with their workbooks.

It is kept in the transaction that keeps the text. Whoever makes numbers of one asks for it first: what was damaged since
makes none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, insert, select

from survey.store.engine import bulk
from survey.store.engine import tables as t
from survey.store.engine.base import to_json
from survey.store.engine.failures import Unreadable

RESULTS, SCHEMES, QUESTIONNAIRES = "results", "schemes", "questionnaires"
#: kind → its table and the columns that the sum goes over
_OF: dict[str, tuple[Table, tuple[str, ...]]] = {
    RESULTS: (t.results, ("payload",)),
    SCHEMES: (t.schemes, ("definition", "workbook", "first_year")),
    QUESTIONNAIRES: (t.questionnaires, ("form", "workbook")),
}


class Kept(NamedTuple):
    """One text: its ``kind`` and ``number``, the ``told`` sum ('' for none) and the one that it has ``now``."""

    kind: str
    number: int
    told: str
    now: str


def keep(conn: Connection, kind: str, number: int) -> None:
    """Keep the sum of a text that this transaction has just kept."""
    ((_, now),) = _now(conn, kind, [number])
    # SQLite gives the number of a last row that somebody deleted by hand once more: its sum is none of this text
    bulk.put(conn, t.payload_sums, {"kind": kind, "number": number}, {"sum": now})


def require(conn: Connection, kind: str, numbers: Iterable[int]) -> None:
    """Raise Unreadable, which is said to be a damaged store, where one of these texts is not as it was kept."""
    wanted = sorted(set(numbers))
    s = t.payload_sums.c
    told = dict(conn.execute(select(s.number, s.sum).where(s.kind == kind, s.number.in_(wanted))).all())
    for number, now in _now(conn, kind, list(told)):
        if now != told[number]:
            raise Unreadable(f"SHA-256: {kind} {number}")


def require_alike(conn: Connection, kind: str, number: int, values: Iterable[Any]) -> None:
    """``require`` of a text that was just read: the ``values`` of its columns, in their order."""
    s = t.payload_sums.c
    told = conn.execute(select(s.sum).where(s.kind == kind, s.number == number)).scalar()
    if told is not None and _sum(values) != told:
        raise Unreadable(f"SHA-256: {kind} {number}")


def every(conn: Connection) -> Iterator[Kept]:
    """All that are read still: of results those that are shown or that a step rests on, besides those without a sum."""
    s, current, steps = t.payload_sums.c, t.current_results.c.result_id, t.cycle_events.c.result_id
    told = {(kind, number): total for kind, number, total in conn.execute(select(s.kind, s.number, s.sum))}
    read = {*conn.execute(select(current)).scalars(), *conn.execute(select(steps).where(steps.is_not(None))).scalars()}
    for kind, (table, _) in _OF.items():
        for number in conn.execute(select(table.c.id).order_by(table.c.id)).scalars().all():
            total = told.get((kind, number), "")
            if kind != RESULTS or number in read or not total:
                ((_, now),) = _now(conn, kind, [number])
                yield Kept(kind, number, total, now)


def note(conn: Connection, found: Iterable[Kept]) -> None:
    """Keep for these texts the sums that they have now."""
    rows = [{"kind": one.kind, "number": one.number, "sum": one.now} for one in found]
    if rows:
        conn.execute(insert(t.payload_sums), rows)


def _now(conn: Connection, kind: str, numbers: list[int]) -> Iterator[tuple[int, str]]:
    table, names = _OF[kind]
    query = select(table.c.id, *(table.c[name] for name in names)).where(table.c.id.in_(numbers)).order_by(table.c.id)
    for number, *values in conn.execute(query).all():
        yield int(number), _sum(values)


def _sum(values: Iterable[Any]) -> str:
    made = hashlib.sha256()
    for value in values:
        told = value if isinstance(value, bytes) else to_json(value, sort_keys=True).encode("utf-8", "surrogatepass")
        made.update(b"%d %b" % (len(told), told))
    return made.hexdigest()
