"""Payments into the store: one by one, by workbook, taken back by a second person; what is refused stores nothing."""

from __future__ import annotations

import io
from collections import Counter

import openpyxl
import pytest

from analysis.awards import disbursements
from analysis.awards import ledger as ledger_module
from analysis.awards.disbursements import Said, ledger
from analysis.awards.ledger_tables import entry_table, ledger_table, payments_template, reading
from survey.core.errors import Refused
from survey.store import audit
from survey.store.year import cycle, register
from survey.store.year.cycle import Event
from tests.tools.towns.cycle_town import make_town

PAID = Said(2013, "甲社区", "街道", "75,000.00", "付12", "2014年1月5日", "首笔")


@pytest.fixture
def town(store):
    make_town(store)
    with store.write() as conn:
        for code in ("C1", "C2"):
            title = Event(
                "title", 2013, code, star=3, body="district", outcome="first", subject="history", date="2013-12-20"
            )
            cycle.append(conn, title)
    return store


def refused(town, **changes):
    before = ledger(town).entries
    with pytest.raises(Refused) as error:
        disbursements.enter(town, Said(**{**PAID.__dict__, **changes}), who="出纳")
    assert ledger(town).entries == before
    assert error.value.word("zh")
    assert error.value.word("en")
    return error.value.key


def test_a_payment_is_kept_as_it_was_said_and_the_ledger_shows_it(town):
    kept = disbursements.enter(town, PAID, who="出纳")
    assert (kept.community, kept.payer, kept.amount, kept.date, kept.who) == (
        "C1",
        "street",
        7_500_000,
        "2014-01-05",
        "出纳",
    )
    known = ledger(town)
    frame = ledger_table(known, known.of_year(2013))
    rows = frame[["community_code", "payer", "due", "paid", "difference", "state", "payable"]].to_numpy().tolist()
    assert rows == [
        ["C1", "district", 75000.0, 0.0, 75000.0, "open", 75000.0],
        ["C1", "street", 75000.0, 75000.0, 0.0, "settled", 0.0],
        ["C2", "district", 75000.0, 0.0, 75000.0, "open", 75000.0],
        ["C2", "street", 75000.0, 0.0, 75000.0, "open", 75000.0],
    ]
    key, words = reading("zh", known.of_year(2013))
    assert (key, words) == (
        "ledger.reading.sums",
        {"due": "30 万元", "paid": "7.5 万元", "short": "22.5 万元", "over": "0"},
    )


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"community": "丙社区"}, "cycle_file.unknown_community"),
        ({"community": ""}, "cycle_file.unknown_community"),
        ({"payer": "省财政"}, "awards.unknown_payer"),
        ({"payer": "市"}, "ledger.too_much"),
        ({"year": 2012}, "ledger.no_title"),
        ({"amount": "-1"}, "awards.bad_amount"),
        ({"amount": "七万"}, "awards.bad_amount"),
        ({"amount": "1.001"}, "awards.bad_amount"),
        ({"amount": ""}, "awards.bad_amount"),
        ({"amount": "0"}, "ledger.nothing"),
        ({"amount": "75000.01"}, "ledger.too_much"),
        ({"date": "2013-12-19"}, "ledger.before_title"),
        ({"date": "2099-01-01"}, "ledger.in_future"),
        ({"date": "5/6/2014"}, "awards.bad_date"),
        ({"date": ""}, "ledger.need_date"),
        ({"voucher": " "}, "ledger.need_voucher"),
        ({"voucher": "凭" * 5000}, "cycle_file.too_long"),
    ],
)
def test_bad_input_is_refused_in_one_sentence_and_stores_nothing(town, changes, key):
    assert refused(town, **changes) == key


def test_a_payer_goes_by_what_people_call_it(town):
    for number, (word, payer) in enumerate(
        {"区": "district", "区政府": "district", "街道办": "street", "Street": "street"}.items()
    ):
        said = Said(**{**PAID.__dict__, "payer": word, "voucher": f"付{number}", "amount": "0.01"})
        assert disbursements.enter(town, said, who="出纳").payer == payer


def test_taking_back_takes_a_reason_and_a_second_person(town, monkeypatch):
    monkeypatch.setattr(audit, "machine_user", lambda: "wang")
    number = disbursements.enter(town, PAID, who="wang").id
    for said, key in (
        ({"reason": "", "approver": "王"}, "ledger.need_reason"),
        ({"reason": "错", "approver": " "}, "ledger.need_approver"),
        ({"reason": "错", "approver": "local"}, "cycle.own"),  # the page and the command of one machine
    ):
        with pytest.raises(Refused) as error:
            disbursements.withdraw(town, number, **said, who="wang")
        assert error.value.key == key
    assert refused(town) == "ledger.voucher_twice"
    disbursements.withdraw(town, number, reason="重复录入", approver="王主任", who="wang")
    every = entry_table(ledger(town))
    assert every[["kind", "amount", "ref", "note", "approved_by"]].astype(object).to_numpy().tolist()[1] == [
        "withdrawn",
        75000.0,
        number,
        "重复录入",
        "王主任",
    ]
    assert disbursements.enter(town, PAID, who="wang").amount == 7_500_000


