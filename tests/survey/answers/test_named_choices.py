"""Words around a choice of a list without an order, proposed; a word that makes it another thing names none."""

from __future__ import annotations

import pytest

from survey.answers.named_choices import named_choice
from survey.answers.values import reader, suggestions
from survey.form.default import default_questionnaire
from survey.form.model import Choice, Question
from tests.tools.books.office_sheets import FORM
from tests.tools.forms import SATISFACTION, item

DEFAULT = default_questionnaire()
Q = item("Q1")


@pytest.mark.parametrize(
    ("question", "said", "choice"),
    [
        ("education", "高中/中专", "senior"),
        ("education", "大学专科", "college"),
        ("education", "大学本科", "university"),
        ("education", "小学", "primary"),
        ("household_register", "本社区户籍", "here"),
        ("household_register", "外地户籍", "elsewhere"),
        ("household_register", "本市", "city"),
        ("occupation", "退休", "retired"),
        ("occupation", "企业单位职工", "company"),
    ],
)
def test_more_words_or_fewer_around_a_choice(question, said, choice):
    assert named_choice(said, DEFAULT.question(question)) == choice


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("education", "本科以下"),
        ("education", "大专及以上"),
        ("education", "初中、高中中专"),
        ("household_register", "非本社区"),
        ("household_register", "本市外区"),
        ("occupation", "农民"),
        ("A1", "不太满意"),
        ("residence", "3"),
    ],
)
def test_what_may_be_another_thing_names_none(question, said):
    assert named_choice(said, DEFAULT.question(question)) is None


@pytest.mark.parametrize("said", ["很满意/一般", "很满意、满意", "很满意 不满意", "一", "五"])
def test_two_marks_and_bare_numbers_are_like_no_choice(said):
    assert suggestions(said, FORM.question("A1")) == ()


def test_a_word_that_says_no_is_not_like_one_that_does_not():
    assert [name for name, _ in suggestions("非本社区", DEFAULT.question("household_register"))] == []


def plain(*labels: str) -> Question:
    choices = tuple(Choice(name, {"zh": label}) for name, label in zip("abcdef", labels, strict=False))
    return Question("B", "select_one", {"zh": "B"}, "b", choices)


def test_suggestions_never_change_sides_and_never_turn_figures_into_codes():
    assert suggestions("5分", Q) == ()
    assert {name for name, _ in suggestions("较满意", Q)} <= {"1", "2", "3"}
    assert suggestions("不太满意", Q)[0][0] == "4"
    bands = plain("18-29岁", "30-44岁")
    assert [name for name, _ in suggestions("18~29岁", bands)] == ["a"]
    assert suggestions("男性", plain("男", "女"))[0][0] == "a"


@pytest.mark.parametrize("word", ["不太满意", "比较满意", "非常不满意", "很不满", "满"])
def test_a_bad_cell_is_suggested_the_same_choice_as_a_whole_scale(word):
    near = suggestions(word, Q)
    labels = {c.name: c.label("zh") for c in SATISFACTION}
    assert reader(Q)(word).params["suggestion"] == labels[near[0][0]]


def test_a_bad_cell_is_never_suggested_the_opposite():
    question = plain("满意", "很满意")  # every letter of 不满意 but one
    assert "suggestion" not in reader(question)("不满意").params
    assert "suggestion" not in reader(question)("5分").params
