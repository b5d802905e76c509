"""Every amount of the founding document (section 四 (六)), and what its silence is filled with."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.awards.amounts import amounts_of
from analysis.scheme import default_scheme
from analysis.scheme.options import fen
from survey.core.errors import Refused

WAN = 1_000_000  # fen in 万元


def amounts(**settings):
    return amounts_of(replace(default_scheme(), settings=settings))


@pytest.mark.parametrize(("star", "wan"), [(1, 5), (2, 10), (3, 15), (4, 30), (5, 50)])
def test_the_first_award_of_each_star_is_the_documents(star, wan):
    assert amounts().rise(0, star) == wan * WAN


@pytest.mark.parametrize(("below", "star", "wan"), [(1, 2, 5), (2, 3, 5), (4, 5, 20)])
def test_each_promotion_that_the_document_states_is_the_documents(below, star, wan):
    assert amounts().rise(below, star) == wan * WAN
    assert not amounts().crosses(below, star)


@pytest.mark.parametrize(
    ("settings", "wan"),
    [
        ({}, 15),
        ({"tier_promotion": "full"}, 30),
        ({"tier_promotion": "none"}, 0),
        ({"tier_promotion": "manual", "tier_promotion_amount": "12.5"}, Decimal("0.00125")),
        ({"tier_promotion": "manual"}, None),
    ],
)
def test_from_three_to_four_the_setting_decides(settings, wan):
    assert amounts(**settings).rise(3, 4) == (None if wan is None else int(wan * WAN))
    assert amounts(**settings).crosses(3, 4)


@pytest.mark.parametrize(("below", "star", "wan"), [(1, 3, 10), (1, 4, 25), (2, 4, 20), (3, 5, 35), (1, 5, 45)])
def test_a_jump_pays_the_sum_of_its_steps(below, star, wan):
    assert amounts().rise(below, star) == wan * WAN


@pytest.mark.parametrize(("star", "payers"), [(3, ("district", "street")), (4, ("city", "district"))])
def test_half_each_of_the_stars_own_payers(star, payers):
    assert amounts().split(star, 15 * WAN) == dict.fromkeys(payers, 15 * WAN // 2)


def test_an_odd_fen_goes_to_one_payer_and_the_shares_still_sum():
    assert amounts().split(1, 101) == {"district": 51, "street": 50}


@given(st.integers(0, 10**12), st.integers(1, 5))
def test_shares_always_sum_to_the_amount(amount, star):
    assert sum(amounts().split(star, amount).values()) == amount


@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5))
def test_what_is_paid_does_not_depend_on_the_way(a, b, c):
    low, middle, high = sorted((a, b, c))
    rules = amounts()
    assert rules.rise(low, middle) + rules.rise(middle, high) == rules.rise(low, high)


@pytest.mark.parametrize(("text", "value"), [("15", 1500), ("0.01", 1), ("1,234.5", 123450), (50_000.0, 5_000_000)])
def test_yuan_are_whole_fen(text, value):
    assert fen(text) == value


@pytest.mark.parametrize("text", ["", "十五万", "-1", "0.001", "nan", "inf", "1e20"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(Refused):
        fen(text)


@pytest.mark.parametrize("settings", [{"tier_promotion": "half"}, {"repromotion": "x"}, {"tier_promotion_amount": "?"}])
def test_a_setting_that_is_none_is_refused(settings):
    with pytest.raises(Refused):
        amounts(**settings)
