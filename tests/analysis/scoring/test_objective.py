"""Objective points of communities: states, assessors, kinds, sums; hand-counted."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from analysis.scheme import default_scheme
from analysis.scheme.rules.rules import parse_rule
from analysis.scoring.objective import objective_totals, score_indicators
from analysis.scoring.results import INDICATOR_COLUMNS
from survey.core.lang import LANGUAGES, say

SCHEME = default_scheme()
PEOPLE = [("A", "甲社区"), ("B", "乙社区")]


def scored(*rows: dict[str, Any], scheme=SCHEME) -> pd.DataFrame:
    """Score rows of community A."""
    values = pd.DataFrame([{"community_code": "A", "kind": "", "assessor": "", "exempt": False, **row} for row in rows])
    return score_indicators(scheme, values, PEOPLE)


def one(indicator: str, *rows: dict[str, Any]) -> Any:
    frame = scored(*({"indicator": indicator, **row} for row in rows))
    return next(frame[(frame["community_code"] == "A") & (frame["indicator"] == indicator)].itertuples())


def text(row: Any, lang: str = "zh") -> str:
    return say(lang, row.reason, **row.reason_params)


def full_marks(community: str) -> list[dict[str, Any]]:
    """Rows that earn everything."""
    rows: list[dict[str, Any]] = []
    for i in SCHEME.scored_indicators:
        rule = parse_rule(i.rule, i.parameters)
        base = {"community_code": community, "indicator": i.code, "assessor": "", "exempt": False, "kind": ""}
        if rule.entry == "counts":
            rows += [{**base, "kind": kind, "value": 0.0} for kind in rule.kinds]
        elif rule.entry == "grade":
            rows.append({**base, "value_text": rule.grades[0]})
        else:
            rows.append({**base, "value": 100.0})
    return rows


def test_every_community_has_every_indicator_and_nothing_reported_is_missing_not_zero():
    frame = score_indicators(SCHEME, pd.DataFrame(columns=["community_code", "indicator"]), PEOPLE)
    assert tuple(frame.columns) == INDICATOR_COLUMNS.names
    assert len(frame) == 2 * 31
    assert set(frame["state"]) == {"missing"}
    assert frame["points_got"].isna().all()
    totals = objective_totals(frame, SCHEME)
    assert list(totals["community_code"]) == ["A", "B"]
    assert totals.drop(columns="community_code").isna().all(axis=None)


def test_all_reported_sums_to_700_and_one_missing_empties_its_dimension_and_the_total():
    rows = full_marks("A") + [r for r in full_marks("B") if r["indicator"] != "WH03"]
    totals = objective_totals(score_indicators(SCHEME, pd.DataFrame(rows), PEOPLE), SCHEME).set_index("community_code")
    assert list(totals.columns) == ["objective", *(f"objective_{d.code}" for d in SCHEME.dimensions)]
    assert totals.loc["A"].tolist() == [700, 140, 140, 140, 140, 140]
    b = totals.loc["B"]
    assert math.isnan(b["objective"])
    assert math.isnan(b["objective_culture"])
    assert b["objective_ecology"] == 140


def test_a_dimension_without_indicators_adds_nothing():
    wider = replace(
        SCHEME, dimensions=(*SCHEME.dimensions, replace(SCHEME.dimensions[0], code="x", objective_points=0))
    )
    totals = objective_totals(score_indicators(wider, pd.DataFrame(full_marks("A")), [("A", "甲")]), wider)
    assert totals.loc[0, "objective"] == 700
    assert totals.loc[0, "objective_x"] == 0


def test_a_value_is_scored_with_its_reason_and_its_source():
    source = {
        "batch_id": 7,
        "file": "指标.xlsx",
        "sheet": "表",
        "row": 12,
        "method": "材料审核",
        "date": "2013-11-01",
        "evidence": "台账",
    }
    row = one("ZZ02", {"value": 75.0, **source})
    assert (row.points_got, row.points_lost, row.value, row.state) == (18.75, 6.25, 75.0, "reported")
    assert (row.batch, row.file, row.sheet, row.row) == (7, "指标.xlsx", "表", 12)
    assert (row.method, row.date, row.evidence) == ("材料审核", "2013-11-01", "台账")
    assert text(row) == "满分 25，实际 75%（30% 得 0 分，90% 得满分），得 18.75"


def test_a_zero_that_is_reported_is_zero():
    row = one("ZZ03", {"value": 0.0})
    assert (row.points_got, row.state) == (0, "reported")


def test_grades_in_any_case_or_width():
    assert one("ZZ01", {"value_text": "ｂ"}).points_got == pytest.approx(16)
    row = one("ZZ01", {"value_text": "E"})
    assert (row.state, row.reason) == ("missing", "rules.explain.unfit")
    assert "E" in text(row)


def test_every_kind_of_case_must_be_reported():
    row = one("HX01", {"kind": "major", "value": 1.0}, {"kind": "order", "value": 0.0})
    assert row.state == "missing"
    assert math.isnan(row.points_got)
    assert "发案率上升" in text(row)
    row = one("HX01", *({"kind": k, "value": v} for k, v in {"major": 1.0, "order": 2.0, "rise": 0.0}.items()))
    assert (row.points_got, row.value) == (10, "major=1 order=2 rise=0")


def test_several_rows_of_one_kind_add_up_and_a_blank_kind_is_the_only_one():
    assert one("ST02", {"value": 3.0}, {"value": 2.0}).points_got == 20
    assert one("ST02", {"value": 3.0}).value == 3


def test_exempt_needs_evidence():
    row = one("FW01", {"exempt": True, "evidence": "省级文明社区"})
    assert (row.points_got, row.state) == (25, "exempt")
    assert "省级文明社区" in text(row, "en")
    assert one("FW01", {"exempt": True, "evidence": ""}).state == "missing"


def test_assessors_scores_are_averaged_with_their_spread_and_go_before_the_rule():
    row = one(
        "ZZ01",
        {"assessor": "甲", "assessor_score": 18.0},
        {"assessor": "乙", "assessor_score": 15.0},
        {"value_text": "D"},
    )
    assert (row.points_got, row.assessor, row.value) == (16.5, "甲；乙", "D")
    assert {k: row.reason_params[k] for k in ("n", "mean", "low", "high")} == {
        "n": "2",
        "mean": "16.5",
        "low": "15",
        "high": "18",
    }
    assert one("ZZ01", {"assessor": "甲", "assessor_score": 99.0}).points_got == 20


def test_values_of_named_assessors_are_averaged_and_the_report_steps_back():
    row = one("ST01", {"value": 10.0}, {"value": 8.0, "assessor": "甲"}, {"value": 6.0, "assessor": "乙"})
    assert (row.points_got, row.value) == (pytest.approx(17.5), 7)


def test_the_self_score_never_counts():
    row = one("ZZ01", {"self_score": 20.0})
    assert (row.state, row.reason) == ("missing", "rules.explain.missing")
    assert one("ZZ02", {"value": 60.0, "self_score": 25.0}).points_got == 12.5


def test_reasons_are_plain_json_and_word_in_both_languages():
    frame = scored(*full_marks("A"))
    for row in frame.itertuples():
        json.dumps(row.reason_params, allow_nan=False)
        for lang in LANGUAGES:
            assert "{" not in text(row, lang)


def test_values_of_communities_or_indicators_that_are_not_asked_for_are_left_alone():
    frame = scored({"indicator": "OLD", "value": 1.0}, {"community_code": "Z", "indicator": "ZZ02", "value": 1.0})
    assert set(frame["state"]) == {"missing"}
