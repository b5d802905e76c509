"""English names in a register workbook: beside a community and its street, and on a sheet of their own."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from survey.fieldwork.register_file import RegisterFile, read_register

HEAD = "编号,社区,街道,英文名,街道英文名\n"


def read(text: str) -> RegisterFile:
    found, findings = read_register("r.csv", (HEAD + text).encode())
    assert found is not None, findings
    return found


def book(**sheets: list[list[Any]]) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
    return buffer.getvalue()


def test_a_community_and_its_street_may_have_an_english_name() -> None:
    found = read("A,甲社区,东街,Alpha,East Street\nB,乙社区,东街,,\n")
    assert found.english == {"甲社区": "Alpha", "东街": "East Street", "乙社区": ""}
    assert [c.name for c in found.communities] == ["甲社区", "乙社区"]


def test_a_register_without_these_columns_tells_none() -> None:
    found, _ = read_register("r.csv", "编号,社区,街道\nA,甲社区,东街\n".encode())
    assert found is not None
    assert found.english == {}


def test_what_nobody_sees_is_no_part_of_a_name_and_a_number_is_a_name() -> None:
    found = read("A,甲社区,东街,\u200bAl  pha\u202e ,\nB,乙社区,东街,1984,\n")
    assert found.english == {"甲社区": "Al pha", "乙社区": "1984", "东街": ""}


@pytest.mark.parametrize(("lang", "words"), [("zh", "只能有一个英文名"), ("en", "has one English name")])
def test_two_english_names_of_one_street_are_a_finding_at_the_second(lang: str, words: str) -> None:
    found, findings = read_register("r.csv", (HEAD + "A,甲社区,东街,,East\nB,乙社区,东街,,Orient\n").encode())
    assert found is None
    assert [(f.code, f.cell) for f in findings] == [("register.english_twice", "E3")]
    assert words in findings[0].word(lang)
    assert "E2" in findings[0].word(lang)


@pytest.mark.parametrize("name", ["names", "英文名称", "英文名称 names"])
def test_offices_and_types_are_named_on_a_sheet_of_their_own(name: str) -> None:
    rows = [["名称", "英文名称"], ["城管办", "Urban Management"], ["混合型", "mixed"]]
    found, findings = read_register("r.xlsx", book(**{name: rows, "社区名册": [["编号", "社区"], ["A", "甲社区"]]}))
    assert found is not None, findings
    assert found.english == {"城管办": "Urban Management", "混合型": "mixed"}
    assert [c.code for c in found.communities] == ["A"]
