"""Ranks and the sets that sampling error leaves open."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.ranks import competition_rank, critical_values, rank_sets


def test_competition_rank() -> None:
    assert competition_rank(np.array([80.0, 90, 90, 70, 100])).tolist() == [4, 2, 2, 5, 1]


def test_two_communities_need_the_usual_quantile() -> None:
    """With one other, max is |N(0,1)|: c = 1.96."""
    assert critical_values(np.array([2.0, 3.0]), draws=200_000) == pytest.approx(1.959964, abs=0.02)
    assert critical_values(np.array([0.0, 3.0]), draws=200_000) == pytest.approx(1.959964, abs=0.02)


def test_three_equal_errors() -> None:
    """Largest of two differences that share one error (correlation 1/2): Dunnett (1964), two-sided 5 %, 2.21."""
    assert critical_values(np.ones(3), draws=200_000) == pytest.approx(2.212, abs=0.02)


def test_clear_differences_leave_one_rank() -> None:
    low, high = rank_sets(np.array([700.0, 900.0, 800.0]), np.array([5.0, 4.0, 6.0]))
    assert low.tolist() == high.tolist() == [3, 1, 2]


def test_no_difference_leaves_every_rank() -> None:
    low, high = rank_sets(np.array([700.0, 701.0, 699.0]), np.full(3, 9.0))
    assert (low.tolist(), high.tolist()) == ([1, 1, 1], [3, 3, 3])


def test_exact_values_rank_exactly_and_ties_share() -> None:
    low, high = rank_sets(np.array([700.0, 800.0, 700.0]), np.zeros(3))
    assert (low.tolist(), high.tolist()) == ([2, 1, 2], [3, 1, 3])


def test_unknown_errors_may_stand_anywhere() -> None:
    low, high = rank_sets(np.array([700.0, 900.0, 800.0]), np.array([1.0, 1.0, np.nan]))
    assert np.isnan([low[2], high[2]]).all()
    assert (low[:2].tolist(), high[:2].tolist()) == ([2, 1], [3, 2])


def test_one_and_none() -> None:
    low, high = rank_sets(np.array([700.0]), np.array([5.0]))
    assert (low.tolist(), high.tolist()) == ([1], [1])
    assert [len(a) for a in rank_sets(np.zeros(0), np.zeros(0))] == [0, 0]


def test_the_same_data_give_the_same_sets() -> None:
    estimate, se = np.linspace(700, 760, 12), np.linspace(4, 9, 12)
    first, second = rank_sets(estimate, se), rank_sets(estimate, se)
    assert [a.tolist() for a in first] == [a.tolist() for a in second]


def test_sets_cover_the_true_rank() -> None:
    """300 samples of 8 communities close together: at least 95 % hit, less the noise of the simulation."""
    rng = np.random.default_rng(5)
    truth, se = np.linspace(0, 14, 8), np.linspace(3, 6, 8)
    rank = competition_rank(truth)
    hits = np.zeros(8)
    for _ in range(300):
        low, high = rank_sets(truth + se * rng.standard_normal(8), se, draws=500)
        hits += (low <= rank) & (rank <= high)
    assert hits.min() / 300 > 0.92
