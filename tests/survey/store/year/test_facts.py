"""Facts in periods, against a plain list of years."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from survey.store.year import facts

YEARS = range(2010, 2017)
START: dict[str, Any] = dict.fromkeys(facts.DATED, "")
PERIODS = {0: {**START, "type": "a"}, 2012: {**START, "type": "b"}, 2014: {**START, "type": "a", "name": "n"}}


def types(periods: facts.Periods) -> str:
    return "".join(str((facts.at(periods, year) or {}).get("type", "-")) for year in YEARS)


def test_a_year_has_the_facts_of_the_period_it_is_in():
    assert types(PERIODS) == "aabbaaa"
    assert facts.at({2012: START}, 2011) is None
    assert facts.newest(PERIODS)["name"] == "n"


def test_what_is_told_counts_until_something_else_was_said():
    assert types(facts.told(PERIODS, {"type": "x"}, 2013)) == "aabxaaa"
    assert types(facts.told(PERIODS, {"type": "x"}, 2011)) == "axbbaaa"
    assert types(facts.told(PERIODS, {"type": "x"}, 2015)) == "aabbaxx"
    assert [*facts.told(PERIODS, {"type": "b"}, 2013)] == [0, 2012, 2014]
    named = facts.told(PERIODS, {"name": "m"}, 2011)
    assert [named[y]["name"] for y in named] == ["", "m", "m", "n"]


def test_what_is_told_of_earlier_years_leaves_the_later_ones():
    assert types(facts.told({2012: {**START, "type": "b"}}, {"type": "x"}, 2011)) == "-xbbbbb"


def test_a_correction_reaches_back_to_where_the_fact_began_to_count():
    assert types(facts.corrected(PERIODS, {"type": "x"}, facts.BEGINNING)) == "aabbxxx"
    assert types(facts.corrected(PERIODS, {"type": "x"}, 2015)) == "aabbaxx"
    assert types(facts.corrected(PERIODS, {"type": "a"}, 2015)) == "aabbaaa"
    assert types(facts.corrected({2014: {**START, "type": "a"}}, {"type": "x"}, 2013)) == "----xxx"


@given(st.lists(st.tuples(st.sampled_from(YEARS), st.sampled_from("abc"), st.booleans()), max_size=8))
def test_no_order_of_telling_reaches_before_its_year(said: list[tuple[int, str, bool]]):
    periods: facts.Periods = {0: {**START, "type": "a"}}
    for year, word, correct in said:
        before = periods
        periods = (facts.corrected if correct else facts.told)(before, {"type": word}, year)
        assert types(before)[: year - YEARS[0]] == types(periods)[: year - YEARS[0]]
        assert correct or types(periods)[year - YEARS[0]] == word
        assert not correct or types(periods)[-1] == word
        assert facts.differing(before, periods, YEARS) == [
            y for y, one, two in zip(YEARS, types(before), types(periods), strict=True) if one != two
        ]
        assert [*periods] == sorted(periods)
        assert all(one != two for one, two in zip([*periods.values()], [*periods.values()][1:], strict=False))
