"""Where the header of a hand-made sheet stands: below titles, in one to three rows, with merged cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from survey.files.layouts.layout import OPTION, ColumnLayout, as_option, header_texts, spellings, unique
from survey.files.readers.sheet import Sheet

#: rows from the top in which a header is looked for, and how many rows one may have
HEADER_DEPTH = 30
MOST_ROWS = 3
#: columns that must mean a question before a row is taken for a header
LEAST_KNOWN = 2

Known = Callable[[str], bool]


@dataclass(frozen=True)
class Headline:
    """The rows of a header (indices into ``sheet.rows``), the row below it and the columns it names."""

    rows: tuple[int, ...]
    first: int
    columns: tuple[ColumnLayout, ...]


def find_headline(sheet: Sheet, known: Known) -> Headline | None:
    """The rows in which most columns mean a question, the fewest and uppermost of equal ones."""
    grid = _Grid(sheet, known)
    best = (0, 0, 0)
    for depth in range(1, MOST_ROWS + 1):
        for row in range(max(len(grid.texts) - depth + 1, 0)):
            if (found := grid.count(row, depth)) > best[0]:
                best = (found, row, depth)
    found, row, depth = best
    if found < LEAST_KNOWN:
        return None
    bottom = grid.bottom(row, row + depth - 1)
    while bottom + 1 < len(grid.texts) and grid.is_header(bottom + 1):
        bottom = grid.bottom(row, bottom + 1)
    columns = tuple(c for i in range(grid.width) if (c := grid.column(i, row, bottom)))
    return Headline(tuple(range(row, bottom + 1)), bottom + 1, columns)


class _Grid:
    """The texts of the first rows, merged cells filled with what stands in their first one."""

    def __init__(self, sheet: Sheet, known: Known) -> None:
        height = min(len(sheet.rows), HEADER_DEPTH + MOST_ROWS)
        self.texts = [header_texts(sheet, row) for row in range(height)]
        self.width = len(self.texts[0]) if self.texts else 0
        self.spans: dict[tuple[int, int], tuple[int, int]] = {}
        self.known = known
        self._means: dict[str, bool] = {}
        self._spellings: dict[str, tuple[str, ...]] = {}
        self.down: dict[int, int] = {}
        for top, left, bottom, right in sheet.merged:
            self._merge(top - sheet.top, left - sheet.left, bottom - sheet.top, right - sheet.left)
        for row in range(height - 1):
            self._group(row)

    def _merge(self, top: int, left: int, bottom: int, right: int) -> None:
        if top >= len(self.texts) or not self.texts[top][left]:
            return
        self.down[top] = max(self.down.get(top, top), bottom)
        for row in range(top, min(bottom + 1, len(self.texts))):
            for column in range(left, right + 1):
                self.texts[row][column] = self.texts[top][left]
                if right > left:
                    self.spans[row, column] = (left, right)

    def _group(self, row: int) -> None:
        """Fill a question over the columns of its choices where it stands over the first only, or over each of them."""
        found: list[tuple[int, int, bool, tuple[str, ...]]] = []
        for left, right in self._runs(row):
            stem, below = self.texts[row][left], tuple(self.texts[row + 1][c] for c in range(left, right + 1))
            if len(set(below)) == len(below) and all(self.known(f"{stem}{OPTION}{t}") for t in below):
                found.append((left, right, self.texts[row][right] == stem, below))
        # one header twice, or above nothing, and a response below it look alike: what tells choices is that they are
        # several in words, and that the next question has the same ones
        sets = [below for *_, below in found]
        for left, right, repeated, below in found:
            worded = len(below) > 2 and not any(t.isdigit() for t in below)
            if sets.count(below) > 1 if repeated or not worded else worded:
                for column in range(left, right + 1):
                    self.texts[row][column] = self.texts[row][left]
                    self.spans[row, column] = (left, right)

    def _runs(self, row: int) -> Iterator[tuple[int, int]]:
        """First and last column of each text of a row with the empty, or same, cells right of it; two at least."""
        texts, left = self.texts[row], 0
        for column in range(1, self.width + 1):
            ends = column == self.width or texts[column] not in ("", texts[left])
            if ends or not self.texts[row + 1][column]:
                if texts[left] and column - left > 1 and (row, left) not in self.spans:
                    yield left, column - 1
                left = column

    def means(self, text: str) -> bool:
        """Whether a text means a question in any of its spellings."""
        if text not in self._means:
            self._means[text] = any(map(self.known, self.spellings(text)))
        return self._means[text]

    def joint(self, joined: Iterable[str]) -> bool:
        """Whether header rows joined mean a question; nothing in them is taken apart anew."""
        return any(self.known(s) for text in joined for s in spellings(text))

    def spellings(self, text: str) -> tuple[str, ...]:
        """``spellings`` and what the text is called as the column of one choice, remembered."""
        if text not in self._spellings:
            known = spellings(text)
            self._spellings[text] = unique((*known, *(s for t in known for s in as_option(t))))
        return self._spellings[text]

    def stack(self, column: int, top: int, bottom: int) -> list[str]:
        """What stands over a column, top to bottom, a text once where it fills several rows."""
        return list(unique(self.texts[row][column] for row in range(top, bottom + 1)))

    def count(self, row: int, depth: int) -> int:
        """How many different questions the columns mean if the header were these rows."""
        if not any(self.texts[row]):
            return 0
        found = set()
        for column in range(self.width):
            layout = self.column(column, row, row + depth - 1)
            if layout and (layout.option or any(map(self.known, layout.texts))):
                found.add((layout.texts[0], layout.option))
        return len(found)

    def bottom(self, top: int, bottom: int) -> int:
        """The last row that merged cells of the header reach."""
        return max([bottom, *(end for row, end in self.down.items() if top <= row <= bottom)])

    def is_header(self, row: int) -> bool:
        """Whether most cells of a row mean a question (a second language, the names below the texts)."""
        texts = [t for t in self.texts[row] if t]
        named = sum(map(self.means, texts))
        return named >= LEAST_KNOWN and 2 * named >= len(texts)

    def column(self, column: int, top: int, bottom: int) -> ColumnLayout | None:
        """What the header says of one column; None where it says nothing."""
        texts = self.stack(column, top, bottom)
        if not texts:
            return None
        joined = _joined(texts)
        if len(texts) == 1 and not self.texts[top][column]:
            # the stem of a multiple choice may stand over its first option only
            stem = next((self.texts[top][c] for c in range(column - 1, -1, -1) if self.texts[top][c]), "")
            joined = tuple(j for j in _joined([stem, *texts]) if stem and self.joint((j,)))
        told = texts[1:] if self.joint(joined) else texts
        names = unique((*joined, *(s for t in reversed(told) for s in self.spellings(t))))
        option = self._option(column, top, bottom)
        if option and not self.joint(joined) and not self.means(option):
            return ColumnLayout(column, self.spellings(texts[0]), option=option)
        return ColumnLayout(column, tuple(sorted(names, key=lambda name: not self.known(name))))

    def _option(self, column: int, top: int, bottom: int) -> str:
        """The lower text below a question that is merged over several columns with different texts below."""
        span = self.spans.get((top, column))
        if top == bottom or span is None or not self.means(self.texts[top][column]):
            return ""
        below = {self.texts[bottom][c] for c in range(span[0], span[1] + 1)} - {"", self.texts[top][column]}
        own = self.texts[bottom][column]
        return own if len(below) > 1 and own in below else ""


def _joined(texts: Iterable[str]) -> tuple[str, ...]:
    """``stem/item`` of a header of several rows, the stem in each of its spellings."""
    stem, *rest = texts
    return tuple("/".join((s, *rest)) for s in spellings(stem)) if rest else ()
