"""The steps of ``cycle`` that a whole street takes: review, calculation, publication, naming, archive, correction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer

from analysis.commands.cycle import (
    Body,
    By,
    Day,
    Document,
    OnePlace,
    Places,
    Reason,
    Street,
    Year,
    day,
    give,
    who,
)
from analysis.commands.shared import by_street, community_code
from analysis.publication import cycle_steps
from survey.commands.console import Session
from survey.store import Store
from survey.store.year.cycle import Event


class Ruling(StrEnum):
    """What becomes of the title of a vetoed holder."""

    suspended = "suspended"
    revoked = "revoked"


def _each_street(
    session: Session, store: Store, year: int, street: str, take: Callable[[str], list[Event]]
) -> list[Event]:
    """What ``take`` kept of the street that was named, else of each on its own; shown as the list of steps shows it."""
    kept = by_street(session, store, year, street, take)
    give(session, store, kept)
    return kept


def review(
    context: typer.Context, year: Year, community: Places = None, date: Day = "", by: By = None, street: Street = ""
) -> None:
    """Nothing stands against these communities."""
    session: Session = context.obj
    with session.store() as store:
        codes = [community_code(store, word) for word in community or ()]
        if codes:
            give(session, store, cycle_steps.review(store, year, who(by), codes, date=day(date)))
            return
        _each_street(
            session,
            store,
            year,
            street,
            lambda one: cycle_steps.review(store, year, who(by), date=day(date), street=one),
        )


def calculate(
    context: typer.Context,
    year: Year,
    community: OnePlace = None,
    reason: Reason = "",
    by: By = None,
    street: Street = "",
) -> None:
    """Fix the results as a street's calculation, of everybody or of one community."""
    session: Session = context.obj
    with session.store() as store:
        if community:
            give(
                session, store, [cycle_steps.calculate(store, year, who(by), reason, community_code(store, community))]
            )
            return
        _each_street(
            session, store, year, street, lambda one: [cycle_steps.calculate(store, year, who(by), reason, street=one)]
        )


def publicise(
    context: typer.Context,
    year: Year,
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="cycle_cli.option.from")],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="cycle_cli.option.to")],
    community: OnePlace = None,
    document: Document = "",
    by: By = None,
    street: Street = "",
) -> None:
    """Publish the calculation."""
    session: Session = context.obj
    step = Event("publicised", year, date=day(first), until=day(last), document=document, who=who(by))
    with session.store() as store:
        if community:
            give(session, store, [cycle_steps.take(store, replace(step, community=community_code(store, community)))])
            return
        _each_street(session, store, year, street, lambda one: [cycle_steps.take(store, replace(step, street=one))])


def name(
    context: typer.Context,
    year: Year,
    community: Places = None,
    document: Document = "",
    date: Day = "",
    body: Annotated[Body | None, typer.Option("--body", help="cycle_cli.option.naming_body")] = None,
    ruling: Annotated[Ruling | None, typer.Option("--ruling", help="cycle_cli.option.ruling")] = None,
    reason: Reason = "",
    by: By = None,
    street: Street = "",
) -> None:
    """Enter the naming, or the ruling on the title of a vetoed holder."""
    session: Session = context.obj
    with session.store() as store:
        codes = [community_code(store, word) for word in community or ()]
        step = Event(
            "title",
            year,
            body=body.value if body else "",
            document=document,
            date=day(date),
            reason=reason,
            who=who(by),
            subject="ruling" if ruling else "",
            outcome=ruling.value if ruling else "",
        )
        if codes:
            give(session, store, cycle_steps.name(store, step, codes))
            return
        _each_street(session, store, year, street, lambda one: cycle_steps.name(store, replace(step, street=one)))


def close(context: typer.Context, year: Year, by: By = None, street: Street = "") -> None:
    """Archive the year: its results are frozen."""
    session: Session = context.obj
    with session.store() as store:
        kept = _each_street(session, store, year, street, lambda one: [cycle_steps.close(store, year, who(by), one)])
        closed = cycle_steps.closed(store, year)
    if closed and kept:
        session.tell("cycle_cli.closed", year=year)


def correct(
    context: typer.Context,
    year: Year,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="cycle_cli.option.reason")],
    approver: Annotated[str, typer.Option("--approver", metavar="NAME", help="cycle_cli.option.approver")],
    by: By = None,
    street: Street = "",
) -> None:
    """Open an archived year for an approved correction."""
    session: Session = context.obj
    with session.store() as store:
        kept = _each_street(
            session,
            store,
            year,
            street,
            lambda one: [cycle_steps.correct(store, year, who(by), reason=reason, approver=approver, street=one)],
        )
    if kept:
        session.tell("cycle_cli.correcting", year=year)
