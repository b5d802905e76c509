"""Commands ``awards …`` and ``targets``: what titles paid, what the year will cost, how far the street is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from analysis.awards.forecast import Forecast
from analysis.awards.tables import forecast_table, goal_table, money, payer_name, payment_table, target_table
from analysis.awards.year import budget, enter_balance, paid
from analysis.awards.year import targets as targets_of
from analysis.commands.shared import give, newest_or
from survey.commands.console import Session
from survey.core.errors import Refused
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR

Street = Annotated[str, typer.Option("--street", metavar="S", help="awards.option.street")]
_PAYMENTS = ["year", "community", "event", "star", "amount", "payer", "share", "rule"]


def show(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_or_all")] = None,
    street: Street = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """What each title paid, with the rule behind it, a row a payer."""
    session: Session = context.obj
    with session.store() as store:
        found = paid(store)
    found = found.within(street) if street else found
    wanted = found.payments if year is None else found.of_year(year)
    if not wanted:
        session.tell("awards.no_titles")
    frame = payment_table(wanted, found.names, session.lang)
    give(session, frame, out, _PAYMENTS, {"year": year, "years": list(found.years)})


def forecast(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    by: Annotated[str, typer.Option("--by", metavar="payer|community", help="awards.option.by")] = "payer",
    street: Street = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """What the year will cost if its calculation holds, beside the balances entered."""
    session: Session = context.obj
    if by not in ("payer", "community"):
        raise Refused("awards.bad_by", found=by)
    with session.store() as store:
        year = newest_or(store, year)
        found, _ = budget(store, year, street)
        names = paid(store).names
    _remarks(session, found, names)
    if by == "community":
        give(session, payment_table(found.payments, names, session.lang), out, _PAYMENTS, {"year": year})
        return
    frame = forecast_table(found)
    give(session, frame, out, list(frame.columns), {"year": year, "everybody": found.everybody})


def _remarks(session: Session, found: Forecast, names: Mapping[str, str]) -> None:
    if found.everybody:
        session.tell("awards.everybody")
    if found.decided:
        session.tell("awards.decided", n=found.decided)
    for key, codes in (("awards.unknown", found.unknown), ("awards.by_hand", found.to_set)):
        if codes:
            session.tell(key, n=len(codes), names=[names.get(c, c) for c in codes])
    for payer in found.payers:
        if payer.short:
            session.tell(
                "awards.short", payer=payer_name(session.lang, payer.payer), short=money(session.lang, payer.short)
            )


def balance(
    context: typer.Context,
    year: Annotated[int, typer.Option("--year", metavar="Y", min=FIRST_YEAR, max=LAST_YEAR, help="cli.option.year")],
    payer: Annotated[str, typer.Option("--payer", metavar="NAME", help="awards.option.payer")],
    amount: Annotated[str, typer.Argument(metavar="YUAN", help="awards.argument.amount")],
    document: Annotated[str, typer.Option("--document", metavar="TEXT", help="awards.option.document")] = "",
    date: Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="awards.option.date")] = "",
    street: Street = "",
) -> None:
    """Enter what a payer's special fund has for a year."""
    session: Session = context.obj
    with session.store() as store:
        kept = enter_balance(store, year, payer, amount, document=document, date=date, street=street)
    session.emit(
        [
            {
                "year": kept.year,
                "payer": kept.payer,
                "amount": kept.amount / 100,
                "document": kept.document,
                "date": kept.date,
                "sub_district": kept.street,
            }
        ]
    )


def targets(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    communities: Annotated[bool, typer.Option("--communities", help="awards.option.communities")] = False,
    street: Street = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """How far the street is: the targets by calculation and by title; or each community's own goal."""
    session: Session = context.obj
    with session.store() as store:
        year = newest_or(store, year)
        found = targets_of(store, year, street)
    for phase in found.phases:
        name = phase.name if session.lang == "zh" else phase.name_en or phase.name
        session.tell("awards.phase", name=name, first=phase.first_year, last=phase.last_year)
    if communities:
        names = {d.code: d.names.get(session.lang, d.code) for d in found.scheme.dimensions}
        listed = [session.say("awards.pilot", name=name, type=names.get(code, code)) for _, name, code in found.pilots]
        if listed:
            session.tell("awards.pilots", names=session.say("awards.comma").join(listed))
        frame = goal_table(found.goals)
        give(session, frame, out, list(frame.columns), {"year": year})
        return
    frame = target_table(year, found.progress)
    give(session, frame, out, [c for c in frame.columns if c != "year"], {"year": year})
