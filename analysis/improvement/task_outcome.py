"""What became of the points that a year lost, by the results of the year after (已补上, 部分补上, 未补上 …).

An indicator moves exactly.  An item moves with the sampling error of both years, taken as independent samples: its change
is a change only where its q (Student's t, Satterthwaite 1946; Benjamini & Hochberg 1995 over all items compared of a
sub-district) is below 5 %.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any

import numpy as np
import pandas as pd
import scipy

from analysis.improvement.lost_points import SMALLEST, scored_lines
from analysis.scoring.results import Results, records
from analysis.statistics.design import Bools
from analysis.statistics.differences import LEVEL, benjamini_hochberg, difference_test, known_error, satterthwaite
from survey.core.columns import CODE, NUMBER, Column, columns

KEY = ("community_code", "kind", "code")
COLUMNS = columns(
    Column("community_code", CODE),
    Column("kind", CODE),
    Column("code", CODE),
    Column("points_lost", NUMBER),
    Column("lost_after", NUMBER),
    Column("regained", NUMBER),
    Column("regained_se", NUMBER),
    Column("regained_half", NUMBER),
    Column("q", NUMBER),
    Column("state", CODE),
)
#: what became of points, the best first: made good, in part, not; no clear change; measured otherwise; the year after has no
#: such points yet
STATES = ("full", "part", "none", "unclear", "incomparable", "unknown")
#: notes of a community that cut its line from the year before
_CUTS = ("scheme_changed", "area_changed")


def outcomes(before: Results, after: Results, other: Set[str] = frozenset()) -> pd.DataFrame:
    """``COLUMNS``, one row a loss of ``before``: what ``after``, the results of the next year, say of it.

    ``regained``: points after less points before (negative: more was lost), empty where they can't be compared;
    ``regained_se`` of items, ``regained_half`` half of its 95 % interval.  ``state``: ``full`` nothing is lost any more, ``part`` less, ``none`` as much or more,
    ``unclear`` (items only) the change is within its sampling error or that is not known, ``incomparable`` where scheme,
    area, indicator, rule or question are others, ``unknown`` where the year after has no points (not reported, or too few
    people asked).  ``other``: codes of indicators whose rule is another one in the year after.
    """
    lost = scored_lines(before)
    lost = lost[lost["points_lost"] > SMALLEST].reset_index(drop=True)
    rows = lost.merge(scored_lines(after), on=list(KEY), how="left", suffixes=("", "_after"))
    there = _known_keys(after)
    cut = _cut(after)
    comparable = np.array(
        [_same(row, there.get(tuple(row[k] for k in KEY)), other, cut) for row in records(rows)], dtype=bool
    )
    known = comparable & rows["points_got_after"].notna().to_numpy()
    rows["regained"] = np.where(known, rows["points_got_after"] - rows["points_got"], np.nan)
    rows["lost_after"] = np.where(known, rows["points_lost_after"], np.nan)
    item = (rows["kind"] == "subjective").to_numpy(dtype=bool)
    _add_test(rows, known & item, before, after)
    rows["state"] = _states(rows, comparable, known, item)
    return rows[list(COLUMNS.names)]


def _known_keys(after: Results) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Every indicator and item of a community that the year after has, with points or without."""
    found = {}
    for kind, frame, code in (("objective", "indicators", "indicator"), ("subjective", "items", "item")):
        for row in after.rows(frame):
            found[row["community_code"], kind, str(row[code])] = row
    return found


def _cut(after: Results) -> set[str]:
    notes = after.scores.set_index("community_code")["note"].fillna("").astype(str)
    return {str(code) for code, note in notes.items() if any(n.partition(":")[0] in _CUTS for n in note.split(";"))}


def _same(row: dict[str, Any], next_: dict[str, Any] | None, other: Set[str], cut: set[str]) -> bool:
    """Whether both years measured the same thing."""
    if next_ is None or row["community_code"] in cut or row["dimension"] != next_["dimension"]:
        return False
    if round(float(row["points"]), 6) != round(float(next_["points"] or 0), 6):
        return False
    if row["kind"] == "objective":
        return row["code"] not in other
    scales = [[c["choice"] for c in r.get("distribution") or ()] for r in (row, next_)]
    return row["name_zh"] == next_["label_zh"] and (scales[0] == scales[1] or not all(scales))


def _add_test(rows: pd.DataFrame, tested: Bools, before: Results, after: Results) -> None:
    """``regained_se`` in points and ``q`` of the items ``tested``, in place."""
    weight = rows["points"].to_numpy(dtype=np.float64) / 100
    se = np.array([rows["se"] * weight, rows["se_after"] * weight], dtype=np.float64)
    df = np.array([_df(results, rows["community_code"]) for results in (before, after)])
    error = np.where(tested, np.sqrt(np.square(se).sum(axis=0)), np.nan)
    error = np.where(np.isnan(df).any(axis=0) | (error == 0), np.nan, error)
    freedom = satterthwaite(np.square(se), df)
    p = difference_test(rows["regained"].to_numpy(dtype=np.float64), error, freedom)
    street = dict(zip(after.scores["community_code"], after.scores["sub_district"].fillna(""), strict=True))
    q = np.full(len(rows), np.nan)
    for places in rows.groupby(rows["community_code"].map(street).fillna("").astype(str)).indices.values():
        q[places] = benjamini_hochberg(p[places])
    rows["regained_se"], rows["q"] = error, q
    rows["regained_half"] = error * scipy.special.stdtrit(freedom, 0.975)


def _df(results: Results, codes: pd.Series[str]) -> Any:
    """Degrees of freedom of each community's sample; NaN where its error is not known."""
    _, df = known_error(results.scores)
    return codes.map(dict(zip(results.scores["community_code"], df, strict=True))).to_numpy(dtype=np.float64)


def _states(rows: pd.DataFrame, comparable: Bools, known: Bools, item: Bools) -> list[str]:
    regained = rows["regained"].to_numpy(dtype=np.float64)
    with np.errstate(invalid="ignore"):
        clear = ~item | (rows["q"].to_numpy(dtype=np.float64) < LEVEL)
        return list(
            np.select(
                [~comparable, ~known, ~clear, rows["lost_after"] <= SMALLEST, regained > SMALLEST],
                ["incomparable", "unknown", "unclear", "full", "part"],
                default="none",
            )
        )
