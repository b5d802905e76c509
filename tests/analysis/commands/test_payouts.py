"""Payments of awards as a user enters them: one by one, by workbook, taken back; and the ledger that comes of it."""

from __future__ import annotations

import openpyxl
import pytest

from survey.store import Store
from survey.store.year import cycle
from survey.store.year.cycle import Event
from tests.tools.commands import run as program  # noqa: F401
from tests.tools.commands import table
from tests.tools.towns.cycle_town import make_town

SAID = ("--year", "2013", "--payer", "街道", "--date", "2014-01-05", "--by", "出纳")


@pytest.fixture
def run(program):  # noqa: F811
    """Run ``xingfu awards`` on a town with a title of three stars; gives (status, rows, stderr)."""
    store = Store.open("xingfu.db", create=True)
    make_town(store)
    with store.write() as conn:
        cycle.append(conn, Event("title", 2013, "C1", star=3, outcome="first", subject="history", date="2013-12-20"))
    store.close()

    def call(*words: str) -> tuple[int, list[dict[str, str]], str]:
        status, out, err = program("awards", *words)
        return status, table(out), err

    return call


def test_a_payment_entered_returned_taken_back_and_the_ledger_after_each(run, tmp_path):
    def ledger():
        _, rows, err = run("ledger", "--year", "2013")
        return [(r["payer"], r["due"], r["paid"], r["difference"], r["state"], r["payable"]) for r in rows], err

    status, (kept,), _ = run("pay", "甲社区", "75000", *SAID, "--voucher", "付1")
    assert (status, kept["kind"], kept["amount"], kept["community_code"], kept["who"]) == (
        0,
        "paid",
        "75000",
        "C1",
        "出纳",
    )
    rows, err = ledger()
    assert rows == [
        ("district", "75000", "0", "75000", "open", "75000"),
        ("street", "75000", "75000", "0", "settled", "0"),
    ]
    assert "2013 年应拨 15 万元，已拨 7.5 万元；少拨合计 7.5 万元，多拨合计 0" in err
    status, _, err = run("pay", "C1", "0.01", *SAID, "--voucher", "付2")
    assert status == 3
    assert "还可拨 0，不能再拨 0.01 元" in err
    assert run("return", "C1", "25000.5", *SAID, "--voucher", "退1")[0] == 0
    assert ledger()[0][1] == ("street", "75000", "49999.5", "25000.5", "under", "25000.5")
    assert run("withdraw", "2", "--reason", "没有退", "--approver", "出纳", "--by", "出纳")[0] == 3
    assert run("withdraw", "2", "--reason", "没有退", "--approver", "王主任", "--by", "出纳")[0] == 0
    _, every, _ = run("entries", "--year", "2013")
    assert [(e["id"], e["kind"], e["ref"], e["approved_by"]) for e in every] == [
        ("1", "paid", "", ""),
        ("2", "returned", "", ""),
        ("3", "withdrawn", "2", "王主任"),
    ]
    assert run("ledger", "--out", "台账.xlsx")[0] == 0
    assert openpyxl.load_workbook(tmp_path / "台账.xlsx").worksheets[0].max_row == 3


def test_a_workbook_of_payments_goes_out_and_comes_back_whole_or_not_at_all(run, tmp_path):
    assert run("template", "2013", "拨付.xlsx")[0] == 0
    book = openpyxl.load_workbook(tmp_path / "拨付.xlsx")
    sheet = book.worksheets[0]
    place = {str(cell.value).split()[-1]: cell.column for cell in sheet[1]}
    for row, amount in ((2, 75000), (3, 75000.01)):
        for key, value in {"amount": amount, "voucher": f"付{row}", "date": "2014-01-05"}.items():
            sheet.cell(row, place[key], value)
    book.save(tmp_path / "拨付.xlsx")
    status, rows, err = run("import", "拨付.xlsx")
    assert (status, rows) == (3, [])
    assert "I3" in err
    assert run("entries")[1] == []
    sheet.cell(3, place["amount"], 75000)
    book.save(tmp_path / "拨付.xlsx")
    status, rows, _ = run("import", "拨付.xlsx")
    assert (status, [r["payer"] for r in rows]) == (0, ["district", "street"])
    assert run("ledger", "--year", "2012")[0] == 0


@pytest.mark.parametrize("words", [["pay", "C1", "1"], ["withdraw", "1"], ["withdraw", "x"], ["pay"]])
def test_what_is_left_out_is_asked_for(run, words):
    assert run(*words)[0] == 2
