"""Targets, awards, payers and payments of a street: sums of the ledger to the fen, of this year alone."""

import pytest

from analysis.papers.street.one_street import Street
from tests.analysis.papers.street.test_league_sheets import sheet, table


def test_awards_are_those_of_this_year_and_sum_up(closed_year):
    rows = table(sheet(closed_year, "奖励"), "社区")
    *lines, total = rows
    shares = sum(part for p in closed_year.payments for part in p.shares.values()) / 100
    assert total["份额（元）"] == pytest.approx(shares)
    assert {row["日期"][:4] for row in lines} == {"2013"}
    assert all(row["依据"] for row in lines)


def test_payers_are_in_words_and_their_sums_are_the_ledgers(closed_year):
    *lines, total = table(sheet(closed_year, "承担方"), "承担方")
    assert {row["承担方"] for row in lines} <= {"区财政", "街道", "市财政"}
    due, paid = (sum(getattr(line, key) or 0 for line in closed_year.lines) / 100 for key in ("due", "paid"))
    assert (total["应拨（元）"], total["已拨（元）"]) == (pytest.approx(due), pytest.approx(paid))
    assert total["未拨（元）"] == pytest.approx(due - paid)
    ledger = [row for row in table(sheet(closed_year, "拨付"), "社区") if row["承担方"]]
    assert sum(row["应拨（元）"] for row in ledger) == pytest.approx(due)


def test_targets_are_those_of_the_page(closed_year):
    rows = table(sheet(closed_year, "目标"), "口径")
    told = [p for every in closed_year.goals.progress.values() for p in every]
    assert [(row["应达"], row["已达"], row["还差"]) for row in rows[: len(told)]] == [
        (p.required, p.reached, p.missing) for p in told
    ]


def test_a_year_without_titles_says_that_there_is_nothing(closed_year):
    bare = Street(closed_year.base, closed_year.name)
    for name in ("目标", "奖励", "承担方", "拨付"):
        cells = [c.value for row in sheet(bare, name).iter_rows() for c in row]
        assert "没有可列的内容。" in cells
