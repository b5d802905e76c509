"""A word that fits the questionnaire but not the rest of its column is asked about, once a list."""

from __future__ import annotations

import pytest

from survey.answers.mapping import ColumnMapping
from survey.matching.choice_words import scale_findings, wordings
from survey.matching.sheet_matching import match
from tests.tools.forms import form, sheet

FORM = form()


def found(*words, mapping=None):
    rows = [["x", "甲", 2014, word, None] for word in words]
    matched = match([sheet(["编号", "社区", "年度", "Q1", "Q2"], *rows)], FORM, sheet=None, header_rows=1)
    return scale_findings(matched, FORM, wordings(matched, FORM, mapping))


@pytest.mark.parametrize(
    "words",
    [
        ["很满意", "满意", "不满意", "很不满意"],
        ["1", "2", "5"],
        ["满意", "满", "5分"],  # dirt is refused cell by cell; it is no other scale
        ["不清楚", "拒答"],
    ],
)
def test_the_questionnaires_own_words_need_no_question(words):
    assert found(*words) == []


def test_another_scale_with_a_word_of_ours_is_a_question():
    (finding,) = found("很满意", "满意", "基本满意", "不太满意", "不满意")
    assert (finding.code, finding.level, finding.params["words"]) == ("scales.ask", "ask", ["不满意"])
    assert "不满意→很不满意" in finding.params["pairs"]["zh"]


def test_another_wording_without_conflict_is_a_question_too_and_a_slip_is_none():
    (finding,) = found("非常满意", "比较满意", "非常不满意")
    assert (finding.code, finding.level) == ("scales.proposal", "ask")
    assert "非常满意→很满意" in finding.params["pairs"]["zh"]
    (finding,) = found("很满意", "满意", "一般", "非常不满意")
    assert (finding.code, finding.level) == ("scales.proposal", "note")


def test_what_a_person_has_mapped_is_settled():
    mapping = ColumnMapping.of({}, {}, {"sat": {"基本满意": "3", "不太满意": "4", "不满意": "5"}})
    assert found("很满意", "基本满意", "不太满意", "不满意", mapping=mapping) == []
