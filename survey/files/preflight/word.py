"""The tables of a Word document (.docx), read from its main part with expat: nothing in it is opened, run or looked up.

A table is read as it is printed: cells that span columns or rows are merged ranges, columns in which no cell begins are
none, text that was struck out under tracked changes and hidden text are left out and said.  A table within a cell is one
of its own, and its words stay in the cell, too.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from survey.core.errors import Refused
from survey.files.preflight.caps import Limits
from survey.files.preflight.grids import Filling, Grid, is_table

#: the main part; some programs number it
MAIN = re.compile(r"word/document\d*\.xml")
_OFF = frozenset({"0", "false", "off", "none"})
#: subtrees that are no text of the document: moved away, written a second time for old programs, reading aids
_SKIPPED = frozenset({"moveFrom", "Fallback", "rt"})
#: marks of tracked changes; ``del`` holds no text of its own kind (``delText``)
_TRACKED = frozenset({"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"})
_WITHIN = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-"}
#: characters of the fonts of symbols that an annex uses
_SYMBOLS = {"F0FC": "√", "F0FE": "√", "F0FB": "×", "F0FD": "×", "F0A8": "□", "F06F": "□", "F0B3": "≥", "F0A3": "≤"}
#: tables within tables; words of a title that name a table
_DEEPEST, _TITLE = 20, 60


def scan_word(file: str, parts: Mapping[str, bytes], limits: Limits) -> list[Grid]:
    """A grid a table, named by the paragraph above it.

    ``parts``: XML parts by lower-case name.  Raises Refused for broken XML, a DTD, contents that lie in other files, no
    table of two rows, and beyond the caps.
    """
    main = next(name for name in parts if MAIN.fullmatch(name))
    walk = _Walk(Filling(file, limits))
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = walk.doctype
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    try:
        parser.Parse(parts[main], True)
    except (expat.ExpatError, UnicodeError) as error:
        raise Refused("preflight.damaged_part", file=file, part=main) from error
    walk.seen["text"] += len(walk.titles)
    grids = [grid for grid in walk.filling.finish() if is_table(grid.rows)]
    if not grids:
        raise Refused("preflight.word_tables", file=file)
    for number, grid in enumerate(grids, 1):
        grid.name = f"{number} {grid.name}".strip()
    grids[0].remarks = {f"word_{what}": {"n": n} for what, n in sorted(walk.seen.items()) if n}
    return grids


@dataclass
class _Cell:
    """One cell: where it begins, how many columns it spans, whether it goes on with the one above or left of it."""

    column: int
    across: int = 1
    below: bool = False
    beside: bool = False
    gone: bool = False
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(line for line in (" ".join(line.split()) for line in self.lines) if line)


@dataclass
class _Table:
    """A table that is open; ``rows`` of those that stand, ``row`` the one that is open, ``paragraph`` of the cell around."""

    grid: Grid
    rows: list[list[_Cell]] = field(default_factory=list)
    row: list[_Cell] = field(default_factory=list)
    cell: _Cell | None = None
    column: int = 0
    gone: bool = False
    hidden: bool = False
    paragraph: list[str] = field(default_factory=list)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _count(said: Mapping[str, str], least: int, most: int) -> int:
    text = said.get("val", "")
    return min(max(int(text), least), most) if len(text) < 10 and text.isdecimal() else least


class _Walk:
    """Elements one by one; ``seen``: what is said of the document."""

    def __init__(self, filling: Filling) -> None:
        self.filling = filling
        self.open: list[_Table] = []
        self.seen: Counter[str] = Counter()
        self.paragraph: list[str] = []
        self.titles: list[str] = []
        self.skipped = self.cells = 0
        self.around: list[str] = []
        self.hidden = self.joined = self.listens = False

    def doctype(self, *_: object) -> None:
        raise Refused("preflight.doctype", file=self.filling.file)

    def text(self, data: str) -> None:
        if self.listens and not self.skipped:
            if self.hidden:
                self.seen["hidden"] += bool(data.strip())
            else:
                self.paragraph.append(data)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag, said = _local(name), {_local(key): value for key, value in attributes.items()}
        self.around.append(tag)
        if tag in _TRACKED:
            self.seen["tracked"] += 1
        if tag in _SKIPPED or self.skipped:
            self.skipped += 1
        elif tag in ("altChunk", "subDoc"):
            raise Refused("preflight.word_parts", file=self.filling.file)
        elif tag == "tbl":
            self._begin()
        elif tag == "t":
            self.listens = True
        elif tag == "r":
            self.hidden = False
        elif tag in _WITHIN:
            self.paragraph += [] if self.hidden else [_WITHIN[tag]]
        elif tag == "sym":
            self.paragraph.append(_SYMBOLS.get(said.get("char", "").upper(), "\N{REPLACEMENT CHARACTER}"))
        else:
            self._property(tag, said)

    def _property(self, tag: str, said: Mapping[str, str]) -> None:
        """What an element says of the run, the paragraph, the row or the cell around it."""
        within = self.around[-2] if len(self.around) > 1 else ""
        on = said.get("val", "true") not in _OFF
        if tag == "vanish" and within == "rPr" and "pPr" not in self.around[-4:]:
            self.hidden = on
        elif tag == "del" and within == "rPr" and "pPr" in self.around[-4:]:
            self.joined = True
        if not self.open:
            return
        table = self.open[-1]
        if tag == "tr":
            table.row, table.column, table.gone, table.hidden = [], 0, False, False
        elif tag == "tc":
            table.cell = _Cell(table.column)
        elif within == "trPr":
            table.column += _count(said, 0, self.filling.limits.columns) if tag == "gridBefore" else 0
            table.gone = table.gone or tag == "del"
            table.hidden = table.hidden or (tag == "hidden" and on)
        elif within == "tcPr" and table.cell is not None:
            self._span(table.cell, tag, said)

    def _span(self, cell: _Cell, tag: str, said: Mapping[str, str]) -> None:
        if tag == "gridSpan":
            cell.across = _count(said, 1, self.filling.limits.columns)
        elif tag == "vMerge":
            cell.below = said.get("val", "continue") != "restart"
        elif tag == "hMerge":
            cell.beside = said.get("val", "continue") != "restart"
        elif tag == "cellDel":
            cell.gone = True

    def end(self, name: str) -> None:
        tag = _local(name)
        self.around.pop()
        if self.skipped:
            self.skipped -= 1
        elif tag == "t":
            self.listens = False
        elif tag == "p":
            self._paragraph()
        elif tag == "tc" and self.open and self.open[-1].cell is not None:
            self._cell(self.open[-1], self.open[-1].cell)
        elif tag == "tr" and self.open:
            self._row(self.open[-1])
        elif tag == "tbl" and self.open:
            self._close(self.open.pop())

    def _begin(self) -> None:
        if len(self.open) >= _DEEPEST:
            raise Refused("preflight.damaged_part", file=self.filling.file, part="tbl")
        title = " ".join(line for line in self.titles[-3:] if len(line) <= _TITLE)
        self.seen["text"] += sum(len(line) > _TITLE for line in self.titles) + len(self.titles[:-3])
        self.titles = []
        self.open.append(_Table(self.filling.begin("" if self.open else title[-_TITLE:]), paragraph=self.paragraph))
        self.paragraph = []

    def _paragraph(self) -> None:
        """The paragraph goes to the cell that is open, or is a title of the next table."""
        if self.joined:  # its mark was struck out: the next one goes on with it
            self.joined = False
            return
        line, self.paragraph = "".join(self.paragraph), []
        cell = self.open[-1].cell if self.open else None
        if cell is not None:
            cell.lines += line.split("\n")
        elif line.strip() and not self.open:
            self.titles.append(" ".join(line.split()))

    def _cell(self, table: _Table, cell: _Cell) -> None:
        table.cell = None
        left = table.row[-1] if table.row else None
        if cell.beside and left is not None:
            left.across += cell.across
        elif not cell.gone:
            table.row.append(cell)
        table.column += cell.across

    def _row(self, table: _Table) -> None:
        if table.gone or not table.row:
            return
        self.cells += len(table.row)
        self.filling.reserve(self.cells)
        if table.hidden:
            table.grid.hidden_rows.append(len(table.rows))
        table.rows.append(table.row)
        table.row = []

    def _close(self, table: _Table) -> None:
        """Write the table, without the columns in which no cell begins; its words stay in the cell around it."""
        begins = sorted({cell.column for row in table.rows for cell in row})
        at = {column: position for position, column in enumerate(begins)}
        tall: dict[int, tuple[int, int, int]] = {}  # column → first row, last row, columns more
        for number, row in enumerate(table.rows):
            for cell in row:
                column = at[cell.column]
                across = bisect_left(begins, cell.column + cell.across) - column - 1
                above = tall.get(column)
                if cell.below and above and above[1:] == (number - 1, across):
                    tall[column] = (above[0], number, across)
                    continue
                self._merge(table.grid, column, tall.pop(column, None))
                tall[column] = (number, number, across)
                if cell.text:
                    self.filling.put(table.grid, number, column, cell.text)
        for column, range_ in tall.items():
            self._merge(table.grid, column, range_)
        self.paragraph = table.paragraph
        if self.open and self.open[-1].cell is not None:
            self.open[-1].cell.lines += ["，".join(c.text for c in row if c.text) for row in table.rows]

    def _merge(self, grid: Grid, column: int, range_: tuple[int, int, int] | None) -> None:
        if range_ is not None:
            first, last, across = range_
            self.filling.merge(grid, first, column, last - first, across)
