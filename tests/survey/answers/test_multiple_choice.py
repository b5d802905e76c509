"""Options spread over columns come together again."""

from __future__ import annotations

from survey.answers.multiple_choice import code_options
from survey.answers.validation import Column
from survey.form.answer_codes import BLANK, INVALID, SKIPPED
from survey.form.model import Choice, Question
from tests.tools.forms import SATISFACTION, sheet

MANY = Question("M", "select_multiple", choices=SATISFACTION[:2])


def test_ones_zeros_words_and_blanks():
    rows = [[1, 0], ["是", "否"], ["√", None], [None, None], [0, 0], ["很满意", 2], ["?", 1]]
    data = sheet(["M/1", "M/2"], *rows)
    options = [(str(i + 1), Column(data, f"M/{i + 1}", i, 1, [r[i] for r in rows])) for i in range(2)]
    coded = code_options(MANY, options, frozenset())
    assert coded.multiple == [(0,), (0,), (0,), None, (), (0, 1), None]
    assert coded.codes.tolist() == [0, 0, 0, BLANK, 0, 0, INVALID]
    (finding,) = coded.findings
    assert (finding.code, finding.cell) == ("checking.not_yes_no", "A8")


def test_what_a_platform_marks_says_why_there_is_no_answer_or_is_taken_off():
    """Tencent writes ``D.选项``, 问卷星 -2 (blank) and -3 (skipped) into every column of the question."""
    rows = [["A.很满意", None], ["-2", "-2"], ["-3", "-3"], ["-3", "1"], ["(跳过)", "(跳过)"], ["-4", None]]
    data = sheet(["M/1", "M/2"], *rows)
    states = {"-2": "blank", "-3": "skipped"}
    options = [
        (
            str(i + 1),
            Column(data, f"M/{i + 1}", i, 1, [r[i] for r in rows], states=states, tidy=lambda v: v.removeprefix("A.")),
        )
        for i in range(2)
    ]
    coded = code_options(MANY, options, frozenset({"(跳过)"}))
    assert coded.codes.tolist() == [0, BLANK, SKIPPED, 0, SKIPPED, INVALID]
    assert coded.multiple[:4] == [(0,), None, None, (1,)]


def test_an_error_value_is_no_blank():
    data = sheet(["M/1", "M/2"], [None, 1], [1, 0], errors={(1, 0): "#N/A"})
    options = [(str(i + 1), Column(data, f"M/{i + 1}", i, 1, [r[i] for r in data.rows[1:]])) for i in range(2)]
    coded = code_options(MANY, options, frozenset())
    assert coded.codes.tolist() == [INVALID, 0]
    assert [(f.code, f.cell) for f in coded.findings] == [("checking.error_value", "A2")]


def test_circles_are_ticks_of_a_row_without_any_and_left_where_they_stand_beside_ticks():
    def chosen(*rows):
        data = sheet(["M/1", "M/2"], *rows)
        options = [(str(i + 1), Column(data, f"M/{i + 1}", i, 1, [r[i] for r in rows])) for i in range(2)]
        coded = code_options(MANY, options, frozenset())
        assert coded.findings == ()
        return coded.multiple

    assert chosen(["√", None], [None, "○"], ["O", None]) == [(0,), (1,), (0,)]
    assert chosen(["●", "○"], [None, "○"], ["○", "○"]) == [(0,), (), ()]


def test_words_under_other_say_that_it_was_chosen_and_are_named():
    needs = Question(
        "M", "select_multiple", choices=(Choice("eat", {"zh": "食堂"}), Choice("oth", {"zh": "其他(请注明)"}))
    )
    rows = [[0, "陪诊"], [1, "修电梯"], [1, 0], [0, "没选"], [0, "食堂"], ["陪诊", 0], [0, "无"]]
    data = sheet(["M/eat", "M/oth"], *rows)
    columns = [Column(data, f"M/{name}", i, 1, [r[i] for r in rows]) for i, name in enumerate(("eat", "oth"))]
    coded = code_options(needs, list(zip(("eat", "oth"), columns, strict=True)), frozenset())
    assert coded.multiple == [(1,), (0, 1), (0,), (), None, None, ()]
    told = [(f.code, f.cell) for f in coded.findings]
    assert [cell for code, cell in told if code == "checking.normalised"] == ["B2", "B3"]
    assert sorted(cell for code, cell in told if code == "checking.not_yes_no") == ["A7", "B6"]
