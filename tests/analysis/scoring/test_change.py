"""Change against the year before: tests, false-discovery control, and when there is nothing to compare."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.scheme.model import Indicator, Scheme
from analysis.scoring.rating import rate
from analysis.scoring.streets import streets
from analysis.statistics.differences import benjamini_hochberg, difference_test, satterthwaite
from tests.tools.towns.scores import POPULATIONS, frame, snapshot, together
from tests.tools.towns.survey_toys import scheme


def items(*names: str, community: str = "C0", points: float = 30.0) -> pd.DataFrame:
    return pd.DataFrame(
        {"community_code": community, "item": list(names), "dimension": "a", "points": [points] * len(names)}
    )


def after(*rows: dict[str, Any], before: list[dict[str, Any]], used: Scheme | None = None, **more: Any) -> pd.DataFrame:
    base = scheme()
    questions = more.pop("questions", (None, None))
    previous = snapshot(base, rate(base, frame(*before)), questions[0], **more)
    return rate(used or base, frame(*rows), previous, questions[1])


def test_benjamini_hochberg() -> None:
    """R: p.adjust(c(.01, .04, .03, .5, .02), "BH"), a missing test left out."""
    q = benjamini_hochberg(np.array([0.01, 0.04, np.nan, 0.03, 0.5, 0.02]))
    np.testing.assert_allclose(q, [0.05, 0.05, np.nan, 0.05, 0.5, 0.05])
    assert len(benjamini_hochberg(np.zeros(0))) == 0


def test_satterthwaite_is_welchs_df() -> None:
    """(4 + 9)² / (16/10 + 81/20)."""
    df = satterthwaite(np.array([[4.0, 4.0], [9.0, 0.0]]), np.array([[10.0, 10.0], [20.0, np.nan]]))
    np.testing.assert_allclose(df, [169 / (1.6 + 4.05), 10])


def test_a_difference_between_censuses_is_certain() -> None:
    p = difference_test(np.array([1.0, 0.0, np.nan]), np.array([0.0, 0.0, 0.0]), np.full(3, np.nan))
    np.testing.assert_array_equal(p, [0, 1, np.nan])


def test_difference_error_and_p() -> None:
    """20 more with standard errors 6 (180 df) and 8 (150 df).

    R: df <- (36+64)^2 / (36^2/180 + 64^2/150); 2 * pt(-20/10, df)
    """
    row = after(
        {"subjective": 270.0, "objective": 510.0},
        before=[{"subjective": 250.0, "subjective_se": 8.0, "subjective_df": 150.0}],
    ).iloc[0]
    assert (row["change_objective"], row["change_subjective"], row["change_subjective_se"]) == (10, 20, 10)
    assert row["change_p"] == row["change_q"] == pytest.approx(0.0464332958844124, rel=1e-10)
    assert row["change_word"] == "up"


def test_words_go_by_q_within_the_sub_district() -> None:
    """p = 0.03 alone is up; beside three that did not move it is no clear change."""
    gain = 2.187 * np.sqrt(72)
    alone = after({"subjective": 250 + gain}, before=[{}]).iloc[0]
    assert (alone["change_word"], round(alone["change_p"], 2)) == ("up", 0.03)
    many = after({"subjective": 250 + gain}, {}, {}, {"subjective": 200.0}, before=[{}, {}, {}, {}])
    assert many["change_word"].tolist() == ["no_clear_change"] * 3 + ["down"]
    assert many["change_q"].iloc[0] == pytest.approx(many["change_p"].iloc[0] * 2)
    apart = after({"subjective": 250 + gain, "sub_district": "一街"}, {}, {}, before=[{}, {}, {}])
    assert apart["change_word"].tolist()[0] == "up"


def test_nothing_before() -> None:
    columns = ["change_objective", "change_subjective", "change_subjective_se", "change_p", "change_q", "change_word"]
    for rows in (rate(scheme(), frame({})), after({"community_code": "new"}, before=[{}])):
        assert rows[columns].isna().all(axis=None)
        assert rows["note"].tolist() == [""]


def test_one_year_without_error_is_a_difference_without_a_test() -> None:
    nothing = dict.fromkeys(("subjective_se", "subjective_df", "subjective_low", "subjective_high"), np.nan)
    row = after({"subjective": 280.0}, before=[{**nothing, "note": "open_sample"}]).iloc[0]
    assert row["change_subjective"] == 30
    assert row[["change_subjective_se", "change_p", "change_q", "change_word"]].isna().all()


def dimensions(**changes: Any) -> tuple[Any, ...]:
    first, second = scheme().dimensions
    return (replace(first, **changes), second)


@pytest.mark.parametrize(
    "used",
    [
        scheme(dimensions=dimensions(subjective_points=70)),
        scheme(dimensions=scheme().dimensions[:1]),
        scheme(preset="other", presets={"other": {5: (100.0, 80.0, 60.0, 40.0, 0.0)}}),
        scheme(presets={"gd2011": {5: (100.0, 80.0, 60.0, 40.0, 20.0)}}),
    ],
)
def test_another_scheme_breaks_the_line(used: Scheme) -> None:
    row = after({"subjective": 280.0}, before=[{}], used=used).iloc[0]
    assert row[["change_objective", "change_subjective", "change_p", "change_word"]].isna().all()
    assert row["note"] == "scheme_changed"


def test_other_indicators_break_the_objective_part_only() -> None:
    more = scheme(indicators=(Indicator("I1", {}, "a", points=140.0, rule="manual"),))
    base = snapshot(more, rate(more, frame({})))
    row = rate(scheme(), frame({"subjective": 280.0}), base).iloc[0]
    assert np.isnan(row["change_objective"])
    assert row["change_subjective"] == 30
    assert row["note"] == "indicators_changed"


@pytest.mark.parametrize("now", [items("q1", "q2"), items("q1", points=31.0)])
def test_other_questions_break_the_subjective_part(now: pd.DataFrame) -> None:
    row = after({"subjective": 280.0, "objective": 505.0}, before=[{}], questions=(items("q1"), now)).iloc[0]
    assert row["change_objective"] == 5
    assert np.isnan(row["change_subjective"])
    assert row["note"] == "items_changed"
    same = after({"subjective": 280.0}, before=[{}], questions=(items("q1"), items("q1"))).iloc[0]
    assert same["change_subjective"] == 30


def test_the_street_changes_with_its_own_error() -> None:
    """Weights 1/4 and 3/4: +10 and +30 are +25; standard error of each year 6 sqrt(1/16 + 9/16)."""
    base = scheme()
    previous = snapshot(base, rate(base, frame({}, {})))
    scores = rate(base, frame({"subjective": 260.0}, {"subjective": 280.0}), previous)
    row = streets(base, scores, POPULATIONS, previous).iloc[0]
    assert row["change_subjective"] == pytest.approx(25)
    assert row["change_subjective_se"] == pytest.approx(np.sqrt(2 * 36 * 10 / 16))
    assert (row["change_word"], row["note"]) == ("up", "")


def test_a_community_that_comes_moves_the_street_nothing() -> None:
    """Only the first has a total in both years: 260 - 250 = +10, whatever the second brings now."""
    base = scheme()
    previous = snapshot(base, rate(base, frame({}, {"n": 20})))
    scores = rate(base, frame({"subjective": 260.0}, {"subjective": 290.0}), previous)
    row = streets(base, scores, POPULATIONS, previous).iloc[0]
    assert row["change_subjective"] == pytest.approx(10)
    assert row["subjective"] == pytest.approx(0.25 * 260 + 0.75 * 290)


def test_a_street_of_other_communities_says_so() -> None:
    base = scheme()
    previous = snapshot(base, rate(base, frame({}, {"n": 20})))
    row = streets(base, rate(base, frame({}, {}), previous), POPULATIONS, previous).iloc[0]
    assert row["note"] == "communities_changed"
    assert row["change_word"] == "no_clear_change"


def test_people_asked_twice_bring_their_own_error() -> None:
    """20 more, the difference known to 4 on 50 df, where two independent years would give 10."""
    base = scheme()
    previous = snapshot(base, rate(base, frame({"subjective": 250.0, "subjective_se": 8.0})))
    row = rate(base, frame({"subjective": 270.0}), previous, None, together(panel=True)).iloc[0]
    assert (row["change_subjective"], row["change_subjective_se"], row["change_df"]) == (20, 4, 50)
    assert row["change_p"] == pytest.approx(difference_test(*(np.array([v]) for v in (20.0, 4.0, 50.0)))[0])
    assert row["note"] == "panel"
    unknown = rate(base, frame({"subjective": 270.0}), previous, None, together(shared=True, se=np.nan)).iloc[0]
    assert (unknown["change_subjective_se"], unknown["note"]) == (10, "")


def test_items_of_both_years_are_compared_where_the_whole_cannot_be() -> None:
    base = scheme()
    previous = snapshot(base, rate(base, frame({}, {})), items("q1"))
    now = pd.concat([items("q1", "q2"), items("q1", "q2", community="C1")])
    row = rate(base, frame({"subjective": 270.0}), previous, now, together()).iloc[0]
    assert row[["change_subjective", "change_p", "change_word"]].isna().all()
    assert (row["change_common"], row["change_common_se"], row["change_common_points"]) == (12, 4, 96)
    assert row["change_common_p"] == row["change_common_q"] == pytest.approx(0.00421, abs=1e-5)
    assert (row["change_common_word"], row["note"]) == ("up", "items_changed;common_items:8/10")


def test_self_selected_samples_get_a_difference_of_common_items_without_a_test() -> None:
    nothing = dict.fromkeys(("subjective_se", "subjective_df", "subjective_low", "subjective_high"), np.nan)
    base = scheme()
    previous = snapshot(base, rate(base, frame({**nothing, "note": "open_sample"})), items("q1"))
    row = rate(base, frame({}), previous, items("q1", "q2"), together()).iloc[0]
    assert row["change_common"] == 12
    assert row[["change_common_se", "change_common_p", "change_common_q", "change_common_word"]].isna().all()


def test_the_street_takes_the_errors_of_people_asked_twice() -> None:
    """Weights 1/4 and 3/4: sqrt((4/4)² + (sqrt(72) · 3/4)²)."""
    base = scheme()
    previous = snapshot(base, rate(base, frame({}, {})))
    scores = rate(base, frame({"subjective": 260.0}, {}), previous, None, together(panel=True))
    row = streets(base, scores, POPULATIONS, previous).iloc[0]
    assert row["change_subjective_se"] == pytest.approx(np.sqrt(1 + 72 * 9 / 16))
