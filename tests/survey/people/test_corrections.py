"""The corrected sheet after a partial import: one question takes all new answers, the old ones stay in their batch, nobody counts
twice whichever batch is taken back or brought in again."""

from __future__ import annotations

import pytest

from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.decisions.carried_out import Decision
from survey.intake.answers import commit, inspect
from survey.people.changed_rows import CHANGED
from survey.people.corrections import CORRECTED
from survey.store.intake import batches, reinstatement
from survey.store.year import years
from tests.tools.books.office_sheets import (
    ITEMS,
    PLACES,
    answers,
    asked,
    grid,
    look,
    prepare,
    store_all,
    text_file,
    with_cells,
    workbook,
)

AT = list(ITEMS).index("A1")


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def first(store):
    """Ten people stored, two cells refused and empty, two people left out."""
    rows = with_cells(grid(), "A1", lambda v, i: "乱写" if i < 2 else v)
    rows = with_cells(rows, "place", lambda v, i: "外地" if i > 9 else v)
    return commit(store, look(store, rows), accept_partial=True)


def corrected(store, **more):
    return commit(store, look(store, grid(), CORRECTED, file="b.xlsx", **more))


def states(store, *numbers):
    with store.read() as conn:
        return [batches.get(conn, n).state for n in numbers]


def switch(store, number, state):
    with store.write() as conn:
        return reinstatement.set_state(conn, number, state)


def test_one_question_takes_all_new_answers_and_the_old_stay_in_their_batch(store):
    old = first(store)
    assert (old.stored, old.refused_rows, old.refused_cells) == (10, 2, 2)
    (question,) = look(store, grid(), file="b.xlsx").questions
    assert question.code == CORRECTED
    assert {k: question.params[k] for k in ("people", "n", "new", "rows")} == {
        "people": 10,
        "n": 2,
        "new": 2,
        "rows": "2、3",
    }
    new = corrected(store)
    assert (new.stored, new.duplicates) == (12, 0)
    assert states(store, old.batch, new.batch) == ["undone", "active"]
    assert sorted(answers(store, "A1")) == sorted(look(prepare_again(store), grid(), file="c.xlsx").coded.codes[:, 5])


def prepare_again(store):
    """The store with everything taken back, to see what the sheet says by itself."""
    with store.write() as conn:
        for batch in batches.listing(conn):
            if batch.state == "active" and batch.kind == "answers":
                batches.switch(conn, batch, "undone", "")
    return store


def test_undo_and_redo_of_either_batch_count_nobody_twice(store):
    old, new = first(store), corrected(store)
    assert len(answers(store, "A1")) == 12
    switch(store, new.batch, "undone")
    assert (states(store, old.batch, new.batch), len(answers(store, "A1"))) == (["active", "undone"], 10)
    switch(store, new.batch, "active")
    assert (states(store, old.batch, new.batch), len(answers(store, "A1"))) == (["undone", "active"], 12)
    with pytest.raises(Refused) as error:
        switch(store, old.batch, "active")
    assert error.value.key == "store.redo_clash"
    switch(store, new.batch, "undone")
    switch(store, old.batch, "undone")
    assert answers(store, "A1") == []
    switch(store, new.batch, "active")
    assert (states(store, old.batch, new.batch), len(answers(store, "A1"))) == (["undone", "active"], 12)


def test_a_batch_whose_people_came_in_again_stays_undone(store):
    old, new = first(store), corrected(store)
    switch(store, new.batch, "undone")
    switch(store, old.batch, "undone")
    third = commit(store, look(store, with_cells(grid(), "B1", lambda *_: "满意"), file="c.xlsx"))
    with pytest.raises(Refused):
        switch(store, new.batch, "active")
    assert states(store, old.batch, new.batch, third.batch) == ["undone", "undone", "active"]


