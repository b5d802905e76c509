"""Workbooks: values at their true addresses, and what the reader hides put back."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import pytest
import xlsxwriter

from survey.core.errors import Refused
from survey.files.read import read_sheets
from survey.files.readers.merged_cells import filled_down
from survey.files.readers.sheet import Sheet
from tests.tools.hostile import files as hostile
from tests.tools.hostile.files import book, pack, parts, worksheet


def only(data: bytes, file: str = "a.xlsx") -> Sheet:
    (sheet,) = read_sheets(file, data)
    return sheet


def codes(sheet: Sheet) -> list[str]:
    return [f.code for f in sheet.findings]


def written(fill, **options: object) -> bytes:
    """A workbook that xlsxwriter writes, as Excel would."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as workbook:
        fill(workbook)
    return out.getvalue()


def test_a_table_that_starts_at_c5_keeps_its_addresses() -> None:
    sheet = only(book('<row r="5"><c r="C5"><v>1</v></c></row><row r="7"><c r="D7"><v>9</v></c></row>'))
    assert (sheet.rows[6][3], sheet.address(6, 3)) == (9.0, "D7")
    assert sheet.rows[5] == [None] * 4


def test_six_hundred_columns_are_read() -> None:
    """Exports of platforms are wide; a cap of 500 once refused them whole."""

    def fill(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, [f"附加{n}" for n in range(600)])
        sheet.write_row(1, 0, range(600))

    assert only(written(fill)).rows[1][599] == 599


def test_error_cells_are_no_blanks() -> None:
    """Case a36: calamine shows #N/A as ''; the text "#N/A" is text."""
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>#N/A</t></is></c></row>'
        '<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row><row r="3"><c r="B3" t="e"><v>#DIV/0!</v></c></row>'
    )
    sheet = only(book(rows))
    assert sheet.rows == [["#N/A", None], [None, None], [None, None]]
    assert sheet.errors == {(1, 0): "#N/A", (2, 1): "#DIV/0!"}


def test_formulas_with_values_are_noted_and_their_values_taken() -> None:
    """Case a35."""

    def fill(workbook):
        sheet = workbook.add_worksheet("数据")
        for i in range(7):
            sheet.write_formula(i, 0, '=HYPERLINK("http://x","y")', None, i + 1)

    sheet = only(written(fill))
    assert [row[0] for row in sheet.rows] == [1, 2, 3, 4, 5, 6, 7]
    assert sheet.findings[0].params == {"count": 7, "places": "A1, A2, A3, A4, A5 …"}


def test_formulas_without_values_are_refused_with_their_addresses() -> None:
    """Case a34: a reader sees blanks, and trailing rows vanish."""
    rows = '<row r="2">' + "".join(f'<c r="{c}2"><f>1+1</f><v></v></c>' for c in "ABCDE") + "</row>"
    with pytest.raises(Refused) as refusal:
        read_sheets("a.xlsx", book(rows))
    assert refusal.value.key == "preflight.unsaved_formulas"
    assert refusal.value.params["count"] == 5
    assert refusal.value.params["cells"] == "A2, B2, C2, D2, E2"


def test_formulas_without_values_on_a_hidden_sheet_do_not_matter() -> None:
    hidden = worksheet('<row r="1"><c r="A1"><f>1+1</f></c></row>')
    sheets = read_sheets("a.xlsx", pack(parts(worksheet(hostile.TWO_ROWS), hidden, states=("", "hidden"))))
    assert [s.name for s in sheets] == ["表1"]


def test_hidden_sheets_are_left_out_and_hidden_rows_and_columns_read_with_notes() -> None:
    """Case c07."""

    def fill(workbook):
        sheet = workbook.add_worksheet("数据")
        for i in range(6):
            sheet.write_row(i, 0, [i, i, i])
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
        workbook.add_worksheet("草稿").hide()
        workbook.add_worksheet("选项").very_hidden()

    sheet = only(written(fill))
    assert len(sheet.rows) == 6
    notes = {f.code: f.params for f in sheet.findings}
    assert notes == {
        "sources.hidden_sheets": {"count": 2, "sheets": "草稿, 选项"},
        "sources.hidden_rows": {"count": 1, "places": "4"},
        "sources.hidden_columns": {"count": 1, "places": "C"},
    }


def test_a_workbook_without_a_visible_sheet_is_refused() -> None:
    with pytest.raises(Refused, match="都被隐藏了（表1）"):
        read_sheets("a.xlsx", pack(parts(worksheet(hostile.TWO_ROWS), states=("hidden",))))


def test_external_links_are_noted_never_followed() -> None:
    """Case a17."""
    members = {**parts(worksheet(hostile.TWO_ROWS)), "xl/externalLinks/externalLink1.xml": "<externalLink/>"}
    assert codes(only(pack(members))) == ["sources.external_links"]


def test_percentages_are_told_by_their_format() -> None:
    def fill(workbook):
        sheet = workbook.add_worksheet()
        for j, code in enumerate(("0%", "0.00%", "0.0%;[Red]-0.0%", '0"%"', "0\\%", "General")):
            sheet.write_number(0, j, 0.85, workbook.add_format({"num_format": code}))
        sheet.write_string(1, 0, "text", workbook.add_format({"num_format": "0%"}))
        sheet.write_blank(1, 1, None, workbook.add_format({"num_format": "0%"}))

    assert only(written(fill)).percents == {(0, 0), (0, 1), (0, 2)}


