"""An old workbook (.xls) before the reader: its records are walked for what the reader hides or dies of.

Record layouts: [MS-XLS] 2.4 (BIFF8); BIFF5 keeps cells alike.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Sequence, Set
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from survey.core.errors import Refused
from survey.files.preflight.caps import Limits
from survey.files.preflight.ole import Compound, open_compound
from survey.files.preflight.scan import Book, Scan, percent_format, refuse_far, refuse_sum

# ── The shared texts of an old workbook: their lengths, without reading them ([MS-XLS] 2.4.265 and 2.5.293)


_TEXT_HEAD = struct.Struct("<HB")
_WIDE, _PHONETIC, _RICH = 1, 4, 8


def text_lengths(bodies: Sequence[bytes]) -> list[int]:
    """Characters of each shared text, from the body of the SST record and those of the CONTINUE records after it.

    A text that runs over the end of a record goes on in the next after a byte that says anew whether it is wide.
    """
    data = b"".join(bodies)
    ends = list(accumulate(map(len, bodies)))
    lengths: list[int] = []
    at = 8
    while at + _TEXT_HEAD.size <= len(data):
        count, flags = _TEXT_HEAD.unpack_from(data, at)
        lengths.append(count)
        at += _TEXT_HEAD.size
        tail = 0
        if flags & _RICH:
            tail += 4 * int.from_bytes(data[at : at + 2], "little")
            at += 2
        if flags & _PHONETIC:
            tail += int.from_bytes(data[at : at + 4], "little")
            at += 4
        at = _after_characters(data, ends, at, count, flags & _WIDE) + tail
    return lengths


def _after_characters(data: bytes, ends: Sequence[int], at: int, count: int, wide: int) -> int:
    """The position after so many characters."""
    while count and at < len(data):
        end = ends[bisect_right(ends, at)]
        taken = min((end - at) // (1 + wide), count)
        count -= taken
        at = at + taken * (1 + wide) if not count else end + 1
        if count:
            wide = data[end] & 1 if end < len(data) else 0
    return at


Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _FORMAT, _XF = 0x0809, 0x0A, 0x85, 0x2F, 0x041E, 0xE0
_NUMBER, _RK, _MULRK, _LABELSST, _LABEL, _RSTRING, _BOOLERR, _FORMULA = (
    0x0203,
    0x027E,
    0xBD,
    0xFD,
    0x0204,
    0xD6,
    0x0205,
    0x06,
)
_CELLS = (_NUMBER, _RK, _MULRK, _LABELSST, _LABEL, _RSTRING, _BOOLERR, _FORMULA)
#: a formula's text result, and what may stand between
_STRINGS = frozenset({0x0207, 0x04BC, 0x0221, 0x0236})
_ROW, _COLINFO, _DIMENSIONS, _SST, _CONTINUE = 0x0208, 0x7D, 0x0200, 0xFC, 0x3C
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_HEAD = struct.Struct("<HH")
#: entry in the compound file → text key, for what is no workbook or may not enter
_REFUSED = (
    ("EncryptedPackage", "preflight.password"),
    ("WordDocument", "preflight.word"),
    ("PowerPoint Document", "preflight.slides"),
    ("_VBA_PROJECT_CUR", "preflight.macros"),
    ("_VBA_PROJECT", "preflight.macros"),
)


def scan_xls(file: str, data: bytes, limits: Limits) -> Book:
    """Scan every sheet of an .xls; raises Refused for what must not reach a reader."""
    compound = open_compound(file, data)
    for entry, key in _REFUSED:
        if entry in compound.entries:
            raise Refused(key, file=file)
    stream = _workbook(file, compound)
    biff8 = stream[4:6] == b"\x00\x06"
    sheets: list[tuple[str, int]] = []
    formats: dict[int, str] = {}
    cell_formats: list[int] = []
    texts: list[bytes] = []
    last = 0
    for start in _records(stream, 0).tolist():
        record, length = _HEAD.unpack_from(stream, start)
        at, end = start + 4, start + 4 + length
        if record == _FILEPASS:
            raise Refused("preflight.password", file=file)
        if record == _BOUNDSHEET and length >= 8:
            sheets.append((_text(stream, at + 6, end, 1, biff8), int.from_bytes(stream[at : at + 4], "little")))
        elif record == _FORMAT and length >= 5:
            formats[int.from_bytes(stream[at : at + 2], "little")] = _text(
                stream, at + 2, end, 2 if biff8 else 1, biff8
            )
        elif record == _SST or (record == _CONTINUE and last in (_SST, _CONTINUE) and texts):
            texts.append(stream[at:end])
        elif record == _XF and length >= 4:
            cell_formats.append(int.from_bytes(stream[at + 2 : at + 4], "little"))
        last = record
    percents = frozenset(i for i, f in enumerate(cell_formats) if percent_format(f, formats.get(f, "")))
    named: list[Ints] = []
    scans = tuple(_scan_sheet(file, name, stream, at, percents, limits, named) for name, at in sheets)
    refuse_sum(file, scans, limits)
    _check_texts(file, named, texts, limits)
    return Book(scans)


def _workbook(file: str, compound: Compound) -> bytes:
    name = next((n for n in ("Workbook", "Book", "WORKBOOK", "BOOK") if n in compound.entries), None)
    if name is None:
        raise Refused("preflight.not_a_workbook", file=file)
    return compound.stream(name)


def _records(stream: bytes, start: int) -> Ints:
    """Positions of the records of this substream, with those of nested ones; the data begins 4 bytes later."""
    # reading a 16-bit word through a view is several times faster than unpacking it; records may lie on odd bytes
    words = [memoryview(stream[o : o + (len(stream) - o) // 2 * 2]).cast("H") for o in (0, 1)]
    found: list[int] = []
    depth, at, last = 0, start, len(stream) - 4
    while 0 <= at <= last:
        view, index = words[at & 1], at >> 1
        record = view[index]
        found.append(at)
        if record == _BOF:
            depth += 1
        elif record == _EOF:
            depth -= 1
            if depth <= 0:
                break
        at += 4 + view[index + 1]
    return np.array(found, np.int64)


def _words(array: Bytes, at: Ints) -> Ints:
    """16-bit words at these positions."""
    low, high = array[at].astype(np.int64), array[at + 1].astype(np.int64)
    return low | high << 8


def _text(stream: bytes, at: int, end: int, width: int, biff8: bool) -> str:
    """A text: its length in ``width`` bytes, in BIFF8 a flag byte for 16-bit characters, the characters."""
    count = int.from_bytes(stream[at : at + width], "little")
    at += width
    if not biff8:
        return stream[at : min(at + count, end)].decode("gb18030", "replace")
    wide = int.from_bytes(stream[at : at + 1], "little") & 1
    body = stream[at + 1 : min(at + 1 + count * (1 + wide), end)]
    return body.decode("utf-16-le" if wide else "latin-1", "replace")


def _scan_sheet(
    file: str, sheet: str, stream: bytes, start: int, percents: Set[int], limits: Limits, named: list[Ints]
) -> Scan:
    """Scan one sheet's records; the numbers of the shared texts that its cells name are added to ``named``."""
    # a record may claim to be longer than the stream: the zeros keep the look at its fields inside
    array = np.frombuffer(stream + bytes(0x10000 + 8), np.uint8)
    at = _records(stream, start)
    kinds, lengths = _words(array, at), _words(array, at + 2)
    found = Scan()
    for start in at[kinds == _DIMENSIONS].tolist():
        _check_dimensions(file, stream[start + 4 : start + 18], int(_words(array, np.array([start + 2]))[0]))
    is_cell = np.isin(kinds, _CELLS) & (lengths >= 6)
    cells, kind = at[is_cell] + 4, kinds[is_cell]
    rows, columns = _words(array, cells), _words(array, cells + 2)
    ends = cells + lengths[is_cell]
    shared = cells[kind == _LABELSST]
    named.append(_words(array, shared + 6) | _words(array, shared + 8) << 16)
    last = np.where(kind == _MULRK, _words(array, ends - 2), columns)
    for index in np.flatnonzero((rows >= limits.rows) | (np.maximum(columns, last) >= limits.columns))[:1]:
        refuse_far(file, sheet, int(rows[index]), int(max(columns[index], last[index])), limits)
    found.cells = int(np.maximum(last - columns + 1, 1).sum())
    found.rows = int(rows.max(initial=-1)) + 1
    found.columns = int(max(columns.max(initial=-1), last.max(initial=-1))) + 1
    for index in np.flatnonzero((kind == _BOOLERR) | (kind == _FORMULA)):
        where = (int(rows[index]), int(columns[index]))
        _take_special(stream, int(kind[index]), int(cells[index]), int(ends[index]), where, found)
    if percents:
        _take_percents(array, cells, kind, rows, columns, last, percents, found)
    _take_hidden(stream, at[(kinds == _ROW) & (lengths >= 14)], at[(kinds == _COLINFO) & (lengths >= 10)], found)
    return found


