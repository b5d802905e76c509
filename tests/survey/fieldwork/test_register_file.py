"""The register workbook: read whole, or every problem named by its cell."""

from __future__ import annotations

from io import BytesIO

import pandas as pd
import pytest
import xlsxwriter

from survey.core.findings import Finding
from survey.core.lang import LANGUAGES
from survey.fieldwork.register_file import RegisterFile, read_register
from survey.fieldwork.register_workbook.written_register import register_template
from survey.files.read import read_sheets
from survey.store.year.register import Community

HEADER = ["编号", "社区", "别名", "街道", "区", "成年人口", "基础类型", "创建特色", "起", "止", "并入"]


def workbook(register: list[list[object]], population: list[list[object]] | None = None) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in (("社区", register), ("人口", population)):
            if rows is not None:
                sheet = book.add_worksheet(name)
                for i, row in enumerate(rows):
                    sheet.write_row(i, 0, row)
    return out.getvalue()


def good(data: bytes, file: str = "名册.xlsx") -> RegisterFile:
    register, findings = read_register(file, data)
    assert register is not None, [f.word("en") for f in findings]
    return register


def problems(data: bytes) -> list[tuple[str, str, str]]:
    register, findings = read_register("名册.xlsx", data)
    assert register is None
    for lang in LANGUAGES:
        assert all(f.word(lang) for f in findings)
    return [(f.code.removeprefix("register."), f.sheet, f.cell) for f in findings]


def test_a_register_with_population_is_read() -> None:
    data = workbook(
        [
            HEADER,
            [
                "SL01",
                "春晖社区",
                "春晖小区|春晖居委会",
                "示例街道",
                "示例区",
                8640,
                "商品房型",
                "邻里互助",
                2012,
                "",
                "",
            ],
            [1002, "锦园（东）社区", "", "示例街道", "", "7,920", "", "", "2010年", "2013-05-06", "春晖小区"],
        ],
        [
            ["社区", "年度", "性别", "年龄段", "人口"],
            ["春晖社区", 2012, "男", "18-29", 840],
            ["春晖小区", "2012年", "女", "18-29", 850.5],
            [1002, 2012, "", "", 0],
        ],
    )
    register = good(data)
    assert register.communities == [
        Community(
            "SL01", "春晖社区", ("春晖小区", "春晖居委会"), "示例街道", "示例区", 8640, "商品房型", "邻里互助", "2012"
        ),
        Community("1002", "锦园（东）社区", (), "示例街道", "", 7920, "", "", "2010", "2013-05-06", "SL01"),
    ]
    expected = pd.DataFrame(
        {
            "community": ["SL01", "SL01", "1002"],
            "year": [2012, 2012, 2012],
            "sex": ["男", "女", ""],
            "age_band": ["18-29", "18-29", ""],
            "population": [840.0, 850.5, 0.0],
        }
    )
    pd.testing.assert_frame_equal(register.population, expected)


def test_a_csv_with_english_headers_is_read() -> None:
    register = good(b"code,name,aliases,adult_population\n007,Ward 7,W7,1200\n", "register.csv")
    assert register.communities == [Community("007", "Ward 7", ("W7",), adult_population=1200)]
    assert len(register.population) == 0


def test_all_problems_are_named_at_once() -> None:
    data = workbook(
        [
            HEADER,
            ["A1", "一社区", "", "", "", 0, "", "", "", "", ""],
            ["", "二社区", "", "", "", "约1200", "", "", "", "", ""],
            ["A3", "", "", "", "", 10.5, "", "", "", "", ""],
            ["a1", "四社区", "", "", "", -5, "", "", "前年", "2013-02-30", ""],
            ["A5", "一社区", "四社区", "", "", "", "", "", 2013, 2012, "九社区"],
            ["A6", "六社区", "六社区|A6", "", "", "", "", "", "", "", "A6"],
        ],
        [
            ["社区", "年度", "性别", "年龄段", "人口"],
            ["九社区", 2012, "男", "18-29", 1],
            ["六社区", 12, "男", "18-29", -1],
            ["六社区", 2012, "男", "18-29", 5],
            ["A6", 2012, "男", "18-29", 6],
            ["A6", 2012, "男", "30-44", "x"],
        ],
    )
    found = problems(data)
    assert sorted(found) == sorted(
        [
            ("bad_adults", "社区", "F2"),
            ("missing_code", "社区", "A3"),
            ("bad_adults", "社区", "F3"),
            ("missing_name", "社区", "B4"),
            ("bad_adults", "社区", "F4"),
            ("name_twice", "社区", "A5"),
            ("bad_adults", "社区", "F5"),
            ("bad_date", "社区", "I5"),
            ("bad_date", "社区", "J5"),
            ("name_twice", "社区", "B6"),
            ("name_twice", "社区", "C6"),
            ("ends_first", "社区", "J6"),
            ("bad_successor", "社区", "K6"),
            ("bad_successor", "社区", "K7"),
            ("unknown_community", "人口", "A2"),
            ("bad_year", "人口", "B3"),
            ("bad_population", "人口", "E3"),
            ("group_twice", "人口", "A5"),
            ("bad_population", "人口", "E6"),
        ]
    )


