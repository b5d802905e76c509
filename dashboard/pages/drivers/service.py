"""What goes with overall happiness, as one viewer may see it: all communities together, or one in scope."""

from __future__ import annotations

from analysis.publication import kept_measures
from analysis.publication.kept_measures import Analysis
from analysis.quality import drivers_measure
from analysis.quality.drivers_measure import drivers_table
from dashboard.data import files
from dashboard.data.results import Source
from dashboard.data.year import read_year
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.core.lang import say
from survey.store import Store


def drivers(
    viewer: Viewer, source: Source, store: Store, year: int, code: str = "", outcome: str = "", form: str = ""
) -> Analysis:
    """The drivers of a year; ``code`` a community, empty for all; ``outcome`` and ``form`` (questionnaire) if not the default.

    Raises Refused for what the viewer does not see, and where there are too few responses.
    """
    found = read_year(viewer, source, year)
    if code:
        found.community(code)
    elif viewer.communities is not None:
        raise Refused("page_drivers.whole_only")
    asked = {"questionnaire": form, "outcome": outcome, "community": code}
    return kept_measures.kept(store, year, drivers_measure.NAME, drivers_measure.measure, **asked)


def seen(viewer: Viewer, found: Analysis) -> list[tuple[str, str]]:
    """Communities (code, name) with enough responses that the viewer sees."""
    return [(c["code"], c["name"]) for c in found.body["communities"] if viewer.sees(c["code"])]


def file(found: Analysis, lang: str) -> files.File:
    """The table as CSV."""
    sample = f"_{say(lang, 'dash_words.sample')}" if found.sample else ""
    place = f"_{found.body['community_name']}" if found.body["community_name"] else ""
    title = f"{found.year}{place}_{say(lang, 'page_drivers.title')}{sample}"
    return files.table(title, drivers_table(found.body, lang), "csv")
