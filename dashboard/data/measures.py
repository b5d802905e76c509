"""Measures of quality as one viewer may see them, and their tables as files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analysis.publication.kept_measures import Analysis
from analysis.quality.measure import Measure, Table
from analysis.scoring.results import Results
from dashboard.data import files
from dashboard.data.results import Source
from dashboard.data.year import read_year
from dashboard.figures.code_words import code_words, left_out
from dashboard.figures.table_book import Shown
from dashboard.web.access import Viewer, may
from survey.core.errors import Refused
from survey.core.lang import say
from survey.store import Store


def measured(viewer: Viewer, source: Source, store: Store, year: int, measure: Measure, **asked: Any) -> Analysis:
    """A measure of a year, of what the viewer sees.

    What is not asked otherwise is asked as the command asks it, so that both read one kept result.  Raises Refused for a year without results, where nothing can be said, and where the measure is for those who see
    every community.
    """
    seen = read_year(viewer, source, year)
    if measure.whole_only and not may(seen.viewer, "see_all"):
        raise Refused("page_field.whole_only")
    usual = {o.name: o.default for o in measure.options if o.asked}
    found = (
        measure.find(store, year, results=seen.results, **(usual | asked))
        if measure.version
        else measure.of_results(seen.results, **asked)
    )
    return replace(found, body=measure.seen(found.body, seen.viewer.sees))


def table_file(
    found: Analysis, table: Table, lang: str, kind: str = "csv", *, place: str = "", results: Results | None = None
) -> files.File:
    """A table for people, named after the year, the place if it is about one, and the table; ``results``: those of the year."""
    parts = [str(found.year), place, say(lang, table.title), say(lang, "dash_words.sample") if found.sample else ""]
    stem = "_".join(filter(None, parts))
    shown = Shown(
        lang,
        stem.replace("_", " "),
        table.columns,
        words=code_words(table.columns, lang, results),
        left_out=left_out(table.columns),
        sample=found.sample,
        source=results,
    )
    return files.table(stem, table.frame(found.body, lang), kind, shown)
