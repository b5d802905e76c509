"""Who did what, when: rows are only ever added; and who is one person under several names.

Until accounts exist the page knows its one viewer as ``LOCAL``, and a command whoever is logged in; entered by the one
and approved by the other is still one pair of eyes.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from survey.core.masking import masked_all
from survey.store.engine.base import now
from survey.store.engine.tables import audit

#: the viewer of the page on this machine's own address
LOCAL = "local"


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


def machine_user() -> str:
    """Who is logged in, by the system's word; ``''`` where it knows no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without an entry, as in some containers
        return ""


def names_of(who: str) -> frozenset[str]:
    """Every name that this person goes by."""
    here = frozenset({LOCAL, machine_user()} - {""})
    return here if who in here else frozenset({who})


def is_among(who: str, others: Iterable[str]) -> bool:
    """Whether one of the others is this person."""
    return not names_of(who).isdisjoint(others)
