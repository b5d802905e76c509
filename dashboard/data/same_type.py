"""Communities beside those of their own type (分类指导), as far as one viewer sees them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.improvement.lost_points import lines_of
from analysis.tables.community_types import COLUMNS, type_frame, type_means
from dashboard.data.year import Row, Year


def types(year: Year, street: str = "") -> tuple[Row, ...]:
    """``analysis.tables.community_types.COLUMNS`` of the communities in scope, of one sub-district if it is named."""
    rows = lines_of(type_frame(_seen(year)))
    return tuple(r for r in rows if not street or (r["sub_district"] or "") == street)


def type_row(year: Year, code: str) -> Row | None:
    """One community beside its type."""
    return next((r for r in types(year) if r["community_code"] == code), None)


def type_averages(year: Year, code: str) -> dict[str, float]:
    """Means of its type by column ``objective_<d>`` and ``subjective_<d>``; empty where it has no peer."""
    seen = _seen(year)
    columns = [f"{part}_{d['code']}" for d in year.meta["dimensions"] for part in ("objective", "subjective")]
    return type_means(seen, code, [c for c in columns if c in seen])


def type_table(year: Year, street: str) -> pd.DataFrame:
    """The comparison as a table to download."""
    rows: list[dict[str, Any]] = [dict(r) for r in types(year, street)]
    return pd.DataFrame(rows, columns=list(COLUMNS.names))


def _seen(year: Year) -> pd.DataFrame:
    scores = year.results.scores
    return scores[[year.viewer.sees(code) for code in scores["community_code"]]].reset_index(drop=True)
