"""Awards, budget and targets of a year, for whoever sees the whole street; balances entered by whoever may write."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.awards import year as awards_year
from analysis.awards.forecast import Forecast
from analysis.awards.tables import forecast_table, goal_table, payment_table, target_table
from analysis.awards.year import Paid, Targets
from dashboard.data import files
from dashboard.data.results import Source
from dashboard.data.year import require_whole
from dashboard.web.access import Viewer, require
from survey.core.errors import Refused
from survey.core.lang import say
from survey.store import Store
from survey.store.year.funds import Balance

__all__ = ["Balance", "Money", "enter", "file", "money", "targets"]


@dataclass(frozen=True)
class Money:
    """``forecast`` of the year with the ``balances`` entered (payer → balance); ``paid``: every title's payment."""

    forecast: Forecast
    balances: dict[str, Balance]
    paid: Paid


def money(viewer: Viewer, source: Source, store: Store, year: int) -> Money:
    """The year's budget forecast, the balances, and what titles have paid so far."""
    require_whole(viewer, source, year)
    forecast, balances = awards_year.budget(store, year)
    return Money(forecast, balances, awards_year.paid(store))


def targets(viewer: Viewer, source: Source, store: Store, year: int) -> Targets:
    """The street's targets by calculation and by title, each community's own goal, the pilots."""
    require_whole(viewer, source, year)
    return awards_year.targets(store, year)


def enter(
    viewer: Viewer, source: Source, store: Store, year: int, payer: str, amount: str, document: str, date: str
) -> Balance:
    """Enter a payer's balance; raises Refused for who may not, an unknown payer or no amount."""
    require(viewer, "enter_balance")
    require_whole(viewer, source, year)
    return awards_year.enter_balance(store, year, payer, amount, document=document, date=date, who=viewer.user)


def file(viewer: Viewer, source: Source, store: Store, year: int, name: str, lang: str) -> files.File:
    """``payments`` (all years), ``forecast``, ``communities`` (the forecast's), ``targets`` or ``goals`` as a workbook."""
    require_whole(viewer, source, year)
    frame = _frame(viewer, source, store, year, name, lang)
    sample = f"_{say(lang, 'dash_words.sample')}" if source.results(year).meta.get("sample") else ""
    return files.table(f"{year}_{say(lang, f'page_awards.file_{name}')}{sample}", frame, "xlsx")


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
