"""Runs recombined from item means: by hand on two communities, two dimensions and three items."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.quality.sensitivity.scenarios import DRAWS, FACTORS, JOINT_DRAWS, SPREAD, Means, plan, ranks, totals

#: items 1 and 2 make dimension 0 (30 points each), item 3 dimension 1 (60 points)
MEANS = Means(
    item=np.array([[80.0, 60.0, 50.0], [100.0, 0.0, 70.0]]).reshape(1, 1, 1, 2, 3),
    worth=np.array([[30.0, 30.0, 60.0], [30.0, 30.0, 60.0]]),
    n=np.array([[60.0, 40.0]]),
    dimension=np.array([0, 0, 1]),
    subjective_points=np.array([60.0, 60.0]),
    objective_points=np.array([140.0, 140.0]),
    objective=np.array([[140.0, 70.0], [0.0, 140.0]]),
)
BASE = plan(1, 1, 1, [30.0], 2, 3)


def run(**changes):
    """A plan of one run with these arrays."""
    one = {name: getattr(BASE, name)[:1] for name in ("preset", "limit", "weighting", "minimum", "dimension", "item")}
    return replace(BASE, factor=("",), **{**one, **{k: np.atleast_1d(np.array(v)) for k, v in changes.items()}})


def test_the_first_run_is_the_score_as_it_stands():
    """(80 + 60)/2 · 0.6 + 50 · 0.6 + 210 = 42 + 30 + 210 = 282; (100 + 0)/2 · 0.6 + 70 · 0.6 + 140 = 30 + 42 + 140."""
    assert_allclose(totals(MEANS, BASE)[0], [282, 212])


def test_item_weights_are_renormalised_within_their_dimension():
    """Item 1 three times item 2: (3 · 80 + 60)/4 = 75 instead of 70, so 3 points more; the other has 75 for 50."""
    moved = totals(MEANS, run(item=[[1.5, 0.5, 9.0]]))[0]
    assert_allclose(moved, [282 + 3, 212 + 15])


def test_dimension_weights_are_renormalised_within_both_parts():
    """1.5 : 0.5 makes 210 : 70 of the objective 280 and 90 : 30 of the 120."""
    moved = totals(MEANS, run(dimension=[[1.5, 0.5]]))[0]
    assert_allclose(moved, [210 + 35 + 0.7 * 90 + 0.5 * 30, 0 + 70 + 0.5 * 90 + 0.7 * 30])


def test_a_minimum_takes_the_total_away():
    assert np.isnan(totals(MEANS, run(minimum=[50.0]))[0]).tolist() == [False, True]


def test_an_item_without_answers_leaves_the_total_empty_only_where_it_is_asked():
    item = MEANS.item.copy()
    item[..., 0, 2] = np.nan
    assert np.isnan(totals(replace(MEANS, item=item), BASE)[0]).tolist() == [True, False]
    worth = MEANS.worth.copy()
    worth[0, 1] = 0.0
    item = MEANS.item.copy()
    item[..., 0, 1] = np.nan
    assert totals(replace(MEANS, item=item, worth=worth), BASE)[0, 0] == pytest.approx(0.8 * 60 + 30 + 210)


def test_a_dimension_may_be_objective_only():
    means = replace(MEANS, worth=np.array([[30.0, 30.0, 0.0]] * 2), subjective_points=np.array([60.0, 0.0]))
    assert_allclose(totals(means, BASE)[0], [42 + 210, 30 + 140])


def test_presets_limits_and_weightings_take_their_own_table():
    item = np.concatenate([MEANS.item, MEANS.item / 2])
    runs = plan(2, 1, 1, [30.0], 2, 3)
    moved = totals(replace(MEANS, item=item), runs)
    other = list(runs.factor).index("preset")
    assert_allclose(moved[other], [282 - 36, 212 - 36])


def test_the_plan_varies_one_choice_at_a_time_and_then_all():
    runs = plan(4, 3, 2, [50.0, 30.0, 100.0], 5, 25)
    counts = {name: runs.factor.count(name) for name in FACTORS}
    assert counts == {
        "preset": 3,
        "dimensions": 10 + DRAWS,
        "items": DRAWS,
        "completeness": 2,
        "weighting": 1,
        "min_responses": 2,
        "joint": JOINT_DRAWS,
    }
    assert len(runs) == 1 + sum(counts.values())
    items = np.array([f == "items" for f in runs.factor])
    assert (runs.dimension[items] == 1).all()
    assert runs.item[items].min() >= 1 - SPREAD
    assert runs.item[items].max() <= 1 + SPREAD
    first = [f == "dimensions" for f in runs.factor].index(True)
    assert_allclose(runs.dimension[first : first + 2], [[1.25, 1, 1, 1, 1], [0.75, 1, 1, 1, 1]])
    joint = np.array([f == "joint" for f in runs.factor])
    assert set(runs.preset[joint].tolist()) == {0, 1, 2, 3}
    assert set(runs.minimum[joint].tolist()) == {50.0}


def test_the_same_seed_gives_the_same_runs():
    one, two = plan(2, 2, 1, [50.0], 5, 25), plan(2, 2, 1, [50.0], 5, 25)
    assert (one.item == two.item).all()
    assert (one.item != plan(2, 2, 1, [50.0], 5, 25, seed=1).item).any()


def test_what_cannot_vary_is_not_drawn():
    runs = plan(1, 1, 1, [50.0], 1, 1)
    assert set(runs.factor) == {"", "joint"}


def test_ranks_leave_out_who_is_not_ranked_or_has_no_total():
    total = np.array([[900.0, 800.0, 800.0, np.nan, 950.0, 1.0], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]])
    ranked, street = np.array([1, 1, 1, 1, 0, 1], dtype=bool), np.array([0, 0, 0, 0, 0, 1])
    found = ranks(total, ranked, street)
    assert_allclose(found, [[1, 2, 2, np.nan, np.nan, 1], [4, 3, 2, 1, np.nan, 1]])
