"""What may enter: attacks, damage and other formats get their verdict before a reader opens them."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
from io import BytesIO
from time import process_time

import pytest

from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.files.preflight import Limits, byte_scan, preflight, xml_scan
from survey.files.read import read_sheets
from tests.tools.hostile import files as hostile
from tests.tools.hostile.files import book, pack, parts, worksheet

FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{cell}"><v>1</v></c></row>'
DTD = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "{entity}">]><worksheet {main}><sheetData/></worksheet>'


def with_part(name: str, text: str | bytes, **options: object) -> bytes:
    return pack({**parts(worksheet(hostile.TWO_ROWS), **options), name: text})  # type: ignore[arg-type]


def entity(text: str) -> bytes:
    return pack(parts(DTD.format(entity=text, main=hostile.MAIN)))


def truncated() -> bytes:
    data = book()
    return data[: len(data) // 2]


def damaged_bytes() -> bytes:
    data = bytearray(book("".join(f'<row r="{i}"><c r="A{i}"><v>{i * 37}</v></c></row>' for i in range(1, 900))))
    at = data.index(b"PK\x03\x04") + 200
    data[at : at + 20] = b"\xff" * 20
    return bytes(data)


def twin_members() -> bytes:
    out = BytesIO(book())
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", "<other/>")
    return out.getvalue()


def shared_bomb() -> bytes:
    """One long text that 20,000 cells name: 640 MB for whoever copies it into each of them."""
    cells = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, 20_001))
    return book(cells, shared=hostile.shared_strings("x" * 32_000))


REFUSED = {
    "a01 cells": (lambda: hostile.zeros("xl/worksheets/sheet1.xml", 25), "bomb", {}),
    "a02 spaces": (lambda: hostile.zeros("xl/sharedStrings.xml", 25, b"<sst>"), "bomb", {}),
    "a03 one string": (lambda: hostile.zeros("xl/sharedStrings.xml", 25, b"<sst><si><t>", b"a"), "bomb", {}),
    "a03 one string, many cells": (shared_bomb, "bomb", {}),
    "a02 spread over parts under the cap of one": (
        lambda: pack({**parts(worksheet(hostile.TWO_ROWS)), **{f"xl/x{i}.xml": b" " * 19_000_000 for i in range(4)}}),
        "bomb",
        {},
    ),
    "a04 entity": (lambda: entity("&a;&a;"), "doctype", {}),
    "a07 external entity": (lambda: entity('x" SYSTEM "file:///etc/passwd'), "doctype", {}),
    "a08 entity in another part": (lambda: with_part("xl/theme/theme1.xml", "<!DOCTYPE x><x/>"), "doctype", {}),
    "a08 entity hidden by its encoding": (
        lambda: with_part("xl/worksheets/sheet1.xml", DTD.format(entity="a", main="").encode("utf-16")),
        "damaged_part",
        {"part": "xl/worksheets/sheet1.xml"},
    ),
    "a10 far corner": (lambda: book(FAR.format(row=1048576, cell="XFD1048576")), "far_row", {"row": 1048576}),
    "a11 far row": (lambda: book(FAR.format(row=1048576, cell="A1048576")), "far_row", {"row": 1048576}),
    "a12 far column": (lambda: book(FAR.format(row=1, cell="XFD1")), "far_column", {"column": 16384}),
    "a13 outside the grid": (
        lambda: book(FAR.format(row=99999999, cell="ZZZZ99999999")),
        "outside_grid",
        {"cell": "ZZZZ99999999"},
    ),
    "a13 row 0": (lambda: book('<row r="0"><c r="A0"><v>1</v></c></row>'), "outside_grid", {"cell": "A0"}),
    "a15 merged sheet": (
        lambda: book(tail='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "merged_sheet",
        {"range": "A1:XFD1048576"},
    ),
    "a15 many merges": (
        lambda: book(tail="<mergeCells>" + '<mergeCell ref="A1:A2"/>' * 10_001 + "</mergeCells>"),
        "many_merges",
        {},
    ),
    "a16 path": (lambda: with_part("../../evil.xml", "<x/>"), "odd_member", {}),
    "a16 absolute path": (lambda: with_part("/evil.xml", "<x/>"), "odd_member", {}),
    "a18 members": (
        lambda: pack({**parts(worksheet(hostile.TWO_ROWS)), **{f"xl/x{i}.xml": "" for i in range(5_000)}}),
        "many_members",
        {},
    ),
    "a21 truncated": (truncated, "truncated", {}),
    "a22 damaged bytes": (damaged_bytes, "damaged_part", {"part": "xl/worksheets/sheet1.xml"}),
    "a23 empty": (lambda: b"", "empty", {}),
    "a24 only spaces": (lambda: b"\xef\xbb\xbf \r\n", "blank", {}),
    "a25 other zip": (lambda: pack({"photo.jpg": b"\xff\xd8"}), "no_workbook", {}),
    "a26 encrypted": (lambda: hostile.compound({"EncryptionInfo": b"", "EncryptedPackage": b"x"}), "password", {}),
    "a26 encrypted xls": (lambda: hostile.xls({"S": b""}, hostile.record(0x2F, bytes(6))), "password", {}),
    "a29 html": (lambda: b"\r\n<html xmlns:x=''><table><tr><td>1</td></tr></table>", "html", {}),
    "a29 html in utf-16": (lambda: "<table><tr><td>题".encode("utf-16"), "html", {}),
    "a29 web archive": (lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "html", {}),
    "a30 xml 2003": (
        lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
        "xml_2003",
        {},
    ),
    "a33 macros": (lambda: with_part("xl/vbaProject.bin", b"\0"), "macros", {}),
    "a33 macros in xls": (lambda: hostile.xls({"S": b""}, _VBA_PROJECT_CUR=b"x"), "macros", {}),
    "twin members": (twin_members, "twin_members", {}),
    "no sheet in the workbook": (lambda: pack(parts()), "damaged_part", {"part": "xl/workbook.xml"}),
    "xlsb": (lambda: pack({"xl/workbook.bin": b"x"}), "xlsb", {}),
    "docx": (lambda: pack({"word/document.xml": b"x"}), "damaged_part", {"part": "word/document.xml"}),
    "docx without a table": (lambda: pack({"word/document.xml": b"<document/>"}), "word_tables", {}),
    "ods": (lambda: pack({"content.xml": b"x", "mimetype": b"x"}), "ods", {}),
    "doc": (lambda: hostile.compound({"WordDocument": b"x"}), "word", {}),
    "other ole": (lambda: hostile.compound({"Something": b"x"}), "not_a_workbook", {}),
    "cut ole": (lambda: hostile.compound({"Workbook": b"x"})[:600], "truncated", {}),
    "pdf": (lambda: b"%PDF-1.4", "pdf", {}),
    "png": (lambda: b"\x89PNG\r\n", "image", {}),
    "jpeg": (lambda: b"\xff\xd8\xff\xe0", "image", {}),
    "heic": (lambda: b"\0\0\0\x18ftypheic", "image", {}),
    "spss with a password": (lambda: b"\x1c" + bytes(7) + b"ENCRYPTEDSAV" + bytes(500), "password", {}),
    "gzip": (lambda: b"\x1f\x8b\x08", "archive", {}),
    "texts declared without end": (
        lambda: book(shared=f'<sst {hostile.MAIN} uniqueCount="99999999999"><si><t>a</t></si></sst>'),
        "damaged_part",
        {"part": "xl/sharedStrings.xml"},
    ),
    "used range of an xls declared without end": (
        lambda: hostile.xls({"S": hostile.record(0x0200, struct.pack("<IIHHH", 0, 0xFFFFFFFE, 0, 0xFFFF, 0))}),
        "truncated",
        {},
    ),
    "far column in xls": (
        lambda: hostile.xls({"S": hostile.number_cell(65535, 65535, 1)}),
        "far_column",
        {"column": 65536},
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_must_not_enter_gets_one_sentence_at_once(case: str) -> None:
    make, key, params = REFUSED[case]
    data = make()
    started = process_time()
    with pytest.raises(Refused) as refusal:
        preflight("答卷.xlsx", data)
    assert process_time() - started < 1
    assert refusal.value.key == f"preflight.{key}"
    assert params.items() <= refusal.value.params.items()
    for lang in LANGUAGES:
        assert "答卷.xlsx" in refusal.value.word(lang)


def test_a_wps_file_is_told_to_be_saved_as_xlsx() -> None:
    with pytest.raises(Refused, match="WPS"):
        preflight("答卷.et", hostile.xls({"S": hostile.number_cell(0, 0, 1)}))


def test_a_file_over_the_upload_cap_is_refused_and_the_cap_is_a_setting() -> None:
    with pytest.raises(Refused, match="51 MB"):
        preflight("a.csv", b"1" * 51_000_000)
    assert preflight("a.csv", b"1" * 51_000_000, Limits(upload=60_000_000)).kind == "text"


def test_a_bomb_costs_no_memory() -> None:
    data = hostile.zeros("xl/worksheets/sheet1.xml", 25)
    tracemalloc.start()
    with pytest.raises(Refused):
        preflight("a.xlsx", data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_directory_that_understates_a_part_is_found_out() -> None:
    data = hostile.lying_directory(hostile.zeros("xl/worksheets/sheet1.xml", 25), "xl/worksheets/sheet1.xml", 1000)
    with pytest.raises(Refused) as refusal:
        preflight("a.xlsx", data)
    assert refusal.value.key == "preflight.damaged_part"


def test_far_blank_cells_are_nothing() -> None:
    """Case a14 and colouring to the end of the sheet: a style without a value is no content."""
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row><row r="1048576"><c r="B1048576" s="0"></c></row>'
    assert read_sheets("a.xlsx", book(rows))[0].rows == [[1.0]]


def test_styled_blank_rows_are_within_the_caps() -> None:
    blanks = "".join(f'<row r="{i}"><c r="A{i}" s="0"/></row>' for i in range(2, 100_000))
    assert read_sheets("a.xlsx", book('<row r="1"><c r="A1"><v>1</v></c></row>' + blanks))[0].rows == [[1.0]]


def test_the_dimension_is_not_believed() -> None:
    """Case a09."""
    sheet = worksheet(hostile.TWO_ROWS, head='<dimension ref="A1:XFD1048576"/>')
    assert read_sheets("a.xlsx", pack(parts(sheet)))[0].rows == [["Q1"], [1.0]]


def test_two_corners_do_not_make_the_reader_allocate_the_sheet_between() -> None:
    rows = '<row r="1"><c r="SF1"><v>1</v></c></row><row r="200000"><c r="A200000"><v>1</v></c></row>'
    with pytest.raises(Refused) as refusal:
        preflight("a.xlsx", book(rows))
    assert (refusal.value.key, refusal.value.params["cells"]) == ("preflight.wide_area", 100_000_000)


def test_filled_cells_are_capped_over_all_sheets() -> None:
    sheet = worksheet(hostile.TWO_ROWS)
    data = pack(parts(sheet, sheet, sheet))
    assert preflight("a.xlsx", data, Limits(cells=6)).kind == "xlsx"
    with pytest.raises(Refused, match="有 6 格内容，超出 5 格"):
        preflight("a.xlsx", data, Limits(cells=5))


def test_a_text_over_excels_own_limit_is_refused_markup_aside() -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    markup = "<r><rPr><b/></rPr><t>满意</t></r>" * 5_000
    shared = f"<sst {hostile.MAIN}><si>{markup}</si></sst>"
    assert preflight("a.xlsx", book(rows, shared=shared)).kind == "xlsx"
    with pytest.raises(Refused) as refusal:
        preflight("a.xlsx", book(rows, shared=hostile.shared_strings("满" * 32_768)))
    assert refusal.value.key == "preflight.long_text"


ODD_WAYS = {
    "prefixed": f'<x:worksheet xmlns:x="{hostile.MAIN.split(chr(34))[1]}"><x:sheetData><x:row r="1"><x:c r="B1"><x:v>5</x:v>'
    '</x:c></x:row><x:row r="2"><x:c t="e"><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>',
    "no addresses": worksheet('<row><c/><c><v>5</v></c></row><row><c t="e"><v>#N/A</v></c></row>'),
    "single quotes": worksheet(
        "<row r='1'><c r='B1'><v>5</v></c></row><row r='2'><c r='A2' t='e'><v>#N/A</v></c></row>"
    ),
    "other order": worksheet(
        '<row r="1"><c s="0" r="B1"><v>5</v></c></row><row r="2"><c t="e" r="A2"><v>#N/A</v></c></row>'
    ),
    "a comment": worksheet(
        '<!-- <c r="XFD9"><v>1</v></c> --><row r="1"><c r="B1"><v>5</v></c></row>'
        '<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>'
    ),
}


@pytest.mark.parametrize("way", ODD_WAYS)
def test_legal_ways_of_writing_that_the_fast_scan_does_not_vouch_for_are_parsed(way: str) -> None:
    assert byte_scan.scan("f", "s", ODD_WAYS[way].encode(), frozenset(), Limits()) is None
    sheet = read_sheets("a.xlsx", pack(parts(ODD_WAYS[way])))[0]
    assert sheet.rows == [[None, 5.0], [None, None]]
    assert sheet.errors == {(1, 0): "#N/A"}


def test_a_far_cell_is_found_however_it_is_written() -> None:
    for way in ("<x:c r='XFD1048576'>", '<x:c\n s="0" r="XFD1048576">'):
        xml = (
            f'<x:worksheet xmlns:x="m"><x:sheetData><x:row>{way}<x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
        )
        with pytest.raises(Refused) as refusal:
            preflight("a.xlsx", pack(parts(xml)))
        assert refusal.value.key == "preflight.far_row"
    rows = '<row r="1048576"><c><v>1</v></c></row>'
    with pytest.raises(Refused, match="1048576"):
        preflight("a.xlsx", book(rows))


def test_both_scans_see_the_same() -> None:
    """The byte scan against the XML parser, on one sheet with everything that either looks for."""
    rows = (
        '<row r="1" hidden="1"><c r="A1" t="s"><v>0</v></c><c r="D1" s="1"><v>0.5</v></c><c r="E1" s="1" t="str"><v>a</v></c></row>'
        '<row r="7"><c r="B7" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C7" s="1"><f t="shared" si="0"/><v>2</v></c>'
        '<c r="D7"><f>NOW()</f><v></v></c><c r="E7" t="str"><f>""</f><v></v></c><c r="F7"><f>A1</f></c>'
        '<c r="AA7" t="inlineStr"><is><t>a</t></is></c><c r="AB7" s="1"/></row>'
    )
    xml = worksheet(
        rows,
        '<mergeCells count="1"><mergeCell ref="A1:B3"/></mergeCells>',
        '<cols><col min="2" max="3" width="9" hidden="1"/></cols>',
    ).encode()
    seen = byte_scan.scan("f", "s", xml, frozenset({1}), Limits())
    parsed = xml_scan.scan("f", "s", xml, frozenset({1}), Limits())
    assert seen is not None
    assert seen.errors == parsed.errors == {(6, 1): "#DIV/0!"}
    assert seen.formulas == parsed.formulas == [(6, 1), (6, 2), (6, 3), (6, 4), (6, 5)]
    assert seen.unsaved == parsed.unsaved == [(6, 3), (6, 5)]
    assert seen.percents == parsed.percents == {(0, 3), (6, 2)}
    assert seen.merged == parsed.merged == [(0, 0, 2, 1)]
    assert seen.hidden_rows == parsed.hidden_rows == [0]
    assert seen.hidden_columns == parsed.hidden_columns == [1, 2]
    assert (seen.rows, seen.columns, seen.cells) == (parsed.rows, parsed.columns, parsed.cells) == (7, 27, 9)


def test_a_scan_in_windows_loses_nothing_at_their_edges(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c><c r="B{i}" s="1"><v>1</v></c></row>' for i in range(1, 40))
    xml = worksheet(rows).encode()
    for window in (37, 64, 1000):
        monkeypatch.setattr(byte_scan, "WINDOW", window)
        found = byte_scan.scan("f", "s", xml, frozenset({1}), Limits())
        assert found is not None
        assert (found.cells, found.rows, found.columns, len(found.percents)) == (78, 39, 2, 39)


def test_a_cell_record_that_claims_more_than_the_file_has_is_no_crash() -> None:
    cells = hostile.number_cell(0, 0, 1) + struct.pack("<HH", 0xBD, 0xFFFF) + b"\0\0"
    with pytest.raises(Refused):
        read_sheets("a.xls", hostile.xls({"S": cells}))


def test_numbers_too_long_to_be_numbers_are_no_crash() -> None:
    endless = "9" * 5_000
    styles = f'<styleSheet {hostile.MAIN}><cellXfs><xf numFmtId="{endless}"/></cellXfs></styleSheet>'
    for rows in (
        f'<row r="{endless}" hidden="1"><c r="A1" s="{endless}"><v>1</v></c></row>',
        f"<row r='{endless}' hidden='1'><c r='A1' s='{endless}'><v>1</v></c></row>",
    ):
        sheet = worksheet(rows, head=f'<cols><col min="x" max="{endless}" hidden="1"/></cols>')
        assert read_sheets("a.xlsx", pack(parts(sheet, styles=styles)))[0].rows == [[1.0]]
    with pytest.raises(Refused):
        preflight("a.xlsx", book(shared=f'<sst uniqueCount="{endless}"/>'))
