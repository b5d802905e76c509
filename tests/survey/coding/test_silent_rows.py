"""Rows with a number and no answer stay out by plain confirming; to store them is the other answer, and nothing before."""

from __future__ import annotations

import pytest

from survey.coding.options import ImportOptions
from survey.decisions.carried_out import SILENT, Decision
from survey.intake.answers import commit, inspect
from tests.tools.books.office_sheets import ITEMS, asked, grid, look, prepare, stopped, store_all, with_cells, workbook

OWN = (*ITEMS, "stay", "F1", "M", "T", "day")


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def numbered_before(n=4, *more):
    rows = grid()
    for name in (*OWN, *more):
        rows = with_cells(rows, name, lambda v, i: v if i < 12 - n else None)
    return rows


def answer(store, rows, action, value="", reason=""):
    said = Decision(action, code=SILENT, cell="A10", value=value, reason=reason)
    return inspect(store, "a.xlsx", workbook(rows), ImportOptions("small", year=2026, decisions=(said,)))


@pytest.mark.parametrize("more", [(), ("sex", "age")])
def test_confirming_leaves_them_out(store, more):
    rows = numbered_before(4, *more)
    assert stopped(store, rows) == [SILENT]
    found = look(store, rows, SILENT)
    assert (found.counts.left_out, asked(found)) == (4, [])
    assert store_all(store, rows, SILENT) == 8


@pytest.mark.parametrize("value", ["入库", "store", "入库 store"])
def test_storing_them_is_the_other_answer(store, value):
    found = answer(store, numbered_before(), "set", value)
    assert (asked(found), commit(store, found).stored) == ([], 12)


def test_leaving_them_out_in_so_many_words_is_the_same_as_confirming(store):
    found = answer(store, numbered_before(), "leave_out", reason="空表")
    assert (asked(found), commit(store, found).stored) == ([], 8)


def test_another_value_answers_nothing(store):
    assert asked(answer(store, numbered_before(), "set", "0")) == [SILENT]


def test_the_list_proposes_the_other_answer(store):
    (finding,) = look(store, numbered_before()).questions
    assert (finding.cell, finding.params["suggestion"], finding.params["n"]) == ("A10", "入库 store", 4)


def test_two_of_them_are_no_cause(store):
    assert asked(look(store, numbered_before(2))) == []


def test_rows_whose_answers_are_all_invalid_are_not_left_out(store):
    rows = numbered_before()
    rows = with_cells(rows, "A1", lambda v, i: "√√" if i >= 8 else v)
    found = look(store, rows)
    assert SILENT not in asked(found)
    assert found.refusals
