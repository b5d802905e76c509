"""The bank of questions: taken exactly as they stand, and said where words were changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.core.errors import Refused
from survey.drafting.bank import compose, items, reworded
from survey.form.default import default_questionnaire
from survey.form.model import Choice, Question, Questionnaire
from survey.form.workbook.reading import read_questionnaire
from survey.form.workbook.writing import write_questionnaire

DEFAULT = default_questionnaire()
GOOD = tuple(Choice(str(i), {"zh": w}, level=i) for i, w in enumerate(("很好", "一般", "很差"), 1))
OWN = Questionnaire(
    (
        Question("village", "text", {"zh": "所在社区"}, role="community"),
        Question("Q1", "select_one", {"zh": "楼道照明怎么样"}, "satisfaction", GOOD, "ecology"),
        Question("Q2", "select_one", {"zh": "楼道、街巷的清洁卫生"}, "satisfaction", GOOD, "ecology"),
    ),
    "楼道调查",
)
KNOWN = (("default", 1, DEFAULT), ("stairs", 1, replace(OWN, rows=OWN.rows[:1])), ("stairs", 2, OWN))


def test_every_wording_stands_once_where_it_came_first():
    found = {item.key: item for item in items(KNOWN)}
    assert len([i for i in found.values() if i.question.dimension]) == 26
    assert "stairs:Q1" in found
    assert "stairs:Q2" not in found  # the default asks it in the same words
    assert not any(item.question.role for item in found.values())
    assert found["stairs:Q1"].version == 2


def test_items_keep_wording_choices_and_scores_exactly_and_come_back_from_the_workbook():
    first = next(q for q in DEFAULT.scored)
    form = compose(KNOWN, [f"default:{first.name}", "stairs:Q1"], "合起来的")
    read, findings = read_questionnaire("合.xlsx", write_questionnaire(form))
    assert [f for f in findings if f.level == "refuse"] == []
    assert read is not None
    taken = {q.label("zh"): q for q in read.scored}
    assert taken[first.label("zh")].choices == first.choices
    assert [(c.name, c.level) for c in taken["楼道照明怎么样"].choices] == [("1", 1), ("2", 2), ("3", 3)]
    assert {q.role for q in read.questions} >= {"community", "year", "respondent"}
    assert reworded(read, KNOWN) == []


def test_who_takes_what_is_not_there_is_told():
    for keys in (["default:nothing"], [], ["stairs:Q2"]):
        with pytest.raises(Refused) as refused:
            compose(KNOWN, keys, "x")
        assert refused.value.key == "bank.unknown_item"


def test_a_changed_wording_is_said_with_the_old_one_and_a_new_item_is_not():
    changed = replace(OWN.rows[2], labels={"zh": "楼道和街巷的清洁卫生"})
    fresh = replace(OWN.rows[1], labels={"zh": "电梯修得快不快"})
    found = reworded(replace(OWN, rows=(changed, fresh)), (KNOWN[0],))
    assert [f.params["old"] for f in found] == ["楼道、街巷的清洁卫生"]
    assert found[0].level == "note"
    assert "原来是“楼道、街巷的清洁卫生”" in found[0].word("zh")