def _check_texts(file: str, named: Sequence[Ints], texts: Sequence[bytes], limits: Limits) -> None:
    """Refuse shared texts that cells repeat into too many bytes: a reader copies one into every cell that names it."""
    if sum(map(len, named)) * min(sum(map(len, texts)), limits.text) * 2 <= limits.inflated:
        return
    lengths = np.array([*text_lengths(texts), 0], np.int64)
    total = sum(int(lengths[np.minimum(cells, len(lengths) - 1)].sum()) for cells in named)
    if total * 2 > limits.inflated:
        raise Refused("preflight.bomb", file=file)


def _check_dimensions(file: str, body: bytes, length: int) -> None:
    """Refuse a declared used range outside the grid: the reader allocates it unseen, and aborts."""
    form = struct.Struct("<IIHH" if length >= 14 else "<HHHH")
    top, bottom, left, right = form.unpack(body[: form.size].ljust(form.size, b"\0"))
    if not (top <= bottom <= 65_536 and left <= right <= 256):
        raise Refused("preflight.truncated", file=file)


def _take_special(stream: bytes, kind: int, at: int, end: int, where: tuple[int, int], found: Scan) -> None:
    """Error cells, and formulas with their stored result; a text result is the record after the formula."""
    if kind == _BOOLERR:
        if end - at >= 8 and stream[at + 7]:
            found.errors[where] = _ERRORS.get(stream[at + 6], "#?")
        return
    found.formulas.append(where)
    if stream[at + 12 : at + 14] == b"\xff\xff":
        result = stream[at + 6]
        if result == 2:
            found.errors[where] = _ERRORS.get(stream[at + 8], "#?")
        elif result == 0 and int.from_bytes(stream[end : end + 2], "little") not in _STRINGS:
            found.unsaved.append(where)


