"""``scheme draft`` on the command line, and what ``scheme add`` says of a new version."""

from __future__ import annotations

import csv
from io import StringIO

from openpyxl import load_workbook

from tests.tools.books import annexes
from tests.tools.commands import run

__all__ = ["run"]


def test_from_an_annex_in_word_to_an_adopted_scheme_and_its_next_version(run, tmp_path):
    (tmp_path / "附表.docx").write_bytes(annexes.in_word())
    status, out, said = run("scheme", "draft", "附表.docx", "draft.xlsx")
    assert status == 0
    rows = list(csv.DictReader(StringIO(out)))
    assert (len(rows), rows[0]["clause"], rows[0]["rule"], rows[0]["check"]) == (
        25,
        "应开会4次，每少一次扣2分",
        "差额扣分",
        "",
    )
    assert all(row["reading"] and row["source"] for row in rows)
    assert "25 个指标，合计 700 分，其中 0 处要核对" in said
    assert "表格以外有 1 段文字" in said
    assert run("init")[0] == 0
    assert run("scheme", "add", "draft.xlsx")[0] == 3
    book = load_workbook(tmp_path / "draft.xlsx")
    book["scheme 设置"]["B2"] = "是"
    book.save(tmp_path / "seen.xlsx")
    assert run("scheme", "add", "seen.xlsx")[0] == 0
    book["indicators 指标"]["I2"] = "target=6 each=2"
    book.save(tmp_path / "next.xlsx")
    status, out, said = run("scheme", "add", "next.xlsx")
    assert (status, "annex2014,2," in out) == (0, True)
    assert "与版本 1 相比有 1 处不同" in said
    assert "评分规则由" in said
    assert "没有差别" in run("scheme", "add", "next.xlsx")[2]


def test_what_is_no_annex_is_refused_and_nothing_is_written(run, tmp_path):
    (tmp_path / "a.csv").write_text("编号,社区\n1,甲\n", encoding="utf-8")
    status, _, said = run("scheme", "draft", "a.csv", "draft.xlsx")
    assert (status, "没有找到指标表" in said) == (3, True)
    assert not (tmp_path / "draft.xlsx").exists()
    assert run("scheme", "draft", "a.csv", "draft.csv")[0] == 2
