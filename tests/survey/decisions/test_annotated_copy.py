"""The annotated copy: what is wrong is marked where it stands, and everything of the user's is still there."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText

from survey.core.findings import Finding
from survey.decisions.annotated_copy import annotated_copy, losses
from survey.decisions.decision_file import read_decisions
from survey.decisions.finding_list import FILLS, SHEET_COLUMNS, Concerned, finding_table, list_workbook
from survey.files.read import read_sheets
from tests.tools.books.odd_books import USER_FILL, dressed

BAD = Finding(
    "checking.not_a_choice",
    sheet="数据",
    cell="D3",
    row=3,
    header="办事方便",
    params={"found": "满", "expected": {"zh": "1 很满意", "en": "1 很满意"}, "suggestion": "满意"},
)
ASK = Finding("checking.other_answers", "ask", "row", "数据", "A6", 6, "编号", {"found": "13800001234", "other": 2})
NOTE = Finding(
    "checking.normalised",
    "note",
    "cell",
    "数据",
    "E4",
    4,
    "环境卫生",
    {"found": "３", "became": "3", "n": 1, "cells": "E4"},
)
IGNORED = Finding("intake.columns_ignored", "note", "sheet", "数据", "F1", params={"n": 1, "headers": "合计"})
ROW = Finding("checking.key_blank", "refuse", "row", "数据", "C7", 7, "年度", {"found": ""})
ALL = (IGNORED, BAD, NOTE, ASK, ROW)


def load(data):
    return openpyxl.load_workbook(BytesIO(data), rich_text=True)


def fill(cell):
    return str(cell.fill.fgColor.rgb)[-6:] if cell.fill.fill_type == "solid" else ""


def listed(page):
    head, *rows = page.iter_rows(values_only=True)
    return [dict(zip(SHEET_COLUMNS, row, strict=False)) for row in rows], head


def sewn(data, **parts):
    """The archive with parts added or replaced."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, old.read(name)))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def test_bad_cells_are_coloured_and_commented():
    book = load(annotated_copy("a.xlsx", dressed(), ALL, "zh"))
    page = book["数据"]
    assert [fill(page[c]) for c in ("D3", "A6", "E4", "F1")] == [FILLS["refuse"], FILLS["ask"], FILLS["note"], ""]
    assert fill(page["B7"]) == FILLS["refuse"]  # the cell of the merged range that shows
    assert page["D3"].comment.text.startswith("我再核实\n\n〔导入问题〕\n填了“满”")
    assert page["D3"].comment.author == "张三"
    assert "138****1234" in page["A6"].comment.text
    assert page["E2"].comment.text == "别动"


def test_everything_of_the_users_is_kept():
    before, after = load(dressed()), load(annotated_copy("a.xlsx", dressed(), ALL, "zh"))
    assert after.sheetnames == ["导入问题清单", *before.sheetnames]
    old, new = before["数据"], after["数据"]
    assert [[c.value for c in row] for row in new.iter_rows()] == [[c.value for c in row] for row in old.iter_rows()]
    assert new["F2"].data_type == "f"
    assert (new["A5"].data_type, new["A5"].value) == ("s", "=1+1")
    assert isinstance(new["A4"].value, CellRichText)
    assert str(new["B3"].fill.fgColor.rgb) == USER_FILL
    assert new.column_dimensions["D"].width == 33
    assert [str(v.sqref) for v in new.data_validations.dataValidation] == ["D2:D99"]
    assert [str(r.sqref) for r in new.conditional_formatting] == ["E2:E99"]
    assert (new.freeze_panes, len(new._charts), [str(m) for m in new.merged_cells.ranges]) == ("A2", 1, ["B7:C7"])


def test_the_first_sheet_lists_the_findings_and_leads_to_their_cells():
    book = load(annotated_copy("a.xlsx", dressed(), ALL, "zh"))
    page = book.worksheets[0]
    rows, head = listed(page)
    assert book.active is page
    assert [s.title for s in book.worksheets if s.sheet_view.tabSelected] == [page.title]
    assert head[:4] == ("位置", "题目", "填写内容", "问题")
    assert [r["where"] for r in rows] == ["数据!D3", "数据!A6", "数据!C7", None, "数据!F1", "数据!E4"]
    assert [r["level"] for r in rows] == ["不能入库", "待核对", "不能入库", "提示", "提示", "提示"]
    assert rows[0]["suggestion"] == "满意"
    assert rows[1]["found"] == "138****1234"
    assert "6 个公式" in rows[3]["message"]
    assert [page.row_dimensions[r].height for r in (2, 3, 4)] == [15.0, 30.0, 15.0]  # long sentences show whole
    assert page["A2"].hyperlink.location == "'数据'!D3"
    assert {str(v.sqref).split("2:")[0] for v in page.data_validations.dataValidation} == {"F", "I"}


def test_nothing_we_write_is_a_formula():
    evil = Finding(
        "checking.not_a_choice",
        sheet="数据",
        cell="D3",
        row=3,
        header="=1+1",
        params={"found": "=HYPERLINK(1)", "expected": {"zh": "x", "en": "x"}, "suggestion": "=2"},
    )
    control = Finding("checking.not_a_date", sheet="数据", cell="D4", row=4, header="#N/A", params={"found": "a\x01b"})
    for data in (annotated_copy("=a.xlsx", dressed(), [evil, control], "zh"), list_workbook([("=a", [evil])], "en")):
        page = load(data).worksheets[0]
        assert {c.data_type for row in page.iter_rows() for c in row if c.value is not None} == {"s"}
        assert page["C2"].value == "=HYPERLINK(1)"


