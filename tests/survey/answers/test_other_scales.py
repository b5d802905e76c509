"""Points, letters and places stand for the choices of a list: the scale that leaves fewest cells over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.answers.other_scales import by_letters, other_scale
from survey.form.model import Choice, Question

FIVE = Question(
    "A", "select_one", choices=tuple(Choice(str(i), {"zh": w}, level=i) for i, w in enumerate("甲乙丙丁戊", 1))
)
SEX = Question("sex", "select_one", choices=(Choice("m", {"zh": "男"}), Choice("f", {"zh": "女"})), role="sex")
KIN = Question(
    "kin", "select_one", choices=tuple(Choice(n, {"zh": z}) for n, z in (("o", "自有"), ("r", "租住"), ("x", "其他")))
)
STAY = Question("stay", "select_one", choices=(Choice("a", {"zh": "不到1年"}), Choice("b", {"zh": "1-4年"})))


@pytest.mark.parametrize(
    ("points", "named"),
    [
        ((100, 80, 60, 40, 20), "100/80/60/40/20"),
        ((100, 80, 60, 40, 0), "100/80/60/40/0"),
        ((100, 75, 50, 25, 0), "100/75/50/25/0"),
    ],
)
def test_rare_lowest_points_tell_which_points_they_are(points, named):
    counts = {str(p): 40 for p in points[:4]} | {str(points[4]): 2}
    found = other_scale(counts, FIVE)
    assert found is not None
    assert (found.named, found.pairs[str(points[4])]) == (named, "5")


def test_letters_stand_for_choices_without_levels_in_their_order():
    assert other_scale({"A": 9, "b": 3}, SEX).pairs == {"A": "m", "b": "f"}
    assert other_scale({"1": 9, "3": 3}, KIN).pairs == {"1": "o", "3": "x"}


@pytest.mark.parametrize(
    ("counts", "question"),
    [
        ({"1": 9, "2": 3}, SEX),  # a standard says what they are
        ({"1": 9, "2": 3}, STAY),  # may be years
        ({"A": 9, "D": 3}, KIN),  # more letters than choices
        ({"A": 9}, SEX),  # one sign is no order
        ({"o": 9, "A": 3}, KIN),
    ],
)
def test_what_may_be_something_else_stands_for_nothing(counts, question):
    assert other_scale(counts, question) is None


@pytest.mark.parametrize(
    ("points", "named"),
    [((2, 1, 0, -1, -2), "−2–2"), ((20, 15, 10, 5, 0), "20/15/10/5/0"), ((9, 7, 5, 3, 1), "9/7/5/3/1")],
)
def test_as_many_numbers_in_even_steps_as_there_are_levels_are_the_levels(points, named):
    found = other_scale({str(p): 10 for p in points}, FIVE)
    assert found is not None
    assert (found.named, found.pairs) == (named, {str(p): str(i) for i, p in enumerate(points, 1)})


def test_one_cell_beyond_the_codes_is_a_slip_unless_other_columns_are_on_that_scale():
    counts = {"1": 9, "2": 9, "3": 9, "0": 1}
    assert other_scale(counts, FIVE) is None
    assert other_scale(counts, FIVE, fewest=1).named == "0–4"


@pytest.mark.parametrize(
    "beyond",
    [
        {"7": 35},  # 7 for 1 or 4, in 25 columns of 20 cells
        {"6": 20, "7": 12},
        {"7": 100},  # no scale to 7 is without a 6
        {"66": 5, "33": 6},
    ],
)
def test_one_or_two_numbers_beside_the_codes_of_nearly_all_cells_are_slips_of_the_pen(beyond):
    assert other_scale({str(n): 93 for n in range(1, 6)} | beyond, FIVE) is None


@pytest.mark.parametrize(
    ("counts", "named"),
    [
        ({str(n): 10 for n in range(1, 8)}, "1–7"),
        ({"1": 60, "2": 60, "3": 60, "4": 40, "5": 40, "6": 9, "7": 3, "8": 2}, "1–6"),  # 1 the best of a long scale
        ({"1": 30, "2": 60, "3": 60, "4": 40, "0": 8}, "0–4"),  # what has a 0 may be one level off in every cell
    ],
)
def test_what_may_be_a_scale_is_still_asked_about(counts, named):
    assert other_scale(counts, FIVE).named == named


def test_grades_by_the_chinese_calendar_stand_for_the_levels_in_turn():
    choices = tuple(Choice(str(i), {"zh": w}, level=i) for i, w in enumerate(("很好", "好", "中", "差", "很差"), 1))
    found = other_scale({"甲": 4, "丁": 3, "戊": 2}, Question("A", "select_one", choices=choices))
    assert (found.pairs, found.named) == ({"甲": "1", "丁": "4", "戊": "5"}, "甲–戊")


def test_letters_mean_what_their_header_says():
    choices = tuple(
        Choice(str(i), {"zh": w}, level=i) for i, w in enumerate(("很满意", "满意", "一般", "不满意", "很不满意"), 1)
    )
    question = Question("A", "select_one", choices=choices)
    found = other_scale({"A": 4, "D": 3, "E": 2}, question)
    told = by_letters(["办事（A很不满意 B不满意 C一般 D满意 E很满意）"], found, question)
    assert told.pairs == {"A": "5", "D": "2", "E": "1"}
    assert by_letters(["办事（A/B/C/D/E）", "环境"], found, question) == found


def test_letters_behind_the_levels_are_what_is_no_answer():
    missing = (Choice("8", {"zh": "说不清"}, missing="dont_know"), Choice("9", {"zh": "拒答"}, missing="refused"))
    for question, last in ((FIVE, "F"), (SEX, "C")):
        more = replace(question, choices=(*question.choices, *missing))
        found = other_scale({"A": 9, "B": 9, last: 3}, more)
        assert (found.named, found.pairs[last], found.pairs["B"]) == (f"A–{last}", "8", question.choices[1].name)
        assert other_scale({"A": 9, "B": 9, chr(ord(last) + 2): 3}, more) is None


def test_the_number_behind_the_levels_is_the_choice_that_stands_there_and_no_longer_scale():
    """As a platform numbers the options: the sixth is 不清楚, which the questionnaire codes 8."""
    question = replace(FIVE, choices=(*FIVE.choices, Choice("8", {"zh": "不清楚"}, missing="dont_know")))
    found = other_scale({"1": 5, "2": 4, "3": 6, "4": 1, "5": 3, "6": 3}, question)
    assert (found.pairs["6"], found.pairs["5"], found.pairs["1"], found.named) == ("8", "5", "1", "1–6")
    assert other_scale({str(n): 5 for n in range(1, 8)}, question).named == "1–7"


def test_slips_beyond_the_questionnaire_s_own_codes_are_no_other_scale():
    slips = {"12": 2, "23": 2, "34": 2, "45": 2}
    assert other_scale({**{str(i): 40 for i in range(1, 6)}, **slips}, FIVE) is None
    assert other_scale({**{str(i): 40 for i in range(1, 11)}, **slips}, FIVE) is not None
