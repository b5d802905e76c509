"""The entry workbook for the telephone: what interviewers fill in comes back without a finding."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from survey.coding.options import ImportOptions
from survey.form import Choice, Question, Questionnaire
from survey.form.default import default_questionnaire
from survey.form.dispositions import DISPOSITIONS, Outcomes
from survey.form.workbook.template import entry_workbook, outcome_words
from survey.form.workbook.writing import write_questionnaire
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import calls, questionnaires, responses
from survey.store.keyring import new_key
from survey.store.year import register

LANGS = pytest.mark.parametrize("lang", ["zh", "en"])
#: what happened is said; nothing is wrong
TOLD = {"calls.split", "intake.mode_by_name", "contacts.kept_apart", "calls.phones_dropped", "identities.by_phone"}
COLUMNS = {
    "zh": ("编号", "社区", "年份", "联系电话", "访员", "第几次拨打", "拨打时间", "访问结果"),
    "en": (
        "Respondent number",
        "Community",
        "Year",
        "Phone number",
        "Interviewer",
        "Call number",
        "Call time",
        "Call outcome",
    ),
}


def filled(data: bytes, lang: str, form: Questionnaire, *, numbered: bool = True) -> bytes:
    """Four calls to three people: a refusal, nobody at first and an interview then, an interview."""
    book = openpyxl.load_workbook(BytesIO(data))
    sheet: Any = book.active
    heads = [str(c.value).split("\n")[0] for c in sheet[1]]
    words = {d.code: (d.zh if lang == "zh" else d.en) for d in DISPOSITIONS}
    said = [
        ("1", "13800000001", 1, "2.11"),
        ("2", "13800000002", 1, "3.13"),
        ("2", "13800000002", 2, "1.1"),
        ("3", "13800000003", 1, "1.1"),
    ]
    for row, (who, phone, attempt, code) in enumerate(said, start=2):
        values = [who, "示例社区", 2014, phone, "F1", attempt, datetime(2014, 9, row, 19, 30), words[code]]
        for head, value in zip(COLUMNS[lang], values, strict=True):
            sheet.cell(row, heads.index(head) + 1, value)
        for question in form.questions if code == "1.1" else ():
            label = question.label(lang)
            if not question.role and label in heads:
                sheet.cell(row, heads.index(label) + 1, answer(question, lang, row))
    if not numbered:
        sheet.delete_cols(heads.index(COLUMNS[lang][0]) + 1)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def answer(question: Question, lang: str, row: int) -> Any:
    if question.choices:
        return question.choices[row % len(question.choices)].label(lang)
    return date(2014, 9, row) if question.type == "date" else "路灯" if question.type == "text" else row


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store.open(tmp_path / "x.db", create=True)
    form = default_questionnaire()
    with made.write() as conn:
        register.save(conn, [register.Community("C1", "示例社区")])
        questionnaires.add(conn, "q", form, write_questionnaire(form))
    return made


@LANGS
@pytest.mark.parametrize("numbered", [True, False], ids=["编号", "电话"])
def test_what_is_filled_in_comes_back_as_answers_and_calls(
    store: Store, lang: str, numbered: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XINGFU_KEY", new_key().written())
    form = default_questionnaire()
    data = filled(entry_workbook(form, lang, "phone"), lang, form, numbered=numbered)
    found = inspect(store, "电话.xlsx", data, ImportOptions("q"))
    assert {f.code for f in found.findings} <= TOLD, [f.word("zh") for f in found.findings]
    assert (found.counts.storable, found.counts.outcomes, found.counts.calls) == (2, 2, 4)
    receipt = commit(store, found)
    assert not receipt.partial
    with store.read() as conn:
        block = responses.load(conn, questionnaires.get(conn, "q"))
        attempts = calls.attempts(conn, 2014, "q").sort_values("row")
    assert block.design["mode"].tolist() == ["phone", "phone"]
    assert block.design["interviewer"].tolist() == ["F1", "F1"]
    assert attempts[["attempt", "at", "interviewer", "outcome"]].to_numpy().tolist() == [
        [1, "2014-09-02T19:30:00", "F1", "2.11"],
        [1, "2014-09-03T19:30:00", "F1", "3.13"],
        [2, "2014-09-04T19:30:00", "F1", "1.1"],
        [1, "2014-09-05T19:30:00", "F1", "1.1"],
    ]
    assert attempts["respondent"].nunique() == 3


@LANGS
def test_columns_checks_and_lists(lang: str):
    book = openpyxl.load_workbook(BytesIO(entry_workbook(default_questionnaire(), lang, "phone")))
    sheet: Any = book.active
    heads = [str(c.value).split("\n") for c in sheet[1]]
    assert tuple(h[0] for h in heads[:8]) == COLUMNS[lang]
    assert heads[7] == [COLUMNS[lang][7], COLUMNS["en" if lang == "zh" else "zh"][7]]
    assert sheet.freeze_panes == "B2"
    rules = {str(v.sqref).split(":")[0]: (v.type, v.formula1) for v in sheet.data_validations.dataValidation}
    assert rules["F2"] == ("whole", "1")
    assert rules["G2"] == ("date", "36526")
    column = rules["H2"][1].split("$")[1]
    words = [c.value for c in book.worksheets[2][column] if c.value]
    assert words == outcome_words(lang)
    assert all(Outcomes().find(word) for word in words)
    assert len(words) == len(DISPOSITIONS)


def test_the_questionnaires_own_outcome_and_the_mode_are_not_asked_twice():
    choices = (Choice("1", {"zh": "完成"}), Choice("2", {"zh": "拒访"}))
    form = Questionnaire(
        rows=(
            Question("id", "text", {"zh": "编号"}, role="respondent"),
            Question("m", "select_one", {"zh": "方式"}, role="mode", list_name="o", choices=choices),
            Question("out", "select_one", {"zh": "结果"}, role="disposition", list_name="o", choices=choices),
        ),
        lists={"o": choices},
    )

    def heads(mode: str) -> list[str]:
        sheet: Any = openpyxl.load_workbook(BytesIO(entry_workbook(form, "zh", mode))).active
        return [str(c.value).split("\n")[0] for c in sheet[1]]

    assert heads("") == ["编号", "方式", "结果"]
    assert heads("paper") == ["编号", "结果"]
    assert heads("phone") == ["编号", "第几次拨打", "拨打时间", "访员", "结果"]
