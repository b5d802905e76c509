"""Two sides of one survey line by line: two communities, one beside the mean of several, one year beside another.

Every line is a difference of sums c'x of independent samples: c is 1 and −1 of two, and 1 − 1/k and −1/k where one of k
communities is set against the mean of them all.  Its variance is Σ c² s², its degrees of freedom those of Satterthwaite
(1946) from the communities' own, tested by Student's t and corrected over all tested lines together (Benjamini &
Hochberg 1995).  Objective points carry no sampling error: a difference of them is exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import scipy

from analysis.improvement.lost_points import lines_of
from analysis.scoring.results import Results
from analysis.statistics.design import Floats
from analysis.statistics.differences import LEVEL, benjamini_hochberg, difference_test, satterthwaite
from survey.core.columns import CODE, NUMBER, TEXT, WHOLE, Column, columns

#: what a line's difference came to: tested and apart, tested and not, without sampling error, not tested
HIGHER, LOWER, ALIKE, EXACT, UNTESTED = "higher", "lower", "alike", "exact", "untested"
SIDE_COLUMNS = columns(
    Column("part", CODE),
    Column("code", CODE),
    Column("dimension", CODE),
    Column("name_zh", TEXT),
    Column("name_en", TEXT),
    Column("full", NUMBER),
    Column("own_value", NUMBER),
    Column("other_value", NUMBER),
    Column("difference", NUMBER),
    Column("se", NUMBER),
    Column("df", NUMBER),
    Column("low", NUMBER),
    Column("high", NUMBER),
    Column("p", NUMBER),
    Column("q", NUMBER),
    Column("word", CODE),
    Column("units", WHOLE),
)
#: notes of a score row after which two years of a community are no independent samples
_TWICE = ("panel", "shared_psu")
#: a score of a question runs from 0 to this
ITEM_FULL = 100.0
#: differences of points that are none: what the last digits of sums leave
NOTHING = 1e-9


@dataclass(frozen=True)
class Side:
    """One community in one year: its score row, its items and indicators, and the year's meta."""

    code: str
    row: Mapping[str, Any]
    items: Mapping[str, Mapping[str, Any]]
    indicators: Mapping[str, Mapping[str, Any]]
    meta: Mapping[str, Any]

    @property
    def notes(self) -> frozenset[str]:
        """The notes of the score row without their values."""
        return frozenset(one.partition(":")[0] for one in str(self.row["note"] or "").split(";") if one)


@dataclass(frozen=True)
class _Line:
    """What stands in one line: the values of each side that has it, own one first, and their errors."""

    part: str
    code: str
    dimension: str
    names: tuple[str, str]
    full: float
    values: tuple[float, ...]
    errors: tuple[float, ...]
    df: tuple[float, ...]


def side(results: Results, code: str) -> Side | None:
    """The side of a community; None where the year does not know it."""
    rows = lines_of(results.scores[results.scores["community_code"] == code])
    if not rows:
        return None
    items = {str(r["item"]): r for r in lines_of(results.items[results.items["community_code"] == code])}
    mine = results.indicators[results.indicators["community_code"] == code]
    return Side(code, rows[0], items, {str(r["indicator"]): r for r in lines_of(mine)}, results.meta)


