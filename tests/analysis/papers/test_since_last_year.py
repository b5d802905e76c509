"""What indicators won and lost: exactly, only where both years count them alike, the most first."""

import pandas as pd

from analysis.papers.since_last_year import MOVES, Moved, move_lines, moved


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


def test_without_a_year_before_there_is_nothing():
    assert move_lines(None, "zh") is None
    assert move_lines([], "zh")["better"] == {"head": "", "rows": [], "rest": "", "rest_points": ""}
