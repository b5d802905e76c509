"""How far stars and ranks rest on choices, as kept with the store, for what a viewer may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.publication import kept_measures
from analysis.publication.kept_measures import Analysis
from analysis.quality.sensitivity import measure
from analysis.quality.sensitivity.tables import factor_table, runs_table, sensitivity_table
from dashboard.data import files
from dashboard.data.results import Source
from dashboard.data.year import Row, Year, read_year
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.core.lang import say
from survey.store import Store

#: what can be downloaded
FILES = ("communities", "factors", "runs")


@dataclass(frozen=True)
class Robustness:
    """``rows`` of the communities shown, highest total first; ``factors`` over all communities; ``runs`` how many;
    ``tried`` which alternatives; ``scale`` ends of the chart's axis.
    """

    year: Year
    street: str
    rows: tuple[Row, ...]
    factors: tuple[Row, ...]
    runs: int
    tried: Mapping[str, Any]
    scale: tuple[float, float]


def robustness(viewer: Viewer, source: Source, store: Store, year: int, street: str = "") -> Robustness:
    """What the page shows of one sub-district; Refused for a year without results or an unknown sub-district."""
    found = read_year(viewer, source, year)
    street = found.street(street)
    body = _kept(store, year).body
    rows = [r for r in body["communities"] if viewer.sees(r["community_code"]) and (r["sub_district"] or "") == street]
    rows.sort(key=lambda r: -float(r["total"]))
    scale = _scale(rows, found.thresholds)
    return Robustness(found, street, tuple(rows), tuple(body["factors"]), int(body["runs"]), body["tried"], scale)


def _kept(store: Store, year: int) -> Analysis:
    return kept_measures.kept(store, year, measure.NAME, measure.measure)


def _scale(rows: list[Row], thresholds: tuple[float, ...]) -> tuple[float, float]:
    """Ends of the axis: every interval and the thresholds around them, on multiples of ten."""
    ends = ("total_low", "total_high", "runs_total_low", "runs_total_high", "total")
    seen = [float(r[name]) for r in rows for name in ends if r[name] is not None] or [0.0, 1000.0]
    low, high = min(seen), max(seen)
    inside = [t for t in thresholds if low - 60 <= t <= high + 60] or [low, high]
    return (min(low, *inside) - 12) // 10 * 10, -(-(max(high, *inside) + 12) // 10) * 10


def file(viewer: Viewer, source: Source, store: Store, year: int, name: str, lang: str) -> files.File:
    """One of ``FILES`` as CSV, only the communities that the viewer sees; Refused for any other name."""
    if name not in FILES:
        raise Refused("dash_errors.not_found")
    found = read_year(viewer, source, year)
    sample = f"_{say(lang, 'dash_words.sample')}" if found.meta.get("sample") else ""
    stem = f"{year}_{say(lang, f'page_robustness.file_{name}')}{sample}"
    return files.table(stem, _table(viewer, store, year, name, lang), "csv")


def _table(viewer: Viewer, store: Store, year: int, name: str, lang: str) -> pd.DataFrame:
    if name == "runs":
        body = kept_measures.kept(store, year, measure.RUNS_NAME, measure.measure_runs).body
        return runs_table(body, [c["community_code"] for c in body["communities"] if viewer.sees(c["community_code"])])
    body = _kept(store, year).body
    if name == "factors":
        return factor_table(body["factors"], lang)
    return sensitivity_table([r for r in body["communities"] if viewer.sees(r["community_code"])])
