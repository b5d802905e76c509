"""Rows of which nothing is known but 0 are one question; a 0 that people gave stays an answer."""

from __future__ import annotations

import pytest

from survey.coding.options import ImportOptions
from survey.decisions.carried_out import SILENT, ZERO_CALLS, ZEROS, Decision
from survey.intake.answers import commit, inspect
from survey.store.intake import calls
from tests.tools.books.office_sheets import (
    FORM,
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
    workbook,
)

OWN = ("stay", *ITEMS, "F1", "M", "T")


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def zeroed(zeros, rows=(9, 10, 11), zero=0, blank=OWN):
    table = grid()
    for name in {*blank, *zeros}:
        table = with_cells(table, name, lambda v, i, n=name: v if i not in rows else zero if n in zeros else None)
    return table


@pytest.mark.parametrize("data", [workbook, text_file])
@pytest.mark.parametrize("zero", [0, "0", "0.0", "０"])
@pytest.mark.parametrize(
    "zeros",
    [("sex", "age", "stay", *ITEMS, "F1", "M"), ("stay", *ITEMS, "F1", "M"), (*ITEMS,), ("F1",), ("F1", "A1")],
)
def test_rows_of_zeros_are_one_question_and_nobody(store, zeros, zero, data):
    file = "a.xlsx" if data is workbook else "a.csv"
    raw = data(zeroed(zeros, zero=zero))
    assert stopped(store, raw, file) == [ZEROS]
    found = look(store, raw, file=file)
    assert (found.refusals, found.questions[0].params["n"]) == ([], 3)
    assert store_all(store, raw, ZEROS, file=file) == 9


def test_one_row_is_enough(store):
    assert store_all(store, zeroed(("F1",), rows=(4,)), ZEROS) == 11


def test_those_who_gave_a_zero_beside_other_answers_stay(store):
    rows = with_cells(zeroed(("F1",)), "F1", lambda v, i: 0 if i in (1, 2) else v)
    assert store_all(store, rows, ZEROS) == 9
    assert answers(store, "F1").count(0) == 2


def test_levels_that_are_counted_from_0_are_no_blanks(store):
    rows = grid()
    for name in ITEMS:
        rows = with_cells(rows, name, lambda v, i: 0 if i in (9, 10, 11) else i % 5)
    for name in ("stay", "F1", "M", "T"):
        rows = with_cells(rows, name, lambda v, i: None if i in (9, 10, 11) else v)
    assert ZEROS not in asked(look(store, rows))


def test_the_other_answer_stores_them(store):
    said = Decision("set", code=ZEROS, cell="K11", value="入库 store")
    raw = workbook(zeroed(("F1",)))
    found = inspect(store, "a.xlsx", raw, ImportOptions("small", year=2026, decisions=(said,)))
    assert (asked(found), commit(store, found).stored) == ([], 12)


def test_rows_that_were_emptied_by_decision_are_asked_about_as_blank_ones(store):
    said = Decision("blank", header=FORM.question("F1").label("zh"), found="0", alike=True)
    raw = workbook(zeroed(("F1",), rows=(8, 9, 10)))
    found = inspect(store, "a.xlsx", raw, ImportOptions("small", year=2026, decisions=(said,)))
    assert asked(found) == [SILENT]


@pytest.mark.parametrize("outcome", ["拒访", "无人接听", "空号"])
@pytest.mark.parametrize("zeros", [("F1",), (*ITEMS, "F1"), ("sex", "age", *ITEMS, "F1", "M")])
def test_zeros_in_rows_of_calls_leave_the_calls(store, zeros, outcome):
    rows = zeroed(zeros, blank=("sex", "age", *OWN, "day"))
    table = [
        [*rows[0], "访问结果"],
        *([*row, outcome if i in (9, 10, 11) else "成功访问"] for i, row in enumerate(rows[1:])),
    ]
    assert stopped(store, table) == [ZERO_CALLS]
    question = look(store, table).questions[0]
    assert "0" in question.word("zh")
    assert question.cell in question.params["cells"]
    assert store_all(store, table, ZERO_CALLS) == 9
    with store.read() as conn:
        assert len(calls.attempts(conn, 2026, "small")) == 12
