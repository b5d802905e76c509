"""Rows that the sheet calls void are left out and asked about once; words that merely sound so stay answers."""

from __future__ import annotations

import pytest

from survey.matching.shapes.void_rows import VOID
from tests.tools.books.office_sheets import asked, grid, look, prepare, stopped, store_all, with_cells


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def beside(header, void, sound=None, rows=(2, 7)):
    table = grid()
    return [[*table[0], header], *([*row, void if i in rows else sound] for i, row in enumerate(table[1:]))]


@pytest.mark.parametrize(
    ("header", "void", "sound"),
    [
        ("是否有效", "否", "是"),
        ("有效性", "无效", "有效"),
        ("审核结果", "不通过", "通过"),
        ("是否作废", "√", None),
        ("备注", "作废", None),
        ("备注", "此卷作废", "已核"),
        ("有效问卷", 0, 1),
    ],
)
def test_rows_that_are_called_void_are_one_question_and_stay_out(store, header, void, sound):
    rows = beside(header, void, sound)
    assert stopped(store, rows) == [VOID]
    assert store_all(store, rows, VOID) == 10


@pytest.mark.parametrize(
    ("header", "void", "sound"),
    [("备注", "有效", None), ("备注", "垃圾桶作废了没人管", None), ("是否有效", "是", "是"), ("是否户主", "否", "是")],
)
def test_other_words_call_no_row_void(store, header, void, sound):
    assert asked(look(store, beside(header, void, sound))) == []


def test_a_sheet_of_which_half_is_void_is_asked_about_in_no_such_way(store):
    assert VOID not in asked(look(store, beside("是否有效", "否", "是", rows=range(12))))


def test_a_remark_of_the_respondent_that_says_void_is_one(store):
    rows = with_cells(grid(), "T", lambda v, i: "作废" if i == 4 else v)
    assert stopped(store, rows) == [VOID]
