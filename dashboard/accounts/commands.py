"""Commands of accounts: who may sign in, as what, for what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from dashboard.accounts import people, sessions, sign_in
from survey.commands.console import Session, session_of
from survey.commands.voice import user
from survey.core.errors import WrongUsage
from survey.core.plain_table import PlainTable

_NAME = Annotated[str, typer.Argument(metavar="NAME", help="users.argument.name")]
_COLUMNS = ("account", "role", "scopes", "state", "sessions", "signed_in_at")
_SCOPE = Annotated[list[str] | None, typer.Option("--scope", metavar="KIND=VALUE", help="users.option.scope")]


def add(
    context: typer.Context,
    name: _NAME,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="users.option.role")],
    scope: _SCOPE = None,
) -> None:
    """A new account and the one-time token with which its password is chosen."""
    session = session_of(context)
    with session.store() as store:
        with store.read() as conn:
            first = not people.any_there(conn)
        token = sign_in.add(store, name, role, scopes_of(scope), user())
        _give(session, name, token)
        if first:
            session.tell("users.first")


def list_accounts(context: typer.Context) -> None:
    """Every account, what it may see, when it was used."""
    session = session_of(context)
    with session.store() as store, store.read() as conn:
        signed_in, found = sessions.open_now(conn), people.listing(conn)
    rows = [
        {
            "account": one.name,
            "role": one.role,
            "scopes": " ".join(f"{kind}={value}" for kind, value in sorted(one.scopes)),
            "state": session.say(f"account.state_{people.state(one)}"),
            "sessions": signed_in.get(one.id, 0),
            "signed_in_at": None if one.signed_in_at is None else one.signed_in_at.isoformat(timespec="seconds"),
        }
        for one in found
    ]
    session.emit(PlainTable.of_rows(rows, _COLUMNS))


def change(
    context: typer.Context,
    name: _NAME,
    role: Annotated[str | None, typer.Option("--role", metavar="ROLE", help="users.option.new_role")] = None,
    scope: _SCOPE = None,
    everything: Annotated[bool, typer.Option("--everything", help="users.option.everything")] = False,
) -> None:
    """Another role, other limits, or none."""
    session = session_of(context)
    if scope and everything:
        raise WrongUsage("users.scope_or_everything")
    if role is None and not scope and not everything:
        raise WrongUsage("users.nothing_to_change")
    with session.store() as store:
        changed = sign_in.change(store, name, user(), role, scopes_of(scope) if scope or everything else None)
    session.tell("users.changed" if changed else "users.unchanged", name=name)


def disable(context: typer.Context, name: _NAME) -> None:
    """Nobody signs in with the account any more; whoever is signed in with it is no longer."""
    session = session_of(context)
    with session.store() as store:
        sign_in.disable(store, name, user())
    session.tell("users.disabled", name=name)


def enable(context: typer.Context, name: _NAME) -> None:
    """The account may sign in again."""
    session = session_of(context)
    with session.store() as store:
        sign_in.enable(store, name, user())
    session.tell("users.enabled", name=name)


def reset(context: typer.Context, name: _NAME) -> None:
    """Take the password away, end every session, give a one-time token."""
    session = session_of(context)
    with session.store() as store:
        _give(session, name, sign_in.reset(store, name, user()))


def _give(session: Session, name: str, token: str) -> None:
    session.emit([{"account": name, "token": token}])
    session.tell("users.token")


def scopes_of(written: Iterable[str] | None) -> list[tuple[str, str]]:
    """``community=C1`` as kind and value; raises WrongUsage for anything without an equals sign."""
    found = []
    for one in written or ():
        kind, mark, value = one.partition("=")
        if not mark:
            raise WrongUsage("users.bad_scope", given=one)
        found.append((kind.strip(), value.strip()))
    return found
