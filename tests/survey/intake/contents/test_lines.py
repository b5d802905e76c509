"""What a file holds, both ways: every question, every column, how many cells were read as which answer."""

from __future__ import annotations

import pytest

from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.intake.answers import commit, inspect
from survey.intake.contents.lines import of_file, of_inspection
from tests.tools.books.big_export import big_export, big_form, big_name
from tests.tools.books.office_sheets import FORM, answers, grid, look, prepare, renamed, with_cells, without, workbook


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def table(store, rows, **more):
    return of_inspection(look(store, rows, **more))


def line(found, name):
    return next(n for n in found.lines if n.question and n.question.name == name)


def test_every_question_and_every_column_stands_in_it_once(store):
    rows = [[*row, "甲"] for row in renamed(grid(), A1="第一题", E1="16、满意度—治安状况")]
    found = table(store, rows)
    assert sorted(n.question.name for n in found.lines if n.question) == sorted(q.name for q in FORM.questions)
    cells = [c.cell for n in found.lines for c in n.columns]
    assert sorted(cells) == sorted(set(cells))
    assert len(cells) == len(rows[0])
    assert [n.state for n in found.lines][:2] == ["missing", "proposed"]  # what waits stands first
    assert {n.columns[0].header for n in found.of("unread")} == {"第一题", "甲"}


def test_readings_are_counted_by_what_they_are_read_as(store):
    rows = with_cells(grid(), "age", lambda v, i: f"{v}岁" if i < 4 else v)
    rows = with_cells(rows, "sex", lambda v, i: "男性" if i == 0 else v)
    found = table(store, rows)
    counted = {(r.text, r.meaning["zh"]): (r.count, r.how) for r in line(found, "sex").readings}
    own = [row[2] for row in rows[1:]]
    assert counted == {
        ("男性", "男"): (1, "proposed"),
        ("男", "男"): (own.count("男"), "own"),
        ("女", "女"): (own.count("女"), "own"),
    }
    ages = line(found, "age").readings
    assert [(r.text, r.count) for r in ages if r.how == "proposed"] == [(f"{rows[i][3]}", 1) for i in range(1, 5)]
    assert [r.count for r in ages if r.how == "own"] == [8]  # numbers that say what they are, as one span


def test_accepted_as_a_whole_it_asks_nothing_more_and_is_remembered(store):
    rows = without(renamed(grid(), E1="16、满意度—治安状况"), "B1", "T")
    rows = with_cells(rows, "sex", lambda v, i: {"男": "男性", "女": "女性"}[v])
    first = look(store, rows)
    assert of_inspection(first).absent == ("B1", "T")
    again = look(store, rows, mapping=of_inspection(first).accepted())
    assert again.questions == []
    commit(store, again)
    assert len(answers(store, "E1")) == 12
    rows[1][0] = "新编号"
    assert look(store, rows[:2]).questions == []  # the same header again


def test_a_part_of_it_leaves_the_rest_open(store):
    rows = renamed(grid(), E1="16、满意度—治安状况", D1="17、满意度—文体活动")
    found = table(store, rows)
    one = found.mapping.merged(found.columns({next(iter(found.proposed.columns))}))
    left = table(store, rows, mapping=one)
    assert len(left.of("proposed")) == 1
    assert left.waits
    words = with_cells(grid(), "sex", lambda v, i: {"男": "男性", "女": "女性"}[v])
    found = table(store, words)
    left = table(store, words, mapping=found.readings("sex", "男性"))
    assert [r.text for r in line(left, "sex").readings if r.how == "proposed"] == ["女性"]


def test_a_file_without_a_needed_column_has_its_table_too(store):
    rows = with_cells(renamed(grid(), place="小区名称在此", no="流水"), "place", lambda _, i: f"{i} 号院")
    with pytest.raises(Refused):
        look(store, rows)
    found = of_file(store, "a.xlsx", workbook(rows), ImportOptions("small", year=2026))
    needed = [n.question.name for n in found.lines if n.needed]
    assert set(needed) == {"no", "place"}
    assert found.lines[0].needed
    assert not set(needed) & set(found.absent)  # what is needed is never said to be absent


@pytest.mark.parametrize("ordered", [False, True])
def test_a_large_export_asks_for_one_agreement(sqlite_store, ordered):
    prepare(sqlite_store, big_form())
    options = ImportOptions("small", year=2026, mode="web", sample_type="open", sample_said=True)
    data = big_export(ordered=ordered)
    first = inspect(sqlite_store, big_name(ordered=ordered), data, options)
    found = of_inspection(first)
    assert len([n for n in found.lines if n.question]) == 61
    assert (len(found.of("proposed")), found.of("missing", "empty")) == (18, ())  # no question is lost
    after = inspect(
        sqlite_store,
        big_name(ordered=ordered),
        data,
        ImportOptions("small", year=2026, mode="web", sample_type="open", sample_said=True, mapping=found.accepted()),
    )
    assert (after.questions, after.counts.storable) == ([], 40)
    assert commit(sqlite_store, after).stored == 40
