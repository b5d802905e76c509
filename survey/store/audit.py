"""Who did what, when, from where, and what came of it: rows are only ever added; and who is one person under several names.

Each row carries the hash of itself and of the row before it (``survey.store.breaks`` looks whether they still fit).
While nobody has an account the page knows its one viewer as ``LOCAL``, and a command whoever is logged in; entered by the
one and approved by the other is still one pair of eyes.
"""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from survey.core.lang import LOCAL_USER
from survey.core.masking import masked_all
from survey.store.engine import chain
from survey.store.engine.base import now, to_json
from survey.store.engine.tables import audit

#: the viewer of the page on this machine's own address
LOCAL = LOCAL_USER
#: what came of what was tried
DONE, REFUSED = chain.DONE, "refused"
#: what changes nothing that is stored: who came and went, what was looked at or taken along
LOOKS = (
    *("sign in", "sign in refused", "sign out", "token refused", "password chosen", "password changed"),
    *("password change refused", "download", "original", "export", "archive", "trace", "audit export"),
    *("api", "backup", "import refused", "view saved", "view renamed", "view shared", "view deleted"),
)
_ADDRESS: ContextVar[str] = ContextVar("xingfu_audit_address", default="")


@dataclass(frozen=True)
class Entry:
    """One line of the audit record; ``at`` carries its offset, ``address`` is where a page was asked from."""

    id: int
    at: datetime
    who: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    address: str = ""
    outcome: str = DONE
    chain: str = ""


@contextmanager
def asked_from(address: str) -> Iterator[None]:
    """What is recorded in the block was asked for from this address."""
    before = _ADDRESS.set(address)
    try:
        yield
    finally:
        _ADDRESS.reset(before)


def address() -> str:
    """Where what is done now was asked from; empty for a command."""
    return _ADDRESS.get()


def record(
    conn: Connection,
    who: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,
    *,
    outcome: str = DONE,
    when: datetime | None = None,
) -> None:
    """Add a line, at its place in the chain; numbers of persons in it are masked."""
    told = masked_all({"who": who, "action": action, "subject": subject, "detail": dict(detail or {})})
    told["detail"] = json.loads(to_json(told["detail"]))  # as it is read again
    line = {"at": when or now(), **told, "address": address(), "outcome": outcome}
    chain.append(conn, line)


def listing(
    conn: Connection,
    limit: int | None = 100,
    *,
    who: str = "",
    action: str = "",
    outcome: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
) -> list[Entry]:
    """The last lines, newest first; of one person, action or outcome, from ``since`` until before ``until``, before an entry."""
    a, query = audit.c, select(audit)
    asked = ((a.who, who), (a.action, action), (a.outcome, outcome))
    query = query.where(*(column == value for column, value in asked if value))
    if since is not None:
        query = query.where(a.at >= since)
    if until is not None:
        query = query.where(a.at < until)
    if before is not None:
        query = query.where(a.id < before)
    return _entries(conn, query.order_by(a.id.desc()).limit(limit))


def _entries(conn: Connection, query: Select[Any]) -> list[Entry]:
    return [Entry(**row) for row in conn.execute(query).mappings()]


def named(conn: Connection) -> tuple[list[str], list[str]]:
    """Everybody and every action that the record names, in order."""
    columns = (audit.c.who, audit.c.action)
    people, actions = ([str(v) for v in conn.execute(select(c).distinct().order_by(c)).scalars()] for c in columns)
    return people, actions


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