@pytest.mark.parametrize("date_1904", [False, True])
def test_dates_are_right_in_both_date_systems(date_1904: bool) -> None:
    """Case c16."""

    def fill(workbook):
        sheet = workbook.add_worksheet()
        sheet.write_datetime(0, 0, datetime(2013, 5, 6), workbook.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_datetime(
            0, 1, datetime(2013, 5, 6, 9, 30), workbook.add_format({"num_format": 'yyyy"年"m"月"d"日" h:mm'})
        )

    sheet = only(written(fill, date_1904=date_1904))
    assert sheet.rows == [[date(2013, 5, 6), datetime(2013, 5, 6, 9, 30)]]


def test_chinese_builtin_date_formats_are_dates() -> None:
    styles = f'<styleSheet {hostile.MAIN}><cellXfs><xf numFmtId="31"/><xf numFmtId="57"/></cellXfs></styleSheet>'
    rows = '<row r="1"><c r="A1" s="0"><v>41400</v></c><c r="B1" s="1"><v>41400</v></c></row>'
    assert only(book(rows, styles=styles)).rows == [[date(2013, 5, 6), date(2013, 5, 6)]]


def test_escaped_carriage_returns_are_decoded() -> None:
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>好_x000D_\n的</t></is></c><c r="B1" t="inlineStr"><is><t>a_x005F_x000D_</t></is></c></row>'
    assert only(book(rows)).rows == [["好\r\n的", "a_x000D_"]]


def test_numbers_and_texts_stay_apart() -> None:
    rows = '<row r="1"><c r="A1"><v>5</v></c><c r="B1" t="inlineStr"><is><t>5</t></is></c><c r="C1" t="b"><v>1</v></c></row>'
    assert only(book(rows)).rows == [[5.0, "5", True]]


def test_merged_ranges_are_cut_to_the_used_range_and_filled_downwards() -> None:
    """Case c09."""

    def fill(workbook):
        sheet = workbook.add_worksheet("数据")
        sheet.merge_range("A1:C1", "标题")
        sheet.write_row("A2", ["街道", "社区", "Q1"])
        sheet.merge_range("A3:A5", "甲街道")
        for i in range(2, 5):
            sheet.write_row(i, 1, [f"社区{i}", 1])
        sheet.merge_range("B6:B1000", "")

    sheet = only(written(fill))
    assert sheet.merged == ((0, 0, 0, 2), (2, 0, 4, 0))
    full = filled_down(sheet, below=1)
    assert [row[0] for row in full.rows] == ["标题", "街道", "甲街道", "甲街道", "甲街道"]
    assert full.findings[-1].params == {"range": "A3:A5", "value": "甲街道", "rows": 3}
    assert sheet.rows[3][0] is None


def test_a_bad_string_index_and_cut_xml_are_a_damaged_file() -> None:
    """Cases a19 and a20."""
    rows = '<row r="1"><c r="A1" t="s"><v>99</v></c></row>'
    cut = worksheet(hostile.TWO_ROWS)[:-30]
    with pytest.raises(Refused) as refusal:
        read_sheets("a.xlsx", book(rows, shared=hostile.shared_strings("a")))
    assert (refusal.value.key, refusal.value.params["cell"]) == ("sources.lost_text", "A1")
    with pytest.raises(Refused) as refusal:
        read_sheets("a.xlsx", pack(parts(cut)))
    assert (refusal.value.key, refusal.value.params["sheet"]) == ("sources.unreadable_sheet", "表1")


def test_sheets_come_in_workbook_order_with_their_own_scans() -> None:
    first = worksheet('<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>')
    sheets = read_sheets("a.xlsx", pack(parts(worksheet(hostile.TWO_ROWS), first, names=("二社区", "一社区"))))
    assert [(s.name, dict(s.errors)) for s in sheets] == [("二社区", {}), ("一社区", {(0, 0): "#N/A"})]


def test_an_old_workbook_is_read_with_what_the_reader_hides() -> None:
    cells = (
        hostile.text_cell(0, 0, "题一")
        + hostile.number_cell(1, 0, 5)
        + hostile.number_cell(2, 1, 0.85, style=1)
        + hostile.error_cell(3, 0, 42)
        + hostile.formula_cell(4, 0, 7)
    )
    sheet = only(hostile.xls({"数据": cells}, styles=(0, 9)), "a.xls")
    assert sheet.rows == [["题一", None], [5.0, None], [None, 0.85], [None, None], [7.0, None]]
    assert (sheet.name, sheet.kind) == ("数据", "xls")
    assert sheet.errors == {(3, 0): "#N/A"}
    assert sheet.percents == {(2, 1)}
    assert sheet.findings[0].params == {"count": 1, "places": "A5"}


def test_a_workbook_of_excel_95_is_read_with_its_errors() -> None:
    cells = hostile.number_cell(0, 0, 5) + hostile.error_cell(1, 0, 7)
    sheet = only(hostile.old_xls("数据", cells), "a.xls")
    assert (sheet.rows, sheet.errors) == ([[5.0], [None]], {(1, 0): "#DIV/0!"})


def test_what_other_programs_hang_on_does_not_matter() -> None:
    extra = '<?xml version="1.0" encoding="utf-16"?><x/>'.encode("utf-16")
    assert only(pack({**parts(worksheet(hostile.TWO_ROWS)), "customXml/item1.xml": extra})).rows == [["Q1"], [1.0]]
