"""Ways in: with a password, with a one-time token that lets one choose it, and what ends them. Each is a transaction or two.

Whatever is wrong is told in the same sentence and after the same work, so that nobody learns which names there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select

from dashboard.accounts import attempts, passwords, people, secrets, sessions
from dashboard.accounts.people import Account
from dashboard.accounts.sessions import Session
from survey.core import limits
from survey.core.errors import Refused
from survey.store import Store, audit
from survey.store.engine.base import now
from survey.store.engine.tables import account_tokens as tokens

#: who a line of the record names where a name was typed that no account has: it may be a password
NOBODY = "?"


def sign_in(store: Store, name: str, password: str, address: str) -> str:
    """The id of a new session; raises Refused where name or password is wrong, or there were too many tries."""
    tried = _begun(store, name, address)
    with store.read() as conn:
        account = people.of_name(conn, name)
    usable = account is not None and account.disabled_at is None
    fitting = passwords.fits(account.password if account is not None and usable else None, password)
    with store.note() as conn:
        if account is not None and fitting and _unchanged(conn, account):
            if passwords.stale(account.password or ""):
                people.keep_password(conn, account, passwords.hashed(password))
            return _in(conn, account, tried, address, "sign in")
        _noted(conn, account, "sign in refused", address)
    raise Refused("account.wrong")


def choose(store: Store, name: str, token: str, password: str, address: str) -> str:
    """Choose the password of an account with a one-time token; returns the id of a new session, every other one ends.

    Raises Refused for a password that may not be, a token that is not this account's, was used or is too old, and after
    too many tries.
    """
    passwords.check(password, name)
    tried = _begun(store, name, address)
    kept = passwords.hashed(password)
    with store.write() as conn:
        account = people.of_name(conn, name)
        if account is not None and account.disabled_at is None and _taken(conn, account, token):
            people.keep_password(conn, account, kept)
            sessions.end_all(conn, account.id)
            return _in(conn, account, tried, address, "password chosen")
        _noted(conn, account, "token refused", address)
    raise Refused("account.wrong_token")


def change_password(store: Store, session: Session, old: str, new: str, address: str) -> str:
    """Another password for whoever knows the old one; returns the id of a new session, every other one ends."""
    name = session.account.name
    passwords.check(new, name)
    tried = _begun(store, name, address)
    fitting = passwords.fits(session.account.password, old)
    kept = passwords.hashed(new)
    with store.write() as conn:
        account = session.account
        if fitting and _unchanged(conn, account):
            people.keep_password(conn, account, kept)
            sessions.end_all(conn, account.id)
            return _in(conn, account, tried, address, "password changed")
        _noted(conn, account, "password change refused", address)
    raise Refused("account.wrong_old")


def sign_out(store: Store, session: Session, *, everywhere: bool) -> None:
    """End this session, or every one of its account."""
    with store.note() as conn:
        if everywhere:
            sessions.end_all(conn, session.account.id)
        else:
            sessions.end(conn, session)
        audit.record(conn, session.account.name, "sign out", session.account.name, {"everywhere": everywhere})


def leave(store: Store, session_id: str) -> None:
    """End the session that a browser held before another was begun in it."""
    with store.note() as conn:
        sessions.end_id(conn, session_id)


def add(store: Store, name: str, role: str, scopes: Iterable[tuple[str, str]], who: str) -> str:
    """A new account; returns the one-time token with which its password is chosen."""
    with store.write() as conn:
        return _token(conn, people.add(conn, name, role, scopes, who))


def reset(store: Store, name: str, who: str) -> str:
    """Take the password away and end every session; returns the one-time token with which another is chosen."""
    with store.write() as conn:
        account = people.known(conn, name)
        people.keep_password(conn, account, None)
        sessions.end_all(conn, account.id)
        attempts.forgiven(conn, account.name)
        audit.record(conn, who, "account reset", account.name)
        return _token(conn, account)


def disable(store: Store, name: str, who: str) -> None:
    """Nobody signs in with the account any more, and whoever is signed in with it is no longer."""
    with store.write() as conn:
        account = people.known(conn, name)
        people.disable(conn, account, who)
        sessions.end_all(conn, account.id)
        conn.execute(delete(tokens).where(tokens.c.account_id == account.id))


def enable(store: Store, name: str, who: str) -> None:
    """The account may sign in again, with the password it had."""
    with store.write() as conn:
        people.enable(conn, people.known(conn, name), who)


def change(
    store: Store, name: str, who: str, role: str | None = None, scopes: Iterable[tuple[str, str]] | None = None
) -> bool:
    """Another role or other limits, which end the account's sessions; returns whether anything changed."""
    with store.write() as conn:
        account = people.known(conn, name)
        changed = people.change(conn, account, who, role, scopes)
        if changed:
            sessions.end_all(conn, account.id)
        return changed


def _unchanged(conn: Connection, account: Account) -> bool:
    """Whether an account still has the password that was looked at, and may sign in."""
    again = people.of_id(conn, account.id)
    return again is not None and again.disabled_at is None and again.password == account.password


def _begun(store: Store, name: str, address: str) -> list[int]:
    with store.note() as conn:
        return attempts.begin(conn, name, address)


def _in(conn: Connection, account: Account, tried: list[int], address: str, action: str) -> str:
    attempts.succeeded(conn, account.name, tried)
    people.signed_in(conn, account)
    with audit.asked_from(address):
        audit.record(conn, account.name, action, account.name)
    return sessions.begin(conn, account.id)


def _noted(conn: Connection, account: Account | None, action: str, address: str) -> None:
    """A line of the record about a try that was wrong."""
    name = NOBODY if account is None else account.name
    with audit.asked_from(address):
        audit.record(conn, name, action, name, outcome=audit.REFUSED)


def _token(conn: Connection, account: Account) -> str:
    """A one-time token of an account, in place of any that it had."""
    made, until = secrets.token(), now() + timedelta(seconds=limits.TOKEN_SECONDS)
    conn.execute(delete(tokens).where(tokens.c.account_id == account.id))
    conn.execute(insert(tokens).values(mark=secrets.mark("token", made), account_id=account.id, until=until))
    return made


def _taken(conn: Connection, account: Account, token: str) -> bool:
    """Whether a token is this account's and in time; it is used up then."""
    wanted = (tokens.c.mark == secrets.mark("token", secrets.typed(token)), tokens.c.account_id == account.id)
    until = conn.execute(select(tokens.c.until).where(*wanted)).scalar()
    if until is None or until < now():
        return False
    conn.execute(delete(tokens).where(*wanted))
    return True
