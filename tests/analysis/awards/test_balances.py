"""Which balances count: nothing twice, and one street is one however it was entered."""

from __future__ import annotations

from datetime import datetime

import pytest

from analysis.awards.balances import counting, for_street
from survey.core.errors import Refused
from survey.store.year.funds import Balance

AT = datetime(2014, 1, 1)


def entry(payer: str, amount: int, street: str = "") -> Balance:
    return Balance(2014, payer, amount, f"{amount}号", "", "", AT, street)


def amounts(entries: list[Balance], streets: tuple[str, ...], street: str = "") -> dict[str, int]:
    return {payer: one.amount for payer, one in counting(entries, streets, street).items()}


@pytest.mark.parametrize("streets", [(), ("甲",)])
def test_in_a_year_of_one_street_the_newest_counts_whether_it_was_named_or_not(streets):
    entries = [entry("street", 100), entry("district", 7, "甲"), entry("street", 80, "甲")]
    assert amounts(entries, streets) == amounts(entries, streets, "甲") == {"street": 80, "district": 7}
    assert for_street("street", 1, "甲", streets, entries) == ""


def test_a_district_sees_its_own_fund_once_and_the_streets_together():
    entries = [entry("street", 5), entry("district", 30, "甲"), entry("street", 60, "甲"), entry("street", 40, "乙")]
    assert amounts(entries, ("甲", "乙")) == {"street": 100, "district": 30}
    assert amounts([*entries, entry("district", 90)], ("甲", "乙")) == {"street": 100, "district": 90}
    assert amounts(entries, ("甲", "乙"), "甲") == {"street": 60, "district": 30}
    assert amounts([entry("street", 5)], ("甲", "乙")) == {"street": 5}  # as older versions kept it
    rest = [entry("district", 30, "甲"), entry("district", 20)]
    assert amounts(rest, ("甲", "乙")) == {"district": 50}  # less than its parts: an older version kept the rest there


def test_a_streets_own_fund_says_whose_and_parts_are_no_more_than_the_whole():
    two, kept = ("甲", "乙"), [entry("district", 50), entry("district", 30, "甲")]
    for payer, amount, street, key in (
        ("street", 1, "", "awards.whose_fund"),
        ("district", 21, "乙", "awards.parts_exceed"),
        ("district", 29, "", "awards.parts_exceed"),
    ):
        with pytest.raises(Refused) as refused:
            for_street(payer, amount, street, two, kept)
        assert refused.value.key == key
        assert all("{" not in refused.value.word(lang) for lang in ("zh", "en"))
    assert for_street("district", 20, "乙", two, kept) == "乙"
    assert for_street("district", 30, "", two, kept) == ""
    assert for_street("street", 99, "乙", two, kept) == "乙"
