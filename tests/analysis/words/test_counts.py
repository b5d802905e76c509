"""How many said what: shares of those coded in their turn, small groups as everywhere."""

from __future__ import annotations

import math

import pytest

from analysis.words.counts import changes, counts
from tests.tools.stores import words_town

town = words_town.town


def test_shares_are_those_of_the_answers_that_count(town):
    words_town.code(town, 2014, 60)
    table = counts(town, words_town.asked(town), ["community", "year"])
    first = table[table["community_code"] == "C1"].set_index("name")
    assert first["n"].tolist() == [30, 30, 30]
    assert first["said"].to_dict() == {"停车": 10, "垃圾": 10, "满意": 10}
    assert first["share"].tolist() == pytest.approx([1 / 3] * 3)
    # by hand, as R's svyciprop(subset(d, coded), method = "logit"): 30 of the 40 of the stratum are the domain
    se = math.sqrt(40 / 39 * (1 / 3 * 2 / 3) / 30)
    half = 2.045230 * se / (1 / 3 * 2 / 3)  # qt(0.975, 29): those of the domain
    low, high = (1 / (1 + math.exp(-(math.log(0.5) + side * half))) for side in (-1, 1))
    assert first.loc["停车", ["share_low", "share_high"]].tolist() == pytest.approx([low, high], rel=1e-4)


def test_a_community_of_few_has_no_row_that_tells_anything(town):
    words_town.code(town, 2014, 60)
    table = counts(town, words_town.asked(town), ["community", "year"])
    assert set(table["community_code"]) == {"C1", "C2"}


def test_under_ten_coded_nothing_is_told_apart(town):
    words_town.code(town, 2014, 8)
    table = counts(town, words_town.asked(town), ["sub_district", "year"])
    assert (table["share"].isna()).all()
    assert (table["code"] == 0).all()


def test_filters_are_those_of_estimate(town):
    words_town.code(town, 2014, 60)
    table = counts(town, words_town.asked(town), ["sub_district", "year"], ["community=C1"])
    assert table["n"].tolist() == [30, 30, 30]
    assert table["said"].tolist() == [10, 10, 10]


def test_a_change_is_tested_with_all_codes(town):
    words_town.code(town, 2013, 60)
    words_town.code(town, 2014, 60)
    table = counts(town, words_town.asked(town), ["sub_district", "year"])
    found = changes(table, 2014, 2013)
    assert {round(d, 12) for d, _, _ in found.values()} == {0.0}
    assert {q for _, _, q in found.values()} == {1.0}
    shifted = table.copy()
    shifted.loc[(table["year"] == 2014) & (table["name"] == "停车"), "share"] += 0.3
    code = int(table[table["name"] == "停车"]["code"].iloc[0])
    d, p, q = changes(shifted, 2014, 2013)[code]
    assert (round(d, 12), q) == (0.3, pytest.approx(3 * p))  # Benjamini–Hochberg: the smallest of three
    assert changes(table, 2014, 2010) == {}
