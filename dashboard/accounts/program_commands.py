"""Commands of programs that read by the API: a token for each, shown once; what there is; one taken back."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.accounts import programs
from dashboard.accounts.commands import scopes_of
from survey.commands.console import session_of
from survey.commands.voice import user
from survey.core.plain_table import PlainTable
from survey.store import settings

_NAME = Annotated[str, typer.Argument(metavar="NAME", help="tokens.argument.name")]
_COLUMNS = ("program", "role", "scopes", "state", "created_at", "created_by", "until", "seen_at")


def add(
    context: typer.Context,
    name: _NAME,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="tokens.option.role")],
    scope: Annotated[list[str] | None, typer.Option("--scope", metavar="KIND=VALUE", help="users.option.scope")] = None,
    days: Annotated[int | None, typer.Option("--days", metavar="N", help="tokens.option.days")] = None,
) -> None:
    """A token for a program, printed this once."""
    session = session_of(context)
    with session.store() as store:
        token = programs.add(store, name, role, scopes_of(scope), user(), days)
    session.emit([{"program": name.strip(), "token": token}])
    session.tell("tokens.once")


def list_programs(context: typer.Context) -> None:
    """Every program: its role and limits, until when its token counts, when it was used last."""
    session = session_of(context)
    with session.store() as store, store.read() as conn:
        rows = [
            {
                "program": one.name,
                "role": one.role,
                "scopes": " ".join(f"{kind}={value}" for kind, value in sorted(one.scopes)),
                "state": session.say(f"program.state_{one.state}"),
                "created_at": settings.local(conn, one.created_at),
                "created_by": one.created_by,
                "until": settings.local(conn, one.until),
                "seen_at": None if one.seen_at is None else settings.local(conn, one.seen_at),
            }
            for one in programs.listing(conn)
        ]
    session.emit(PlainTable.of_rows(rows, _COLUMNS))


def revoke(context: typer.Context, name: _NAME) -> None:
    """The token opens nothing any more."""
    session = session_of(context)
    with session.store() as store:
        done = programs.revoke(store, name, user())
    session.tell("tokens.revoked" if done else "tokens.revoked_before", name=name)
