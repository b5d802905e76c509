"""The command ``remove``: a respondent or a batch deleted for good, and the list of what was."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from survey.commands.console import Session, session_of
from survey.commands.voice import user
from survey.core.errors import WrongUsage
from survey.core.plain_table import PlainTable
from survey.people import removal
from survey.people.removal import Found, Wanted
from survey.store import settings
from survey.store.upkeep import removals
from survey.store.year import register

COLUMNS = ["at", "who", "kind", "batch", "year", "community", "responses", "calls", "contacts", "closed", "reason"]
#: in the place of a telephone number: it is read from standard input, so that no history of commands keeps it
STDIN = "-"


def remove(
    context: typer.Context,
    respondent: Annotated[str, typer.Option("--respondent", metavar="ID", help="removal.option.respondent")] = "",
    phone: Annotated[str, typer.Option("--phone", metavar="-", help="removal.option.phone")] = "",
    batch: Annotated[int | None, typer.Option("--batch", metavar="N", help="removal.option.batch")] = None,
    row: Annotated[int | None, typer.Option("--row", metavar="R", help="removal.option.row")] = None,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="removal.option.year")] = None,
    community: Annotated[str, typer.Option("--community", metavar="C", help="removal.option.community")] = "",
    mode: Annotated[str, typer.Option("--mode", metavar="M", help="removal.option.mode")] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="removal.option.reason")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="removal.option.yes")] = False,
) -> None:
    """Delete a respondent or a batch for good; without either, list what was deleted."""
    session = session_of(context)
    if phone == STDIN:
        phone = sys.stdin.readline().strip()
    wanted = Wanted(batch, row, respondent, phone, year, community, mode)
    with session.store() as store:
        if wanted == Wanted(year=year):
            with store.read() as conn:
                names = {c.id: c.name for c in register.communities(conn)}
                rows = [removal.plain(line, dict(names)) for line in removals.listing(conn, year)]
                rows = [{**line, "at": settings.local(conn, line["at"])} for line in rows]
            session.emit(PlainTable.of_rows(rows, COLUMNS))
            return
        if not yes or not reason.strip():
            found = removal.look(store, wanted)
            _tell(session, found, done=False)
            raise WrongUsage("removal.needs_yes" if reason.strip() else "removal.needs_reason")
        found = removal.remove(store, wanted, reason, user())
        _tell(session, found, done=True)
        if store.held_open:
            session.tell("retention.held_open")
        session.emit([found.counts])
        session.bring_up_to_date(store, set(found.years) - set(found.closed))


def _tell(session: Session, found: Found, *, done: bool) -> None:
    for sentence in removal.sentences(found, session.lang, done=done):
        session.write_line(sentence)
