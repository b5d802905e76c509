"""Tables of Word documents are read as they are printed; what is no table, or lies elsewhere, is refused in one sentence."""

from __future__ import annotations

import pytest

from survey.core.errors import Refused
from survey.files.preflight import Limits, preflight
from survey.files.read import read_here
from tests.tools.books.word_books import cell, document, paragraph, row, table

PLAIN = table(("指标", "分值"), ("参选率", "20"))


def refused(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(Refused) as refusal:
        preflight("附表.docx", data, limits)
    return refusal.value.key


def codes(sheet) -> dict:
    return {finding.code: finding.params for finding in sheet.findings}


def test_a_table_is_a_sheet_named_by_what_stands_above_it():
    first, second = read_here(
        "附表.docx", document(paragraph("幸福社区测评体系"), paragraph("一、自治型"), PLAIN, PLAIN)
    )
    assert (first.kind, first.rows) == ("docx", [["指标", "分值"], ["参选率", "20"]])
    assert (first.name, second.name) == ("1 幸福社区测评体系 一、自治型", "2")
    assert codes(first) == {}


def test_merged_cells_are_ranges_and_columns_that_nothing_begins_in_are_none():
    rows = (
        row(cell("一级", 3), cell("二级"), cell("分值")),
        row(cell("组织", 3, "restart"), cell("班子", 1, "restart"), "10"),
        row(cell("", 3, "continue"), cell("", 1, "continue"), "5"),
        row(cell("", 3, "continue"), "党建", "5"),
        row(cell("合计", 4), "20"),
    )
    sheet = read_here("a.docx", document(table(*rows)))[0]
    assert sheet.rows == [
        ["一级", "二级", "分值"],
        ["组织", "班子", "10"],
        [None, None, "5"],
        [None, "党建", "5"],
        ["合计", None, "20"],
    ]
    assert set(sheet.merged) == {(1, 0, 3, 0), (1, 1, 2, 1), (4, 0, 4, 1)}


def test_old_merges_across_and_rows_that_begin_further_right():
    one = '<w:tc><w:tcPr><w:hMerge w:val="restart"/></w:tcPr>' + paragraph("共") + "</w:tc>"
    more = "<w:tc><w:tcPr><w:hMerge/></w:tcPr>" + paragraph("") + "</w:tc>"
    sheet = read_here(
        "a.docx", document(table(("甲", "乙", "丙"), row(one, more, "3"), row("右", says='<w:gridBefore w:val="2"/>')))
    )[0]
    assert sheet.rows == [["甲", "乙", "丙"], ["共", None, "3"], [None, None, "右"]]
    assert sheet.merged == ((1, 0, 1, 1),)


def test_tracked_changes_are_read_as_accepted_and_said():
    changed = (
        "<w:p><w:r><w:t>每例扣</w:t></w:r><w:del><w:r><w:delText>5</w:delText></w:r></w:del><w:ins><w:r><w:t>2</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>元</w:t></w:r></w:moveFrom><w:r><w:t>分</w:t></w:r></w:p>"
    )
    joined = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>民主</w:t></w:r></w:p>" + paragraph("决策")
    rows = (("指标", "办法"), row(cell(inner=joined), cell(inner=changed)), row("删去", "了", says="<w:del/>"))
    sheet = read_here("a.docx", document(table(*rows)))[0]
    assert sheet.rows == [["指标", "办法"], ["民主决策", "每例扣2分"]]
    assert codes(sheet) == {"sources.word_tracked": {"n": 5}}


def test_hidden_text_fields_and_what_is_written_twice_are_left_out():
    inner = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>草稿</w:t></w:r><w:r><w:instrText>INCLUDETEXT x.doc</w:instrText></w:r>"
        '<w:r><w:t>每月</w:t><w:br/><w:t>1次</w:t><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
        f'<mc:Fallback xmlns:mc="m">{paragraph("每月1次")}</mc:Fallback></w:p>'
    )
    sheet = read_here(
        "a.docx", document(table(("甲", "乙"), row("一", cell(inner=inner))), paragraph("注：解释权归街道办。"))
    )[0]
    assert sheet.rows[1] == ["一", "每月\n1次√"]
    assert codes(sheet) == {"sources.word_hidden": {"n": 1}, "sources.word_text": {"n": 1}}


def test_a_table_within_a_cell_is_one_of_its_own_and_its_words_stay():
    inner = paragraph("分档：") + table(("98以上", "20分"), ("95以上", "15分")) + paragraph("")
    sheets = read_here("a.docx", document(table(("指标", "办法"), row("落实率", cell(inner=inner)))))
    assert [sheet.rows[0] for sheet in sheets] == [["指标", "办法"], ["98以上", "20分"]]
    assert sheets[0].rows[1] == ["落实率", "分档：\n98以上，20分\n95以上，15分"]
    framed = read_here("a.docx", document(table(row(cell(inner=PLAIN + paragraph(""))))))
    assert [sheet.rows for sheet in framed] == [[["指标", "分值"], ["参选率", "20"]]]


def test_other_names_of_the_main_part_and_content_controls():
    boxed = PLAIN.replace("<w:tr>", "<w:sdt><w:sdtContent><w:tr>", 1).replace(
        "</w:tr>", "</w:tr></w:sdtContent></w:sdt>", 1
    )
    assert read_here("a.doc", document(boxed, main="word/document2.xml"))[0].rows[0] == ["指标", "分值"]


def test_what_must_not_enter():
    assert refused(document(paragraph("没有表格"))) == "preflight.word_tables"
    assert refused(document(table(("只有", "一行")))) == "preflight.word_tables"
    assert refused(document(PLAIN, '<w:altChunk r:id="x" xmlns:r="r"/>')) == "preflight.word_parts"
    assert refused(document(PLAIN, word__vbaProject_bin=b"\0")) == "preflight.macros"
    assert refused(document(PLAIN, word__theme_xml="<!DOCTYPE x><x/>")) == "preflight.doctype"
    assert refused(document(PLAIN, "<w:p>")) == "preflight.damaged_part"
    assert refused(document("<w:tbl><w:tr><w:tc>" * 30)) == "preflight.damaged_part"
    far = table(("a", "b"), row(cell("x", 900), "y", cell("z", 99_999_999), "w"))
    assert read_here("a.docx", document(far))[0].rows == [["a", "b", None, None, None], ["x", None, "y", "z", "w"]]


def test_caps_of_a_workbook_hold():
    wide = table(*[[str(n) for n in range(30)]] * 30)
    assert refused(document(wide), Limits(cells=500)) == "preflight.many_cells"
    assert refused(document(wide), Limits(columns=20)) == "preflight.far_column"
    assert refused(document(wide), Limits(rows=20)) == "preflight.far_row"
    assert refused(document(table(("a", "b"), ("x" * 200, "c"))), Limits(text=100)) == "preflight.long_text"
    assert refused(document(paragraph(" " * 30_000_000), PLAIN)) == "preflight.bomb"


def test_nothing_outside_is_opened(monkeypatch):
    """Templates, pictures and links that lie elsewhere are names in a part that nobody reads."""
    outside = '<Relationships><Relationship Id="r1" TargetMode="External" Type="attachedTemplate" Target="http://192.0.2.1/x.dotm"/></Relationships>'
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("something was opened"))
    data = document(PLAIN, **{"word/_rels/document.xml.rels": outside})
    assert read_here("a.docx", data)[0].rows[1] == ["参选率", "20"]
