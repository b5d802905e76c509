"""Files of indicator values: both forms, percentages, and every way a cell can be wrong."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from analysis.indicators.file import IndicatorValues, values_of
from analysis.indicators.template import values_template
from analysis.scheme import default_scheme
from analysis.scoring.objective import objective_totals, score_indicators
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES
from survey.files.read import read_sheets
from survey.store.year.indicators import COLUMNS
from survey.store.year.register import Community

SCHEME = default_scheme()
REGISTER = [Community("C01", "朝阳社区", ("朝阳",)), Community("C02", "河滨社区")]
LONG = [
    "社区",
    "指标",
    "种类",
    "数值",
    "自评分",
    "考评人",
    "考评分",
    "方法",
    "日期",
    "依据",
    "免检",
    "说明",
    "变更原因",
]


def book(*sheets: list[list[Any]], formats: dict[str, str] | None = None) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for number, rows in enumerate(sheets, 1):
        sheet = workbook.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(row)
        for address, number_format in (formats or {}).items():
            sheet[address].number_format = number_format
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def read(data: bytes, file: str = "指标.xlsx") -> tuple[IndicatorValues | None, list[Finding]]:
    values, findings = values_of(read_sheets(file, data), SCHEME, REGISTER)
    for finding in findings:
        for lang in LANGUAGES:
            assert "{" not in finding.word(lang)
    return values, findings


def long(*rows: list[Any], **formats: str) -> tuple[list[dict[str, Any]], list[Finding]]:
    values, findings = read(book([LONG, *rows], formats=formats))
    return values.frame.to_dict("records"), findings


def wide(*rows: list[Any], **formats: str) -> tuple[list[dict[str, Any]], list[Finding]]:
    values, findings = read(book(list(rows), formats=formats))
    return values.frame.to_dict("records"), findings


def test_long_form_with_everything_in_it():
    rows, findings = long(
        ["C01", "ZZ01", None, "b", 18, "王", 16, "材料审核", "2013年11月5日", "台账3", None, "好", "补报"],
        ["朝阳社区", "居委会选举居民参选率", None, "85", None, None, None, None, None, None, "否", None],
        ["河滨社区", "HX01", "重大刑事案件", 1],
        ["河滨社区", "hx01", "order", 0],
        ["C02", "FW01", None, None, None, None, None, None, None, "文明社区称号", "是", None],
        ["C02", "FW02"],
    )
    assert findings == []
    first, second, third, fourth, last = rows
    assert first | {"value": None} == {
        "community_code": "C01",
        "indicator": "ZZ01",
        "kind": "",
        "value": None,
        "value_text": "B",
        "self_score": 18,
        "assessor": "王",
        "assessor_score": 16,
        "method": "材料审核",
        "date": "2013-11-05",
        "evidence": "台账3",
        "exempt": False,
        "note": "好",
        "sheet": "表1",
        "row": 2,
        "reason": "补报",
    }
    assert (second["community_code"], second["indicator"], second["value"]) == ("C01", "ZZ02", 85)
    assert (third["kind"], fourth["kind"], fourth["value"]) == ("major", "order", 0)
    assert (last["exempt"], last["evidence"]) == (True, "文明社区称号")


def test_the_frame_is_what_the_store_wants_and_counts_are_told():
    values, _ = read(book([LONG, ["C01", "ZZ02", None, 85], ["C09", "ZZ02", None, 85], ["C02", "ZZ03"]]))
    assert tuple(values.frame.columns) == COLUMNS
    assert values.counts == {"rows": 2, "values": 1, "refused_rows": 1, "blank": 1, "communities": 1, "indicators": 1}


def test_wide_form_below_a_title():
    rows, findings = wide(
        ["2013年客观指标"],
        ["社区", "社区名称", "ZZ02", "居务、财务公开:missing", "ZZ04 迟公开", "ST02", "备注栏"],
        ["C01", "朝阳", 85, 1, 0, 3, "x"],
        ["河滨社区", None, None, 0, 0, None, None],
    )
    assert [(r["community_code"], r["indicator"], r["kind"], r["value"], r["row"]) for r in rows] == [
        ("C01", "ZZ02", "", 85, 3),
        ("C01", "ZZ04", "missing", 1, 3),
        ("C01", "ZZ04", "late", 0, 3),
        ("C01", "ST02", "case", 3, 3),
        ("C02", "ZZ04", "missing", 0, 4),
        ("C02", "ZZ04", "late", 0, 4),
    ]
    assert [(f.code, f.cell, f.level) for f in findings] == [("indicator.column_ignored", "G2", "note")]


def test_percentages_are_stored_as_0_to_100_and_listed():
    rows, findings = long(
        ["C01", "ZZ02", None, 0.85],
        ["C02", "ZZ02", None, "85%"],
        ["C01", "ZZ05", None, 0.29],
        ["C02", "ZZ05", None, 0],
        ["C01", "FW07", None, 0.008],
        D2="0%",
        D4="0.0%",
        D6="0.0%",
    )
    assert [r["value"] for r in rows] == [85, 85, 29, 0, 0.8]
    assert [(f.code, f.level, f.cell) for f in findings] == [
        ("indicator.percent_read", "note", c) for c in ("D2", "D3", "D4", "D6")
    ]


@pytest.mark.parametrize("value", [0.85, 1])
def test_a_bare_value_of_at_most_one_is_an_open_question(value):
    for rows, findings in (long(["C01", "ZZ02", None, value]), wide(["社区", "ZZ02"], ["C01", value])):
        assert [(f.code, f.level) for f in findings] == [("indicator.percent_or_share", "ask")]
        assert f"{value * 100:g}%" in findings[0].word("zh")
        assert len(rows) == 1


# one row of the long form → finding, its cell
BAD_ROWS = [
    (["C09", "ZZ02", None, 85], "community_unknown", "A2"),
    ([None, "ZZ02", None, 85], "community_blank", "A2"),
    (["C01", "ZZ99", None, 85], "indicator_unknown", "B2"),
    (["C01", None, None, 85], "indicator_blank", "B2"),
    (["C01", "ZZ02", "major", 85], "kind_unexpected", "C2"),
    (["C01", "HX01", None, 1], "kind_needed", "C2"),
    (["C01", "HX01", "late", 1], "kind_unknown", "C2"),
    (["C01", "ZZ02", None, "很高"], "not_a_number", "D2"),
    (["C01", "ZZ03", None, "8次"], "not_a_number", "D2"),
    (["C01", "ZZ03", None, True], "not_a_number", "D2"),
    (["C01", "ZZ03", None, 2.5], "not_whole", "D2"),
    (["C01", "ZZ03", None, -1], "out_of_range", "D2"),
    (["C01", "ZZ03", None, "85%"], "percent_unexpected", "D2"),
    (["C01", "ZZ02", None, 120], "out_of_range", "D2"),
    (["C01", "ZZ02", None, -5], "out_of_range", "D2"),
    (["C01", "ST01", None, 11], "out_of_range", "D2"),
    (["C01", "WH01", None, 5], "out_of_range", "D2"),
    (["C01", "ZZ01", None, "E"], "not_a_grade", "D2"),
    (["C01", "ZZ02", None, 85, None, None, None, None, None, None, "maybe"], "not_yes_no", "K2"),
    (["C01", "ZZ02", None, None, None, None, None, None, None, None, "是"], "exempt_without_evidence", "K2"),
]


@pytest.mark.parametrize(("row", "code", "cell"), BAD_ROWS)
def test_a_bad_row_is_refused_at_its_cell(row, code, cell):
    rows, findings = long(row)
    assert rows == []
    assert [(f.code, f.level, f.cell, f.row) for f in findings] == [(f"indicator.{code}", "refuse", cell, 2)]


@pytest.mark.parametrize(
    ("row", "code", "cell", "column"),
    [
        (["C01", "ZZ02", None, 85, 26], "score_out_of_range", "E2", "self_score"),
        (["C01", "ZZ02", None, 85, None, "王", -1], "score_out_of_range", "G2", "assessor_score"),
        (["C01", "ZZ02", None, 85, None, None, None, None, "上周"], "not_a_date", "I2", "date"),
    ],
)
def test_a_bad_cell_beside_the_value_is_left_empty(row, code, cell, column):
    rows, findings = long(row)
    assert [(f.code, f.level, f.scope, f.cell) for f in findings] == [(f"indicator.{code}", "refuse", "cell", cell)]
    assert (rows[0]["value"], rows[0][column]) == (85, None)


def test_all_problems_come_at_once():
    rows, findings = long(*(row for row, *_ in BAD_ROWS))
    assert rows == []
    assert [f.code for f in findings] == [f"indicator.{code}" for _, code, _ in BAD_ROWS]


def test_an_indicator_twice_for_one_community_is_refused_both_times():
    rows, findings = long(["C01", "ZZ02", None, 85], ["朝阳", "ZZ02", None, 58], ["C02", "ZZ02", None, 70])
    assert [r["community_code"] for r in rows] == ["C02"]
    assert [(f.code, f.cell, f.params["first"]) for f in findings] == [("indicator.twice", "B3", "表1!B2")]


def test_two_assessors_may_score_the_same():
    rows, findings = long(
        ["C01", "ZZ01", None, None, None, "王", 18],
        ["C01", "ZZ01", None, None, None, "李", 16],
        ["C01", "HX01", None, None, None, "李", 25],
    )
    assert findings == []
    assert [(r["assessor"], r["assessor_score"], r["kind"]) for r in rows] == [
        ("王", 18, ""),
        ("李", 16, ""),
        ("李", 25, ""),
    ]


@pytest.mark.parametrize(
    ("header", "code"),
    [("HX01", "kind_needed"), ("ST01", "column_twice"), ("生活垃圾日产日清与分类", "column_twice")],
)
def test_a_wide_header_that_can_mean_two_things_refuses_the_sheet(header, code):
    rows, findings = wide(["社区", "ST01", header], ["C01", 8, 9])
    assert rows == []
    assert [(f.code, f.scope, f.cell) for f in findings] == [(f"indicator.{code}", "sheet", "C1")]


def test_formula_errors_are_not_blanks():
    data = book([["社区", "ZZ03", "ST02"], ["C01", "#N/A", 3], ["#REF!", 4, 4]])
    workbook = load_workbook(BytesIO(data))
    workbook.active["B2"].data_type = "e"
    workbook.active["A3"].data_type = "e"
    stream = BytesIO()
    workbook.save(stream)
    values, findings = read(stream.getvalue())
    assert [(f.code, f.cell) for f in findings] == [("indicator.error_cell", "B2"), ("indicator.error_cell", "A3")]
    assert list(values.frame["indicator"]) == ["ST02"]


def test_files_without_values_are_told_apart():
    values, findings = read(book([["姓名", "电话"], ["x", 1]]))
    assert values is None
    assert [f.code for f in findings] == ["indicator.sheet_ignored", "indicator.no_table"]
    values, findings = read(book([["社区", "别的"], ["C01", 1]]))
    assert len(values.frame) == 0
    assert {f.code for f in findings} == {"indicator.column_ignored", "indicator.no_indicator"}


def test_csv_is_read_too():
    values, findings = read("社区,指标,数值\nC01,ZZ02,85%\n".encode(), "指标.csv")
    assert values.frame["value"].tolist() == [85]
    assert [f.code for f in findings if f.level != "note"] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_filled_in_comes_back_and_scores(lang):
    communities = [(c.code, c.name) for c in REGISTER]
    template = values_template(SCHEME, communities, lang)
    empty, findings = read(template)
    assert findings == []
    kinds = sum(max(1, len(i.parameters.split())) for i in SCHEME.indicators if i.rule == "deduct_per_case")
    others = sum(i.rule != "deduct_per_case" for i in SCHEME.indicators)
    assert empty.counts["blank"] == 2 * (kinds + others)
    workbook = load_workbook(BytesIO(template))
    sheet = workbook.active
    at = {str(cell.value).split()[0]: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        code = sheet.cell(row, at["indicator"]).value
        rule = next(i.rule for i in SCHEME.indicators if i.code == code)
        grade = code in ("ZZ01", "WH05")
        value = "A" if grade else 0 if rule == "deduct_per_case" else {"WH01": 4, "WH06": 5, "HX04": 4}.get(code, 10)
        sheet.cell(row, at["value"]).value = 99 if code in ("ZZ02", "ZZ05") else value
    stream = BytesIO()
    workbook.save(stream)
    values, findings = read(stream.getvalue())
    assert findings == []
    assert values.counts["values"] == 2 * (kinds + others)
    totals = objective_totals(score_indicators(SCHEME, values.frame, communities), SCHEME)
    assert totals["objective"].notna().all()
    assert totals.loc[0, "objective_harmony"] == pytest.approx(30 + 0 + 25 + 20 + 25 + 7.5)


def test_the_template_explains_the_rule_and_offers_grades():
    sheet = load_workbook(BytesIO(values_template(SCHEME, [("C01", "=1+1")], "en"))).active
    rows = [[str(c.value or "") for c in row] for row in sheet.iter_rows(min_row=2)]
    assert rows[0][:4] == ["C01", "=1+1", "ZZ01", "Leadership team and work plan"]
    assert sheet["B2"].data_type == "s"
    assert "A 100%, B 80%, C 60%, D 0%" in " ".join(rows[0])
    lists = [v for v in sheet.data_validations.dataValidation if v.type == "list" and "A,B,C,D" in str(v.formula1)]
    assert len(lists) == 2
