"""Byte-level scan of a worksheet part, for the way nearly all programs write it: ``<c r="B7" s="3" t="s">``.

Vectorised over the raw bytes (an XML parser takes four times as long as the reader it guards).  It vouches
only for what it fully understood: anything else gives None, and ``xml_scan.scan`` parses the part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.core.addresses import COLUMNS, ROWS, place
from survey.core.errors import Refused
from survey.files.preflight.caps import Limits
from survey.files.preflight.scan import Listener, Place, Scan, read_merges, refuse_far

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
#: bytes that are looked at together: what is worked out of them stays in the processor's cache
WINDOW = 500_000
_LT, _C, _F, _BANG, _SPACE, _QUOTE, _GT, _SLASH = b'<cf! ">/'

_PREFIXED = re.compile(rb":(?:c|row|sheetData|worksheet)[\s/>]")
_ERROR = re.compile(rb'\st="e"')
_FORMULA = re.compile(rb"<f[ />]")
_CELL = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"([^>]*)>\s*'
    rb"(?:<f(?:\s[^>]*)?(?:/>|>[^<]*</f\s*>)\s*)?"
    rb"(?:<v(?:\s[^>]*)?(?:/>|>([^<]*)</v\s*>)\s*|<is>.*?</is>\s*)?</c\s*>",
    re.S,
)
_BLANK = re.compile(rb"<c [^>]*(?:/>|>\s*</c\s*>)")
_LATE_STYLE = re.compile(rb'\st="[A-Za-z]+"\s+s="')
_MERGE = re.compile(rb'<mergeCell\s[^>]*?\bref="([^"]+)"')
_HIDDEN_ROW = re.compile(rb'<row\b([^>]*\shidden="(?:1|true)"[^>]*)>')
_HIDDEN_COLUMN = re.compile(rb'<col\b([^>]*\shidden="(?:1|true)"[^>]*)>')
_ROW_NUMBER = re.compile(rb'\sr="([0-9]{1,9})"')
_MIN_MAX = re.compile(rb'\b(min|max)="([0-9]{1,9})"')


def scan(
    file: str, sheet: str, xml: bytes, percent_styles: Set[int], limits: Limits, listener: Listener | None = None
) -> Scan | None:
    """Scan one worksheet part; None if it is written in a way that this scan does not vouch for."""
    if _PREFIXED.search(xml):
        return None
    array = np.frombuffer(xml, np.uint8)
    found = Scan(heard=listener)
    formulas = False
    first, last = listener.rows if listener else (0, 0)
    for start, end in _windows(xml, first, last):
        tags = np.flatnonzero(array[start : min(end, len(xml) - 1)] == _LT) + start
        names = array[tags + 1]
        if np.any(names == _BANG):
            return None
        cells = _filled_cells(xml, array, tags, names)
        if cells is None:
            return None
        taken = _take(_Part(file, sheet, xml, array, limits), cells, percent_styles, found)
        if taken is None:
            return None
        if listener and first <= start < last:
            listener.take(xml, start, end, tags, cells, *taken)
        formulas = formulas or bool(np.any(names == _F))
    if not _take_special(xml, formulas, found):
        return None
    merges = _MERGE.finditer(xml, max(xml.rfind(b"</sheetData>"), 0))
    found.merged = read_merges(file, sheet, (m[1].decode() for m in merges), limits)
    _take_hidden(xml, found)
    return found


def _windows(xml: bytes, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Where what is looked at together begins and ends; from ``first`` to ``last`` that is some whole rows, where they fit."""
    start = 0
    while start < len(xml):
        end = min(start + WINDOW, len(xml))
        if start < first:
            end = min(end, first)
        elif start < last:
            row_end = xml.rfind(b"</row>", start, min(end, last))
            end = min(end, last) if row_end < 0 else row_end + len(b"</row>")
        yield start, end
        start = end


@dataclass(frozen=True)
class _Part:
    """A worksheet part, as bytes and as numbers, with what it is held to."""

    file: str
    sheet: str
    xml: bytes
    array: Bytes
    limits: Limits


def _filled_cells(xml: bytes, array: Bytes, tags: Ints, names: Bytes) -> Ints | None:
    """Positions of the ``<c `` that hold something; None if a cell tag is written in another way.

    A blank cell (a mere style) is followed by another cell or by an end tag.
    """
    is_cell = names == _C
    third = array[np.minimum(tags[is_cell] + 2, len(array) - 1)]
    if np.any((third == _GT) | (third == _SLASH) | (third == 9) | (third == 10) | (third == 13)):
        return None
    following = np.append(names[1:], np.uint8(0))
    if len(tags) and is_cell[-1] and _BLANK.match(xml, int(tags[-1])):
        following[-1] = _SLASH
    following = following[is_cell]
    cells: Ints = tags[is_cell][(third == _SPACE) & (following != _C) & (following != _SLASH)]
    return cells


