"""The ledger on the page: what it says, who may enter, and plain answers to what can't be."""

from __future__ import annotations

import base64

import pytest

from analysis.awards.disbursements import Said
from analysis.awards.ledger import Line
from analysis.awards.ledger_tables import payments_template
from dashboard.pages.awards import service
from dashboard.pages.awards.ledger import state_words
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.store.year import cycle
from survey.store.year.cycle import Event
from tests.tools.dashboard_tools import ADMIN, VIEWER, source_of, words
from tests.tools.towns.cycle_town import make_town

SAID = Said(2014, "C1", "street", "50000.01", "付12", "2015-01-05")


@pytest.fixture
def town(store):
    make_town(store)
    with store.write() as conn:
        for code in ("C1", "C2"):
            cycle.append(
                conn, Event("title", 2014, code, star=3, outcome="first", subject="history", date="2014-12-20")
            )
    return store


def page(store, viewer=ADMIN, lang="zh"):
    return words(render(viewer, source_of(store), store, None, "/awards", f"?year=2014&lang={lang}", {}).children)


@pytest.mark.parametrize(
    ("due", "paid", "zh", "en"),
    [
        (10_000_000, 0, "未拨 10 万元", "¥100,000 unpaid"),
        (10_000_000, 9_999_999, "少拨 0.01 元", "¥0.01 too little"),
        (10_000_000, 10_000_000, "已拨足", "paid in full"),
        (0, 50, "多拨 0.50 元", "¥0.50 too much"),
        (0, 0, "无应拨", "nothing due"),
        (None, 0, "待确定", "to be set"),
    ],
)
def test_the_difference_is_said_in_words(due, paid, zh, en):
    line = Line("C1", 2014, "street", due, paid)
    assert (state_words("zh", line), state_words("en", line)) == (zh, en)


def test_the_page_shows_due_paid_and_difference_and_every_entry(town):
    before = page(town)
    assert "2014 年应拨 30 万元，已拨 0；少拨合计 30 万元，多拨合计 0。" in before
    kept = service.pay(ADMIN, source_of(town), town, SAID)
    after = page(town)
    for piece in ("少拨 24,999.99 元", "付12 · 2015-01-05", "每一笔登记（1 笔）", "未拨 7.5 万元"):
        assert piece in after
    service.take_back(ADMIN, town, str(kept.id), "重复录入", "王主任")
    taken = page(town)
    assert "第 1 笔" in taken
    assert "重复录入 · 王主任" in taken
    assert "已拨 0；" in taken
    assert "Payments ledger" in page(town, lang="en")


def test_entering_is_for_editors_who_see_the_whole_street(town):
    source = source_of(town)
    assert "登记一笔拨付" not in page(town, VIEWER)
    assert "拨付台账" in page(town, VIEWER)
    for viewer in (VIEWER, Viewer("e", "community", frozenset({"C1"}))):
        for call in (
            lambda v=viewer: service.pay(v, source, town, SAID),
            lambda v=viewer: service.take_back(v, town, "1", "x", "y"),
            lambda v=viewer: service.import_payments(v, source, town, 2014, "x.xlsx", ""),
            lambda v=viewer: service.file(v, source, town, 2014, "payments_form", "zh"),
        ):
            with pytest.raises(Refused) as error:
                call()
            assert error.value.key == "dash_errors.forbidden"


def test_a_workbook_is_read_whole_or_its_first_wrong_row_named(town):
    source = source_of(town)
    known, _ = service.ledger(ADMIN, source, town, 2014)

    def sent(data: bytes) -> str:
        return "data:application/x;base64," + base64.b64encode(data).decode()

    for contents in ("", "data:x;base64,??", sent(b"")):
        with pytest.raises(Refused) as error:
            service.import_payments(ADMIN, source, town, 2014, "x.xlsx", contents)
        assert error.value.key == "page_awards.choose_file"
    with pytest.raises(Refused) as error:
        service.import_payments(ADMIN, source, town, 2014, "x.xlsx", sent(payments_template(known, 2014)))
    assert "表中没有填写任何一行" in error.value.word("zh")
    rows = "年度,社区,承担方,金额,凭证号,日期\n2014,C1,区,75000,付1,2015-01-05\n2014,C2,区,{},付2,2015-01-05\n"
    with pytest.raises(Refused) as error:
        service.import_payments(ADMIN, source, town, 2014, "x.csv", sent(rows.format("80000").encode()))
    assert "D3" in error.value.word("zh")
    assert "还可拨 7.5 万元，不能再拨 8 万元" in error.value.word("zh")
    assert service.import_payments(ADMIN, source, town, 2014, "x.csv", sent(rows.format("75000").encode())) == 2


def test_a_number_that_is_none_is_asked_for(town):
    with pytest.raises(Refused) as error:
        service.take_back(ADMIN, town, "一", "x", "y")
    assert error.value.key == "page_awards.choose_number"
