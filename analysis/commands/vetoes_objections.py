"""The commands ``cycle veto`` and ``cycle objection``: matters that are raised, approved, lifted, answered."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from analysis.commands.cycle import By, Day, Document, Place, Reason, Street, Year, day, give, one, who
from analysis.publication import cycle_steps, cycle_table
from survey.commands.console import Session
from survey.core.errors import Refused
from survey.store import Store
from survey.store.year import cycle
from survey.store.year.cycle import Event


class Outcome(StrEnum):
    """What came of an objection."""

    upheld = "upheld"
    partly = "partly"
    rejected = "rejected"


Number = Annotated[int, typer.Argument(metavar="NUMBER", help="cycle_cli.argument.number")]
_SHOWN = ["id", "community", "subject", "state", "date", "until", "document", "who", "reason"]


def _matter(store: Store, year: int, number: int, kind: str) -> Event:
    """The veto or objection of this number, from this year or an earlier one; raises Refused if there is none."""
    with store.read() as conn:
        found = [e for e in cycle.events(conn, upto=year) if e.kind == kind and e.id == number]
    if not found:
        raise Refused(f"cycle_cli.no_{kind}", number=number, year=year)
    return found[0]


def _answer(context: typer.Context, kind: str, year: int, number: int, by: str | None, **values: Any) -> None:
    session: Session = context.obj
    matter = "objection" if kind in ("objection_answered", "unchanged") else "veto"
    with session.store() as store:
        code = _matter(store, year, number, matter).community
        give(session, store, [cycle_steps.take(store, Event(kind, year, code, ref=number, who=who(by), **values))])


def veto_add(
    context: typer.Context,
    year: Year,
    community: Place,
    kind: Annotated[str, typer.Option("--kind", metavar="CODE", help="cycle_cli.option.kind")],
    document: Document = "",
    date: Day = "",
    reason: Reason = "",
    months: Annotated[int | None, typer.Option("--months", metavar="N", help="cycle_cli.option.months")] = None,
    by: By = None,
) -> None:
    """Record a veto matter; another person approves it."""
    one(
        context,
        "veto",
        year,
        community,
        by,
        subject=kind,
        document=document,
        date=day(date),
        reason=reason,
        months=months,
    )


def veto_approve(context: typer.Context, year: Year, number: Number, by: By = None) -> None:
    """Approve a veto; from now on it is in force."""
    _answer(context, "veto_approved", year, number, by)


def veto_lift(context: typer.Context, year: Year, number: Number, reason: Reason = "", by: By = None) -> None:
    """Lift a veto, with the reason."""
    _answer(context, "veto_lifted", year, number, by, reason=reason)


def veto_list(context: typer.Context, year: Year, street: Street = "") -> None:
    """The veto matters that count in a year."""
    session: Session = context.obj
    with session.store() as store:
        found = cycle_table.read_cycle(store, year, street)
    session.emit(cycle_table.vetoes_table(found), shown=_SHOWN, year=year)


def objection_add(
    context: typer.Context,
    year: Year,
    community: Place,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="cycle_cli.option.text")],
    about: Annotated[str, typer.Option("--about", metavar="CODE", help="cycle_cli.option.about")] = "",
    document: Document = "",
    date: Day = "",
    late: Annotated[bool, typer.Option("--late", help="cycle_cli.option.late")] = False,
    by: By = None,
) -> None:
    """Record an objection to the published calculation."""
    said = {"reason": text, "subject": about, "document": document, "date": day(date)}
    one(context, "objection", year, community, by, **said, outcome="late" if late else "")


def objection_keep(
    context: typer.Context,
    year: Year,
    number: Number,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="cycle_cli.option.unchanged")],
    by: By = None,
) -> None:
    """Say why nothing changes although an objection was upheld."""
    _answer(context, "unchanged", year, number, by, reason=reason)


def objection_answer(
    context: typer.Context,
    year: Year,
    number: Number,
    outcome: Annotated[Outcome, typer.Option("--outcome", help="cycle_cli.option.outcome")],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="cycle_cli.option.answer")],
    answered_by: Annotated[str, typer.Option("--answered-by", metavar="OFFICE", help="cycle_cli.option.answered_by")],
    document: Document = "",
    date: Day = "",
    by: By = None,
) -> None:
    """Record the answer to an objection."""
    _answer(
        context,
        "objection_answered",
        year,
        number,
        by,
        outcome=outcome.value,
        reason=text,
        subject=answered_by,
        document=document,
        date=day(date),
    )


def objection_list(context: typer.Context, year: Year, street: Street = "") -> None:
    """The objections of a year and what came of them."""
    session: Session = context.obj
    with session.store() as store:
        found = cycle_table.read_cycle(store, year, street)
    shown = ["id", "community", "subject", "date", "reason", "state", "answer", "answered_by"]
    session.emit(cycle_table.objections_table(found), shown=shown, year=year)
