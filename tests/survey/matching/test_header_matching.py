"""A header names a question exactly, or it is a suggestion; each question is suggested once."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.answers.mapping import ColumnMapping, check
from survey.form.default import default_questionnaire
from survey.form.model import Choice, Question
from survey.matching.header_matching import MOST_ALIKE, NUMBERED, PART, suggest_columns
from tests.tools.forms import form, item

DEFAULT = default_questionnaire()


def found(*headers: str, questionnaire=DEFAULT):
    return {s.header: (s.question, s.how) for s in suggest_columns(headers, questionnaire)}


def test_names_labels_and_aliases_are_certain():
    exact = suggest_columns(["ｃ1", "到社区办事的方便程度*", "问卷编号", "Places to rest"], DEFAULT)
    assert [(s.question, s.certainty, s.how) for s in exact[:3]] == [
        ("C1", 1.0, "name"),
        ("C1", 1.0, "label"),
        ("respondent", 1.0, "alias"),
    ]


@pytest.mark.parametrize(
    "header",
    [
        "3、到社区办事的方便程度",
        "Q3. 到社区办事的方便程度",
        "第3题：到社区办事的方便程度(单选)",
        "A7 到社区办事的方便程度",
        "3、到社区办事的方便程度*",
    ],
)
def test_a_number_in_front_is_asked_once(header):
    (suggestion,) = suggest_columns([header], DEFAULT)
    assert (suggestion.question, suggestion.certainty, suggestion.how) == ("C1", NUMBERED, "numbered")


@pytest.mark.parametrize(
    ("header", "question"),
    [
        ("社区办事方便程度", "C1"),
        ("社区的绿化和休闲空间", "B2"),
        ("cleanliness of lanes and stairways", "B1"),
        ("乱停车、乱搭建、乱设摊治理", "B3"),
    ],
)
def test_likeness_is_suggested(header, question):
    (suggestion,) = suggest_columns([header], DEFAULT)
    assert (suggestion.question, suggestion.how) == (question, "similar")
    assert 0.5 <= suggestion.certainty <= MOST_ALIKE


def test_the_item_behind_the_stem_of_a_matrix_is_asked_once():
    (suggestion,) = suggest_columns(["您对本社区以下方面满意吗—看病、买药和健康服务"], DEFAULT)
    assert (suggestion.question, suggestion.certainty, suggestion.how) == ("C2", PART, "part")


def test_what_is_like_nothing_has_no_suggestion():
    assert found("经办人", "天气", "备注", "", "B7") == {}


def test_a_question_that_is_named_exactly_is_not_suggested_again():
    assert found("到社区办事的方便程度", "社区办事方便程度") == {"到社区办事的方便程度": ("C1", "label")}


def test_no_question_is_suggested_twice_and_the_better_header_gets_it():
    parts = form(item("R1", "小区环境卫生状况"), item("R2", "小区环境绿化状况"))
    assert found("小区的环境卫生情况", "小区的环境绿化情况", questionnaire=parts) == {
        "小区的环境卫生情况": ("R1", "similar"),
        "小区的环境绿化情况": ("R2", "similar"),
    }
    (one,) = suggest_columns(["小区环境状况"], parts)
    assert one.certainty < 0.75  # two questions are as like


def test_figures_must_agree():
    numbered = form(item("R1", "第1季度满意度"), item("R2", "第2季度满意度"))
    assert found("2季度的满意度", questionnaire=numbered) == {"2季度的满意度": ("R2", "similar")}
    assert found("3季度的满意度", questionnaire=numbered) == {}


def test_the_column_of_an_option_says_which():
    places = (Choice("park", {"zh": "公园"}), Choice("square", {"zh": "广场"}))
    wants = form(Question("W", "select_multiple", {"zh": "去过哪里"}, "where", places))
    (suggestion,) = suggest_columns(["5、去过哪里/公园"], wants)
    assert suggestion.target == "W/park"
    assert check(ColumnMapping.of({suggestion.header: suggestion.target}), wants) == []


@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_headers_are_taken(headers):
    similar = [s for s in suggest_columns(headers, DEFAULT) if s.how == "similar"]
    assert len({s.question for s in similar}) == len(similar)
    assert all(s.certainty < 1 for s in similar)


def test_a_wide_file_takes_no_time():
    headers = [f"{q.label('zh')}（第{i}次）" for i in range(5) for q in DEFAULT.questions]
    started = time.process_time()
    suggest_columns(headers, DEFAULT)
    assert time.process_time() - started < 2


def test_words_decide_where_another_form_was_numbered_otherwise():
    told = ("办事公道", "路灯照明", "停车位置", "文体活动", "治安状况")
    asked = form(*(item(f"N{n}", f"{n}、您对{text}是否满意？") for n, text in enumerate(told, 5)))
    sheet_of_last_year = ["5、路灯照明", "6、治安状况", "7、办事公道", "8、文体活动", "9、停车位置"]
    found = {s.header: s.question for s in suggest_columns(sheet_of_last_year, asked)}
    assert found == dict(zip(sheet_of_last_year, ("N6", "N9", "N5", "N8", "N7"), strict=True))


def test_numbers_decide_where_only_they_tell_two_questions_apart():
    asked = form(item("N5", "5、对本项工作的其他意见如何"), item("N9", "9、对本项工作的其他意见如何"))
    found = {s.header: s.question for s in suggest_columns(["5、本项工作其他意见", "9、本项工作其他意见"], asked)}
    assert found == {"5、本项工作其他意见": "N5", "9、本项工作其他意见": "N9"}
