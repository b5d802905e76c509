"""Values that nobody gave and places that somebody chose: each is one question for the file, none is stored before."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from survey.coding.options import ImportOptions
from survey.decisions.carried_out import Decision
from survey.form.answer_codes import BLANK
from survey.intake.answers import inspect
from tests.tools.books import office_sheets
from tests.tools.books.office_sheets import (
    ITEMS,
    answers,
    asked,
    grid,
    look,
    prepare,
    stopped,
    store_all,
    text_file,
    with_cells,
    without,
    workbook,
)


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def codes(found):
    return [f.code for f in found.findings]


@pytest.mark.parametrize("number", ["例：R000", "示例", "例1", "（示例）", "样例 R0", "e.g. 1"])
@pytest.mark.parametrize("make", [workbook, text_file])
def test_an_example_below_the_header_is_never_a_person(store, number, make):
    rows = grid()
    rows.insert(1, [number, *rows[1][1:]])
    file = "a.xlsx" if make is workbook else "a.csv"
    assert codes(look(store, make(rows), file=file)) == ["handmade.example"]
    assert store_all(store, make(rows), file=file) == 12


def test_an_example_is_known_by_its_remark_and_a_remark_is_no_example(store):
    rows = grid()
    rows.insert(1, ["R000", *rows[1][1:12], "（示例，请勿删除）", None])
    assert codes(look(store, rows)) == ["handmade.example"]
    plain = with_cells(grid(), "T", lambda *_: "例如路灯不亮")
    assert asked(look(store, plain)) == []


def test_a_row_of_instructions_is_left_out_and_named(store):
    rows = grid()
    rows.insert(
        1,
        ["必填", "从名册选", "男/女", "周岁", None, *["五级"] * 5, "0-10", "可多选", None, "年-月-日"],
    )
    found = look(store, rows)
    assert (codes(found), found.refusals) == (["handmade.instruction"], [])
    assert store_all(store, rows) == 12


def test_responses_without_one_valid_answer_are_asked_about(store):
    rows = grid()
    for name in (*ITEMS, "stay", "F1", "M", "T"):
        rows = with_cells(rows, name, lambda v, i: None if i < 3 else v)
    rows = with_cells(rows, "A1", lambda v, i: "√√" if i < 3 else v)
    found = look(store, rows)
    assert asked(found) == ["intake.no_answers"]
    assert found.refusals


@pytest.mark.parametrize("name", list(ITEMS))
def test_a_scored_column_in_which_nobody_said_anything_is_asked_about(store, name):
    rows = with_cells(grid(), name, lambda *_: None)
    assert stopped(store, rows) == ["intake.scored_blank"]


def test_a_scored_question_twice_is_asked_about_and_never_the_last_one(store):
    rows = [[*row[:8], "办事方便" if not i else "不满意", *row[8:]] for i, row in enumerate(grid())]
    assert stopped(store, rows) == ["intake.columns_contradict"]
    store_all(store, rows, "intake.columns_contradict")
    assert answers(store, "C1") == [("很满意", "满意", "一般", "不满意").index(row[7]) for row in grid()[1:]]


def test_one_answer_merged_across_questions_is_asked_about(store):
    book = openpyxl.load_workbook(BytesIO(workbook(grid())))
    book["Sheet1"].merge_cells("F4:J4")
    out = BytesIO()
    book.save(out)
    assert stopped(store, out.getvalue()) == ["intake.merged_answers"]
    left = look(store, out.getvalue(), "intake.merged_answers").coded.codes
    for action, value in (("set", "all"), ("confirm", "全部")):
        said = Decision(action, "Sheet1", "F4", code="intake.merged_answers", value=value)
        found = inspect(store, "a.xlsx", out.getvalue(), ImportOptions("small", year=2026, decisions=(said,)))
        assert (asked(found), found.refusals) == ([], [])
        row, first = found.coded.codes[2], left[2]
        changed = (row != first).nonzero()[0]
        assert len(changed) == 4
        assert set(first[changed]) == {BLANK}
        assert len(set(row[changed])) == 1


def test_another_sheet_with_a_table_of_its_own_is_named(store):
    book = openpyxl.load_workbook(BytesIO(workbook(grid())))
    for row in (["户号", "人口", "面积"], [1, 2, 3], [2, 3, 4]):
        book.create_sheet("户表") if "户表" not in book else None
        book["户表"].append(row)
    out = BytesIO()
    book.save(out)
    (note,) = look(store, out.getvalue()).findings
    assert (note.code, note.params["sheets"]) == ("intake.other_sheets", ["户表"])


def test_formulas_that_were_never_computed_are_asked_about(store):
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Sheet1")
        for r, row in enumerate(grid()):
            for c, value in enumerate(row):
                if r and c == 10:
                    sheet.write_formula(r, c, f"=ROUND({value},0)")
                elif value is not None:
                    sheet.write(r, c, value)
    assert stopped(store, out.getvalue()) == ["intake.formulas_zero"]


@pytest.mark.parametrize("header", ["小区所属", "位置", "属地"])
def test_a_column_of_other_communities_than_the_chosen_is_asked_about(store, header):
    rows = [[row[0], header if not i else row[1], *row[2:]] for i, row in enumerate(grid())]
    found = stopped(store, rows, community="东街社区")
    assert "intake.community_column" in found
    assert len(found) == 1


def test_a_title_that_names_another_community_than_the_chosen_is_asked_about(store):
    rows = without(grid(), "place")
    titled = [["西街社区幸福感调查表", *[None] * 12], *rows]
    assert stopped(store, titled, community="东街社区") == ["intake.community_title"]
    assert asked(look(store, titled, community="西街社区")) == []


@pytest.mark.parametrize(
    ("said", "asked"), [("2025年", ["intake.year_column"]), (2025, ["intake.year_column"]), (2026, []), ("第一期", [])]
)
def test_a_column_of_another_year_than_the_file_gets_is_a_question(sqlite_store, said, asked):
    store = office_sheets.prepare(sqlite_store)  # a questionnaire that asks no year
    rows = [[*row, said if i else "年度"] for i, row in enumerate(office_sheets.grid())]
    assert [f.code for f in office_sheets.look(store, rows).questions if f.code == "intake.year_column"] == asked
