"""Columns that are told by their cells: words of one question's choices, days, what people said, numbers of people."""

from __future__ import annotations

import pytest

from survey.form.answer_codes import BLANK
from survey.matching.column_proposals import PROPOSED, SCORED
from tests.tools.books.office_sheets import answers, grid, look, prepare, renamed, stopped, store_all, with_cells


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


@pytest.mark.parametrize("header", ["X7", "住了多久", "年限"])
def test_words_of_one_question_only_tell_its_column(store, header):
    rows = renamed(grid(), stay=header)
    assert stopped(store, rows) == [PROPOSED]
    assert store_all(store, rows, PROPOSED) == 12
    assert BLANK not in answers(store, "stay")


def test_words_that_several_questions_share_tell_none(store):
    (question,) = look(store, renamed(grid(), E1="X7")).questions
    assert question.code == SCORED


def test_what_people_said_and_the_day_are_proposed_with_other_columns(store):
    rows = renamed(grid(), stay="住了多久", T="您对社区的意见", day="走访时间")
    found = look(store, rows)
    said = found.questions[0].word("zh")
    assert [f"{a}→{b}" in said for a, b in (("您对社区的意见", "意见"), ("走访时间", "填写日期"))] == [True, True]
    assert store_all(store, rows, PROPOSED) == 12


def test_a_sheet_of_which_every_header_is_worded_otherwise_loses_no_column(store):
    rows = renamed(
        grid(),
        no="卷号",
        place="片区",
        sex="您的性别是？",
        age="您今年多大年龄",
        stay="住了多久",
        A1="您对办事公道是否满意？",
        B1="您对环境卫生是否满意？",
        C1="您对办事方便是否满意？",
        D1="您对文体活动是否满意？",
        E1="您对治安状况是否满意？",
        F1="您的幸福感给几分",
        M="您最需要什么样的服务？",
        T="您还有什么意见？",
        day="哪天填写的日期",
    )
    assert store_all(store, with_cells(rows, "T", lambda v, _: v), PROPOSED) == 12
    for name in ("stay", "A1", "E1"):
        assert BLANK not in answers(store, name)
