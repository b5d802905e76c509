"""What a cell may mean that is not written as the form has it."""

from __future__ import annotations

import pytest

from survey.answers.loose_readings import EMPTY, loosely
from survey.answers.values import reader
from survey.form.model import Question

MARK = Question("q", "decimal", {"zh": "打几分"}, minimum=1.0, maximum=10.0)
AGE = Question("age", "integer", {"zh": "年龄"}, role="age", minimum=0.0, maximum=120.0)


@pytest.mark.parametrize("question", [MARK, AGE])
@pytest.mark.parametrize("refusal", ["R", "r", "ref", "拒绝", "拒答"])
def test_a_refusal_in_a_column_of_numbers_is_no_answer(question: Question, refusal: str) -> None:
    assert loosely(question, reader(question))(refusal) == EMPTY


@pytest.mark.parametrize("slip", ["X", "9*", "810", "F", "1O"])
def test_a_slip_is_not_turned_into_an_answer_or_none(slip: str) -> None:
    assert loosely(MARK, reader(MARK))(slip) is None
