"""One column a choice: the marked one is the answer, and it is the same answer as the choice in one column."""

from __future__ import annotations

import pytest

from survey.answers.tick_columns import code_ticks
from survey.answers.validation import Column, code_column
from survey.form.answer_codes import BLANK, INVALID
from tests.tools.forms import item, sheet

QUESTION = item("Q1")
NAMES = ("1", "2", "8")


def coded(*rows):
    data = sheet(NAMES, *rows)
    columns = [(name, Column(data, name, i, 1, [row[i] for row in rows])) for i, name in enumerate(NAMES)]
    return code_ticks(QUESTION, columns, frozenset())


@pytest.mark.parametrize("mark", ["√", 1, True, "是", "●", "x", "V", "×"])
def test_a_mark_says_the_choice_whatever_it_is(mark):
    found = coded((mark, None, None), (None, mark, None), (None, None, mark), (None, None, None))
    plain = [code_column(QUESTION, Column(sheet(["Q1"]), "Q1", 0, 1, [v]), frozenset()) for v in ("1", "2", "8", None)]
    assert found.codes.tolist() == [int(p.codes[0]) for p in plain]
    assert found.digest.tolist() == [int(p.digest[0]) for p in plain]
    assert found.findings == ()


def test_zeros_are_no_answer_and_leave_the_others():
    assert coded((1, 0, 0), (0, 0, 0)).codes.tolist() == [0, BLANK]


def test_two_marks_are_no_answer_and_both_cells_are_named():
    found = coded(("√", "√", None), (None, "√", None))
    assert found.codes.tolist() == [INVALID, 1]
    (finding,) = found.findings
    assert (finding.code, finding.cell, finding.params["first"]) == ("checking.answered_twice", "B2", "A2")


def test_what_is_no_mark_is_named():
    found = coded(("√", "很好", None), (None, 1, None))
    assert found.codes.tolist() == [INVALID, 1]
    assert [(f.code, f.cell) for f in found.findings] == [("checking.not_yes_no", "B2")]


@pytest.mark.parametrize("mark", ["○", "O", "●", "✓", "x", "×"])
def test_another_mark_is_the_tick_of_a_row_that_holds_nothing_else(mark):
    found = coded(("√", None, None), (None, mark, None), (mark, mark, None), (mark, None, None))
    assert found.codes.tolist() == [0, 1, INVALID, 0]
    assert [(f.code, f.cell) for f in found.findings] == [("checking.answered_twice", "B4")]


def test_a_circle_beside_a_tick_is_a_second_mark_and_circles_in_all_others_are_left():
    assert coded(("√", "○", None), (None, "○", None)).codes.tolist() == [INVALID, 1]
    assert coded(("●", "○", "○"), ("○", "○", "○"), ("○", "●", "○")).codes.tolist() == [0, BLANK, 1]
    assert coded(("√", "×", None), (None, "√", None)).codes.tolist() == [0, 1]  # struck out
