"""Numbers that are stored in two writings are listed, with where they came from."""

from __future__ import annotations

import pytest

from survey.people.alike_numbers import COLUMNS, alike_numbers
from tests.tools.books.office_sheets import asked, grid, look, prepare, store_all, with_cells


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def listed(store):
    with store.read() as conn:
        return alike_numbers(conn)


def test_both_writings_stand_in_the_list_and_nothing_else(store):
    rows = with_cells(grid(6), "place", lambda v, i: "东街社区")
    rows = with_cells(rows, "no", lambda v, i: ["1", "2", "001", "3", "4", "5"][i])
    assert store_all(store, rows, *asked(look(store, rows))) == 6  # a person confirmed that they are two
    found = listed(store)
    assert [(n["respondent"], n["alike"], n["row"]) for n in found] == [("1", "001", 2), ("001", "1", 4)]
    assert all(tuple(n) == COLUMNS for n in found)


def test_a_store_without_any_has_an_empty_list(store):
    assert store_all(store, grid(6)) == 6
    assert listed(store) == []
