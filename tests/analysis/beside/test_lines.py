"""Two sides line by line: the golden numbers are R's, the order is that of what tells something."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.beside.lines import Side, left_out, same_measure, side, side_by_side, telling_first
from tests.tools.towns.fake_results import fake_results

META = {
    "year": 2014,
    "dimensions": [
        {"code": "d", "name_zh": "维", "name_en": "", "objective_points": 0.0, "subjective_points": 60.0},
    ],
    "preset": "x",
    "preset_scores": {},
    "weighting": "none",
}


def item(code, score, se, **changes):
    base = {"item": code, "dimension": "d", "points": 12.0, "label_zh": code, "label_en": "", "score": score}
    return {**base, "se": se, "low": score - 1, "high": score + 1, "distribution": [], **changes}


def one(code, items=(), indicators=(), year=2014, **row):
    base = {"community": code, "note": "", "subjective_df": 90.0, "subjective_low": 1.0}
    empty = dict.fromkeys(("total_exact", "objective", "subjective", "subjective_se", "subjective_d"))
    named = {r["item"]: r for r in items}, {r["indicator"]: r for r in indicators}
    return Side(code, {**base, **empty, **row}, *named, {**META, "year": year})


def indicator(code, got, points=20.0, **changes):
    base = {"indicator": code, "dimension": "d", "points": points, "points_got": got, "name_zh": code, "name_en": ""}
    return {**base, **changes}


def test_two_communities_are_tested_as_r_does():
    # R: s1 <- c(1.5, .8, 4); s2 <- c(2, .6, 3); se <- sqrt(s1^2 + s2^2); df <- se^4 / (s1^4/90 + s2^4/60)
    #    p <- 2 * pt(-abs(c(6, -1, 10) / se), df); q <- p.adjust(p, "BH"); qt(.975, df) * se
    own = one("A", [item("x", 80.0, 1.5), item("y", 50.0, 0.8)], subjective=260.0, subjective_se=4.0)
    other = one(
        "B", [item("x", 74.0, 2.0), item("y", 51.0, 0.6)], subjective=250.0, subjective_se=3.0, subjective_df=60.0
    )
    found = side_by_side(own, [other]).set_index(["part", "code"])
    rows = found.loc[[("item", "x"), ("item", "y"), ("subjective", "")]]
    assert rows["se"].tolist() == pytest.approx([2.5, 1.0, 5.0])
    assert rows["df"].tolist() == pytest.approx([120.967741935484, 149.006622516556, 149.006622516556])
    assert rows["p"].tolist() == pytest.approx([0.0179200389390643, 0.3189316727078352, 0.0473175972637175])
    assert rows["q"].tolist() == pytest.approx([0.0537601168171928, 0.3189316727078352, 0.0709763958955762])
    half = rows["high"] - rows["difference"]
    assert half.tolist() == pytest.approx([4.94942273660927, 1.97601245867246, 9.88006229336232])
    assert set(rows["word"]) == {"alike"}


def test_a_community_beside_the_mean_of_three():
    # R: x <- c(80, 74, 70); w <- c(2/3, -1/3, -1/3); v <- w^2 * c(1.5, 2, 1)^2; sum(w * x); sqrt(sum(v))
    #    sum(v)^2 / sum(v^2 / c(90, 60, 40)) and 2 * pt(-sum(w * x) / sqrt(sum(v)), df)
    sides = [
        one("A", [item("x", 80.0, 1.5)]),
        one("B", [item("x", 74.0, 2.0)], subjective_df=60.0),
        one("C", [item("x", 70.0, 1.0)], subjective_df=40.0),
    ]
    row = side_by_side(sides[0], sides[1:], mean=True).iloc[0]
    assert (row["own_value"], row["other_value"]) == (80.0, pytest.approx(224 / 3))
    assert row["difference"] == pytest.approx(5.33333333333333)
    assert row["se"] == pytest.approx(1.24721912892465)
    assert row["df"] == pytest.approx(164.475524475524)
    assert row["p"] == pytest.approx(3.21437206649939e-05)
    assert (row["word"], row["units"]) == ("higher", 3)


def test_a_mean_goes_over_those_that_have_the_value():
    unknown = item("x", 0.0, 1.0) | {"score": None, "se": None, "low": None}
    sides = [one("A", [item("x", 80.0, 1.0)]), one("B", [unknown]), one("C", [item("x", 70.0, 1.0)])]
    row = side_by_side(sides[0], sides[1:], mean=True).iloc[0]
    assert (row["other_value"], row["units"]) == (75.0, 2)


def test_points_of_indicators_differ_exactly_and_are_not_tested():
    own, other = one("A", (), [indicator("i", 20.0)]), one("B", (), [indicator("i", 12.5)])
    row = side_by_side(own, [other]).iloc[0]
    assert (row["difference"], row["word"]) == (7.5, "exact")
    assert row[["se", "low", "high", "p", "q"]].isna().all()


def test_an_unknown_error_is_no_test():
    """Nobody differed and not everybody was asked: the standard error is 0 and there is no interval."""
    own, other = one("A", [item("x", 100.0, 0.0, low=None)]), one("B", [item("x", 80.0, 1.0)])
    row = side_by_side(own, [other]).iloc[0]
    assert row["word"] == "untested"
    assert np.isnan(row["p"])


def test_years_of_the_same_people_are_not_tested_as_independent():
    now, then = one("A", [item("x", 80.0, 1.0)], note="panel"), one("A", [item("x", 60.0, 1.0)], year=2013)
    assert side_by_side(now, [then]).iloc[0]["word"] == "untested"
    assert side_by_side(replace(now, row={**now.row, "note": ""}), [then]).iloc[0]["word"] == "higher"


@pytest.mark.parametrize(
    "changes",
    [{"label_zh": "另一种问法"}, {"points": 10.0}, {"dimension": "e"}, {"distribution": [{"label_zh": "是"}]}],
)
def test_a_question_that_was_asked_in_another_way_is_not_compared(changes):
    first = item("x", 80.0, 1.0, distribution=[{"label_zh": "满意"}])
    now, then = one("A", [first]), one("A", [{**first, **changes}], year=2013)
    assert side_by_side(now, [then]).empty
    assert left_out(now, [then]) == (1, 0)


def test_what_one_side_does_not_know_is_counted():
    unknown = item("x", 0.0, 1.0) | {"score": None}
    assert left_out(one("A", [item("x", 1.0, 1.0)]), [one("B", [unknown])]) == (0, 1)
    assert left_out(one("A", [item("x", 1.0, 1.0)]), [one("B")]) == (1, 0)


def test_another_measure_leaves_the_indicators_alone():
    own, other = (
        one("A", [item("x", 80.0, 1.0)], [indicator("i", 2.0)]),
        one("B", [item("x", 1.0, 1.0)], [indicator("i", 1.0)]),
    )
    other = replace(other, meta={**other.meta, "preset": "y"})
    assert not same_measure([own, other])
    assert side_by_side(own, [other])["part"].tolist() == ["indicator"]


def test_what_tells_most_comes_first():
    results = fake_results(2014)
    first, last = side(results, "SL01"), side(results, "SL12")
    assert first is not None
    assert last is not None
    words = telling_first(side_by_side(first, [last]))["word"].tolist()
    places = [("higher", "lower", "exact", "alike", "untested").index(w) for w in words if w]
    assert words[0] == "higher"
    assert [max(p, 1) for p in places] == sorted(max(p, 1) for p in places)


def test_a_community_that_the_year_does_not_know_is_no_side():
    assert side(fake_results(2014), "XX") is None
