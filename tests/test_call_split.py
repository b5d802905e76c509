"""Answers and outcomes in one sheet: who was interviewed, and who was only called."""

from __future__ import annotations

import pandas as pd
from forms import sheet

from survey.call_split import call_rows, split_calls

ROWS = (
    ["1", "完成", 5], ["2", "拒访", 0], ["3", "无人接听", 0], ["4", "部分完成", 3], ["5", "中途挂断", 2],
    ["6", "中途挂断", 0], ["7", "拒访", 4], ["8", "完成", 0], ["9", None, 5], ["10", "完成?", 5], [None, None, 0],
)  # fmt: skip


def split():
    one = sheet(["编号", "访问结果", "n"], *ROWS)
    return split_calls(one, 1, 1, [r[2] for r in ROWS], header="访问结果")


def test_rows_without_an_interview_are_call_records_only():
    found = split()
    assert found.responses.tolist() == [True, False, False, True, True, False, True, True, True, True, True]
    assert found.outcomes == ("1.1", "2.11", "3.13", "1.2", "2.12", "2.12", "2.11", "1.1", "", "", "")
    assert found.calls.tolist() == [bool(code) for code in found.outcomes]


def test_contradictions_are_found():
    found = split().findings
    assert [(f.code, f.level, f.cell) for f in found] == [
        ("calls.split", "note", "B3"),
        ("calls.answers_without_interview", "ask", "B8"),
        ("calls.interview_without_answers", "refuse", "B9"),
        ("calls.no_outcome", "refuse", "B10"),
        ("calls.unknown_outcome_near", "refuse", "B11"),
    ]
    assert found[0].params == {"n": 3}
    assert all(f.header == "访问结果" and f.word("zh") and f.word("en") for f in found)


def test_the_call_records_of_a_split_sheet():
    n = len(ROWS)
    design = pd.DataFrame({
        "year": pd.array([2014] * (n - 1) + [pd.NA], dtype="Int64"), "community": ["C1"] * 10 + [""],
        "respondent": [r[0] for r in ROWS], "started": ["2014-09-01T10:00:00", *[None] * 10],
        "submitted": [None, "2014-09-02", *[None] * 9], "row": range(2, n + 2), "sheet": "数据",
    })  # fmt: skip
    frame = call_rows(split(), design)
    assert frame["outcome"].tolist() == ["1.1", "2.11", "3.13", "1.2", "2.12", "2.12", "2.11", "1.1"]
    assert frame["at"].tolist()[:3] == ["2014-09-01T10:00:00", "2014-09-02", ""]
    assert frame["interviewer"].tolist() == [""] * 8
