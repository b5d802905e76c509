"""What goes with overall happiness, as one viewer may see it: all communities together, or one in scope."""

from __future__ import annotations

from analysis.publication.kept_measures import Analysis
from analysis.quality.drivers_measure import MEASURE
from analysis.scoring.results import Results
from analysis.scoring.score_weights import Weights
from dashboard.data import files
from dashboard.data.measures import measured, table_file
from dashboard.data.results import Source
from dashboard.data.year import read_year
from dashboard.web.access import Viewer, may
from survey.core.errors import Refused
from survey.store import Store


def drivers(
    viewer: Viewer,
    source: Source,
    store: Store,
    year: int,
    code: str = "",
    outcome: str = "",
    form: str = "",
    weights: str = "",
) -> Analysis:
    """The drivers of a year; ``code`` a community, empty for all; ``outcome`` and ``form`` (questionnaire) if not the default.

    ``weights``: ``base`` for base weights, else those of the score.  Raises Refused for what the viewer does not see, and where there are too few responses.
    """
    found = read_year(viewer, source, year)
    if code:
        found.community(code)
    elif not may(found.viewer, "see_all"):
        raise Refused("page_drivers.whole_only")
    taken = Weights.BASE if weights == Weights.BASE else Weights.SCORE
    return measured(
        viewer, source, store, year, MEASURE, questionnaire=form, outcome=outcome, community=code, weights=taken
    )


def seen(viewer: Viewer, found: Analysis) -> list[tuple[str, str]]:
    """Communities (code, name) with enough responses that the viewer sees."""
    here = viewer.at(found.year)
    return [(c["code"], c["name"]) for c in found.body["communities"] if here.sees(c["code"])]


def file(found: Analysis, lang: str, kind: str = "csv", results: Results | None = None) -> files.File:
    """The table for people; ``results``: those of the year."""
    return table_file(found, MEASURE.table(), lang, kind, place=found.body["community_name"], results=results)
