"""服务1 … 服务4 with ticks are the choices in their order; with words they are the first choice, the second one …"""

from __future__ import annotations

import pytest

from survey.matching.column_proposals import PROPOSED
from tests.tools.books.office_sheets import grid, look, prepare, stopped

NEEDS = ("看病,买药", "老年食堂", "停车/交通", "其他(请注明)")


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def spread(headers, cell):
    rows = grid()
    at = rows[0].index("最需要的服务")
    body = [[*row[:at], *(cell(row[at], i) for i in range(len(headers))), *row[at + 1 :]] for row in rows[1:]]
    return [[*rows[0][:at], *headers, *rows[0][at + 1 :]], *body]


@pytest.mark.parametrize("pattern", ["最需要的服务{}", "M{}", "M_{}", "最需要的服务（{}）", "5、最需要的服务 {}"])
@pytest.mark.parametrize("mark", [1, "√", "是"])
def test_ticks_under_numbers_are_the_choices_in_their_order(store, pattern, mark):
    headers = [pattern.format(i) for i in range(1, 5)]
    rows = spread(headers, lambda said, i: mark if said == NEEDS[i] else None)
    assert stopped(store, rows) == [PROPOSED]
    found = look(store, rows, PROPOSED)
    assert (found.questions, found.refusals) == ([], [])
    assert found.coded.multiple["M"][:2] == [(1,), (0,)]


def test_words_under_numbers_are_choices_one_after_the_other(store):
    rows = spread(["最需要的服务1", "最需要的服务2"], lambda said, i: said if i == 0 else None)
    found = look(store, rows, PROPOSED)
    assert (found.questions, found.refusals) == ([], [])
    assert found.coded.multiple["M"][:2] == [(1,), (0,)]


def test_fewer_columns_than_choices_say_nothing(store):
    rows = spread(["最需要的服务1", "最需要的服务2"], lambda said, i: 1 if said == NEEDS[i] else None)
    found = look(store, rows, PROPOSED)
    assert found.refusals
