"""Call records read: one row an attempt, and everything that is wrong with its cell."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from survey.core.errors import Refused
from survey.fieldwork.call_columns import call_columns
from survey.fieldwork.call_file import COLUMNS, PLACE, find_calls, read_calls
from tests.tools.books.call_sheets import REGISTER, TABLE, read, sheet

HEADER = ["编号", "社区", "访员", "第几次", "拨打时间", "时长", "拨打结果"]


def rows(found):
    return [
        tuple(None if v != v else v for v in row)
        for row in found.frame[list(COLUMNS)].itertuples(index=False, name=None)
    ]


def refusals(found):
    return [(f.code, f.scope, f.cell) for f in found.findings if f.level == "refuse"]


def test_one_row_a_call():
    found = read(
        HEADER,
        ["1", "甲", "F1", "第1次", "2014-09-01 19:30", "35秒", "无人接听"],
        ["1", "甲社区", "F1", 2.0, datetime(2014, 9, 2, 9, 5), 240, "完成"],
    )
    assert list(found.frame.columns) == [*COLUMNS, *PLACE]
    assert rows(found) == [
        (2014, "C1", "1", 1, "2014-09-01T19:30:00", 35.0, "F1", "3.13", 2),
        (2014, "C1", "1", 2, "2014-09-02T09:05:00", 240.0, "F1", "1.1", 3),
    ]
    assert found.findings == ()
    assert found.counts == {"rows": 2, "calls": 2, "refused_rows": 0, "refused_cells": 0, "not_called": 0}


def test_one_row_a_person_with_its_attempts():
    found = read(
        ["编号", "社区", "访员", "第1次时间", "第1次结果", "第2次时间", "第2次结果"],
        ["1", "甲", "F1", "2014/9/1 10:00", "占线", "2014/9/2 10:00", "完成"],
        ["2", "乙社区", "F2", "2014/9/1 10:05", "空号", None, None],
        ["3", "乙社区", "F2", None, None, None, None],
    )
    assert [(r[2], r[3], r[7], r[6]) for r in rows(found)] == [
        ("1", 1, "3.12", "F1"),
        ("1", 2, "1.1", "F1"),
        ("2", 1, "4.30", "F2"),
    ]
    assert found.counts["not_called"] == 1
    assert [f.code for f in found.findings] == ["calls.not_called"]


def test_one_row_a_person_with_the_final_outcome_only():
    found = read(["编号", "访问结果"], ["1", "完成"], ["2", "拒访"], community="甲")
    assert [(r[1], r[2], r[3], r[4], r[7]) for r in rows(found)] == [
        ("C1", "1", 0, "", "1.1"),
        ("C1", "2", 0, "", "2.11"),
    ]


def test_outcomes_that_are_none_refuse_the_row_and_suggest_the_nearest():
    found = read(
        HEADER,
        ["1", "甲", None, None, None, None, "完成?"],
        ["2", "甲", None, None, None, None, None],
        ["3", "甲", None, None, None, None, "xyz"],
        ["4", "甲", None, None, None, None, "完成"],
    )
    assert refusals(found) == [
        ("calls.unknown_outcome_near", "row", "G2"),
        ("calls.no_outcome", "row", "G3"),
        ("calls.unknown_outcome", "row", "G4"),
    ]
    assert found.findings[0].word("zh") == "“完成?”不是访问结果，最接近“完成”。请改正。"
    assert "Complete interview" in found.findings[0].word("en")
    assert "拒访" in found.findings[1].word("zh")
    assert (found.counts["calls"], found.counts["refused_rows"]) == (1, 3)


def test_side_by_side_only_the_bad_attempt_is_left_out():
    found = read(
        ["编号", "社区", "第1次时间", "第1次", "第2次", "第3次"], ["1", "甲", "2014-9-1 10:00", None, "喂", "完成"]
    )
    assert refusals(found) == [("calls.no_outcome", "cell", "D2"), ("calls.unknown_outcome", "cell", "E2")]
    assert [(r[3], r[7]) for r in rows(found)] == [(3, "1.1")]
    assert found.counts["refused_cells"] == 2


def test_bad_cells_beside_the_outcome_are_left_empty():
    found = read(HEADER, ["1", "甲", "F", "多次", "昨天", "很久", "完成"])
    assert refusals(found) == [
        ("calls.bad_attempt", "cell", "D2"),
        ("calls.bad_duration", "cell", "F2"),
        ("calls.bad_time", "cell", "E2"),
    ]
    assert rows(found) == [(2014, "C1", "1", 0, "", None, "F", "1.1", 2)]


def test_keys_refuse_the_row():
    found = read(
        ["编号", "社区", "年度", "访问结果"],
        ["1", "丙", 2014, "完成"],
        ["2", None, 2014, "完成"],
        [None, "甲", 2014, "完成"],
        ["4", "甲", "明年", "完成"],
        ["5", "甲", 2013, "完成"],
        ["6", "甲", None, "完成"],
    )
    assert refusals(found) == [
        ("calls.unknown_community", "row", "B2"),
        ("calls.community_blank", "row", "B3"),
        ("calls.number_blank", "row", "A4"),
        ("checking.not_a_year", "row", "C5"),
        ("checking.option_conflict", "row", "C6"),
    ]
    assert [(r[0], r[2]) for r in rows(found)] == [(2014, "6")]
    for finding in found.findings:
        assert finding.word("zh")
        assert finding.word("en")


def test_an_option_that_says_another_community_refuses_the_row():
    found = read(["编号", "社区", "访问结果"], ["1", "乙社区", "完成"], ["2", None, "完成"], community="C1")
    assert refusals(found) == [("checking.option_conflict", "row", "B2")]
    assert [r[1] for r in rows(found)] == ["C1"]


def test_names_and_telephone_numbers_are_never_kept():
    found = read(["编号", "社区", "姓名", "联系电话", "访问结果"], ["1", "甲", "张三", "13800001234", "完成"])
    assert "13800001234" not in str(rows(found)) + str(found.findings)
    assert "张三" not in str(rows(found)) + str(found.findings)
    assert [f.code for f in found.findings] == ["calls.persons_dropped", "calls.phones_dropped"]


def test_a_telephone_number_is_no_respondent_number():
    found = read(["编号", "社区", "访问结果"], ["13800001234", "甲", "完成"])
    assert refusals(found) == [("calls.number_is_phone", "row", "A2")]
    assert "138****1234" in found.findings[0].word("zh")
    assert "13800001234" not in str(found.findings)


def test_people_known_by_their_telephone_only():
    with pytest.raises(Refused) as error:
        read(["电话", "社区", "访问结果"], ["13800001234", "甲", "完成"])
    assert error.value.key == "calls.no_number"
    found = read(
        ["电话", "社区", "访问结果"],
        ["13800001234", "甲", "完成"],
        known_by=lambda year, place, cell: f"{year}{place}{cell[-4:]}",
    )
    assert rows(found)[0][2] == "2014甲社区1234"


def test_date_and_time_of_day_in_two_columns():
    found = read(
        ["编号", "社区", "日期", "时间", "访问结果"],
        ["1", "甲", datetime(2014, 9, 1), time(19, 30), "完成"],
        ["2", "甲", "2014.9.1", "9:05", "完成"],
        ["3", "甲", "2014.9.1", None, "完成"],
    )
    assert [r[4] for r in rows(found)] == ["2014-09-01T19:30:00", "2014-09-01T09:05:00", "2014-09-01"]


def test_totals_are_skipped_and_other_columns_named():
    found = read(["编号", "社区", "访问结果", "备注"], ["1", "甲", "完成", "好"], ["合计", None, "1", None])
    assert [(f.code, dict(f.params)) for f in found.findings] == [
        ("handmade.total", {"n": 1, "rows": "3"}),
        ("calls.columns_ignored", {"n": 1, "headers": ["备注"]}),
    ]
    assert found.counts["rows"] == 1


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (["编号", "社区", "访问结果"], "calls.no_year"),
        (["编号", "年度", "访问结果"], "calls.no_community"),
        (["社区", "年度", "访问结果"], "calls.no_number"),
    ],
)
def test_what_a_sheet_must_have(header, key):
    with pytest.raises(Refused) as error:
        read(header, ["1", "甲", "完成"], year=None)
    assert error.value.key == key


def test_the_sheet_is_found_among_others():
    calls, other = sheet(["编号", "访问结果"], ["1", "完成"]), sheet(["说明"], ["x"])
    assert find_calls([other, calls], TABLE, None)[0] is calls
    for sheets, name, key in (
        ([other], None, "calls.no_table"),
        ([calls, calls], None, "calls.several_sheets"),
        ([calls], "没有", "intake.no_such_sheet"),
    ):
        with pytest.raises(Refused) as error:
            find_calls(sheets, TABLE, None, sheet=name)
        assert error.value.key == key


def test_addresses_are_those_of_the_sheet():
    one = sheet(["编号", "社区", "访问结果"], ["1", "甲", "？"], top=4, left=2)
    columns = call_columns(one, TABLE)
    assert columns is not None
    found = read_calls(one, columns, REGISTER, TABLE, year=2014)
    assert [(f.cell, f.row) for f in found.findings] == [("E6", 6)]
