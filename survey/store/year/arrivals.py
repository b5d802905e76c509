"""What a year's data were at a moment: which batches counted then, and what each of them holds of every community.

A batch counts from the moment it came in, but for the time between its undo and its redo (both are in the audit record).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from survey.store.engine import tables as t

_SWITCHES = ("undo", "redo")


@dataclass(frozen=True)
class Arrival:
    """A batch with data of a year; ``answers``, ``values``: community (code) → responses, rows of indicator values."""

    id: int
    file: str
    kind: str
    came: datetime
    switched: tuple[tuple[datetime, bool], ...]
    answers: Mapping[str, int]
    values: Mapping[str, int]

    def counted(self, moment: datetime) -> bool:
        """Whether the batch counted at a moment."""
        states = [on for at, on in self.switched if at <= moment]
        return self.came <= moment and (states[-1] if states else True)


def arrivals(conn: Connection, year: int) -> tuple[Arrival, ...]:
    """Every batch with data of a year, undone ones too, in the order they came; what was removed for good holds nothing."""
    answers = _held(conn, year, t.response_counts, func.sum(t.response_counts.c.n))
    values = _held(conn, year, t.indicator_values, func.count())
    switched = _switched(conn)
    b = t.batches.c
    query = select(b.id, b.file, b.kind, b.created_at).where(b.id.in_({*answers, *values})).order_by(b.id)
    return tuple(
        Arrival(
            id=number,
            file=file,
            kind=kind,
            came=came,
            switched=tuple(switched.get(number, ())),
            answers=answers.get(number, {}),
            values=values.get(number, {}),
        )
        for number, file, kind, came in conn.execute(query)
    )


def _held(conn: Connection, year: int, table: Table, size: Any) -> dict[int, dict[str, int]]:
    """Batch → community → how much it holds of the year."""
    query: Select[Any] = (
        select(table.c.batch_id, t.communities.c.code, size)
        .join_from(table, t.communities, t.communities.c.id == table.c.community_id)
        .where(table.c.year == year)
        .group_by(table.c.batch_id, t.communities.c.code)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for batch, code, n in conn.execute(query):
        found[int(batch)][str(code)] = int(n)
    return found


def _switched(conn: Connection) -> dict[int, list[tuple[datetime, bool]]]:
    """Batch → when it was taken back (False) and brought back (True), in order."""
    a = t.audit.c
    found: dict[int, list[tuple[datetime, bool]]] = defaultdict(list)
    for subject, action, at in conn.execute(
        select(a.subject, a.action, a.at).where(a.action.in_(_SWITCHES), a.subject.like("batch %")).order_by(a.id)
    ):
        found[int(subject.removeprefix("batch "))].append((at, action == "redo"))
    return found
