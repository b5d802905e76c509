"""Data quality of a year, as kept with the store; what a section of the page shows can be downloaded by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from analysis.publication import kept_measures
from analysis.publication.kept_measures import Analysis
from analysis.quality import interviewers as interviewers_year
from analysis.quality import leave_one_out
from analysis.quality import modes as modes_year
from analysis.quality import reliability as reliability_year
from analysis.quality.interviewers import listed_table, variance_table
from analysis.quality.leave_one_out import without_table
from analysis.quality.modes import modes_table
from analysis.quality.reliability import reliability_table
from analysis.quality.small_areas import small_areas as modelled
from analysis.quality.small_areas import small_areas_table
from analysis.quality.weights import classes_table, weights_of, weights_table
from dashboard.data import files
from dashboard.data.results import Source
from dashboard.data.year import read_year
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.core.lang import say
from survey.store import Store

# ── Survey modes, interviewers, and scores without one of them, as one viewer may see them


def modes(viewer: Viewer, source: Source, store: Store, year: int) -> Analysis:
    """The difference between modes over all communities; Refused where there is none, or the viewer sees only some."""
    _whole(viewer, source, year)
    return kept_measures.kept(store, year, modes_year.NAME, modes_year.measure)


def interviewers(viewer: Viewer, source: Source, store: Store, year: int) -> Analysis:
    """Interviewers of all communities; Refused where nothing can be said, or the viewer sees only some."""
    _whole(viewer, source, year)
    return kept_measures.kept(store, year, interviewers_year.NAME, interviewers_year.measure)


def without(viewer: Viewer, source: Source, store: Store, year: int) -> Analysis:
    """Scores without an interviewer or a batch, of the communities that the viewer sees."""
    read_year(viewer, source, year)
    found = kept_measures.kept(store, year, leave_one_out.NAME, leave_one_out.measure)
    rows = [row for row in found.body["rows"] if viewer.sees(row["community_code"])]
    return replace(found, body={**found.body, "rows": rows})


def _whole(viewer: Viewer, source: Source, year: int) -> None:
    read_year(viewer, source, year)
    if viewer.communities is not None:
        raise Refused("page_field.whole_only")


def reliability(viewer: Viewer, source: Source, store: Store, year: int) -> Analysis:
    """Reliability of the questionnaires, all communities together; Refused for a year without results."""
    read_year(viewer, source, year)
    return kept_measures.kept(store, year, reliability_year.NAME, reliability_year.measure)


def weights(viewer: Viewer, source: Source, store: Store, year: int) -> Analysis:
    """What weighting does to the communities in the viewer's scope; Refused for a year without results."""
    seen = read_year(viewer, source, year)
    found = weights_of(seen.results)
    codes = {row["community_code"] for row in seen.rows}
    mine = {name: [row for row in found.body[name] if row["community_code"] in codes] for name in ("rows", "classes")}
    return replace(found, body={**found.body, **mine})


def small_areas(viewer: Viewer, source: Source, store: Store, year: int) -> Analysis:
    """The model over all communities, shown of those in the viewer's scope; Refused where it can't be fitted."""
    seen = read_year(viewer, source, year)
    found = modelled(seen.results)
    codes = {row["community_code"] for row in seen.rows}
    mine = [row for row in found.body["rows"] if row["community_code"] in codes]
    return replace(found, body={**found.body, "rows": mine})


Table = Callable[[Analysis, str], pd.DataFrame]
Made = Callable[[Viewer, Source, Store, int], Analysis]
#: name in the address → what makes it, and its table in a language
FILES: dict[str, tuple[Made, Table]] = {
    "reliability": (reliability, lambda found, lang: reliability_table(found.body, lang)),
    "weights": (weights, lambda found, lang: weights_table(found.body, lang)),
    "weight_classes": (weights, lambda found, lang: classes_table(found.body, lang)),
    "small_areas": (small_areas, lambda found, lang: small_areas_table(found.body, lang)),
    "modes": (modes, lambda found, lang: modes_table(found.body, lang)),
    "interviewers": (interviewers, lambda found, lang: listed_table(found.body, lang)),
    "variance": (interviewers, lambda found, lang: variance_table(found.body, lang)),
    "without": (without, lambda found, lang: without_table(found.body["rows"], lang)),
}


def file(viewer: Viewer, source: Source, store: Store, year: int, name: str, lang: str) -> files.File:
    """A section's numbers as CSV; Refused for a name that there is not."""
    if name not in FILES:
        raise Refused("dash_errors.not_found")
    made, table = FILES[name]
    found = made(viewer, source, store, year)
    title = f"{year}_{say(lang, f'page_quality.file_{name}')}"
    sample = f"_{say(lang, 'dash_words.sample')}" if found.sample else ""
    return files.table(title + sample, table(found, lang), "csv")
