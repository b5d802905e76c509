"""Headers find their questions by name, label or alias, and say where they stand."""

from __future__ import annotations

import pytest

from survey.core.errors import Refused
from survey.files.readers.sheet import Sheet
from survey.form.model import Choice, Question
from survey.matching.sheet_matching import match
from tests.tools.forms import form, item, sheet


def matched(*sheets, questionnaire=None, **options):
    options = {"sheet": None, "header_rows": None, **options}
    return match(sheets, questionnaire or form(), **options)


def test_names_labels_aliases_any_width_and_case():
    found = matched(sheet(["编号", "所在社区 ", "WHEN", "ｑ1", "item Q2"], ["a", "b", 2014, 1, 1]))
    assert [(c.question, c.how) for c in found.columns] == [
        ("id", "label"),
        ("place", "alias"),
        ("when", "name"),
        ("Q1", "name"),
        ("Q2", "label"),
    ]
    assert found.first == 1


def test_the_header_is_found_below_a_title_and_its_addresses_are_true():
    data = Sheet(
        "a.xlsx",
        "数据",
        [["2014年调查", None, None], [None, None, None], ["编号", "社区", "Q1"], ["a", "b", 1]],
        top=4,
        left=2,
    )
    found = matched(data)
    assert [c.cell for c in found.columns] == ["C7", "D7", "E7"]
    assert [f.code for f in found.findings] == ["intake.rows_above_header"]


def test_columns_that_fit_nothing_are_listed_and_ignored():
    found = matched(sheet(["编号", "Q1", "备注", "经办"], ["a", 1, "", ""]))
    assert [c.header for c in found.columns if c.question is None] == ["备注", "经办"]
    (finding,) = found.findings
    assert (finding.code, finding.level) == ("intake.columns_ignored", "note")
    assert finding.params["headers"] == ["备注", "经办"]


def test_a_label_that_two_questions_share_matches_neither():
    twins = form(item("R1", "同名"), item("R2", "同名"))
    found = matched(sheet(["Q1", "同名"], [1, 2]), questionnaire=twins)
    assert [c.question for c in found.columns] == ["Q1", None]


def test_two_header_rows_stem_over_options():
    options = (Choice("a", {"zh": "公园"}), Choice("b", {"zh": "广场"}))
    wants = Question("W", "select_multiple", {"zh": "去过哪里"}, "where", options)
    data = Sheet("a.xlsx", "数据", [["编号", "去过哪里", None], [None, "公园", "广场"], ["x", 1, 0]])
    found = matched(data, questionnaire=form(wants), header_rows=2)
    assert [(c.question, c.choice) for c in found.columns] == [("id", None), ("W", "a"), ("W", "b")]
    assert found.first == 2


@pytest.mark.parametrize(
    "header", ["去过哪里_其他", "去过哪里(其他)", "W/其他", "去过哪里—其他", "去过哪里_其他(请注明)"]
)
def test_an_option_without_the_hint_behind_its_name_is_that_option(header):
    options = (Choice("a", {"zh": "公园"}), Choice("o", {"zh": "其他（请注明）"}))
    wants = Question("W", "select_multiple", {"zh": "去过哪里"}, "where", options)
    found = matched(sheet(["编号", "去过哪里_公园", header], ["x", "√", "√"]), questionnaire=form(wants))
    assert [(c.question, c.choice) for c in found.columns] == [("id", None), ("W", "a"), ("W", "o")]


def test_two_options_that_are_one_without_their_hints_are_neither():
    options = (Choice("a", {"zh": "公园（东）"}), Choice("b", {"zh": "公园（西）"}))
    wants = Question("W", "select_multiple", {"zh": "去过哪里"}, "where", options)
    found = matched(sheet(["编号", "Q1", "去过哪里_公园"], ["x", 1, "√"]), questionnaire=form(wants))
    assert [c.choice for c in found.columns] == [None, None, None]


def test_ticks_under_letters_below_a_merged_question_are_its_choices_in_turn():
    levels = tuple(Choice(str(i), {"zh": zh}, level=i) for i, zh in enumerate(("好", "中", "差"), 1))
    one, two = (Question(n, "select_one", {"zh": zh}, "q", levels) for n, zh in (("P", "办事"), ("R", "环境")))
    rows = [
        ["编号", "办事", None, None, "环境", None, None],
        [None, *"ABCABC"],
        ["x", None, "√", None, "√", None, None],
    ]
    data = Sheet("a.xlsx", "数据", rows, merged=((0, 0, 1, 0), (0, 1, 0, 3), (0, 4, 0, 6)))
    found = matched(data, questionnaire=form(one, two))
    assert [(c.question, c.choice) for c in found.columns][1:] == [(q, c) for q in "PR" for c in "123"]


