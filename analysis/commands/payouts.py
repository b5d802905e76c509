"""Commands ``awards pay|return|withdraw|import|template|entries|ledger``: what was paid of the awards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.awards import disbursements
from analysis.awards.disbursements import Said, ledger
from analysis.awards.ledger import Ledger
from analysis.awards.ledger_tables import entry_table, ledger_table, payments_template, reading
from analysis.commands.awards import Street
from analysis.commands.cycle import By, who
from analysis.commands.shared import give
from survey.commands.console import Session
from survey.core import limits
from survey.core.disk import require_ending, write_file
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR
from survey.files.input import read_input
from survey.store import Store
from survey.store.year.disbursements import Disbursement

Place = Annotated[str, typer.Argument(metavar="COMMUNITY", help="cli.argument.community")]
Amount = Annotated[str, typer.Argument(metavar="YUAN", help="ledger.argument.amount")]
Year = Annotated[int, typer.Option("--year", metavar="Y", min=FIRST_YEAR, max=LAST_YEAR, help="ledger.option.year")]
SomeYear = Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_or_all")]
Payer = Annotated[str, typer.Option("--payer", metavar="NAME", help="awards.option.payer")]
Voucher = Annotated[str, typer.Option("--voucher", metavar="NO", help="ledger.option.voucher")]
Day = Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="ledger.option.date")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="ledger.option.note")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")]

_ENTRIES = ["id", "year", "community", "payer", "kind", "amount", "voucher", "date", "note", "approved_by", "who"]
_LEDGER = ["year", "community", "payer", "due", "paid", "difference", "state", "payable", "paid_date", "vouchers"]


def pay(
    context: typer.Context,
    community: Place,
    amount: Amount,
    year: Year,
    payer: Payer,
    voucher: Voucher,
    date: Day,
    note: Note = "",
    by: By = None,
) -> None:
    """Enter a payment."""
    _enter(context.obj, Said(year, community, payer, amount, voucher, date, note), by)


def give_back(
    context: typer.Context,
    community: Place,
    amount: Amount,
    year: Year,
    payer: Payer,
    voucher: Voucher,
    date: Day,
    note: Note = "",
    by: By = None,
) -> None:
    """Enter money that a community paid back."""
    _enter(context.obj, Said(year, community, payer, amount, voucher, date, note, "returned"), by)


def _enter(session: Session, said: Said, by: str | None) -> None:
    with session.store() as store:
        _give(session, store, [disbursements.enter(store, said, who=who(by))])


def _give(session: Session, store: Store, kept: list[Disbursement]) -> None:
    """The entries that were kept, as the list of entries shows them."""
    frame = entry_table(ledger(store))
    session.emit(frame[frame["id"].isin([e.id for e in kept])], shown=_ENTRIES)


def withdraw(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="ledger.argument.number")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="ledger.option.reason")],
    approver: Annotated[str, typer.Option("--approver", metavar="NAME", help="ledger.option.approver")],
    by: By = None,
) -> None:
    """Take a wrong entry back by one of its own."""
    session: Session = context.obj
    with session.store() as store:
        kept = disbursements.withdraw(store, number, reason=reason, approver=approver, who=who(by))
        _give(session, store, [kept])


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="cycle_cli.argument.file")],
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="ledger.option.year_or_rows")] = None,
    by: By = None,
) -> None:
    """Read a workbook of payments; all of its rows are kept or none."""
    session: Session = context.obj
    with session.store() as store:
        data = read_input(file, limits.SMALL_UPLOAD_BYTES)
        receipt = disbursements.import_payments(store, file.name, data, year=year, who=who(by))
        session.show_findings(receipt.findings)
        _give(session, store, list(receipt.kept))


def template(
    context: typer.Context,
    year: Annotated[int, typer.Argument(metavar="YEAR", min=FIRST_YEAR, max=LAST_YEAR, help="cli.argument.year")],
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="cli.argument.out")],
) -> None:
    """Write a workbook of payments, with a row for what may still be paid."""
    session: Session = context.obj
    require_ending(out, ".xlsx")
    with session.store() as store:
        write_file(out, payments_template(ledger(store), year, session.lang), private=True)
    session.tell("cli.written", path=str(out))


def entries(context: typer.Context, year: SomeYear = None, street: Street = "", out: Out = None) -> None:
    """Every payment, return and withdrawal."""
    session: Session = context.obj
    with session.store() as store:
        frame = entry_table(_of(ledger(store), street), year)
    give(session, frame, out, _ENTRIES, {"year": year})


def _of(known: Ledger, street: str) -> Ledger:
    return known.within(street) if street else known


def show(context: typer.Context, year: SomeYear = None, street: Street = "", out: Out = None) -> None:
    """What is due, what was paid, and the difference."""
    session: Session = context.obj
    with session.store() as store:
        known = _of(ledger(store), street)
    lines = known.lines if year is None else known.of_year(year)
    for one in sorted({line.year for line in lines}) if year is None else [year]:
        key, words = reading(session.lang, known.of_year(one))
        session.tell(key, year=one, **words)
    give(session, ledger_table(known, lines), out, _LEDGER, {"year": year})
