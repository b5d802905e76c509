"""Letters for the steps of a scale, explained beside the table: the file's own words go before the usual order."""

from __future__ import annotations

import pytest

from survey.coding.options import ImportOptions
from survey.decisions.carried_out import Decision
from survey.intake.answers import commit, inspect
from tests.tools.books.office_sheets import (
    HEADER,
    ITEMS,
    answers,
    grid,
    look,
    prepare,
    with_cells,
    workbook_of,
)

RISING = ["A很不满意", "B不满意", "C一般", "D满意", "E很满意"]


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def lettered():
    rows = grid()
    for name in ITEMS:
        rows = with_cells(rows, name, lambda v, i: "ABCDE"[i % 5])
    return rows


@pytest.mark.parametrize(
    "told",
    [
        [["1.请逐题填写"], ["2.满意度题请填字母：" + " ".join(RISING)]],
        [["A=很不满意，B=不满意，C=一般，D=满意，E=很满意"]],
        [["代码", "含义"], *([text[0], text[1:]] for text in RISING)],
        [["序号", "代码", "含义"], *([str(n), text[0], text[1:]] for n, text in enumerate(RISING, 1))],
    ],
)
def test_another_sheet_explains_the_letters(store, told):
    data = workbook_of(("填写说明", told), ("数据", lettered()))
    (question,) = look(store, data).questions
    assert "A→很不满意" in question.word("zh")
    assert "E→很满意" in question.word("zh")
    said = Decision("confirm", "数据", question.cell, code=question.code)
    found = inspect(store, "a.xlsx", data, ImportOptions("small", year=2026, decisions=(said,)))
    assert commit(store, found).stored == 12
    assert sorted(answers(store, "A1")) == sorted([4, 3, 2, 1, 0] * 2 + [4, 3])


def test_lines_above_the_table_explain_the_letters(store):
    rows = [["满意度：" + "、".join(RISING), *[None] * (len(HEADER) - 1)], *lettered()]
    (question,) = look(store, rows).questions
    assert "A→很不满意" in question.word("zh")


def test_words_that_are_no_steps_of_the_scale_explain_nothing(store):
    data = workbook_of(("分组", [["A组", "B组"], ["C组", "D组 E组"]]), ("数据", lettered()))
    (question,) = look(store, data).questions
    assert "A→很满意" in question.word("zh")
