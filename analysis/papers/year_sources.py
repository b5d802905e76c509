"""What the papers of a year are made from, out of the store: as the year is published, with the years before it."""

from __future__ import annotations

from functools import partial

from analysis.awards.verdicts import verdicts
from analysis.papers.diagnosis import Sources
from analysis.papers.earlier_tasks import tasks_before
from analysis.papers.profile import YEARS
from analysis.publication import snapshots
from analysis.publication.fixed_versions import late_codes
from analysis.quality.sensitivity.tables import method_changes
from analysis.scoring.results import Results
from survey.store import Store


def year_sources(store: Store, results: Results) -> Sources:
    """The sources of a year whose results are known; years before it that have results come from the store."""
    year = int(results.meta["year"])
    with store.read() as conn:
        earlier = [y for y in snapshots.data_years(conn) if year - YEARS < y < year]
    changes = method_changes(store, year, results) if results.scores["star"].notna().any() else frozenset()
    years = [*(snapshots.results(store, y) for y in earlier), results]
    return Sources(
        years=years,
        verdicts=verdicts(store, year),
        method_changes=frozenset(changes - late_codes(results).keys()),
        find_tasks=partial(tasks_before, store, years),
    )
