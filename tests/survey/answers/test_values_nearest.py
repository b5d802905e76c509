"""What a word looks like: suggested to a person, never the other side of a scale, wherever it is asked."""

from __future__ import annotations

import pytest

from survey.answers.values import reader, suggestions
from survey.form.model import Choice, Question
from tests.tools.forms import SATISFACTION, item

Q = item("Q1")


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
