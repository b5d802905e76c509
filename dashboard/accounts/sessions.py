"""Sessions: who is signed in, since when, and until when. They are rows of the store, so that any process of a server knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, or_, select, update

from dashboard.accounts import people, secrets
from dashboard.accounts.people import Account
from survey.core import limits
from survey.store import Store
from survey.store.engine.base import now
from survey.store.engine.tables import account_scopes as scopes
from survey.store.engine.tables import accounts, sessions

#: a session is marked as used again after this share of the time that it may be idle, not at every request
_FRESH = 1 / 12
#: asked at every request, so made once: the session with its account, one row for each of its limits
_FIND = (
    select(sessions.c.mark, sessions.c.began_at, sessions.c.seen_at, *people.COLUMNS)
    .select_from(sessions.join(accounts).outerjoin(scopes, scopes.c.account_id == accounts.c.id))
    .where(
        sessions.c.mark == bindparam("wanted"),
        sessions.c.seen_at >= bindparam("idle"),
        sessions.c.began_at >= bindparam("first"),
        accounts.c.disabled_at.is_(None),
    )
)


@dataclass(frozen=True)
class Session:
    """One browser of a person. ``mark``: what is kept of its id."""

    account: Account
    mark: str
    began_at: datetime
    seen_at: datetime


def begin(conn: Connection, account_id: int) -> str:
    """A new session; returns the id that the browser is to hold. What has ended is swept away."""
    moment, session_id = now(), secrets.random_id()
    conn.execute(delete(sessions).where(_over(moment)))
    row = {"mark": secrets.mark("session", session_id), "account_id": account_id}
    conn.execute(insert(sessions).values(**row, began_at=moment, seen_at=moment))
    return session_id


def find(conn: Connection, session_id: str) -> Session | None:
    """The session of an id; None where there is none, its time is over, or its account is disabled."""
    moment = now()
    values = {"wanted": secrets.mark("session", session_id), "idle": moment - _idle(), "first": moment - _whole()}
    rows = conn.execute(_FIND, values).mappings().all()
    if not rows:
        return None
    account = people.of_rows(rows)
    return Session(account, rows[0]["mark"], rows[0]["began_at"], rows[0]["seen_at"])


def rested(session: Session) -> bool:
    """Whether it is time to mark a session as used."""
    return now() - session.seen_at > timedelta(seconds=limits.SESSION_IDLE_SECONDS * _FRESH)


def touch(store: Store, session: Session) -> None:
    """Mark a session as used now; raises Surroundings where the store takes nothing."""
    with store.note() as conn:
        conn.execute(update(sessions).where(sessions.c.mark == session.mark).values(seen_at=now()))


def end(conn: Connection, session: Session) -> None:
    """Sign out."""
    conn.execute(delete(sessions).where(sessions.c.mark == session.mark))


def end_id(conn: Connection, session_id: str) -> None:
    """End the session of an id, whosever it is, if there is one."""
    conn.execute(delete(sessions).where(sessions.c.mark == secrets.mark("session", session_id)))


def end_all(conn: Connection, account_id: int) -> int:
    """Sign out everywhere; returns how many sessions there were."""
    return conn.execute(delete(sessions).where(sessions.c.account_id == account_id)).rowcount


def open_now(conn: Connection) -> dict[int, int]:
    """Account → how many sessions it has."""
    found = conn.execute(select(sessions.c.account_id).where(~_over(now()))).scalars().all()
    return {account: found.count(account) for account in set(found)}


def _over(moment: datetime) -> ColumnElement[bool]:
    """Rows whose time is over: idle for too long, or too long ago begun."""
    return or_(sessions.c.seen_at < moment - _idle(), sessions.c.began_at < moment - _whole())


def _idle() -> timedelta:
    return timedelta(seconds=limits.SESSION_IDLE_SECONDS)


def _whole() -> timedelta:
    return timedelta(seconds=limits.SESSION_SECONDS)
