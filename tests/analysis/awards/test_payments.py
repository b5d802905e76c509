"""A history of titles and what it paid, counted by hand; nobody is ever paid more than the highest star's award."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.awards.amounts import amounts_of
from analysis.awards.payments import payments, totals, what_if
from analysis.awards.tables import money, payment_table, rule_words
from analysis.scheme import default_scheme

WAN = 1_000_000
RULES = amounts_of(default_scheme())
STEP = amounts_of(replace(default_scheme(), settings={"repromotion": "step"}))


def titles(*stars, start=2012, code="A"):
    """A community's stars year by year; None: not named that year, ``-k``: suspended with k stars."""
    rows, held = [], 0
    for year, star in enumerate(stars, start):
        if star is None:
            continue
        if star < 0:
            event = "suspended"
        elif star == 0:
            event = "revoked"
        elif star > held:
            event = "promoted" if held else "first"
        else:
            event = "kept" if star == held else "demoted"
        rows.append((code, year, abs(star), "", "", "", event))
        held = held if star < 0 else star
    return pd.DataFrame(rows, columns=["community_code", "year", "star", "decided_by", "document", "date", "event"])


def paid(*stars, rules=RULES):
    return [None if p.amount is None else p.amount // WAN for p in payments(titles(*stars), lambda _: rules)]


@pytest.mark.parametrize(
    ("stars", "wan"),
    [
        ((1, 2, 3), [5, 5, 5]),  # every step that the document states
        ((3, 4, 5), [15, 15, 20]),
        ((1, 4), [5, 25]),  # a jump: 30 − 5
        ((2, 2, 3), [10, 0, 5]),  # keeping pays nothing
        ((5, 3, 4, 5), [50, 0, 0, 0]),  # up again below the highest star: nothing twice
        ((3, 2, 4), [15, 0, 15]),  # above the highest star: only what lies above
        ((3, 0, 3), [15, 0, 0]),  # named again after a revocation
        ((3, 0, 4), [15, 0, 15]),
        ((4, -4, 5), [30, 0, 20]),
        ((None, 2, None, 3), [10, 5]),
    ],
)
def test_payments_counted_by_hand(stars, wan):
    assert paid(*stars) == wan


@pytest.mark.parametrize(
    ("stars", "wan"), [((5, 3, 4), [50, 0, 15]), ((3, 0, 3), [15, 0, 15]), ((3, 2, 3), [15, 0, 5])]
)
def test_with_step_every_rise_is_paid_anew(stars, wan):
    assert paid(*stars, rules=STEP) == wan


def test_who_pays_follows_the_new_star():
    found = payments(titles(3, 4), lambda _: RULES)
    assert [dict(p.shares) for p in found] == [
        {"district": 15 * WAN // 2, "street": 15 * WAN // 2},
        {"city": 15 * WAN // 2, "district": 15 * WAN // 2},
    ]
    assert [p.unstated for p in found] == [False, True]
    assert totals(found) == {"district": 15 * WAN, "street": 15 * WAN // 2, "city": 15 * WAN // 2}


def test_the_rule_behind_each_amount_is_said():
    said = [rule_words("zh", p) for p in payments(titles(3, 4, 4, 2, 5), lambda _: RULES)]
    assert said == [
        "首次命名 3 星，奖励 15 万元",
        "从 3 星晋升 4 星，奖励两级差额 15 万元（文件未规定，需确认）",
        "复评保留 4 星，不另奖励",
        "降为 2 星，不奖励，已发奖励不收回",
        "从 4 星晋升 5 星，再奖励 20 万元",
    ]


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        (15 * WAN, "15 万元", "¥150,000"),
        (25_000_00, "2.5 万元", "¥25,000"),
        (1_01, "1.01 元", "¥1.01"),
        (None, "待人工确定", "to be set by hand"),
    ],
)
def test_money_is_exact_in_words(amount, zh, en):
    assert (money("zh", amount), money("en", amount)) == (zh, en)


def test_the_table_has_a_row_a_payer_and_names_what_pays_nothing():
    table = payment_table(payments(titles(3, 3), lambda _: RULES), {"A": "甲社区"}, "zh")
    shown = list(zip(table["community"], table["year"], table["payer"], table["share"], strict=True))
    assert shown[:2] == [("甲社区", 2012, "district", 75_000.0), ("甲社区", 2012, "street", 75_000.0)]
    assert len(table) == 3
    assert table["share"].sum() == 150_000.0


def test_a_look_ahead_forgets_the_year_itself_and_later():
    found = what_if(titles(3, 5), {"A": 4, "B": 2}, 2013, RULES)
    assert {c: (p.event, p.amount // WAN) for c, p in found.items()} == {"A": ("promoted", 15), "B": ("first", 10)}


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=8))
def test_all_that_is_paid_never_exceeds_the_award_of_the_highest_star(stars):
    found = payments(titles(*stars), lambda _: RULES)
    highest = max((p.star for p in found if p.event in ("first", "promoted")), default=0)
    assert sum(p.amount for p in found) == RULES.first(highest)
    assert all(sum(p.shares.values()) == p.amount for p in found)


def test_the_star_held_before_stands_with_the_payment():
    """After a revocation nothing is held, whatever was paid before."""
    assert [p.held for p in payments(titles(2, 3, 0, 3), lambda _: RULES)] == [0, 2, 3, 0]


def test_a_full_award_is_said_of_the_step_that_crosses_to_another_body():
    """3 → 5: the full award of 4 stars and the difference to 5."""
    rules = replace(RULES, tier_promotion="full")
    (_, risen) = payments(titles(3, 5), lambda _: rules)
    said = rule_words("zh", risen)
    assert risen.amount == rules.first(4) + rules.first(5) - rules.first(4)
    assert "跨入新评定机关的那一级奖励该级全额，其余各级奖励差额" in said
    assert money("zh", risen.amount) in said
