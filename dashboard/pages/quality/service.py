"""Data quality of a year: what its sections show, and their tables to download."""

from __future__ import annotations

from analysis.publication.kept_measures import Analysis
from analysis.quality.measure import downloads, listed
from dashboard.data import files
from dashboard.data.measures import measured, table_file
from dashboard.data.results import Source
from dashboard.data.year import read_year
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.store import Store


def section(viewer: Viewer, source: Source, store: Store, year: int, name: str) -> Analysis:
    """What the section of a measure shows to the viewer; raises Refused as ``measured`` does."""
    return measured(viewer, source, store, year, listed(name))


def file(
    viewer: Viewer, source: Source, store: Store, year: int, name: str, lang: str, kind: str = "csv"
) -> files.File:
    """A section's numbers as a table for people; Refused for a name that there is not."""
    found = downloads().get(name)
    if found is None:
        raise Refused("dash_errors.not_found")
    wanted, table = found
    results = read_year(viewer, source, year).results
    return table_file(measured(viewer, source, store, year, wanted), table, lang, kind, results=results)
