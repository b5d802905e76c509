"""Which columns of a sheet are those of call records."""

from __future__ import annotations

import pytest

from survey.fieldwork.call_columns import call_columns
from survey.form.model import Question, Questionnaire
from tests.tools.books.call_sheets import TABLE, sheet


def found(*rows, form=None):
    return call_columns(sheet(*rows), TABLE, form)


def test_one_row_a_call_in_chinese_and_english():
    zh = found(
        ["样本编号", "社区", "联系电话", "访员", "第几次", "拨打时间", "通话时长(秒)", "拨打结果", "备注"], ["1"] * 9
    )
    assert zh.columns == {
        "respondent": 0,
        "community": 1,
        "phone": 2,
        "interviewer": 3,
        "attempt": 4,
        "at": 5,
        "duration": 6,
        "outcome": 7,
    }
    assert zh.other == ("备注",)
    en = found(["Sample ID", "Community", "Phone number", "Agent", "Attempt", "Call time", "Outcome_code"], ["1"] * 7)
    assert en.columns == {
        "respondent": 0,
        "community": 1,
        "phone": 2,
        "interviewer": 3,
        "attempt": 4,
        "at": 5,
        "outcome": 6,
    }
    assert (zh.attempts, zh.by_content) == ({}, False)


@pytest.mark.parametrize(
    "headers",
    [
        ["第1次", "第2次", "第3次"],
        ["第一次结果", "第二次结果", "第三次结果"],
        ["第1次拨打结果", "第2次拨打结果", "第3次拨打结果"],
        ["拨打结果1", "拨打结果2", "拨打结果3"],
        ["Attempt 1", "Attempt 2", "Attempt 3"],
        ["call_1_outcome", "call_2_outcome", "call_3_outcome"],
        ["1st call", "2nd call", "3rd call"],
        ["outcome1", "outcome2", "outcome3"],
    ],
)
def test_attempts_side_by_side(headers):
    columns = found(["编号", *headers], ["1", "占线", "无人接听", "完成"])
    assert columns.attempts == {1: {"outcome": 1}, 2: {"outcome": 2}, 3: {"outcome": 3}}
    assert columns.outcome_columns == (1, 2, 3)


def test_times_of_attempts_and_a_second_header_row():
    columns = found(
        ["电话访问记录表"],
        ["编号", "第1次", None, None, "第2次", None, None],
        [None, "时间", "结果", "访员", "时间", "结果", "访员"],
        ["1", "9/1", "占线", "F1", None, None, None],
    )
    assert (columns.header_row, columns.first) == (2, 3)
    assert columns.columns == {"respondent": 0}
    assert columns.attempts == {
        1: {"at": 1, "outcome": 2, "interviewer": 3},
        2: {"at": 4, "outcome": 5, "interviewer": 6},
    }


def test_a_vague_header_counts_only_with_outcomes_below_it():
    assert found(["编号", "结果"], ["1", "完成"], ["2", "拒访"], ["3", "空号"]).columns["outcome"] == 1
    assert found(["编号", "结果"], ["1", "合格"], ["2", "优秀"], ["3", "良好"]) is None


def test_outcomes_without_a_header_that_says_so():
    columns = found(["编号", "电话", "打电话后怎样"], ["1", "x", "完成"], ["2", "y", "拒访"], ["3", "z", "占线"])
    assert (columns.columns["outcome"], columns.by_content) == (2, True)
    assert found(["名称", "打电话后怎样"], ["1", "完成"], ["2", "拒访"], ["3", "占线"]) is None


def test_what_is_no_call_record():
    assert found(["编号", "满意度"], ["1", "满意"]) is None
    assert found([None, None]) is None


def test_a_questionnaires_own_words_for_its_roles():
    form = Questionnaire(
        (
            Question("d", "text", {"zh": "聊得怎样"}, role="disposition"),
            Question("id", "text", {"zh": "户号"}, role="respondent"),
        )
    )
    columns = found(["户号", "聊得怎样"], ["1", "完成"], form=form)
    assert columns.columns == {"respondent": 0, "outcome": 1}
    assert columns.known == 1.0


def test_how_many_cells_are_outcomes():
    assert found(["编号", "拨打结果"], ["1", "完成"], ["2", "奇怪"], ["3", None]).known == 0.5
