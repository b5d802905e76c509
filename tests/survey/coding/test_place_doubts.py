"""Where the file's own names contradict what its columns say of community and year, one question; where they agree, none."""

from __future__ import annotations

import io

import openpyxl
import pytest

from survey.answers.mapping import ColumnMapping
from survey.coding.options import ImportOptions
from survey.coding.readings.asked import READINGS
from survey.core.errors import Refused
from survey.decisions.carried_out import Decision
from survey.intake.answers import commit_all, inspect
from survey.intake.sheets_together import asked_once, parts
from tests.tools.books.office_sheets import (
    PLACES,
    WORDS,
    asked,
    grid,
    look,
    prepare,
    stopped,
    store_all,
    with_cells,
    workbook,
    workbook_of,
)


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def all_in(place):
    return with_cells(grid(), "place", lambda v, i: place)


@pytest.mark.parametrize(
    ("file", "sheet", "questions"),
    [
        ("东街社区_答卷.xlsx", "Sheet1", ["intake.community_named"]),
        ("a.xlsx", "东街社区", ["intake.community_named"]),
        ("西街社区_答卷.xlsx", "Sheet1", []),
        ("东街和西街社区.xlsx", "西街社区", []),
    ],
)
def test_a_whole_column_of_another_community_than_the_name_says_is_one_question(store, file, sheet, questions):
    found = look(store, workbook(all_in("西街社区"), sheet), file=file)
    assert asked(found) == questions
    assert set(found.coded.keys["place"]) == {"西街社区"} if "place" in found.coded.keys else True


def test_a_column_of_several_communities_is_never_held_against_a_name(store):
    assert asked(look(store, grid(), file="东街社区.xlsx")) == []


@pytest.mark.parametrize(
    ("file", "year", "questions"),
    [
        ("2025年小问卷.xlsx", None, ["intake.year_named"]),
        ("2025年小问卷.xlsx", 2025, []),
        ("2026年小问卷.xlsx", None, []),
        ("2025-2026年小问卷.xlsx", None, []),
        ("小问卷20250511.xlsx", None, []),
        ("表格2003.xls", None, []),
        ("小问卷 XML 2003.xls", None, []),
        ("小问卷_Excel2007.xlsx", None, []),
        ("表格2025年.xlsx", None, ["intake.year_named"]),
    ],
)
def test_a_file_named_after_another_year_than_the_questionnaires_is_one_question(store, file, year, questions):
    found = inspect(store, file, workbook(grid()), ImportOptions("small", year=year))
    assert asked(found) == questions


def without_place():
    return [[*row[:1], *row[2:]] for row in grid()]


@pytest.mark.parametrize(
    ("rows", "file", "sheet", "options"),
    [
        (all_in("西街社区"), "东街社区_答卷.xlsx", "Sheet1", {}),
        (grid(), "2025年小问卷.xlsx", "Sheet1", {}),
        (
            [["", "", "东街社区满意度调查"], *without_place()],
            "a.xlsx",
            "Sheet1",
            {"community": "西街社区"},
        ),
        (without_place(), "a.xlsx", "东街社区", {"community": "西街社区"}),
    ],
)
def test_what_was_found_stands_in_the_cell_that_is_named(store, rows, file, sheet, options):
    """A decision is held against the cell's content, so a doubt that names another text could never be answered."""
    data = workbook(rows, sheet)
    found = inspect(store, file, data, ImportOptions("small", **options))
    cells = openpyxl.load_workbook(io.BytesIO(data)).active
    asked_about = found.questions
    assert asked_about
    for finding in asked_about:
        if finding.cell and "found" in finding.params:
            assert cells[finding.cell].value == finding.params["found"], finding


OTHERWISE = "intake.community_column"


