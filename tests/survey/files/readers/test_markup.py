"""Tables in web pages, “XML table 2003”, OpenDocument, and archives of files: read like the sheets they are, or refused."""

from __future__ import annotations

import zipfile
from html import escape
from io import BytesIO
from time import process_time

import pytest

from survey.core.errors import Refused
from survey.files.preflight import Limits
from survey.files.read import read_here

ROWS = [["编号", "社区", "幸福感"], ["R1", "甲&乙社区", "8"], ["R2", None, "7"]]
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def page(rows=ROWS, encoding="utf-8", around="{}", cell="<td>{}</td>"):
    body = "".join(f"<tr>{''.join(cell.format(escape(v) if v else '&nbsp;') for v in row)}</tr>" for row in rows)
    return f"<html><head><meta charset={encoding}></head>{around.format(f'<table>{body}</table>')}</html>".encode(
        encoding
    )


def excel(body):
    start = '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
    return f'{start}<Worksheet ss:Name="数据"><Table>{body}</Table></Worksheet></Workbook>'.encode()


def packed(*files):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def opened(body):
    start = '<?xml version="1.0" encoding="UTF-8"?><o:document-content xmlns:o="o" xmlns:table="t" xmlns:text="x">'
    return packed(
        ("mimetype", ODS),
        ("content.xml", f'{start}<table:table table:name="S">{body}</table:table></o:document-content>'),
    )


def row(*cells, repeated=1):
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def text(value, **said):
    more = "".join(f' table:{name.replace("_", "-")}="{v}"' for name, v in said.items())
    return f'<table:table-cell o:value-type="string"{more}><text:p>{value}</text:p></table:table-cell>'


def number(value, kind="float"):
    return f'<table:table-cell o:value-type="{kind}" o:value="{value}"><text:p>x</text:p></table:table-cell>'


def read(data, file="a.xls", **limits):
    return read_here(file, data, limits=Limits(**limits))


@pytest.mark.parametrize(
    "data",
    [
        page(),
        page(encoding="gb18030"),
        page(around="<!-- <table><tr><td>no --><style>td{{}}</style><script>'<table><tr><td>'</script>{}"),
        page(around="<table><tr><td>{}</td></tr></table>"),
        b"<!DOCTYPE html PUBLIC 'a' 'http://example.org/a.dtd'>" + page(cell="<TD x:str>\r\n {} </TD>"),
    ],
)
def test_the_table_of_a_web_page_is_a_sheet(data):
    (sheet,) = read(data)
    assert [list(r) for r in sheet.rows] == ROWS
    assert [f.code for f in sheet.findings if f.code != "sources.encoding"] == ["sources.is_html"]


def test_cells_that_span_are_merged_and_leave_the_others_in_their_columns():
    data = b"<table><tr><td rowspan=2>a</td><td colspan=2>b</td></tr><tr><td>c<br>d</td><td>e</td></tr></table>"
    (sheet,) = read(data)
    assert [list(r) for r in sheet.rows] == [["a", "b", None], [None, "c\nd", "e"]]
    assert sheet.merged == ((0, 0, 1, 0), (0, 1, 0, 2))


def test_xml_2003_keeps_numbers_dates_errors_and_places():
    cell = '<Cell{}><Data ss:Type="{}">{}</Data></Cell>'
    first = "".join(cell.format("", "String", v) for v in ("a", "b", "c"))
    second = cell.format(' ss:Index="2"', "Number", "8.5") + cell.format("", "DateTime", "2026-11-05T00:00:00.000")
    third = cell.format(' ss:Formula="=1/0"', "Error", "#DIV/0!") + cell.format("", "Boolean", "1")
    (sheet,) = read(excel(f'<Row>{first}</Row><Row ss:Index="3">{second}</Row><Row>{third}</Row>'))
    assert [[str(v) if v is not None else None for v in r] for r in sheet.rows] == [
        ["a", "b", "c"],
        [None, None, None],
        [None, "8.5", "2026-11-05"],
        [None, "True", None],
    ]
    assert (sheet.name, sheet.errors) == ("数据", {(3, 0): "#DIV/0!"})


