"""What was changed by a person on the way in: kept with the batch, place by place, and never altered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, insert, select

from survey.core.masking import masked
from survey.decisions.carried_out import Action, Change
from survey.store.engine import tables as t

_FIELDS = ("action", "code", "sheet", "cell", "row", "header", "before", "after", "reason")
_TEXTS = frozenset({"before", "after", "reason"})


@dataclass(frozen=True)
class StoredDecision:
    """What was decided at one place of a batch's file: the cell's text before and after, why, by whom and when."""

    batch_id: int
    action: Action
    code: str
    sheet: str
    cell: str
    row: int
    header: str
    before: str
    after: str
    reason: str
    who: str
    at: datetime


def save(conn: Connection, batch_id: int, changes: Iterable[Change], who: str) -> None:
    """Keep the decisions of a batch in their order; phone and identity numbers in them only masked."""
    at = t.now()
    rows = [
        {
            "batch_id": batch_id,
            "position": position,
            "who": who,
            "at": at,
            **{f: masked(getattr(change, f)) if f in _TEXTS else getattr(change, f) for f in _FIELDS},
        }
        for position, change in enumerate(changes)
    ]
    if rows:
        conn.execute(insert(t.decisions), rows)


def of(conn: Connection, batch_id: int) -> list[StoredDecision]:
    """All decisions of a batch, in their order."""
    return _read(conn, _query().where(t.decisions.c.batch_id == batch_id))


def _query() -> Select[tuple[object, ...]]:
    c = t.decisions.c
    return select(*(c[f] for f in ("batch_id", *_FIELDS, "who", "at"))).order_by(c.position)


def _read(conn: Connection, query: Select[tuple[object, ...]]) -> list[StoredDecision]:
    return [StoredDecision(**row) for row in conn.execute(query).mappings()]