@pytest.mark.parametrize(
    ("header", "east", "west"),
    [
        ("居委会", "东街居委会", "西街居委会"),
        ("村", "东街村", "西街村"),
        ("小区", "东街小区", "西街小区"),
        ("所属", "东街", "西街"),
        ("片区", "东街社区居委会", "西街社区居委会"),
        ("地址", "东街社区", "西街社区"),
        ("居委会", "北街居委会", "北门居委会"),
    ],
)
def test_a_column_of_other_communities_than_the_chosen_one_is_one_question_by_whichever_name(store, header, east, west):
    rows = with_cells(grid(), "place", lambda v, i: east if i % 2 else west)
    rows[0][1] = header
    assert stopped(store, rows, community="东街社区") == [OTHERWISE]
    assert store_all(store, rows, OTHERWISE, community="东街社区") == 12


@pytest.mark.parametrize(
    ("header", "value"),
    [("居委会", "东街居委会"), ("小区", "东街小区"), ("小区", "阳光花园"), ("街道", "西街街道"), ("单位", "社区")],
)
def test_a_column_that_says_no_other_community_is_no_question(store, header, value):
    rows = all_in(value)
    rows[0][1] = header
    assert OTHERWISE not in asked(look(store, rows, community="东街社区"))


def test_a_title_that_names_the_office_of_another_community_is_a_question(store):
    rows = [["", "", "西街居委会满意度调查"], *without_place()]
    assert asked(look(store, rows, community="东街社区")) == ["intake.community_title"]


def test_numbers_of_communities_with_their_list_on_another_sheet_are_one_question(store):
    rows = with_cells(grid(), "place", lambda v, _: PLACES.index(v) + 11)
    listed = [["代码", "社区"], *([i, name] for i, name in enumerate(PLACES, 11))]
    book = workbook_of(("数据", rows), ("社区代码", listed))
    (question,) = look(store, book).questions
    assert (question.code, question.params["n"]) == (READINGS, 12)
    assert set(look(store, book, READINGS).coded.keys["place"]) == set(PLACES)


def test_numbers_whose_list_names_other_places_are_refused_as_they_were(store):
    rows = with_cells(grid(), "place", lambda v, _: PLACES.index(v) + 11)
    book = workbook_of(("数据", rows), ("代码", [["代码", "职业"], [11, "工人"], [12, "教师"], [13, "学生"]]))
    found = look(store, book)
    assert (asked(found), {f.code for f in found.refusals}) == ([], {"checking.community_numbers"})


def two_lists(second):
    rows = with_cells(grid(), "place", lambda v, i: PLACES.index(v) + 11)
    first = [["编码", "社区"], *([i, name] for i, name in enumerate(PLACES, 11))]
    return workbook_of(("录入", rows), ("编码", first), ("去年编码", [["编码", "社区"], *second]))


def test_two_lists_of_communities_that_contradict_each_other_are_refused_in_one_sentence(store):
    other = [[11, PLACES[1]], [12, PLACES[0]], [13, PLACES[2]]]
    with pytest.raises(Refused) as refused:
        look(store, two_lists(other))
    assert refused.value.key == "scales.lists_contradict"
    assert refused.value.params["pairs"] == f"11={PLACES[0]}（编码）、11={PLACES[1]}（去年编码）"
    said = ColumnMapping.of(values={"place": {str(i): name for i, name in enumerate(PLACES, 11)}})
    assert asked(look(store, two_lists(other), mapping=said)) == []


def test_two_lists_that_agree_are_one(store):
    assert asked(look(store, two_lists([[11, PLACES[0]], [12, PLACES[1]]]))) == [READINGS]
    assert asked(look(store, two_lists([[11, PLACES[0]], [14, PLACES[1]]]))) == [READINGS]


def test_two_lists_of_choices_that_contradict_each_other_are_refused_as_well(store):
    rows = grid()
    for name in ("A1", "B1", "C1", "D1", "E1"):
        rows = with_cells(rows, name, lambda v, i: WORDS.index(v) + 1)
    ways = [[["编码", "含义"], *([i, w] for i, w in enumerate(said, 1))] for said in (WORDS, WORDS[::-1])]
    with pytest.raises(Refused) as refused:
        look(store, workbook_of(("录入", rows), ("说明", ways[0]), ("旧说明", ways[1])))
    assert refused.value.key == "scales.lists_contradict"
    assert asked(look(store, workbook_of(("录入", rows), ("说明", ways[0]), ("旧说明", ways[0])))) == []


