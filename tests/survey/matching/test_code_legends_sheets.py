"""A second sheet that explains the codes: a table, a codebook by question, a sentence; data beside it explain nothing."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from survey.coding.options import ImportOptions
from survey.decisions.carried_out import Decision
from survey.files.readers.sheet import Sheet
from survey.form.answer_codes import INVALID
from survey.form.model import Choice, Question, Questionnaire
from survey.intake.answers import Inspection, inspect
from survey.matching.code_legends import explained
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register
from tests.tools.forms import form, item

SEX = Question(
    "sex",
    "select_one",
    {"zh": "性别"},
    "sex",
    (Choice("male", {"zh": "男"}), Choice("female", {"zh": "女"})),
    role="sex",
)
FORM = form(SEX, item("Q3", "绿化"))
DATA = [
    ["编号", "社区", "年度", "办事方便", "环境卫生", "性别"],
    ["1", "甲", 2014, 5, 4, 1],
    ["2", "甲", 2014, 1, 2, 2],
]
SCALE = [[5, "很满意"], [4, "满意"], [3, "一般"], [2, "不满意"], [1, "很不满意"]]
TURNED = {"5": "很满意", "4": "满意", "3": "一般", "2": "不满意", "1": "很不满意"}


def said(rows: list[list[Any]], name: str = "代码说明") -> list[tuple[dict[str, str], str]]:
    width = max(map(len, rows))
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    sheets = [Sheet("a.xlsx", "数据", DATA), Sheet("a.xlsx", name, padded)]
    return [(dict(e.said), e.question) for e in explained(sheets, FORM, "数据")]


@pytest.mark.parametrize(
    "rows",
    [
        [["代码", "含义"], *SCALE],
        [["含义", "代码"], *([label, code] for code, label in SCALE)],
        [["填写说明"], ["", "满意度"], *([None, float(code), label] for code, label in SCALE)],
        [["代码", *(code for code, _ in SCALE)], ["含义", *(label for _, label in SCALE)]],
        [["满意度题：5=很满意，4=满意，3=一般，2=不满意，1=很不满意"]],
        [["1. 性别只填男女。\n2. 5=很满意，4=满意，3=一般，2=不满意，1=很不满意"]],
    ],
)
def test_every_way_of_writing_it_is_understood(rows: list[list[Any]]):
    assert (TURNED, "") in said(rows)


def test_a_codebook_names_its_questions_and_each_table_stands_for_itself():
    book = [
        ["变量", "代码", "含义"],
        ["办事方便", 5, "很满意"],
        ["", 1, "很不满意"],
        ["sex", 1, "男"],
        ["", 2, "女"],
        ["别的题", 1, "是"],
        ["", 0, "否"],
    ]
    assert said(book) == [
        ({"5": "很满意", "1": "很不满意"}, "Q1"),
        ({"1": "男", "2": "女"}, "sex"),
        ({"1": "是", "0": "否"}, ""),
    ]


def test_another_sheet_of_answers_and_a_long_one_explain_nothing():
    answers = [["编号", "社区", "办事方便"], *([n, "很满意" if n % 2 else "满意", "一般"] for n in range(1, 9))]
    assert said(answers) == []
    assert said([[n % 90, f"第 {n} 户"] for n in range(500)]) == []


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    with sqlite_store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",))])
        questionnaires.add(conn, "q", FORM)
    return sqlite_store


def look(store: Store, *more: list[list[Any]], data: list[list[Any]] = DATA, confirm: bool = False) -> Inspection:
    book = openpyxl.Workbook()
    book.active.title = "数据"  # type: ignore[union-attr]
    for row in data:
        book["数据"].append(row)
    for number, rows in enumerate(more):
        sheet = book.create_sheet(f"说明{number}")
        for row in rows:
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    given = [Decision("confirm", "数据", code="intake.scored_missing")]  # nobody was asked about 绿化
    given += [Decision("confirm", "数据", code="scales.legend_ask")] if confirm else []
    return inspect(store, "a.xlsx", out.getvalue(), ImportOptions("q", decisions=tuple(given)))


def codes(found: Inspection, name: str) -> list[int]:
    assert found.coded is not None
    return found.coded.codes[:, position(FORM, name)].tolist()


def position(questionnaire: Questionnaire, name: str) -> int:
    return questionnaire.position[name]


def test_codes_are_read_as_the_other_sheet_says_after_one_question_for_all_columns(store: Store):
    found = look(store, [["代码", "含义"], *SCALE], [["性别", 1, "男"], ["", 2, "女"]])
    (asked,) = found.questions
    assert (asked.code, asked.cell, asked.params["columns"]) == ("scales.legend_ask", "D1", 2)
    assert "1=很不满意、2=不满意、4=满意、5=很满意" in asked.word("zh")
    assert found.refusals == []
    assert [f.params["columns"] for f in found.findings if f.code == "scales.legend_read"] == [1]  # 1=男
    assert (codes(found, "Q1"), codes(found, "Q2")) == ([0, 4], [1, 3])
    assert look(store, [["代码", "含义"], *SCALE], [["性别", 1, "男"], ["", 2, "女"]], confirm=True).questions == []


def test_a_code_typed_wrong_turns_no_scale_back(store: Store):
    data = [*DATA, ["3", "甲", 2014, 55, 4, 1]]
    found = look(store, [["代码", "含义"], *SCALE, ["", ""], [1, "男"], [2, "女"]], data=data)
    assert codes(found, "Q1") == [0, 4, INVALID]
    assert [(f.code, f.cell) for f in found.refusals] == [("checking.not_a_choice", "D4")]
    assert [f.code for f in found.questions] == ["scales.legend_ask"]


def test_an_explanation_that_agrees_or_is_about_something_else_changes_nothing(store: Store):
    agrees = [[6 - code, label] for code, label in SCALE]
    found = look(store, agrees, [[1, "男"], [2, "女"]])
    assert (found.questions, codes(found, "Q1")) == ([], [4, 0])
    assert look(store, [[1, "是"], [2, "否"]], data=[row[:5] for row in DATA]).questions == []


def test_the_same_normalisation_in_many_columns_is_one_note(store: Store):
    data = [DATA[0][:5], *([str(n), "甲", 2014, "很满意 ", "很满意 "] for n in range(1, 15))]
    (note,) = (f for f in look(store, data=data).findings if f.code == "checking.normalised")
    assert (note.params["n"], note.params["cells"].count("、")) == (28, 19)
