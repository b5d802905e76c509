"""The receipt says, question by question, how many of each answer were stored."""

from __future__ import annotations

from collections import Counter

import pytest

from survey.core import limits
from survey.intake.answers import commit
from survey.intake.contents.stored import stored_answers, told_sentences
from tests.tools.books.office_sheets import FORM, grid, look, prepare, with_cells


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def brought(store, rows):
    return commit(store, look(store, rows), accept_partial=True).batch


def test_every_answer_is_counted_as_it_stands_in_the_file(store):
    rows = with_cells(grid(24), "B1", lambda v, i: None if i == 3 else "胡说" if i == 4 else v)
    batch = brought(store, rows)
    with store.read() as conn:
        told = {t.question.name: t for t in stored_answers(conn, [batch], "zh")}
    for name in ("A1", "sex", "stay"):
        column = [row[FORM.position[name]] for row in rows[1:]]
        assert dict(told[name].answers) == Counter(column), name
    assert (told["B1"].answered, told["B1"].empty, told["B1"].invalid) == (22, 1, 1)
    assert sum(n for _, n in told["M"].answers) == 24
    assert sum(n for _, n in told["F1"].answers) == 24
    assert told["T"].answers == ()  # what people wrote is not listed


def test_few_responses_say_only_how_many_answered(store):
    batch = brought(store, grid(limits.TOTALS_BELOW - 1))
    with store.read() as conn:
        told = stored_answers(conn, [batch], "zh")
        said = told_sentences(conn, [batch], "zh")
    assert all(t.answers == () for t in told)
    assert len(said) == len(told) + 1


def test_files_of_one_call_are_counted_together(store):
    first, rest = grid(12), grid(24)
    batches = [brought(store, first), brought(store, [rest[0], *rest[13:]])]
    with store.read() as conn:
        told = {t.question.name: t.answered for t in stored_answers(conn, batches, "zh")}
    assert told["A1"] == 24


def test_a_number_and_how_often_it_was_given_are_told_apart(store):
    batch = brought(store, grid(24))
    with store.read() as conn:
        (said,) = [s for s in told_sentences(conn, [batch], "zh") if s.startswith("幸福感打分")]
    assert "：0（2）、1（3）" in said
