"""Rectification tasks (整改任务): what an office wants to do about a lost point, who does it, and until when.

Entries are only ever added; the newest of a year, community and indicator or item counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Select, func, insert, select

from survey.core.errors import Refused
from survey.store import audit
from survey.store.engine import tables as t
from survey.store.year import register

#: how far a task is (办理进展)
PROGRESS = ("not_started", "under_way", "done")
_SAID = ("action", "person", "deadline", "progress")
_PLAIN = ("year", "kind", "code", *_SAID, "file", "who", "at")


@dataclass(frozen=True)
class Task:
    """One entry; ``deadline`` YYYY-MM-DD, ``progress`` one of ``PROGRESS``, each empty where nothing is said."""

    year: int
    community: str
    kind: str
    code: str
    action: str = ""
    person: str = ""
    deadline: str = ""
    progress: str = ""
    file: str = ""
    who: str = ""
    at: datetime | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about within its year."""
        return self.community, self.kind, self.code

    @property
    def said(self) -> tuple[str, ...]:
        """What the office filled in."""
        return tuple(getattr(self, name) for name in _SAID)


def enter(conn: Connection, wanted: Sequence[Task], *, who: str = "", file: str = "") -> int:
    """Keep the entries that say something new; returns how many.  Raises Refused for a community not in the register."""
    ids = register.codes(conn)
    known = {year: current(conn, year) for year in {task.year for task in wanted}}
    rows = []
    for task in wanted:
        if task.community not in ids:
            raise Refused("store.unknown_community", community=task.community)
        before = known[task.year].get(task.key)
        if task.said == (before.said if before else ("",) * len(_SAID)):
            continue
        made = replace(task, who=who, file=file, at=t.now())
        known[task.year][task.key] = made
        rows.append({**{name: getattr(made, name) for name in _PLAIN}, "community_id": ids[task.community]})
    if rows:
        conn.execute(insert(t.tasks), rows)
        years = sorted({task.year for task in wanted})
        audit.record(conn, who, "tasks", "、".join(map(str, years)), {"file": file, "entries": len(rows)})
    return len(rows)


def current(conn: Connection, year: int) -> dict[tuple[str, str, str], Task]:
    """(community, kind, code) → the entry that counts, of one year; those that say nothing any more are left out."""
    c = t.tasks.c
    newest = select(func.max(c.id)).where(c.year == year).group_by(c.community_id, c.kind, c.code).scalar_subquery()
    found = _read(conn, _query().where(c.id.in_(newest)))
    return {task.key: task for task in found if any(task.said)}


def history(conn: Connection, year: int) -> list[Task]:
    """Every entry of a year, oldest first."""
    return list(_read(conn, _query().where(t.tasks.c.year == year)))


def years(conn: Connection) -> list[int]:
    """Years that have entries, ascending."""
    return list(conn.execute(select(t.tasks.c.year).distinct().order_by(t.tasks.c.year)).scalars())


def _query() -> Select[tuple[object, ...]]:
    columns = [t.tasks.c[name] for name in _PLAIN]
    return (
        select(*columns, t.communities.c.code.label("community"))
        .join(t.communities, t.communities.c.id == t.tasks.c.community_id)
        .order_by(t.tasks.c.id)
    )


def _read(conn: Connection, query: Select[tuple[object, ...]]) -> Iterable[Task]:
    return (Task(**row) for row in conn.execute(query).mappings())
