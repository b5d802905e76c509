"""A whole annex as a draft scheme: nothing wrong in silence, whatever is open asked with its place."""

from __future__ import annotations

from collections import Counter

import pytest

from analysis.scheme.default import default_scheme
from analysis.scheme.drafting.proposal import SchemeDraft, asked_words, draft_scheme
from analysis.scheme.workbook.writing import write_scheme
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.files.read import read_here
from tests.tools.books import annexes

CERTAIN = {
    "居民会议": ("差额扣分", "target=4 each=2", ""),
    "参选率": ("差额扣分", "target=90 each=1", "percent"),
    "意见落实": ("分档", "98:1 95:0.6666666667 else:0", "percent"),
    "清脏保洁": ("抽查", "spots=10", ""),
    "居家养老": ("比例", "zero=50 full=90", "percent"),
    "治安案件": ("扣分", "重大=10 一般=2", ""),
    "调解": ("人工", "", ""),
}


def draft(data: bytes, file: str = "附表.xlsx") -> SchemeDraft:
    return draft_scheme(file, read_here(file, data))


def one_sheet(*rows, merged=()) -> SchemeDraft:
    return draft(annexes.book(("附表", rows, merged)))


def asked(found: SchemeDraft) -> list[list[str]]:
    return [[one.key for one in row.checks] for row in found.rows]


@pytest.mark.parametrize(
    ("shape", "file"),
    [
        ("plain", "附表.xlsx"),
        ("two_header_rows", "附表.xlsx"),
        ("titles_between", "附表.xlsx"),
        ("points_in_words", "附表.xlsx"),
        ("split_over_sheets", "附表.xlsx"),
        ("repeated_headers", "附表.xlsx"),
        ("in_word", "附表.docx"),
    ],
)
def test_every_shape_of_one_annex_gives_the_same_scheme(shape, file):
    found = draft(getattr(annexes, shape)(), file)
    assert (len(found.rows), found.points, found.open) == (annexes.COUNT, annexes.POINTS, 0)
    assert Counter(row.cells["dimension"] for row in found.rows) == dict.fromkeys(found.scheme.dimension, 5)
    for row in found.rows:
        assert row.reading["zh"]
        assert row.reading["en"]
        known = CERTAIN.get(row.line.names[-1])
        assert known in (None, (row.cells["rule"], row.cells["parameters"], row.cells["unit"]))
    assert {row.line.names[-1] for row in found.rows} >= set(CERTAIN)


def test_the_name_and_the_year_come_from_the_title():
    found = draft(annexes.plain())
    assert (found.scheme.code, found.scheme.first_year) == ("annex2014", 2014)
    assert found.scheme.names["zh"] == "幸福社区测评指标体系（2014年版）"
    assert found.stated == {"name_zh", "code", "first_year"}


def test_what_can_be_read_two_ways_is_asked_and_never_turned():
    found = one_sheet(
        ["类型", "指标", "测评内容", "分值", "评分办法"],
        ["自治型", "参选率", "居民参选率", 20, "90%-50%"],
        ["", "会议", "全年召开会议不少于4次", 20, "每少1次扣5分"],
        ["", "报到率", "报到率达到90%以上", 20, "按比例得分"],
        ["", "班子", "班子健全", 20, ""],
        ["", "重大案件", "无重大案件", 20, "一票否决"],
        ["", "排名", "满意度", 20, "全市排名前三得满分"],
        ["", "制度", "制度健全", 20, "有制度得5分，有台账得10分"],
        ["", "其他", "其他", 20, "视情况处理"],
    )
    keys = [
        ["scheme.clause_which_end"],
        ["out_of_two"],
        ["number_in_text"],
        ["no_clause"],
        ["scheme.clause_veto"],
        ["scheme.clause_typed_in"],
        ["scheme.clause_points_differ"],
        ["clause_open"],
    ]
    assert asked(found) == keys
    assert [row.cells["rule"] for row in found.rows] == ["", "差额扣分", "比例", "人工", "", "人工", "", ""]
    assert all(row.check(lang) for row in found.rows for lang in LANGUAGES)


def test_points_that_do_not_add_up_are_one_sentence_with_their_place():
    found = one_sheet(
        ["类型", "一级指标", "二级指标", "分值", "评分办法"],
        ["自治型（100分）", "组织（60分）", "会议", 20, "每例扣2分"],
        ["", "", "选举", 30, "每例扣2分"],
        ["", "监督（50分）", "公开", 50, "每例扣2分"],
        ["小计", "", "", 90],
    )
    assert asked(found) == [["group_sum"], [], []]
    assert found.rows[0].checks[0].params == {"name": "组织", "place": "附表!B2", "found": "50", "expected": "60"}
    checks = found.checks["autonomy"]
    assert [one.key for one in checks] == ["whole_sum", "sum_differs"]
    assert checks[0].params == {"found": "100", "expected": "700", "first": "附表!A2", "last": "附表!B4"}
    assert found.checks["ecology"][0].key == "no_indicators"
    more = one_sheet(["类型", "指标", "分值", "办法"], ["自治型", "会议", 150, "每例扣2分"])
    (differs, _) = more.checks["autonomy"]
    assert (differs.key, differs.params["found"], differs.params["expected"]) == ("dimension_sum", "150", "140")
    assert "附表!A2" in asked_words([differs], "zh")


def test_types_of_their_own_and_no_types_at_all():
    found = one_sheet(
        ["一级指标", "二级指标", "分值", "评分办法"],
        ["一、党建引领（50分）", "", "", ""],
        ["组织", "报到", 50, "按比例得分"],
        ["二、平安建设（30分）", "", "", ""],
        ["治安", "案件", 30, "每例扣2分"],
        merged=["A2:D2", "A4:D4"],
    )
    assert [(d.code, d.names["zh"], d.objective_points, d.subjective_points) for d in found.scheme.dimensions] == [
        ("D1", "党建引领", 50.0, 0.0),
        ("D2", "平安建设", 30.0, 0.0),
    ]
    assert [found.checks[code][0].key for code in ("D1", "D2")] == ["new_dimension", "new_dimension"]
    none = one_sheet(
        ["序号", "考核内容", "分值", "评分办法"], [1, "会议", 10, "每例扣2分"], [2, "选举", 10, "每例扣2分"]
    )
    assert [one.key for one in none.checks["autonomy"]] == ["no_dimension", "whole_sum"]
    assert [row.cells["level_1"] for row in none.rows] == ["会议", "选举"]


def test_more_levels_than_three_are_joined_and_asked():
    found = one_sheet(
        ["类型", "一级指标", "二级指标", "三级指标", "四级指标", "分值", "评分办法"],
        ["自治型", "甲", "乙", "丙", "丁", 10, "每例扣2分"],
    )
    assert [found.rows[0].cells[key] for key in ("level_1", "level_2", "level_3")] == ["甲", "乙", "丙 · 丁"]
    assert asked(found) == [["many_levels"]]


@pytest.mark.parametrize(
    "rows",
    [
        [["编号", "社区", "满意度"], [1, "甲", "满意"]],
        [["标题"], ["指标", "分值", "评分办法"]],
        [["指标", "单位"], ["会议", "次"]],
    ],
)
def test_a_file_without_an_annex_is_one_sentence(rows):
    with pytest.raises(Refused) as refusal:
        one_sheet(*rows)
    assert refusal.value.key == "scheme_draft.no_table"
    assert "附表" in refusal.value.word("zh")


def test_a_scheme_needs_no_draft():
    with pytest.raises(Refused) as refusal:
        draft(write_scheme(default_scheme()))
    assert refusal.value.key == "scheme_draft.is_scheme"
