"""Tries to sign in: so many of one name, and from one address, within a quarter of an hour, then none for a while.

A try counts from before its password is looked at, so that a thousand at once are no more than the limit.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, select

from dashboard.accounts import secrets
from dashboard.accounts.people import folded
from survey.core import limits
from survey.core.errors import Refused
from survey.store.engine.base import now
from survey.store.engine.tables import sign_in_attempts as attempts


def begin(conn: Connection, name: str, address: str) -> list[int]:
    """Count a try; returns its rows. Raises Refused where the name or the address had too many, the same for any name."""
    since = now() - timedelta(seconds=limits.ATTEMPTS_SECONDS)
    conn.execute(delete(attempts).where(attempts.c.at < since))
    marks = {_of_name(name): limits.ATTEMPTS_OF_ACCOUNT, _of_address(address): limits.ATTEMPTS_OF_ADDRESS}
    for mark, allowed in marks.items():
        had = conn.execute(select(func.count()).select_from(attempts).where(attempts.c.mark == mark)).scalar_one()
        if had >= allowed:
            raise Refused("account.too_many")
    rows = [conn.execute(insert(attempts).values(mark=mark, at=now())).inserted_primary_key for mark in marks]
    return [row[0] for row in rows if row is not None]


def succeeded(conn: Connection, name: str, rows: list[int]) -> None:
    """Forget a try that was right, and those of the name before it; those of the address stay."""
    conn.execute(delete(attempts).where(attempts.c.id.in_(rows) | (attempts.c.mark == _of_name(name))))


def forgiven(conn: Connection, name: str) -> None:
    """Forget the tries of a name, as whoever manages accounts may."""
    conn.execute(delete(attempts).where(attempts.c.mark == _of_name(name)))


def _of_name(name: str) -> str:
    """What is kept of a name that was typed, which may be a password in the wrong field."""
    return secrets.mark("name", folded(name))


def _of_address(address: str) -> str:
    return secrets.mark("address", address)
