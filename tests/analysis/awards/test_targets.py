"""30 / 50 / 100 %: nested, rounded half up, met, nearly met or missed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.awards.targets import Goal, phases_of, progress, required, tolerance_of
from analysis.scheme import default_scheme
from survey.core.errors import Refused

SCHEME = default_scheme()


def count(*stars, chances=None):
    found = progress(SCHEME, dict(enumerate(stars)), chances)
    return {p.target.star: (p.reached, p.required, p.missing, p.state) for p in found}


def test_twelve_communities_counted_by_hand():
    # 12 x 30 % = 3.6 → 4, 12 x 50 % = 6, 12 x 100 % = 12
    assert count(5, 5, 5, 5, 4, 4, 3, 3, 3, 2, 1, None) == {
        5: (4, 4, 0, "met"),
        4: (6, 6, 0, "met"),
        3: (9, 12, 3, "missed"),
    }


def test_who_is_not_known_yet_makes_two_ends_of_what_is_lacking():
    stars = dict(enumerate((5, 4, 3, None, None)))
    found = {p.target.star: p for p in progress(SCHEME, stars, None, 1)}
    assert [(found[k].least_missing, found[k].missing) for k in (3, 4, 5)] == [(1, 2), (0, 1), (0, 1)]
    assert all(p.least_missing == p.missing for p in progress(SCHEME, stars))


def states(*stars, unknown=0, year=None):
    return {p.target.star: p.state for p in progress(SCHEME, dict(enumerate(stars)), None, unknown, year)}


def test_what_the_unknown_could_still_reach_is_not_missed():
    # of 5: five stars 30 % = 1.5 → 2 (nearly from 1.25), four 3, three 5
    assert states(5, 4, 3, None, None) == {5: "missed", 4: "missed", 3: "missed"}
    assert states(5, 4, 3, None, None, unknown=1) == {5: "open", 4: "open", 3: "missed"}  # one of the two has a veto
    assert states(5, 4, 3, None, None, unknown=2) == {5: "open", 4: "open", 3: "open"}
    assert states(*[5] * 5 + [3] * 14 + [None], unknown=1)[5] == "nearly"  # 5 of 20 are five points below already


def test_a_target_past_its_year_is_overdue():
    due = {p.target.star: p.target.due_year for p in progress(SCHEME, {0: 1})}
    assert states(1, year=due[3])[3] == "missed"
    assert states(1, year=due[3] + 1)[3] == "overdue"
    assert states(3, year=due[3] + 1)[3] == "met"
    assert states(None, unknown=1, year=due[3] + 1)[3] == "open"


def test_within_five_points_below_it_is_nearly_met():
    # 20 communities: 5 of 20 are 25 %, five points below 30 %
    stars = [5] * 5 + [3] * 15
    assert count(*stars)[5] == (5, 6, 1, "nearly")
    assert count(*stars[1:], 3)[5][3] == "missed"
    assert count(*stars)[3][3] == "met"


def test_without_communities_there_is_nothing_to_say():
    assert count()[5] == (0, 0, 0, "")


@pytest.mark.parametrize(("share", "of", "n"), [(0.3, 12, 4), (0.5, 5, 3), (0.5, 4, 2), (0.3, 5, 2), (1.0, 7, 7)])
def test_the_number_required_is_rounded_half_up(share, of, n):
    assert required(share, of) == n


def test_what_the_sampling_error_leaves_open_is_said_beside_it():
    chances = {0: [0, 0, 0, 0.2, 0.5, 0.3], 1: [0, 0, 0, 1, 0, 0]}
    found = {p.target.star: p.likely for p in progress(SCHEME, {0: 4, 1: 3, 2: 5, 3: None}, chances)}
    assert found == pytest.approx({5: 0.3 + 1, 4: 0.8 + 1, 3: 3.0})


@given(st.lists(st.none() | st.integers(0, 5), max_size=40))
def test_targets_are_nested(stars):
    found = count(*stars)
    assert found[5][0] <= found[4][0] <= found[3][0]


@pytest.mark.parametrize(("text", "value"), [("", 0.05), ("0.1", 0.1), ("3%", 0.03), ("0", 0)])
def test_the_tolerance_is_a_setting(text, value):
    assert float(tolerance_of(replace(SCHEME, settings={"target_tolerance": text}))) == value


@pytest.mark.parametrize("text", ["x", "-1", "2", "200%"])
def test_a_tolerance_that_is_none_is_refused(text):
    with pytest.raises(Refused):
        tolerance_of(replace(SCHEME, settings={"target_tolerance": text}))


@pytest.mark.parametrize(
    ("year", "names"), [(2012, ["试点推行阶段"]), (2013, ["试点推行阶段", "完善推进阶段"]), (2020, [])]
)
def test_a_year_in_two_phases_is_shown_in_both_the_later_one_last(year, names):
    assert [p.name for p in phases_of(SCHEME, year)] == names


@pytest.mark.parametrize(
    ("calculated", "title", "state"),
    [(4, 4, "named"), (4, 3, "calculated"), (4, None, "calculated"), (3, None, "missing"), (None, 5, "named")],
)
def test_a_communitys_own_goal(calculated, title, state):
    assert Goal("A", "甲", 4, 2014, calculated, title).state == state


@pytest.mark.parametrize(
    ("calculated", "unknown", "overdue", "state"),
    [
        (None, True, False, "unknown"),
        (None, True, True, "unknown"),
        (None, False, False, "missing"),  # a veto is known
        (3, False, True, "overdue"),
        (4, False, True, "calculated"),
    ],
)
def test_a_goal_without_a_total_is_neither_reached_nor_missed(calculated, unknown, overdue, state):
    assert Goal("A", "甲", 4, 2014, calculated, 3, unknown, overdue).state == state
