"""How numbers are worded."""

import pytest

from analysis.tables import number_words
from analysis.tables.number_words import to_hundred
from dashboard.figures import numbers

LIMITS = (650.0, 700.0, 750.0, 800.0, 900.0)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(796.5, "797"), (797.4, "797"), (799.6, "799.6"), (799.96, "799.96"), (800.0, "800"), (649.4, "649")],
)
def test_a_total_is_never_rounded_over_a_star_line(value, shown):
    assert numbers.total(value, LIMITS) == shown


def test_half_up_not_to_even():
    assert [numbers.points(v) for v in (0.5, 1.5, 2.5, -0.5, -0.2)] == ["1", "2", "3", "−1", "0"]


def test_changes_have_a_sign_and_a_true_minus():
    assert [numbers.signed(v) for v in (9.2, -3.1, 0.3, None)] == ["+9", "−3", "0", "—"]


def test_a_chance_is_never_certain():
    assert [numbers.chance(v) for v in (1.0, 0.996, 0.99, 0.5, 0.004, 0.0, None)] == [
        ">99%",
        ">99%",
        "99%",
        "50%",
        "<1%",
        "<1%",
        "—",
    ]


def test_ranks_show_a_range_only_where_there_is_one():
    assert [
        numbers.ranks(4, 4, 5),
        numbers.ranks(3, 3, 3),
        numbers.ranks(None, None, None),
        numbers.ranks(2, None, None),
    ] == ["4–5", "3", "—", "2"]


def test_stability_words_at_their_limits():
    assert [numbers.stability(p) for p in (0.95, 0.9499, 0.80, 0.7999, None)] == [
        "stable",
        "fairly_stable",
        "fairly_stable",
        "borderline",
        "",
    ]


def test_required_number_rounds_half_up():
    # 30 % of 12 = 3.6 → 4; 50 % of 5 = 2.5 → 3; 30 % of 5 = 1.5 → 2
    assert [
        numbers.required(0.3, 12),
        numbers.required(0.5, 5),
        numbers.required(0.3, 5),
        numbers.required(1.0, 12),
    ] == [4, 3, 2, 12]


def test_counts_have_separators_and_points_do_not():
    assert (numbers.count(2418), numbers.points(1000.0)) == ("2,418", "1000")


def test_what_is_not_nothing_is_not_shown_as_nothing():
    found = [number_words.won(v) for v in (-0.04, 0.04, -0.05, 0.004, -7.46, None)]
    assert found == ["−0.04", "+0.04", "−0.1", "0", "−7.5", "—"]
    assert [numbers.least(v) for v in (0.04, 0.05, 0.0, 3.14159)] == ["0.04", "0.1", "0.0", "3.1"]


@pytest.mark.parametrize(
    ("shares", "digits", "shown"),
    [
        ((0.349, 0.314, 0.135, 0.131, 0.071), 1, [34.9, 31.4, 13.5, 13.1, 7.1]),
        ((1 / 3, 1 / 3, 1 / 3), 1, [33.4, 33.3, 33.3]),
        ((0.4585, 0.2615, 0.1455, 0.0790, 0.0555), 1, [45.9, 26.2, 14.5, 7.9, 5.5]),
        ((0.555, 0.445), 0, [56, 44]),
        ((0.125, 0.125, 0.25, 0.5), 0, [13, 12, 25, 50]),
        ((1.0, 0.0), 0, [100, 0]),
        ((), 0, []),
    ],
)
def test_shares_of_a_whole_add_up_to_a_hundred(shares, digits, shown):
    """By hand: what is left after rounding down goes to the largest remainders, of equal ones to the first."""
    assert to_hundred(shares, digits) == shown


def test_shares_that_are_not_all_shown_add_up_to_their_own_sum():
    assert to_hundred((0.2, 0.304), 0) == [20, 30]
