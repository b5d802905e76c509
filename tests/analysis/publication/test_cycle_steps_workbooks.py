"""Workbooks of the cycle: templates come back as they were filled in, every problem has its cell, all rows or none."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from analysis.cycle.workbooks import KINDS, recognised
from analysis.publication import cycle_steps, cycle_table
from analysis.publication.cycle_steps import import_lines
from analysis.publication.cycle_templates import cycle_template
from survey.core.errors import Refused
from survey.files.read import read_sheets
from survey.store.year import cycle, register
from survey.store.year.cycle import Event
from tests.tools.towns.cycle_town import make_town


@pytest.fixture
def town(sqlite_store):
    return make_town(sqlite_store)


def csv(text: str) -> bytes:
    return text.encode("utf-8")


def take(store, kind, text, year=2014):
    return import_lines(store, kind, f"{kind}.csv", csv(text), year=year, who="李")


def problems(store, kind, text, year=2014):
    with pytest.raises(Refused) as error:
        take(store, kind, text, year)
    assert error.value.key == "cycle_file.refused"
    assert all(f.word("zh") and "{" not in f.word("en") for f in error.value.findings)
    return [(f.code.partition(".")[2], f.cell or f.scope) for f in error.value.findings if f.level == "refuse"]


def test_a_whole_year_by_workbooks(town):
    assert (
        take(town, "applications", "社区,拟创星级,申报日期\n甲社区,五星,2014-03-01\n乙社区,3,2014年3月2日\n").kept == 2
    )
    cycle_steps.review(town, 2014, "李")
    cycle_steps.calculate(town, 2014, "李")
    cycle_steps.take(town, Event("publicised", 2014, date="2014-11-20", until="2014-11-27", who="李"))
    body = "社区,评定机关,总分,文号,评定日期,未通过\n"
    rows = "C1,区,910,区1号,2014-12-01,\nC2,区,755.5,区1号,2014-12-01,\nC1,市,,市1号,2014-12-08,是\n"
    assert take(town, "decisions", body + rows).kept == 3
    assert (
        take(
            town, "titles", "社区,星级,文号,命名日期,事项\nC1,三星,命1号,2014-12-20,首次命名\nC2,3,命1号,2014-12-20,\n"
        ).kept
        == 2
    )
    with town.read() as conn:
        held = cycle.titles(conn)
    assert held[["community_code", "star", "event"]].to_numpy().tolist() == [["C1", 3, "first"], ["C2", 3, "first"]]


def test_titles_from_before_the_tool_come_year_by_year(town):
    text = "社区,年度,星级,文号,日期\nC1,2012,1,,\nC1,2013,3,旧2号,2013-12-20\nC2,2012,2,,\nC2,2013,0,,\n"
    assert take(town, "titles", text, None).years == (2012, 2013)
    with town.read() as conn:
        held = cycle.titles(conn)
    assert held[["community_code", "year", "star", "event"]].to_numpy().tolist() == [
        ["C1", 2012, 1, "first"],
        ["C2", 2012, 2, "first"],
        ["C1", 2013, 3, "promoted"],
        ["C2", 2013, 0, "revoked"],
    ]
    found = cycle_table.read_cycle(town, 2014)
    assert (found.standings["C1"].held.star, found.standings["C2"].held) == (3, None)


def test_no_stars_in_a_history_take_a_title_away(town):
    """Whoever held none has nothing to lose; nor has whoever lost it before."""
    for text, where in (
        ("社区,年度,星级\nC1,2012,1\nC2,2013,0\n", "A3"),
        ("社区,年度,星级\nC1,2011,1\nC1,2012,0\nC1,2013,0\n", "A4"),
    ):
        with pytest.raises(Refused) as refused:
            take(town, "titles", text, None)
        assert [(f.code, f.cell) for f in refused.value.findings] == [("cycle.nothing_to_revoke", where)]
    with town.read() as conn:
        assert len(cycle.titles(conn)) == 0


def test_the_same_workbook_again_changes_nothing_and_asks_for_no_reason(town):
    text = "社区,拟创星级,日期,文号\nC1,3,2014-03-01,甲1号\nC2,4,2014-03-01,甲1号\n"
    assert take(town, "applications", text).kept == 2
    again = take(town, "applications", text)
    assert (again.kept, [(f.code, f.level, f.cell) for f in again.findings]) == (
        0,
        [("cycle_file.already", "note", "A2"), ("cycle_file.already", "note", "A3")],
    )
    with pytest.raises(Refused) as refused:
        take(town, "applications", text.replace("C2,4", "C2,3"))
    assert [(f.code, f.level, f.cell) for f in refused.value.findings] == [
        ("cycle.applied_already", "refuse", "A3"),
        ("cycle_file.already", "note", "A2"),
    ]
    changed = "社区,拟创星级,日期,文号,理由\nC1,3,2014-03-01,甲1号,\nC2,3,2014-03-01,甲1号,改报\n"
    more = take(town, "applications", changed)
    assert more.kept == 1


def test_a_sheet_that_says_its_year_enters_no_other(town):
    """A sheet of applications of 2015 went into 2014 without a word."""
    said = "社区,年度,拟创星级,申报日期\nC1,2015,3,2014-03-01\n"
    assert problems(town, "applications", said) == [("other_year", "B2")]
    decided = "社区,年度,评定机关,总分,文号,评定日期\nC1,2015,区,910,区1号,2014-12-01\n"
    assert problems(town, "decisions", decided) == [("other_year", "B2")]
    assert take(town, "applications", said.replace("2015", "2014"), year=None).years == (2014,)


def test_who_ended_is_refused_in_its_row_in_a_year_of_several_streets_too(town):
    with town.write() as conn:
        one, other = register.communities(conn)
        third = register.Community("C3", "丙社区", sub_district="南街道")
        register.save(conn, [register.replace(one, valid_to="2013", successor=other.code), third], 2013)
    said = "社区,拟创星级,申报日期\nC1,3,2014-03-01\nC2,3,2014-03-01\n"
    assert problems(town, "applications", said) == [("community_outside", "A2")]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("applications", "社区,拟创星级\n丙社区,3\nC1,六星\nC2,\n", [("unknown_community", "A2"), ("bad_star", "B3")]),
        ("applications", "社区,拟创星级,日期\nC1,3,三月\nC1,3,\n", [("bad_date", "C2")]),
        ("applications", "社区,拟创星级\nC1,3\n甲社区,2\n", [("twice", "A3")]),
        ("applications", "社区,拟创星级\nC1,0\n", [("bad_star", "A2")]),
        ("applications", "社区,拟创星级\nC1,\n", [("empty", "sheet")]),
        ("applications", "名称,星级\nC1,3\n", [("no_table", "file")]),
        (
            "decisions",
            "社区,评定机关,总分,文号,评定日期,未通过\nC1,省,九百,1,2014-12-01,也许\n",
            [("bad_body", "B2"), ("bad_total", "C2"), ("bad_refused", "F2")],
        ),
        ("decisions", "社区,评定机关,总分,文号,评定日期\nC1,区,900,1,2014-12-01\n", [("not_applied", "A2")]),
        ("titles", "社区,年度,星级,事项\nC1,2013,3,封号\nC2,不知,3,\n", [("bad_year", "B3"), ("bad_event", "D2")]),
    ],
)
def test_every_problem_has_its_cell_and_nothing_is_kept(town, kind, text, expected):
    found = problems(town, kind, text, None if kind == "titles" else 2014)
    assert sorted(found) == sorted(expected)
    with town.read() as conn:
        assert cycle.events(conn) == []


def test_a_year_that_differs_or_is_nowhere_is_said(town):
    assert problems(town, "titles", "社区,年度,星级\nC1,2013,3\n", 2014) == [("other_year", "B2")]
    assert problems(town, "titles", "社区,星级\nC1,3\n", None)[0][0] == "missing"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_read_back_and_holds_no_formula(town, kind, lang):
    data = cycle_template(kind, cycle_table.read_cycle(town, 2014), lang)
    sheet = openpyxl.load_workbook(BytesIO(data)).worksheets[0]
    assert sheet["A2"].value == "C1"
    with pytest.raises(Refused) as error:  # nothing is filled in yet
        import_lines(town, kind, "t.xlsx", data, year=2014, who="李")
    assert [f.code for f in error.value.findings] == ["cycle_file.empty"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_recognised(town, kind, lang):
    data = cycle_template(kind, cycle_table.read_cycle(town, 2014), lang)
    assert recognised(read_sheets("t.xlsx", data)) == kind


@pytest.mark.parametrize("header", ["社区,编号,街道", "社区,指标,数值,自评分", "社区,星级", "编号,社区,A,B"])
def test_other_tables_are_none_of_them(header):
    assert recognised(read_sheets("t.csv", f"{header}\n{header}\n".encode())) == ""


def test_a_filled_template_comes_in(town):
    book = openpyxl.load_workbook(BytesIO(cycle_template("applications", cycle_table.read_cycle(town, 2014))))
    book.worksheets[0]["D2"], book.worksheets[0]["D3"] = 4, "=HYPERLINK(1)"
    book.worksheets[0]["D3"].data_type = "s"
    book.worksheets[0]["D3"] = 3
    out = BytesIO()
    book.save(out)
    assert import_lines(town, "applications", "t.xlsx", out.getvalue(), year=2014, who="李").kept == 2
