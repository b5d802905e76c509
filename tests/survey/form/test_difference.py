"""What a new version of a questionnaire has otherwise, question by question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.core.lang import LANGUAGES
from survey.form.default import default_questionnaire
from survey.form.difference import differences
from survey.form.model import Choice, Question, Questionnaire, with_conditions

SCALE = (Choice("1", {"zh": "好", "en": "Good"}, level=1), Choice("2", {"zh": "差", "en": "Bad"}, level=2))
A = Question("A", "select_one", {"zh": "环境", "en": "Surroundings"}, "l", SCALE, dimension="ecology")
B = Question("B", "integer", {"zh": "年龄"}, role="age")
OLD = Questionnaire(rows=(A, B), title="问卷")


def told(new: Questionnaire, old: Questionnaire = OLD) -> list[tuple]:
    changes = differences(old, new)
    assert all(change.word(lang) for change in changes for lang in LANGUAGES)
    return [(c.name, c.field, (c.before or {}).get("zh"), (c.after or {}).get("zh")) for c in changes]


def test_nothing_differs_from_itself():
    assert differences(default_questionnaire(), default_questionnaire()) == []


def test_added_gone_and_moved():
    c = Question("C", "text", {"zh": "意见"})
    assert told(replace(OLD, rows=(A, c))) == [("C", "", None, ""), ("B", "", "", None)]
    assert told(replace(OLD, rows=(B, A, c))) == [("C", "", None, ""), ("", "order", "", "B")]
    many = Questionnaire(rows=tuple(Question(f"Q{n}", "text") for n in range(6)))
    assert told(replace(many, rows=(*many.rows[1:], many.rows[0])), many) == [("", "order", "", "Q0")]


@pytest.mark.parametrize(
    ("change", "field", "before", "after", "counts"),
    [
        ({"labels": {"zh": "环境卫生", "en": "Surroundings"}}, "wording", "环境", "环境卫生", False),
        ({"type": "select_multiple"}, "type", "select_one", "select_multiple", False),
        (
            {"choices": (SCALE[0], replace(SCALE[1], labels={"zh": "很差", "en": "Bad"}))},
            "choices",
            "1 好、2 差",
            "1 好、2 很差",
            False,
        ),
        ({"choices": (replace(SCALE[0], level=2), replace(SCALE[1], level=1))}, "scale", "1:1 2:2", "1:2 2:1", False),
        ({"choices": (SCALE[0], replace(SCALE[1], score=40.0))}, "scale", "1:1 2:2", "1:1 2:=40", False),
        ({"choices": (SCALE[0], replace(SCALE[1], missing="refused"))}, "missing", "", "2:refused", False),
        ({"role": "sex"}, "role", "", "sex", False),
        ({"dimension": "service"}, "dimension", "ecology", "service", True),
        ({"weight": 2.0}, "weight", "1", "2", True),
        ({"reverse": True}, "reverse", "否", "是", True),
        ({"required": True}, "required", "否", "是", False),
        ({"minimum": 18.0}, "scale", "1:1 2:2", "18", False),
        ({"extra": {"hint": "x"}}, "other", "", "hint=x", False),
    ],
)
def test_fields(change, field, before, after, counts):
    new = replace(OLD, rows=(replace(A, **change), B))
    assert told(new) == [("A", field, before, after)]
    assert differences(OLD, new)[0].counts is counts


def test_a_condition_of_a_group_is_told_of_what_is_in_it():
    rows = (A, Question("g", "begin_group", relevant="${A} = '1'"), B, Question("", "end_group"))
    assert told(replace(OLD, rows=with_conditions(rows))) == [("B", "condition", "", "${A} = '1'")]


def test_settings_and_sentences():
    (change,) = differences(OLD, replace(OLD, year=2014))
    assert change.word("zh") == "问卷的年份由“空”改为“2014”"
    (change,) = differences(OLD, replace(OLD, rows=(replace(A, labels={"zh": "卫生", "en": "Surroundings"}), B)))
    assert change.word("zh") == "A（卫生） 的题目文字由“环境”改为“卫生”"


@pytest.mark.parametrize("setting", ["version", "panel", "household_adults", "instance_name"])
def test_a_setting_without_a_word_of_ours_is_called_by_its_name(setting):
    (change,) = differences(OLD, replace(OLD, settings={setting: "2"}))
    assert change.word("zh") == f"问卷的{setting}由“空”改为“2”"
    assert change.word("en")
