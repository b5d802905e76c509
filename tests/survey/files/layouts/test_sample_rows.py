"""Examples and instructions below a header are no responses; titles stand alone in their rows."""

from __future__ import annotations

import pytest

from survey.files.layouts.hand_made_sheet import find_header
from survey.files.own_workbooks import header_key
from tests.tools.forms import sheet

HEADER = ("编号", "社区", "办事方便", "环境卫生", "备注")
KNOWN = {header_key(h) for h in HEADER}
PERSON = ("1", "甲", "满意", "一般", None)


def answers(column, value):
    return column.texts[0] in ("办事方便", "环境卫生") and value in ("满意", "一般")


def skipped(*rows):
    found = find_header(sheet(HEADER, *rows), lambda text: header_key(text) in KNOWN, answers=answers)
    return {row: why.removeprefix("handmade.") for row, why in found.skip.items()}


@pytest.mark.parametrize(
    "row",
    [
        ("例：R000", "甲", "满意", "满意", None),
        ("示例", "甲", "满意", "满意", None),
        ("例1", "甲", "满意", "满意", None),
        ("（例）张三", "甲", "满意", "满意", None),
        ("EXAMPLE-1", "甲", "满意", "满意", None),
        ("0", "甲", "满意", "满意", "（示例，请勿删除）"),
        ("0", "甲", "满意", "满意", "本行为填写示例"),
    ],
)
def test_an_example_is_no_person(row):
    assert skipped(row, PERSON, PERSON) == {1: "example"}
    assert skipped(PERSON, PERSON, row) in ({}, {3: "example"})


def test_a_community_or_numbers_that_are_called_so_are_no_examples():
    assert skipped(*[(str(i), "示例社区", "满意", "一般", None) for i in range(4)]) == {}
    assert skipped(*[(f"样本{i:03d}", "甲", "满意", "一般", None) for i in range(30)]) == {}


@pytest.mark.parametrize(
    "row",
    [
        ("必填", "必填，从名册选", "五级", "五级", None),
        ("自动生成", "请填全称", "满意/一般/不满意", "满意/一般/不满意", "选填"),
        (None, None, "1-5", "1-5", "不超过50字"),
        ("text", "text", "select_one", "select_one", "text"),
    ],
)
def test_an_instruction_is_no_person(row):
    assert skipped(row, ("例：1", "甲", "满意", "一般", None), PERSON) == {1: "instruction", 2: "example"}


@pytest.mark.parametrize(
    "row",
    [
        PERSON,
        ("1", "甲", "满意", "一般", "例如停车难"),
        ("1", "甲", "满意", None, "请尽快修路"),
        ("1", "甲", "很好", "很好", None),
        ("示范小区12号", "甲", "满意", "一般", None),
        ("1", "甲", "不知道", "看病、停车", "例：路灯不亮"),
    ],
)
def test_a_person_stays_one(row):
    assert skipped(row, PERSON) == {}


def test_titles_between_blocks_are_told_with_their_rows():
    title = ("乙社区居民问卷", None, None, None, None)
    data = sheet(("甲社区",), HEADER, PERSON, title, HEADER, PERSON)
    rows = [list(r) + [None] * (5 - len(r)) for r in data.rows]
    found = find_header(sheet(*rows), lambda text: header_key(text) in KNOWN, answers=answers)
    assert found.titles == {0: "甲社区", 3: "乙社区居民问卷"}
    assert dict(found.skip) == {3: "handmade.block_title", 4: "handmade.repeated_header"}


def test_all_lone_texts_above_a_repeated_header_are_titles_but_a_number_is_none():
    page, title = ("第2页", None, None, None, None), ("居民问卷录入表", None, None, None, None)
    alone = ("R007", None, None, None, None)
    data = sheet(HEADER, PERSON, alone, page, title, HEADER, PERSON)
    found = find_header(data, lambda text: header_key(text) in KNOWN, answers=answers)
    assert dict(found.skip) == {
        3: "handmade.block_title",
        4: "handmade.block_title",
        5: "handmade.repeated_header",
    }


@pytest.mark.parametrize("text", ["合计24份", "共24人", "总计：24 户"])
def test_a_count_of_all_is_a_total(text):
    data = sheet(HEADER, PERSON, (text, None, "其他", None, None))
    found = find_header(data, lambda text: header_key(text) in KNOWN, answers=answers)
    assert dict(found.skip) == {2: "handmade.total"}


def test_how_to_choose_is_an_instruction():
    wide = ("如W001", "从名册选", "五级选一", "选一项", "多选用；隔开")
    assert skipped(wide, PERSON, PERSON, PERSON) == {1: "instruction"}


def test_marks_of_what_is_required_are_an_instruction_in_brackets_too():
    marks = ("（必填）", "（必填）", "【必填】", "*必填", "（选填）")
    assert skipped(("唯一编号", "下拉选择", "五选一", "五选一", "可不填"), marks, PERSON, PERSON) == {
        1: "instruction",
        2: "instruction",
    }


@pytest.mark.parametrize(
    "row",
    [
        ("栏次", 1, 2, 3, 4),
        ("列号", "(1)", "(2)", "(3)", "(4)"),
        ("甲", "乙", 1, 2, 3),
        ("栏次", "甲", "1", "2", "3"),
        (1, 2, 3, 4, 5),
        ("①", "②", "③", "④", "⑤"),
    ],
)
def test_a_row_that_only_counts_the_columns_is_nobody(row):
    assert skipped(row, PERSON, PERSON) == {1: "column_numbers"}


def test_a_person_whose_answers_count_up_is_somebody():
    everything = find_header(
        sheet(HEADER, (1, 2, 3, 4, 5), PERSON),
        lambda text: header_key(text) in KNOWN,
        answers=lambda column, value: True,
    )
    assert everything.skip == {}
    assert skipped((1, "甲", 1, 2, 3), PERSON) == {}
