"""A whole .xlsx before the reader: its parts, which sheet is which, and every sheet scanned."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element, ParseError

import numpy as np
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from survey.core.addresses import a1
from survey.core.errors import Refused
from survey.files.preflight import byte_scan, xml_scan
from survey.files.preflight.caps import Limits
from survey.files.preflight.package import open_package
from survey.files.preflight.scan import Book, Listener, Scan, number, percent_format, refuse_sum

_SHARED = re.compile(rb"""\st=["']s["'][^>]*>\s*(?:<f.*?</f>|<f[^>]*/>)?\s*<(?:\w+:)?v[^>]*>\s*([0-9]{1,9})""")
_SHARED_CELL = re.compile(
    rb"""<(?:\w+:)?c(?=[^>]*\st=["']s["'])[^>]*\sr=["']([A-Z]{1,3}[0-9]{1,7})["'][^>]*>\s*<(?:\w+:)?v[^>]*>\s*([0-9]{1,9})"""
)
_DECLARED = re.compile(rb"""uniqueCount\s*=\s*["']\s*\+?([0-9]+)""")
_TAGS = re.compile(rb"<[^>]*>")
_TEXTS_START = re.compile(rb"\s*(?:<\?xml[^>]*\?>)?\s*<sst(?:\s[^>]*)?>\s*")
_TEXT_END = re.compile(rb"</(?:\w+:)?si\s*>")


#: who is to be shown the cells of a worksheet part, if anybody
Listening = Callable[[bytes], Listener | None]


def scan_workbook(file: str, data: bytes, limits: Limits, listening: Listening = lambda xml: None) -> Book:
    """Scan every sheet of an .xlsx; raises Refused for what must not reach a reader, or can't be read rightly."""
    parts = open_package(file, data, limits)
    listed = _sheet_parts(file, parts)
    percents = _percent_styles(file, parts.get("xl/styles.xml", b""))
    names = {part: name for name, part in listed}
    scans: dict[str, Scan] = {}
    for part, xml in parts.items():
        # a part that no sheet is said to be in is held to the caps all the same
        if b"sheetData" in xml or part in names:
            sheet = names.get(part, part)
            found = byte_scan.scan(file, sheet, xml, percents, limits, listening(xml) if part in names else None)
            scans[part] = found if found is not None else xml_scan.scan(file, sheet, xml, percents, limits)
    refuse_sum(file, scans.values(), limits)
    _check_text(file, parts, limits)
    external = any(p.startswith("xl/externallinks/") or p == "xl/connections.xml" for p in parts)
    return Book(tuple(scans[part] for _, part in listed), external, tuple(part for _, part in listed))


def refuse_unsaved(file: str, sheet: str, scan: Scan) -> None:
    """Raise Refused if formulas of this sheet have no stored result: a reader would see blanks."""
    if scan.unsaved:
        cells = ", ".join(a1(*p) for p in scan.unsaved[:5])
        raise Refused("preflight.unsaved_formulas", file=file, sheet=sheet, count=len(scan.unsaved), cells=cells)


def lost_text(file: str, data: bytes, index: int, limits: Limits) -> str:
    """Address of the first cell of a sheet that names a shared text beyond the last one; ``""`` where none does."""
    parts = open_package(file, data, limits)
    count = len(_TEXT_END.findall(parts.get("xl/sharedstrings.xml", b"")))
    for match in _SHARED_CELL.finditer(parts[_sheet_parts(file, parts)[index][1]]):
        if int(match[2]) >= count:
            return match[1].decode()
    return ""


def _parse(file: str, name: str, part: bytes) -> Element:
    try:
        root: Element = fromstring(part, forbid_dtd=True)
    except (ParseError, DefusedXmlException) as error:
        raise Refused("preflight.damaged_part", file=file, part=name) from error
    return root


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _sheet_parts(file: str, parts: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Name and part of every sheet, in workbook order."""
    links = _parse(file, "xl/_rels/workbook.xml.rels", parts.get("xl/_rels/workbook.xml.rels", b""))
    targets = {e.get("Id", ""): e.get("Target", "").replace("\\", "/") for e in links}
    listed: list[tuple[str, str]] = []
    for element in _parse(file, "xl/workbook.xml", parts["xl/workbook.xml"]).iter():
        if _local(element.tag) != "sheet":
            continue
        link = next((v for k, v in element.items() if _local(k) == "id"), "")
        target = targets.get(link, "")
        part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/").lower()
        if part not in parts:
            raise Refused("preflight.damaged_part", file=file, part=target or "xl/workbook.xml")
        listed.append((element.get("name", ""), part))
    if not listed:
        raise Refused("preflight.damaged_part", file=file, part="xl/workbook.xml")
    return listed


def _percent_styles(file: str, styles: bytes) -> frozenset[int]:
    """Indices of the cell formats that show a percentage."""
    if not styles:
        return frozenset()
    root = _parse(file, "xl/styles.xml", styles)
    codes = {number(e.get("numFmtId")): e.get("formatCode", "") for e in root.iter() if _local(e.tag) == "numFmt"}
    formats: list[Element] = next((list(e) for e in root if _local(e.tag) == "cellXfs"), [])
    numbers = [number(e.get("numFmtId")) for e in formats]
    return frozenset(i for i, n in enumerate(numbers) if percent_format(n, codes.get(n, "")))


def _check_text(file: str, parts: Mapping[str, bytes], limits: Limits) -> None:
    """Refuse a shared text over the length of a cell, and texts that cells repeat into too many bytes.

    A reader copies the text into every cell that names it: one long text in a million cells is a bomb
    that no directory shows.  It also allocates as many texts as are declared, and aborts where they are too many.
    """
    shared = parts.get("xl/sharedstrings.xml", b"")
    if any(len(n) > 9 or int(n) > limits.cells for n in _DECLARED.findall(shared)):
        raise Refused("preflight.damaged_part", file=file, part="xl/sharedStrings.xml")
    before = _TEXTS_START.match(shared)  # its length is none of the first text's
    texts = _TEXT_END.split(shared[before.end() :] if before else shared)
    lengths = np.fromiter(map(len, texts), np.int64)
    for index in np.flatnonzero(lengths > limits.text):
        if len(_TAGS.sub(b"", texts[index]).decode("utf-8", "replace")) > limits.text:
            raise Refused("preflight.long_text", file=file, cap=limits.text)
    sheets = [xml for xml in parts.values() if b"sheetData" in xml]
    uses = sum(xml.count(b't="s"') + (xml.count(b"t='s'") if b"'" in xml else 0) for xml in sheets)
    longest = int(lengths.max(initial=0))
    if uses * longest <= limits.inflated:
        return
    named = np.fromiter((int(i) for xml in sheets for i in _SHARED.findall(xml)), np.int64)
    named = named[named < len(lengths)]
    if int(lengths[named].sum()) + (uses - len(named)) * longest > limits.inflated:
        raise Refused("preflight.bomb", file=file)
