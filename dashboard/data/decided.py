"""What was decided of each community, as far as one viewer may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from weakref import WeakKeyDictionary

from analysis.awards.verdicts import Verdict, verdicts
from dashboard.data.page_cache import Kept
from dashboard.data.results import Source
from dashboard.web.access import Viewer, may
from survey.core import limits
from survey.store import Store, settled

#: store → what was decided in a year, as anybody may see it, until anything is stored or the day is over
_KEPT: WeakKeyDictionary[Store, Kept[Mapping[str, Verdict]]] = WeakKeyDictionary()


def decided(viewer: Viewer, store: Store | None, year: int) -> dict[str, Verdict]:
    """Community → what was decided of it, of the communities in scope; what was paid only for who sees the street's money.

    Empty where there is no store behind the results.
    """
    if store is None:
        return {}
    here = viewer.at(year)
    found = {code: one for code, one in _verdicts(store, year).items() if here.sees(code)}
    if may(here, "see_all"):
        return found
    shown = {code: replace(one, lines=()) for code, one in found.items()}
    return {code: one for code, one in shown.items() if one.decision or one.title}


def _verdicts(store: Store, year: int) -> Mapping[str, Verdict]:
    """Read once until something is stored: pages and files ask for each year that a community has."""
    changes = store.changes()
    if changes is None:
        return verdicts(store, year)
    kept = _KEPT.setdefault(store, Kept(limits.KEPT_YEARS))
    return kept.get((changes, year, date.today(), settled.is_reading()), lambda: verdicts(store, year))


def decided_years(viewer: Viewer, source: Source, store: Store | None, code: str) -> dict[int, Verdict]:
    """Year → what was decided of one community, of the years that have results."""
    every = {year: decided(viewer, store, year).get(code) for year in source.years()}
    return {year: one for year, one in every.items() if one is not None}
