"""Rows whose number and all answers are stored under another community are asked about, those of other people are not."""

from __future__ import annotations

import pytest

from survey.coding.options import ImportOptions
from survey.decisions.carried_out import Decision
from survey.intake.answers import commit, inspect
from survey.people.corrections import CORRECTED
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


def alike(n=12):
    """People of three communities who answered in two ways only, as short forms are."""
    rows = grid(n)
    for i, row in enumerate(rows[1:]):
        row[2:] = rows[1 + i % 2][2:]
    return rows


def test_somebody_moved_in_the_whole_file_again_is_asked_about_however_often_the_answers_repeat(sqlite_store):
    store = prepare(sqlite_store)
    commit(store, look(store, alike()))
    again = alike()
    again[3][1] = PLACES[(PLACES.index(again[3][1]) + 1) % 3]
    (question,) = look(store, again, file="b.xlsx").questions
    assert (question.code, question.params["moved"], question.params["others"]) == (CORRECTED, 1, 0)
    assert commit(store, look(store, again, CORRECTED, file="b.xlsx")).stored == 12
    assert len(answers(store, "A1")) == 12


def test_other_people_with_the_same_numbers_and_repeating_answers_are_not_moved(sqlite_store):
    store = prepare(sqlite_store)
    rows = alike()
    commit(store, look(store, [rows[0], *(r for r in rows[1:] if r[1] == PLACES[0])]))
    other = [[r[0], PLACES[1], *r[2:]] if r[1] == PLACES[0] else r for r in rows[1:] if r[1] == PLACES[0]]
    assert asked(look(store, [rows[0], *other], file="b.xlsx")) == []


def test_a_whole_community_sent_again_under_another_is_asked_about(sqlite_store):
    store = prepare(sqlite_store)
    rows = alike(24)
    first = [r for r in rows[1:] if r[1] == PLACES[0]]
    commit(store, look(store, [rows[0], *first]))
    (question,) = look(store, [rows[0], *([r[0], PLACES[1], *r[2:]] for r in first)], file="b.xlsx").questions
    assert (question.code, question.params["n"]) == (CORRECTED, 8)
