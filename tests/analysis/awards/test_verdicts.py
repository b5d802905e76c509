"""What was decided of a community stands the same on page, overview, workbook and trend: star, version, document, payment."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from analysis.awards import disbursements
from analysis.awards.disbursements import Said
from analysis.awards.ledger import Line
from analysis.awards.verdicts import Verdict, verdict_columns, verdicts, words
from analysis.awards.year import targets
from analysis.exports.workbook import community_workbook
from analysis.publication import cycle_steps, snapshots
from dashboard.data.decided import decided
from dashboard.pages.community import service as community
from dashboard.pages.overview import service as overview
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.store.year.cycle import Event
from tests.tools.dashboard_tools import ADMIN, source_of
from tests.tools.dashboard_tools import words as shown
from tests.tools.towns.cycle_town import make_town

DECIDED = "区文明委，3 星（760.00 分），依据第 1 版，区评1号，2014-11-20，李 录入"
NAMED = "区委、区政府，首次命名，3 星，区委2号，2014-12-20，李 录入"
PAID = "奖励应拨 15 万元，已拨 7.5 万元，2014-12-25"


@pytest.fixture
def town(store):
    """甲社区 named with three stars against a calculation of five, paid half; 乙社区 only calculated; the year archived."""
    make_town(store)

    def take(kind, **said):
        cycle_steps.take(store, Event(kind, 2014, "C1", who="李", **said))

    take("applied", star=3)
    cycle_steps.review(store, 2014, "李")
    cycle_steps.calculate(store, 2014, "李")
    cycle_steps.take(store, Event("publicised", 2014, date="2014-10-01", until="2014-10-10", who="李"))
    take("decided", total=760.0, body="district", document="区评1号", date="2014-11-20")
    cycle_steps.name(store, Event("title", 2014, document="区委2号", date="2014-12-20", who="李"))
    disbursements.enter(store, Said(2014, "C1", "区", "75000", "付1", "2014-12-25"), who="出纳")
    cycle_steps.close(store, 2014, "李")
    return store


def test_the_same_decision_is_read_everywhere(town):
    source = source_of(town)
    one = verdicts(town, 2014)["C1"]
    assert words(one, "zh") == {"decision": DECIDED, "naming": NAMED, "payment": PAID}
    assert words(one, "en")["payment"] == "award: ¥150,000 due, ¥75,000 paid, 2014-12-25"
    assert "C2" not in verdicts(town, 2014)
    page = shown(render(ADMIN, source, town, None, "/community/C1", "?year=2014", {}).children)
    for text in (f"评定：{DECIDED}", f"命名：{NAMED}", PAID):
        assert text in page
    table = overview.overview(ADMIN, source, 2014, store=town)
    assert table.decided["C1"] == one
    for book in (
        community_workbook(snapshots.results(town, 2014), "C1", "zh", verdict=one),
        community.breakdown(ADMIN, source, town, 2014, "C1", "zh")[1],
    ):
        cells = {
            str(row[0].value): row[1].value for row in openpyxl.load_workbook(BytesIO(book)).worksheets[0].iter_rows()
        }
        assert (cells["评定"], cells["命名"], cells["奖励"]) == (DECIDED, NAMED, PAID)
    csv = community.trend(ADMIN, source, town, 2014, "C1", "zh")[1].decode("utf-8-sig").splitlines()
    row = dict(zip(csv[0].split(","), csv[1].split(","), strict=True))
    assert [row[name] for name in ("评定星级", "版本", "文号", "已拨（元）")] == ["3", "1", "区评1号", "75000"]
    assert verdict_columns(None) == dict.fromkeys(verdict_columns(one))


def test_what_one_payer_paid_too_much_is_not_what_another_owes():
    """Four stars, of which the district paid its old half of three, the street the same: 30 万 due, 15 paid, 22.5 owed."""
    lines = [Line("C1", 2014, *said) for said in (("city", 15_000_000, 0), ("district", 15_000_000, 7_500_000))]
    one = Verdict("C1", 2014, "named", None, None, None, (*lines, Line("C1", 2014, "street", 0, 7_500_000)), 4)
    assert words(one, "zh") == {"payment": "奖励应拨 30 万元，已拨 15 万元，少拨 22.5 万元，多拨 7.5 万元"}
    assert words(one, "en")["payment"].endswith("¥225,000 too little, ¥75,000 too much")


def test_what_was_paid_is_for_who_sees_the_street(town):
    mine = Viewer("v", "leader", frozenset({"C1"}))
    assert words(decided(mine, town, 2014)["C1"], "zh") == {"decision": DECIDED, "naming": NAMED}
    assert decided(Viewer("v", "leader", frozenset({"C2"})), town, 2014) == {}
    assert decided(ADMIN, None, 2014) == {}


def test_an_archived_overview_counts_titles_as_the_awards_page_does(town):
    table = overview.overview(ADMIN, source_of(town), 2014)
    counted = {t.star: t.reached for t in table.targets}
    assert counted == {3: 1, 4: 0, 5: 0}  # the calculation would say 2, 2, 2
    assert {p.target.star: p.reached for p in targets(town, 2014).progress["title"]} == counted
    page = shown(render(ADMIN, source_of(town), town, None, "/", "?year=2014", {}).children)
    assert "命名四星及以上" in page
    assert "测算四星及以上" not in page


def test_a_holder_under_a_veto_holds_nothing_until_it_is_ruled(store):
    make_town(store)
    cycle_steps.take(
        store, Event("title", 2013, "C1", star=3, outcome="first", subject="history", date="2013-12-20", who="李")
    )
    assert {p.target.star: p.reached for p in targets(store, 2014).progress["title"]}[3] == 1
    veto = cycle_steps.take(
        store,
        Event("veto", 2014, "C1", subject="other", document="纪1号", date="2014-05-01", reason="重大案件", who="李"),
    )
    cycle_steps.take(store, Event("veto_approved", 2014, "C1", ref=veto.id, who="王"))
    assert {p.target.star: p.reached for p in targets(store, 2014).progress["title"]}[3] == 0
