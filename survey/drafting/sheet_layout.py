"""Which sheet of a file holds the answers and what stands over each column, where no questionnaire is known yet.

A platform's export says it by its own headers.  Of a hand-made sheet the header is the first row that is filled like the
rows below and says something else than they do; a second one (names over labels, items under a stem) goes on as long as
its cells never occur again below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from survey.core.cells import as_datetime, as_number, clean
from survey.core.errors import Refused
from survey.files.layouts import recognise
from survey.files.layouts.hand_made_sheet import find_header
from survey.files.layouts.header_rows import HEADER_DEPTH, MOST_ROWS
from survey.files.layouts.layout import Layout, header_texts
from survey.files.own_workbooks import header_key
from survey.files.readers.sheet import Sheet

#: rows below a header that are looked at to tell it from them
_BELOW = 200
#: share of the widest row that a header row fills at least
_FILLED = 0.5


def answers_in(file: str, sheets: Sequence[Sheet]) -> Layout:
    """The layout of the sheet with the most cells of answers; raises Refused where no sheet has a header."""
    found = [layout for sheet in sheets if len(sheet.rows) > 1 and (layout := _layout(sheet)) is not None]
    if not found:
        raise Refused("drafting.no_header", file=file)
    return max(found, key=lambda layout: (len(layout.sheet.rows) - layout.first) * len(layout.questions))


def _layout(sheet: Sheet) -> Layout | None:
    platform = recognise(sheet)
    if platform is not None:
        return platform
    rows = header_rows(sheet)
    if not rows:
        return None
    texts = {header_key(text) for row in rows for text in header_texts(sheet, row) if text}
    return find_header(sheet, lambda text: header_key(text) in texts)


def header_rows(sheet: Sheet) -> tuple[int, ...]:
    """Indices of the rows of the header, none where there is none."""
    grid = [header_texts(sheet, row) for row in range(min(len(sheet.rows), HEADER_DEPTH + MOST_ROWS + _BELOW))]
    widths = [sum(map(bool, row)) for row in grid]
    widest = max(widths, default=0)
    for row in range(min(len(grid) - 1, HEADER_DEPTH)):
        if widths[row] >= max(2, _FILLED * widest) and _is_header(grid, row):
            rows = [row]
            while len(rows) < MOST_ROWS and rows[-1] + 2 < len(grid) and _goes_on(grid, rows[-1] + 1):
                rows.append(rows[-1] + 1)
            return tuple(rows)
        if widths[row] >= 2 and row + 2 < len(grid) and _groups_over(grid, row):
            return (row, row + 1)
    return ()


def _is_header(grid: Sequence[Sequence[str]], row: int) -> bool:
    """Texts, not values, nearly all different from each other."""
    texts = [text for text in grid[row] if text]
    plain = [t for t in texts if as_number(t) is None and as_datetime(t) is None]
    return len(plain) >= 0.8 * len(texts) and len(set(texts)) >= 0.8 * len(texts)


def _groups_over(grid: Sequence[Sequence[str]], row: int) -> bool:
    """A row of stems over the first of their columns, above a full row of items."""
    below = [text for text in grid[row + 1] if text]
    return _is_header(grid, row) and len(below) > sum(map(bool, grid[row])) and _goes_on(grid, row + 1)


def _goes_on(grid: Sequence[Sequence[str]], row: int) -> bool:
    """Whether a row below a header belongs to it: texts that never occur again in their columns, where answers do."""
    texts = {i: text for i, text in enumerate(grid[row]) if text}
    if len(texts) < 2 or not _is_header(grid, row):
        return False
    below = grid[row + 1 :]
    if len(below) < 3:
        return False
    again = 0
    for i in texts:
        values = Counter(line[i] for line in below if i < len(line) and line[i])
        again += texts[i] in values
    recurring = sum(len({line[i] for line in below if i < len(line)}) < len(below) for i in texts)
    return not again and recurring >= 0.5 * len(texts)


def raw_header(layout: Layout, index: int) -> str:
    """What stands over a column, as it is written; several rows joined by ``/``."""
    cells = [clean(layout.sheet.rows[row][index]) for row in layout.header_rows]
    return "/".join(dict.fromkeys(text for text in cells if text))
