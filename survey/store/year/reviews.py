"""Reviews of indicator values: who looked at what, and what came of it.

A review is about the content that counted when it was made.  Whatever changes that content (a new value, an undo) makes
it wait for review again; what brings it back (a redo) brings the review back with it.  Rows are only ever added.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal

import pandas as pd
from sqlalchemy import Connection, func, insert, select

from survey.core.cells import clean
from survey.store import audit, settings
from survey.store.engine import tables as t
from survey.store.year import indicators, register, years

Outcome = Literal["approve", "return", "withdraw"]
#: columns of what counts that a review is about, and who brought it when
_READ = (
    "community_code",
    "indicator",
    "kind",
    "assessor",
    "value",
    "value_text",
    "assessor_score",
    "evidence",
    "exempt",
    "who",
    "batch_id",
)
#: what a value may be: nothing counts yet, waiting for review, approved, sent back
STATES = ("empty", "entered", "reviewed", "returned")
_STATE = {"approve": "reviewed", "return": "returned"}
_WRITTEN = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True)
class Standing:
    """What counts for one community and indicator, and its newest review.

    ``content``: what a review is about; ``entered_by``: everybody whose rows count; ``batches``: where they came in;
    ``reviewed_by``, ``reviewed_at`` (local time), ``reason``: of the review, empty where there is none, or where it was
    taken back; ``moment``: when exactly, the same for all that one action reviewed.
    """

    community: str
    indicator: str
    state: str
    content: str
    entered_by: frozenset[str]
    batches: frozenset[int]
    reviewed_by: str = ""
    reviewed_at: str = ""
    reason: str = ""
    moment: datetime | None = None

    @property
    def place(self) -> tuple[str, str]:
        """Community and indicator."""
        return self.community, self.indicator

    @property
    def mark(self) -> str:
        """Short for the content: another mark, another content."""
        return sha256(self.content.encode()).hexdigest()[:16]


def standings(
    conn: Connection,
    year: int,
    community: str | Collection[str] | None = None,
    current: pd.DataFrame | None = None,
) -> dict[tuple[str, str], Standing]:
    """(community code, indicator) → what stands there; without an entry nothing counts yet.

    ``community``: of one, of these, of all; ``current``: what counts of the year (and community), where it was read already.
    """
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in _counting(indicators.current(conn, year, community) if current is None else current):
        found.setdefault((row["community_code"], row["indicator"]), []).append(row)
    newest = _newest(conn, year, community)
    result = {}
    for (code, name), rows in found.items():
        content = content_of(rows)
        state, who, at, reason, moment = newest.get((code, name, content), ("entered", "", "", "", None))
        result[code, name] = Standing(
            code,
            name,
            state,
            content,
            frozenset(str(r["who"] or "") for r in rows),
            frozenset(int(r["batch_id"]) for r in rows),
            who,
            at,
            reason,
            moment,
        )
    return result


def content_of(rows: Iterable[Mapping[str, Any]]) -> str:
    """What a review is about: figures, grades, counts, exemptions with their evidence, assessors' scores; texts in the
    form they are compared by, so that another width of the same words needs no second look."""
    parts = [
        [
            str(r["kind"] or ""),
            _compared(r["assessor"] or ""),
            r["value"],
            r["value_text"] or None,
            r["assessor_score"],
            _compared(r["evidence"] or "") if r["exempt"] else None,
        ]
        for r in rows
    ]
    return _WRITTEN(sorted(parts, key=repr) if len(parts) > 1 else parts)


@lru_cache(maxsize=4096)
def _compared(text: str) -> str:
    """``clean`` of a text that stands beside many values: an assessor, the document of an exemption."""
    return clean(text)


def save(
    conn: Connection, year: int, outcome: Outcome, looked_at: Iterable[Standing], who: str, reason: str = ""
) -> int:
    """Keep reviews of what stands; returns how many.  Raises Refused if the year is closed."""
    years.require_open(conn, [year])
    ids, now = register.codes(conn), t.now()
    rows: list[dict[str, Any]] = [
        {
            "year": year,
            "community_id": ids[s.community],
            "indicator": s.indicator,
            "content": s.content,
            "outcome": outcome,
            "reason": reason,
            "who": who,
            "at": now,
        }
        for s in looked_at
    ]
    years.require_open_in(conn, {(year, row["community_id"]) for row in rows})
    if rows:
        conn.execute(insert(t.indicator_reviews), rows)
        audit.record(conn, who, f"indicators {outcome}", str(year), {"n": len(rows), "reason": reason})
    return len(rows)


def log(conn: Connection, year: int, community: str, indicator: str) -> list[dict[str, Any]]:
    """Every review of one community and indicator, oldest first: ``outcome, reason, who, created_at``, ``at`` (local)."""
    c = t.indicator_reviews.c
    query = (
        select(c.outcome, c.reason, c.who, c.at)
        .join(t.communities, t.communities.c.id == c.community_id)
        .where(c.year == year, c.indicator == indicator, t.communities.c.code == community)
        .order_by(c.id)
    )
    return [
        {**row, "created_at": row["at"], "at": settings.local(conn, row["at"])}
        for row in conn.execute(query).mappings()
    ]


def last_id(conn: Connection) -> int:
    """Grows with every review: what is shown of reviews is up to date with it."""
    return conn.execute(select(func.max(t.indicator_reviews.c.id))).scalar() or 0


def _counting(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows that points may rest on: a report or an assessor's score, empty cells as None."""
    says = frame["value"].notna() | frame["value_text"].notna() | frame["exempt"] | frame["assessor_score"].notna()
    cells = ([None if v is None or v != v else v for v in frame.loc[says, name].tolist()] for name in _READ)
    return [dict(zip(_READ, row, strict=True)) for row in zip(*cells, strict=True)]


def _newest(
    conn: Connection, year: int, community: str | Collection[str] | None = None
) -> dict[tuple[str, str, str], tuple[str, str, str, str, datetime]]:
    """(community, indicator, content) → state, who, when (local), why, when of the newest review of exactly that; none
    where it was taken back."""
    c = t.indicator_reviews.c
    query = (
        select(t.communities.c.code, c.indicator, c.content, c.outcome, c.who, c.at, c.reason)
        .join(t.communities, t.communities.c.id == c.community_id)
        .where(c.year == year)
        .order_by(c.id)
    )
    if community is not None:
        query = query.where(t.communities.c.code.in_([community] if isinstance(community, str) else community))
    found: dict[tuple[str, str, str], tuple[str, str, str, str, datetime]] = {}
    stamps: dict[datetime, str] = {}
    for code, name, content, outcome, who, at, reason in conn.execute(query):
        if at not in stamps:
            stamps[at] = settings.local(conn, at)
        if outcome == "withdraw":
            found.pop((code, name, content), None)
        else:
            found[code, name, content] = (_STATE[outcome], who, stamps[at], reason, at)
    return found
