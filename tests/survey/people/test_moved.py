"""Rows whose number and all answers are stored under another community are asked about, those of other people are not."""

from __future__ import annotations

import pytest

from survey.coding.options import ImportOptions
from survey.decisions.carried_out import Decision
from survey.intake.answers import commit, inspect
from survey.people.moved import MOVED
from tests.tools.books.office_sheets import PLACES, answers, asked, grid, look, prepare, stopped, with_cells, workbook


@pytest.fixture
def store(sqlite_store):
    stored = prepare(sqlite_store)
    commit(stored, look(stored, grid()))
    return stored


def elsewhere(*rows):
    """Some of the stored people, each in the next community, and nobody else."""
    whole = with_cells(grid(), "place", lambda v, _: PLACES[(PLACES.index(v) + 1) % 3])
    return [whole[0], *(whole[i] for i in rows)]


def test_a_person_in_another_community_is_a_question_and_never_stored_silently(store):
    assert stopped(store, elsewhere(3), file="b.xlsx") == [MOVED]
    (question,) = look(store, elsewhere(3, 5), file="b.xlsx").questions
    assert {k: question.params[k] for k in ("n", "batches", "rows")} == {"n": 2, "batches": "1", "rows": "2、3"}
    assert question.params["pairs"].startswith(f"A2 {PLACES[0]}→{PLACES[1]}")


def test_confirmed_they_are_other_people_and_left_out_the_same(store):
    same = (Decision("leave_out", code=MOVED, reason="同一人"),)
    kept = inspect(store, "b.xlsx", workbook(elsewhere(3)), ImportOptions("small", year=2026, decisions=same))
    assert (asked(kept), kept.counts.left_out, kept.counts.storable) == ([], 1, 0)
    assert commit(store, look(store, elsewhere(3), MOVED, file="b.xlsx")).stored == 1
    assert len(answers(store, "A1")) == 13


def test_numbers_that_begin_anew_with_other_answers_are_other_people(store):
    other = with_cells(elsewhere(3, 5), "age", lambda v, _: v + 1)
    assert asked(look(store, other, file="b.xlsx")) == []


def test_who_stands_in_both_communities_in_the_file_is_not_moved(store):
    both = [*grid(), *elsewhere(3)[1:]]
    assert asked(look(store, both, file="b.xlsx")) == []
