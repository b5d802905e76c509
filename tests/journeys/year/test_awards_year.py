"""A store's awards: forecast counted by hand, balances, commands, page, and plain answers to bad input."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import xingfu
from analysis.awards.amounts import amounts_of
from analysis.awards.forecast import forecast
from analysis.awards.year import budget, enter_balance, paid, targets
from analysis.scheme import default_scheme
from dashboard.app import create_app
from dashboard.pages.awards import service
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.store import Store
from survey.store.year import cycle, funds
from survey.store.year.cycle import Event
from tests.tools.dashboard_tools import ADMIN, VIEWER, source_of, words
from tests.tools.towns.cycle_town import make_town

WAN = 1_000_000
RULES = amounts_of(default_scheme())


def scores(*rows):
    """(code, star, chances by star, status, applied star)."""
    frame = pd.DataFrame(
        [
            (
                c,
                s,
                st,
                None,
                a,
                None,
                *np.pad(np.array(p, dtype=float), (0, 6 - len(p)), constant_values=0.0 if p else np.nan),
            )
            for c, s, p, st, a in rows
        ],
        columns=[
            "community_code",
            "star",
            "status",
            "star_awarded",
            "applied_star",
            "title_before",
            *[f"star_p{k}" for k in range(6)],
        ],
    )
    return frame.astype(
        {"star": "float64", "star_awarded": "float64", "applied_star": "float64", "title_before": "float64"}
    )


NO_TITLES = pd.DataFrame(columns=["community_code", "year", "star", "decided_by", "document", "date", "event"])


def test_a_forecast_counted_by_hand():
    # A: three stars for sure → 15. B: 3 stars, but 4 stars with 20 % → 0.8 x 15 + 0.2 x 30 = 18
    found = forecast(
        scores(("A", 3, [0, 0, 0, 1, 0, 0], "calculated", 3), ("B", 3, [0, 0, 0, 0.8, 0.2, 0], "calculated", 4)),
        NO_TITLES,
        2014,
        RULES,
        {"street": 10 * WAN},
    )
    by = {p.payer: p for p in found.payers}
    assert found.total == 30 * WAN
    assert (by["street"].amount, by["district"].amount, by["city"].amount) == (15 * WAN, 15 * WAN, 0)
    # street pays half of A and of B while it has three stars: 7.5 + 0.8 x 7.5 = 13.5
    assert by["street"].expected == pytest.approx(13.5 * WAN)
    assert by["city"].expected == pytest.approx(0.2 * 15 * WAN)
    assert (by["street"].low, by["street"].high) == (7.5 * WAN, 15 * WAN)
    assert (by["street"].short, by["city"].short) == (5 * WAN, None)


def test_vetoed_and_absent_communities_cost_nothing_and_unknown_ones_are_named():
    found = forecast(
        scores(("A", 3, [], "vetoed", 3), ("B", 5, [], "calculated", None), ("C", None, [], "incomplete", 3)),
        NO_TITLES,
        2014,
        RULES,
        {},
    )
    assert (found.total, found.unknown, found.everybody) == (0, ("C",), False)
    assert all(p.expected is None for p in found.payers)


def test_what_is_decided_counts_as_decided_and_is_certain():
    rows = scores(("A", 3, [0, 0, 0, 0.6, 0.4, 0], "confirmed", 3), ("B", 0, [], "named", 1))
    rows["star_awarded"] = [4.0, 1.0]  # the city measured A higher, the district named B against the calculation
    found = forecast(rows, NO_TITLES, 2014, RULES, {})
    by = {p.payer: p for p in found.payers}
    assert (found.total, found.decided) == (35 * WAN, 2)
    assert (by["city"].amount, by["city"].expected) == (15 * WAN, None)


@pytest.mark.parametrize("outcome", ["not_rated", "deferred", "kept_previous"])
def test_who_was_not_decided_by_a_star_costs_nothing_and_waits_for_nothing(outcome):
    rows = scores(("A", 5, [], outcome, 3), ("B", None, [], outcome, 3), ("C", 1, [], "calculated", 1))
    found = forecast(rows, NO_TITLES, 2014, RULES, {})
    assert ([p.community_code for p in found.payments], found.total, found.unknown) == (["C"], 5 * WAN, ())


def test_before_anybody_applied_all_are_counted():
    found = forecast(scores(("A", 2, [], "calculated", None)), NO_TITLES, 2014, RULES, {})
    assert (found.everybody, found.total) == (True, 10 * WAN)


def test_a_rise_to_be_set_by_hand_is_named_and_not_summed():
    titles = pd.DataFrame([("A", 2013, 3, "", "", "", "first")], columns=NO_TITLES.columns)
    rules = amounts_of(replace(default_scheme(), settings={"tier_promotion": "manual"}))
    found = forecast(scores(("A", 4, [], "calculated", 4)), titles, 2014, rules, {})
    assert (found.to_set, found.total) == (("A",), 0)


@pytest.fixture
def town(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("XINGFU_STORE", "XINGFU_LANG"):
        monkeypatch.delenv(name, raising=False)
    store = Store.open("xingfu.db", create=True)
    make_town(store)
    yield store
    store.close()


def name_all(store, year=2013, star=2):
    with store.read() as conn:
        codes = [r[0] for r in conn.exec_driver_sql("SELECT code FROM communities ORDER BY position")]
    with store.write() as conn:
        for code in codes:
            cycle.append(
                conn,
                Event(
                    "title",
                    year,
                    code,
                    star=star,
                    body="district",
                    outcome="first",
                    subject="history",
                    document="示例〔2013〕1号",
                    date="2013-12-20",
                ),
            )
    return codes


def test_titles_are_paid_and_their_year_is_counted(town):
    codes = name_all(town)
    found = paid(town)
    assert sum(p.amount for p in found.of_year(2013)) == 10 * WAN * len(codes)
    assert found.years == (2013,)
    assert {p.reached for p in targets(town, 2014).progress["title"]} == {0}  # two stars reach no target


def test_the_newest_balance_counts_and_every_entry_is_kept(town):
    enter_balance(town, 2014, "街道", "100000", document="示例〔2014〕2号", date="2014-3-1", who="甲")
    enter_balance(town, 2014, "street", "120000.5", who="乙")
    with town.read() as conn:
        assert [b.amount for b in funds.newest(conn, 2014) if b.payer == "street"] == [12_000_050]
        assert [(b.who, b.date) for b in funds.history(conn, 2014)] == [("甲", "2014-03-01"), ("乙", "")]
    assert {p.payer: p.balance for p in budget(town, 2014)[0].payers}["street"] == 12_000_050


@pytest.mark.parametrize(
    ("payer", "amount", "date"),
    [("省", "1", ""), ("street", "一万", ""), ("street", "-1", ""), ("street", "1", "昨天")],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(town, payer, amount, date):
    with pytest.raises(Refused):
        enter_balance(town, 2014, payer, amount, date=date)
    with town.read() as conn:
        assert funds.history(conn, 2014) == []


def call(capfd, *args):
    capfd.readouterr()
    status = xingfu.main(list(args))
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err
    return status, list(csv.DictReader(io.StringIO(out))), err


def test_the_commands_say_what_the_rules_say(town, capfd):
    name_all(town)
    status, rows, _ = call(capfd, "awards", "show", "--year", "2013")
    assert status == 0
    assert {r["rule"] for r in rows} == {"首次命名 2 星，奖励 10 万元"}
    assert {r["payer"] for r in rows} == {"district", "street"}
    status, rows, _ = call(capfd, "--lang", "en", "awards", "forecast")
    assert (status, rows[-1]["payer"]) == (0, "total")
    assert call(capfd, "awards", "balance", "--year", "2014", "--payer", "省", "5")[0] == 3
    assert call(capfd, "awards", "forecast", "--by", "office")[0] == 3
    status, rows, err = call(capfd, "targets")
    assert (status, len(rows)) == (0, 6)
    assert "阶段" in err
    assert call(capfd, "targets", "--year", "1999")[0] == 3


def page(store, viewer=ADMIN, search="?year=2014"):
    return render(viewer, source_of(store), store, None, "/awards", search, {})


def test_the_page_shows_targets_budget_and_payments(town):
    name_all(town)
    text = words(page(town).children)
    for piece in ("目标完成情况", "预算测算", "应发奖励", "拨付台账", "未录入", "四星及以上 50%"):
        assert piece in text
    assert "nan" not in text.casefold()
    assert "Budget forecast" in words(page(town, search="?year=2014&lang=en").children)


def test_money_is_for_who_sees_the_whole_street_and_entering_for_editors(town):
    source = source_of(town)
    with pytest.raises(Refused):
        service.money(Viewer("v", "leader", frozenset({"A"})), source, town, 2014)
    with pytest.raises(Refused):
        service.enter(VIEWER, source, town, 2014, "street", "1", "", "")
    assert "录入专项资金余额" not in words(page(town, VIEWER).children)


@pytest.mark.parametrize(
    "name", ["payments", "forecast", "communities", "targets", "goals", "ledger", "entries", "payments_form"]
)
def test_each_table_is_downloaded(town, name):
    client = create_app(town).server.test_client()
    assert client.get(f"http://localhost/download/awards/{name}?year=2014").status_code == 200
    assert client.get("http://localhost/download/awards/nothing?year=2014").status_code in (400, 404)


def test_one_street_is_one_whether_it_is_named_or_not(town):
    for amount, street in (("100", ""), ("70", "示例街道"), ("80", "")):
        enter_balance(town, 2014, "街道", amount, street=street)
        for asked in ("", "示例街道"):
            assert budget(town, 2014, asked)[1]["street"].amount == int(amount) * 100
