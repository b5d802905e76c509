"""A word that several choices go by, and a word of a choice that also counts as empty."""

from __future__ import annotations

import pytest

from survey.answers.values import blanks_of, choice_words, reader
from survey.form.answer_codes import INVALID
from survey.form.model import Choice, Question

LANES = Question(
    "lane",
    "select_one",
    choices=(Choice("1", {"zh": "一弄"}), Choice("2", {"zh": "二弄"}), Choice("3", {"zh": "二弄"}), Choice("NA", {})),
)

SATISFIED = Question(
    "q",
    "select_one",
    {},
    "l",
    tuple(Choice(n, {"zh": zh}) for n, zh in (("1", "很满意"), ("2", "满意"), ("3", "一般"))),
)


def test_a_label_that_two_codes_share_is_taken_for_neither() -> None:
    assert choice_words(LANES) == {"1": 0, "2": 1, "3": 2, "na": 3, "一弄": 0}
    reading = reader(LANES)("二弄")
    assert (reading.code, reading.problem, reading.params) == (INVALID, "checking.several_choices", {"codes": "2、3"})
    assert reader(LANES)("3").code == 2


def test_a_choice_wins_over_the_words_that_count_as_empty() -> None:
    assert blanks_of(LANES, frozenset({"na", "(空)"})) == {"(空)"}
    assert blanks_of(Question("t", "text"), frozenset({"na"})) == {"na"}


@pytest.mark.parametrize(
    "said",
    ["很满意/满意", "满意、一般", "很满意 满意", "1、2", "1/2", "2,3", "☑很满意 ☑满意 □一般", "■很满意 □满意 ■一般"],
)
def test_two_marks_under_one_question_are_named_as_that(said):
    reading = reader(SATISFIED)(said)
    assert (reading.code, reading.problem) == (INVALID, "checking.two_answers")


@pytest.mark.parametrize("said", ["1 很满意", "3、很满意", "满 意了", "满意/舒服", "123", "1.2"])
def test_one_mark_with_its_number_or_other_words_is_not(said):
    assert reader(SATISFIED)(said).problem == "checking.not_a_choice"
