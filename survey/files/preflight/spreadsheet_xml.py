"""Sheets written as one XML document: “XML table 2003” of Excel, and the content of an OpenDocument spreadsheet.

Read with expat, element by element; a DTD ends it, so that no entity is expanded and nothing outside is opened.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from xml.parsers import expat

from survey.core.errors import Refused
from survey.files.preflight.caps import Limits
from survey.files.preflight.grids import Filling, Grid

_FALSE = frozenset({"0", "false", ""})


def scan_xml_2003(file: str, data: bytes, limits: Limits) -> list[Grid]:
    """A grid a visible worksheet; raises Refused for broken XML, a DTD, no content, and beyond the caps."""
    return _read(file, data, _Excel(Filling(file, limits)), "preflight.xml_2003")


def scan_ods(file: str, data: bytes, limits: Limits) -> list[Grid]:
    """A grid a table of the content part; raises Refused as ``scan_xml_2003`` does."""
    return _read(file, data, _OpenDocument(Filling(file, limits)), "preflight.ods")


def _read(file: str, data: bytes, walk: _Walk, nothing: str) -> list[Grid]:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = walk.doctype
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, UnicodeError) as error:
        raise Refused("preflight.damaged_part", file=file, part="XML") from error
    grids = [grid for grid in walk.filling.finish() if grid.name not in walk.hidden]
    if not any(grid.rows for grid in grids):
        raise Refused(nothing, file=file)
    return grids


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and len(text) < 10 and text.isdecimal() else otherwise


def _moment(text: str) -> Any:
    """A date, or a date with its time; the text where it is neither."""
    kinds: tuple[Callable[[str], Any], ...] = (date.fromisoformat, datetime.fromisoformat)
    for read in kinds:
        try:
            found = read(text.rstrip("Z"))
        except ValueError:
            continue
        midnight = isinstance(found, datetime) and (found.hour, found.minute, found.second) == (0, 0, 0)
        return found.date() if midnight else found
    return text


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text or None


def _typed(kind: str, text: str) -> Any:
    """A cell of XML 2003 by its ``ss:Type``."""
    if kind == "Number":
        return _number(text)
    if kind == "DateTime":
        return _moment(text)
    return text not in _FALSE if kind == "Boolean" else text


class _Walk(ABC):
    """The state of one walk: the grid, the place, and the cell that is open."""

    def __init__(self, filling: Filling) -> None:
        self.filling = filling
        self.grid: Grid | None = None
        self.row = self.column = -1
        self.said: dict[str, str] = {}
        self.parts: list[str] = []
        self.listens = False
        self.hidden: set[str] = set()

    def doctype(self, *_: object) -> None:
        raise Refused("preflight.doctype", file=self.filling.file)

    def text(self, data: str) -> None:
        if self.listens:
            self.parts.append(data)

    @abstractmethod
    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    @abstractmethod
    def end(self, name: str) -> None:
        """An element ends."""


class _Excel(_Walk):
    """``Workbook/Worksheet/Table/Row/Cell/Data`` with ``ss:Index``, ``ss:MergeAcross``, ``ss:Type``."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag, said = _local(name), {_local(k): v for k, v in attributes.items()}
        if tag == "Worksheet":
            self.grid, self.row = self.filling.begin(said.get("Name", "")), -1
        elif tag == "Row" and self.grid is not None:
            self.row, self.column = _whole(said.get("Index"), self.row + 2) - 1, -1
            if said.get("Hidden", "0") not in _FALSE:
                self.grid.hidden_rows.append(self.row)
        elif tag == "Cell" and self.grid is not None:
            self.column = _whole(said.get("Index"), self.column + 2) - 1
            self.said, self.parts = said, []
        elif tag == "Data":
            self.said, self.parts, self.listens = {**self.said, "Type": said.get("Type", "String")}, [], True
        elif tag == "Visible":
            self.parts, self.listens = [], True

    def end(self, name: str) -> None:
        tag = _local(name)
        if tag == "Data" and self.grid is not None:
            self.listens = False
            self._put(self.grid, "".join(self.parts))
        elif tag == "Cell" and self.grid is not None:
            down, across = _whole(self.said.get("MergeDown"), 0), _whole(self.said.get("MergeAcross"), 0)
            self.filling.merge(self.grid, self.row, self.column, down, across)
            self.column += across
        elif tag == "Visible" and self.grid is not None:
            self.listens = False
            if "".join(self.parts).startswith("SheetHidden") or "".join(self.parts).startswith("SheetVeryHidden"):
                self.hidden.add(self.grid.name)

    def _put(self, grid: Grid, text: str) -> None:
        at = (self.row, self.column)
        kind = self.said["Type"]
        if kind == "Error":
            grid.errors[at] = text
        elif text:
            self.filling.put(grid, *at, _typed(kind, text))
        if "Formula" in self.said:
            grid.formulas.append(at)


