"""A coarse run of benchmarks/coverage_equal.py."""

from __future__ import annotations

from benchmarks.coverage_equal import EQUAL, MIXED, SETTINGS, SIZE, none_told_apart


def test_equal_communities_of_few_clusters_are_seldom_told_apart() -> None:
    """120 samples of 3 df: 95 % less three Monte Carlo errors; with errors taken as known some 55 %."""
    held, known = none_told_apart(EQUAL, SETTINGS[0][3], 120)
    assert held > 0.95 - 3 * (0.05 * 0.95 / 120) ** 0.5
    assert known < 0.75


def test_half_of_the_communities_have_few_degrees_of_freedom() -> None:
    assert MIXED.tolist() == [3] * (SIZE // 2) + [49] * (SIZE // 2)