def test_a_closed_year_takes_no_correction(store):
    first(store)
    with store.write() as conn:
        years.close(conn, 2026)
    with pytest.raises(Refused) as error:
        look(store, grid(), CORRECTED, file="b.xlsx")
    assert "closed" in error.value.key


def test_a_file_without_everybody_of_the_batch_is_one_question_about_the_rows_that_changed(store):
    first(store)
    rows = [row for i, row in enumerate(grid()) if i != 5]
    assert asked(look(store, rows, file="b.xlsx")) == [CHANGED]


def test_one_change_of_a_whole_batch_is_the_same_question_and_a_plain_confirmation_takes_it(store):
    commit(store, look(store, grid()))
    one = with_cells(grid(13), "A1", lambda v, i: "不清楚" if i < 1 else v)
    assert asked(look(store, one, file="b.xlsx")) == [CORRECTED]
    assert store_all(store, one, CORRECTED, file="b.xlsx") == 13
    assert len(answers(store, "A1")) == 13


def test_numbers_that_lost_their_zeros_in_the_corrected_file_are_no_second_question(store):
    rows = with_cells(grid(), "no", lambda v, i: f"{i + 1:03}")
    commit(store, look(store, with_cells(rows, "A1", lambda v, i: "乱写" if i < 2 else v)), accept_partial=True)
    plain = text_file(with_cells(grid(), "no", lambda v, i: str(i + 1)))
    (question,) = look(store, plain, file="b.csv").questions
    assert (question.code, question.params["n"]) == (CORRECTED, 2)
    old = inspect_left(store, plain)
    assert (asked(old), old.counts.left_out, old.counts.storable) == ([], 2, 0)
    assert store_all(store, plain, CORRECTED, file="b.csv") == 12
    assert len(answers(store, "A1")) == 12


def inspect_left(store, data, code=CORRECTED, file="b.csv"):
    left = (Decision("leave_out", code=code, reason="原来的对"),)
    return inspect(store, file, data, ImportOptions("small", year=2026, decisions=left))


def moved(rows, *at):
    """The grid with the people of these data rows in the next community."""
    return with_cells(rows, "place", lambda v, i: PLACES[(PLACES.index(v) + 1) % 3] if i in at else v)


def test_people_in_another_community_are_changed_rows_of_a_corrected_file(store):
    old = commit(store, look(store, grid()))
    (question,) = look(store, moved(grid(), 0, 4), file="b.xlsx").questions
    said = {k: question.params[k] for k in ("n", "others", "moved", "new", "rows")}
    assert (question.code, said) == (CORRECTED, {"n": 2, "others": 0, "moved": 2, "new": 0, "rows": "2、6"})
    kept = inspect_left(store, workbook(moved(grid(), 0, 4)), file="b.xlsx")
    assert (asked(kept), kept.counts.left_out, kept.counts.storable) == ([], 2, 0)
    new = commit(store, look(store, moved(grid(), 0, 4), CORRECTED, file="b.xlsx"))
    assert (new.stored, states(store, old.batch, new.batch)) == (12, ["undone", "active"])


def test_who_moved_and_answers_otherwise_is_counted_once_too(store):
    commit(store, look(store, grid()))
    rows = with_cells(moved(grid(), 0), "A1", lambda v, i: "不清楚" if i < 1 else v)
    (question,) = look(store, rows, file="b.xlsx").questions
    assert (question.code, question.params["n"], question.params["new"]) == (CORRECTED, 1, 0)
    assert store_all(store, rows, CORRECTED, file="b.xlsx") == 12


def test_a_whole_file_under_another_community_is_one_correction(store):
    rows = with_cells(grid(), "place", lambda *_: PLACES[0])
    commit(store, look(store, rows))
    other = with_cells(grid(), "place", lambda *_: PLACES[1])
    assert asked(look(store, other, file="b.xlsx")) == [CORRECTED]
    assert store_all(store, other, CORRECTED, file="b.xlsx") == 12
    assert len(answers(store, "A1")) == 12
