"""Survey modes, interviewers, and scores without one of them, as one viewer may see them."""

from __future__ import annotations

from dataclasses import replace

from analysis import interviewers_year, modes_year, specialist, without_year
from analysis.specialist import Analysis
from dashboard.access import Viewer
from dashboard.services.source import Source
from dashboard.services.street import read_year
from survey.errors import Refused
from survey.store import Store


def modes(viewer: Viewer, source: Source, store: Store, year: int) -> Analysis:
    """The difference between modes over all communities; Refused where there is none, or the viewer sees only some."""
    _whole(viewer, source, year)
    return specialist.kept(store, year, modes_year.NAME, modes_year.measure)


def interviewers(viewer: Viewer, source: Source, store: Store, year: int) -> Analysis:
    """Interviewers of all communities; Refused where nothing can be said, or the viewer sees only some."""
    _whole(viewer, source, year)
    return specialist.kept(store, year, interviewers_year.NAME, interviewers_year.measure)


def without(viewer: Viewer, source: Source, store: Store, year: int) -> Analysis:
    """Scores without an interviewer or a batch, of the communities that the viewer sees."""
    read_year(viewer, source, year)
    found = specialist.kept(store, year, without_year.NAME, without_year.measure)
    rows = [row for row in found.body["rows"] if viewer.sees(row["community_code"])]
    return replace(found, body={**found.body, "rows": rows})


def _whole(viewer: Viewer, source: Source, year: int) -> None:
    read_year(viewer, source, year)
    if viewer.communities is not None:
        raise Refused("page_field.whole_only")
