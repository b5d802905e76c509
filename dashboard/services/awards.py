"""Awards, budget and targets of a year, for whoever sees the whole street; balances entered by whoever may write."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.awards import year as awards_year
from analysis.awards.forecast import Forecast
from analysis.awards.tables import forecast_table, goal_table, payment_table, target_table
from analysis.awards.year import Paid, Targets
from dashboard.access import Viewer
from dashboard.services import downloads
from dashboard.services.source import Source
from dashboard.services.street import read_year
from survey.errors import Refused
from survey.lang import say
from survey.store import Store
from survey.store.funds import Balance

__all__ = ["Balance", "Money", "enter", "file", "money", "next_award", "targets"]


@dataclass(frozen=True)
class Money:
    """``forecast`` of the year with the ``balances`` entered (payer → balance); ``paid``: every title's payment."""

    forecast: Forecast
    balances: dict[str, Balance]
    paid: Paid


def _whole(viewer: Viewer, source: Source, year: int) -> None:
    """Money and targets are the street's: nobody sees them who may see only some communities."""
    read_year(viewer, source, year)
    if viewer.communities is not None:
        raise Refused("dash_errors.forbidden")


def money(viewer: Viewer, source: Source, store: Store, year: int) -> Money:
    """The year's budget forecast, the balances, and what titles have paid so far."""
    _whole(viewer, source, year)
    forecast, balances = awards_year.budget(store, year)
    return Money(forecast, balances, awards_year.paid(store))


def next_award(viewer: Viewer, source: Source, store: Store, year: int, code: str, star: int) -> int | None:
    """Fen that being named with this star would pay a community; None where the scheme leaves it to be set."""
    _whole(viewer, source, year)
    return awards_year.would_pay(store, year, {code: star})[code].amount


def targets(viewer: Viewer, source: Source, store: Store, year: int) -> Targets:
    """The street's targets by calculation and by title, each community's own goal, the pilots."""
    _whole(viewer, source, year)
    return awards_year.targets(store, year)


def enter(
    viewer: Viewer, source: Source, store: Store, year: int, payer: str, amount: str, document: str, date: str
) -> Balance:
    """Enter a payer's balance; raises Refused for who may not, an unknown payer or no amount."""
    if not viewer.may("editor"):
        raise Refused("dash_errors.forbidden")
    _whole(viewer, source, year)
    return awards_year.enter_balance(store, year, payer, amount, document=document, date=date, who=viewer.user)


def file(viewer: Viewer, source: Source, store: Store, year: int, name: str, lang: str) -> downloads.File:
    """``payments`` (all years), ``forecast``, ``communities`` (the forecast's), ``targets`` or ``goals`` as a workbook."""
    _whole(viewer, source, year)
    frame = _frame(viewer, source, store, year, name, lang)
    sample = f"_{say(lang, 'dash_words.sample')}" if source.results(year).meta.get("sample") else ""
    return downloads.table(f"{year}_{say(lang, f'page_awards.file_{name}')}{sample}", frame, "xlsx")


def _frame(viewer: Viewer, source: Source, store: Store, year: int, name: str, lang: str) -> pd.DataFrame:
    if name in ("targets", "goals"):
        found = targets(viewer, source, store, year)
        return target_table(year, found.progress) if name == "targets" else goal_table(found.goals)
    if name not in ("payments", "forecast", "communities"):
        raise Refused("dash_errors.not_found")
    all_ = money(viewer, source, store, year)
    if name == "forecast":
        return forecast_table(all_.forecast)
    wanted = all_.paid.payments if name == "payments" else all_.forecast.payments
    return payment_table(wanted, all_.paid.names, lang)
