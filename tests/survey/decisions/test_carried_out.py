"""Decisions on a sheet: what they change, what they leave alone, and what they say where they do not fit."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import pytest

from survey.core.findings import Finding
from survey.decisions.answered_findings import confirm, elsewhere, unplaced
from survey.decisions.carried_out import Decision, decide, decide_sheets
from survey.files.readers.distinct_values import Cells, Rows
from tests.tools.forms import sheet

HEADER = ("编号", "办事方便", "备注")


def data(**more):
    return sheet(HEADER, ("0041", "满", None), ("2", "满意", "x"), ("3", "满 ", None), ("4", 5.0, None), **more)


def encoded(plain):
    return replace(plain, rows=Rows(tuple(Cells.of(list(c)) for c in zip(*plain.rows, strict=True))))


@pytest.fixture(params=["rows", "columns"])
def book(request):
    return data() if request.param == "rows" else encoded(data())


def cells(decided, column):
    return [row[column] for row in decided.sheet.rows][1:]


def problems(decided):
    return [(f.code, f.cell) for f in decided.findings if f.level == "refuse"]


def test_set_blank_and_leave_out(book):
    decided = decide(
        book,
        [
            Decision("set", "数据", "B2", found="满", value="满意"),
            Decision("blank", "数据", "b5", found="5", reason="看不清"),
            Decision("leave_out", "数据", "A3", found="2", reason="试填"),
        ],
    )
    assert cells(decided, 1) == ["满意", "满意", "满 ", None]
    assert cells(decided, 0) == ["0041", "2", "3", "4"]
    assert decided.left_out == {2: "试填"}
    assert [(c.action, c.cell, c.row, c.header, c.before, c.after, c.reason) for c in decided.changes] == [
        ("set", "B2", 2, "办事方便", "满", "满意", ""),
        ("blank", "B5", 5, "办事方便", "5", "", "看不清"),
        ("leave_out", "A3", 3, "编号", "2", "2", "试填"),
    ]
    assert [(f.code, f.level) for f in decided.findings] == [
        ("decisions.changed", "note"),
        ("decisions.emptied", "note"),
        ("decisions.left_out", "note"),
    ]
    assert all(f.word(lang) for f in decided.findings for lang in ("zh", "en"))
    assert list(book.rows[2]) == ["2", "满意", "x"]


@pytest.mark.parametrize(
    "decision",
    [
        Decision("set", "数据", "B2", "办事方便", "满", value="满意", alike=True),
        Decision("set", "数据", "", "办事方便", "满", value="满意"),
        Decision("set", "", "", "办事方便 ", "满", value="满意"),
    ],
)
def test_alike_means_every_cell_of_the_column_that_says_the_same(book, decision):
    decided = decide(book, [decision])
    assert cells(decided, 1) == ["满意", "满意", "满意", 5.0]
    assert [c.cell for c in decided.changes] == ["B2", "B4"]
    (note,) = decided.findings
    assert (note.params["n"], note.params["cells"]) == (2, "B2、B4")


def test_what_was_decided_for_the_cell_wins_over_all_alike(book):
    decided = decide(
        book,
        [
            Decision("set", "数据", "B4", found="满", value="很满意"),
            Decision("set", "数据", "B2", found="满", value="满意", alike=True),
        ],
    )
    assert cells(decided, 1) == ["满意", "满意", "很满意", 5.0]
    assert problems(decided) == []


def test_empty_cells_alike_leave_empty_rows_empty():
    book = sheet(HEADER, ("1", None, None), (None, None, None), ("2", " ", None))
    for one in (book, encoded(book)):
        decided = decide(one, [Decision("set", "数据", "", "办事方便", "", value="满意")])
        assert cells(decided, 1) == ["满意", None, "满意"]


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        (Decision("set", "数据", "B2", found="不满", value="满意"), "decisions.stale"),
        (Decision("set", "数据", "B2", found="", value="满意"), "decisions.not_empty"),
        (Decision("leave_out", "数据", "A2", found="42", reason="x"), "decisions.stale"),
        (Decision("confirm", "数据", "A2", found="42", code="x"), "decisions.stale"),
        (Decision("set", "数据", "B99", value="满意"), "decisions.no_such_cell"),
        (Decision("set", "数据", "F2", value="满意"), "decisions.no_such_cell"),
        (Decision("set", "数据", "B2", "备注", "满", value="满意"), "decisions.moved"),
        (Decision("set", "数据", "", "办事方便", "差", value="满意"), "decisions.says_nowhere"),
        (Decision("set", "数据", "", "没有", "满", value="满意"), "decisions.no_such_column"),
        (Decision("set", "数据", "", "", "满", value="满意"), "decisions.no_place"),
        (Decision("confirm", "数据"), "decisions.no_place"),
    ],
)
def test_a_decision_that_does_not_fit_is_one_sentence_and_changes_nothing(book, decision, code):
    decided = decide(book, [decision])
    assert problems(decided) == [(code, decision.cell)]
    assert decided.findings[0].word("zh") != decided.findings[0].word("en")
    assert decided.sheet is book
    assert decided.changes == ()


@pytest.mark.parametrize("found", ["满", " 满", "0041", "41", "41.0"])
def test_a_spreadsheet_program_may_rewrite_what_was_found(book, found):
    cell = "B2" if "满" in found else "A2"
    assert problems(decide(book, [Decision("blank", "数据", cell, found=found)])) == []


def test_shortened_and_masked_texts_are_recognised():
    book = sheet(("电话", "意见"), ("13800001234", "长" * 70), (13900001234.0, "x"), ("13900001235", "y"))
    decided = decide(
        book,
        [
            Decision("blank", "数据", "A2", found="138****1234"),
            Decision("blank", "数据", "", "电话", "139****1235"),
            Decision("blank", "数据", "B2", found="长" * 60 + "…"),
        ],
    )
    assert problems(decided) == []
    assert cells(decided, 0) == [None, 13900001234.0, None]
    twins = sheet(("电话",), ("13800001234",), ("13899991234",))
    decided = decide(twins, [Decision("blank", "数据", "", "电话", "138****1234")])
    assert problems(decided) == [("decisions.says_nowhere", "")]


def test_a_cell_that_already_says_what_was_decided_is_a_note(book):
    decided = decide(
        book,
        [
            Decision("set", "数据", "B3", found="满", value="满意"),
            Decision("blank", "数据", "C2", found="x"),
        ],
    )
    assert [(f.code, f.level) for f in decided.findings] == [("decisions.already", "note")] * 2


def test_contradictions_name_both(book):
    decided = decide(
        book,
        [
            Decision("set", "数据", "B2", found="满", value="满意", origin="清单!N2"),
            Decision("blank", "数据", "B2", found="满", origin="清单!N3"),
            Decision("set", "数据", "B3", value="1"),
            Decision("set", "数据", "B3", value="1"),
        ],
    )
    assert problems(decided) == [("decisions.contradictory", "B2")]
    assert "清单!N2" in decided.findings[0].word("zh")
    assert "清单!N3" in decided.findings[0].word("zh")


def test_error_cells_are_decided_by_what_they_show():
    book = sheet(HEADER, ("1", None, None), ("2", None, None), errors={(1, 1): "#N/A", (2, 1): "#N/A"})
    decided = decide(book, [Decision("set", "数据", "B2", "办事方便", "#N/A", value="满意", alike=True)])
    assert cells(decided, 1) == ["满意", "满意"]
    assert decided.sheet.errors == {}


def test_a_table_that_starts_elsewhere_keeps_its_addresses():
    book = sheet(HEADER, ("1", "满", None), top=4, left=2)
    decided = decide(book, [Decision("set", "数据", "D6", "办事方便", "满", value="满意")])
    assert cells(decided, 1) == ["满意"]
    assert [(c.cell, c.row) for c in decided.changes] == [("D6", 6)]


def test_decisions_for_other_files_and_sheets_are_not_looked_at(book):
    wanted = Decision("set", "数据", "B2", value="1", file="a.xlsx")
    others = [Decision("set", "别的", "B2", value="2"), Decision("set", "数据", "B2", value="3", file="b.xlsx")]
    assert cells(decide(book, [wanted, *others]), 1)[0] == "1"


def test_sheets_that_are_not_there_and_sheets_that_are_not_named():
    two = [replace(data(), name="一"), replace(data(), name="二")]
    decided = decide_sheets(
        two,
        [Decision("set", "三", "B2", value="1"), Decision("set", "", "B2", value="1"), Decision("blank", "二", "B2")],
    )
    assert [f.code for f in decided["一"].findings] == ["decisions.no_such_sheet", "decisions.which_sheet"]
    assert [(f.code, f.sheet, f.level) for f in elsewhere(decided, "一")] == [("decisions.other_sheet", "二", "note")]
    assert elsewhere(decided, "二") == ()


def test_several_files_need_their_names():
    decisions = [Decision("blank", "数据", "B2"), Decision("blank", "数据", "B2", file="c.xlsx")]
    assert [f.code for f in unplaced(decisions, ["a.xlsx"])] == ["decisions.no_such_file"]
    assert [f.code for f in unplaced(decisions, ["a.xlsx", "c.xlsx"])] == ["decisions.which_file"]


def test_confirming_answers_open_questions_only(book):
    ask = Finding("sources.delimiter_unsure", "ask", "file", "数据", params={"delimiter": ",", "others": ";"})
    other = Finding("checking.other_answers", "ask", "row", "数据", "A3", 3, params={"found": "2", "other": 2})
    bad = Finding(
        "checking.not_a_choice",
        "refuse",
        "cell",
        "数据",
        "B2",
        2,
        params={"found": "满", "expected": {"zh": "", "en": ""}},
    )
    decided = decide(book, [Decision("confirm", "数据", code="sources.delimiter_unsure", reason="看过")])
    answered = confirm([ask, other, bad], decided)
    assert [f.level for f in answered] == ["note", "ask", "refuse"]
    assert [(c.action, c.code, c.reason) for c in decided.changes] == [("confirm", "sources.delimiter_unsure", "看过")]
    decided = decide(book, [Decision("confirm", "数据", "A3", found="2"), Decision("confirm", "数据", "B2")])
    useless = confirm([ask, other, bad], decided)[3:]
    assert [(f.code, f.cell, f.level) for f in useless] == [
        ("decisions.confirm_no_answer", "A3", "refuse"),
        ("decisions.nothing_to_confirm", "B2", "refuse"),
    ]


def test_a_question_about_a_whole_column_is_confirmed_as_the_list_has_it(book):
    """The list names the header's cell and quotes nothing of it."""
    ask = Finding("scales.legend_ask", "ask", "sheet", "数据", "A1")
    decided = decide(book, [Decision("confirm", "数据", "A1", found="", code="scales.legend_ask")])
    assert decided.findings == ()
    assert [f.level for f in confirm([ask], decided)] == ["note"]


def test_a_hundred_thousand_rows_are_not_turned_into_lists():
    n, width = 100_000, 40
    columns = [Cells.of(["题"] + [str((i * 7 + j) % 5) for i in range(n)]) for j in range(3)]
    big = replace(data(), rows=Rows(tuple(columns[j % 3] for j in range(width))))
    start = perf_counter()
    decided = decide(
        big,
        [
            Decision("set", "数据", "F37", found=str((35 * 7 + 2) % 5), value="满意"),
            Decision("leave_out", "数据", "A9", reason="试填"),
        ],
    )
    assert perf_counter() - start < 1.0
    assert isinstance(decided.sheet.rows, Rows)
    assert decided.sheet.rows[36][5] == "满意"
