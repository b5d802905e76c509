"""Ranks and the sets that sampling error leaves open."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import rankdata

from analysis.statistics import ranks
from analysis.statistics.ranks import (
    competition_rank,
    critical_values,
    groups_of,
    rank_sets,
    sets_of,
    surely_above,
    tiers_of,
)


def test_competition_rank() -> None:
    assert competition_rank(np.array([80.0, 90, 90, 70, 100])).tolist() == [4, 2, 2, 5, 1]
    assert competition_rank(np.array([])).tolist() == []


def test_each_row_is_ranked_by_itself_as_scipy_does() -> None:
    values = np.random.default_rng(1).integers(0, 6, (40, 9)).astype(float)
    values[values == 0] = -np.inf  # without a total: behind all others
    assert (competition_rank(values) == rankdata(-values, "min", axis=1)).all()


def test_two_communities_need_the_usual_quantile() -> None:
    """With one other, max is |N(0,1)|: c = 1.96."""
    assert critical_values(np.array([2.0, 3.0]), draws=200_000).marginal == pytest.approx(1.959964, abs=0.02)
    assert critical_values(np.array([0.0, 3.0]), draws=200_000).marginal == pytest.approx(1.959964, abs=0.02)


def test_three_equal_errors() -> None:
    """Largest of two differences that share one error (correlation 1/2): Dunnett (1964), two-sided 5 %, 2.21."""
    assert critical_values(np.ones(3), draws=200_000).marginal == pytest.approx(2.212, abs=0.02)


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


def test_all_pairs_at_once_need_more() -> None:
    """Tukey's studentised range: all pairs of four equal errors.  R: qtukey(.95, 4, Inf) / sqrt(2) = 2.569032."""
    assert critical_values(np.ones(4), draws=200_000).simultaneous == pytest.approx(2.569032, abs=0.02)
    two = critical_values(np.array([2.0, 3.0]), draws=4000)
    assert two.marginal.tolist() == [two.simultaneous] * 2


def test_an_unknown_error_takes_no_part() -> None:
    """NaN is in no maximum: what is left are two, 1.96; itself gets 0."""
    found = critical_values(np.array([2.0, np.nan, 3.0]), draws=200_000)
    assert found.simultaneous == pytest.approx(1.959964, abs=0.02)
    assert found.marginal[1] == 0


def test_simultaneous_sets_hold_the_marginal_ones() -> None:
    estimate, se = np.linspace(700, 790, 12), np.linspace(4, 9, 12)
    critical = critical_values(se)
    low, high = sets_of(estimate, se, critical.marginal)
    wide_low, wide_high = sets_of(estimate, se, critical.simultaneous)
    assert (wide_low <= low).all()
    assert (wide_high >= high).all()
    assert (wide_high - wide_low > high - low).any()


def test_simultaneous_sets_cover_all_true_ranks_at_once() -> None:
    """300 samples of 8 communities close together: every set of a sample right in at least 95 %, less its noise."""
    rng = np.random.default_rng(6)
    truth, se = np.linspace(0, 14, 8), np.linspace(3, 6, 8)
    rank, critical = competition_rank(truth), critical_values(se)
    hits = 0
    for _ in range(300):
        low, high = sets_of(truth + se * rng.standard_normal(8), se, critical.simultaneous)
        hits += bool(((low <= rank) & (rank <= high)).all())
    assert hits / 300 > 0.92


def test_known_errors_need_what_they_always_did() -> None:
    se = np.array([3.0, 0.0, 5.0, np.nan, 4.0])
    known = critical_values(se)
    for df in (np.full(5, np.inf), np.full(5, np.nan), np.array([np.inf, 9.0, np.inf, 9.0, np.inf])):
        assert (
            critical_values(se, df).simultaneous == known.simultaneous
        )  # those of an exact and an unknown value say nothing
    many = critical_values(se, np.full(5, 1e6))
    assert many.simultaneous == pytest.approx(known.simultaneous, rel=1e-3)


def test_an_estimated_error_beside_an_exact_value_needs_students_t() -> None:
    """Of two, one known exactly, the statistic is |t(df)|.  R: qt(.975, c(2, 5, 30)) = 4.302653 2.570582 2.042272."""
    for df, expected in ((2.0, 4.302653), (5.0, 2.570582), (30.0, 2.042272)):
        found = critical_values(np.array([0.0, 3.0]), np.array([np.nan, df]), draws=200_000)
        assert found.simultaneous == pytest.approx(expected, rel=0.02)
        assert found.marginal == pytest.approx(1.959964, abs=0.02)  # as promised: errors taken as known


def test_two_estimated_errors_need_what_two_means_need() -> None:
    """Equal errors, 3 df each: pooled = unpooled, so t with 6 df.  R: qt(.975, 6) = 2.446912."""
    found = critical_values(np.full(2, 4.0), np.full(2, 3.0), draws=200_000)
    assert found.simultaneous == pytest.approx(2.446912, rel=0.02)


def test_fewer_degrees_of_freedom_need_more_and_always_the_same() -> None:
    se = np.linspace(4, 9, 12)
    needed = [critical_values(se, np.full(12, df)) for df in (1.0, 3.0, 5.0, 9.0, 29.0, 199.0, np.inf)]
    assert np.all(np.diff([c.simultaneous for c in needed]) < 0)
    assert all((c.marginal == needed[-1].marginal).all() for c in needed)
    ranks._critical.cache_clear()
    assert critical_values(se, np.full(12, 3.0)).simultaneous == needed[1].simultaneous


def test_exact_values_alone_need_nothing() -> None:
    assert critical_values(np.zeros(3), np.full(3, 5.0)).simultaneous == 0
    assert critical_values(np.array([0.0, 0.0, 3.0]), np.full(3, 5.0), draws=200_000).simultaneous == pytest.approx(
        2.570582,
        rel=0.02,  # the two exact ones are one
    )


def apart(*pairs: tuple[int, int], size: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """League places (from 1) that are told apart."""
    found = np.zeros((size, size), dtype=bool)
    for one, other in pairs:
        found[one - 1, other - 1] = found[other - 1, one - 1] = True
    return found


def test_groups_are_the_longest_rows_of_neighbours_that_nothing_tells_apart() -> None:
    """1-4 and 3-5: only 1 and 2 stand apart from 5; 6 is apart from all; two alike at the end."""
    told = apart((1, 5), (2, 5), *((i, 6) for i in range(1, 6)), *((i, j) for i in range(1, 7) for j in (7, 8)), size=8)
    assert groups_of(told) == [(1, 4), (3, 5), (7, 8)]
    assert tiers_of(told).tolist() == [1, 1, 1, 1, 1, 2, 3, 3]


def test_groups_of_none_of_one_of_all() -> None:
    assert groups_of(apart(size=0)) == groups_of(apart(size=1)) == []
    assert tiers_of(apart(size=0)).tolist() == []
    assert groups_of(apart(size=3)) == [(1, 3)]
    assert groups_of(apart((1, 2), (1, 3), (2, 3), size=3)) == []
    assert tiers_of(apart((1, 2), (1, 3), (2, 3), size=3)).tolist() == [1, 2, 3]


def test_surely_above_is_never_said_of_an_unknown_error() -> None:
    found = surely_above(np.array([700.0, 900.0, 800.0]), np.array([1.0, 1.0, np.nan]), 2.0)
    assert found.tolist() == [[False, True, False], [False] * 3, [False] * 3]
