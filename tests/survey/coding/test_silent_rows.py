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


def test_printed_numbers_without_a_community_are_nobody(store):
    rows = grid()
    rows += [[f"R{i:03}", *[None] * (len(rows[0]) - 1)] for i in range(13, 18)]
    assert stopped(store, rows) == [SILENT]
    assert look(store, rows).refusals == []
    assert store_all(store, rows, SILENT) == 12


def test_a_blank_community_of_somebody_who_answered_is_still_missing(store):
    rows = with_cells(grid(), "place", lambda v, i: None if i == 4 else v)
    rows += [[f"R{i:03}", *[None] * (len(rows[0]) - 1)] for i in range(13, 18)]
    found = look(store, rows)
    assert (asked(found), [(f.code, f.row) for f in found.refusals]) == ([SILENT], [("checking.key_blank", 6)])


@pytest.mark.parametrize("text", ["以下为电话访问", "以下由网格员补录"])
def test_a_title_among_the_rows_is_nobody(store, text):
    rows = grid()
    rows.insert(7, [text, *[None] * (len(rows[0]) - 1)])
    found = look(store, rows)
    assert (asked(found), found.refusals) == ([], [])
    assert [f.params["rows"] for f in found.findings if f.code == "handmade.remark"] == ["8"]
    assert store_all(store, rows) == 12


def test_a_number_with_letters_alone_in_its_row_is_no_title(store):
    rows = [*grid(), ["R013", *[None] * (len(grid()[0]) - 1)]]
    assert [f.code for f in look(store, rows).refusals] == ["checking.key_blank"]
