"""A district's store: each street goes through its own year, and what one archives moves nothing of another."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pandas as pd
import pytest

from analysis.awards.disbursements import ledger
from analysis.awards.year import budget, enter_balance, paid, targets
from analysis.cycle.versions import read_back
from analysis.exports.files import export_year
from analysis.indicators.imports import import_indicators, inspect_indicators
from analysis.publication import cycle_steps, cycle_table, snapshots
from analysis.publication.fixed_versions import would_wait
from analysis.scheme import default_scheme
from dashboard.data.uploads import Uploads
from dashboard.pages.awards import service as awards_page
from dashboard.pages.entry import service as entry_page
from dashboard.pages.imports.service import checks, import_history
from dashboard.pages.imports.view.checked_files import files_card
from dashboard.pages.imports.view.import_history import progress_card
from dashboard.router import render
from dashboard.web.address import Address
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.intake.answers import commit, inspect, places_of
from survey.intake.calls import CallOptions, inspect_calls
from survey.intake.register import inspect_register, require_storable
from survey.store.engine import tables as t
from survey.store.intake import batches
from survey.store.year import cycle, plans, register, results, years
from survey.store.year.cycle import Event
from survey.store.year.register import Community, Told
from tests.tools.dashboard_tools import ADMIN, source_of, words
from tests.tools.towns.cycle_town import answers, make_town

NORTH, SOUTH = "北街道", "南街道"


@pytest.fixture
def district(sqlite_store):
    """甲社区 (C1) in the north, 乙社区 (C2) in the south, both with answers and values of 2014."""
    store = make_town(sqlite_store)
    with store.write() as conn:
        places = [Community("C1", "甲社区", sub_district=NORTH), Community("C2", "乙社区", sub_district=SOUTH)]
        register.tell(conn, [Told(place, said=("sub_district",)) for place in places])
    snapshots.results(store, 2014)
    return store


def step(kind, code="", **more):
    return Event(kind, 2014, code, **{"who": "李", "document": "1号", "date": "2014-12-01", **more})


def refused(key, call, *args, **more):
    with pytest.raises(Refused) as error:
        call(*args, **more)
    assert error.value.key == key
    assert "{" not in error.value.word("zh") + error.value.word("en")
    return error.value.word("zh")


def published(store, code, street):
    cycle_steps.take(store, step("applied", code, star=3))
    cycle_steps.review(store, 2014, "李", street=street)
    cycle_steps.calculate(store, 2014, "李", street=street)
    cycle_steps.take(store, step("publicised", date="2014-11-20", until="2014-11-27", street=street))


def archived(store, code, street):
    published(store, code, street)
    cycle_steps.take(store, step("decided", code, total=760.0, body="district"))
    cycle_steps.name(store, step("title", street=street))
    return cycle_steps.close(store, 2014, "李", street)


def rows(store, code):
    """A community's score row as text, for comparing exactly."""
    frame = snapshots.results(store, 2014).scores
    return frame[frame["community_code"] == code].to_json()