def test_the_sheet_that_fits_best_is_taken():
    other = Sheet("a.xlsx", "说明", [["Q1"], ["怎样填写"]])
    assert matched(other, sheet(["编号", "Q1", "Q2"], ["a", 1, 1])).sheet.name == "数据"


@pytest.mark.parametrize(
    ("sheets", "options", "key"),
    [
        ([Sheet("a", "甲", [["姓名", "电话"], ["x", 1]])], {}, "intake.wrong_questionnaire"),
        ([Sheet("a", "甲", [["编号", "社区"], ["x", "y"]])], {}, "intake.wrong_questionnaire"),
        ([Sheet("a", "甲", [["Q1"], [1]]), Sheet("a", "乙", [["Q1"], [1]])], {}, "intake.several_sheets"),
        ([Sheet("a", "甲", [["Q1"], [1]])], {"sheet": "丙"}, "intake.no_such_sheet"),
        ([], {}, "intake.wrong_questionnaire"),
    ],
)
def test_what_cannot_be_matched_is_refused_in_one_sentence(sheets, options, key):
    with pytest.raises(Refused) as error:
        matched(*sheets, **options)
    assert error.value.key == key
    assert error.value.word("zh") != error.value.word("en")


def test_the_user_may_name_the_sheet():
    two = [Sheet("a", "甲", [["Q1"], [1]]), Sheet("a", "乙", [["Q1"], [1]])]
    assert matched(*two, sheet="乙").sheet.name == "乙"


def test_a_vertically_merged_cell_counts_for_all_its_rows():
    data = sheet(["社区", "Q1"], ["甲社区", 1], [None, 2], [None, 3], merged=((1, 0, 3, 0),))
    found = matched(data)
    assert [row[0] for row in found.sheet.rows[found.first :]] == ["甲社区"] * 3
    assert [f.code for f in found.findings] == ["sources.merged_filled"]


def test_a_column_without_a_header_that_holds_something_is_named():
    found = matched(sheet(["编号", None, "Q1", None], ["a", "x", 1, None], ["b", None, 2, None]))
    (finding,) = found.findings
    assert (finding.code, finding.cell, finding.params["n"]) == ("intake.columns_nameless", "B1", 1)


def test_a_merged_cell_makes_nobody_of_a_row_in_which_nothing_else_stands():
    data = sheet(["社区", "Q1"], ["甲社区", 1], [None, None], [None, 3], merged=((1, 0, 3, 0),))
    found = matched(data)
    assert [row[0] for row in found.sheet.rows[1:]] == ["甲社区", None, "甲社区"]
    assert [f.params["rows"] for f in found.findings if f.code == "sources.merged_filled"] == [2]


@pytest.mark.parametrize(
    ("options", "choices"),
    [
        (("看病、买药", "老年食堂", "停车交通", "其他"), ["med", "eat", "park", "oth"]),
        (("看病/买药", "老年 食堂", "停车、交通", "其他"), ["med", "eat", "park", "oth"]),
        (("看病", "老年食堂", "停车交通", "无"), [None, "eat", "park", None]),
    ],
)
def test_options_below_their_question_that_differ_in_marks_only_are_its_choices(options, choices):
    labels = {"med": "看病,买药", "eat": "老年食堂", "park": "停车/交通", "oth": "其他(请注明)"}
    needs = Question(
        "M", "select_multiple", {"zh": "需要"}, "n", tuple(Choice(n, {"zh": t}) for n, t in labels.items())
    )
    rows = [
        ["编号", "Q1", "需要（多选）", None, None, None],
        [None, None, *options],
        ["a", 1, 1, 0, 1, 0],
        ["b", 2, 0, 0, 1, 1],
    ]
    merged = ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 5))
    found = matched(Sheet("a.xlsx", "数据", rows, merged=merged), questionnaire=form(needs))
    assert [c.choice for c in found.columns][2:] == choices


def test_the_star_of_a_required_field_is_no_part_of_its_name():
    found = matched(sheet(["*编号", "＊社区", "办事方便*", "* 环境卫生"], ["a", "b", 1, 1]))
    assert [c.question for c in found.columns] == ["id", "place", "Q1", "Q2"]
