"""The budget forecast under the sampling error: a range holds what is expected, and at least 95 % of what may come."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.awards.amounts import amounts_of
from analysis.awards.forecast import PayerForecast, forecast
from analysis.awards.tables import forecast_table
from analysis.scheme import default_scheme

RULES = amounts_of(default_scheme())
NO_TITLES = pd.DataFrame(columns=["community_code", "year", "star", "decided_by", "document", "date", "event"])


def town(*chances: tuple[float, ...]) -> pd.DataFrame:
    """Score rows of communities by P(0 … 5 stars), each with the likeliest star."""
    rows = []
    for place, each in enumerate(chances):
        star = max(range(6), key=lambda k: each[k])
        rows.append((f"C{place}", star, *each, "calculated", None, None, None))
    names = ["community_code", "star", *(f"star_p{k}" for k in range(6)), "status", "star_awarded", "applied_star"]
    return pd.DataFrame(rows, columns=[*names, "title_before"])


def payers(*chances: tuple[float, ...]) -> dict[str, PayerForecast]:
    return {p.payer: p for p in forecast(town(*chances), NO_TITLES, 2014, RULES, {}).payers}


def test_what_is_nearly_certain_not_to_fall_due_lies_within_its_range():
    """A first star one time in 500: 95 % of the draws cost nothing, and 1/500 of the payment is expected."""
    found = [p for p in payers((0.998, 0, 0, 0.002, 0, 0)).values() if p.expected]
    assert found
    for payer in found:
        assert payer.amount == 0
        assert (payer.low, payer.high) == (0, payer.expected)


def test_other_chances_are_another_range():
    """Even chances: the range reaches from nothing to the whole payment."""
    for payer in payers((0.5, 0, 0, 0.5, 0, 0)).values():
        if payer.expected:
            assert (payer.low, payer.high) == (0, pytest.approx(2 * payer.expected))


@given(
    st.lists(
        st.lists(st.floats(0, 1), min_size=6, max_size=6).filter(lambda each: sum(each) > 0.01),
        min_size=1,
        max_size=3,
    )
)
def test_a_range_always_holds_its_expected_amount(weights):
    chances = [tuple(w / sum(each) for w in each) for each in weights]
    found = forecast(town(*chances), NO_TITLES, 2014, RULES, {})
    for payer in found.payers:
        assert payer.low is not None
        assert payer.expected is not None
        assert payer.high is not None
        assert payer.low <= payer.expected <= payer.high
    shown = forecast_table(found).iloc[:-1]
    assert (shown["low"] <= shown["expected"]).all()
    assert (shown["expected"] <= shown["high"]).all()
