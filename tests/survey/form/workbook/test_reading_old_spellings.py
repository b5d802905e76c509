"""Forms in the spellings of older tools and versions: what pyxform takes is taken, read as today's, and written back legally."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from pyxform.xls2xform import convert

from survey.core.findings import blocking
from survey.form.workbook.reading import read_questionnaire
from survey.form.workbook.writing import write_questionnaire

Rows = list[tuple[Any, ...]]
LABELS = ("type", "name", "label")
YES_NO: Rows = [("list_name", "name", "label"), ("yn", "yes", "Yes"), ("yn", "no", "No")]
#: what is odd of it → its sheets, and the questions as they are read
FORMS: dict[str, tuple[dict[str, Rows], list[tuple[str, str]]]] = {
    "groups with a space, a list's name with one, capitals": (
        {
            "Survey": [
                ("Type", "Name", "Label"),
                ("begin group", "g", "G"),
                ("select one yn", "a", "A"),
                ("end group",),
            ],
            "Choices": [("list name", "name", "label"), *YES_NO[1:]],
        },
        [("a", "select_one")],
    ),
    "languages after one colon": (
        {
            "survey": [
                ("type", "name", "label:English", "label:中文"),
                ("text", "a", "A", "甲"),
                ("select_one yn", "b", "B", "乙"),
            ],
            "choices": [
                ("list_name", "name", "label:English", "label:中文"),
                ("yn", "1", "Yes", "是"),
                ("yn", "2", "No", "否"),
            ],
            "settings": [("form_title", "form_id", "default_language"), ("T", "f", "English")],
        },
        [("a", "text"), ("b", "select_one")],
    ),
    "captions and values": (
        {
            "survey": [("type", "name", "caption"), ("integer", "a", "A"), ("select all that apply from yn", "b", "B")],
            "choices": [("list_name", "value", "caption"), ("yn", 1, "Yes"), ("yn", 2, "No")],
        },
        [("a", "integer"), ("b", "select_multiple")],
    ),
    "relevance, bind, words for required": (
        {
            "survey": [
                (*LABELS, "required", "relevance", "bind:constraint", "constraint_message"),
                ("int", "age", "Age", "TRUE", None, ". > 0", "no"),
                ("string", "why", "Why", "true()", "${age} > 18"),
                ("text", "z", "Z", "1", "selected(${age}, '1')"),
            ]
        },
        [("age", "integer"), ("why", "text"), ("z", "text")],
    ),
    "what a device tells": (
        {
            "survey": [
                LABELS,
                *(("start", "s"), ("end time", "e"), ("get today", "t"), ("device id", "d"), ("phonenumber", "p")),
                *(("add text prompt", "a", "A"), ("add note prompt", "n", "N")),
            ]
        },
        [("a", "text")],
    ),
    "pictures and sounds": (
        {
            "survey": [
                ("type", "name", "label::English", "media::image::English", "media:audio"),
                *(("note", "n", "N", "x.jpg"), ("q picture", "p", "P"), ("q string", "s", "S")),
                *(("photo", "f", "F"), ("trigger", "t", "T")),
            ]
        },
        [("s", "text")],
    ),
    "another choice of several, ranks": (
        {
            "survey": [
                LABELS,
                ("select_multiple yn or_other", "a", "A"),
                ("rank yn", "r", "R"),
                ("select one from yn", "b", "B"),
            ],
            "choices": YES_NO,
        },
        [("a", "select_multiple"), ("a_other", "text"), ("b", "select_one")],
    ),
    "settings of old": (
        {"survey": [LABELS, ("text", "a", "A")], "settings": [("title", "id_string", "style"), ("T", "f", "pages")]},
        [("a", "text")],
    ),
    "ranges": (
        {
            "survey": [
                (*LABELS, "parameters"),
                ("range", "a", "A", "start=0 end=10 step=0.5"),
                ("range", "b", "B", "start=1;end=5;step=1"),
                ("range", "c", "C"),
            ]
        },
        [("a", "range"), ("b", "range"), ("c", "range")],
    ),
    "files, hidden rows, audit": (
        {
            "survey": [
                (*LABELS, "choice_filter"),
                *(("csv-external", "x"), ("hidden", "h"), ("audit", "audit")),
                ("select_one_from_file x.csv", "a", "A", "id=${h}"),
            ]
        },
        [("a", "text")],
    ),
    "numbers as names of choices": (
        {
            "survey": [LABELS, ("select_one s", "a", "A")],
            "choices": [YES_NO[0], ("s", 1.0, "One"), ("s", 2, "Two"), ("s", "03", "Three")],
        },
        [("a", "select_one")],
    ),
    "a group within a repeat with a count": (
        {
            "survey": [
                (*LABELS, "repeat_count"),
                *(("integer", "n", "N"), ("begin repeat", "m", "M", "${n}"), ("begin_group", "g"), ("text", "x", "X")),
                *(("end_group",), ("end repeat",), ("text", "y", "Y")),
            ]
        },
        [("n", "integer"), ("y", "text")],
    ),
    "spaces around everything": (
        {
            "survey": [(" type ", "name\u00a0", "label "), ("select_one  yn ", "a ", "A"), ("text", "b", "B")],
            "choices": YES_NO,
        },
        [("a", "select_one"), ("b", "text")],
    ),
}


def workbook(sheets: dict[str, Rows]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", FORMS)
def test_a_legal_form_is_read_and_written_back_legally(name):
    sheets, questions = FORMS[name]
    data = workbook(sheets)
    convert(BytesIO(data), file_type=".xlsx", validate=False)
    form, findings = read_questionnaire("form.xlsx", data)
    assert form is not None, findings
    assert not blocking(findings)
    assert [(q.name, q.type) for q in form.questions] == questions
    written = write_questionnaire(form)
    convert(BytesIO(written), file_type=".xlsx", validate=False)
    assert read_questionnaire("again.xlsx", written)[0] == form


def test_what_old_words_say_is_kept():
    form = read_questionnaire("f.xlsx", workbook(FORMS["languages after one colon"][0]))[0]
    assert form is not None
    assert [q.labels for q in form.questions] == [{"zh": "甲", "en": "A"}, {"zh": "乙", "en": "B"}]
    form = read_questionnaire("f.xlsx", workbook(FORMS["relevance, bind, words for required"][0]))[0]
    assert form is not None
    assert [(q.required, q.relevant) for q in form.questions] == [
        (True, ""),
        (True, "${age} > 18"),
        (True, "selected(${age}, '1')"),
    ]
    form = read_questionnaire("f.xlsx", workbook(FORMS["settings of old"][0]))[0]
    assert form is not None
    assert (form.title, form.form_id) == ("T", "f")
    form = read_questionnaire("f.xlsx", workbook(FORMS["numbers as names of choices"][0]))[0]
    assert form is not None
    assert [c.name for c in form.questions[0].choices] == ["1", "2", "03"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [([LABELS, ("note", "n", "N")], "form.no_questions"), ([LABELS, ("q select9 yn", "a", "A")], "form.unknown_type")],
)
def test_refused_for_a_reason(rows, code):
    form, findings = read_questionnaire("f.xlsx", workbook({"survey": rows, "choices": YES_NO}))
    assert form is None
    assert code in {f.code for f in findings if f.level == "refuse"}
