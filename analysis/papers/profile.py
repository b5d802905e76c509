"""What a community is made of, on paper: its dimensions beside the street, its last years, its lowest items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.improvement.lost_points import lowest_items
from analysis.papers.against_street import of_street
from analysis.papers.way_lines import MARGIN, star_name
from analysis.scoring.results import Results, records
from analysis.tables import number_words as numbers
from analysis.tables.trends import break_of
from survey.core import limits
from survey.core.lang import say

Row = Mapping[str, Any]
#: lines and years that a page has room for
ITEMS, YEARS = 5, 4


def dimension_bars(results: Results, row: Row, few: bool, lang: str) -> list[dict[str, Any]]:
    """Each dimension beside the mean of its street, objective parts exactly, subjective ones with a test."""
    dimensions = results.meta["dimensions"]
    scores = _street(results, row)
    shown = _shown(scores)
    tested = of_street(shown, [str(d["code"]) for d in dimensions]).get(str(row["community_code"]), {})
    found = []
    for d in dimensions:
        code = str(d["code"])
        objective, subjective = row.get(f"objective_{code}"), None if few else row.get(f"subjective_{code}")
        word = tested[code][1] if code in tested else ""
        means = (_mean(scores, f"objective_{code}"), None if few else _mean(shown, f"subjective_{code}"))
        gap = None if objective is None or means[0] is None else objective - means[0]
        found.append(
            {
                "name": str(d[f"name_{lang}"] or code),
                "objective": _bar(objective, float(d["objective_points"]), means[0]),
                "subjective": _bar(subjective, float(d["subjective_points"]), means[1]),
                "score": numbers.points(None if objective is None or subjective is None else objective + subjective),
                "objective_difference": numbers.won(gap),
                "subjective_difference": say(lang, f"papers.against.{word}") if word else numbers.DASH,
                "word": word,
            }
        )
    return found


def _bar(value: float | None, full: float, mean: float | None) -> dict[str, Any]:
    return {
        "text": numbers.points(value),
        "share": 0.0 if value is None or not full else round(min(value / full, 1.0), 5),
        "mean": None if mean is None or not full else round(min(mean / full, 1.0), 5),
        "full": full,
    }


def _mean(scores: pd.DataFrame, column: str) -> float | None:
    values = scores[column].dropna() if column in scores else ()
    return float(np.mean(values)) if len(values) else None


def trend(years: Sequence[Results], code: str, lang: str) -> dict[str, Any] | None:
    """The last years of which there is a total, on an axis of their own."""
    points = []
    for results in years[-YEARS:]:
        rows = [r for r in records(results.scores) if r["community_code"] == code and r["total"] is not None]
        points += [(results, r) for r in rows]
    if not points:
        return None
    ends = [v for _, r in points for v in (r["total_low"], r["total_high"], r["total"]) if v is not None]
    low, high = min(ends) - MARGIN, max(ends) + MARGIN

    def up(value: float | None) -> float | None:
        return None if value is None else round((value - low) / (high - low), 5)

    stars = years[-1].meta["stars"]
    return {
        "points": [
            {
                "year": f"{r['year']:.0f}",
                "total": numbers.total(r["total"], [float(s["minimum"]) for s in results.meta["stars"]]),
                "at": up(r["total"]),
                "low": up(r["total_low"]),
                "high": up(r["total_high"]),
                "objective": numbers.points(r["objective"]),
                "subjective": numbers.points(r["subjective"]),
                "joined": place > 0 and break_of(r["note"]) is None and points[place - 1][1]["year"] == r["year"] - 1,
            }
            for place, (results, r) in enumerate(points)
        ],
        "lines": [
            {
                "text": f"{star_name(lang, s['star'])} {numbers.points(float(s['minimum']))}",
                "at": up(float(s["minimum"])),
            }
            for s in stars
            if low < float(s["minimum"]) < high
        ],
        "from": numbers.points(low),
    }


def _street(results: Results, row: Row) -> pd.DataFrame:
    """The score rows of the community's street."""
    return results.scores[results.scores["sub_district"].fillna("") == (row["sub_district"] or "")]


def _shown(scores: pd.DataFrame) -> pd.DataFrame:
    """Those of whose answers more than a total may be shown."""
    return scores[scores["n"].fillna(0) >= limits.TOTALS_BELOW]


def item_bars(results: Results, row: Row, lang: str) -> list[dict[str, Any]]:
    """The items with the lowest scores that have a distribution to show, with the mean of the street."""
    rows = lowest_items(results, str(row["community_code"]), ITEMS)
    near = _shown(_street(results, row))["community_code"]
    means = results.items[results.items["community_code"].isin(near)].groupby("item")["score"].mean()
    return [
        {
            "name": str(r[f"label_{lang}"] or r["label_zh"]),
            "score": numbers.points(r["score"], 1),
            # a year that an older program closed knows no interval of its items
            "half": numbers.half_width(r.get("low"), r.get("high"), 1, around=float(r["score"])),
            "mean": numbers.points(float(means[r["item"]]), 1),
            "lost": numbers.won(-float(r["points_lost"])),
            "offices": str(r["offices"] or ""),
            "parts": [
                {
                    "share": round(float(c["share"]), 5),
                    "text": numbers.share(c["share"]),
                    "name": str(c.get(f"label_{lang}") or c["label_zh"]),
                }
                for c in r["distribution"]
            ],
        }
        for r in rows
    ]