def side_by_side(own: Side, others: Sequence[Side], *, mean: bool = False) -> pd.DataFrame:
    """``SIDE_COLUMNS``, one row a line that every side asks alike; ``part``: ``total, objective, subjective,
    dimension_objective, dimension_subjective, item, indicator``.

    ``others``: the one other side, or with ``mean`` the other communities of the group that ``own`` belongs to; then
    ``other_value`` is the mean over all of them, ``own`` among them (``units`` how many had the value).  ``own_value``, ``other_value``,
    ``difference`` are points of ``full``, those of an item its score of 0–100; ``low``, ``high`` the 95 % interval of the
    difference; ``word``: ``higher, lower, alike`` at q < 0.05, ``exact`` for points without sampling error, ``untested``
    where an error is unknown.  Lines that one side does not know, or asks in another way, are left out (``left_out``).
    """
    everybody = [own, *others]
    found = [line for line in _lines(everybody) if np.isfinite(line.values[0]) and _told(line, mean)]
    if not found:
        empty: pd.DataFrame = SIDE_COLUMNS.typed(pd.DataFrame(columns=list(SIDE_COLUMNS.names)))
        return empty
    twice = _asked_twice(everybody)
    rows = [_tested(line, mean, twice) for line in found]
    frame = pd.DataFrame(rows, columns=list(SIDE_COLUMNS.names))
    difference, se, df = (frame[name].to_numpy(dtype=np.float64) for name in ("difference", "se", "df"))
    exact = frame["word"].eq(EXACT).to_numpy()
    frame["p"] = np.where(exact, np.nan, difference_test(difference, se, df))
    frame["q"] = benjamini_hochberg(frame["p"].to_numpy(dtype=np.float64))
    with np.errstate(invalid="ignore"):
        half = np.where(se == 0, 0.0, scipy.special.stdtrit(df, 0.975) * se)
    frame["low"], frame["high"] = (np.where(exact, np.nan, difference + sign * half) for sign in (-1, 1))
    frame["word"] = [EXACT if e else _word(d, q) for e, d, q in zip(exact, difference, frame["q"], strict=True)]
    typed: pd.DataFrame = SIDE_COLUMNS.typed(frame)
    return typed


def left_out(own: Side, others: Sequence[Side]) -> tuple[int, int]:
    """How many questions and indicators of ``own`` have no line of their own: (asked in another way, or not at all, by one
    of the other sides; asked alike, but held back or not known)."""
    other_way = unknown = 0
    for name, codes in (("items", own.items), ("indicators", own.indicators)):
        for code, mine in codes.items():
            theirs = [getattr(one, name).get(code) for one in others]
            if any(row is None or not _alike(mine, row, own, one) for row, one in zip(theirs, others, strict=True)):
                other_way += 1
            elif _value(mine, name) is None or all(_value(row, name) is None for row in theirs):
                unknown += 1
    return other_way, unknown


def telling_first(frame: pd.DataFrame) -> pd.DataFrame:
    """The lines of ``side_by_side`` in the order in which they tell something: apart beyond chance first, then exact
    differences, then what cannot be told apart, last what is the same; within each the largest part of its full marks."""
    share = (frame["difference"].abs() / frame["full"].where(frame["full"] > 0)).fillna(0.0)
    none = frame["difference"].abs() < NOTHING
    place = frame["word"].map({HIGHER: 0, LOWER: 0, EXACT: 1, ALIKE: 2, UNTESTED: 3}).where(~none, 4)
    order = np.lexsort((-share.to_numpy(dtype=np.float64), place.to_numpy(dtype=np.float64)))
    return frame.iloc[order].reset_index(drop=True)


def same_measure(sides: Sequence[Side]) -> bool:
    """Whether points mean the same on every side: dimensions, answer scale and way of weighting."""
    return len({_measure(one.meta) for one in sides}) == 1


def _measure(meta: Mapping[str, Any]) -> str:
    dimensions = [(d["code"], d["objective_points"], d["subjective_points"]) for d in meta.get("dimensions", ())]
    return repr((dimensions, meta.get("preset"), meta.get("preset_scores"), meta.get("weighting")))


def _asked_twice(sides: Sequence[Side]) -> bool:
    """Whether both years of a community rest on the same people or PSUs, so that their errors are not independent."""
    return len({one.code for one in sides}) < len(sides) and any(one.notes & {*_TWICE} for one in sides)


def _lines(sides: Sequence[Side]) -> list[_Line]:
    own, rows = sides[0], [one.row for one in sides]
    lines = []
    if same_measure(sides):
        points = {d["code"]: d for d in own.meta["dimensions"]}
        full = {p: float(sum(d[f"{p}_points"] for d in points.values())) for p in ("objective", "subjective")}
        lines += [
            _of_rows(rows, "total_exact", "subjective", "total", "", sum(full.values())),
            _of_rows(rows, "objective", "", "objective", "", full["objective"]),
            _of_rows(rows, "subjective", "subjective", "subjective", "", full["subjective"]),
        ]
        for part in ("objective", "subjective"):
            for code, dimension in points.items():
                column = f"{part}_{code}"
                error = column if part == "subjective" else ""
                names = (str(dimension["name_zh"]), str(dimension["name_en"] or ""))
                worth = float(dimension[f"{part}_points"])
                if worth:
                    lines.append(_of_rows(rows, column, error, f"dimension_{part}", code, worth, names))
        lines += _of_parts(sides, "items", "item")
    return [*lines, *_of_parts(sides, "indicators", "indicator")]