def test_an_annotated_copy_filled_in_is_a_list_of_decisions():
    for data in (annotated_copy("a.xlsx", dressed(), ALL, "zh"), list_workbook([("a.xlsx", ALL)], "zh")):
        book = load(data)
        page = book.worksheets[0]
        names = list(SHEET_COLUMNS)
        page.cell(2, names.index("decision") + 1, "改为")
        page.cell(2, names.index("value") + 1, "满意")
        page.cell(2, names.index("alike") + 1, "是")
        for other in book.worksheets[1:]:
            book.remove(other)  # formulas without a stored result would be refused, as in any file
        out = BytesIO()
        book.save(out)
        (decision,), findings = read_decisions("批注.xlsx", out.getvalue())
        assert findings == []
        assert (decision.action, decision.sheet, decision.cell, decision.header) == ("set", "数据", "D3", "办事方便")
        assert (decision.found, decision.value, decision.alike, decision.file) == ("满", "满意", True, "a.xlsx")
        assert decision.code == "checking.not_a_choice"


def test_marks_of_an_earlier_copy_do_not_pile_up():
    first = annotated_copy("a.xlsx", dressed(), ALL, "en")
    second = load(annotated_copy("a.xlsx", first, (BAD,), "zh"))
    assert second.sheetnames == ["导入问题清单", "数据", "说明 '1'"]
    page = second["数据"]
    assert (page["D3"].comment.text.count("导入问题"), page["D3"].comment.text.count("Import findings")) == (1, 0)
    assert (page["A6"].comment, fill(page["A6"]), fill(page["B3"])) == (None, "", USER_FILL[-6:])
    clean = load(annotated_copy("a.xlsx", first, (), "zh"))["数据"]
    assert clean["D3"].comment.text == "我再核实"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_lost_is_said(lang):
    sheet, drawing = "xl/worksheets/sheet1.xml", "xl/drawings/drawing1.xml"
    with ZipFile(BytesIO(dressed())) as parts:
        content, drawn = parts.read(sheet), parts.read(drawing)
    ext = (
        b'<extLst><ext xmlns:x14="u" uri="{}"><x14:sparkline /><x14:cfRule /><x14:cfRule />'
        b"<x14:dataValidation /></ext></extLst></worksheet>"
    )
    data = sewn(
        dressed(),
        **{
            sheet: content.replace(b"</worksheet>", ext),
            drawing: drawn + b"<!--<xdr:sp macro=''>-->",
            "xl/media/image1.png": b"x",
            "xl/threadedComments/t1.xml": b"<a/>",
            "xl/ctrlProps/c1.xml": b"<a/>",
            "xl/slicers/slicer1.xml": b"<a/>",
            "xl/embeddings/o.bin": b"x",
        },
    )
    lost = {f.code.rpartition(".")[2]: f.params["n"] for f in losses(data)}
    assert lost == {
        "shapes": 1,
        "sparklines": 1,
        "formats": 2,
        "drop_downs": 1,
        "threads": 1,
        "controls": 1,
        "slicers": 1,
        "embedded": 1,
        "images": 1,
    }
    assert losses(dressed()) == ()
    assert all(f.word(lang) for f in losses(data))


def test_other_files_get_the_list_with_the_rows_concerned():
    text = "编号,社区,年度,办事方便,电话\n1,甲,2014,满意,\n2,甲,2014,满,13800001234\n"
    (sheet,) = read_sheets("数据.csv", text.encode())
    data = annotated_copy("数据.csv", text.encode(), [BAD, NOTE], "zh", about=Concerned(sheet, 1))
    book = load(data)
    assert book.sheetnames == ["导入问题清单"]
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    start = len(SHEET_COLUMNS) + 1
    assert rows[0][start:] == ("[A] 编号", "[B] 社区", "[C] 年度", "[D] 办事方便", "[E] 电话")
    assert rows[1][0] == "数据!D3"
    assert rows[1][start:] == ("2", "甲", "2014", "满", "138****1234")
    assert set(rows[2][start:]) == {None}  # a note needs no row
    cell = book.worksheets[0].cell(2, start + 4)
    assert fill(cell) == FILLS["refuse"]
    assert rows[2][3] == "这个文件不是能够批注的 .xlsx，只列出清单。"


def test_large_damaged_and_dangerous_files_get_the_list_alone():
    for data, most, said in (
        (dressed(30), 20, "文件太大"),
        (b"PK\x03\x04 nothing", 20, "不是能够批注"),
        (sewn(dressed(), **{"xl/comments/comment1.xml": b"<comments"}), 20, "无法另存"),
    ):
        rows, _ = listed(load(annotated_copy("a.xlsx", data, [BAD], "zh", most=most)).worksheets[0])
        assert [r["where"] for r in rows] == ["数据!D3", None]
        assert said in rows[1]["message"]


def test_the_table_is_the_form_for_decisions():
    table = finding_table("a.xlsx", ALL, "zh")
    assert table.columns.tolist()[:11] == [
        "file",
        "where",
        "sheet",
        "cell",
        "row",
        "header",
        "level",
        "scope",
        "code",
        "found",
        "message",
    ]
    assert table.columns.tolist()[11:] == ["suggestion", "decision", "value", "reason", "alike"]
    assert table["suggestion"].tolist() == ["", "满意", "", "", ""]
    assert (table[["decision", "value", "reason", "alike"]] == "").all().all()
    assert "138****1234" in table["message"][3]
