"""Clumsy calls of ``xingfu import``: nothing is swallowed, unused or stored empty without a sentence about it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from survey.answers.mapping import ColumnMapping
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.decisions.carried_out import Decision
from survey.form.model import Choice, Question
from survey.intake.answers import commit, commit_all, inspect
from survey.matching.header_findings import unused_headers
from survey.matching.sheet_matching import match
from survey.store.intake import batches, questionnaires
from survey.store.year import register
from tests.tools.forms import form, item, sheet

HEADER = "编号,社区,年度,办事方便,环境卫生\n"


@pytest.fixture
def ready(sqlite_store):
    with sqlite_store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",)), register.Community("C2", "乙社区")])
        questionnaires.add(conn, "q", form())
    return sqlite_store


def look(store, text, *, file="a.csv", questionnaire="q", **options):
    return inspect(store, file, text.encode("utf-8"), ImportOptions(questionnaire, **options))


def refused(store, text, **options):
    """The refusal; and nothing may have been stored."""
    with pytest.raises(Refused) as error:
        commit(store, look(store, text, **options), accept_partial=True)
    with store.read() as conn:
        assert batches.listing(conn) == []
    return error.value


def workbook(*sheets, hidden=()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
        if name in hidden:
            page.sheet_state = "hidden"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


ROWS = [["编号", "社区", "年度", "办事方便", "环境卫生"], ["a", "甲社区", 2014, 1, 2], ["b", "甲社区", 2014, 2, 2]]


def codes(inspection):
    return {f.code: f for f in inspection.findings}


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_header_rows_that_would_swallow_responses_are_refused(depth):
    rows = sheet(ROWS[0], *ROWS[1:], *([f"r{i}", "甲社区", 2014, 1, 1] for i in range(4)))
    with pytest.raises(Refused) as error:
        match([rows], form(), sheet=None, header_rows=depth)
    assert error.value.key == "intake.header_too_deep"
    assert (error.value.params["row"], error.value.params["right"]) == (2, 1)


def test_two_header_rows_and_a_title_may_be_counted():
    found = match(
        [sheet(["调查表", None], ["编号", "满意度"], [None, "办事方便"], ["a", 1], ["b", 2])],
        form(),
        sheet=None,
        header_rows=3,
    )
    assert found.first == 3
    with pytest.raises(Refused) as error:
        match(
            [sheet(["编号", "满意度"], [None, "办事方便"], *([i, 1] for i in range(9)))],
            form(),
            sheet=None,
            header_rows=5,
        )
    assert (error.value.params["row"], error.value.params["right"]) == (3, 2)


def test_options_under_their_stem_are_a_header_row():
    wants = Question(
        "W", "select_multiple", {"zh": "去过哪里"}, "w", (Choice("a", {"zh": "公园"}), Choice("b", {"zh": "广场"}))
    )
    rows = sheet(["编号", "去过哪里", None], [None, "公园", "广场"], ["x", 1, 0])
    assert match([rows], form(wants), sheet=None, header_rows=2).first == 2


def test_data_on_a_hidden_sheet_only_are_named(ready):
    data = workbook(("说明", [["请填写"]]), ("答卷", ROWS), hidden=("答卷",))
    with pytest.raises(Refused, match=r"答卷.*取消隐藏") as error:
        inspect(ready, "a.xlsx", data, ImportOptions("q"))
    assert error.value.key == "intake.maybe_hidden"


def test_a_mapping_for_headers_that_the_file_lacks_is_said(ready):
    mapping = ColumnMapping.of({"办事方便": "Q1", "街道意见": "Q2"})
    note = codes(look(ready, HEADER + "1,甲,2014,1,1\n", mapping=mapping))["intake.mapping_unused"]
    assert (note.level, note.params) == ("note", {"n": 1, "headers": ["街道意见"]})


def test_headers_of_several_rows_and_options_count_as_used():
    wants = Question(
        "W", "select_multiple", {"zh": "去过哪里"}, "w", (Choice("a", {"zh": "公园"}), Choice("b", {"zh": "广场"}))
    )
    mapping = ColumnMapping.of({"到过/公园": "W/a", "到过/广场": "W/b", "办事": "Q1"})
    rows = sheet(["编号", "到过", None, "办事"], [None, "公园", "广场", None], ["x", 1, 0, 1], ["y", 0, 1, 2])
    rows = replace(rows, merged=((0, 1, 0, 2),))
    found = match([rows], form(wants), sheet=None, header_rows=None, mapping=mapping)
    assert set(found.by_question) == {"id", "W", "Q1"}
    assert unused_headers(mapping, found) == []


def test_a_file_of_which_every_row_is_left_out_is_refused(ready):
    out = tuple(Decision("leave_out", cell=f"A{row}", reason="废卷") for row in (2, 3))
    error = refused(ready, HEADER + "1,甲,2014,1,1\n2,甲,2014,1,2\n", decisions=out)
    assert (error.key, error.params["n"]) == ("intake.all_left_out", 2)


def test_a_file_of_which_no_row_can_enter_is_refused_even_in_part(ready):
    assert refused(ready, HEADER + "1,丙,2014,1,1\n").key == "intake.nothing_storable"


def test_files_in_conflict_cite_the_file_and_no_batch_that_is_taken_back(ready):
    one = look(ready, HEADER + "1,甲,2014,1,1\n", file="一.csv")
    two = look(ready, HEADER + "1,甲,2014,2,1\n", file="二.csv")
    with pytest.raises(Refused) as error:
        commit_all(ready, [one, two])
    assert (error.value.key, error.value.params["others"]) == ("intake.files_conflict", ["一.csv"])
    (finding,) = [f for f in error.value.findings if f.level == "ask"]
    assert "一.csv 第 2 行" in finding.word("zh").replace("的 ", "")
    assert "批次" not in finding.word("zh")
    with ready.read() as conn:
        assert batches.listing(conn) == []


def test_numbers_that_differ_in_case_or_zeros_only_are_asked_about_and_may_be_confirmed(ready):
    text = HEADER + "A1,甲,2014,1,1\na1,甲,2014,2,1\n7,乙社区,2014,1,1\n007,乙社区,2014,1,2\n7,甲,2014,1,1\n"
    asked = [f for f in look(ready, text).findings if f.level == "ask"]
    assert [(f.code, f.cell, f.params["other"]) for f in asked] == [
        ("checking.alike_respondents", "A3", 2),
        ("checking.alike_respondents", "A5", 4),
    ]
    sure = tuple(Decision("confirm", cell=f.cell, code=f.code) for f in asked)
    assert commit(ready, look(ready, text, decisions=sure)).stored == 5


def test_headers_read_otherwise_and_questions_held_by_several_columns_are_noted(ready):
    found = codes(look(ready, "编号,社区,年度,Ｑ1,Q1,环境卫生\n1,甲,2014,1,,1\n2,甲,2014,,2,1\n"))
    assert found["intake.header_read"].params["became"] == "Q1"
    assert found["intake.columns_together"].params["cells"] == "D1、E1"


def test_a_platform_writes_semicolons_and_is_not_asked(ready):
    with ready.write() as conn:
        questionnaires.add(conn, "k", form(item("Q3")))
    text = '"编号";"社区";"年度";"Q1";"_uuid";"_submission_time"\n"1";"甲";"2014";"1";"u1";"2014-05-06T08:00:00"\n'
    assert "intake.delimiter" not in codes(look(ready, text, questionnaire="k"))
    assert codes(look(ready, HEADER.replace(",", ";") + "1;甲;2014;1;1\n"))["intake.delimiter"].level == "ask"
    assert commit(ready, look(ready, HEADER.replace(",", ";") + "1;甲;2014;1;1\n", delimiter=";")).stored == 1


def test_more_header_rows_than_the_file_has_are_refused_with_the_right_number():
    with pytest.raises(Refused) as error:
        match([sheet(ROWS[0], *ROWS[1:])], form(), sheet=None, header_rows=5)
    assert (error.value.key, error.value.params["right"]) == ("intake.header_too_deep", 1)


def test_a_delimiter_that_does_not_occur_is_said(ready):
    with pytest.raises(Refused) as error:
        look(ready, HEADER + "1,甲,2014,1,1\n", delimiter="|")
    assert (error.value.key, error.value.params["likely"]) == ("sources.delimiter_not_there", ",")


def test_a_hidden_sheet_that_is_asked_for_is_said_to_be_hidden(ready):
    data = workbook(("说明", [["请填写"]]), ("答卷", ROWS), hidden=("答卷",))
    with pytest.raises(Refused) as error:
        inspect(ready, "a.xlsx", data, ImportOptions("q", sheet="答卷"))
    assert error.value.key == "intake.sheet_is_hidden"


def test_numbers_and_names_without_end_are_refused(ready):
    found = look(ready, HEADER + f"{'长' * 300},甲,2014,1,1\n1,{'长' * 300},2014,1,1\n", add_communities=True)
    assert [(f.code, f.cell, f.scope) for f in found.findings if f.level == "refuse"] == [
        ("checking.too_long", "A2", "row"),
        ("checking.too_long", "B3", "row"),
    ]


def test_a_batch_of_an_impossible_number_is_unknown(ready):
    for number in (0, -1, 10**30):
        with ready.read() as conn, pytest.raises(Refused) as error:
            batches.get(conn, number)
        assert error.value.key == "store.unknown_batch"


def test_what_a_decision_wrote_is_quoted_short(ready):
    long = (Decision("set", cell="D2", value="9" * 5_000),)
    notes = codes(look(ready, HEADER + "1,甲,2014,1,1\n", decisions=long))
    assert len(notes["decisions.changed"].word("zh")) < 200