def more_answers(store, place, first):
    lines = [f"{place}n{i},{place},2014,{1 + i % 3},{1 + i % 4}" + f",{1 + i % 3}" * 4 for i in range(first, first + 9)]
    data = ("编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + "\n".join(lines)).encode()
    return commit(store, inspect(store, f"{place}{first}.csv", data, ImportOptions("q")))


def test_one_street_is_archived_while_the_other_has_not_even_calculated(district):
    closed = archived(district, "C1", NORTH)
    assert closed.street == NORTH
    found = cycle_table.read_cycle(district, 2014)
    assert {code: at.next for code, at in found.standings.items()} == {"C1": "nothing", "C2": "apply"}
    assert (found.log.closed, found.log.archived) == (False, {NORTH})
    assert {name: part.stands for name, part in found.parts().items()} == {NORTH: "archived", SOUTH: "apply"}
    with district.read() as conn:
        assert years.state(conn, 2014) == "open"
        assert cycle.titles(conn)["community_code"].tolist() == ["C1"]
    scores = snapshots.results(district, 2014).scores.set_index("community_code")
    assert scores["provisional"].tolist() == [False, True]
    assert scores["star_awarded"].fillna(0).tolist() == [3, 0]
    one = cycle_table.read_cycle(district, 2014, SOUTH)
    assert (list(one.standings), one.log.closed, one.stage) == (["C2"], False, "apply")
    assert cycle_table.read_cycle(district, 2014, NORTH).log.closed


def test_what_an_archived_street_says_stays_whatever_the_other_does(district):
    archived(district, "C1", NORTH)
    before = rows(district, "C1")
    more_answers(district, "乙社区", 0)
    archived(district, "C2", SOUTH)
    assert rows(district, "C1") == before
    with district.read() as conn:
        assert years.state(conn, 2014) == "closed"
        versions = cycle_table.versions_table(conn, 2014)
        assert versions["sub_district"].tolist() == [NORTH, SOUTH]
        assert versions["current"].tolist() == [True, True]
        first, last = (e.result for e in cycle.events(conn, 2014) if e.kind == "closed")
        kept = [read_back(results.get(conn, number)) for number in (first, last)]
        for name in (
            "scores",
            "items",
            "indicators",
            "flow",
        ):  # a street keeps its own rows, the year with its last one all
            assert [sorted({*getattr(one, name)["community_code"]}) for one in kept] == [["C1"], ["C1", "C2"]]
        for number, code in ((1, "C1"), (2, "C2")):
            told = cycle_table.version(conn, 2014, number).scores
            assert told["community_code"].tolist() == [code]
            now = snapshots.results(district, 2014).scores
            assert told["total"].tolist() == now[now["community_code"] == code]["total"].tolist()


def test_a_step_of_a_whole_street_says_which_and_reaches_only_its_own(district):
    assert "北街道、南街道" in refused(
        "cycle.which_street", cycle_steps.take, district, step("publicised", until="2014-12-02")
    )
    refused("cycle.unknown_street", cycle_steps.take, district, step("publicised", until="2014-12-02", street="东街道"))
    published(district, "C1", NORTH)
    refused("cycle.nobody", cycle_steps.calculate, district, 2014, "李", street=SOUTH)
    refused("cycle.not_published", cycle_steps.take, district, step("objection", "C2", reason="不服"))
    cycle_steps.take(district, step("applied", "C2", star=2))  # published is the other street only
    refused("cycle.not_calculated", cycle_steps.take, district, step("publicised", until="2014-12-02", street=SOUTH))
    refused("cycle.not_done", cycle_steps.close, district, 2014, "李", NORTH)
    with district.read() as conn:
        mine = cycle_table.steps_table(conn, 2014, "C2")
        south = cycle_table.steps_table(conn, 2014, street=SOUTH)
        north = cycle_table.steps_table(conn, 2014, street=NORTH)
    assert mine["kind"].tolist() == south["kind"].tolist() == ["applied"]
    assert north["kind"].tolist() == ["applied", "reviewed", "calculated", "publicised"]
    assert north["sub_district"].fillna("").tolist() == ["", "", NORTH, NORTH]


def test_data_of_an_archived_street_are_refused_and_those_of_the_other_taken(district):
    archived(district, "C1", NORTH)
    with district.read() as conn:
        batch = batches.listing(conn)[-1].id
        before = years.data_version(conn, 2014)
    told = refused("store.street_archived", more_answers, district, "甲社区", 0)
    assert "北街道 2014" in told
    refused("store.street_archived", answers, district, 2014, 100)  # of both streets: nothing of it
    value = f"社区,指标,种类,数值,依据,免检\n甲社区,{default_scheme().scored_indicators[0].code},,,新文件,是\n"
    refused("store.street_archived", import_indicators, district, "v.csv", value.encode(), 2014)
    with district.write() as conn:
        refused("store.street_archived", batches.undo, conn, batch)
    with district.write() as conn:
        frame = pd.DataFrame(
            [("C1", 2014, "男", "18-29", 5.0)], columns=["community", "year", "sex", "age_band", "population"]
        )
        refused("store.street_archived", register.save_population, conn, frame)
        told = Told(Community("C1", "甲社区", adult_population=9), 2014, said=("adult_population",))
        refused("store.street_archived", register.tell, conn, [told])
        assert years.data_version(conn, 2014) == before
    refused("store.street_archived", cycle_steps.take, district, step("veto", "C1", subject="other", reason="x"))
    more_answers(district, "乙社区", 0)
    with district.write() as conn:  # what has no date counts after the archived year, for the other street in it
        register.tell(
            conn,
            [
                Told(Community(c, n, adult_population=7), said=("adult_population",))
                for c, n in (("C1", "甲社区"), ("C2", "乙社区"))
            ],
        )
        assert [c.adult_population for c in register.communities(conn, 2014)] == [3000, 7]
        assert [c.adult_population for c in register.communities(conn, 2015)] == [7, 7]


def test_a_correction_opens_one_street_of_a_closed_year(district):
    archived(district, "C1", NORTH)
    archived(district, "C2", SOUTH)
    before = rows(district, "C2")
    refused("cycle.which_street", cycle_steps.correct, district, 2014, "王", reason="改", approver="张")
    cycle_steps.correct(district, 2014, "王", reason="漏录", approver="张", street=NORTH)
    with district.read() as conn:
        assert years.state(conn, 2014) == "open"
    assert cycle_table.read_cycle(district, 2014).log.archived == {SOUTH}
    refused("store.street_archived", more_answers, district, "乙社区", 0)
    more_answers(district, "甲社区", 0)
    cycle_steps.take(district, step("decision_withdrawn", "C1", reason="漏录"))
    cycle_steps.calculate(district, 2014, "李", "漏录", street=NORTH)
    cycle_steps.take(district, step("publicised", date="2014-12-20", until="2014-12-27", street=NORTH))
    cycle_steps.take(district, step("decided", "C1", total=761.0, body="district", date="2014-12-28", reason="漏录"))
    cycle_steps.name(district, step("title", date="2014-12-29", reason="漏录", street=NORTH))
    cycle_steps.close(district, 2014, "李", NORTH)
    with district.read() as conn:
        assert years.state(conn, 2014) == "closed"
        versions = cycle_table.versions_table(conn, 2014)
    assert versions["current"].tolist() == [False, True, True]
    assert versions["reason"].fillna("").tolist() == ["", "", "漏录"]
    assert rows(district, "C2") == before


def test_steps_from_before_streets_reach_all_of_them(district):
    with district.write() as conn:
        cycle.append(conn, step("calculated", result=None))
        cycle.append(conn, step("publicised", until="2014-12-01"))
    log = cycle_table.read_cycle(district, 2014).log
    assert {log.last_of(code, "publicised").kind for code in ("C1", "C2")} == {"publicised"}
    assert log.within(NORTH).last("publicised").until == "2014-12-01"


def test_nothing_of_an_archived_street_is_left_to_enter(district):
    """Its values stood among those to be entered, with their form, until the other street was archived as well."""
    with district.write() as conn:  # one that nobody entered
        conn.execute(t.indicator_values.delete().where(t.indicator_values.c.indicator == "ZZ02"))
    open_ = entry_page.board(ADMIN, district, 2014, {})
    assert [open_.counts[c]["empty"] for c in ("C1", "C2")] == [1, 1]
    archived(district, "C1", NORTH)
    found = entry_page.board(ADMIN, district, 2014, {})
    assert {r["community_code"] for r in found.rows} == {"C2"}
    assert (found.counts["C1"]["empty"], found.counts["C2"]["empty"]) == (0, 1)
    assert entry_page.board(ADMIN, district, 2014, {"community": "C1", "state": "empty"}).rows == ()
    shown = {
        search: words(
            render(ADMIN, source_of(district), district, None, "/indicators", f"?year=2014{search}", {}).children
        )
        for search in ("", "&community=C1", "&at=C1~ZZ02")
    }
    assert "其中 1 个社区已归档锁定" in shown[""]
    assert "未填" in shown["&community=C1"]
    assert "只能查看" in shown["&at=C1~ZZ02"]
    assert entry_page.desk(ADMIN, district, found, "C1~ZZ02").may == frozenset()


def test_a_community_without_a_street_is_named_and_waits(district):
    with district.write() as conn:
        register.tell(conn, [Told(Community("C3", "丙社区"))])
    told = refused("cycle.no_street", cycle_steps.take, district, step("applied", "C3", star=1))
    assert "丙社区" in told
    archived(district, "C1", NORTH)
    archived(district, "C2", SOUTH)
    with district.read() as conn:
        assert years.state(conn, 2014) == "closed"  # nobody without a street takes part


def test_balances_are_a_streets_or_the_districts_and_count_once(district):
    def enter(payer, amount, street=""):
        enter_balance(district, 2014, payer, amount, document=f"{amount}号", street=street)

    def stands(street=""):
        return {payer: (b.amount // 100, b.document) for payer, b in budget(district, 2014, street)[1].items()}

    with pytest.raises(Refused) as refused:
        enter("街道", "5")  # whose?
    assert (refused.value.key, NORTH in refused.value.word("zh")) == ("awards.whose_fund", True)
    for street, amount in ((NORTH, "100"), (SOUTH, "70"), (NORTH, "120")):
        enter("街道", amount, street)
    enter("区", "30", NORTH)
    assert stands() == {"street": (190, "70号；120号"), "district": (30, "30号")}
    enter("区", "90")  # the whole fund, of which 30 are set apart for one street
    assert stands() == {"street": (190, "70号；120号"), "district": (90, "90号")}
    assert stands(NORTH) == {"street": (120, "120号"), "district": (30, "30号")}
    assert stands(SOUTH) == {"street": (70, "70号")}
    for amount, street in (("29", ""), ("61", SOUTH)):
        with pytest.raises(Refused) as refused:
            enter("区", amount, street)
        assert refused.value.key == "awards.parts_exceed"
    assert stands() == {"street": (190, "70号；120号"), "district": (90, "90号")}


def test_money_targets_and_workbooks_are_a_streets_own(district, tmp_path):
    for code, street in (("C1", NORTH), ("C2", SOUTH)):
        archived(district, code, street)
    for street, amount in ((NORTH, "100000"), (SOUTH, "30000"), ("", "135000")):
        enter_balance(district, 2014, "区", amount, street=street)
    refused("awards.unknown_street", enter_balance, district, 2014, "区", "1", street="东街道")
    whole, north = paid(district), paid(district).within(NORTH)
    assert [p.community_code for p in whole.payments] == ["C1", "C2"]
    assert [p.community_code for p in north.payments] == ["C1"]
    (forecast, balances), (both, every) = budget(district, 2014, NORTH), budget(district, 2014)
    assert (balances["district"].amount, every["district"].amount) == (10_000_000, 13_500_000)
    assert both.total == forecast.total + budget(district, 2014, SOUTH)[0].total
    assert {p.of for p in targets(district, 2014, NORTH).progress["title"]} == {1}
    assert {p.of for p in targets(district, 2014).progress["title"]} == {2}
    assert [line.community for line in ledger(district).within(SOUTH).lines] == ["C2", "C2"]
    for call in (budget, targets):
        refused("awards.unknown_street", call, district, 2014, "东街道")
    refused("awards.unknown_street", whole.within, "东街道")
    refused("awards.unknown_street", ledger(district).within, "东街道")
    found = snapshots.results(district, 2014)
    (book,) = export_year(found, "zh", tmp_path / "north", street=NORTH)
    assert "甲社区" in book.name
    refused("cycle.unknown_street", export_year, found, "zh", tmp_path / "east", street="东街道")
    source = source_of(district)
    for street, here, there in (("", "甲社区", "丙社区"), (NORTH, "甲社区", "乙社区"), (SOUTH, "乙社区", "甲社区")):
        page = render(ADMIN, source, district, None, "/awards", f"?year=2014&street={street}", {})
        text = words(page.children)
        assert here in text
        assert there not in text
        assert ("录入专项资金余额" if not street else f"录入{street}的专项资金余额") in text
        name, data, _ = awards_page.file(ADMIN, source, district, 2014, "payments", "zh", street)
        assert street in name
        assert len(openpyxl.load_workbook(BytesIO(data)).active["A"]) == (
            8 if not street else 6
        )  # title, how to read it and who takes it above


def test_a_file_for_an_archived_street_is_refused_when_it_is_checked(district):
    archived(district, "C1", NORTH)
    rows = "编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + "\n".join(f"新{i},甲社区,2014,1,1,1,1,1,1" for i in range(3))
    refused("store.street_archived", inspect, district, "north.csv", rows.encode(), ImportOptions("q"))
    south = rows.replace("甲社区", "乙社区").encode()
    assert inspect(district, "south.csv", south, ImportOptions("q")).counts.storable == 3
    values = "社区,指标,种类,数值,依据,免检\n{},ZZ03,,3,记录,\n"
    refused("store.street_archived", inspect_indicators, district, "i.csv", values.format("甲社区").encode(), 2014)
    assert inspect_indicators(district, "i.csv", values.format("乙社区").encode(), 2014).values is not None
    calls = "编号,社区,拨打时间,访员,访问结果\n1,{},2014-09-01 10:00,F1,无人接听\n"
    refused(
        "store.street_archived", inspect_calls, district, "c.csv", calls.format("甲社区").encode(), CallOptions(2014)
    )
    inspect_calls(district, "c.csv", calls.format("乙社区").encode(), CallOptions(2014))


def test_what_would_not_count_is_said_before_it_is_stored(district):
    published(district, "C1", NORTH)
    with district.read() as conn:
        told = would_wait(conn, [(2014, "甲社区"), (2014, "C2"), (2013, "C1")])
        assert would_wait(conn, [(2014, "乙社区")]) == []
    assert told == [("cycle.would_wait", {"year": 2014, "n": 1, "communities": "甲社区"})]
    rows = "编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + "\n".join(f"新{i},甲社区,2014,1,1,1,1,1,1" for i in range(3))
    found = inspect(district, "north.csv", rows.encode(), ImportOptions("q"))
    assert places_of(found) == {(2014, "甲社区")}


def test_the_page_says_of_a_checked_file_whose_published_results_would_not_count_it(district, tmp_path):
    published(district, "C1", NORTH)
    room = Uploads(tmp_path)
    rows = "编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + "\n".join(f"新{i},甲社区,2014,1,1,1,1,1,1" for i in range(3))
    offered = checks.choices(ADMIN, district, ())
    upload = checks.receive(ADMIN, district, room, [("迟到.csv", rows.encode())], {"year": "2014"}, offered)
    found = checks.check(ADMIN, district, room, upload)
    assert "2014 年已公示：1 个社区（甲社区）" in words(files_card(found, Address(path="/import"), offered))


def test_a_register_for_an_archived_street_is_refused_when_it_is_checked(district, tmp_path):
    archived(district, "C1", NORTH)
    known = "编号,社区,起算年度,成年人口\n{},{},2014,2500\n"

    def check(data):
        return require_storable(district, inspect_register("r.csv", data.encode()))

    refused("store.street_archived", check, known.format("C1", "甲社区"))
    assert check(known.format("C2", "乙社区")).count == 1
    ended = "编号,社区,止\nC2,乙社区,2013\n"
    refused("cli.register_refused", check, ended)  # what is stored of 2014 would be seen by nobody
    offered = checks.choices(ADMIN, district, ())
    for data, found in ((known.format("C1", "甲社区"), "store.street_archived"), (ended, "register.data_outside")):
        room = Uploads(tmp_path / found)
        upload = checks.receive(ADMIN, district, room, [("名册.csv", data.encode())], {}, offered)
        (one,) = checks.check(ADMIN, district, room, upload)
        assert found in {getattr(one.refused, "key", ""), *(f.code for f in one.findings)}
        assert not one.counts.storable


def test_a_community_of_an_archived_street_is_not_short_of_answers(district):
    with district.write() as conn:
        plans.save(conn, [plans.Plan(2014, code, "", 100) for code in ("C1", "C2")])
    assert [(p.code, p.short) for p in import_history.progress(ADMIN, district, 2014)] == [("C1", 40), ("C2", 40)]
    archived(district, "C1", NORTH)
    found = import_history.progress(ADMIN, district, 2014)
    assert [(p.code, p.short, p.settled) for p in found] == [("C2", 40, False), ("C1", 0, True)]
    shown = words(progress_card(found, 2014, "zh"))
    assert (shown.count("还差"), shown.count("已归档")) == (1, 1)