def test_a_year_that_was_closed_can_still_be_paid(town):
    from survey.store.year import years

    with town.write() as conn:
        years.close(conn, 2013, "李")
    assert disbursements.enter(town, PAID, who="出纳").id


def filled(town, *rows):
    book = openpyxl.load_workbook(io.BytesIO(payments_template(ledger(town), 2013)))
    sheet = book.worksheets[0]
    heads = {str(cell.value).split()[-1]: cell.column for cell in sheet[1]}
    for row, said in rows:
        for key, value in said.items():
            sheet.cell(row, heads[key], value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_goes_out_with_what_may_be_paid_and_comes_back(town):
    day = {"date": "2014-01-05"}
    data = filled(town, (2, {"amount": 75000, "voucher": "付1", **day}), (5, {"amount": 0.01, "voucher": "付1", **day}))
    receipt = disbursements.import_payments(town, "拨付.xlsx", data, year=None, who="出纳")
    assert [(e.community, e.payer, e.amount) for e in receipt.kept] == [
        ("C1", "district", 7_500_000),
        ("C2", "street", 1),
    ]
    with pytest.raises(Refused) as error:  # the same file again
        disbursements.import_payments(town, "拨付.xlsx", data, year=2013, who="出纳")
    assert [(f.code, f.cell) for f in error.value.findings] == [
        ("ledger.voucher_twice", "J2"),
        ("ledger.voucher_twice", "J5"),
    ]


def test_one_wrong_row_and_nothing_is_kept_each_named_in_its_place(town):
    good = {"amount": 1, "voucher": "付1", "date": "2014-01-05"}
    data = filled(
        town,
        (2, good),
        (3, {**good, "amount": 75000.01}),
        (4, {**good, "year": "二〇一三"}),
        (5, {**good, "kind": "借款"}),
        (6, {"year": 2013, "community": "C1", "payer": "区", **good, "voucher": "付１"}),
        (7, {"year": 2013, "community": "", "payer": "区", **good, "voucher": "付9"}),
    )
    with pytest.raises(Refused) as error:
        disbursements.import_payments(town, "拨付.xlsx", data, year=None, who="出纳")
    assert [(f.code, f.cell) for f in error.value.findings] == [
        ("ledger.too_much", "I3"),
        ("cycle_file.bad_year", "A4"),
        ("ledger.bad_kind", "H5"),
        ("ledger.voucher_twice", "J6"),
        ("cycle_file.unknown_community", "B7"),
    ]
    assert all(f.where and f.word("zh") and f.word("en") for f in error.value.findings)
    assert ledger(town).entries == ()


@pytest.mark.parametrize("data", [b"a,b\n1,2\n", filled])
def test_a_file_without_payments_says_so(town, data):
    with pytest.raises(Refused) as error:
        disbursements.import_payments(
            town,
            "x.csv" if isinstance(data, bytes) else "x.xlsx",
            data if isinstance(data, bytes) else data(town),
            year=2013,
            who="出纳",
        )
    assert error.value.findings[0].code == ("ledger.no_table" if isinstance(data, bytes) else "cycle_file.empty")


def test_the_year_of_all_rows_is_not_another_one_of_a_row(town):
    data = filled(town, (2, {"amount": 1, "voucher": "1", "date": "2014-01-05"}))
    with pytest.raises(Refused) as error:
        disbursements.import_payments(town, "x.xlsx", data, year=2014, who="出纳")
    assert error.value.findings[0].code == "cycle_file.other_year"


def test_streets_keep_their_own_vouchers(town):
    with town.write() as conn:
        two = [c for c in register.communities(conn) if c.code == "C2"]
        register.save(conn, [register.replace(c, sub_district="另一街道") for c in two])
    for place in ("C1", "C2"):
        disbursements.enter(town, Said(**{**PAID.__dict__, "community": place}), who="出纳")
    assert len(ledger(town).standing) == 2


def test_a_row_costs_the_same_however_many_came_before_it(town, monkeypatch):
    """What is read of titles, schemes and vouchers is read once a file."""
    read: Counter[str] = Counter()

    def counted(module, name):
        plain = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a: read.update([name]) or plain(*a))

    for module, name in ((ledger_module, "header_key"), (disbursements, "ledger_in"), (disbursements, "payers_of")):
        counted(module, name)
    head = "年度,社区,承担方,金额,凭证号,日期\n"
    for first, rows in ((0, 10), (100, 40)):
        read.clear()
        lines = "".join(f"2013,C1,区,0.01,付{first + i},2014-01-05\n" for i in range(rows))
        receipt = disbursements.import_payments(town, "x.csv", (head + lines).encode(), year=None, who="出纳")
        assert len(receipt.kept) == rows
        before = 0 if first == 0 else 10
        assert read == {"ledger_in": 1, "payers_of": 1, "header_key": before + 2 * rows}
