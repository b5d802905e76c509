"""The entry workbook: what is typed into it comes in, column for column."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from survey.coding.options import ImportOptions
from survey.files.read import read_sheets
from survey.form import Choice, Question, Questionnaire
from survey.form.default import default_questionnaire
from survey.form.workbook.checking import takes_answer
from survey.form.workbook.template import entry_workbook
from survey.form.workbook.writing import write_questionnaire
from survey.intake.answers import commit, inspect
from survey.matching.sheet_matching import match
from survey.store import Store
from survey.store.intake import questionnaires, responses

LANGS = pytest.mark.parametrize("lang", ["zh", "en"])
LIST = (Choice("1", {"zh": "甲", "en": "One"}), Choice("2", {"zh": "乙", "en": "Two"}))


def awkward() -> Questionnaire:
    """Labels that two questions share, a label that is another's name, and every type of question."""
    rows = (
        Question("id", "text", {"zh": "编号", "en": "No."}, role="respondent", required=True),
        Question("a", "select_one", {"zh": "满意吗", "en": "Content"}, list_name="l", choices=LIST),
        Question("b", "select_one", {"zh": "满意 吗", "en": "content"}, list_name="l", choices=LIST),
        Question("c", "select_multiple", {"zh": "id", "en": "ID"}, list_name="l", choices=LIST),
        Question("d", "decimal", {"zh": "面积", "en": "Area"}, minimum=0.5),
        Question("e", "date", {"zh": "日期", "en": "Date"}),
        Question(
            "f", "range", {"zh": "=1+1", "en": "Steps"}, start=0.0, end=5.0, step=0.5, missing_values={"99": "refused"}
        ),
        Question("g", "integer", {}, maximum=3.0),
        Question("n", "note", {"zh": "说明", "en": "Note"}),
        Question("began", "start", role="start"),
    )
    return Questionnaire(rows=rows, title="满意吗", lists={"l": LIST})


@LANGS
@pytest.mark.parametrize("form", [default_questionnaire(), awkward()], ids=["default", "awkward"])
def test_every_column_is_matched_and_nothing_is_remarked(form: Questionnaire, lang: str) -> None:
    sheets = read_sheets("entry.xlsx", entry_workbook(form, lang))
    found = match(sheets, form, sheet=None, header_rows=None)
    assert found.sheet.name == {"zh": "录入", "en": "Entry"}[lang]
    assert found.findings == ()
    assert (found.sheet.top + found.header_row, found.sheet.left) == (0, 0)
    assert [c.question for c in found.columns] == [q.name for q in form.questions if takes_answer(q)]


def test_only_the_entry_sheet_and_the_instructions_are_seen() -> None:
    names = [s.name for s in read_sheets("entry.xlsx", entry_workbook(awkward()))]
    assert names == ["填写说明", "录入"]
    book = openpyxl.load_workbook(BytesIO(entry_workbook(awkward())))
    assert book.active is not None
    assert book.active.title == "录入"
    assert book["选项"].sheet_state == "hidden"
    assert book["录入"].freeze_panes == "B2"


def test_each_kind_of_cell_is_checked_as_its_question_says() -> None:
    sheet = openpyxl.load_workbook(BytesIO(entry_workbook(awkward())))["录入"]
    rules = {str(v.sqref).split(":")[0]: (v.type, v.formula1) for v in sheet.data_validations.dataValidation}
    assert rules["B2"] == ("list", "'选项'!$A$1:$A$2")
    assert rules["E2"] == ("custom", "AND(ISNUMBER(E2),E2>=0.5)")
    assert rules["F2"] == ("custom", "AND(ISNUMBER(F2),F2>=1,F2<73051)")
    assert rules["G2"] == ("custom", 'OR(AND(ISNUMBER(G2),G2>=0,G2<=5),G2&""="99")')
    assert rules["H2"] == ("custom", "AND(ISNUMBER(H2),H2<=3,H2=INT(H2))")
    assert "A2" not in rules
    assert sheet.column_dimensions["A"].width > 8
    assert sheet["G1"].data_type == "s"  # a label that begins with = is no formula
    assert [sheet[f"{c}1"].value for c in "BCD"] == ["a", "b", "c"]  # shared labels give way to names


def test_a_header_shows_the_other_language_and_what_may_be_entered() -> None:
    sheet = openpyxl.load_workbook(BytesIO(entry_workbook(awkward())))["录入"]
    comment = sheet["G1"].comment
    assert comment is not None
    assert comment.text.splitlines() == ["f", "填 0 至 5 的数字。 拒答填 99。"]
    assert str(sheet["G1"].value).splitlines()[1:] == ["Steps"]


def typed(question: Question, row: int, lang: str) -> Any:
    """What a person enters in one cell, a different value in each row."""
    if question.type == "select_one":
        return question.choices[row % len(question.choices)].label(lang)
    if question.type == "select_multiple":
        return ";".join(choice.label(lang) for choice in question.choices)
    if question.type == "date":
        return date(2014, 5, 1 + row)
    if question.type == "text":
        return "示例社区" if question.role == "community" else f"{question.name} 00{row}"
    if question.role == "year":
        return 2014
    return (question.low or 0.0) + row if question.high is None or question.high > 5 else question.high


@LANGS
@pytest.mark.parametrize("form", [default_questionnaire(), awkward()], ids=["default", "awkward"])
def test_what_is_typed_comes_in_without_a_finding(form: Questionnaire, lang: str, tmp_path: Path) -> None:
    asked = [q for q in form.questions if takes_answer(q)]
    book = openpyxl.load_workbook(BytesIO(entry_workbook(form, lang)))
    for row in range(6):
        for column, question in enumerate(asked, start=1):
            if question.role != "phone":  # the import drops phone numbers and says so
                book.active.cell(row + 2, column, typed(question, row, lang))  # type: ignore[union-attr]
    buffer = BytesIO()
    book.save(buffer)
    store = Store.open(tmp_path / "x.db", create=True)
    with store.write() as conn:
        questionnaires.add(conn, "entry", form, write_questionnaire(form))
    options = ImportOptions("entry", community="示例社区", year=2014, add_communities=True)
    seen = inspect(store, "entry.xlsx", buffer.getvalue(), options)
    assert [f.word("zh") for f in seen.findings if f.code != "intake.new_communities"] == []
    assert (seen.counts.storable, seen.counts.refused_cells) == (6, 0)
    commit(store, seen, accept_partial=False)
    with store.read() as conn:
        block = responses.load(conn, questionnaires.get(conn, "entry"))
    assert len(block) == 6
    first = next(q for q in asked if q.type == "select_one" and not q.role)
    assert block.codes[:2, form.position[first.name]].tolist() == [0, 1]
    store.close()