def _take(part: _Part, cells: Ints, percent_styles: Set[int], found: Scan) -> tuple[Ints, tuple[Ints, Ints]] | None:
    """Add one window's cells; the place behind the address of each and its row and column, None where an address is not
    written as ``r="B7"`` right after the tag."""
    if not len(cells):
        return cells, (cells, cells)
    array, limits = part.array, part.limits
    if cells[-1] + 24 > len(array):
        array = np.concatenate([array, np.zeros(32, np.uint8)])
    if not np.all((array[cells + 3] == ord("r")) & (array[cells + 4] == ord("=")) & (array[cells + 5] == _QUOTE)):
        return None
    at = cells + 6
    columns = np.zeros(len(cells), np.int64)
    for _ in range(3):
        letter = array[at]
        is_letter = (letter >= 65) & (letter <= 90)
        columns = np.where(is_letter, columns * 26 + letter - 64, columns)
        at += is_letter
    rows, at = _digits(array, at, 7)
    bad = (array[at] != _QUOTE) | (rows < 1) | (rows > ROWS) | (columns < 1) | (columns > COLUMNS)
    if np.any(bad):
        _refuse_outside(part, int(cells[bad][0]) + 6)
        return None
    for index in np.flatnonzero((rows > limits.rows) | (columns > limits.columns))[:1]:
        refuse_far(part.file, part.sheet, int(rows[index]) - 1, int(columns[index]) - 1, limits)
    found.cells += len(cells)
    found.rows = max(found.rows, int(rows.max()))
    found.columns = max(found.columns, int(columns.max()))
    if percent_styles and not _take_percents(part.xml, array, at + 1, rows, columns, percent_styles, found):
        return None
    return at + 1, (rows - 1, columns - 1)


def _digits(array: Bytes, at: Ints, most: int) -> tuple[Ints, Ints]:
    """Numbers written at these positions (at most so many digits) and the positions after them."""
    number = np.zeros(len(at), np.int64)
    for _ in range(most):
        digit = array[at]
        is_digit = (digit >= 48) & (digit <= 57)
        if not is_digit.any():
            break
        number = np.where(is_digit, number * 10 + digit - 48, number)
        at = at + is_digit
    return number, at


def _refuse_outside(part: _Part, start: int) -> None:
    """Refuse an address outside the grid; one that is merely written unusually is none."""
    address = part.xml[start : part.xml.find(b'"', start)].decode("ascii", "replace")
    if re.fullmatch(r"[A-Z]+[0-9]+", address) and place(address) is None:
        raise Refused("preflight.outside_grid", file=part.file, sheet=part.sheet, cell=address[:40])


def _take_percents(
    xml: bytes, array: Bytes, at: Ints, rows: Ints, columns: Ints, styles: Set[int], found: Scan
) -> bool:
    """Note numeric cells of these styles; False where the style is not written right after the address."""
    last = len(array) - 1
    more = array[at] == _SPACE
    has_style = more & (array[np.minimum(at + 1, last)] == ord("s")) & (array[np.minimum(at + 3, last)] == _QUOTE)
    if np.any(more & ~has_style) and _LATE_STYLE.search(xml):
        return False
    rows, columns, at = rows[has_style], columns[has_style], at[has_style] + 4
    style, at = _digits(array, at, 6)
    chosen = np.isin(style, np.fromiter(styles, np.int64)) & (array[at] == _QUOTE)
    for row, column, end in zip(rows[chosen] - 1, columns[chosen] - 1, at[chosen] + 1, strict=True):
        if xml.startswith((b">", b' t="n"'), end):
            found.percents.add((int(row), int(column)))
    return True


def _take_special(xml: bytes, formulas: bool, found: Scan) -> bool:
    """Take formulas and error cells; False where one of them is not understood."""
    for cell in _cells_around(xml, _FORMULA) if formulas else ():
        if cell is None:
            return False
        where, attributes, value = cell
        found.formulas.append(where)
        if not value and b't="str"' not in attributes:
            found.unsaved.append(where)
    for cell in _cells_around(xml, _ERROR) if b't="e"' in xml else ():
        if cell is None:
            return False
        found.errors[cell[0]] = (cell[2] or b"").decode("utf-8", "replace").strip()
    return True


def _cells_around(xml: bytes, mark: re.Pattern[bytes]) -> Iterator[tuple[Place, bytes, bytes | None] | None]:
    """(place, attributes, value) of every cell that a mark stands in; None for one that can't be told."""
    for match in mark.finditer(xml):
        cell = _CELL.match(xml, max(xml.rfind(b"<c ", 0, match.start() + 1), 0))
        where = place(cell[1].decode()) if cell else None
        if cell is None or where is None or cell.end() < match.end():
            yield None
            return
        yield where, cell[2], cell[3]


def _take_hidden(xml: bytes, found: Scan) -> None:
    if b"hidden=" not in xml:
        return
    for match in _HIDDEN_ROW.finditer(xml):
        number = _ROW_NUMBER.search(match[1])
        if number and int(number[1]) <= found.rows:
            found.hidden_rows.append(int(number[1]) - 1)
    for match in _HIDDEN_COLUMN.finditer(xml):
        span = {k: int(v) for k, v in _MIN_MAX.findall(match[1])}
        last = min(span.get(b"max", 0), found.columns)
        found.hidden_columns.extend(range(max(span.get(b"min", 1) - 1, 0), last))
