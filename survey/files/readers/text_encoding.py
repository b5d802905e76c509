"""Which encoding a text file is in: proved, not guessed."""

from __future__ import annotations

import re

from survey.core.errors import Refused
from survey.files.preflight.kinds import BOMS, EXTENSIONS, suffix

#: what files are called that begin otherwise; often a program that encrypts an office's files has written them
_WORKBOOKS = EXTENSIONS["xlsx"] | EXTENSIONS["xls"] | EXTENSIONS["ods"] | EXTENSIONS["docx"] | EXTENSIONS["zip"]
#: UTF-8 of what Chinese texts are made of: hanzi, CJK punctuation, full-width forms
_CHINESE_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}|\xef[\xbc-\xbd][\x80-\xbf]")
_NON_ASCII = re.compile(rb"[\x80-\xff]")
#: each line is walked over once, however long it is and whatever it holds
_LINE = re.compile(rb"[^\r\n]++")


def decode(file: str, data: bytes) -> tuple[str, str]:
    """Text and the encoding's name: UTF-8 (with BOM or not), else UTF-16 by its BOM, else GB18030, all strict.

    Raises Refused for NUL bytes, for a file whose lines are in two encodings (the first other line is named), and
    for one that is in none of them.
    """
    bom = next((name for mark, name in BOMS if data.startswith(mark)), None)
    if bom == "utf-16":
        return _checked(file, _strict(file, data, "utf-16"), "UTF-16")
    if b"\0" in data:
        raise _no_text("sources.nul", file, _line(data, data.index(b"\0")))
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        if bom:
            raise Refused("sources.mixed_encoding", file=file, line=_line(data, error.start)) from error
    _refuse_mixture(file, data)
    text = _strict(file, data, "gb18030")
    if not _reads_like_chinese(text):
        raise _no_text("sources.unknown_encoding", file, _first_line(data))
    return text, "GB18030"


def _strict(file: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _no_text("sources.unknown_encoding", file, _line(data, error.start)) from error


def _checked(file: str, text: str, name: str) -> tuple[str, str]:
    if "\0" in text:
        raise _no_text("sources.nul", file, text.count("\n", 0, text.index("\0")) + 1)
    return text, name


def _no_text(key: str, file: str, line: int) -> Refused:
    """Why a file can't be read as text; of what is called a workbook: that it is none, for it was never meant as text."""
    return (
        Refused("sources.no_workbook", file=file) if suffix(file) in _WORKBOOKS else Refused(key, file=file, line=line)
    )


def _line(data: bytes, position: int) -> int:
    """1-based number of the line that holds this byte."""
    before = data[:position].replace(b"\r\n", b"\n")
    return before.count(b"\n") + before.count(b"\r") + 1


def _first_line(data: bytes) -> int:
    match = _NON_ASCII.search(data)
    return _line(data, match.start()) if match else 1


def _refuse_mixture(file: str, data: bytes) -> None:
    """Raise Refused if some lines are surely UTF-8 while the file as a whole is not.

    GB18030 decodes most UTF-8 into nonsense without complaint, so the lines are looked at one by one.
    """
    first: bool | None = None
    for match in _LINE.finditer(data):
        if match[0].isascii():
            continue
        utf8 = _surely_utf8(match[0])
        if first is None:
            first = utf8
        elif utf8 != first:
            raise Refused("sources.mixed_encoding", file=file, line=_line(data, match.start()))


def _surely_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _CHINESE_UTF8.search(line) is not None


def _reads_like_chinese(text: str) -> bool:
    """Whether most of what is not ASCII is in GB2312: Western text read as GB18030 gives rare hanzi."""
    foreign = re.sub(r"[\x00-\x7f]", "", text[:200_000])
    common = foreign.encode("gb2312", "ignore").decode("gb2312")
    return len(common) * 2 >= len(foreign)
