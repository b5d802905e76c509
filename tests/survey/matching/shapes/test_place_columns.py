"""A column under an unknown header whose cells are names of the register is proposed as the communities; others are not."""

from __future__ import annotations

import pytest

from survey.core.errors import Refused
from survey.fieldwork.register import Register
from survey.files.readers.distinct_values import Cells
from survey.matching.column_proposals import PROPOSED
from survey.matching.shapes.place_columns import places_in
from survey.store.year.register import Community
from tests.tools.books.office_sheets import PLACES, grid, look, prepare, renamed, stopped, store_all, with_cells


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


@pytest.mark.parametrize("header", ["小区", "村居", "地点", "片区", "单位"])
def test_a_column_of_the_registers_names_is_proposed_whatever_stands_over_it(store, header):
    rows = renamed(grid(), place=header)
    assert stopped(store, rows) == [PROPOSED]
    assert set(look(store, rows, PROPOSED).coded.keys["place"]) == set(PLACES)


def test_where_two_columns_hold_names_none_is_proposed(store):
    rows = [[*row, row[1]] for row in renamed(grid(), place="小区")]
    rows[0][-1] = "片区"
    with pytest.raises(Refused, match="没有社区"):
        look(store, rows)


def test_other_words_are_no_communities(store):
    rows = with_cells(renamed(grid(), place="小区"), "place", lambda _, i: f"阳光花园{i % 3}期")
    with pytest.raises(Refused, match="没有社区"):
        look(store, rows)


def test_half_of_the_cells_must_be_names_and_short_names_count_where_they_are_asked_for():
    register = Register([Community("D", "东街社区"), Community("X", "西街社区")])
    cells = Cells.of(["东街", "东街社区", "西街", "菜场"])
    assert places_in(cells, register) == {}
    assert places_in(cells, register, spelt=True) == {"东街社区": 2, "西街社区": 1}


def test_the_letter_of_a_choice_before_a_name_is_no_part_of_it(store):
    rows = with_cells(grid(), "place", lambda v, i: "ABC"[i % 3] + "." + v)
    rows = renamed(rows, place="1、您居住在哪个社区？")
    found = look(store, rows, community="东街社区")
    (question,) = [f for f in found.questions if f.code == "intake.community_column"]
    assert question.params["n"] == 8
    codes = [f.code for f in look(store, rows).questions]
    assert store_all(store, rows, *codes) == 12