def _of_rows(
    rows: Sequence[Mapping[str, Any]],
    column: str,
    error: str,
    part: str,
    code: str,
    full: float,
    names: tuple[str, str] = ("", ""),
) -> _Line:
    known = [np.isfinite(_number(r.get("subjective_low"))) for r in rows]
    errors = [_number(r.get(f"{error}_se")) if ok else np.nan for r, ok in zip(rows, known, strict=True)]
    values = tuple(_number(r.get(column)) for r in rows)
    df = tuple(_number(r.get("subjective_df")) for r in rows)
    return _Line(part, code, code, names, full, values, tuple(errors) if error else (0.0,) * len(rows), df)


def _of_parts(sides: Sequence[Side], name: str, part: str) -> list[_Line]:
    own, lines = sides[0], []
    for code, mine in getattr(own, name).items():
        theirs = [getattr(one, name).get(code) for one in sides]
        if any(row is None or not _alike(mine, row, own, one) for row, one in zip(theirs, sides, strict=True)):
            continue
        values = tuple(_number(_value(row, name)) for row in theirs)
        item = name == "items"
        errors = tuple(
            (_number(r["se"]) if np.isfinite(_number(r.get("low"))) else np.nan) if item else 0.0 for r in theirs
        )
        keys = ("label_zh", "label_en") if item else ("name_zh", "name_en")
        names = (str(mine[keys[0]] or ""), str(mine[keys[1]] or ""))
        df = tuple(_number(one.row.get("subjective_df")) for one in sides)
        full = ITEM_FULL if item else float(mine["points"])
        lines.append(_Line(part, code, str(mine["dimension"]), names, full, values, errors, df))
    return lines


def _alike(mine: Mapping[str, Any], theirs: Mapping[str, Any], own: Side, other: Side) -> bool:
    """Whether both sides ask the same: dimension, points, wording, and the choices where both show them."""
    if mine["dimension"] != theirs["dimension"] or round(float(mine["points"]) - float(theirs["points"]), 6):
        return False
    if own.meta["year"] == other.meta["year"]:
        return True
    wording = "label_zh" if "label_zh" in mine else "name_zh"
    if mine[wording] != theirs[wording]:
        return False
    both = [[c["label_zh"] for c in row.get("distribution") or ()] for row in (mine, theirs)]
    return not all(both) or both[0] == both[1]


def _value(row: Mapping[str, Any] | None, name: str) -> Any:
    return None if row is None else row["score" if name == "items" else "points_got"]


def _number(value: Any) -> float:
    return np.nan if value is None else float(value)


def _told(line: _Line, mean: bool) -> bool:
    """Whether the other side has the value at all."""
    return bool(np.isfinite(line.values[1:]).any()) if mean else bool(np.isfinite(line.values).all())


def _tested(line: _Line, mean: bool, twice: bool) -> tuple[Any, ...]:
    values = np.asarray(line.values, dtype=np.float64)
    known = np.isfinite(values)
    units = int(known.sum())
    weights: Floats = np.where(known, -1.0 / units, 0.0) if mean else np.array([1.0, -1.0])
    if mean:
        weights[0] += 1.0
    filled = np.where(known, values, 0.0)
    difference = float(weights @ filled)
    exact = not any(line.errors)
    variances = np.square(weights) * np.square(np.where(known, line.errors, 0.0))
    se = np.nan if twice and not exact else float(np.sqrt(variances.sum()))
    df = float(satterthwaite(variances[:, None], np.asarray(line.df)[:, None])[0]) if se > 0 else np.nan
    head = (line.part, line.code, line.dimension, *line.names, line.full, values[0], values[0] - difference)
    return (*head, difference, np.nan if exact else se, df, *(np.nan,) * 4, EXACT if exact else "", units)


def _word(difference: float, q: float) -> str:
    if not np.isfinite(q):
        return UNTESTED
    return ALIKE if q >= LEVEL else HIGHER if difference > 0 else LOWER
