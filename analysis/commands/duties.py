"""Commands ``todo`` and ``todo dates``: who owes what by when, and until when what is to be done in a year."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.shared import community_code, give, newest_or
from analysis.duties.duty import duty_frame, urging
from analysis.duties.year_duties import year_duties
from survey.commands.console import Session
from survey.core.disk import write_file
from survey.core.errors import Refused
from survey.core.lang import say
from survey.core.masking import masked
from survey.store import settings
from survey.store.year import plans

Year = Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")]
_SHOWN = ["owner", "what", "community", "due_words"]


def todo(
    context: typer.Context,
    year: Year = None,
    street: Annotated[str, typer.Option("--street", metavar="S", help="duties.option.street")] = "",
    community: Annotated[str, typer.Option("--community", metavar="C", help="duties.option.community")] = "",
    office: Annotated[str, typer.Option("--office", metavar="O", help="duties.option.office")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="duties.option.overdue")] = False,
    urge: Annotated[bool, typer.Option("--urge", help="duties.option.urge")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """List what is owed, or word a reminder of it."""
    session: Session = context.obj
    with session.store() as store:
        code = community_code(store, community) if community else ""
        found = year_duties(store, newest_or(store, year))
        with store.read() as conn:
            sample = settings.get(conn, "sample") == "1"
    if street and street not in found.streets.values():
        known = list(dict.fromkeys(filter(None, found.streets.values()))) or "—"
        raise Refused("awards.unknown_street", street=street, known=known)
    if office and office not in found.offices:
        known = list(found.offices) or "—"
        raise Refused("duties.unknown_office", found=office, year=found.year, known=known)
    found = found.only(street=street, community=code, office=office, overdue=overdue)
    if urge:
        letters = "\n".join(urging(found, owner, session.lang, sample) for owner in found.owners)
        if out is None:
            sys.stdout.write(masked(letters))
            return
        write_file(out, masked(letters).encode())
        session.tell("cli.written", path=str(out))
        return
    late = sum(duty.overdue for duty in found.rows)
    give(
        session, duty_frame(found, session.lang), out, _SHOWN, {"year": found.year, "as_of": found.today, "late": late}
    )


def dates(
    context: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(metavar="KIND=DAY…", help="duties.option.dates")] = None,
    year: Year = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="duties.option.by")] = None,
) -> None:
    """Show the due dates of a year, or set those that are given."""
    session: Session = context.obj
    wanted = {}
    for word in words or ():
        kind, sign, day = word.partition("=")
        if not sign:
            raise Refused("duties.bad_pair", found=word)
        wanted[kind.strip()] = day
    with session.store() as store:
        asked = newest_or(store, year)
        if wanted:
            with store.write() as conn:
                plans.set_due(conn, asked, wanted, by if by is not None else getpass.getuser())
        with store.read() as conn:
            known = plans.due_dates(conn, asked)
    rows = [
        {"kind": kind, "what": say(session.lang, f"duties.kind.{kind}"), "due_by": known.get(kind)}
        for kind in plans.DUE
    ]
    session.emit(rows, year=asked)
