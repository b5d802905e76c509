"""A word that says elsewhere in the file why there is no answer says it under a question of numbers, too; alone it is a slip."""

from __future__ import annotations

import pytest

from tests.tools.books.office_sheets import grid, look, prepare, with_cells


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def dk(rows, name):
    return with_cells(rows, name, lambda v, i: "DK" if i in (2, 5) else v)


def test_a_word_for_no_answer_is_asked_about_once_under_choices_and_numbers(store):
    found = look(store, dk(dk(grid(), "A1"), "age"))
    (question,) = found.questions
    assert (question.code, found.refusals) == ("intake.readings_proposed", [])
    assert question.params["n"] == 4
    assert "“DK”→(空)（2 格）" in question.word("zh")


def test_under_numbers_alone_it_is_a_slip(store):
    assert [f.params["found"] for f in look(store, dk(grid(), "age")).refusals] == ["DK", "DK"]
