"""Data quality of a year, as kept with the store; what a section of the page shows can be downloaded by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from analysis import reliability_year, specialist
from analysis.interviewers_table import listed_table, variance_table
from analysis.modes_year import modes_table
from analysis.reliability_table import reliability_table
from analysis.small_areas import small_areas as modelled
from analysis.small_areas import small_areas_table
from analysis.specialist import Analysis
from analysis.weights_table import classes_table, weights_of, weights_table
from analysis.without_table import without_table
from dashboard.access import Viewer
from dashboard.services import downloads, field
from dashboard.services.source import Source
from dashboard.services.street import read_year
from survey.errors import Refused
from survey.lang import say
from survey.store import Store


def reliability(viewer: Viewer, source: Source, store: Store, year: int) -> Analysis:
    """Reliability of the questionnaires, all communities together; Refused for a year without results."""
    read_year(viewer, source, year)
    return specialist.kept(store, year, reliability_year.NAME, reliability_year.measure)


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
    "modes": (field.modes, lambda found, lang: modes_table(found.body, lang)),
    "interviewers": (field.interviewers, lambda found, lang: listed_table(found.body, lang)),
    "variance": (field.interviewers, lambda found, lang: variance_table(found.body, lang)),
    "without": (field.without, lambda found, lang: without_table(found.body["rows"], lang)),
}


def file(viewer: Viewer, source: Source, store: Store, year: int, name: str, lang: str) -> downloads.File:
    """A section's numbers as CSV; Refused for a name that there is not."""
    if name not in FILES:
        raise Refused("dash_errors.not_found")
    made, table = FILES[name]
    found = made(viewer, source, store, year)
    title = f"{year}_{say(lang, f'page_quality.file_{name}')}"
    sample = f"_{say(lang, 'dash_words.sample')}" if found.sample else ""
    return downloads.table(title + sample, table(found, lang), "csv")
