"""What indicators won and lost: exactly, only where both years count them alike, the most first."""

import pandas as pd
import pytest

from analysis.papers.since_last_year import MOVES, Moved, move_lines, moved, value_words, way
from analysis.scheme.rules.rules import parse_rule


def lines(*rows):
    own = {"community_code": "A", "name_en": "", "office": "城管办、宣传办", "lead_office": ""}
    names = ("kind", "code", "points", "points_got")
    return pd.DataFrame([own | dict(zip(names, row, strict=True)) | {"name_zh": row[1]} for row in rows])


def test_only_indicators_that_both_years_count_alike():
    now = lines(
        ("objective", "a", 10, 8), ("objective", "b", 10, 5), ("objective", "c", 20, 5), ("subjective", "d", 10, 9)
    )
    before = lines(
        ("objective", "a", 10, 5), ("objective", "b", 10, 5), ("objective", "c", 10, 5), ("subjective", "d", 10, 1)
    )
    [one] = moved(now, before, "A")
    assert (one.code, one.points, one.offices, one.name("en")) == ("a", 3.0, ("城管办", "宣传办"), "a")


def test_the_most_first_and_the_rest_in_one_line():
    changes = [Moved(f"i{n}", float(n), {"zh": f"第{n}"}, ()) for n in range(1, MOVES + 3)] + [
        Moved("x", -2.0, {"zh": "退"}, ())
    ]
    found = move_lines(changes, "zh")
    assert found["better"]["head"] == "7 项，+28.0 分"
    assert [r["points"] for r in found["better"]["rows"]] == ["+7.0", "+6.0", "+5.0", "+4.0", "+3.0"]
    assert (found["better"]["rest"], found["better"]["rest_points"]) == ("其余 2 项", "+3.0")
    assert [r["name"] for r in found["worse"]["rows"]] == ["退"]


@pytest.mark.parametrize(
    ("rule", "parameters", "values", "unit", "told"),
    [
        ("ratio_linear", "zero=30 full=90", (41.2, 66.5), "percent", "41.2% → 66.5%"),
        ("count_target", "target=12", (8.0, 12.0), "次", "8 次 → 12 次"),
        (
            "deduct_per_case",
            "major=10 order=5 cap=20",
            ("major=1 order=2", "major=0 order=2"),
            "",
            "重大刑事案件 1 → 重大刑事案件 0",
        ),
        ("deduct_per_case", "case=2 cap=10", ("case=3", "case=0"), "", "3 例 → 0 例"),
        ("judged_levels", "A:1 B:0.8 C:0.6 D:0", ("B", "A"), "", "B → A"),
        ("manual", "", (7.0, 9.5), "", "7 → 9.5"),
    ],
)
def test_from_what_value_to_what_with_the_unit_of_the_rule(rule, parameters, values, unit, told):
    said = parse_rule(rule, parameters)
    params = [said.explain(v, 10.0, unit)[1] if isinstance(v, float) else {} for v in values]
    rows = [{"value": v, "reason_params": p} for v, p in zip(values, params, strict=True)]
    assert way(*(value_words(row)["zh"] for row in rows), "zh") == told


def test_of_several_counts_those_that_changed_in_either_language():
    values = [value_words({"value": v, "reason_params": {}}) for v in ("major=1 order=2", "major=0 order=2")]
    one = Moved("a", 10.0, {"zh": "甲"}, (), (values[0], values[1]))
    assert values[0]["en"] == "major crime 1, public order case 2"
    assert (one.way("zh"), one.way("en")) == ("重大刑事案件 1 → 重大刑事案件 0", "major crime 1 → major crime 0")


def test_nothing_is_said_of_a_value_that_is_not_there_or_did_not_move():
    assert value_words({"value": None, "reason_params": None}) == {"zh": "", "en": ""}
    assert (way("", "3", "zh"), way("3", "3", "zh"), way("3", "", "zh")) == ("", "", "")


def test_what_is_small_is_not_shown_as_nothing():
    found = move_lines([Moved("a", 0.04, {"zh": "甲"}, ()), Moved("b", -0.04, {"zh": "乙"}, ())], "zh")
    assert [found[side]["rows"][0]["points"] for side in ("better", "worse")] == ["+0.04", "−0.04"]
    assert found["worse"]["head"] == "1 项，−0.04 分"


def test_without_a_year_before_there_is_nothing():
    assert move_lines(None, "zh") is None
    assert move_lines([], "zh")["better"] == {"head": "", "rows": [], "rest": "", "rest_points": ""}