class _OpenDocument(_Walk):
    """``table:table/table:table-row/table:table-cell`` with repetitions, which are the bombs of this format."""

    def __init__(self, filling: Filling) -> None:
        super().__init__(filling)
        self.repeats = 1
        self.begun: list[tuple[int, Any]] = []
        self.notes = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag, said = _local(name), {_local(k): v for k, v in attributes.items()}
        if tag == "annotation":
            self.notes += 1
        elif tag == "table" and self.grid is None:
            self.grid, self.row = self.filling.begin(said.get("name", "")), 0
        elif tag == "table-row" and self.grid is not None:
            self.repeats, self.column, self.begun = _whole(said.get("number-rows-repeated"), 1), 0, []
            if said.get("visibility") in ("collapse", "filter"):
                self.grid.hidden_rows.append(self.row)
        elif tag in ("table-cell", "covered-table-cell"):
            self.said, self.parts = {**said, "cell": tag}, []
        elif tag == "p" and not self.notes:
            self.parts += ["\n"] if self.parts else []
            self.listens = True
        elif tag in ("s", "tab", "line-break") and self.listens:
            self.parts.append("\n" if tag == "line-break" else " " * min(_whole(said.get("c"), 1), 1000))

    def end(self, name: str) -> None:
        tag = _local(name)
        if tag == "annotation":
            self.notes -= 1
        elif tag == "p":
            self.listens = False
        elif tag in ("table-cell", "covered-table-cell") and self.grid is not None:
            self._cell(self.grid)
        elif tag == "table-row" and self.grid is not None:
            self._row(self.grid)
        elif tag == "table":
            self.grid = None

    def _cell(self, grid: Grid) -> None:
        value, repeats = self._value(grid), _whole(self.said.get("number-columns-repeated"), 1)
        if value is not None and self.said["cell"] == "table-cell":
            # what is repeated too often lies beyond the last column, which is refused at the first one too far
            for column in range(self.column, self.column + min(repeats, self.filling.limits.columns + 1)):
                self.begun.append((column, value))
        down, across = (_whole(self.said.get(f"number-{which}-spanned"), 1) - 1 for which in ("rows", "columns"))
        self.filling.merge(grid, self.row, self.column, down, across)
        self.column += repeats

    def _row(self, grid: Grid) -> None:
        if self.begun:
            repeats = min(self.repeats, self.filling.limits.rows + 1)
            self.filling.reserve(repeats * len(self.begun) if len(self.begun) > 1 else 0)
            for row in range(self.row, self.row + repeats):
                for column, value in self.begun:
                    self.filling.put(grid, row, column, value)
        self.row += self.repeats

    def _value(self, grid: Grid) -> Any:
        kind, text = self.said.get("value-type", ""), "".join(self.parts).strip()
        at = (self.row, self.column)
        if "formula" in self.said:
            grid.formulas.append(at)
        if text.startswith("#") and ("formula" in self.said or kind == "error"):
            grid.errors[at] = text
            return None
        if kind in ("float", "percentage", "currency"):
            if kind == "percentage":
                grid.percents.add(at)
            return _number(self.said.get("value", text))
        if kind == "date":
            return _moment(self.said.get("date-value", text))
        if kind == "boolean":
            return self.said.get("boolean-value", "") not in _FALSE
        return text or None
