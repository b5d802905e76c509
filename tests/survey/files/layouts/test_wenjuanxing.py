"""问卷星 exports come in by text and by number, and nothing else is taken for one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given

from survey.core.errors import Refused
from survey.files.layouts import recognise
from survey.files.layouts.layout import identities
from survey.files.layouts.wenjuanxing import read_option
from survey.files.readers.sheet import Sheet
from tests.tools.books.platform_books import ASKED, FEW, Table, read_back, sheet, tables

FIXED = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
TEXT = "118803261_按文本_社区满意度调查_3_3.xlsx"
ORDER = "118803261_按序号_社区满意度调查_3_3.xlsx"


def meta(n: int, serial: int | None = None) -> list[Any]:
    return [
        float(serial or n),
        f"2021/07/16 12:00:{n:02d}",
        f"{100 + n}秒",
        "手机提交",
        "直接访问",
        "1.2.3.4(浙江-温州)",
    ]


def headers(*, old: bool = False, by_columns: bool = False) -> list[str]:
    found: list[str] = []
    number, stem = 0, ""
    for q in ASKED:
        if q.stem and q.stem == stem:
            found.append(f"第{number}题({q.label})" if old else f"{number} ({q.label})")
            continue
        number, stem = number + 1, q.stem
        if q.stem:
            found.append(f"第{number}题({q.label})" if old else f"{number}. {q.stem}({q.label})")
        elif q.kind == "many" and by_columns:
            found.append(f"{number}. {q.label}({q.options[0]})")
            found += [f"{number}({option})" for option in q.options[1:]]
        else:
            found.append(f"{number}、{q.label}{'（可多选）' if q.kind == 'many' else ''}")
    return found


def by_text(table: Table, old: bool) -> Any:
    def cell(q: Any, answer: Any) -> Any:
        if answer in (None, frozenset()):
            return "(空)"
        if answer == "skipped":
            return "(跳过)"
        if q.kind == "text":
            return answer
        if q.kind == "many":
            return "┋".join(q.options[i] + ("〖河边〗" if q.options[i] == "其他" else "") for i in sorted(answer))
        return q.options[answer]

    rows = [[*meta(n), *map(cell, ASKED, row)] for n, row in enumerate(table.rows, 1)]
    return sheet([[*FIXED, *headers(old=old)], *rows], TEXT)


def by_number(table: Table, old: bool) -> Any:
    def cells(q: Any, answer: Any) -> list[Any]:
        width = len(q.options) if q.kind == "many" else 1
        if answer is None or answer == "skipped":
            return [-2.0 if answer is None else -3.0] * width
        if q.kind == "many":
            return [float(i in answer) for i in range(width)]
        return [answer if q.kind == "text" else answer + 1.0]

    rows = [
        [*meta(n), *(c for q, a in zip(ASKED, row, strict=True) for c in cells(q, a))]
        for n, row in enumerate(table.rows, 1)
    ]
    return sheet([[*FIXED, *headers(old=old, by_columns=True)], *rows], ORDER)


@pytest.mark.parametrize("old", [False, True])
@FEW
@given(table=tables(none_ticked=False))
def test_by_text_comes_back_equal(old, table):
    layout = recognise(by_text(table, old))
    assert (layout.platform, layout.coded_by, layout.separator) == ("wenjuanxing", "label", "┋")
    assert read_back(layout) == table.rows


@pytest.mark.parametrize("old", [False, True])
@FEW
@given(table=tables())
def test_by_number_comes_back_equal(old, table):
    layout = recognise(by_number(table, old))
    assert (layout.coded_by, layout.words["-3"], layout.words["-2"]) == ("order", "skipped", "blank")
    assert read_back(layout) == table.rows


def test_what_each_column_is():
    layout = recognise(
        sheet(
            [
                [
                    *FIXED[:3],
                    "总分",
                    *FIXED[3:],
                    "1、您的社区：",
                    "2. 满意吗(环境)",
                    "2 (治安（含消防）)",
                    "3:去过哪里（可多选）",
                    "25、(其他（请补充）:)",
                    "社区",
                ],
                [*meta(1)[:3], 12, *meta(1)[3:], "柳营", "满意", "一般", "公园┋其他〖河边〗", "x", "y"],
            ],
            TEXT,
        )
    )
    assert [c.meaning for c in layout.columns[:7]] == [
        "serial",
        "submitted",
        "duration",
        "total_score",
        "source",
        "source_detail",
        "ip",
    ]
    texts = [c.texts for c in layout.questions]
    assert texts[0] == ("您的社区:", "您的社区", "1、您的社区:")
    assert texts[1][:2] == ("环境", "满意吗/环境")
    assert texts[2][:2] == ("治安(含消防)", "满意吗/治安(含消防)")
    assert texts[3][:2] == ("去过哪里(可多选)", "去过哪里")
    assert "其他(请补充)" in texts[4]
    assert texts[5] == ("社区",)
    assert layout.form == "118803261"


def test_a_bracket_at_the_end_of_a_question_makes_no_matrix():
    layout = recognise(sheet([[*FIXED, "1、您的年龄(周岁)", "2、性别"], [*meta(1), 40, "男"]], TEXT))
    assert layout.questions[0].texts[0] == "您的年龄(周岁)"
    assert layout.questions[0].option == ""


def test_columns_of_ones_that_may_be_a_matrix_answer_to_both():
    """Without a single 0 nobody can tell: the item stands first, its place in the multiple choice second."""
    layout = recognise(sheet([[*FIXED, "1. 去过(公园)", "1 (广场)"], [*meta(1), 1, 1]], ORDER))
    assert [(c.texts[:2], c.option) for c in layout.questions] == [
        (("公园", "去过/公园"), ""),
        (("广场", "去过/广场"), ""),
    ]


def test_scores_are_refused_by_name_and_by_what_they_add_up_to():
    header = [*FIXED, "总分", "1、甲", "2、乙"]
    rows = [[*meta(n), 5.0 + n, 5, float(n)] for n in range(1, 5)]
    for file in ("118803261_按分数_调查_3_3.xlsx", "数据.xlsx"):
        with pytest.raises(Refused, match="按分数"):
            recognise(sheet([header, *rows], file))
    rows[0][6] = 9
    assert recognise(sheet([header, *rows], ORDER)).coded_by == "order"


@pytest.mark.parametrize(
    ("file", "answers", "coded", "asks"),
    [
        ("All_Data_Original.xls", (1, 2), "order", []),
        ("All_Data_Readable.xls", (1, 2), "label", []),
        ("改名.xlsx", ("满意", "(跳过)"), "label", []),
        ("改名.xlsx", (1, -3), "order", []),
        ("改名.xlsx", ("满意", "一般"), "label", []),
        ("改名.xlsx", (1, 2), "order", ["platforms.unsure_order"]),
        ("改名.xlsx", ("满意", 2), "label", ["platforms.unsure_label"]),
    ],
)
def test_by_text_or_by_number_is_asked_where_nothing_tells(file, answers, coded, asks):
    layout = recognise(sheet([[*FIXED, "1、甲", "2、乙"], [*meta(1), *answers]], file))
    assert layout.coded_by == coded
    assert [f.code for f in layout.findings if f.level == "ask"] == asks


def test_written_texts_and_rankings_are_read_as_options_and_said():
    layout = recognise(
        sheet(
            [
                [*FIXED, "1、去过哪里", "2、请排序"],
                [*meta(1), "公园┋其他〖河边〗", "甲→乙→丙"],
                [*meta(2), "选项〖a〗", "乙"],
            ],
            TEXT,
        )
    )
    notes = {f.code: (f.row, f.params["n"], f.params["header"]) for f in layout.findings if "header" in f.params}
    assert notes == {"platforms.other_text": (2, 2, "1、去过哪里"), "platforms.ranking": (2, 1, "2、请排序")}
    assert [read_option(v) for v in ("其他〖河边〗", "甲→乙", "公园┋其他〖x〗", 3.0)] == [
        "其他",
        "甲┋乙",
        "公园┋其他",
        3.0,
    ]


def test_a_serial_that_starts_anew_is_said_and_told_apart_by_time():
    rows = [[*meta(1), "满意"], [*meta(2), "满意"], [*meta(3, serial=1), "满意"]]
    layout = recognise(sheet([[*FIXED, "1、甲"], *rows], TEXT))
    (note,) = [f for f in layout.findings if f.code == "platforms.serial_restarts"]
    assert (note.row, note.params) == (4, {"n": 1, "rows": "4"})
    assert len(set(identities(layout))) == len(rows)


def test_the_same_response_is_the_same_in_both_exports_and_in_a_date_cell():
    first = recognise(sheet([[*FIXED, "1、甲"], [*meta(7), "满意"]], TEXT))
    row = [*meta(7), 2]
    row[1] = datetime(2021, 7, 16, 12, 0, 7)
    row[0] = "7"
    second = recognise(sheet([[*FIXED, "1、甲"], row], ORDER))
    assert identities(first) == identities(second) == ["wenjuanxing|118803261|7|2021-07-16T12:00:07"]


@pytest.mark.parametrize(
    "header",
    [
        ["序号", "来源", "总分", "1、甲", "2、乙"],
        ["序号", "社区", "1、到社区办事", "2、环境"],
        [*FIXED, "甲", "乙"],
        ["提交答卷时间", "1、甲"],
        [],
    ],
)
def test_other_sheets_are_not_taken_for_one(header):
    assert recognise(sheet([header, ["x"] * len(header)], TEXT)) is None


def test_the_first_item_of_a_matrix_carries_its_stem_and_the_others_no_number():
    header = [
        "序号",
        "提交答卷时间",
        "所用时间",
        "7、您对以下方面满意吗?—楼道、街巷的清洁卫生",
        "绿化",
        "8、性别—请选择",
    ]
    columns = recognise(
        Sheet("a.xlsx", "s", [header, ["1", "2015/5/1 9:00:00", "90秒", "很满意", "满意", "男"]])
    ).columns
    texts = {c.index: c.texts for c in columns}
    assert "楼道、街巷的清洁卫生" in texts[3]
    assert texts[4] == ("绿化",)
    assert texts[5][0] == "性别—请选择"


@pytest.mark.parametrize("file", [TEXT, ORDER, "合并.xlsx"])
def test_a_header_repeated_between_two_exports_is_nobody_and_changes_nothing_else(file):
    header = [*FIXED, "1、性别", "2、办事公正"]
    people = [[*meta(n), 1.0 + n % 2, 1.0 + n % 5] for n in range(1, 9)]
    whole, apart = recognise(sheet([header, *people], file)), recognise(sheet([header, *people, header, *people], file))
    assert apart.skip == {9: "handmade.repeated_header"}
    assert apart.coded_by == whole.coded_by
    assert [f.params["n"] for f in apart.findings if f.code == "handmade.repeated_header"] == [1]


@pytest.mark.parametrize("typed", [float, str])
def test_several_options_by_number_with_what_was_left_out_are_no_text(typed):
    answers = [[1, "1┋3", -2, "停车难"], [6, "2", 4, "东门→西门"], [2, "3┋4〖陪诊〗", -3, -2]]
    cells = [[*meta(n), *(a if isinstance(a, str) else typed(a) for a in row)] for n, row in enumerate(answers, 1)]
    heads = [*FIXED, "1、办事公道", "2、需要什么（多选题）", "3、环境卫生", "4、意见"]
    found = recognise(sheet([heads, *cells], "改名.csv"))
    assert (found.coded_by, found.words["-2"], found.words["-3"]) == ("order", "blank", "skipped")
    assert not [f for f in found.findings if f.level == "ask"]
