"""How the tables of money and targets are read by people: what their codes are called, which numbers are yuan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from analysis.awards.ledger_tables import ENTRY_COLUMNS, LEDGER_COLUMNS
from analysis.awards.tables import FORECAST_COLUMNS, GOAL_COLUMNS, PAYMENT_COLUMNS, TARGET_COLUMNS, payer_name
from analysis.scoring.results import Results
from dashboard.figures.table_book import Shown
from survey.core.columns import Columns
from survey.core.lang import say

#: file → its columns, and those that are yuan
_TABLES: Mapping[str, tuple[Columns, tuple[str, ...]]] = {
    "payments": (PAYMENT_COLUMNS, ("amount", "share")),
    "communities": (PAYMENT_COLUMNS, ("amount", "share")),
    "forecast": (FORECAST_COLUMNS, ("amount", "expected", "low", "high", "balance", "short")),
    "targets": (TARGET_COLUMNS, ()),
    "goals": (GOAL_COLUMNS, ()),
    "ledger": (LEDGER_COLUMNS, ("due", "paid", "difference", "payable")),
    "entries": (ENTRY_COLUMNS, ("amount",)),
}
#: stars are said as such
_STARS = ("star", "below", "calculated", "title")


def shown_as(name: str, title: str, lang: str, results: Results) -> Shown:
    """How the file of this name is read; raises KeyError for one that there is not."""
    columns, money = _TABLES[name]
    words: dict[str, Callable[[Any], str | None]] = {
        "payer": lambda one: payer_name(lang, str(one)),
        "event": lambda one: say(lang, f"awards.event.{one}"),
        "kind": lambda one: say(lang, f"page_awards.kind_{one}"),
        "basis": lambda one: say(lang, f"street_papers.basis.{one}"),
        "state": lambda one: say(lang, f"{'street_papers.paid' if name == 'ledger' else 'awards.state'}.{one}"),
    }
    words |= {key: (lambda one: say(lang, f"export.star.{int(one)}")) for key in _STARS if key in columns.names}
    if "below" in words:  # 0: none was paid before
        words["below"] = lambda one: say(lang, f"export.star.{int(one)}") if int(one) else None
    notes = [say(lang, "page_files.money")] if money else []
    sample = bool(results.meta.get("sample"))
    return Shown(lang, title, columns, money, words, notes=notes, sample=sample, source=results)