def test_open_document_expands_what_is_repeated_and_drops_what_is_empty():
    blank = '<table:table-cell table:number-columns-repeated="1020"/>'
    data = opened(
        row(text("a", number_columns_repeated=2), blank)
        + row(number(3), number("0.25", "percentage"), repeated=2)
        + row(blank, repeated=1_000_000)
    )
    (sheet,) = read(data, "a.ods")
    assert [list(r) for r in sheet.rows] == [["a", "a"], [3.0, 0.25], [3.0, 0.25]]
    assert sheet.findings == ()


def test_an_archive_gives_the_sheets_of_its_files_by_their_names():
    csv = "编号,社区\n1,甲\n"
    data = packed(
        ("说明.txt", "x"),
        ("2026/东街.csv", csv.encode()),
        ("2026/西街.csv", csv.encode("gb18030")),
        ("b/东街.csv", csv.encode()),
    )
    sheets = read(data, "全部.zip")
    assert [(s.file, s.name, s.kind) for s in sheets] == [
        ("全部.zip", name, "zip") for name in ("2026/东街", "2026/西街", "b/东街")
    ]


def test_a_name_packed_on_chinese_windows_is_read():
    data = packed(("xxxx.csv", "a,b\n1,2\n")).replace(b"xxxx.csv", "东街".encode("gb18030") + b".csv")
    assert [s.name for s in read(data, "a.zip")] == ["东街"]


XML_DTD = b'<?xml version="1.0"?><!DOCTYPE Workbook [<!ENTITY x SYSTEM "file:///etc/passwd">]><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">&x;</Workbook>'


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (XML_DTD, "preflight.doctype"),
        (packed(("mimetype", ODS), ("content.xml", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')), "preflight.doctype"),
        (opened(row(text("x", number_columns_repeated=99_999_999))), "preflight.far_column"),
        (opened(row(text("x", number_columns_repeated=400), repeated=99_999_999)), "preflight.many_cells"),
        (opened(row(text("x"), repeated=99_999_999)), "preflight.far_row"),
        (opened(row(text("x" * 40_000))), "preflight.long_text"),
        (b"<table><tr><td>a<td>" + b"x" * 40_000 + b"<tr><td>b</table>", "preflight.long_text"),
        (b"<table><tr><td rowspan=999999 colspan=999999>a<td>b<tr><td>c</table>", "preflight.merged_sheet"),
        (b"<table>" + b"<tr><td>a<td>b" * 200_001, "preflight.far_row"),
        (packed(("a.csv", b"0" * 60_000_000)), "preflight.bomb"),
        (packed(("a.zip", b"x"), ("b.csv", packed(("c.csv", "a,b\n1,2\n")))), "preflight.archive"),
        (packed(("../a.csv", "a,b\n1,2\n")), "preflight.odd_member"),
        (packed(*((f"{i}.csv", "a\n1\n") for i in range(201))), "preflight.many_members"),
        (packed(("a.csv", "a,b\n1,2\n"), ("b.csv", "a\0b\n")), "sources.nul"),
        (excel("<Row><Cell"), "preflight.damaged_part"),
    ],
)
def test_what_hides_in_markup_and_archives_is_refused_in_time(data, key):
    started = process_time()
    with pytest.raises(Refused) as error:
        read(data)
    assert error.value.key == key
    assert process_time() - started < 10


def test_a_broken_file_of_an_archive_is_named():
    with pytest.raises(Refused) as error:
        read(packed(("a.csv", "a,b\n1,2\n"), ("b/c.xlsx", b"PK\3\4")), "全部.zip")
    assert error.value.params["file"] == "全部.zip/b/c.xlsx"


@pytest.mark.parametrize("piece", [b"<", b"<a ", b"<!--", b"<script>x</SCRIPT>", b"<table><tr><td>", b"&amp", b"</"])
def test_broken_markup_is_walked_over_once(piece):
    def seconds(n):
        started = process_time()
        with pytest.raises(Refused):
            read(b"<table><tr><td>" + piece * n)
        return process_time() - started

    assert seconds(100_000) < 3
