"""A dimension beside the mean of its street: difference, error and degrees of freedom by hand, and the word."""

import numpy as np
import pandas as pd
import pytest

from analysis.papers.against_street import against_mean, of_street
from analysis.statistics.differences import benjamini_hochberg, difference_test


def test_difference_and_word_follow_the_variance_of_own_and_other_samples():
    values = np.array([[50.0], [40.0], [42.0]])
    errors = np.array([[1.0], [2.0], [0.5]])
    df = np.array([30.0, 40.0, 50.0])
    difference, words = against_mean(values, errors, df)
    assert difference.ravel().tolist() == [6.0, -4.0, -2.0]
    # by hand, k = 3: variance = (2/3)² s_i² + Σ_{j≠i} s_j² / 9; degrees of freedom V² / Σ v²/df
    p = []
    for i in range(3):
        parts = np.array([(4 if i == j else 1) * errors[j, 0] ** 2 / 9 for j in range(3)])
        p.append(
            difference_test(
                difference[i], np.sqrt([parts.sum()]), np.array([parts.sum() ** 2 / (parts**2 / df).sum()])
            )[0]
        )
    wanted = benjamini_hochberg(np.array(p))
    assert words == [
        "alike" if q >= 0.05 else "higher" if d > 0 else "lower" for d, q in zip((6, -4, -2), wanted, strict=True)
    ]
    assert words[0] == "higher"


def test_an_error_that_is_not_known_gives_no_word():
    _, words = against_mean(np.array([[50.0], [40.0]]), np.array([[1.0], [np.nan]]), np.array([30.0, np.nan]))
    assert words == ["", ""]


def test_a_community_without_a_value_is_no_part_of_the_mean():
    difference, words = against_mean(
        np.array([[50.0], [40.0], [np.nan]]), np.array([[1.0], [1.0], [np.nan]]), np.array([30.0, 30.0, np.nan])
    )
    assert difference.ravel().tolist()[:2] == [5.0, -5.0]
    assert words == ["higher", "lower", ""]


def test_by_community_and_dimension():
    scores = pd.DataFrame(
        {
            "community_code": ["A", "B"],
            "subjective_x": [50.0, 40.0],
            "subjective_x_se": [1.0, 1.0],
            "subjective_df": [99.0, 99.0],
        }
    )
    assert of_street(scores, ["x"]) == {"A": {"x": (5.0, "higher")}, "B": {"x": (-5.0, "lower")}}
    assert of_street(scores.iloc[:0], ["x"]) == {}


@pytest.mark.parametrize("n", [1])
def test_alone_in_a_street_there_is_nothing_to_differ_from(n):
    difference, words = against_mean(np.array([[50.0]] * n), np.array([[1.0]] * n), np.array([9.0] * n))
    assert (difference.ravel().tolist(), words) == ([0.0], ["alike"])
