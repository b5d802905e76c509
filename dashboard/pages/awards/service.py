"""Awards, budget and targets of a year, for whoever sees the whole street; balances entered by whoever may write."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

import pandas as pd

from analysis.awards import disbursements
from analysis.awards import year as awards_year
from analysis.awards.disbursements import Said
from analysis.awards.forecast import Forecast
from analysis.awards.ledger import Ledger
from analysis.awards.ledger_tables import entry_table, ledger_table, payments_template
from analysis.awards.tables import forecast_table, goal_table, payment_table, target_table
from analysis.awards.year import Paid, Targets
from analysis.exports.files import safe_name
from dashboard.data import files
from dashboard.data.results import Source
from dashboard.data.year import read_year, require_whole
from dashboard.pages.awards.as_tables import shown_as
from dashboard.web.access import Viewer, require
from survey.core import limits
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, say
from survey.store import Store
from survey.store.year.disbursements import Disbursement
from survey.store.year.funds import Balance

__all__ = ["Balance", "Money", "enter", "file", "money", "targets"]


@dataclass(frozen=True)
class Money:
    """``forecast`` of the year with the ``balances`` entered (payer → balance); ``paid``: every title's payment."""

    forecast: Forecast
    balances: dict[str, Balance]
    paid: Paid


def streets(viewer: Viewer, source: Source, year: int) -> tuple[str, ...]:
    """The streets that money and targets may be looked at by."""
    require_whole(viewer, source, year)
    return tuple(filter(None, read_year(viewer, source, year).streets))


def money(viewer: Viewer, source: Source, store: Store, year: int, street: str = "") -> Money:
    """The year's budget forecast, the balances, and what titles have paid so far; of all, or of one street."""
    require_whole(viewer, source, year)
    forecast, balances = awards_year.budget(store, year, street, read_year(viewer, source, year).results)
    paid = awards_year.paid(store)
    return Money(forecast, balances, paid.within(street) if street and paid.payments else paid)


def targets(viewer: Viewer, source: Source, store: Store, year: int, street: str = "") -> Targets:
    """The targets by calculation and by title, each community's own goal, the pilots; of all, or of one street."""
    require_whole(viewer, source, year)
    return awards_year.targets(store, year, street, read_year(viewer, source, year).results)


def enter(
    viewer: Viewer,
    source: Source,
    store: Store,
    year: int,
    payer: str,
    amount: str,
    document: str,
    date: str,
    street: str = "",
) -> Balance:
    """Enter a payer's balance, of the district or of a street; raises Refused for who may not, an unknown payer or no amount."""
    require(viewer, "enter_balance")
    require_whole(viewer, source, year)
    _told(amount)
    return awards_year.enter_balance(
        store, year, payer, amount, document=document, date=date, who=viewer.user, street=street
    )


def _told(amount: str) -> None:
    """Raise Refused where no amount was typed at all."""
    if not amount.strip():
        raise Refused("page_awards.no_amount")


def ledger(viewer: Viewer, source: Source, store: Store, year: int, street: str = "") -> tuple[Ledger, list[str]]:
    """The ledger of all years, of all or of one street, and who pays by the scheme of this one."""
    require_whole(viewer, source, year)
    with store.read() as conn:
        known = disbursements.ledger_in(conn)
        return known.within(street) if street else known, awards_year.payers_of(conn, year)


def pay(viewer: Viewer, source: Source, store: Store, said: Said) -> Disbursement:
    """Enter a payment, or money that came back; raises Refused for who may not and what can't be."""
    require(viewer, "enter_payment")
    require_whole(viewer, source, said.year)
    _told(said.amount)
    return disbursements.enter(store, said, who=viewer.user)


def take_back(viewer: Viewer, store: Store, number: str, reason: str, approver: str) -> Disbursement:
    """Take an entry back, approved by somebody else; raises Refused for who may not and what can't be."""
    require(viewer, "enter_payment")
    text = number.strip()
    if not text:
        raise Refused("page_awards.no_number")
    if not (text.isascii() and text.isdigit()):
        raise Refused("page_awards.choose_number", found=number)
    return disbursements.withdraw(store, int(text), reason=reason, approver=approver, who=viewer.user)


def import_payments(viewer: Viewer, source: Source, store: Store, year: int, name: str, contents: str) -> int:
    """Keep the payments of a workbook (``contents``: as a browser sends it); how many.

    Raises Refused for who may not, and naming the first wrong row; nothing is kept then.
    """
    require(viewer, "enter_payment")
    require_whole(viewer, source, year)
    try:
        data = base64.b64decode(contents.partition(",")[2], validate=True)
    except binascii.Error:
        raise Refused("page_awards.choose_file") from None
    if not data or not name:
        raise Refused("page_awards.choose_file")
    if len(data) > limits.SMALL_UPLOAD_BYTES:
        raise Refused("page_cycle.too_large", most=limits.SMALL_UPLOAD_BYTES // 1_000_000)
    try:
        return len(disbursements.import_payments(store, name, data, year=None, who=viewer.user).kept)
    except Refused as refused:
        if not refused.findings:
            raise
        first, more = refused.findings[0], len(refused.findings) - 1
        why = {lang: first.word(lang) for lang in LANGUAGES}
        raise Refused(
            "page_awards.file_refused",
            file=name,
            where=first.where or "—",
            n=more,
            why=why,
            findings=refused.findings,
        ) from None


def template(viewer: Viewer, source: Source, store: Store, year: int, lang: str) -> files.File:
    """A workbook of payments to fill in, with a row for what may still be paid of the year."""
    require(viewer, "enter_payment")
    found, _ = ledger(viewer, source, store, year)
    return f"payments_{year}.xlsx", payments_template(found, year, lang), files.XLSX


def file(viewer: Viewer, source: Source, store: Store, year: int, name: str, lang: str, street: str = "") -> files.File:
    """``payments``, ``forecast``, ``communities`` (the forecast's), ``targets``, ``goals``, ``ledger`` or ``entries`` (of the
    ledger) of the year as a workbook for people; ``payments_form`` is the one to fill in."""
    if name == "payments_form":
        return template(viewer, source, store, year, lang)
    require_whole(viewer, source, year)
    frame = _frame(viewer, source, store, year, name, lang, street)
    results = source.results(year)
    sample = f"_{say(lang, 'dash_words.sample')}" if results.meta.get("sample") else ""
    place = f"{safe_name(street)}_" if street else ""
    title = say(lang, f"page_awards.file_{name}")
    shown = shown_as(name, f"{year} {street} {title}".replace("  ", " "), lang, results)
    return files.table(f"{year}_{place}{title}{sample}", frame, "xlsx", shown)


def _frame(viewer: Viewer, source: Source, store: Store, year: int, name: str, lang: str, street: str) -> pd.DataFrame:
    if name in ("targets", "goals"):
        found = targets(viewer, source, store, year, street)
        return target_table(year, found.progress) if name == "targets" else goal_table(found.goals)
    if name in ("ledger", "entries"):
        known, _ = ledger(viewer, source, store, year, street)
        return ledger_table(known, known.of_year(year)) if name == "ledger" else entry_table(known, year)
    if name not in ("payments", "forecast", "communities"):
        raise Refused("dash_errors.not_found")
    all_ = money(viewer, source, store, year, street)
    if name == "forecast":
        return forecast_table(all_.forecast)
    wanted = all_.paid.of_year(year) if name == "payments" else all_.forecast.payments
    return payment_table(wanted, all_.paid.names, lang)
