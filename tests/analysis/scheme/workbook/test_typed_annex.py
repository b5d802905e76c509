"""A real annex of 60 rows, typed as a clerk types: three levels, merged cells, shorthand, texts that run on."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from analysis.scheme import default_scheme
from analysis.scheme.rules.rules import parse_rule
from analysis.scheme.workbook.reading import read_scheme
from analysis.scheme.workbook.writing import write_scheme
from survey.core.lang import LANGUAGES
from tests.tools.books.annex_book import annex_book, as_bytes


def read(change=None):
    return read_scheme("附表.xlsx", as_bytes(annex_book(change)))


def codes(findings, level="refuse"):
    return {(f.code, f.cell) for f in findings if f.level == level}


def test_sixty_rows_pass_with_one_remark():
    scheme, findings = read()
    assert [(f.code, f.level) for f in findings] == [("scheme.codes_given", "note")]
    assert len(scheme.scored_indicators) == 60
    assert scheme.objective_points == 700
    by_name = {i.names["zh"]: i for i in scheme.indicators}
    turnout = by_name["参选率"]
    assert (turnout.code, turnout.parent, turnout.dimension) == ("B0101", "B01", "autonomy")
    assert (turnout.rule, turnout.parameters, turnout.unit) == ("ratio_linear", "zero=30 full=90", "percent")
    assert (by_name["民主选举"].parent, by_name["民主自治"].parent) == ("B", "")
    assert by_name["六乱整治"].scoring_zh == "每发现一例扣1分\n扣完为止"
    assert by_name["六乱整治"].text_zh == "乱搭建等六乱"
    for indicator in scheme.scored_indicators:
        assert parse_rule(indicator.rule, indicator.parameters)


def test_what_was_typed_comes_back_by_code_and_parent():
    scheme, _ = read()
    assert read_scheme("again.xlsx", write_scheme(scheme)) == (scheme, [])


def test_several_rows_under_one_name_are_named_by_what_they_measure():
    def change(sheet, at):
        for row in (2, 3):  # 班子建设 has two rows: without names at the third level
            sheet.cell(row, at["level_3"]).value = None

    scheme, findings = read(change)
    assert codes(findings) == set()
    assert [(i.code, i.names["zh"]) for i in scheme.indicators if i.parent == "A01"] == [
        ("A0101", "班子健全"),
        ("A0102", "每年开展一次民主评议"),
    ]


def test_two_levels_are_enough_and_an_office_may_be_merged():
    def change(sheet, at):
        sheet.cell(4, at["level_3"]).value = sheet.cell(5, at["level_3"]).value = None
        sheet.cell(5, at["office"]).value = None
        sheet.merge_cells(start_row=4, end_row=5, start_column=at["office"], end_column=at["office"])

    scheme, findings = read(change)
    assert codes(findings) == set()
    assert [i.office for i in scheme.indicators if i.parent == "A02"] == ["组织办", "组织办"]


def put(key, row, value):
    return lambda sheet, at: setattr(sheet.cell(row, at[key]), "value", value)


@pytest.mark.parametrize(
    ("change", "code", "key", "row"),
    [
        (put("level_3", 3, "班子健全"), "scheme.indicator_twice", "level_3", 3),
        (put("points", 3, None), "scheme.points_missing", "points", 3),
        (put("points", 3, -1), "scheme.out_of_range", "points", 3),
        (put("rule", 3, "看着办"), "rules.unknown", "rule", 3),
        (put("parameters", 3, "很多次"), "rules.parameters.word", "parameters", 3),
        (put("dimension", 2, "不存在型"), "scheme.dimension_unknown", "dimension", 2),
    ],
)
def test_what_is_wrong_is_named_at_its_cell(change, code, key, row):
    scheme, findings = read(change)
    assert scheme is None
    at = {str(c.value).split()[0]: c.column_letter for c in annex_book()["indicators 指标"][1]}
    assert (code, f"{at[key]}{row}") in codes(findings)
    for finding in findings:
        for lang in LANGUAGES:
            assert "{" not in finding.word(lang)


def test_a_first_level_that_is_the_type_needs_no_column_for_it():
    def change(sheet, at):
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, at["dimension"]).value = None
        sheet.cell(2, at["level_1"]).value = "自治型"

    scheme, findings = read(change)
    assert scheme is None  # the others have no type
    assert not any(f.code == "scheme.blank" and f.row == 2 for f in findings)


def test_the_prepared_workbook_has_sums_lists_and_room():
    data = write_scheme(default_scheme(), "zh", annex=True, sums=True)
    book = load_workbook(BytesIO(data))
    sheet = book["indicators 指标"]
    at = {str(c.value).split()[0]: c.column_letter for c in sheet[1]}
    lists = {str(v.sqref).split(":")[0] for v in sheet.data_validations.dataValidation}
    assert {f"{at[key]}2" for key in ("dimension", "rule", "unit", "methods", "office", "points")} <= lists
    assert all(r.max_row > 60 for v in sheet.data_validations.dataValidation for r in v.sqref.ranges)
    assert str(sheet[f"{at['check_points']}2"].value).startswith("=SUMIF(")
    saved = load_workbook(BytesIO(data), data_only=True)["indicators 指标"]
    assert [saved[f"{at[key]}2"].value for key in ("check_points", "check_full", "check_left")] == [0, 140, 140]


def test_the_shipped_scheme_with_sums_reads_back_without_a_remark():
    data = write_scheme(default_scheme(), "zh", sums=True)
    assert read_scheme("scheme.xlsx", data) == (default_scheme(), [])
    sheet = load_workbook(BytesIO(data), data_only=True)["dimensions 类型"]
    at = {str(c.value).split()[0]: c.column for c in sheet[1]}
    assert [sheet.cell(row, at["points_left"]).value for row in range(2, 7)] == [0] * 5
