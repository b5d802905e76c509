"""The objective points: every community x indicator scored by its rule, with the reason in words.

What counts of the rows reported for one community and indicator:

- ``exempt`` with evidence gives full points;
- else the mean of the assessors' scores (考评分), where there are any;
- else the rule's points for the reported value.  Where several named assessors reported values, the mean of their
  points; a row without an assessor then is only the report and does not count.

The community's own score (自评分) never counts, and what was not reported is never zero: it stays missing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.scheme.model import Indicator, Scheme
from analysis.scheme.rules.rule import Rule, Said, Value
from analysis.scheme.rules.rules import parse_rule
from analysis.scheme.rules.words import listed, marks, number
from analysis.scoring.results import INDICATOR_COLUMNS
from survey.files.own_workbooks import header_key

Reported = Mapping[str, Any]
_NUMBERS = ("value", "self_score", "assessor_score", "batch_id", "row")
_TEXTS = ("value_text", "kind", "assessor", "method", "date", "evidence", "file", "sheet", "who", "at", "reason")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Points (None = missing) with their state, their reason, the value shown and the rows they rest on."""

    got: float | None
    state: str
    reason: Said
    value: Value | None
    rows: Sequence[Reported]


def score_indicators(scheme: Scheme, values: pd.DataFrame, communities: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """One row a community and indicator that carries points (``analysis.scoring.results.INDICATOR_COLUMNS``).

    ``values``: what counts of a year (``survey.store.year.indicators.current``); ``communities``: (code, name) in the
    order wanted.  A missing value has state ``missing`` and no points.  ``value`` is a number, a grade, or the
    counts as ``major=1 order=0``.
    """
    rules = [(i, parse_rule(i.rule, i.parameters)) for i in scheme.scored_indicators]
    reported = _reported(values)
    rows = [
        _row(code, indicator, _outcome(indicator, rule, said), said)
        for code, _ in communities
        for indicator, rule in rules
        for said in [reported.get((code, header_key(indicator.code)), [])]
    ]
    frame = pd.DataFrame(rows, columns=list(INDICATOR_COLUMNS.names))
    typed: pd.DataFrame = INDICATOR_COLUMNS.typed(frame)
    return typed


def objective_totals(frame: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Sums of ``score_indicators``: ``community_code, objective, objective_<d>`` in the frame's order.

    NaN where any indicator of the dimension (of all dimensions) is missing.
    """
    codes = pd.Index(frame["community_code"].unique(), name="community_code")
    sums = {}
    for dimension in scheme.dimensions:
        points = frame[frame["dimension"] == dimension.code].groupby("community_code")["points_got"]
        sums[f"objective_{dimension.code}"] = (
            points.sum()
            .where(points.count() == points.size())
            .reindex(codes, fill_value=math.nan if points.ngroups else 0.0)
        )
    totals = pd.DataFrame(sums, index=codes, dtype="float64")
    totals.insert(0, "objective", totals.sum(axis=1, skipna=False))
    return totals.reset_index()


def _reported(values: pd.DataFrame) -> dict[tuple[str, str], list[Reported]]:
    """Rows by community and folded indicator code; empty cells as None or ``''``."""
    frame = values.reindex(columns=["community_code", "indicator", "exempt", *_NUMBERS, *_TEXTS]).astype(object)
    grouped: dict[tuple[str, str], list[Reported]] = {}
    for row in frame.to_dict("records"):
        plain = {str(k): None if pd.isna(v) else v for k, v in row.items()}
        plain |= {name: str(plain[name] or "") for name in _TEXTS}
        grouped.setdefault((str(row["community_code"]), header_key(row["indicator"])), []).append(plain)
    return grouped


def _outcome(indicator: Indicator, rule: Rule, rows: Sequence[Reported]) -> _Outcome:
    points = float(indicator.points or 0)
    exempt = [row for row in rows if row["exempt"] and row["evidence"]]
    if exempt:
        params = {"points": marks(points), "got": marks(points), "evidence": _joined(exempt, "evidence")}
        return _Outcome(points, "exempt", ("rules.explain.exempt", params), None, exempt)
    rows = [row for row in rows if not row["exempt"]]
    assessed = [row for row in rows if row["assessor_score"] is not None]
    if assessed:
        scores = [min(points, max(0.0, float(row["assessor_score"]))) for row in assessed]
        value = next((v for v in (_value(rule, [row]) for row in rows) if v is not None), None)
        return _Outcome(*_mean(scores, points), value, assessed)
    return _by_rule(indicator, rule, rows, points)


def _by_rule(indicator: Indicator, rule: Rule, rows: Sequence[Reported], points: float) -> _Outcome:
    """The rule's points for what was reported, the mean where several assessors reported."""
    assessors = {header_key(row["assessor"]) for row in rows if row["value"] is not None or row["value_text"]}
    parts = [[row for row in rows if header_key(row["assessor"]) == a] for a in sorted(assessors - {""} or assessors)]
    valued = [(value, part) for part in parts if (value := _value(rule, part)) is not None]
    if not valued:
        return _Outcome(None, "missing", _lacking(rule, rows, points), None, ())
    counted = [row for _, part in valued for row in part]
    if len(valued) == 1:
        value = valued[0][0]
        return _Outcome(
            rule.score(value, points), "reported", rule.explain(value, points, indicator.unit), value, counted
        )
    scores = [rule.score(value, points) for value, _ in valued]
    return _Outcome(*_mean(scores, points), _together([value for value, _ in valued]), counted)


def _mean(scores: Sequence[float], points: float) -> tuple[float, str, Said]:
    """Mean of assessors' scores, with their spread in the reason."""
    mean = math.fsum(scores) / len(scores)
    params = {
        "points": marks(points),
        "n": str(len(scores)),
        "mean": marks(mean),
        "got": marks(mean),
        "low": marks(min(scores)),
        "high": marks(max(scores)),
    }
    return mean, "reported", (f"rules.explain.assessor{'s' if len(scores) > 1 else ''}", params)


def _value(rule: Rule, rows: Sequence[Reported]) -> Value | None:
    """What one assessor's rows report, None where it is not complete or not what the rule asks for."""
    if rule.entry == "counts":
        counts = _counts(rule, rows)
        return counts if counts.keys() == set(rule.kinds) else None
    if rule.entry == "grade":
        grades = {header_key(grade): grade for grade in rule.grades}
        texts = [row["value_text"] or number(row["value"] if row["value"] is not None else math.nan) for row in rows]
        return next((grades[header_key(text)] for text in texts if header_key(text) in grades), None)
    return next((float(row["value"]) for row in reversed(rows) if row["value"] is not None), None)


def _counts(rule: Rule, rows: Sequence[Reported]) -> dict[str, float]:
    """Cases by kind; several rows of a kind add up, a blank kind is the only one there is."""
    kinds = {header_key(kind): kind for kind in rule.kinds}
    if len(rule.kinds) == 1:
        kinds[""] = rule.kinds[0]
    counts: dict[str, float] = {}
    for row in rows:
        kind = kinds.get(header_key(row["kind"]))
        if kind is not None and row["value"] is not None:
            counts[kind] = counts.get(kind, 0.0) + float(row["value"])
    return {kind: counts[kind] for kind in rule.kinds if kind in counts}


def _lacking(rule: Rule, rows: Sequence[Reported], points: float) -> Said:
    """Why there are no points: nothing reported, some kinds of case not reported, or not what the rule asks for."""
    params: dict[str, Any] = {"points": marks(points)}
    found = [row for row in rows if row["value"] is not None or row["value_text"]]
    if not found:
        return "rules.explain.missing", params
    if rule.entry == "counts" and len(rule.kinds) > 1:
        lacking = [kind for kind in rule.kinds if kind not in _counts(rule, rows)]
        return "rules.explain.missing_kinds", {**params, "kinds": listed((kind, "") for kind in lacking)}
    value = found[-1]["value_text"] or number(float(found[-1]["value"]))
    return "rules.explain.unfit", {**params, "value": value}


def _together(values: Sequence[Value]) -> Value:
    """Several assessors' values as one to show: the mean of numbers, grades and counts side by side."""
    if all(isinstance(value, float) for value in values):
        return math.fsum(v for v in values if isinstance(v, float)) / len(values)
    return " / ".join(_shown(value) for value in values)


def _shown(value: Value) -> str:
    if isinstance(value, Mapping):
        if len(value) == 1:
            return number(next(iter(value.values())))
        return " ".join(f"{kind}={number(n)}" for kind, n in value.items())
    return value if isinstance(value, str) else number(value)


def _cell(value: Value | None) -> str | float | None:
    """A value as one cell: counts of several kinds as ``major=1 order=0``, of one kind as the number."""
    if isinstance(value, Mapping):
        return _shown(value) if len(value) > 1 else next(iter(value.values()))
    return value


def _joined(rows: Sequence[Reported], name: str) -> str:
    return "；".join(dict.fromkeys(row[name] for row in rows if row[name]))


def _row(community: str, indicator: Indicator, outcome: _Outcome, said: Sequence[Reported]) -> dict[str, Any]:
    points = float(indicator.points or 0)
    source = outcome.rows[-1] if outcome.rows else {}
    value = outcome.value
    reason, params = outcome.reason
    return {
        "community_code": community,
        "indicator": indicator.code,
        "dimension": indicator.dimension,
        "name_zh": indicator.names["zh"],
        "name_en": indicator.names["en"],
        "office": indicator.office,
        "points": points,
        "points_got": outcome.got,
        "points_lost": None if outcome.got is None else points - outcome.got,
        "value": _cell(value),
        "state": outcome.state,
        "reason": reason,
        "reason_params": params,
        **{name: _joined(outcome.rows, name) for name in ("method", "date", "evidence", "assessor")},
        "batch": source.get("batch_id"),
        "file": source.get("file", ""),
        "sheet": source.get("sheet", ""),
        "row": source.get("row"),
        "self_score": next((row["self_score"] for row in said if row["self_score"] is not None), None),
        "entered_by": _joined(outcome.rows, "who"),
        "entered_at": max((row["at"] for row in outcome.rows), default=""),
        "change_reason": _joined(outcome.rows, "reason"),
        "review": "entered" if outcome.rows else "empty",
        "reviewed_by": "",
        "reviewed_at": "",
        "review_reason": "",
    }
