"""The archive of a workbook: its directory is checked first, then every XML part is inflated with its bytes counted."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Literal

from survey.core.errors import Refused
from survey.files.preflight.caps import Limits
from survey.files.preflight.word import MAIN as WORD

#: name in the archive → text key, for archives that hold something else
OTHERS: tuple[tuple[str, str], ...] = (
    ("xl/workbook.bin", "preflight.xlsb"),
    ("ppt/presentation.xml", "preflight.slides"),
    ("content.xml", "preflight.ods"),
)
#: endings of the files of an archive that are read; of a text without one nobody knows what it is
READABLE = (".xlsx", ".xls", ".csv", ".tsv", ".sav", ".zsav", ".ods", ".html", ".htm", ".et", ".docx")
#: what systems and programs leave beside the files of a folder
_HIDDEN = re.compile(r"(?:^|/)(?:\.|~\$|thumbs\.db$|desktop\.ini$)")
#: names of an archive that are looked at to tell what it is, and files of one that are read
NAMES_SEEN, FILES_READ = 5000, 200
#: bytes that are inflated at a time
_PIECE = 1 << 20
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
#: what the standard library throws at a damaged archive
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
_DECLARED = re.compile(rb"""\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def packed_kind(data: bytes) -> Literal["xlsx", "ods", "docx", "zip"]:
    """What an archive is by the names in it: a workbook where nothing else is certain."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            listed = archive.infolist()
    except _BROKEN:
        return "xlsx"  # whose scan says what is damaged
    names = [_plain(m.filename) for m in listed[:NAMES_SEEN]]
    if "xl/workbook.xml" in names or any(key in names for key, _ in OTHERS if key != "content.xml"):
        return "xlsx"
    if any(WORD.fullmatch(name) for name in names):
        return "docx"
    if "content.xml" in names:
        return "ods" if "mimetype" in names and listed[names.index("mimetype")].file_size == len(_ODS) else "xlsx"
    return "zip" if any(name.endswith(READABLE) for name in names) else "xlsx"


def unpacked(file: str, data: bytes, limits: Limits) -> tuple[list[tuple[str, bytes]], list[str]]:
    """The files of an archive that can be tables, with their names, and the names of those that are none.

    Its directory is held to the same caps as a workbook's, and every byte is counted while it is inflated.
    """
    with zipfile.ZipFile(BytesIO(data)) as archive:
        listed = archive.infolist()
        members = {_plain(m.filename): m for m in listed}
        _check_members(file, listed, members, limits)
        files = {n: m for n, m in members.items() if not (m.is_dir() or n.startswith("__macosx/") or _HIDDEN.search(n))}
        wanted = [m for n, m in files.items() if n.endswith(READABLE)]
        if len(wanted) > FILES_READ:
            raise Refused("preflight.many_members", file=file, members=len(wanted))
        found, total = [], 0
        for member in wanted:
            part = _inflated(file, archive, member, min(limits.upload, limits.inflated - total))
            total += len(part)
            found.append((_name(member), part))
    return found, [_name(m) for n, m in files.items() if not n.endswith(READABLE)]


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name as whoever packed it saw it: Chinese Windows writes it in GBK and does not say so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _inflated(file: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    try:
        with archive.open(member) as stream:
            held = BytesIO()  # grows in place, where one reading of all holds it twice
            while held.tell() <= most and (piece := stream.read(min(_PIECE, most + 1 - held.tell()))):
                held.write(piece)
            part = held.getvalue()
    except _BROKEN as error:
        raise Refused("preflight.damaged_part", file=file, part=member.filename) from error
    if len(part) > most:
        raise Refused("preflight.bomb", file=file)
    return part


def open_package(file: str, data: bytes, limits: Limits, main: str = r"xl/workbook\.xml") -> dict[str, bytes]:
    """All XML parts of a workbook by lower-case name; raises Refused for whatever no spreadsheet program writes.

    ``main``: pattern of the part that every such file has.
    """
    if data.count(b"PK\x01\x02") > 2 * limits.members:
        raise Refused("preflight.many_members", file=file, members=data.count(b"PK\x01\x02"))
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except _BROKEN as error:
        raise Refused("preflight.truncated", file=file) from error
    with archive:
        members = {_plain(m.filename): m for m in archive.infolist()}
        _check_directory(file, archive.infolist(), members, limits, main)
        return _inflate(file, archive, members, limits)


def _plain(name: str) -> str:
    return name.replace("\\", "/").lower()


def _check_members(
    file: str, listed: list[zipfile.ZipInfo], members: Mapping[str, zipfile.ZipInfo], limits: Limits
) -> None:
    if len(listed) > limits.members:
        raise Refused("preflight.many_members", file=file, members=len(listed))
    if any(n.startswith("/") or ".." in n.split("/") or ":" in n for n in members):
        raise Refused("preflight.odd_member", file=file)
    if len(members) != len(listed):
        raise Refused("preflight.twin_members", file=file)
    if any(m.flag_bits & 1 for m in listed):
        raise Refused("preflight.password", file=file)
    for member in listed:
        packed = max(member.compress_size, 1)
        if member.file_size > limits.part or (
            member.file_size > limits.ratio_from and member.file_size / packed > limits.ratio
        ):
            raise Refused("preflight.bomb", file=file)
    total, packed = sum(m.file_size for m in listed), sum(m.compress_size for m in listed)
    if total > limits.inflated or (total > 3 * limits.ratio_from and total / max(packed, 1) > limits.ratio):
        raise Refused("preflight.bomb", file=file)


def _check_directory(
    file: str, listed: list[zipfile.ZipInfo], members: Mapping[str, zipfile.ZipInfo], limits: Limits, main: str
) -> None:
    _check_members(file, listed, members, limits)
    if not any(re.fullmatch(main, name) for name in members):
        other = next((key for name, key in OTHERS if name in members), "preflight.no_workbook")
        raise Refused(other, file=file)
    if any(n.endswith("vbaproject.bin") or n.startswith("xl/macrosheets/") for n in members):
        raise Refused("preflight.macros", file=file)


def _inflate(
    file: str, archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], limits: Limits
) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    total = 0
    for name, member in members.items():
        if not name.endswith((".xml", ".rels", ".vml")) or name.startswith("customxml/"):
            continue  # pictures, and what other programs hang on: no reader of ours opens them
        part = _inflated(file, archive, member, limits.part)
        total += len(part)
        if total > limits.inflated:
            raise Refused("preflight.bomb", file=file)
        _check_xml(file, member.filename, part)
        parts[name] = part
    return parts


def _check_xml(file: str, name: str, part: bytes) -> None:
    """No DTD, and no encoding in which one could hide from a search of the bytes."""
    declared = _DECLARED.match(part)
    if b"\0" in part or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
        raise Refused("preflight.damaged_part", file=file, part=name)
    if b"<!DOCTYPE" in part:
        raise Refused("preflight.doctype", file=file)
