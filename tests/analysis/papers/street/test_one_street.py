"""A street's rows in the order of its league; a street that the year does not have is refused by name."""

from dataclasses import replace

import pytest

from analysis.papers.diagnosis import Sources
from analysis.papers.street.one_street import Street, streets_in
from survey.core.errors import Refused
from tests.tools.towns.fake_results import fake_results


def street(name="示例街道", **more):
    found = fake_results(2014)
    return Street(Sources([replace(found, scores=found.scores.assign(**more))], {}), name)


def test_the_ranked_come_first_in_their_order_and_those_without_a_total_last():
    rows = street().rows
    ranks = [row["rank"] for row in rows if row["rank"] is not None]
    assert ranks == sorted(ranks)
    assert [row["total"] is None for row in rows] == sorted(row["total"] is None for row in rows)
    assert len(rows) == 12


def test_of_several_streets_together_each_stands_by_itself():
    names = ["甲街道"] * 6 + ["乙街道"] * 6
    assert streets_in(street("", sub_district=names).results) == ["甲街道", "乙街道"]
    assert [row["sub_district"] for row in street("", sub_district=names).rows] == names
    assert {row["sub_district"] for row in street("乙街道", sub_district=names).rows} == {"乙街道"}


def test_an_unknown_street_is_refused():
    with pytest.raises(Refused, match="示例街道"):
        street("没有的街道").codes  # noqa: B018


def test_money_and_targets_are_the_streets(closed_year):
    assert {line.community for line in closed_year.lines} <= closed_year.codes
    assert {p.year for p in closed_year.payments} == {2013}
    assert closed_year.goals is not None
