"""Hand-made sheets: the header wherever it stands, and no row left out that may be a response."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.cells import clean
from survey.core.lang import LANGUAGES
from survey.files.layouts.hand_made_sheet import find_header
from survey.files.own_workbooks import header_key
from survey.files.readers.distinct_values import Rows
from survey.files.readers.sheet import Sheet
from tests.tools.books.platform_books import ASKED, FEW, read_back, sheet, tables

TEXTS = ["编号", "社区", "办事方便", "环境卫生", "治安", "去过哪里", "去过哪里/公园", "去过哪里/广场", "日期", "意见"]
KNOWN = {header_key(t) for t in TEXTS}
HEADER = ["编号", "社区", "办事方便", "环境卫生"]
DATA = [["SH1", "一社区", 1, 2], ["SH2", "二社区", 2, 5]]


def known(text: str) -> bool:
    return header_key(text) in KNOWN


def found(rows, merged=(), **more):
    return find_header(sheet(rows, "a.xlsx", merged=tuple(merged), **more), known)


def data_rows(layout):
    return [
        r
        for r in range(layout.first, len(layout.sheet.rows))
        if r not in layout.skip and any(v is not None for v in layout.sheet.rows[r])
    ]


def names(layout):
    return {c.index: (c.texts[0], c.option) for c in layout.columns}


def test_a_plain_header():
    layout = found([HEADER, *DATA])
    assert (layout.header_rows, layout.first, layout.platform) == ((0,), 1, "")
    assert [c.texts[0] for c in layout.columns] == HEADER
    assert layout.skip == {}
    assert layout.findings == ()


def test_titles_numbering_marks_and_a_table_that_starts_at_c5():
    header = [None, None, "编号", "所属 社区", "1、办事方便", "（2）环境卫生（单选）", "Q3. 治安*"]
    rows = [
        [None] * 7,
        ["2013年居民满意度调查表"],
        [None] * 7,
        ["社区：一社区"],
        header,
        [None, None, "a", "b", 1, 2, 3],
    ]
    layout = found(rows, [(1, 0, 1, 6)])
    assert (layout.header_rows, layout.first) == ((4,), 5)
    assert {i: t for i, (t, _) in names(layout).items()} == {
        2: "编号",
        3: "所属 社区",
        4: "办事方便",
        5: "环境卫生",
        6: "治安",
    }
    assert layout.sheet.address(layout.first, 2) == "C6"


def test_two_rows_with_merged_groups_and_merged_keys():
    rows = [["调查表"], ["编号", "社区", "满意度", None], [None, None, "办事方便", "环境卫生"], *DATA]
    layout = found(rows, [(0, 0, 0, 3), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3)])
    assert layout.first == 3
    assert [t for t, _ in names(layout).values()] == HEADER


def test_two_rows_with_nothing_merged():
    rows = [["编号", "社区", "满意度", None], [None, None, "办事方便", "环境卫生"], *DATA]
    layout = found(rows)
    assert (layout.header_rows, layout.first) == ((0, 1), 2)
    assert [t for t, _ in names(layout).values()] == HEADER
    assert [(f.code, f.params["rows"]) for f in layout.findings] == [("handmade.header_rows", "1、2")]


@pytest.mark.parametrize("merged", [[(0, 2, 0, 3)], []])
def test_a_multiple_choice_over_its_options(merged):
    layout = found([["编号", "社区", "3、去过哪里", None], [None, None, "公园", "广场"], ["a", "b", 1, 0]], merged)
    assert layout.first == 2
    assert [names(layout)[i] for i in (2, 3)] == [("去过哪里/公园", ""), ("去过哪里/广场", "")]


def test_options_that_the_questionnaire_does_not_know_still_belong_to_their_question():
    rows = [["编号", "社区", "去过哪里", None, None], [None, None, "公园", "广场", "河边"], ["a", "b", 1, 0, 1]]
    layout = found(rows, [(0, 2, 0, 4), (0, 0, 1, 0), (0, 1, 1, 1)])
    assert names(layout)[4] == ("去过哪里", "河边")


def test_a_second_header_row_in_another_language_or_by_name_is_no_response():
    layout = find_header(
        sheet([HEADER, ["id", "place", "Q1", "Q2"], *DATA], "a.xlsx"),
        lambda t: known(t) or t in ("id", "place", "Q1", "Q2"),
    )
    assert layout.first == 2
    assert layout.columns[2].texts[:2] == ("Q1", "办事方便")


def test_totals_signatures_remarks_and_repeated_headers_are_left_out_and_named():
    rows = [
        HEADER,
        *DATA,
        HEADER,
        ["SH3", "一社区", 3, 3],
        ["小 计", None, 116, 230],
        ["一社区合计", None, 45.5, 31],
        [None, "平均值", 2.31, 3.07],
        [None] * 4,
        ["填表人：张三", None, "审核人：李四", None],
        ["单位（盖章）："],
        ["日期：2013年5月6日"],
        ["注：1为很满意。"],
        ["本表一式两份，由社区居委会留存；不得外传。"],
    ]
    layout = found(rows, top=2)
    assert layout.skip == {
        3: "handmade.repeated_header",
        5: "handmade.total",
        6: "handmade.total",
        7: "handmade.total",
        9: "handmade.signature",
        10: "handmade.signature",
        11: "handmade.signature",
        12: "handmade.remark",
        13: "handmade.remark",
    }
    assert data_rows(layout) == [1, 2, 4]
    told = {f.code: (f.level, f.cell, f.row, f.params) for f in layout.findings}
    assert told["handmade.total"] == ("note", "A8", 8, {"n": 3, "rows": "8、9、10"})
    assert told["handmade.repeated_header"] == ("note", "A6", 6, {"n": 1, "rows": "6"})
    assert all(f.word(lang) for f in layout.findings for lang in LANGUAGES)
    assert not any("张三" in f.word("zh") for f in layout.findings)


@pytest.mark.parametrize(
    ("row", "code", "word"),
    [
        (["合计", None, 3, None], "handmade.maybe_total", "合计"),
        (["小计", "一社区", 116, 230], "handmade.maybe_total", "小计"),
        (["负责人：王五", "一社区", 1, 2], "handmade.maybe_signature", "负责人"),
        (["备注：代答", None, None, 5], "handmade.maybe_remark", "备注"),
    ],
)
def test_what_may_be_a_response_is_asked_and_stays(row, code, word):
    layout = found([HEADER, *DATA, row])
    assert layout.skip == {}
    (asked,) = layout.findings
    assert (asked.code, asked.level, asked.row, asked.cell, asked.params) == (code, "ask", 4, "A4", {"found": word})


def test_the_questionnaire_itself_may_say_what_an_answer_is():
    rows = [HEADER, *DATA, ["合计", None, 3, 7], ["合计", None, 20, None]]
    layout = find_header(sheet(rows, "a.xlsx"), known, answers=lambda column, value: value == 20)
    assert layout.skip == {3: "handmade.total"}
    assert [f.row for f in layout.findings if f.level == "ask"] == [5]


def test_words_of_totals_and_remarks_inside_a_response_harm_nothing():
    rows = [
        [*HEADER, "意见", "备注"],
        ["SH1", "一社区", 1, 2, "合计收费太高。", "合计"],
        ["SH2", "二社区", 2, 5, "说明：很好。", "注：代答"],
    ]
    layout = found(rows)
    assert layout.skip == {}
    assert layout.findings == ()


def test_another_table_below_is_asked_about_and_not_read_as_this_one():
    rows = [HEADER, *DATA, [None] * 4, ["社区", "编号", "治安", "意见"], ["一社区", "SH9", 1, "无"]]
    layout = found(rows)
    assert data_rows(layout) == [1, 2]
    assert [(f.code, f.level, f.row) for f in layout.findings] == [
        ("handmade.below_second_table", "note", 5),
        ("handmade.second_table", "ask", 5),
    ]


def test_a_heading_merged_across_the_table_is_no_response():
    layout = found([HEADER, ["一社区居民", None, None, None], *DATA], [(1, 0, 1, 3)])
    assert layout.skip == {1: "handmade.remark"}


@pytest.mark.parametrize(
    "rows",
    [
        [["编号", "姓名", "电话"], ["a", "b", "c"]],
        [["满意度调查"], ["社区"]],
        [[None]],
        [],
        [["序号", "指标", "数值"], [1, "社区", 2]],
    ],
)
def test_a_sheet_without_two_questions_is_none_of_ours(rows):
    assert find_header(Sheet("a.xlsx", "s", rows), known) is None


FORM = {header_key(t) for q in ASKED for t in (q.name, q.label, *(f"{q.label}/{o}" for o in q.options))}


@FEW
@given(
    table=tables(skipped=False),
    left=st.integers(0, 3),
    above=st.integers(0, 4),
    below=st.lists(st.sampled_from(["合计", "填表人：某某", "注：以上为本月数据。"]), max_size=3),
    split=st.booleans(),
    merge=st.booleans(),
    encoded=st.booleans(),
)
def test_a_table_comes_back_equal_wherever_it_stands(table, left, above, below, split, merge, encoded):
    top: list[object] = []
    head: list[object] = []
    for q in ASKED:
        if q.kind == "many":
            top += [q.label, *[None] * (len(q.options) - 1)]
            head += list(q.options) if split else [f"{q.label}/{o}" for o in q.options]
        else:
            top.append(None)
            head.append(q.label)

    def cells(q, answer):
        if q.kind == "many":
            return [None] * len(q.options) if answer is None else [float(i in answer) for i in range(len(q.options))]
        return [q.options[answer] if q.kind == "one" and answer is not None else answer]

    data = [[c for q, a in zip(ASKED, row, strict=True) for c in cells(q, a)] for row in table.rows]
    rows = [["居民满意度调查"], *[[None]] * above, *([top] if split else []), head, *data, *([b] for b in below)]
    span = (above + 1, left + 4, above + 1, left + 8)
    made = sheet([[None] * left + row for row in rows], "a.xlsx", merged=(span,) if split and merge else ())
    if encoded:
        made = replace(made, rows=Rows.of(made.rows))
    layout = find_header(made, lambda t: header_key(clean(t)) in FORM)
    assert read_back(layout) == table.rows
    assert len(layout.skip) == len(below)


def test_a_hundred_thousand_rows_are_looked_at_by_column():
    n = 100_000
    rows = [
        [*HEADER, "意见"],
        *([f"SH{i}", "一社区", 1 + i % 5, 1 + i % 4, f"意见{i}：很好。"] for i in range(n)),
        ["合计", None, n],
    ]
    made = Sheet("a.xlsx", "s", Rows.of([row + [None] * (5 - len(row)) for row in rows]))
    start = process_time()
    layout = find_header(made, known)
    assert layout.skip == {n + 1: "handmade.total"}
    assert process_time() - start < 10
