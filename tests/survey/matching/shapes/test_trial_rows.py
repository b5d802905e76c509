"""Rows that call themselves tests are left out and asked about once; people whose words merely sound so are stored."""

from __future__ import annotations

import pytest

from survey.matching.shapes.trial_rows import TRIAL
from tests.tools.books.office_sheets import asked, grid, look, prepare, stopped, store_all, with_cells


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


@pytest.mark.parametrize(
    "number", ["test1", "测试2", "TEST-03", "Ｔｅｓｔ４", "D测试05", "试填", "R-test-1", "测试", "demo_1"]
)
def test_rows_whose_numbers_say_test_are_one_question_and_stay_out(store, number):
    rows = with_cells(grid(), "no", lambda v, i: f"{number}{i}" if i < 2 else v)
    assert stopped(store, rows) == [TRIAL]
    assert store_all(store, rows, TRIAL) == 10


@pytest.mark.parametrize(
    "remark",
    [
        "测试",
        "测试数据，请忽略",
        "此卷为测试",
        "（试填）",
        "这是测试数据",
        "test",
        "Test, please ignore",
        "测试测试",
        "测试一下！",
    ],
)
def test_rows_whose_remarks_say_test_are_one_question(store, remark):
    rows = with_cells(grid(), "T", lambda v, i: remark if i == 4 else v)
    assert stopped(store, rows) == [TRIAL]
    assert store_all(store, rows, TRIAL) == 11


@pytest.mark.parametrize(("header", "word"), [("姓名", "测试员"), ("备注", "系统测试"), ("被访者", "测试1")])
def test_a_column_that_the_form_does_not_ask_for_may_say_so_too(store, header, word):
    table = grid()
    rows = [[*table[0], header], *([*row, word if i in (0, 5) else f"张{i}"] for i, row in enumerate(table[1:]))]
    found = look(store, rows)
    assert asked(found) == [TRIAL]
    assert "2" in str(found.questions[0].params["rows"])


def test_rows_named_by_number_and_by_remark_are_one_question_for_all_of_them(store):
    rows = with_cells(grid(), "no", lambda v, i: "test1" if i == 0 else v)
    rows = with_cells(rows, "T", lambda v, i: "测试数据，请忽略" if i == 1 else v)
    (finding,) = look(store, rows).questions
    assert (finding.params["n"], finding.params["word"]) == (2, "test1")
    assert store_all(store, rows, TRIAL) == 10


@pytest.mark.parametrize("text", ["希望多测试自来水", "考试测试太多", "核酸检测试点", "testimony", "样例太少，看不懂"])
def test_answers_about_tests_are_answers(store, text):
    rows = with_cells(grid(), "T", lambda v, i: text if i == 4 else v)
    assert asked(look(store, rows)) == []
    assert store_all(store, rows) == 12
