"""A task list goes out, is filled in, and comes back; what can't be taken is named with its cell, and nothing is kept then."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest

from analysis.improvement.task_import import import_tasks
from analysis.improvement.task_list import FRAME, task_frame, task_list
from analysis.improvement.task_sheet import task_workbook
from survey.core.errors import Refused
from survey.store.year import schemes, tasks
from tests.tools.towns import street_town
from tests.tools.towns.fake_results import fake_results

street = street_town.street

HEAD = "年度 year,社区 community,部分 kind,编号 code,指标/题目 name,整改措施 action,责任人 person,时限 deadline,办理进展 progress"


def sheet_of(data, name=None):
    book = openpyxl.load_workbook(io.BytesIO(data))
    return book, book[name or book.sheetnames[0]]


def header(sheet):
    at = next(c.row for row in sheet.iter_rows() for c in row if c.value == "整改措施 action")
    return at, {str(c.value).split()[-1]: c.column for c in sheet[at] if c.value}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_out_filled_in_and_back(street, lang):
    found = task_list(street, 2013)
    book, sheet = sheet_of(task_workbook(found, found.rows, lang))
    at, place = header(sheet)
    assert sheet.max_row - at == len(found.rows)
    assert "示例" in str(sheet["A2"].value) or "ample" in str(sheet["A2"].value)
    row = at + 1
    sheet.cell(row, place["action"], "=每周巡查两次").data_type = "s"
    sheet.cell(row, place["person"], "王某 13800138000")
    sheet.cell(row, place["deadline"], datetime(2014, 6, 30))
    sheet.cell(row, place["progress"], {"zh": "进行中", "en": "under way"}[lang])
    sheet.cell(row + 1, place["action"], "增设座椅")
    sheet.cell(row + 1, place["deadline"], "2014年9月1日")
    out = io.BytesIO()
    book.save(out)
    done = import_tasks(street, "清单.xlsx", out.getvalue(), year=2013, who="李")
    assert (done.rows, done.kept) == (2, 2)
    again = task_list(street, 2013)
    first, second = again.rows[0].task, again.rows[1].task
    assert (first.person, first.deadline, first.progress, first.who) == (
        "王某 138****8000",
        "2014-06-30",
        "under_way",
        "李",
    )
    assert (second.action, second.deadline, second.progress) == ("增设座椅", "2014-09-01", "")
    assert [r.entered for r in again.rows[:3]] == ["under_way", "planned", "open"]
    _, written = sheet_of(task_workbook(again, again.rows, lang))  # what was entered stands in the next list
    assert (written.cell(row, place["action"]).value, written.cell(row, place["action"]).data_type) == (
        "=每周巡查两次",
        "s",
    )
    assert written.cell(row, place["deadline"]).value == datetime(2014, 6, 30)
    assert written.cell(row + 1, place["action"]).value == "增设座椅"
    assert import_tasks(street, "清单.xlsx", task_workbook(again, again.rows, lang), year=2013, who="李").kept == 0


def test_the_next_year_says_what_was_made_good(street):
    last = task_list(street, 2013)
    found = task_list(street, 2014)
    assert found.known_before
    assert not found.known_after
    assert {r.state for r in found.rows} == {"open"}
    assert {r.state for r in last.rows} <= {"full", "part", "none", "unclear", "unknown"}
    book, sheet = sheet_of(task_workbook(found, found.rows, "zh", (last, last.rows)), "2013 年任务到今年")
    assert "未补上" in "".join(str(c.value) for row in sheet.iter_rows() for c in row)
    at, place = header(book.worksheets[0])
    said = [book.worksheets[0].cell(r, place["earlier"]).value for r in range(at + 1, at + 30)]
    assert all(text.startswith(("上年失", "上年未失分")) for text in said)
    first = task_list(street, 2012)
    assert not first.known_before
    assert "无上年结果" in "".join(
        str(c.value) for row in sheet_of(task_workbook(first, first.rows, "zh"))[1].iter_rows() for c in row
    )


def test_rows_of_one_office_of_some_communities_of_a_state(street):
    found = task_list(street, 2013)
    mine = found.chosen(["SL06"], "文化站")
    assert {r.loss["code"] for r in mine} == {"WH06"}
    assert {r.loss["community_code"] for r in found.chosen(state="part")} <= set(
        fake_results(2013).scores["community_code"]
    )
    assert all(r.state == "part" for r in found.chosen(state="part"))
    assert all(r.loss["points_lost"] >= 20 for r in found.chosen(least=20))
    assert found.offices[:2] == ("组织办", "城管办")
    frame = task_frame(mine, "en")
    assert tuple(frame.columns) == FRAME.names
    assert frame["office"].tolist() == ["文化站"]
    assert len(task_frame((), "zh")) == 0


def refused(street, *lines, head=HEAD):
    with pytest.raises(Refused) as error:
        import_tasks(street, "a.csv", "\n".join([head, *lines]).encode("utf-8-sig"), year=2013, who="")
    with street.read() as conn:
        assert tasks.history(conn, 2013) == []
    assert all(f.word(lang) for f in error.value.findings for lang in ("zh", "en"))
    return [(f.code, f.cell) for f in error.value.findings] or error.value.key


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("2013,没有的社区,,ST02,,巡查,,,", ("tasks.unknown_community", "B3")),
        ("2013,SL01,,XX99,,巡查,,,", ("tasks.unknown_line", "D3")),
        ("2013,SL01,,,没有这一项,巡查,,,", ("tasks.unknown_line", "E3")),
        ("2014,SL01,,ST02,,巡查,,,", ("tasks.other_year", "A3")),
        ("2013,SL01,,ST02,,巡查,,下半年,", ("tasks.bad_deadline", "H3")),
        ("2013,SL01,,ST02,,巡查,,2012-06-30,", ("tasks.early_deadline", "H3")),
        ("2013,SL01,,ST02,,巡查,,,快了", ("tasks.bad_progress", "I3")),
        (f"2013,SL01,,ST02,,{'长' * 501},,,", ("tasks.too_long", "F3")),
        ("2013,SL02,,ST01,,又一行,,,", ("tasks.twice", "B3")),
    ],
)
def test_one_bad_row_and_nothing_is_kept(street, line, problem):
    assert refused(street, "2013,锦园社区,客观,ST01,,每日清运,王某,2014-06-30,已完成", line) == [problem]


def test_lists_that_are_none(street):
    assert refused(street, ",,,,,,,,") == [("tasks.empty", "")]
    assert refused(street, "1", head="社区") == "tasks.no_table"
    assert refused(street, "巡查,王某", head="整改措施,责任人")[0][0] == "tables.missing_column"


def test_an_item_by_its_name_and_a_line_that_is_two_things(street, monkeypatch):
    from analysis.improvement import task_import

    lines = task_import.lines_of_year(fake_results(2013))
    twin = task_import.Line("subjective", "ST02", ("同号的题",))
    monkeypatch.setattr(task_import, "lines_of_year", lambda results: [*lines, twin])
    assert refused(street, "2013,SL01,,ST02,,巡查,,,") == [("tasks.two_lines", "D2")]
    text = "\n".join([HEAD, "2013,SL01,客观,ST02,,巡查,,,", "2013,SL01,,,社区文化节庆活动,办节,,,"])
    assert import_tasks(street, "a.csv", text.encode(), year=2013, who="").kept == 2
    with street.read() as conn:
        assert set(tasks.current(conn, 2013)) == {("SL01", "objective", "ST02"), ("SL01", "subjective", "D2")}


def test_another_rule_is_told_from_the_schemes(street):
    from analysis.improvement.task_list import other_rules
    from analysis.scheme.default import default_scheme
    from analysis.scheme.serial import to_dict

    plain = to_dict(default_scheme())
    changed = {
        **plain,
        "indicators": [{**i, "parameters": "target=99"} if i["code"] == "ZZ03" else i for i in plain["indicators"]],
    }
    with street.write() as conn:
        for definition in (plain, changed):
            schemes.add(conn, "default", 2010, definition)

    def results(version):
        found = fake_results(2013)
        return type(found)(
            {**found.meta, "scheme_version": version},
            found.scores,
            found.items,
            found.indicators,
            found.flow,
            found.streets,
        )

    assert other_rules(street, results(1), results(1)) == frozenset()
    assert other_rules(street, results(1), results(2)) == {"ZZ03"}
    assert "ST02" in other_rules(street, results(1), results(9))  # a version that nobody knows
