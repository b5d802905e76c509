"""Every cell that is no valid answer is a finding with its address; every other is coded."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from survey.answers.validation import Column, code_column, combine, factorise
from survey.form.answer_codes import BLANK, DONT_KNOW, INVALID, REFUSED, SKIPPED
from survey.form.model import Cut, Question
from tests.tools.forms import SATISFACTION, item, sheet

BLANKS = frozenset({"na", "(空)", "(跳过)"})


def column(*values, errors=None, header="题", top=0):
    return Column(sheet([header], *[[v] for v in values], errors=errors or {}, top=top), header, 0, 1, list(values))


def code(question, *values, **more):
    return code_column(question, column(*values, **more), BLANKS)


def test_choices_by_name_label_in_either_language_and_number_cell():
    coded = code(item("Q"), "1", 2.0, "一般", "Dissatisfied", 8, "拒答")
    assert coded.codes.tolist() == [0, 1, 2, 3, DONT_KNOW, REFUSED]
    assert coded.findings == ()


def test_empty_is_what_the_form_says_it_is():
    coded = code(item("Q"), None, "  ", "na", "(空)", "（跳过）", "\u200b")
    assert coded.codes.tolist() == [BLANK, BLANK, BLANK, BLANK, SKIPPED, BLANK]
    assert coded.findings == ()


@pytest.mark.parametrize("found", ["满", "7", "5分", "√", True, "很满意了", 4.5, date(2013, 1, 1)])
def test_what_is_no_choice_is_refused_with_address_and_expectation(found):
    coded = code(item("Q"), "1", found)
    (finding,) = coded.findings
    assert (finding.where, finding.row, finding.level, finding.scope) == ("数据!A3", 3, "refuse", "cell")
    assert "很满意" in finding.word("zh")
    assert "1 很满意" in finding.word("zh")
    assert "1 very satisfied" in finding.word("en")
    assert coded.codes.tolist() == [0, INVALID]


def test_the_nearest_choice_is_suggested_but_never_applied():
    (finding,) = code(item("Q"), "很满").findings
    assert finding.params["suggestion"] == "很满意"


def test_true_is_not_one():
    assert code(item("Q"), 1, True).codes.tolist() == [0, INVALID]
    index, uniques = factorise([1, True, 1.0, None])
    assert index.tolist() == [0, 1, 2, -1]
    assert uniques == [1, True, 1.0]


def test_what_was_normalised_is_listed_once_a_value():
    coded = code(item("Q"), "满意 ", "满意", "满意 ", "５")
    assert coded.codes.tolist() == [1, 1, 1, 4]
    notes = [(f.level, f.params["found"], f.params["became"], f.params["n"], f.params["cells"]) for f in coded.findings]
    assert notes == [("note", "满意 ", "满意", 2, "A2、A4"), ("note", "５", "5", 1, "A5")]


def test_half_points_letters_and_double_marks():
    happy = Question("H", "decimal", minimum=1, maximum=10)
    coded = code(happy, 7.5, "8", "1O", "9*", "42", "R", "NA", 10)
    assert coded.numbers is not None
    assert np.flatnonzero(coded.codes == INVALID).tolist() == [2, 3, 4, 5]
    assert coded.numbers[[0, 1, 7]].tolist() == [7.5, 8.0, 10.0]
    assert [(f.cell, f.code) for f in coded.findings] == [
        ("A4", "checking.not_numbers"),
        ("A5", "checking.not_numbers"),
        ("A6", "checking.out_of_range"),
        ("A7", "checking.not_numbers"),
    ]
    assert coded.findings[2].params["expected"] == "1–10"


def test_ranges_are_packed_as_steps_and_hold_their_scale():
    scale = Question("F", "range", start=0, end=10, step=0.5)
    coded = code(scale, 0, 7.5, 10, 7.3)
    assert coded.codes.tolist() == [0, 15, 20, INVALID]
    assert coded.findings[0].code == "checking.not_a_step"


def test_integers_with_bounds_are_packed_and_halves_refused():
    age = Question("age", "integer", minimum=18, maximum=110)
    coded = code(age, 18, "４０", 178, 30.5)
    assert coded.codes.tolist() == [0, 22, INVALID, INVALID]
    assert [f.code for f in coded.findings if f.level == "refuse"] == ["checking.out_of_range", "checking.not_whole"]


def test_declared_missing_values_are_states_not_findings():
    happy = Question("H", "decimal", minimum=1, maximum=10, missing_values={"99": "dont_know", "R": "refused"})
    coded = code(happy, 99, "r", 5)
    assert coded.codes.tolist() == [DONT_KNOW, REFUSED, 0]
    assert coded.findings == ()


def test_a_number_that_no_cut_point_takes_is_invalid():
    cuts = (Cut("<=", 1, 5), Cut("<", 7, 3))
    coded = code(Question("H", "decimal", recode=cuts), 0.5, 6.9, 7)
    assert coded.codes.tolist() == [0, 0, INVALID]


def test_dates_become_iso_text():
    coded = code(Question("D", "date"), date(2013, 5, 6), "2013年5月6日", "昨天")
    assert coded.texts == ["2013-05-06", "2013-05-06", None]
    assert {(f.level, f.cell) for f in coded.findings} == {("note", "A3"), ("refuse", "A4")}


def test_several_choices_in_one_cell():
    many = Question("M", "select_multiple", choices=SATISFACTION[:3])
    coded = code(many, "很满意┋一般", "1|2", "满意", "1 3", "很满意|别的", None)
    assert coded.multiple == [(0, 2), (0, 1), (1,), (0, 2), None, None]
    assert coded.codes.tolist() == [0, 0, 0, 0, INVALID, BLANK]


def test_error_values_are_no_blanks():
    coded = code(item("Q"), "1", None, errors={(2, 0): "#N/A"})
    assert coded.codes.tolist() == [0, INVALID]
    assert (coded.findings[0].code, coded.findings[0].cell) == ("checking.error_value", "A3")


def test_two_columns_of_one_question_may_not_both_be_filled():
    question = item("Q")
    first = column(1, None, 2, None)
    second = Column(sheet(["题", "旧题"], *[[None, v] for v in (None, 3, 4, None)]), "旧题", 1, 1, [None, 3, 4, None])
    coded = combine(question, [first, second], [code_column(question, c, BLANKS) for c in (first, second)])
    assert coded.codes.tolist() == [0, 2, INVALID, BLANK]
    (finding,) = coded.findings
    assert (finding.code, finding.cell, finding.params["first"]) == ("checking.answered_twice", "B4", "A4")


def test_the_fingerprint_does_not_depend_on_how_an_answer_was_written():
    coded = code(item("Q"), "1", "很满意", "2", None, "满")
    assert coded.digest[0] == coded.digest[1] != coded.digest[2]
    assert coded.digest[3] == coded.digest[4] == 0
