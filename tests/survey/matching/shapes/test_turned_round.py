"""Sheets that lie on their side are read turned round, asked about once, and every address says so."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from survey.coding.options import ImportOptions
from survey.core.addresses import TURNED, as_sent
from survey.core.errors import Refused
from survey.decisions.annotated_copy import annotated_copy
from survey.files.read import read_sheets
from survey.intake.answers import commit, inspect
from survey.intake.sheets_together import parts
from survey.matching.file_recognition import recognise
from survey.matching.shapes import turned_round
from survey.matching.shapes.turned_round import CODE
from survey.store.intake import questionnaires
from survey.store.year import register
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
    workbook,
    workbook_of,
)


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def lying(rows=None):
    return [list(column) for column in zip(*(rows or grid()), strict=True)]


def everything(store):
    return [answers(store, name) for name in ITEMS]


def test_each_column_is_a_respondent_after_one_question(store):
    assert asked(look(store, lying())) == [CODE]
    assert store_all(store, lying(), CODE) == 12
    read = everything(store)
    upright = look(store, grid(), file="b.xlsx")
    assert (upright.counts.storable, upright.counts.duplicates) == (0, 12)  # the very same answers
    assert len(read[0]) == 12


def test_nothing_is_stored_before_it_is_confirmed(store):
    with pytest.raises(Refused):
        commit(store, look(store, lying()))


@pytest.mark.parametrize("above", [["2026年居民满意度调查"], ["2026年居民满意度调查", "请在空格内填写"]])
def test_titles_above_and_numbers_at_the_left_do_not_matter(store, above):
    rows = [[n, *row] for n, row in enumerate(lying(), 1)]
    width = len(rows[0])
    rows = [*([text, *[None] * (width - 1)] for text in above), ["序号", "题目", *[None] * (width - 2)], *rows]
    found = look(store, rows)
    assert asked(found) == [CODE]
    assert store_all(store, rows, CODE) == 12


def test_a_text_file_too_and_the_same_file_is_not_taken_twice(store):
    data = text_file(lying())
    assert store_all(store, data, CODE, file="a.csv") == 12
    with pytest.raises(Refused) as error:
        look(store, data, CODE, file="a.csv")
    assert error.value.key == "intake.file_again"


def test_one_lying_sheet_a_community(store):
    rows = grid()
    parts = [[rows[0], *(row for row in rows[1:] if row[1] == place)] for place in ("东街社区", "西街社区")]
    data = workbook_of(("东街社区", lying(parts[0])), ("西街社区", lying(parts[1])))
    found = look(store, data, sheet="西街社区")
    assert (found.sheet, asked(found), found.counts.storable) == ("西街社区" + TURNED, [CODE], 4)


def test_sheets_read_together_are_looked_at_once_however_many_there_are(store, monkeypatch):
    rows, looked = grid(), []
    parts_of = [[rows[0], *(row for row in rows[1:] if row[1] == place)] for place in PLACES]
    data = workbook_of(*((place, lying(part)) for place, part in zip(PLACES, parts_of, strict=True)))
    lies = turned_round._lies
    monkeypatch.setattr(turned_round, "_lies", lambda sheet, *known: looked.append(sheet.name) or lies(sheet, *known))
    options = parts(store, "a.xlsx", data, ImportOptions("small", year=2026))
    found = [inspect(store, "a.xlsx", data, one) for one in options]
    assert looked == list(PLACES)
    assert [(one.sheet, one.counts.storable) for one in found] == [(place + TURNED, 4) for place in PLACES]
    assert "intake.other_sheets" not in [f.code for one in found for f in one.findings]


def test_a_finding_names_the_cell_after_turning_and_is_marked_where_it_was_sent(store):
    rows = grid()
    rows[3][5] = "凑合"
    data = workbook(lying(rows))
    found = look(store, data, CODE)
    (wrong,) = [f for f in found.findings if f.level == "refuse"]
    assert (wrong.sheet, wrong.cell) == ("Sheet1" + TURNED, "F4")
    assert as_sent(wrong.sheet, wrong.cell) == ("Sheet1", "D6")
    copy = openpyxl.load_workbook(BytesIO(annotated_copy("a.xlsx", data, found.findings, "zh")))
    marked = {cell.coordinate for row in copy["Sheet1"].iter_rows() for cell in row if cell.comment}
    assert marked == {"D6"}


def test_a_refusal_that_names_no_sheet_names_the_cells_as_they_were_sent(store):
    rows = lying()
    with pytest.raises(Refused) as error:
        look(store, [*rows[:3], rows[2], *rows[3:]], CODE)
    assert (error.value.key, error.value.params["cells"]) == ("intake.role_twice", ["A3", "A4"])


def test_a_page_knows_it_for_answers(store):
    sheets = read_sheets("a.xlsx", workbook(lying()))
    with store.read() as conn:
        known = recognise("a.xlsx", sheets, questionnaires.listing(conn), register.communities(conn))
    assert (known.kind, known.main.sheet, known.main.rows) == ("answers", "Sheet1", 12)


def test_counts_and_means_below_each_other_are_no_respondents(store):
    rows = [["题目", "平均分", "满意率"], *([zh, 4.1, 0.9] for zh in ITEMS.values())]
    with pytest.raises(Refused) as error:
        look(store, rows)
    assert error.value.key == "intake.totals"
