"""Where the table of an annex stands, and what the words over its columns mean."""

from __future__ import annotations

import pytest

from analysis.scheme.drafting.annex_columns import Cells, find_table, header_kind, is_repeated
from survey.files.readers.sheet import Sheet


def sheet(*rows, merged=()) -> Sheet:
    width = max(map(len, rows))
    return Sheet("附表.xlsx", "附表", [[*row, *[None] * (width - len(row))] for row in rows], merged=tuple(merged))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("序号", "serial"),
        ("标准分值（分）", "points"),
        ("权重", "points"),
        ("评分办法", "scoring"),
        ("评分细则及扣分标准", "scoring"),
        ("考核标准", "scoring"),
        ("测评内容", "text"),
        ("测评内容与评分办法", "scoring"),
        ("考评方式", "methods"),
        ("责任科室", "office"),
        ("测评类别", "dimension"),
        ("一级指标", "name"),
        ("考核项目", "name"),
        ("备注", "remark"),
        ("自评分", "scored"),
        ("幸福社区测评指标体系（2014年版）", ""),
    ],
)
def test_words_over_a_column(text, kind):
    assert header_kind(text) == kind


def test_a_header_of_two_rows_with_merged_cells():
    rows = (
        ["附表"],
        ["类型", "测评指标", None, "分值", "评分办法"],
        [None, "一级", "二级"],
        ["自治型", "组织", "会议", 20, "每例扣2分"],
    )
    merged = [(0, 0, 0, 4), (1, 1, 1, 2), (1, 0, 2, 0), (1, 3, 2, 3), (1, 4, 2, 4)]
    found = find_table(sheet(*rows, merged=merged))
    assert found is not None
    assert (found.first, found.titles) == (3, ("附表",))
    assert list(found.kinds.values()) == ["dimension", "name", "name", "points", "scoring"]


def test_two_header_rows_without_merged_cells():
    rows = (
        ["类型", "指标", None, "分值", "办法"],
        [None, "一级指标", "二级指标", None, None],
        ["自治型", "组织", "会议", 20, "每例扣2分"],
    )
    found = find_table(sheet(*rows))
    assert found is not None
    assert found.first == 2
    assert found.columns("name") == [1, 2]


def test_a_column_to_fill_in_is_no_clause():
    found = find_table(sheet(["指标", "分值", "评分标准", "评分"], ["会议", 20, "每例扣2分"]))
    assert found is not None
    assert found.kinds == {0: "name", 1: "points", 2: "scoring", 3: "scored"}


@pytest.mark.parametrize("header", [["编号", "社区", "满意度"], ["社区", "户数", "人口"], ["指标", "单位", "备注"]])
def test_other_sheets_are_no_annex(header):
    assert find_table(sheet(header, [1, 2, 3])) is None


def test_a_repeated_header_and_merged_values():
    one = sheet(
        ["指标", "分值", "办法"], ["会议", 20, "甲"], [None, 10, "乙"], ["指 标", "分值", "办法"], merged=[(1, 0, 2, 0)]
    )
    cells, found = Cells(one), find_table(one)
    assert found is not None
    assert (cells.text(2, 0), cells.begins(2, 0), cells.filled(2)) == ("会议", False, [1, 2])
    assert [is_repeated(cells, row, found.header) for row in (1, 3)] == [False, True]
