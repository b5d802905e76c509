"""Merging, raking and trimming on toys that a hand can count; agreement with R is in test_calibration.py."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.weighting import Margin, calibrate, design_effect, merged
from tests.tools.soak import examples

R = pytest.approx


def classes(n: list[float], population: list[float], least: float = 5) -> list[int]:
    return merged(np.array([n]), np.array([population]), least)[0].tolist()


def one(target: list[float]) -> Margin:
    """A margin of one area in which nothing is merged."""
    return Margin(np.arange(len(target))[None, :], np.array([target], dtype=float))


@pytest.mark.parametrize(
    ("n", "population", "expected"),
    [
        ([9, 9, 9], [10, 10, 10], [0, 1, 2]),  # nothing to do
        ([9, 9, 2], [10, 10, 10], [1, 2, 2]),  # the last goes with the one before it
        ([9, 3, 2], [10, 10, 10], [1, 2, 2]),  # together five: enough
        ([9, 2, 2], [10, 10, 10], [2, 2, 2]),  # four are still too few
        ([2, 9, 9], [10, 10, 10], [1, 1, 2]),  # the first has none before it: the class above takes it
        ([9, 0, 9], [10, 10, 10], [1, 1, 2]),  # nobody answered
        ([9, 9, 9], [10, 0, 10], [1, 1, 2]),  # nobody lives there, they say
        ([9, 0, 9], [10, np.nan, 10], [1, 2, 2]),  # this area has no such category
        ([1, 1, 1], [10, 10, 10], [2, 2, 2]),
        ([0, 0, 0], [np.nan] * 3, [2, 2, 2]),
    ],
)
def test_small_categories_go_with_the_one_before(n: list[float], population: list[float], expected: list[int]) -> None:
    assert classes(n, population) == expected


def test_poststratification_by_hand() -> None:
    """2 women of 60, 3 men of 40: 30 each and 13.333 each; R: the weights of postStratify."""
    cell = np.array([0, 0, 1, 1, 1])
    result = calibrate(np.ones(5), cell, (1, 2), [one([60, 40])])
    assert result.weight.tolist() == [30, 30, R(40 / 3), R(40 / 3), R(40 / 3)]


def test_design_weights_keep_their_proportions_within_a_class() -> None:
    result = calibrate(np.array([1.0, 2.0, 5.0]), np.array([0, 0, 1]), (1, 2), [one([60, 40])])
    assert result.weight.tolist() == [R(20), R(40), R(40)]


def test_raking_by_hand() -> None:
    """A square of ones: rows 30 and 70, columns 40 and 60 come out as products of the margins over 100."""
    result = calibrate(np.ones(4), np.arange(4), (1, 2, 2), [one([30, 70]), one([40, 60])])
    assert result.weight.tolist() == [R(12), R(18), R(28), R(42)]
    assert result.gap[0] < 1e-12


def test_what_cannot_agree_is_left_as_it_came_and_said() -> None:
    """Women are all young, men all old: no weights make 50 women of 30 young people."""
    margins = [one([50, 50]), one([30, 70])]
    result = calibrate(np.ones(4), np.array([0, 0, 3, 3]), (1, 2, 2), margins)
    assert result.weight.tolist() == [1, 1, 1, 1]
    assert result.gap[0] > 0.1


def test_one_area_does_not_disturb_another() -> None:
    ok, impossible = [[12.0, 18, 28, 42], [1.0, 1, 1, 1]]
    both = [
        Margin(np.array([[0, 1]] * 2), np.array([a, b], dtype=float))
        for a, b in (([30, 70], [50, 50]), ([40, 60], [30, 70]))
    ]
    result = calibrate(np.ones(8), np.array([0, 1, 2, 3, 4, 4, 7, 7]), (2, 2, 2), both)
    np.testing.assert_allclose(result.weight, [*ok, *impossible])


def test_responses_outside_keep_their_weight() -> None:
    result = calibrate(np.full(3, 2.0), np.array([0, -1, 1]), (1, 2), [one([10, 30])])
    assert result.weight.tolist() == [10, 2, 30]


def test_trimming_caps_and_rakes_again_until_both_hold() -> None:
    """Weights 1, 1, 18 in a class of 40 come out as 2, 2, 36; at most twice the mean 20 is 40, at 1.6 it is 32."""
    weight, cell = np.array([1.0, 1, 18, 10, 10, 10]), np.array([0, 0, 0, 1, 1, 1])
    margins = [one([40, 80])]
    loose = calibrate(weight, cell, (1, 2), margins, trim=2.0)
    assert loose.weight.tolist() == [R(2), R(2), R(36), R(80 / 3), R(80 / 3), R(80 / 3)]
    assert loose.trimmed[0] == 0
    tight = calibrate(weight, cell, (1, 2), margins, trim=1.6)
    assert tight.weight.tolist() == [R(4), R(4), R(32), R(80 / 3), R(80 / 3), R(80 / 3)]
    assert (tight.trimmed[0], bool(tight.missed[0])) == (1, False)


def test_a_cap_that_the_population_does_not_allow_stands_and_is_said() -> None:
    """2 of 10 stand for half of 100: 25 each, but twice the mean is 20; the others take the 10 that are left."""
    result = calibrate(np.ones(10), np.repeat([0, 1], [2, 8]), (1, 2), [one([50, 50])], trim=2.0)
    assert result.weight.tolist() == [R(20)] * 2 + [R(7.5)] * 8
    assert (result.trimmed[0], bool(result.missed[0])) == (2, True)


def test_design_effect_of_weights_by_hand() -> None:
    """1, 1, 2: 3 · 6 / 16 = 1.125, as good as 2.667 equal ones; an area without weights has none."""
    effect, effective = design_effect(np.array([1.0, 1, 2, 0]), np.array([0, 0, 0, 1]), 2)
    assert (effect[0], effective[0]) == (1.125, R(8 / 3))
    assert np.isnan([effect[1], effective[1]]).all()


@examples(15)
@given(st.integers(0, 10**6), st.sampled_from([None, 3.0]))
def test_margins_agree_whatever_the_sample(seed: int, trim: float | None) -> None:
    """All areas of a random table at once: sums of weights are the population, or the area says that they are not."""
    rng = np.random.default_rng(seed)
    areas, n = 7, 600
    area, a, b = (rng.integers(0, k, n) for k in (areas, 2, 4))
    cell = (area * 2 + a) * 4 + b
    people = rng.uniform(50, 500, (areas, 2, 4))
    count = np.bincount(cell, minlength=areas * 8).reshape(areas, 2, 4)
    margins = []
    for axis in (2, 1):
        mine = merged(count.sum(axis).astype(float), people.sum(axis), 5)
        target = np.zeros(mine.shape)
        np.add.at(target, (np.arange(areas)[:, None], mine), people.sum(axis))
        margins.append(Margin(mine, target))
    result = calibrate(rng.uniform(0.5, 2, n), cell, (areas, 2, 4), margins, trim)
    good = (result.gap < 1e-9) & ~result.missed
    assert good.any() or trim
    for code, margin in ((a, margins[0]), (b, margins[1])):
        sums = np.zeros(margin.target.shape)
        np.add.at(sums, (area, margin.classes[area, code]), result.weight)
        np.testing.assert_allclose(sums[good], margin.target[good], rtol=1e-6 if trim else 1e-9)
    if trim:
        mean = np.bincount(area, result.weight, areas) / np.bincount(area, minlength=areas)
        assert (result.weight <= trim * mean[area] * (1 + 1e-5))[result.gap[area] < 1e-9].all()
