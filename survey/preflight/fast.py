"""Byte-level scan of a worksheet part, for the way nearly all programs write it: ``<c r="B7" s="3" t="s">``.

Vectorised over the raw bytes (an XML parser takes four times as long as the reader it guards).  It vouches
only for what it fully understood: anything else gives None, and ``careful.scan`` parses the part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

import numpy as np
import numpy.typing as npt

from survey.addresses import COLUMNS, ROWS, place
from survey.errors import Refused
from survey.preflight.limits import Limits
from survey.preflight.scan import Place, Scan, read_merges, refuse_far

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
WINDOW = 8_000_000
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
_MERGE = re.compile(rb'<mergeCell\s[^>]*?\bref="([^"]+)"')
_HIDDEN_ROW = re.compile(rb'<row\b([^>]*\shidden="(?:1|true)"[^>]*)>')
_HIDDEN_COLUMN = re.compile(rb'<col\b([^>]*\shidden="(?:1|true)"[^>]*)>')
_ROW_NUMBER = re.compile(rb'\sr="([0-9]+)"')
_MIN_MAX = re.compile(rb'\b(min|max)="([0-9]+)"')


def scan(file: str, sheet: str, xml: bytes, percent_styles: Set[int], limits: Limits) -> Scan | None:
    """Scan one worksheet part; None if it is written in a way that this scan does not vouch for."""
    if _PREFIXED.search(xml):
        return None
    array = np.frombuffer(xml, np.uint8)
    found = Scan()
    formulas = False
    for start in range(0, max(len(xml) - 2, 0), WINDOW):
        tags, seconds = _tags(array, start)
        cells = _cell_positions(array, tags[seconds == _C])
        if cells is None or np.any(seconds == _BANG):
            return None
        if len(cells) and not _take(file, sheet, xml, array, cells, percent_styles, limits, found):
            return None
        formulas = formulas or bool(np.any(seconds == _F))
    if not _take_special(xml, formulas, found):
        return None
    merges = _MERGE.finditer(xml, max(xml.rfind(b"</sheetData>"), 0))
    found.merged = read_merges(file, sheet, (m[1].decode() for m in merges), limits)
    _take_hidden(xml, found)
    return found


def _tags(array: Bytes, start: int) -> tuple[Ints, Bytes]:
    """Positions of ``<`` in one window, and the byte after each."""
    window = array[start : start + WINDOW + 1]
    at: Ints = np.flatnonzero(window[:-1] == _LT) + start
    return at, array[at + 1]


def _cell_positions(array: Bytes, at: Ints) -> Ints | None:
    """Those of these ``<c`` that are ``<c ``; None if a cell tag is written in another way."""
    third = array[np.minimum(at + 2, len(array) - 1)]
    if np.any((third == _GT) | (third == _SLASH) | (third == 9) | (third == 10) | (third == 13)):
        return None
    cells: Ints = at[third == _SPACE]
    return cells


def _take(
    file: str, sheet: str, xml: bytes, array: Bytes, cells: Ints, percent_styles: Set[int], limits: Limits, found: Scan
) -> bool:
    """Add one window's cells; False where an address is not written as ``r="B7"`` right after the tag."""
    if cells[-1] + 24 > len(array):
        array = np.concatenate([array, np.zeros(32, np.uint8)])
    if not np.all((array[cells + 3] == ord("r")) & (array[cells + 4] == ord("=")) & (array[cells + 5] == _QUOTE)):
        return False
    at = cells + 6
    columns = np.zeros(len(cells), np.int64)
    for _ in range(3):
        letter = array[at]
        is_letter = (letter >= 65) & (letter <= 90)
        columns = np.where(is_letter, columns * 26 + letter - 64, columns)
        at += is_letter
    rows, at = _digits(array, at, 7)
    if not np.all(array[at] == _QUOTE):
        return _explain(file, sheet, xml, cells[array[at] != _QUOTE])
    bad = (rows < 1) | (rows > ROWS) | (columns < 1) | (columns > COLUMNS)
    if np.any(bad):
        return _explain(file, sheet, xml, cells[bad])
    _hold_to_caps(file, sheet, xml, cells, rows, columns, limits, found)
    if percent_styles:
        return _take_percents(xml, array, at + 1, rows, columns, percent_styles, found)
    return True


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


def _explain(file: str, sheet: str, xml: bytes, cells: Ints) -> bool:
    """Refuse an address outside the grid; False if it is merely written unusually."""
    start = int(cells[0]) + 6
    address = xml[start : xml.find(b'"', start)].decode("ascii", "replace")
    if re.fullmatch(r"[A-Z]+[0-9]+", address) and place(address) is None:
        raise Refused("preflight.outside_grid", file=file, sheet=sheet, cell=address[:40])
    return False


def _hold_to_caps(
    file: str, sheet: str, xml: bytes, cells: Ints, rows: Ints, columns: Ints, limits: Limits, found: Scan
) -> None:
    """Take size and used range; far blank cells are nothing, a far value is refused."""
    far = (rows > limits.rows) | (columns > limits.columns)
    if np.any(far):
        for index in np.flatnonzero(far):
            if not _BLANK.match(xml, int(cells[index])):
                refuse_far(file, sheet, int(rows[index]) - 1, int(columns[index]) - 1, limits)
        rows, columns = rows[~far], columns[~far]
    found.cells += len(rows)
    if found.cells > limits.cells or max(found.rows, int(rows.max(initial=0))) * limits.columns > limits.area:
        kept = [i for i, p in enumerate(cells[~far]) if not _BLANK.match(xml, int(p))]
        found.cells -= len(rows) - len(kept)
        rows, columns = rows[kept], columns[kept]
    found.rows = max(found.rows, int(rows.max(initial=0)))
    found.columns = max(found.columns, int(columns.max(initial=0)))


def _take_percents(
    xml: bytes, array: Bytes, at: Ints, rows: Ints, columns: Ints, styles: Set[int], found: Scan
) -> bool:
    """Note numeric cells of these styles; False where the style is not written right after the address."""
    inside = np.minimum(at + 3, len(array) - 1)
    has_style = (
        (array[at] == _SPACE) & (array[np.minimum(at + 1, len(array) - 1)] == ord("s")) & (array[inside] == _QUOTE)
    )
    if np.any((array[at] == _SPACE) & ~has_style) and re.search(rb'\st="[A-Za-z]+"\s+s="', xml):
        return False
    rows, columns, at = rows[has_style], columns[has_style], at[has_style] + 4
    style, at = _digits(array, at, 6)
    chosen = np.isin(style, np.fromiter(styles, np.int64)) & (array[at] == _QUOTE)
    for row, column, end in zip(rows[chosen] - 1, columns[chosen] - 1, at[chosen] + 1, strict=True):
        if xml.startswith((b">", b' t="n"'), end) and not xml.startswith(b"></c", end):
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
