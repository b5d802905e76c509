"""Answers and outcomes in one sheet: who was interviewed, and who was only called."""

from __future__ import annotations

from survey.fieldwork.call_columns import call_columns
from survey.fieldwork.call_split import split_calls
from survey.form.dispositions import Outcomes
from tests.tools.forms import sheet

ROWS = (
    ["1", "完成", 5],
    ["2", "拒访", 0],
    ["3", "无人接听", 0],
    ["4", "部分完成", 3],
    ["5", "中途挂断", 2],
    ["6", "中途挂断", 0],
    ["7", "拒访", 4],
    ["8", "完成", 0],
    ["9", None, 5],
    ["10", "完成?", 5],
    ["11", None, 0],
)


def split(header, *rows):
    one = sheet(header, *rows)
    columns = call_columns(one, Outcomes())
    assert columns is not None
    return split_calls(one, 1, columns, [r[-1] for r in rows])


def outcomes_first():
    return split(["编号", "访问结果", "n"], *ROWS)


def test_rows_without_an_interview_are_call_records_only():
    found = outcomes_first()
    assert found.responses.tolist() == [True, False, False, True, True, False, True, True, True, True, False]
    assert found.outcomes == ("1.1", "2.11", "3.13", "1.2", "2.12", "2.12", "2.11", "1.1", "1.1", "", "")
    assert found.calls.tolist() == [bool(code) for code in found.outcomes]
    assert found.said.tolist() == [True] * 8 + [False, True, False]
    assert [(i, a.outcome, a.cell, a.said) for i, a in found.attempts][7:] == [
        (7, "1.1", "B9", "完成"),
        (8, "1.1", "B10", ""),
    ]


def test_contradictions_are_found():
    found = outcomes_first().findings
    assert [(f.code, f.level, f.cell) for f in found] == [
        ("calls.split", "note", "B3"),
        ("calls.answers_without_interview", "ask", "B8"),
        ("calls.interview_without_answers", "refuse", "B9"),
        ("calls.answers_without_outcome", "ask", "B10"),
        ("calls.unknown_outcome_near", "refuse", "B11"),
    ]
    assert found[0].params == {"n": 3}
    assert found[4].params["suggestion"] == "完成"
    assert all(f.header == "访问结果" and f.word("zh") and f.word("en") for f in found)


def test_attempts_side_by_side_come_to_one_outcome():
    found = split(
        ["编号", "第1次结果", "第2次结果", "最终结果", "n"],
        ["1", "无人接听", "完成", "完成", 5],
        ["2", "占线", "喂", None, 0],
        ["3", "无人接听", None, "完成", 5],
        ["4", None, None, "拒访", 0],
    )
    assert found.outcomes == ("1.1", "3.12", "1.1", "2.11")
    assert found.responses.tolist() == [True, False, True, False]
    assert [(i, a.number, a.outcome) for i, a in found.attempts] == [
        (0, 1, "3.13"),
        (0, 2, "1.1"),
        (1, 1, "3.12"),
        (2, 1, "3.13"),
        (2, 2, "1.1"),
        (3, 0, "2.11"),
    ]
    assert [(f.code, f.scope, f.cell) for f in found.findings if f.level != "note"] == [
        ("calls.unknown_outcome", "cell", "C3")
    ]
