"""Every problem of a questionnaire at once, each at its cell, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from survey.core.lang import catalogue
from survey.form.default import default_questionnaire
from survey.form.model import Question, Questionnaire
from survey.form.workbook.checking import check, shared_headers
from tests.tools.books.form_books import CHOICES_HEAD, SURVEY_HEAD, places, read

YES_NO = [CHOICES_HEAD, ("yn", "yes", "是", "Yes"), ("yn", "no", "否", "No")]
OK = ("text", "ok", "好", "Fine")
Cells = Sequence[Any]


def scale(*levels: Cells) -> list[Cells]:
    return [CHOICES_HEAD, *(("s", *level) for level in levels)]


def survey(*rows: Cells, head: Sequence[str] = ()) -> list[Cells]:
    return [(*SURVEY_HEAD, *head), *rows]


def q(kind: str, *more: Any, name: str = "a") -> Cells:
    return (kind, name, "甲", "A", *more)


GOOD = ("满意", "Good", 1)
BAD = ("不满意", "Bad", 2)
SELECT = survey(q("select_one s"))
SCORED = survey(q("select_one s", "ecology"), head=("dimension",))
SELECT_OK = survey(OK)
#: a main weight and two columns of replicate weights
REPLICATES = survey(
    *(("decimal", name, zh, name, role) for name, zh, role in (
        ("w", "权数", "weight"), ("rw1", "复制一", "replicate_weight"), ("rw2", "复制二", "replicate_weight"))),
    head=("role",),
)  # fmt: skip
JKN = ("replicates", "replicate_scale", "replicate_rscales", "replicate_mse")
FAY = ("replicates", "replicate_scale", "replicate_rho")

#: what stands in the workbook, and the findings it must give: all of them
CASES: list[tuple[list[Cells], list[Cells] | None, list[Cells] | None, set[tuple[str, str, str]]]] = [
    (survey(OK, q("integr")), None, None, {("unknown_type", "survey!A3", "refuse")}),
    (survey(OK, ("", "a", "甲", "A")), None, None, {("no_type", "survey!A3", "refuse")}),
    (survey(OK, q("geopoint")), None, None, {("not_imported", "survey!A3", "note")}),
    (survey(OK, q("select_one yn or_other")), YES_NO, None, {("or_other", "survey!A3", "note")}),
    (survey(OK, ("begin repeat", "r", "组", "R"), ("end repeat",)), None, None, {("repeat", "survey!A3", "note")}),
    (survey(OK, ("begin repeat", "r", "组", "R"), ("end group",)), None, None,
     {("repeat", "survey!A3", "note"), ("group_not_opened", "survey!A4", "refuse"),
      ("group_not_closed", "survey!A3", "refuse")}),
    (survey(OK, ("begin repeat", "r", "组", "R"), q("integer", "age", name="old"), ("end repeat",), head=("role",)),
     None, None, {("repeat", "survey!A3", "note"), ("repeat_counts", "survey!E4", "refuse")}),
    (survey(OK, q("select_one_from_file towns.csv")), None, None, {("external_choices", "survey!A3", "note")}),
    (survey(OK, q("select_one ${ok}")), None, None, {("external_choices", "survey!A3", "note")}),
    (survey(q("select_one yn", "x=1"), head=("choice_filter",)), YES_NO, None,
     {("choice_filter", "survey!E2", "note")}),
    (survey(q("select_one yn", "x=1"), head=("choice_filter",)), [*YES_NO, ("yn", "no", "不", "Never")], None,
     {("choice_filter", "survey!E2", "note"), ("choices_merged", "choices!B2", "note")}),
    (survey(OK, ("", "", "", "", "备注"), head=("remark",)), None, None, {("remarks", "survey!A3", "note")}),
    (survey(OK, q("integr", "yes"), head=("disabled",)), None, None, {("remarks", "survey!A3", "note")}),
    (survey(q("geopoint")), None, None,
     {("nothing_taken_in", "survey", "note"), ("not_imported", "survey!A2", "note")}),
    (survey(("begin group", "g", "组", "G"), OK, ("end group",), ("begin group", "h", "组二", "H"), OK, ("end group",)),
     None, None, {("told_apart", "survey!B3", "note"), ("header_shared", "survey!B6", "note"),
                  ("header_shared", "survey!C6", "note"), ("header_shared", "survey!D6", "note")}),
    (survey(("begin group", "g", "组", "G"), OK, ("end group",), ("begin group", "h", "组二", "H"), OK, ("end group",),
            q("text", "${ok} = 'x'"), head=("relevant",)),
     None, None, {("told_apart", "survey!B3", "note"), ("header_shared", "survey!B6", "note"),
                  ("header_shared", "survey!C6", "note"), ("header_shared", "survey!D6", "note"),
                  ("reference_twice", "survey!E8", "refuse"), ("relevant_not_evaluated", "survey!E8", "note")}),
    (survey(q("select_one")), None, None, {("no_list", "survey!A2", "refuse")}),
    (survey(q("select_one yn")), None, None, {("unknown_list", "survey!A2", "refuse")}),
    (survey(OK, ("integer", "", "甲", "A")), None, None, {("no_name", "survey!B3", "refuse")}),
    (survey(OK, q("integer", name="1a")), None, None, {("bad_name", "survey!B3", "refuse")}),
    (survey(OK, q("integer", name="a b")), None, None, {("bad_name", "survey!B3", "refuse")}),
    (survey(OK, ("note", "OK", "说明", "Note")), None, None, {("name_twice", "survey!B3", "refuse")}),
    (survey(OK, ("end_group",)), None, None, {("group_not_opened", "survey!A3", "refuse")}),
    (survey(("begin_group", "g", "组", "G"), OK), None, None, {("group_not_closed", "survey!A2", "refuse")}),
    (survey(q("text", "ward"), head=("role",)), None, None, {("unknown_role", "survey!E2", "refuse")}),
    (survey(q("text", "year"), q("text", "year", name="b"), head=("role",)), None, None,
     {("role_twice", "survey!E3", "refuse"), ("header_shared", "survey!C3", "note"),
      ("header_shared", "survey!D3", "note")}),
    (survey(q("text", "weight"), head=("role",)), None, None, {("role_type", "survey!E2", "refuse")}),
    (survey(OK, q("text", "${oops} = 1"), head=("relevant",)), None, None,
     {("unknown_reference", "survey!E3", "refuse")}),
    (survey(OK, q("text", ". > ${oops}"), head=("constraint",)), None, None,
     {("unknown_reference", "survey!E3", "refuse")}),
    (survey(OK, q("text", "string-length(${ok}) > 2"), head=("relevant",)), None, None,
     {("relevant_not_evaluated", "survey!E3", "note")}),
    (survey(OK, q("text", "${ok} = 'x'"), head=("required",)), None, None,
     {("required_expression", "survey!E3", "note")}),
    (survey(OK, ("text", "b", "好", "B")), None, None, {("header_shared", "survey!C3", "note")}),
    (survey(OK, ("text", "b", "乙", "B", "OK"), head=("aliases",)), None, None,
     {("header_shared", "survey!E3", "note")}),
    (survey(OK, ("text", "b", "", "B")), None, None, {("no_label_zh", "survey!C3", "note")}),
    (survey(OK, ("text", "b", "乙", "")), None, None, {("no_label_en", "survey!D3", "note")}),
    (survey(("text", "b", "", "B")), None, None, {("no_labels_zh", "survey", "note")}),
    (survey(("text", "b", "乙", "")), None, None, {("no_labels_en", "survey", "note")}),
    (survey(("note", "n", "说明", "Note")), None, None, {("no_questions", "survey", "refuse"), }),
    # choices
    (SELECT, scale(("1", *GOOD), ("2", "", "Bad", 2)), None, {("no_choice_label_zh", "choices!C3", "note")}),
    (SELECT, scale(("1", *GOOD), ("2", "差", "", 2)), None, {("no_choice_label_en", "choices!D3", "note")}),
    (SELECT, [*scale(("1", *GOOD), ("2", *BAD)), ("", "3", "三", "Three")], None,
     {("no_list_name", "choices!A4", "refuse")}),
    (SELECT, scale(("1", *GOOD), ("", *BAD)), None, {("no_choice_name", "choices!B3", "refuse")}),
    (SELECT, scale(("1", *GOOD), ("1", *BAD)), None, {("choice_twice", "choices!B3", "refuse")}),
    (survey(q("select_multiple s")), scale(("a b", *GOOD), ("c", *BAD)), None,
     {("choice_space", "choices!B2", "refuse")}),
    (SELECT, scale(("1", "满意", "Yes"), ("2", "满 意", "No")), None, {("choice_ambiguous", "choices!C3", "note")}),
    (SCORED, scale(("1", "满意", "Yes", 1), ("2", "满 意", "No", 2)), None,
     {("choice_collides", "choices!C3", "refuse")}),
    (SELECT, [*scale(("1", *GOOD), ("2", *BAD)), ("", "", "备注", "")], None, {("choice_remark", "choices!A4", "note")}),
    (SELECT, scale(("1", "二", "Yes"), ("2", "１", "No")), None, {("choice_collides", "choices!C3", "refuse")}),
    (SELECT, scale(("1", *GOOD, None, None, "好"), ("2", *BAD, None, None, "差|好")), None,
     {("choice_collides", "choices!H3", "refuse")}),
    (SELECT, scale(("na", "无", "None"), ("2", "有", "Some")), None, {("blank_is_choice", "choices!B2", "note")}),
    (SELECT, scale(("1", *GOOD), ("2", *BAD), ("9", "拒", "R", None, None, "no")), None,
     {("unknown_missing", "choices!G4", "refuse")}),
    (SELECT, scale(("1", *GOOD), ("2", *BAD), ("9", "拒", "R", None, 0, "refused")), None,
     {("missing_scored", "choices!G4", "refuse")}),
    (SELECT, scale(("1", *GOOD, 101), ("2", *BAD)), None, {("bad_score", "choices!F2", "refuse")}),
    (SELECT, scale(("1", *GOOD, "many"), ("2", *BAD)), None, {("bad_score", "choices!F2", "refuse")}),
    (SELECT, scale(("1", "满意", "Good", 1.5), ("2", *BAD), ("3", "中", "Mid", 1)), None,
     {("bad_level", "choices!E2", "refuse"), ("no_level", "choices!E2", "refuse")}),
    (SELECT, scale(("1", *GOOD), ("2", *BAD), ("3", "乱", "Odd")), None, {("no_level", "choices!E4", "refuse")}),
    (SELECT, scale(("1", *GOOD), ("2", "不满意", "Bad", 3)), None, {("level_gap", "choices!E2", "refuse")}),
    (SELECT, scale(("1", "满意", "Good", 0), ("2", "不满意", "Bad", 1)), None, {("level_gap", "choices!E2", "refuse")}),
    (SELECT, scale(("1", *GOOD), ("2", *BAD), ("3", "很差", "Awful", 2)), None,
     {("level_twice", "choices!E4", "note"), ("unbalanced", "choices!E2", "note")}),
    (SELECT, scale(("1", "非常满意", "a", 1), ("2", "满意", "b", 2), ("3", "基本满意", "c", 3), ("4", "不满意", "d", 4)),
     None, {("unbalanced", "choices!E2", "note")}),
    (survey(OK), YES_NO, None, {("list_unused", "choices!A2", "note")}),
    # numbers
    (survey(q("integer", "ten"), head=("minimum",)), None, None, {("bad_number", "survey!E2", "refuse")}),
    (survey(q("integer", 10, 0), head=("minimum", "maximum")), None, None, {("bounds_reversed", "survey!E2", "refuse")}),
    (survey(q("range", "start=10 end=0"), head=("parameters",)), None, None,
     {("bounds_reversed", "survey!E2", "refuse")}),
    (survey(q("range", "start=0 end=10 step=0"), head=("parameters",)), None, None,
     {("bad_step", "survey!E2", "refuse")}),
    (survey(q("range", "start=0 end=10 step=3"), head=("parameters",)), None, None,
     {("step_misses_end", "survey!E2", "refuse")}),
    (survey(q("range", "start=-1e308 end=1e308"), head=("parameters",)), None, None,
     {("step_misses_end", "survey!E2", "refuse")}),
    (survey(q("range", "start=0 to 10"), head=("parameters",)), None, None, {("bad_parameters", "survey!E2", "refuse")}),
    (survey(q("range", "end=ten"), head=("parameters",)), None, None, {("bad_parameters", "survey!E2", "refuse")}),
    (survey(q("integer", 0.5, 3), head=("minimum", "maximum")), None, None, {("bound_not_whole", "survey!E2", "refuse")}),
    (survey(q("text", 1), head=("maximum",)), None, None, {("bounds_ignored", "survey!E2", "note")}),
    (survey(q("range", 1), head=("minimum",)), None, None, {("bounds_ignored", "survey!E2", "note")}),
    (survey(q("integer", "<=1;2"), head=("recode",)), None, None, {("bad_recode", "survey!E2", "refuse")}),
    (survey(q("integer", "<=3:1 <=2:2"), head=("recode",)), None, None, {("bad_recode", "survey!E2", "refuse")}),
    (survey(q("text", "<=1:1"), head=("recode",)), None, None, {("recode_type", "survey!E2", "refuse")}),
    (survey(q("integer", 0, 10, "<=5:1 <10:2"), head=("minimum", "maximum", "recode")), None, None,
     {("recode_short", "survey!G2", "note")}),
    (survey(q("integer", "99=dk"), head=("missing_values",)), None, None, {("bad_missing_values", "survey!E2", "refuse")}),
    (survey(q("integer", 0, 10, "9:refused"), head=("minimum", "maximum", "missing_values")), None, None,
     {("missing_value_valid", "survey!G2", "refuse")}),
    (survey(q("select_one yn", "no:refused"), head=("missing_values",)), YES_NO, None,
     {("missing_value_choice", "survey!E2", "refuse")}),
    # scoring
    (survey(q("text", "ecology"), head=("dimension",)), None, None, {("dimension_type", "survey!E2", "refuse")}),
    (survey(OK, ("note", "n", "说明", "Note", "ecology"), head=("dimension",)), None, None,
     {("dimension_type", "survey!E3", "refuse")}),
    (survey(q("select_one yn", "ecology"), head=("dimension",)), YES_NO, None, {("no_scale", "survey!E2", "refuse")}),
    (survey(q("integer", "ecology", 0), head=("dimension", "minimum")), None, None,
     {("no_bounds", "survey!E2", "refuse")}),
    (survey(q("decimal", "ecology", 5, 5), head=("dimension", "minimum", "maximum")), None, None,
     {("bounds_equal", "survey!E2", "refuse")}),
    (survey(q("decimal", "ecology", "<=5:1"), head=("dimension", "recode")), None, None,
     {("one_code", "survey!F2", "refuse")}),
    (survey(q("select_one s", "ecology", -1), head=("dimension", "weight")), scale(("1", *GOOD), ("2", *BAD)), None,
     {("bad_weight", "survey!F2", "refuse")}),
    (survey(q("select_one s", "ecology", "yes"), head=("dimension", "reverse")),
     scale(("1", "好", "Good", None, 100), ("2", "差", "Bad", None, 0)), None, {("reverse_scores", "survey!F2", "note")}),
    (survey(q("select_one s", "perhaps"), head=("reverse",)), scale(("1", *GOOD), ("2", *BAD)), None,
     {("bad_yes_no", "survey!E2", "refuse")}),
    # settings
    (survey(OK), None, [("year",), ("14",)], {("bad_year", "settings!A2", "refuse")}),
    (survey(OK), None, [("form_id", "sampling"), ("f", "random")], {("bad_sampling", "settings!B2", "refuse")}),
    (survey(OK), None, [("form_id",), ("f",), ("g",)], {("settings_rows", "settings!A3", "note")}),
    (survey(OK), scale(("1", *GOOD), ("2", *BAD)), [("blank",), ("Good",)],
     {("list_unused", "choices!A2", "note"), ("blank_is_choice", "choices!B2", "note")}),
    (survey(OK, q("text")), None, [("household_adults",), ("a",)], {("household_adults", "settings!A2", "refuse")}),
    (survey(OK, q("integer")), None, [("household_adults",), ("b",)], {("household_adults", "settings!A2", "refuse")}),
    (survey(OK, q("integer"), ("decimal", "w", "权数", "Weight", "weight"), head=("role",)), None,
     [("household_adults",), ("a",)], {("household_and_weight", "settings!A2", "refuse")}),
    (survey(OK, q("integer")), None, [("household_adults",), ("a",)], set()),
    (survey(OK, q("text")), None, [("panel",), ("perhaps",)], {("bad_panel", "settings!A2", "refuse")}),
    (survey(OK, q("text")), None, [("panel",), ("yes",)], {("panel_without_respondent", "settings!A2", "refuse")}),
    (survey(OK, q("text")), None, [("panel",), ("No",)], set()),
    (survey(OK, q("text")), None, [("respondent_key",), ("name",)], {("bad_respondent_key", "settings!A2", "refuse")}),
    (
        survey(OK, q("text")),
        None,
        [("respondent_key",), ("number,mode",)],
        {("key_without_respondent", "settings!A2", "refuse")},
    ),
    (survey(OK, q("text")), None, [("respondent_key",), ("number",)], set()),
    (survey(OK, ("text", "r", "编号", "Number", "respondent"), head=("role",)), None, [("panel",), ("yes",)], set()),
    (REPLICATES, None, [("replicates",), ("JK1",)], set()),
    (REPLICATES, None, [JKN, ("jkn", 0.5, "0.5 0.75", "yes")], set()),
    (SELECT_OK, None, [JKN, ("JK1", "", "", "")], {("replicates_no_columns", "settings!A2", "refuse")}),
    (REPLICATES[:3], None, [("replicates",), ("JK1",)], {("replicates_one", "survey!E3", "refuse")}),
    ([REPLICATES[0], *REPLICATES[2:]], None, [("replicates",), ("bootstrap",)],
     {("replicates_no_weight", "survey!E2", "refuse")}),
    (REPLICATES, None, [("form_title",), ("x",)], {("replicates_no_method", "settings", "refuse")}),
    (REPLICATES, None, [("replicates",), ("balanced",)], {("replicates_method", "settings!A2", "refuse")}),
    (REPLICATES, None, [("replicates",), ("BRR",)], set()),
    (REPLICATES, None, [FAY, ("fay", "", 0.3)], set()),
    (REPLICATES, None, [FAY, ("Fay", "", "")], {("replicates_fay", "settings!A2", "refuse")}),
    (REPLICATES, None, [FAY, ("Fay", "", 1)], {("replicate_rho", "settings!C2", "refuse")}),
    (REPLICATES, None, [FAY, ("Fay", 0.5, 0.3)], {("replicates_unused", "settings!B2", "refuse")}),
    (REPLICATES, None, [FAY, ("BRR", 0.5, 0.3)],
     {("replicates_unused", "settings!B2", "refuse"), ("replicates_unused", "settings!C2", "refuse")}),
    (REPLICATES, None, [FAY, ("JK1", "", 0.3)], {("replicates_unused", "settings!C2", "refuse")}),
    (SELECT_OK, None, [FAY, ("", "", 0.3)], {("replicates_no_columns", "settings!C2", "refuse")}),
    (REPLICATES, None, [JKN, ("JK1", -1, "", "")], {("replicate_scale", "settings!B2", "refuse")}),
    (REPLICATES, None, [JKN, ("JKn", "", "0.5 0.5 0.5", "")], {("replicate_rscales", "settings!C2", "refuse")}),
    (REPLICATES, None, [JKN, ("JKn", "", "0 0", "")], {("replicate_rscales", "settings!C2", "refuse")}),
    (REPLICATES, None, [("replicates",), ("JKn",)], {("replicates_jkn", "settings!A2", "refuse")}),
    (REPLICATES, None, [JKN, ("JK1", "", "", "perhaps")], {("replicate_mse", "settings!D2", "refuse")}),
    (survey(q("decimal", "weight"), q("text", "replicate_weight", name="b"), head=("role",)), None,
     [("replicates",), ("JK1",)],
     {("role_type", "survey!E3", "refuse"), ("replicates_one", "survey!E3", "refuse"),
      ("header_shared", "survey!C3", "note"), ("header_shared", "survey!D3", "note")}),
    (survey(OK, ("text", "b", "#REF!", "B")), None, None,
     {("error_cell", "survey!C3", "refuse"), ("no_label_zh", "survey!C3", "note")}),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "choices", "settings", "expected"), CASES)
def test_each_problem_is_found_at_its_cell_and_nothing_else(
    rows: list[Cells], choices: list[Cells] | None, settings: list[Cells] | None, expected: set[tuple[str, str, str]]
) -> None:
    form, findings = read(rows, choices, settings)
    assert places(findings) == expected
    refused = any(level == "refuse" for _, _, level in expected)
    assert (form is None) == refused
    for finding in findings:
        assert finding.word("zh").endswith("。")
        assert finding.word("en").endswith(".")


def test_every_sentence_about_a_questionnaire_is_provoked_by_a_case() -> None:
    provoked = {f"form.{code}" for _, _, _, expected in CASES for code, _, _ in expected}
    worded = {key for key in catalogue("zh") if key.startswith("form.")}
    assert worded - provoked == {"form.no_survey_sheet"}  # in test_form_reading


def test_all_problems_come_at_once() -> None:
    rows = survey(q("integr"), q("text", "boss"), q("select_one nowhere", name="9"), head=("role",))
    form, findings = read(rows)
    assert form is None
    assert {code for code, _, _ in places(findings)} >= {
        "unknown_type", "name_twice", "unknown_role", "unknown_list", "bad_name"}  # fmt: skip


def test_a_missing_column_is_said_once_not_at_every_row() -> None:
    form, findings = read([("type", "title"), ("text", "a"), ("text", "b")], [("list_name", "label"), ("s", "x")])
    assert form is None
    assert [(f.code, f.sheet, f.params["key"]) for f in findings] == [
        ("tables.missing_column", "survey", "name"), ("tables.missing_column", "choices", "name")]  # fmt: skip


def test_findings_come_in_the_order_of_the_workbook() -> None:
    rows = survey(q("text", "boss"), q("integr", name="b"), OK, q("text", None, name="ok"), head=("role",))
    _, findings = read(rows, YES_NO)
    assert [f.where for f in findings if f.level == "refuse"] == ["survey!E2", "survey!A3", "survey!B5"]
    assert findings[-1].sheet == "choices"
    assert {f.header for f in findings} >= {"role", "type", "name", "label::中文 (zh)"}


def test_a_balanced_scored_questionnaire_has_no_findings() -> None:
    form, findings = read(SCORED, scale(("1", *GOOD), ("2", "一般", "Neither", 2), ("3", "不满意", "Poor", 3)))
    assert findings == []
    assert form is not None


def test_a_questionnaire_built_in_code_is_checked_without_addresses() -> None:
    assert check(default_questionnaire()) == []
    broken = Questionnaire(rows=(Question("a", "integer", {"zh": "甲", "en": "A"}, minimum=3.0, maximum=1.0),))
    assert [(f.code, f.where) for f in check(broken)] == [("form.bounds_reversed", "survey")]


def test_headers_shared_by_two_questions_are_known() -> None:
    rows = (Question("a", "text", {"zh": "电话"}), Question("b", "text", {"zh": "手机"}, aliases=("电 话",)))
    shared = shared_headers(Questionnaire(rows=rows))
    assert {key: [q.name for q in questions] for key, questions in shared.items()} == {"电话": ["a", "b"]}
