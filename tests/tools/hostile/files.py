"""Makes the files of the acceptance list in small: attacks, damage and the wrong formats, built in memory."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

MAIN = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
TWO_ROWS = '<row r="1"><c r="A1" t="inlineStr"><is><t>Q1</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row>'


def worksheet(rows: str, tail: str = "", head: str = "") -> str:
    return f"{HEAD}<worksheet {MAIN}>{head}<sheetData>{rows}</sheetData>{tail}</worksheet>"


def parts(
    *sheets: str,
    names: tuple[str, ...] = (),
    states: tuple[str, ...] = (),
    shared: str | None = None,
    styles: str | None = None,
    properties: str = "",
) -> dict[str, str | bytes]:
    """The parts of a workbook with these worksheet parts (whole XML texts)."""
    listed = links = ""
    made: dict[str, str | bytes] = {}
    for i, sheet in enumerate(sheets, 1):
        name = names[i - 1] if names else f"表{i}"
        state = f' state="{states[i - 1]}"' if states and states[i - 1] else ""
        listed += f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"{state}/>'
        links += f'<Relationship Id="rId{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        made[f"xl/worksheets/sheet{i}.xml"] = sheet
    for part, text in (("sharedStrings", shared), ("styles", styles)):
        if text is not None:
            links += f'<Relationship Id="r{part}" Type="{OFFICE}/{part}" Target="{part}.xml"/>'
            made[f"xl/{part}.xml"] = text
    made["[Content_Types].xml"] = (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    )
    made["_rels/.rels"] = (
        f'{HEAD}<Relationships {RELATIONS}><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    )
    made["xl/workbook.xml"] = f"{HEAD}<workbook {MAIN}>{properties}<sheets>{listed}</sheets></workbook>"
    made["xl/_rels/workbook.xml.rels"] = f"{HEAD}<Relationships {RELATIONS}>{links}</Relationships>"
    return made


def pack(members: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def book(rows: str = TWO_ROWS, tail: str = "", **options: object) -> bytes:
    """A workbook of one sheet with these rows."""
    return pack(parts(worksheet(rows, tail), **options))  # type: ignore[arg-type]


def shared_strings(*texts: str) -> str:
    return f"{HEAD}<sst {MAIN}>" + "".join(f"<si><t>{t}</t></si>" for t in texts) + "</sst>"


def zeros(name: str, megabytes: int, head: bytes = b"", fill: bytes = b" ") -> bytes:
    """A workbook in which the part ``name`` inflates to so many MB of one byte."""
    members = parts(worksheet(TWO_ROWS))
    members.pop(name, None)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for other, text in members.items():
            archive.writestr(other, text)
        with archive.open(name, "w", force_zip64=True) as stream:
            stream.write(head)
            for _ in range(megabytes):
                stream.write(fill * 1_000_000)
    return out.getvalue()


def lying_directory(data: bytes, member: str, size: int) -> bytes:
    """The archive with the inflated size of its last member understated in the directory."""
    at = data.rindex(member.encode()) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    return data[: at + 24] + struct.pack("<I", size) + data[at + 28 :]


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (OLE) with these streams, each padded to 4096 bytes so that no mini stream is needed."""
    sector, bodies = 512, [b.ljust(max(4096, -(-len(b) // 512) * 512), b"\0") for b in streams.values()]
    counts = [len(b) // sector for b in bodies]
    fat_sectors = 1
    directory_sectors = -(-(len(streams) + 1) // 4)
    while (fat_sectors * 128) < fat_sectors + directory_sectors + sum(counts):
        fat_sectors += 1
    fat = [0xFFFFFFFD] * fat_sectors
    fat += [*range(fat_sectors + 1, fat_sectors + directory_sectors), 0xFFFFFFFE]
    entries, start = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)], fat_sectors + directory_sectors
    for name, body, count in zip(streams, bodies, counts, strict=True):
        entries.append(_entry(name, 2, start, len(body)))
        fat += [*range(start + 1, start + count), 0xFFFFFFFE]
        start += count
    fat += [0xFFFFFFFF] * (fat_sectors * 128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_sectors, fat_sectors, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    header += struct.pack("<109I", *[*range(fat_sectors), *[0xFFFFFFFF] * (109 - fat_sectors)])
    listed = b"".join(entries).ljust(directory_sectors * sector, b"\0")
    return header + struct.pack(f"<{len(fat)}I", *fat) + listed + b"".join(bodies)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    spelled = (name + "\0").encode("utf-16-le")
    child = 1 if kind == 5 else 0xFFFFFFFF
    return (
        spelled.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(spelled), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def record(number: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def number_cell(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, style, value))


def text_cell(row: int, column: int, text: str) -> bytes:
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def error_cell(row: int, column: int, code: int) -> bytes:
    return record(0x0205, struct.pack("<HHHBB", row, column, 0, code, 1))


def formula_cell(row: int, column: int, value: float) -> bytes:
    return record(0x0006, struct.pack("<HHHdHIH", row, column, 0, value, 0, 0, 3) + b"\x1e\x01\x00")


def old_xls(name: str, cells: bytes) -> bytes:
    """A workbook as Excel 95 wrote it (BIFF5): one sheet with these cell records, its name in GBK."""
    start = record(0x0809, struct.pack("<HHHH", 0x0500, 5, 0, 0)) + record(0x42, struct.pack("<H", 936))
    spelled = name.encode("gbk")
    at = len(start) + 4 + 7 + len(spelled) + 4
    listed = record(0x85, struct.pack("<IBBB", at, 0, 0, len(spelled)) + spelled)
    sheet = record(0x0809, struct.pack("<HHHH", 0x0500, 0x10, 0, 0)) + cells + record(0x0A)
    return compound({"Book": start + listed + record(0x0A) + sheet})


def xls(sheets: Mapping[str, bytes], extra: bytes = b"", styles: tuple[int, ...] = (0,), **streams: bytes) -> bytes:
    """An old workbook: sheet name → cell records; ``styles`` are the number formats of its cell formats."""
    start = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 6)) + extra
    start += b"".join(record(0xE0, struct.pack("<HHHHHHIIH", 0, s, 0, 0, 0, 0, 0, 0, 0)[:20]) for s in styles)
    names = [record(0x85, struct.pack("<IBBBB", 0, 0, 0, len(n), 1) + n.encode("utf-16-le")) for n in sheets]
    at = len(start) + sum(map(len, names)) + 4
    bodies, listed = b"", b""
    for name, cells in sheets.items():
        listed += record(0x85, struct.pack("<IBBBB", at + len(bodies), 0, 0, len(name), 1) + name.encode("utf-16-le"))
        bodies += record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 6)) + cells + record(0x0A)
    return compound({"Workbook": start + listed + record(0x0A) + bodies, **streams})
