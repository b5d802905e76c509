"""Conditions in words."""

from __future__ import annotations

import pytest

from survey.form.model import Choice, Question, Questionnaire
from survey.form.printed.conditions import condition_words

FORM = Questionnaire(
    rows=(Question("A", "select_one", {}, "l", (Choice("1", {"zh": "有", "en": "Yes"}),)), Question("N", "integer"))
)


@pytest.mark.parametrize(
    ("expression", "zh", "en"),
    [
        ("${A} = '1'", "A 选“有”", "A is “Yes”"),
        ("selected(${A}, '1')", "A 选“有”", "A is “Yes”"),
        ("${A} != 1", "A 没有选“有”", "A is not “Yes”"),
        ("${A} = '7'", "A 选“7”", "A is “7”"),
        ("${A} != ''", "A 已回答", "A was answered"),
        ("${N} = ''", "N 没有回答", "N was not answered"),
        ("${N} >= 18 and ${N} < 60", "N 不小于 18，且 N 小于 60", "N is 18 or more and N is less than 60"),
        (
            "${N} > 1 and (${A} = '1' or ${N} <= 3)",
            "N 大于 1，且 (A 选“有”，或 N 不大于 3)",
            "N is more than 1 and (A is “Yes” or N is 3 or less)",
        ),
        ("not(${A} = '1')", "并非“A 选“有””", "not “A is “Yes””"),
        ("count(${A}) > 2", "count(${A}) > 2", "count(${A}) > 2"),
        ("1 = ${N}", "1 = ${N}", "1 = ${N}"),
    ],
)
def test_words(expression, zh, en):
    assert (condition_words(FORM, expression, "zh"), condition_words(FORM, expression, "en")) == (zh, en)
