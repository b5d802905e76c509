"""What answers are worth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.sample.item_values import answered, item_scores, own_values, states
from survey.form.answer_codes import DONT_KNOW, INVALID
from survey.form.model import Choice, Question
from survey.form.workbook.syntax import parse_recode
from tests.tools.towns.survey_toys import LEVELS, block, form, item, scheme

LETTERS = tuple(Choice(name, {}, level=level) for name, level in (("A", 1), ("B", 2), ("C", 3), ("D", 4), ("E", 5)))


def worth(question: Question, answers: list[Any], **changes: Any) -> tuple[Any, Any]:
    questionnaire = form(question)
    responses = block(questionnaire, {question.name: answers})
    own = own_values(questionnaire, responses, question.name)
    score = item_scores(questionnaire, responses, question.name, scheme(**changes))
    return tuple(None if v is None else [None if np.isnan(x) else x for x in v] for v in (own, score))


def test_levels_by_preset_and_their_codes_as_own_values() -> None:
    own, score = worth(item("q"), ["1", "2", "3", "4", "5", "8", None, "invalid", "skipped"])
    assert own == [1, 2, 3, 4, 5, None, None, None, None]
    assert score == [100, 80, 60, 40, 0, None, None, None, None]


def test_levels_are_own_values_where_codes_are_words() -> None:
    assert worth(item("q", choices=LETTERS), ["A", "E"]) == ([1, 5], [100, 0])


def test_codes_that_run_the_other_way_keep_their_numbers() -> None:
    upward = tuple(Choice(str(k), {}, level=6 - k) for k in range(1, 6))
    assert worth(item("q", choices=upward), ["5", "1"]) == ([5, 1], [100, 0])


def test_reverse_flips_levels_but_never_an_explicit_score() -> None:
    mixed = (*LEVELS[:4], Choice("5", {}, level=5, score=33))
    assert worth(item("q", choices=mixed), ["1", "2", "5"])[1] == [100, 80, 33]
    assert worth(item("q", choices=mixed, reverse=True), ["1", "2", "5"])[1] == [0, 40, 33]


def test_the_highest_level_is_the_length_of_the_scale() -> None:
    """Levels 1, 3, 5 of a five-level scale."""
    assert worth(item("q", choices=(LEVELS[0], LEVELS[2], LEVELS[4])), ["1", "3", "5"])[1] == [100, 60, 0]


def test_a_preset_without_that_length_scores_nothing() -> None:
    assert worth(item("q", choices=LEVELS[:3]), ["1"]) == ([1], None)
    assert worth(item("q", choices=(Choice("a", {}), Choice("b", {}))), ["a"]) == (None, None)


@pytest.mark.parametrize(
    ("type_", "more"), [("range", {"start": 0, "end": 10, "step": 0.5}), ("decimal", {"minimum": 0, "maximum": 10})]
)
def test_numbers_score_linearly(type_: str, more: dict[str, Any]) -> None:
    question = Question("q", type_, **more)
    assert worth(question, [0.0, 7.5, 10.0, "refused"]) == ([0, 7.5, 10, None], [0, 75, 100, None])
    reverse = Question("q", type_, reverse=True, **more)
    assert worth(reverse, [0.0, 7.5]) == ([0, 7.5], [100, 25])


def test_a_number_without_ends_has_no_score() -> None:
    assert worth(Question("q", "decimal"), [3.0]) == ([3], None)


@pytest.mark.parametrize("type_", ["integer", "decimal"])
def test_recode_comes_first_and_no_match_is_invalid(type_: str) -> None:
    question = Question("q", type_, minimum=0, maximum=20, recode=parse_recode("<=1:1 <=3:2 <7:3 <9:4 <=10:5"))
    own, score = worth(question, [0, 1, 3, 6, 7, 9, 10, 11])
    assert own == [1, 1, 2, 3, 4, 5, 5, None]
    assert score == [0, 0, 25, 50, 75, 100, 100, None]
    questionnaire = form(question)
    codes = states(questionnaire, block(questionnaire, {"q": [10, 11]}), "q")
    assert codes[0] >= 0
    assert codes[1] == INVALID


def test_steps_meet_cut_points_exactly() -> None:
    """0.1 * 3 is 0.30000000000000004 in floating point."""
    question = Question("q", "range", start=0, end=1, step=0.1, recode=parse_recode("<=0.3:1 <=1:2"))
    assert worth(question, [0.3, 0.4])[0] == [1, 2]


def test_choices_marked_as_missing_are_states_however_they_were_packed() -> None:
    questionnaire = form(item("q"))
    responses = block(questionnaire, {"q": ["8", "1", None, "invalid", "skipped", "refused", "not_applicable"]})
    responses.codes[0, 0] = 5  # packed as a choice
    codes = states(questionnaire, responses, "q")
    assert codes[0] == DONT_KNOW
    assert answered(codes).tolist() == [True, True, False, False, False, True, True]


def test_text_has_no_value() -> None:
    assert worth(Question("q", "text"), ["x"]) == (None, None)
