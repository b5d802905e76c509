"""Headers that begin with a question's own name are proposed for it, if several of the sheet do; one alone is not believed."""

from __future__ import annotations

import pytest

from survey.form.answer_codes import BLANK
from survey.matching.column_proposals import PROPOSED, SCORED
from survey.matching.shapes.own_names import own_name
from tests.tools.books.office_sheets import ITEMS, answers, asked, grid, look, prepare, renamed, stopped, store_all

NAMES = {n.casefold(): n for n in ("A1", "A10", "S1", "E5", "T", "day")}


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("S1成年", "S1"),
        ("E5归属感", "E5"),
        ("a1 选举", "A1"),
        ("A1、选举", "A1"),
        ("（A1）选举", "A1"),
        ("A1_选举", "A1"),
        ("Ａ１选举", "A1"),
        ("A10选举", "A10"),
        ("A1", ""),
        ("A1_1", ""),
        ("A1-2", ""),
        ("A1b", ""),
        ("A12", ""),
        ("今天A1", ""),
        ("days", ""),
        ("Tel", ""),
    ],
)
def test_which_name_a_header_begins_with(header, name):
    assert own_name(header, NAMES) == name


@pytest.mark.parametrize("worded", ["{}{}", "{} {}", "{}、{}", "{}_{}", "（{}）{}"])
def test_names_with_other_words_behind_them_are_one_question_for_all_of_them(store, worded):
    other = {"A1": "公平", "B1": "脏乱", "C1": "跑腿", "D1": "娱乐", "E1": "小偷", "F1": "开心"}
    rows = renamed(grid(), **{name: worded.format(name, word) for name, word in other.items()})
    assert stopped(store, rows) == [PROPOSED]
    assert store_all(store, rows, PROPOSED) == 12
    assert not any(BLANK in answers(store, name) for name in (*ITEMS, "F1"))


def test_a_name_wins_over_a_likeness(store):
    rows = renamed(grid(), A1="A1办事", B1="B1环境", C1="C1办事公", D1="D1文体", E1="E1治安")
    assert stopped(store, rows) == [PROPOSED]
    store_all(store, rows, PROPOSED)
    words = ("很满意", "满意", "一般", "不满意")
    assert answers(store, "C1") == [words.index(row[7]) for row in grid()[1:]]


def test_one_number_alone_and_numbers_that_contradict_the_words_are_not_believed(store):
    assert asked(look(store, renamed(grid(), C1="C1、停车管理"))) == [SCORED]
    rows = renamed(grid(), A1="B1 办事公道", B1="A1 环境卫生", C1="C1、停车管理", D1="D1、热闹", E1="E1、小偷")
    pairs = str([f.params.get("pairs") for f in look(store, rows).questions])
    assert "停车管理" not in pairs


def test_a_column_that_is_the_question_has_the_better_claim(store):
    rows = renamed(grid(), A1="A1公平", B1="B1脏乱", D1="D1娱乐")
    rows = [[*row, "C1跑腿" if not i else "满意"] for i, row in enumerate(rows)]
    (question,) = look(store, rows).questions
    assert question.code == PROPOSED
    assert "C1跑腿→" not in question.params["pairs"]["zh"]
