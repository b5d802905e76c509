"""What a cell may mean that is not written as the form has it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.answers.loose_readings import loosely, parts_of_other
from survey.answers.values import reader
from survey.form.default import default_questionnaire
from survey.form.model import Choice, Question

MARK = Question("q", "decimal", {"zh": "打几分"}, minimum=1.0, maximum=10.0)


@pytest.mark.parametrize("digits", ["9" * 5000, "1-" + "4" * 5000])
def test_a_number_without_end_is_no_range(digits: str) -> None:
    years = Question(
        "stay", "select_one", {"zh": "居住年数"}, "l", (Choice("1", {"zh": "1-4年"}), Choice("2", {"zh": "5年以上"}))
    )
    assert loosely(years, reader(years))(digits) is None
    assert loosely(years, reader(years))("1~4年") == "1"


@pytest.mark.parametrize("slip", ["R", "X", "9*", "810", "F", "1O"])
def test_a_slip_is_not_turned_into_an_answer_or_none(slip: str) -> None:
    assert loosely(MARK, reader(MARK))(slip) is None


@pytest.mark.parametrize("said", ["满意 Satisfied", "Satisfied/满意", "满意（Satisfied）", "满意\nsatisfied"])
def test_both_labels_of_a_choice_in_one_cell_are_that_choice(said: str) -> None:
    choices = (Choice("1", {"zh": "满意", "en": "Satisfied"}), Choice("2", {"zh": "不满意", "en": "Dissatisfied"}))
    question = Question("q", "select_one", {"zh": "评价"}, "l", choices)
    assert loosely(question, reader(question))(said) == "1"
    assert loosely(question, reader(question))("满意 Dissatisfied") is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *(
            ("8个月", "lt1"),
            ("半年", "lt1"),
            ("6个月左右", "lt1"),
            ("11个半月", None),
            ("18个月", "1-4"),
            ("一年半", "1-4"),
        ),
        *(("两年", "1-4"), ("2年3个月", "1-4"), ("4年11个月", "1-4"), ("住了5年", "5-9"), ("已住满12年了", "10-19")),
        *(("约30年", "20+"), ("5年多", "5-9"), ("3月", None), ("近10年", None), ("十几年", None)),
    ],
)
def test_years_in_words_lie_in_their_range(said, meant):
    stay = default_questionnaire().question("residence")
    assert loosely(stay, reader(stay))(said) == meant


@pytest.mark.parametrize("said", ["5（满意）", "A(满意)", "3【满意】", "我觉得满意", "感觉满意", "本人满意"])
def test_a_sign_before_brackets_and_words_before_an_answer_leave_the_answer(said: str) -> None:
    choices = (Choice("1", {"zh": "满意"}), Choice("2", {"zh": "不满意"}))
    question = Question("q", "select_one", {"zh": "评价"}, "l", choices)
    assert loosely(question, reader(question))(said) == "1"
    assert loosely(question, reader(question))(said.replace("满意", "不满意")) == "2"


def test_a_drop_down_that_was_left_as_it_was_is_no_answer_and_signs_are_sexes() -> None:
    sex = Question(
        "sex", "select_one", {"zh": "性别"}, "l", (Choice("1", {"zh": "男"}), Choice("2", {"zh": "女"})), role="sex"
    )
    meant = loosely(sex, reader(sex))
    assert [meant(v) for v in ("请选择", "--请选择--", "♂", "♀")] == ["", "", "1", "2"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *((text, "2") for text in ("B 满意", "2 满意", "B　满意", "(2)", "2、", "□很满意 ☑满意 □一般")),
        *((text, "") for text in ("□很满意 □满意 □一般", "-2", "-3")),
        *((text, None) for text in ("2、3", "1.2", "3-1", "A、B", "-1", "☑很满意 ☑满意 □一般")),
    ],
)
def test_a_mark_is_never_what_is_left_of_two_and_no_box_ticked_is_no_answer(said, meant):
    choices = tuple(Choice(n, {"zh": zh}) for n, zh in (("1", "很满意"), ("2", "满意"), ("3", "一般")))
    question = Question("q", "select_one", {"zh": "评价"}, "l", choices)
    assert loosely(question, reader(question))(said) == meant


@pytest.mark.parametrize("said", ["其它：助浴", "其余—助浴", "其他——缴水费,取药"])
def test_other_in_everyday_writing_is_the_choice_other(said):
    choices = (Choice("a", {"zh": "看病,买药"}), Choice("b", {"zh": "停车"}), Choice("o", {"zh": "其他（请注明）"}))
    question = Question("q", "select_multiple", {"zh": "需要"}, "l", choices)
    assert list(parts_of_other(said, question).values()) == ["o"]
    assert list(parts_of_other(f"看病,买药；{said}", question).values()) == ["o"]


@pytest.mark.parametrize("below", ["-2", "-3", "−2", "－3", "- 2", "-2.0", -2, -3.0])
def test_what_a_platform_writes_for_no_answer_is_none_however_it_is_typed(below):
    levels = Question(
        "q", "select_one", {"zh": "评价"}, "l", tuple(Choice(str(i), {"zh": f"第{i}级"}) for i in range(1, 6))
    )
    assert loosely(levels, reader(levels))(below) == ""
    assert loosely(MARK, reader(MARK))(below) == ""


@pytest.mark.parametrize("below", ["-1", "-4", "— 5", "－1", "-1.0", -4])
def test_a_minus_before_a_number_is_no_ornament(below):
    levels = Question(
        "q", "select_one", {"zh": "评价"}, "l", tuple(Choice(str(i), {"zh": f"第{i}级"}) for i in range(1, 6))
    )
    assert loosely(levels, reader(levels))(below) is None
    assert parts_of_other(below, replace(levels, type="select_multiple")) == {}
