"""Who did what, when: rows are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from survey.core.masking import masked_all
from survey.store.engine.base import now
from survey.store.engine.tables import audit


@dataclass(frozen=True)
class Entry:
    """One line of the audit record; ``at`` carries its offset."""

    id: int
    at: datetime
    who: str
    action: str
    subject: str
    detail: Mapping[str, Any]


def record(conn: Connection, who: str, action: str, subject: str, detail: Mapping[str, Any] | None = None) -> None:
    """Add a line; numbers of persons in it are masked."""
    told = masked_all({"who": who, "action": action, "subject": subject, "detail": dict(detail or {})})
    line = {"at": now(), **told}
    conn.execute(insert(audit).values(line))


def listing(conn: Connection, limit: int = 100) -> list[Entry]:
    """The last lines, newest first."""
    return [Entry(**row) for row in conn.execute(select(audit).order_by(audit.c.id.desc()).limit(limit)).mappings()]
