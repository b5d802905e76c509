"""The sheet that works points out: live from the reported value and the answers to the total and the star."""

from __future__ import annotations

import math
from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from analysis.exports.workbook import community_workbook
from analysis.scheme.rules.rules import parse_rule
from analysis.scoring.results import Results
from tests.tools.books.recalculated import recalculated
from tests.tools.towns.fake_results import fake_results

CODE = "SL03"
#: rule and parameters of the invented indicators, what is reported, hand-counted points of 70
RULES = [
    ("ratio_linear", "zero=30 full=90", 75.0, 52.5),
    ("ratio_banded", "98:1 95:0.9 90:0.75 else:0", 95.0, 63.0),
    ("count_target", "target=12", 9.0, 52.5),
    ("off_target", "target=90 each=0.5", 80.0, 65.0),
    ("deduct_per_case", "major=10 order=5 cap=20", "major=1 order=1", 55.0),
    ("deduct_per_case", "case=2", 3.0, 64.0),
    ("judged_levels", "A:1 B:0.8 C:0", "B", 56.0),
    ("judged_levels", "k_of=4", 3.0, 52.5),
    ("checklist", "spots=10", 8.0, 56.0),
    ("manual", "", 61.5, 61.5),
]


def town() -> Results:
    """A community whose points follow from its values and answers: 577.5 + 30 x 10 x 0.78 = 811.5, four stars.

    Values: the sum of the points above is 578; answers: 50 % of 100 + 20 % of 80 + 20 % of 60 + 0 % of 40 + 10 % of 0 = 78.
    """
    found = fake_results(2014)
    indicators, items, scores = found.indicators.copy(), found.items.copy(), found.scores.copy()
    mine = indicators.index[indicators["community_code"] == CODE]
    rules = {}
    for at, (name, parameters, value, points) in zip(mine, RULES, strict=True):
        rules[indicators.at[at, "indicator"]] = [name, parameters]
        indicators.loc[at, ["points_got", "points_lost"]] = [points, 70 - points]
        indicators["value"] = indicators["value"].astype(object)
        indicators.at[at, "value"] = value
        indicators.at[at, "reason"] = ""
    for at in items.index[items["community_code"] == CODE]:
        spread = items.at[at, "distribution"]
        shares, worth = (0.5, 0.2, 0.2, 0.0, 0.1), (100.0, 80.0, 60.0, 40.0, 0.0)
        items.at[at, "distribution"] = [
            {**c, "share": s, "score": w} for c, s, w in zip(spread, shares, worth, strict=True)
        ]
        items.loc[at, ["score", "points_got", "points_lost"]] = [78.0, 23.4, 6.6]
    row = scores["community_code"] == CODE
    for d in found.meta["dimensions"]:
        got = indicators.loc[mine][indicators.loc[mine, "dimension"] == d["code"]]["points_got"].sum()
        scores.loc[row, [f"objective_{d['code']}", f"subjective_{d['code']}"]] = [got, 46.8]
    scores.loc[row, ["objective", "subjective", "total_exact", "total", "star"]] = [578.0, 234.0, 812.0, 812.0, 4]
    meta = {**found.meta, "rules": rules}
    return replace(found, meta=meta, indicators=indicators, items=items, scores=scores)


def book(results: Results, values: bool = True) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(community_workbook(results, CODE, "zh")), data_only=values)


def points(live: openpyxl.Workbook) -> list:
    """What stands under 得分 of the indicators, without the sum."""
    rows = list(live["客观指标"].iter_rows(values_only=True))
    top = next(i for i, row in enumerate(rows) if row[0] == "编号")
    return [row[4] for row in rows[top + 1 : -1]]


def summary(live: openpyxl.Workbook) -> dict:
    return {row[0]: row[1] for row in live["总览"].iter_rows(values_only=True) if row[0]}


def test_the_rules_give_the_points_counted_by_hand():
    assert sum(expected for *_, expected in RULES) == 578.0
    for name, parameters, value, expected in RULES:
        given = {"major": 1.0, "order": 1.0} if isinstance(value, str) and "=" in value else value
        assert parse_rule(name, parameters).score(given, 70) == pytest.approx(expected, abs=1e-12)


def test_points_of_every_rule_and_question_are_formulas_with_our_numbers_as_values():
    live = points(book(town(), values=False))
    assert len(live) == len(RULES)
    assert all(str(value).startswith("='逐步演算'!") for value in live)
    assert points(book(town())) == [expected for *_, expected in RULES]
    questions = [row for row in book(town(), values=False)["居民调查"].iter_rows(values_only=True) if row[0]]
    assert sum(str(row[6]).startswith("='逐步演算'!") for row in questions) == 10


def test_a_changed_value_changes_total_and_star(tmp_path):
    """Hand count: 75 → 30 of the first indicator loses its 52.5 points; 812 - 52.5 = 759.5, three stars."""
    live = book(town(), values=False)
    sheet = live["客观指标"]
    first = next(row for row in sheet.iter_rows() if row[0].value == "ZZ03")
    first[6].value = 30
    found = recalculated({"live": live}, tmp_path)["live"]
    shown = summary(found)
    assert math.isclose(shown["总分（满分 1000）"], 759.5, abs_tol=1e-9)
    assert shown["测算星级"] == 3
    assert points(found)[1:] == pytest.approx([expected for *_, expected in RULES][1:], abs=1e-9)


def test_what_no_rule_gave_stays_a_number():
    found = town()
    indicators = found.indicators.copy()
    mine = indicators.index[indicators["community_code"] == CODE]
    indicators.loc[mine[0], "reason"] = "rules.explain.assessors"
    indicators.at[mine[0], "reason_params"] = dict.fromkeys(("points", "n", "mean", "got", "low", "high"), "1")
    indicators.loc[mine[1], "state"] = "exempt"
    indicators.loc[mine[2], "points_got"] = 50.0  # another number than the rule's
    live = points(book(replace(found, indicators=indicators), values=False))
    assert live[:3] == [52.5, 63.0, 50.0]
    assert all(str(value).startswith("=") for value in live[3:])


def test_a_year_closed_before_rules_were_kept_keeps_its_numbers():
    found = town()
    meta = {key: value for key, value in found.meta.items() if key != "rules"}
    assert points(book(replace(found, meta=meta), values=False)) == [expected for *_, expected in RULES]


def test_answers_that_are_held_back_stand_behind_no_formula():
    found = town()
    items = found.items.copy()
    first = items.index[items["community_code"] == CODE][0]
    items.at[first, "distribution"] = []
    items.loc[first, ["score", "points_got", "points_lost"]] = None
    live = book(replace(found, items=items), values=False)
    codes = [row[0] for row in live["逐步演算"].iter_rows(values_only=True)]
    assert items.at[first, "item"] not in codes
