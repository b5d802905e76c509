"""Forms as others write them: read, kept as they are, written back, and legal for the reference implementation."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
from pyxform.xls2xform import convert

from survey.core.findings import blocking
from survey.form import Questionnaire, from_dict, to_dict
from survey.form.workbook.reading import read_questionnaire
from survey.form.workbook.writing import write_questionnaire
from tests.tools.books.form_books import workbook

Table = Sequence[Sequence[Any]]
HEAD = ("type", "name", "label")
YES_NO: Table = [("list_name", "name", "label"), ("yn", "y", "有"), ("yn", "n", "没有")]
LANES: Table = [
    ("list_name", "name", "label", "street"),
    ("street", "a", "东街", None),
    ("street", "b", "西街", None),
    ("lane", "1", "一弄", "a"),
    ("lane", "2", "二弄", "a"),
    ("lane", "1", "一弄", "b"),
    ("lane", "3", "二弄", "b"),
]
ASKED = ("text", "q", "什么")

FORMS: dict[str, tuple[Table, Table | None, Table | None]] = {
    "filter": (
        [(*HEAD, "choice_filter"), ("select_one street", "s", "街"), ("select_one lane", "l", "弄", "street=${s}")],
        LANES,
        [("form_title", "allow_choice_duplicates"), ("F", "yes")],
    ),
    "remarks": ([(*HEAD, "remark"), (None, None, None, "先问好"), ASKED, (None, None, None, "谢谢")], None, None),
    "switched off": ([(*HEAD, "disabled"), ASKED, ("text", "r", "旧题", "yes")], None, None),
    "old": (
        [
            HEAD,
            ("string", "a", "甲"),
            ("int", "b", "乙"),
            ("select one from yn", "c", "丙"),
            ("select all that apply from yn", "d", "丁"),
            ("gps", "e", "戊"),
            ("phone number", "f", "己"),
            ("imei", "g", None),
        ],
        YES_NO,
        None,
    ),
    "or other": ([HEAD, ("select_multiple yn or_other", "m", "要什么"), ("select_one yn", "o", "有吗")], YES_NO, None),
    "repeat": (
        [HEAD, ASKED, ("begin repeat", "r", "成员"), ("integer", "age", "年龄"), ("end repeat", None, None)],
        None,
        None,
    ),
    "loop": (
        [HEAD, ASKED, ("begin loop over yn", "r", "每种"), ("integer", "count", "几个"), ("end loop", None, None)],
        YES_NO,
        None,
    ),
    "file": (
        [HEAD, ("select_one_from_file lanes.csv", "l", "弄"), ("select_multiple_from_file l.csv", "m", "弄")],
        None,
        None,
    ),
    "blank is a choice": (
        [HEAD, ("select_one yn", "c", "丙")],
        [*YES_NO, ("yn", "NA", "不适用")],
        None,
    ),
    "one name twice": (
        [
            HEAD,
            *(("begin group", "g", "组"), ASKED, ("end group", None, None)),
            *(("begin group", "h", "组"), ("text", "q", "别的"), ("end group", None, None)),
        ],
        None,
        None,
    ),
    "binds": (
        [(*HEAD, "bind:relevant", "bind::required"), ASKED, ("text", "r", "再问", "${q} = 'x'", "yes")],
        None,
        None,
    ),
    "no choices": ([HEAD, ASKED, ("time", "t", "几点")], [], None),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_legal_form_is_accepted_kept_and_written_back_legally(name: str) -> None:
    survey, choices, settings = FORMS[name]
    data = workbook(survey, choices, settings)
    convert(BytesIO(data), file_type=".xlsx")
    form, findings = read_questionnaire("form.xlsx", data)
    assert form is not None, findings
    assert not blocking(findings)
    written = write_questionnaire(form)
    convert(BytesIO(written), file_type=".xlsx")
    again, _ = read_questionnaire("again.xlsx", written)
    assert again == form
    assert from_dict(to_dict(form)) == form


def accepted(name: str) -> Questionnaire:
    form, _ = read_questionnaire("form.xlsx", workbook(*FORMS[name]))
    assert form is not None
    return form


def test_one_code_is_one_choice_under_a_filter_with_all_its_labels() -> None:
    lane = accepted("filter").question("l")
    assert [(c.name, c.labels) for c in lane.choices] == [
        ("1", {"zh": "一弄"}),
        ("2", {"zh": "二弄"}),
        ("3", {"zh": "二弄"}),
    ]
    assert len(accepted("filter").lists["lane"]) == 4


def test_rows_in_a_repeat_are_kept_and_ask_nothing_once() -> None:
    form = accepted("repeat")
    assert [q.name for q in form.questions] == ["q"]
    assert [row.name for row in form.rows if row.repeated] == ["r", "age", ""]


def test_an_other_becomes_a_choice_and_a_question() -> None:
    form = accepted("or other")
    assert [c.name for c in form.question("m").choices] == ["y", "n", "other"]
    assert [(q.name, q.type, q.relevant) for q in form.questions] == [
        ("m", "select_multiple", ""),
        ("m_other", "text", "selected(${m}, 'other')"),
        ("o", "select_one", ""),
    ]


def test_a_number_asked_for_in_words_of_old_is_a_contact() -> None:
    assert accepted("old").roles["phone"].name == "f"


def test_a_second_number_is_no_answer() -> None:
    form, findings = read_questionnaire(
        "form.xlsx", workbook([HEAD, ASKED, ("phone number", "f", "手机"), ("phone number", "g", "座机")])
    )
    assert form is not None
    assert [q.name for q in form.questions] == ["q", "f"]
    assert ["form.not_imported" in f.code for f in findings if f.cell == "A4"] == [True]


def test_questions_of_one_name_go_by_the_path_of_their_groups() -> None:
    assert [q.name for q in accepted("one name twice").questions] == ["g/q", "h/q"]


def test_settings_on_the_survey_sheet_are_settings() -> None:
    form, _ = read_questionnaire("form.xlsx", workbook([HEAD, ("set_form_title", "社区问卷", None), ASKED]))
    assert form is not None
    assert (form.title, [q.name for q in form.questions]) == ("社区问卷", ["q"])
