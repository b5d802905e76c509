"""Nobody twice and nobody lost: one number in several ways of writing, numbers without their last digits, numbers that begin
anew, tables without numbers."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest

from survey.answers.respondents import digits_lost, folded, folds
from survey.coding.options import ImportOptions
from survey.decisions.carried_out import Decision
from survey.intake.answers import commit, commit_all, inspect
from survey.intake.sheets_together import asked_once, parts
from survey.people.alike_numbers import alike_numbers
from survey.people.changed_rows import CHANGED
from survey.people.duplicates import ALIKE_ROWS, ALIKE_STORED, STORED
from survey.people.restarts import AGAIN, RESTARTS, TWICE, _again
from survey.people.same_table import SAME
from survey.store.intake import questionnaires, responses
from tests.tools.books.office_sheets import (
    FORM,
    asked,
    grid,
    look,
    prepare,
    stopped,
    store_all,
    text_file,
    with_cells,
    without,
    workbook,
)

ANONYMOUS = replace(FORM, rows=tuple(q for q in FORM.rows if q.role != "respondent"))


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


@pytest.fixture
def unnamed(sqlite_store):
    return prepare(sqlite_store, ANONYMOUS)


def respondents(store):
    with store.read() as conn:
        return responses.load(conn, questionnaires.get(conn, "small")).design["respondent"].tolist()


def test_one_number_in_all_ways_of_writing_is_one():
    assert len({folded(n) for n in ("1", "001", "１", "1.0", "01.00")}) == 1
    assert folded("000") == "0"
    assert folded("R1") != folded("R10")
    assert folded("1.5") == "1.5"


@pytest.mark.parametrize("write", ["{:03}", "{}.0", "{:06}", "０{}"])
@pytest.mark.parametrize("first", [lambda i: i + 1, lambda i: f"{i + 1}"])
def test_the_same_people_under_other_ways_of_writing_are_one_question_and_not_stored_again(store, write, first):
    store_all(store, with_cells(grid(), "no", lambda _, i: first(i)))
    again = with_cells(grid(), "no", lambda _, i: write.format(i + 1))
    assert stopped(store, again, file="b.xlsx") == [ALIKE_STORED]
    assert store_all(store, text_file(again), ALIKE_STORED, file="b.csv") == 0
    assert len(respondents(store)) == 12


def test_rows_of_one_file_whose_numbers_differ_in_writing_only_are_one_question(store):
    rows = grid(12)
    rows = with_cells(rows, "no", lambda _, i: f"{i % 6 + 1:0{1 if i < 6 else 3}}")
    rows = with_cells(rows, "place", lambda *_: "东街社区")
    assert stopped(store, rows) in ([RESTARTS], [ALIKE_ROWS])


def test_line_breaks_of_another_kind_are_the_same_answers(store):
    broken = with_cells(grid(), "T", lambda *_: "一\n二")
    assert store_all(store, broken) == 12
    for number, mark in enumerate(("\r\n", "\r")):
        other = with_cells(grid(), "T", lambda _, __, mark=mark: f"一{mark}二")
        found = look(store, text_file(other), file=f"b{number}.csv")
        assert (asked(found), found.counts.duplicates) == ([], 12)


@pytest.mark.parametrize(
    "lost", ["9.90302E+17", "9.9e+17", 990302199001010000, 9.9030219900101e17, "990302199001010000"]
)
@pytest.mark.parametrize("make", [workbook, text_file])
def test_numbers_without_their_last_digits_are_nobodys(store, lost, make):
    rows = with_cells(grid(), "no", lambda *_: lost)
    rows = [rows[0], *([rows[1][0], *rows[5][1:]] for _ in range(12))]  # all answer alike
    file = "a.xlsx" if make is workbook else "a.csv"
    assert stopped(store, make(rows), file=file) == ["checking.digits_lost"]
    assert store_all(store, make(rows), "checking.digits_lost", file=file) == 12
    assert respondents(store) == [None] * 12 or all(str(r) == "nan" for r in respondents(store))


def test_long_numbers_that_are_whole_are_kept():
    assert not digits_lost([f"{110101199001011234 + i}" for i in range(5)]).any()
    assert not digits_lost(["110101199001010000", "110101199001011234"]).any()
    assert not digits_lost([1, 2.0, "R001", "1E5", None, 123456789012345]).any()


def test_numbers_that_begin_anew_are_one_question_for_the_file(store):
    rows = with_cells(grid(24), "no", lambda _, i: i % 12 + 1)
    rows = with_cells(rows, "place", lambda *_: "东街社区")
    assert stopped(store, rows) == [RESTARTS]
    assert store_all(store, rows, RESTARTS) == 24
    assert sorted(respondents(store))[-3:] == ["7", "8", "9"]
    assert "2-1" in respondents(store)
    found = look(store, text_file(rows), RESTARTS, file="b.csv")  # known again in another file
    assert (asked(found), found.counts.duplicates) == ([], 24)


def test_a_table_without_numbers_comes_in_once(unnamed):
    rows = without(grid(24), "no")
    assert store_all(unnamed, text_file(rows), file="a.csv") == 24
    assert stopped(unnamed, workbook(rows, "别的表名"), file="b.xlsx") == [SAME]
    grown = [*rows, *without(grid(30), "no")[25:]]
    assert store_all(unnamed, workbook(grown), SAME, file="c.xlsx") == 6


def test_other_people_without_numbers_ask_nothing(unnamed):
    rows = without(grid(30), "no")
    assert store_all(unnamed, [rows[0], *rows[1:16]]) == 15
    assert asked(look(unnamed, [rows[0], *rows[16:]], file="b.xlsx")) == []


def test_one_row_without_a_number_hides_nobody_who_stands_twice():
    keys = pd.DataFrame({"year": [2014] * 3, "place": ["甲"] * 3, "digest": ["a", "b", "c"]})
    for named, again in ((["1", "1", "2"], [1]), (["1", "1", None], [1]), (["1", None, None], [])):
        assert _again(SimpleNamespace(keys=keys, folds=folds(named))) == again


def two_modes(name_of_first="纸质", name_of_second="电话"):
    """Ten on paper and eight by telephone, numbered anew, on two sheets."""
    book = openpyxl.Workbook()
    book.active.title = name_of_first
    second = book.create_sheet(name_of_second)
    paper, calls = numbered(grid(10)), numbered([grid()[0], *grid(30)[20:28]])
    for page, rows in ((book.active, paper), (second, calls)):
        for row in rows:
            page.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue(), paper, calls


def numbered(rows):
    return with_cells(with_cells(rows, "no", lambda _, i: i + 1), "place", lambda *_: "东街社区")


def modes(store):
    with store.read() as conn:
        return sorted(responses.load(conn, questionnaires.get(conn, "small")).design["mode"].tolist())


def sheets_of(store, data, *decisions):
    """The sheets of a file inspected together, as the command does it."""
    found = []
    for part in parts(store, "a.xlsx", data, ImportOptions("small", year=2026, decisions=decisions)):
        found.append(inspect(store, "a.xlsx", data, part, found))
    return asked_once(found)


def test_two_sheets_of_two_modes_whose_numbers_begin_anew_are_one_question(store):
    data, _, _ = two_modes()
    found = sheets_of(store, data)
    assert [asked(i) for i in found] == [[], [AGAIN]]
    assert [set(i.coded.modes) for i in found] == [{"paper"}, {"phone"}]
    yes = sheets_of(store, data, Decision("confirm", sheet="电话", code=AGAIN))
    assert sum(r.stored for r in commit_all(store, yes)) == 18
    assert {f"phone-{i}" for i in range(1, 9)} < set(respondents(store))
    assert modes(store) == ["paper"] * 10 + ["phone"] * 8


@pytest.mark.parametrize(
    ("decision", "stored", "who"),
    [
        (Decision("confirm", code=AGAIN), 8, "phone-1"),
        (Decision("set", code=AGAIN, value="T-"), 8, "T-1"),
        (Decision("leave_out", code=AGAIN, reason="同一些人"), 0, None),
    ],
)
def test_a_second_file_whose_numbers_begin_anew_is_one_question_with_three_answers(store, decision, stored, who):
    _, paper, calls = two_modes()
    store_all(store, paper, file="纸质问卷.xlsx")
    (question,) = look(store, calls, file="电话访问.xlsx").questions
    assert (question.code, question.params["n"], question.params["where"]) == (AGAIN, 8, ["纸质问卷.xlsx"])
    found = inspect(store, "电话访问.xlsx", workbook(calls), ImportOptions("small", year=2026, decisions=(decision,)))
    assert (asked(found), found.counts.storable, found.counts.left_out) == ([], stored, 8 - stored)
    if stored:
        commit(store, found)
        assert who in respondents(store)


def test_a_grown_file_of_those_told_apart_adds_only_what_is_new(store):
    _, paper, calls = two_modes()
    store_all(store, paper, file="纸质问卷.xlsx")
    store_all(store, calls, AGAIN, file="电话访问.xlsx")
    grown = numbered([grid()[0], *grid(30)[20:30]])
    found = look(store, grown, AGAIN, file="电话访问2.xlsx")
    assert (found.counts.duplicates, found.counts.storable) == (8, 2)


def test_two_files_of_one_mode_get_numbers_and_the_third_another(store):
    parts_of_them = [numbered([grid()[0], *grid(60)[at : at + 9]]) for at in (1, 22, 43)]
    store_all(store, [*parts_of_them[0], *numbered(grid(10))[10:]], file="a.xlsx")
    store_all(store, parts_of_them[1], AGAIN, file="b.xlsx")
    store_all(store, parts_of_them[2], AGAIN, file="c.xlsx")
    assert {"1", "2-1", "3-1"} < set(respondents(store))


def test_few_numbers_that_come_again_are_asked_one_by_one(store):
    store_all(store, numbered(grid(10)), file="a.xlsx")
    twice = with_cells(numbered([grid()[0], *grid(60)[20:40]]), "no", lambda _, i: i + 9)
    assert set(stopped(store, twice, file="b.xlsx")) == {STORED}


def test_a_column_of_modes_is_read_though_the_questionnaire_does_not_ask_for_it(store):
    _, paper, calls = two_modes()
    rows = [[*row, mode] for part, mode in ((paper, "纸质"), (calls[1:], "电话访问")) for row in part]
    rows[0][-1] = "问卷类型"
    found = look(store, rows)
    assert (asked(found), sorted(set(found.coded.modes))) == ([RESTARTS], ["paper", "phone"])
    assert store_all(store, rows, RESTARTS) == 18
    assert {f"phone-{i}" for i in range(1, 9)} < set(respondents(store))


@pytest.mark.parametrize(
    ("decision", "stored", "left"),
    [
        (Decision("leave_out", code=RESTARTS, reason="同一些人"), 12, 12),
        (Decision("set", code=RESTARTS, value="乙"), 24, 0),
    ],
)
def test_the_question_within_a_sheet_has_the_same_answers(store, decision, stored, left):
    rows = numbered(grid(24))
    rows = with_cells(rows, "no", lambda _, i: i % 12 + 1)
    found = inspect(store, "a.xlsx", workbook(rows), ImportOptions("small", year=2026, decisions=(decision,)))
    assert (asked(found), found.counts.storable, found.counts.left_out) == ([], stored, left)


def two_clerks(rows, other):
    book = openpyxl.load_workbook(BytesIO(workbook(rows, "甲")))
    second = book.create_sheet("乙")
    for row in other:
        second.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def typed(store, data, *decisions):
    found = []
    for options in parts(store, "a.xlsx", data, ImportOptions("small", decisions=decisions)):
        found.append(inspect(store, "a.xlsx", data, options, beside=found))
    return asked_once(found)


@pytest.mark.parametrize("action", ["confirm", "leave_out"])
def test_questionnaires_typed_by_two_clerks_are_one_question_and_the_first_is_kept(store, action):
    other = with_cells(grid(), "A1", lambda v, i: "很不满意" if i in (2, 7) else v)
    data = two_clerks(grid(), other)
    asking = [f for i in typed(store, data) for f in i.questions]
    assert [(f.code, f.params["same"], f.params["n"]) for f in asking] == [(TWICE, 10, 2)]
    done = typed(store, data, Decision(action=action, code=TWICE, cell=asking[0].cell, sheet="乙", reason="录了两遍"))
    commit_all(store, done)
    assert len(respondents(store)) == 12


def test_of_two_clerks_who_typed_other_people_the_second_get_a_prefix(store):
    other = with_cells(grid(), "A1", lambda v, i: "很不满意" if i in (2, 7) else v)
    data = two_clerks(grid(), other)
    (asking,) = [f for i in typed(store, data) for f in i.questions]
    decision = Decision(action="set", value="乙", code=TWICE, cell=asking.cell, sheet="乙")
    commit_all(store, typed(store, data, decision))
    assert len(respondents(store)) == 24


def test_two_clerks_who_agree_ask_nothing_but_whether_both_sheets_are_read(store):
    assert TWICE not in [f.code for i in typed(store, two_clerks(grid(), grid())) for f in i.findings]


def test_both_typings_below_each_other_are_one_question_too(store):
    other = with_cells(grid(), "A1", lambda v, i: "很不满意" if i in (1, 4, 8) else v)
    rows = [*grid(), *other[1:]]
    assert stopped(store, rows) == [TWICE]
    assert store_all(store, rows, TWICE) == 12
    assert len(respondents(store)) == 12


BY_MODE = replace(FORM, settings={"respondent_key": "number, mode"})


def test_the_same_number_by_another_mode_is_somebody_else_where_the_questionnaire_says_so(sqlite_store):
    store = prepare(sqlite_store, BY_MODE)
    other = with_cells(grid(), "A1", lambda v, _: "很不满意")
    assert store_all(store, grid(), mode="paper") == 12
    assert asked(look(store, other, file="b.xlsx", mode="phone")) == []
    assert store_all(store, other, file="b.xlsx", mode="phone") == 12
    assert asked(look(store, other[:3], file="c.xlsx", mode="paper")) == [CHANGED]
    again = look(store, text_file(grid()), file="d.csv", mode="paper")
    assert (again.counts.duplicates, again.questions) == (12, [])
    with store.read() as conn:
        assert alike_numbers(conn) == []


def test_paper_and_calls_of_one_sheet_need_no_prefix_where_the_mode_is_part_of_the_key(sqlite_store):
    store = prepare(sqlite_store, BY_MODE)
    rows = with_cells(grid(), "no", lambda _, i: i % 6)
    modes = ["调查方式", *(["书面"] * 6), *(["电话"] * 6)]
    assert store_all(store, [[*row, mode] for row, mode in zip(rows, modes, strict=True)]) == 12