NAMED = "intake.community_named"
COPIED = workbook_of(
    *(
        (name, [[f"{name}录入表"], grid()[0], *all_in("东街社区")[1 + at * 4 : 5 + at * 4]])
        for at, name in enumerate(PLACES)
    )
)


def of_sheets(store, *decisions, data=COPIED):
    options = ImportOptions("small", year=2026, decisions=decisions)
    return asked_once([inspect(store, "a.xlsx", data, part) for part in parts(store, "a.xlsx", data, options)])


def told(sheet, value="", action="set"):
    return Decision(action, sheet, "B2", "社区", code=NAMED, value=value)


def test_the_column_of_a_copied_sheet_is_one_question_for_the_file(store):
    found = of_sheets(store)
    assert [(i.sheet, asked(i)) for i in found] == [("东街社区", []), ("西街社区", [NAMED]), ("南街社区", [])]
    (question,) = found[1].questions
    assert question.params["names"] == ["西街社区", "南街社区"]
    assert question.params["n"] == 8


@pytest.mark.parametrize("sheet", ["西街社区", "南街社区"])
@pytest.mark.parametrize("value", ["按表名 by_sheet", "按表名", "by_sheet"])
def test_by_sheet_gives_each_sheet_of_the_file_its_own_community(store, value, sheet):
    found = of_sheets(store, told(sheet, value))
    assert [q.code for i in found for q in i.questions] == []
    assert places_of(found) == [place for place in PLACES for _ in range(4)]
    assert [r.stored for r in commit_all(store, found)] == [4, 4, 4]
    again = [f for f in found[2].findings if f.code == NAMED]
    assert [(f.level, f.params["decision"]) for f in again] == [("note", "set")]


def test_the_column_of_a_copied_sheet_is_right_where_that_is_confirmed(store):
    found = of_sheets(store, told("西街社区", action="confirm"))
    assert [r.stored for r in commit_all(store, found)] == [4, 4, 4]
    assert set(places_of(found)) == {"东街社区"}


def test_a_sheet_that_is_given_its_own_community_leaves_the_others_asked_about(store):
    found = of_sheets(store, told("西街社区", "西街社区"))
    assert [(i.sheet, asked(i)) for i in found] == [("东街社区", []), ("西街社区", []), ("南街社区", [NAMED])]
    found = of_sheets(store, told("西街社区", "西街社区"), told("南街社区", "西街社区"))
    assert [asked(i) for i in found] == [[], [], [NAMED]]


def test_by_sheet_is_an_answer_for_a_file_of_one_sheet(store):
    answer = Decision("set", "", "B1", "社区", code=NAMED, value="by_sheet")
    options = ImportOptions("small", year=2026, decisions=(answer,))
    found = inspect(store, "东街社区.xlsx", workbook(all_in("西街社区")), options)
    assert asked(found) == []
    assert set(found.coded.keys["place"]) == {"东街社区"}


def places_of(found):
    return [place for i in found for place in i.coded.keys["place"].dropna().tolist()]


def beside_all_in(header, places):
    rows = all_in("东街社区")
    return [[*row, header if i == 0 else places[i % len(places)]] for i, row in enumerate(rows)]


def test_a_second_column_that_names_several_communities_is_asked_about_where_the_first_says_one(store):
    rows = beside_all_in("1、您居住在哪个社区", PLACES)
    (question,) = look(store, rows, file="a.xlsx").questions
    assert (question.code, question.params["n"], question.params["m"]) == ("intake.community_columns", 12, 8)
    assert "“1、您居住在哪个社区”一列却有 8 格写的是别的社区" in question.word("zh")
    assert store_all(store, rows, question.code) == 12


@pytest.mark.parametrize("header", ["户籍所在社区", "工作单位所在社区", "原住社区"])
def test_where_somebody_is_from_or_works_says_nothing_against_it(store, header):
    assert asked(look(store, beside_all_in(header, PLACES))) == []


def test_a_second_column_that_says_the_same_community_is_not_asked_about(store):
    assert asked(look(store, beside_all_in("所在小区", ["东街社区"]))) == []