def test_successors_that_cannot_be_right_are_named_at_their_cells() -> None:
    rows = [
        HEADER,
        ["A1", "一社区", "", "", "", "", "", "", "", "", "A2"],
        ["A2", "二社区", "", "", "", "", "", "", "", 2013, "A3"],
        ["A3", "三社区", "", "", "", "", "", "", "", 2014, "二社区|A4"],
        ["A4", "四社区", "", "", "", "", "", "", 2014, "", ""],
    ]
    assert sorted(problems(workbook(rows))) == [
        ("successor_beside", "社区", "K4"),
        ("successor_circle", "社区", "K3"),
        ("successor_circle", "社区", "K4"),
        ("successor_gone", "社区", "K4"),
        ("successor_without_end", "社区", "K2"),
    ]


def test_a_split_names_all_its_parts_and_both_counting_is_worth_a_look() -> None:
    rows = [
        HEADER,
        ["A1", "一社区", "", "", "", "", "", "", "", 2014, "二社区 | A3"],
        ["A2", "二社区", "", "", "", "", "", "", 2014, "", ""],
        ["A3", "三社区", "", "", "", "", "", "", 2015, "", ""],
    ]
    register, findings = read_register("名册.xlsx", workbook(rows))
    assert register is not None
    assert register.communities[0].successor == "A2|A3"
    assert [(f.code, f.level, f.cell) for f in findings] == [("register.successor_beside", "note", "K2")]
    assert "2014–2014" in findings[0].word("zh")


def test_a_missing_column_and_an_empty_register_are_problems() -> None:
    assert problems(workbook([["社区"], ["一社区"]]))[0] == ("tables.missing_column", "社区", "A1")
    assert problems(workbook([HEADER])) == [("no_rows", "社区", "")]
    assert problems(workbook([])) == [("tables.empty_sheet", "社区", "")]


def test_an_error_cell_is_no_blank() -> None:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("社区")
        sheet.write_row(0, 0, ["编号", "社区", "成年人口", "备注"])
        sheet.write_row(1, 0, ["A1", "一社区"])
        sheet.write_formula(1, 2, "=NA()", None, "#N/A")
        sheet.write_formula(1, 3, "=NA()", None, "#N/A")
    found = problems(out.getvalue())
    assert [f for f in found if f[0] == "error_cell"] == [("error_cell", "社区", "C2")]


def test_a_sub_district_merged_over_its_communities_belongs_to_each() -> None:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("社区")
        sheet.write_row(0, 0, ["街道", "编号", "社区"])
        sheet.merge_range("A2:A3", "甲街道")
        sheet.write_row(1, 1, ["A1", "一社区"])
        sheet.write_row(2, 1, ["A2", "二社区"])
    register, findings = read_register("名册.xlsx", out.getvalue())
    assert register is not None
    assert [c.sub_district for c in register.communities] == ["甲街道", "甲街道"]
    assert [f.params for f in findings] == [{"range": "A2:A3", "value": "甲街道", "rows": 2}]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_template_takes_a_register_and_explains_every_column(lang: str) -> None:
    sheets = {s.name: s for s in read_sheets("t.xlsx", register_template(lang))}
    register, population, names, notes = sheets.values()
    explained = {row[0] for row in notes.rows}
    assert {*register.rows[0], *population.rows[0], *names.rows[0]} <= explained
    _, findings = read_register("t.xlsx", register_template(lang))
    assert [f.code for f in findings] == ["register.no_rows"]
    filled = workbook([list(register.rows[0]), ["001", "一社区"]], [list(population.rows[0]), ["001", 2013, "", "", 9]])
    assert good(filled).communities == [Community("001", "一社区")]
    assert good(filled).population["population"].tolist() == [9.0]


def test_findings_are_findings() -> None:
    _, findings = read_register("r.csv", b"code,name\n,x\n")
    assert all(isinstance(f, Finding) for f in findings)
    assert findings[0].where == "r!A2"


def test_a_column_that_is_none_of_a_register_is_named() -> None:
    rows = "编号,社区名称,并入社区,备注\nA,甲,B,\nB,乙,,\n"
    found, findings = read_register("r.csv", rows.encode())
    assert found is not None
    assert [(f.code, f.level, f.params["headers"]) for f in findings] == [
        ("register.columns_ignored", "note", ["并入社区"])  # 备注 holds nothing
    ]
    assert "并入社区" in findings[0].word("zh")
    assert "并入社区" in findings[0].word("en")


def test_other_names_stand_in_every_row_of_a_community_once_and_beside_none_of_its_own():
    text = "编号,社区,别名,起算年度\nA,甲,老甲|甲|老甲| A|,2012\nA,新甲,老甲|甲,2013\n"
    found, findings = read_register("r.csv", text.encode())
    assert found is not None, findings
    assert [c.aliases for c in found.communities] == [("老甲",), ("老甲", "甲")]
