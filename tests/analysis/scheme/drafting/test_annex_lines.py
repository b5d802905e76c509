"""Rows of an annex: names, points and the type above them, sums held against what stands above, what is no indicator."""

from __future__ import annotations

import pytest

from analysis.scheme.default import default_scheme
from analysis.scheme.drafting.annex_columns import find_table
from analysis.scheme.drafting.annex_lines import Annex, LineReader, bare_name, points_of
from analysis.scheme.workbook.draft import dimension_spellings
from survey.files.readers.sheet import Sheet

KNOWN = dimension_spellings(default_scheme().dimensions)


def read(*rows, merged=(), name="附表") -> Annex:
    width = max(map(len, rows))
    one = Sheet("附表.xlsx", name, [[*row, *[None] * (width - len(row))] for row in rows], merged=tuple(merged))
    reader = LineReader(KNOWN)
    table = find_table(one)
    assert table is not None
    reader.read(table)
    return reader.annex


def told(annex: Annex) -> list[tuple]:
    return [(line.dimension, line.names, line.points) for line in annex.lines]


@pytest.mark.parametrize(
    ("cell", "points"),
    [
        (20, 20.0),
        ("２０分", 20.0),
        ("二十", 20.0),
        ("2.5分", 2.5),
        ("", None),
        ("x", None),
        (-5, None),
        (0, None),
        ("20%", None),
    ],
)
def test_points(cell, points):
    assert points_of(cell) == points


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("一、自治型（140分）", "自治型"),
        ("（二）组织建设", "组织建设"),
        ("3.居务公开（满分20分）", "居务公开"),
        ("2014年工作", "2014年工作"),
        ("5A景区", "5A景区"),
    ],
)
def test_names(text, name):
    assert bare_name(text) == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("一、自治型·民主公平感（140分）", "autonomy"),
        ("生态型社区", "ecology"),
        ("服务类", "service"),
        ("家园归属感", "harmony"),
        ("自治型：居民会议", ""),
        ("生态环境", ""),
        ("自治型、生态型", ""),
    ],
)
def test_what_names_a_type(text, code):
    assert LineReader(KNOWN).code_of(text) == code


def test_types_as_rows_groups_with_points_and_sums():
    annex = read(
        ["指标", "分值", "评分办法"],
        ["自治型（140分）"],
        ["组织建设（60分）"],
        ["会议", 20, "每例扣2分"],
        ["选举", 40, "每例扣2分"],
        ["小计", 50],
        ["总计", 60],
        ["说明：一票否决另行规定"],
        merged=[(1, 0, 1, 2), (2, 0, 2, 2)],
    )
    assert told(annex) == [("autonomy", ("组织建设", "会议"), 20.0), ("autonomy", ("组织建设", "选举"), 40.0)]
    assert annex.said == {("autonomy",): (140.0, "附表!A2"), ("autonomy", "组织建设"): (60.0, "附表!A3")}
    assert [(one.key, one.params["place"], one.params["sum"]) for one in annex.sums] == [
        ("sum_differs", "附表!A6", "60")
    ]
    assert [one.key for one in annex.passed] == ["passed_veto"]


def test_merged_names_texts_that_go_on_and_a_shared_cell_of_points():
    annex = read(
        ["类型", "一级指标", "二级指标", "分值", "评分办法"],
        ["自治型", "组织", "会议", 20, "每缺一次扣2分"],
        [None, None, None, None, "扣完为止"],
        [None, None, "选举", 40, "每例扣2分"],
        [None, None, "公开", None, "每例扣2分"],
        merged=[(1, 0, 4, 0), (1, 1, 4, 1), (3, 3, 4, 3)],
    )
    assert told(annex) == [
        ("autonomy", ("组织", "会议"), 20.0),
        ("autonomy", ("组织", "选举"), 40.0),
        ("autonomy", ("组织", "公开"), None),
    ]
    assert annex.lines[0].texts["scoring"] == "每缺一次扣2分\n扣完为止"
    assert [one.key for line in annex.lines for one in line.asked] == ["shared_points"]


def test_points_in_names_and_in_texts():
    annex = read(
        ["指标", "测评内容", "评分办法"],
        ["会议（20分）", "召开会议", "每例扣2分"],
        ["选举", "本项满分30分", "每例扣2分"],
        ["公开", "按期公开", "每例扣2分"],
        name="自治型",
    )
    assert [line.points for line in annex.lines] == [20.0, 30.0, None]
    assert [one.key for one in annex.lines[2].asked] == ["no_points"]


def test_points_that_contradict_or_are_none():
    annex = read(
        ["指标", "分值", "办法"],
        ["会议（25分）", 20, "每例扣2分"],
        ["选举", "若干", "每例扣2分"],
        ["公开", -5, "每例扣2分"],
    )
    assert [[one.key for one in line.asked] for line in annex.lines] == [["two_points"], ["bad_points"], ["bad_points"]]
    assert annex.lines[1].place == "附表!B3"


def test_points_of_groups_in_columns_of_their_own():
    annex = read(
        ["一级指标", "分值", "二级指标", "分值", "评分办法"],
        ["组织", 60, "会议", 20, "每例扣2分"],
        [None, None, "选举", 40, "每例扣2分"],
        name="自治型",
    )
    assert told(annex) == [("autonomy", ("组织", "会议"), 20.0), ("autonomy", ("组织", "选举"), 40.0)]
    assert annex.said == {("autonomy", "组织"): (60.0, "附表!B2".replace("附表", "自治型"))}


def test_titles_of_further_pages_are_no_groups_and_two_columns_of_points_are_asked():
    annex = read(
        ["附件2 幸福社区测评指标"],
        ["指标", "分值", "权重", "评分办法"],
        ["会议", 20, 5, "每例扣2分"],
        ["附件2 幸福社区测评指标（续）"],
        ["选举", 40, 10, "每例扣2分"],
        ["附件2 幸福社区测评指标"],
        ["公开", 10, 5, "每例扣2分"],
        merged=[(3, 0, 3, 3), (5, 0, 5, 3)],
        name="自治型",
    )
    assert [line.names for line in annex.lines] == [("会议",), ("选举",), ("公开",)]
    assert [one.key for one in annex.passed] == ["passed_header", "passed_header"]
    assert [(one.key, one.params["place"], one.params["taken"]) for one in annex.sums] == [
        ("two_columns", "自治型!C3", "分值")
    ]
