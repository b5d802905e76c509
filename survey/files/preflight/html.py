"""The tables of a web page that is named like a workbook, as office systems export them.

Tags are found one after the other and nothing is looked up: no style, no script, no picture, no other file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from survey.core.errors import Refused
from survey.files.preflight.caps import Limits
from survey.files.preflight.grids import Filling, Grid, is_table
from survey.files.preflight.kinds import BOMS

#: a tag, or what is skipped whole; every alternative ends or fails without looking at a character twice
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9:]*+)(?P<said>[^<>]*+)>")
_SPAN = re.compile(r"\b(?P<which>col|row)span\s*=\s*[\"']?\s*(?P<n>\d{1,6})", re.I)
_CODE = ("script", "style")
_CODE_ENDS = re.compile(r"</(?:script|style)", re.I)
_BREAKS = frozenset({"br", "p", "div", "li"})
_SPACE = re.compile(r"[ \t\r\n\f]+")


def scan_html(file: str, data: bytes, limits: Limits) -> list[Grid]:
    """A grid a table; raises Refused where the page has no table of two rows, and beyond the caps."""
    text = _decoded(file, data)
    page = _Page(Filling(file, limits))
    at = 0
    while (start := text.find("<", at)) >= 0:
        page.text(text[at:start])
        at = _skipped(text, start)
        if at > start:
            continue
        tag = _TAG.match(text, start)
        if tag is None:
            page.text("<")
            at = start + 1
            continue
        at = tag.end()
        name = tag["name"].casefold()
        if not tag["end"] and name in _CODE:
            end = _CODE_ENDS.search(text, at)
            at = len(text) if end is None else end.start()
        elif tag["end"]:
            page.end(name)
        else:
            page.start(name, tag["said"])
    page.end("table")
    grids = [grid for grid in page.filling.finish() if is_table(grid.rows)]
    if not grids:
        raise Refused("preflight.html", file=file)
    for number, grid in enumerate(grids, 1):
        grid.name = grid.name or str(number)
    return grids


def _decoded(file: str, data: bytes) -> str:
    """The text: UTF-16 by its mark, else UTF-8, else GB18030, all strict; raises Refused for any other."""
    utf16 = any(data.startswith(mark) for mark, name in BOMS if name == "utf-16")
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused("preflight.damaged_part", file=file, part="HTML")


def _skipped(text: str, start: int) -> int:
    """Where a comment, a declaration or a processing instruction ends that begins here; ``start`` where none does."""
    if text.startswith("<!--", start):
        return _behind(text, start + 4, "-->")
    if text.startswith(("<!", "<?"), start):
        return _behind(text, start, ">")
    return start


def _behind(text: str, at: int, mark: str) -> int:
    """Behind the next ``mark``; the end of the text where it does not come again."""
    found = text.find(mark, at)
    return len(text) if found < 0 else found + len(mark)


@dataclass
class _Table:
    """A table that is open: the next free place, and the columns that cells above still cover."""

    grid: Grid
    row: int = -1
    column: int = 0
    covered: dict[int, int] = field(default_factory=dict)
    cell: list[str] | None = None
    spans: tuple[int, int] = (1, 1)


class _Page:
    """Tags and texts, one by one."""

    def __init__(self, filling: Filling) -> None:
        self.filling = filling
        self.open: list[_Table] = []

    def text(self, text: str) -> None:
        if self.open and self.open[-1].cell is not None and text:
            self.open[-1].cell.append(text)

    def start(self, name: str, said: str) -> None:
        if name == "table":
            self.open.append(_Table(self.filling.begin("")))
        if not self.open:
            return
        table = self.open[-1]
        if name == "tr":
            self._close(table)
            self._next_row(table)
        elif name in ("td", "th"):
            self._close(table)
            if table.row < 0:
                self._next_row(table)
            span = {m["which"].casefold(): int(m["n"]) for m in _SPAN.finditer(said)}
            table.cell, table.spans = [], (max(span.get("row", 1), 1), max(span.get("col", 1), 1))
        elif name in _BREAKS and table.cell:
            table.cell.append("\0" if name == "br" else " ")  # no page that was decoded holds a NUL

    def end(self, name: str) -> None:
        if not self.open:
            return
        if name in ("td", "th", "tr"):
            self._close(self.open[-1])
        elif name == "table":
            self._close(self.open.pop())

    def _next_row(self, table: _Table) -> None:
        table.row, table.column = table.row + 1, 0
        table.covered = {c: n - 1 for c, n in table.covered.items() if n > 1}

    def _close(self, table: _Table) -> None:
        """Write the open cell where there is one; what spans rows covers the places below it."""
        if table.cell is None:
            return
        text = unescape(_SPACE.sub(" ", "".join(table.cell)).replace("\0", "\n"))
        text = "\n".join(line.strip(" \xa0") for line in text.split("\n")).strip()
        table.cell = None
        while table.column in table.covered:
            table.column += 1
        row, column = table.row, table.column
        down, across = min(table.spans[0], self.filling.limits.rows), table.spans[1]
        if text:
            self.filling.put(table.grid, row, column, text)
            self.filling.merge(table.grid, row, column, down - 1, across - 1)
        across = min(across, self.filling.limits.columns + 1)
        if down > 1:
            table.covered |= dict.fromkeys(range(column, column + across), down)
        table.column = column + across