def _take_percents(
    array: Bytes, cells: Ints, kind: Ints, rows: Ints, columns: Ints, last: Ints, percents: Set[int], found: Scan
) -> None:
    styles = np.fromiter(percents, np.int64)
    numeric = np.isin(kind, (_NUMBER, _RK, _FORMULA)) & np.isin(_words(array, cells + 4), styles)
    found.percents.update(zip(rows[numeric].tolist(), columns[numeric].tolist(), strict=True))
    for index in np.flatnonzero(kind == _MULRK):
        many = np.arange(columns[index], last[index] + 1)
        chosen = many[np.isin(_words(array, cells[index] + 4 + (many - columns[index]) * 6), styles)]
        found.percents.update((int(rows[index]), int(c)) for c in chosen)


def _take_hidden(stream: bytes, rows: Ints, columns: Ints, found: Scan) -> None:
    for at in rows.tolist():
        row = int.from_bytes(stream[at + 4 : at + 6], "little")
        if row < found.rows and at + 17 <= len(stream) and stream[at + 16] & 0x20:
            found.hidden_rows.append(row)
    for at in columns.tolist():
        first, last = _HEAD.unpack(stream[at + 4 : at + 8].ljust(4, b"\0"))
        if at + 13 <= len(stream) and stream[at + 12] & 1:
            found.hidden_columns.extend(range(first, min(last + 1, found.columns)))
