"""How far stars and ranks rest on choices, as kept with the store, for what a viewer may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.quality.sensitivity.tables import MEASURE, RUNS
from dashboard.data import files
from dashboard.data.measures import measured, table_file
from dashboard.data.results import Source
from dashboard.data.year import Row, Year, read_year
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.store import Store

#: name in the address → what can be downloaded
FILES = {table.name: (measure, table) for measure in (MEASURE, RUNS) for table in measure.tables}


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
    body = measured(viewer, source, store, year, MEASURE).body
    rows = [r for r in body["communities"] if (r["sub_district"] or "") == street]
    rows.sort(key=lambda r: -float(r["total"]))
    scale = _scale(rows, found.thresholds)
    return Robustness(found, street, tuple(rows), tuple(body["factors"]), int(body["runs"]), body["tried"], scale)


def _scale(rows: list[Row], thresholds: tuple[float, ...]) -> tuple[float, float]:
    """Ends of the axis: every interval and the thresholds around them, on multiples of ten."""
    ends = ("total_low", "total_high", "runs_total_low", "runs_total_high", "total")
    seen = [float(r[name]) for r in rows for name in ends if r[name] is not None] or [0.0, 1000.0]
    low, high = min(seen), max(seen)
    inside = [t for t in thresholds if low - 60 <= t <= high + 60] or [low, high]
    return (min(low, *inside) - 12) // 10 * 10, -(-(max(high, *inside) + 12) // 10) * 10


def file(
    viewer: Viewer, source: Source, store: Store, year: int, name: str, lang: str, kind: str = "csv"
) -> files.File:
    """One of ``FILES`` as a table for people, only the communities that the viewer sees; Refused for any other name."""
    if name not in FILES:
        raise Refused("dash_errors.not_found")
    measure, table = FILES[name]
    results = read_year(viewer, source, year).results
    return table_file(measured(viewer, source, store, year, measure), table, lang, kind, results=results)
