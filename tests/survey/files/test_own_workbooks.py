"""Our own workbooks: headers in either language, records with true addresses, problems named."""

from __future__ import annotations

import pytest

from survey.files.own_workbooks import Column, find_sheet, header_key, plain_text, read_table
from survey.files.readers.sheet import Sheet

COLUMNS = (
    Column("code", ("编号",), required=True),
    Column("name", ("社区",), required=True),
    Column("year", ("年度",)),
)


def read(*rows, **more):
    findings = []
    return read_table(Sheet("a.xlsx", "名册", [list(r) for r in rows], **more), COLUMNS, findings), findings


@pytest.mark.parametrize(
    "header", [["code", "name"], ["编号", "社区"], ["code 编号", "Name 社区"], ["ＣＯＤＥ", " 社 区 "]]
)
def test_headers_in_either_language_or_both(header):
    records, findings = read(header, ["C1", "甲"])
    assert findings == []
    assert (records[0].text("code"), records[0].text("name")) == ("C1", "甲")


def test_addresses_are_true_and_blank_rows_and_cells_are_none():
    records, _ = read(
        [None], ["编号", "社区", "年度"], [1.0, "甲", None], [None, " ", None], ["C2", "乙", 2014.0], top=2, left=1
    )
    assert [(r.number, r.text("code"), r.values["year"]) for r in records] == [(5, "1", None), (7, "C2", 2014.0)]
    assert records[1].addresses == {"code": "B7", "name": "C7", "year": "D7"}


def test_missing_and_doubled_headers_are_findings():
    _, findings = read(["编号", "code", "备注"], ["C1", "x", "y"])
    assert [(f.code, f.cell) for f in findings] == [("tables.header_twice", "B1"), ("tables.missing_column", "A1")]


def test_other_columns_are_kept_by_their_header():
    records, _ = read(["编号", "社区", "备注"], ["C1", "甲", "x"])
    assert records[0].extra == {"备注": "x"}


def test_an_empty_sheet_is_a_finding():
    records, findings = read([None, None])
    assert (records, [f.code for f in findings]) == ([], ["tables.empty_sheet"])


def test_sheets_go_by_either_name():
    sheets = [Sheet("a", n, []) for n in ("说明", "Indicators 指标")]
    assert find_sheet(sheets, "indicators", "指标") is sheets[1]
    assert find_sheet(sheets, "stars") is None


def test_texts_of_cells():
    assert (plain_text(3.0), plain_text(None), plain_text(" x ")) == ("3", "", "x")
    assert header_key("Ａ b\u3000C") == "abc"


def test_what_nobody_sees_is_left_out_of_cells_and_listed():
    records, findings = read(["code", "name"], ["A1", "\u202e甲\u200b社区"], ["A2", "乙社区"], ["A\ufeff3", "丙社区"])
    assert [(r.values["code"], r.values["name"]) for r in records] == [
        ("A1", "甲社区"),
        ("A2", "乙社区"),
        ("A3", "丙社区"),
    ]
    (note,) = findings
    assert (note.code, note.level, note.params) == ("tables.unseen", "note", {"n": 2, "cells": "B2、A4"})
