"""Scores before they are rated, the snapshot of a year, and how two years of the same people compare."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.scheme.model import Scheme
from analysis.scoring.results import Results
from analysis.scoring.streets import streets

POPULATIONS = {"C0": 1000.0, "C1": 3000.0}


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    """Score inputs: 200 responses, 500 + 250 points, standard error 6 on 180 degrees of freedom."""
    usual = {
        "sub_district": "示例街道",
        "year": 2014,
        "n": 200,
        "objective": 500.0,
        "subjective": 250.0,
        "subjective_se": 6.0,
        "subjective_df": 180.0,
        "note": "",
    }
    full = []
    for i, row in enumerate(rows):
        one = {**usual, "community_code": f"C{i}", "community": f"社区{i}", **row}
        half = 1.973084 * one["subjective_se"]
        one.setdefault("subjective_low", one["subjective"] - half)
        one.setdefault("subjective_high", one["subjective"] + half)
        full.append(one)
    return pd.DataFrame(full)


def snapshot(used: Scheme, scores: pd.DataFrame, questions: pd.DataFrame | None = None, **changes: Any) -> Results:
    meta = {
        "preset": used.preset,
        "preset_scores": {"5": [100, 80, 60, 40, 0]},
        "dimensions": [
            {"code": d.code, "objective_points": d.objective_points, "subjective_points": d.subjective_points}
            for d in used.dimensions
        ],
    }
    empty = pd.DataFrame({"community_code": []})
    indicators = pd.DataFrame(
        {"indicator": [i.code for i in used.scored_indicators], "points": [i.points for i in used.scored_indicators]}
    )
    return Results(
        meta={**meta, **changes},
        scores=scores,
        items=empty if questions is None else questions,
        indicators=indicators,
        flow=empty,
        streets=streets(used, scores, POPULATIONS),
    )


def together(**values: Any) -> pd.DataFrame:
    usual = {
        "community_code": "C0",
        "difference": 12.0,
        "se": 4.0,
        "df": 50.0,
        "items": 8,
        "of": 10,
        "points": 96.0,
        "shared": False,
        "panel": False,
    }
    return pd.DataFrame([{**usual, **values}])
