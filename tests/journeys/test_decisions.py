"""From findings to a stored file on the command line: list, decisions, annotated copy."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest

import xingfu
from survey.form.workbook.writing import write_questionnaire
from tests.tools import templates
from tests.tools.books.odd_books import dressed
from tests.tools.forms import form

HEADER = "编号,社区,年度,办事方便,环境卫生\n"
BAD = HEADER + "1,甲社区,2014,满,1\n2,丙,2014,1,1\n3,甲社区,2014,满,1\n4,甲社区,2014,66,1\n"


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    """``xingfu`` in a folder with a store, a register and the questionnaire ``q``; gives (status, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    for name in ("XINGFU_STORE", "XINGFU_LANG"):
        monkeypatch.delenv(name, raising=False)

    def call(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        status = xingfu.main(list(words))
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    templates.folder("decisions", tmp_path, lambda: _make_town(call))
    return call


def _make_town(call):
    assert call("init")[0] == 0
    Path("名册.csv").write_text("code,name,adult_population\nC1,甲社区,3000\n", encoding="utf-8")
    Path("q.xlsx").write_bytes(write_questionnaire(form()))
    assert call("communities", "add", "名册.csv")[0] == call("questionnaire", "add", "q.xlsx", "--name", "q")[0] == 0
    Path("a.csv").write_text(BAD, encoding="utf-8")


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def decide(path, **by_cell):
    """Fill in a list of findings: cell → (decision, value, reason, alike)."""
    rows = table(Path(path).read_text(encoding="utf-8"))
    for row in rows:
        row.update(zip(("decision", "value", "reason", "alike"), by_cell.get(row["cell"], ()), strict=False))
    with Path(path).open("w", encoding="gb18030", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_the_list_of_findings_filled_in_stores_the_file(run):
    status, _, _ = run("import", "a.csv", "--questionnaire", "q", "--findings", "f.csv")
    assert status == 3
    decide("f.csv", D2=("改为", "满意", "", "是"), B3=("leave_out", "", "外街道"), D5=("set", "6"))
    status, _, err = run("import", "a.csv", "--questionnaire", "q", "--decisions", "f.csv", "--findings", "g.csv")
    assert status == 3  # 6 is no choice either
    assert "a!D5" in err
    decide("g.csv", D5=("blank", "", "看不清"))
    lines = table(Path("g.csv").read_text(encoding="gb18030"))
    assert [(r["cell"], r["found"], r["decision"]) for r in lines if r["cell"] == "D5"] == [("D5", "66", "blank")] * 2
    status, out, err = run("import", "a.csv", "--questionnaire", "q", "--decisions", "g.csv")
    assert status == 0, err
    (row,) = table(out)
    assert (row["stored"], row["left_out"], row["refused_rows"], row["refused_cells"]) == ("3", "1", "0", "0")
    kept = table(run("batches", row["batch"])[1])
    assert {r["code"] for r in kept} == {"decisions.changed", "decisions.emptied", "decisions.left_out"}


def test_wrong_decisions_store_nothing_and_are_all_named(run):
    Path("d.csv").write_text(
        "sheet,cell,found,decision,value,reason\na,D2,差,set,满意,\na,B3,丙,leave_out,,外街道\n", encoding="utf-8"
    )
    status, _, err = run("import", "a.csv", "--questionnaire", "q", "--decisions", "d.csv", "--accept-partial")
    assert status == 3
    assert "d!D2" in err
    Path("d.csv").write_text("cell,decision\nD2,也许\nD3,leave_out\n", encoding="utf-8")
    status, _, err = run("import", "a.csv", "--questionnaire", "q", "--decisions", "d.csv", "--lang", "en")
    assert status == 3
    assert "d!B2" in err
    assert "d!B3" in err
    Path("d.json").write_text('[{"file": "b.csv", "cell": "D2", "decision": "blank"}]', encoding="utf-8")
    assert run("import", "a.csv", "--questionnaire", "q", "--decisions", "d.json")[0] == 3
    assert run("import", "a.csv", "--questionnaire", "q", "--decisions", "none.csv")[0] == 3


def test_an_annotated_copy_beside_the_import(run):
    Path("b.xlsx").write_bytes(dressed())
    status, _, err = run("import", "b.xlsx", "--questionnaire", "q", "--annotated", "批注.xlsx")
    assert status == 3
    assert "公式" in err  # those of a workbook that no spreadsheet program has saved yet have no results
    page = openpyxl.load_workbook("批注.xlsx").worksheets[0]
    assert page.title == "导入问题清单"
    assert "公式" in page["D2"].value
    Path("c.xlsx").write_bytes(dressed(formulas=False))
    assert run("import", "c.xlsx", "--questionnaire", "q", "--annotated", "批注.xlsx")[0] == 3
    book = openpyxl.load_workbook("批注.xlsx")
    page = book.worksheets[0]
    assert book["数据"]["D3"].comment.text.startswith("我再核实")
    row = next(r for r in range(2, 9) if page.cell(r, 1).value == "数据!D3")
    page.cell(row, 6).value, page.cell(row, 7).value = "改为", page.cell(row, 5).value
    row = next(r for r in range(2, 9) if page.cell(r, 1).value == "数据!C7")
    page.cell(row, 6).value, page.cell(row, 8).value = "不入库", "合并单元格"
    book.save("批注.xlsx")
    status, out, err = run("import", "c.xlsx", "--questionnaire", "q", "--decisions", "批注.xlsx")
    assert status == 0, err
    assert (table(out)[0]["stored"], table(out)[0]["left_out"]) == ("5", "1")


def test_several_files_get_a_copy_each_and_the_list_can_be_a_workbook(run):
    Path("b").mkdir()
    Path("b/a.csv").write_text(HEADER + "9,甲社区,2014,1,1\n", encoding="utf-8")
    status, _, err = run(
        "import",
        "a.csv",
        "b/a.csv",
        "none.csv",
        "--questionnaire",
        "q",
        "--annotated",
        "o.xlsx",
        "--findings",
        "f.xlsx",
    )
    assert status == 3
    assert sorted(p.name for p in Path().glob("o_*")) == ["o_a.xlsx", "o_a_2.xlsx"]
    assert "o_a_2.xlsx" in err
    page = openpyxl.load_workbook("f.xlsx").active
    assert [row[0] for row in page.iter_rows(min_row=2, values_only=True)] == ["a!D2", "a!B3", "a!D4", "a!D5"]
    page["F3"], page["H3"], page["F2"], page["I2"] = "不入库", "外街道", "留空", "是"
    page["F5"] = "留空"
    page.parent.save("f.xlsx")
    assert run("import", "a.csv", "--questionnaire", "q", "--decisions", "f.xlsx")[0] == 0


def test_a_copy_that_is_no_xlsx_or_would_replace_the_file_is_wrong_usage(run):
    data = dressed()
    Path("b.xlsx").write_bytes(data)
    assert run("import", "a.csv", "--questionnaire", "q", "--annotated", "o.xls")[0] == 2
    assert run("import", "b.xlsx", "--questionnaire", "q", "--annotated", "b.xlsx")[0] == 2
    assert Path("b.xlsx").read_bytes() == data
