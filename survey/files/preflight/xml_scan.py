"""Scan of a worksheet part with an XML parser: right for every legal way of writing one, and slow."""

from __future__ import annotations

from collections.abc import Set
from xml.parsers import expat

from survey.core.addresses import place
from survey.core.errors import Refused
from survey.files.preflight.caps import Limits
from survey.files.preflight.scan import Place, Scan, number, read_merges, refuse_far

_TRUE = frozenset({"1", "true"})


def scan(file: str, sheet: str, xml: bytes, percent_styles: Set[int], limits: Limits) -> Scan:
    """Scan one worksheet part; raises Refused for broken XML, a DTD, a place outside the grid and beyond the caps."""
    walk = _Walk(file, sheet, percent_styles, limits)
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = walk.doctype
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    parser.buffer_text = True
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise Refused("preflight.damaged_part", file=file, part=sheet) from error
    walk.found.merged = read_merges(file, sheet, walk.merges, limits)
    found = walk.found
    found.hidden_rows = [r for r in found.hidden_rows if r < found.rows]
    found.hidden_columns = [c for c in found.hidden_columns if c < found.columns]
    return found


class _Walk:
    """The state of one walk through a worksheet part."""

    def __init__(self, file: str, sheet: str, percent_styles: Set[int], limits: Limits) -> None:
        self.file, self.sheet, self.styles, self.limits = file, sheet, percent_styles, limits
        self.found = Scan()
        self.merges: list[str] = []
        self.row = self.column = -1
        self.cell: dict[str, str] | None = None
        self.formula = self.inside = self.filled = False
        self.value: list[str] = []

    def doctype(self, *_: object) -> None:
        raise Refused("preflight.doctype", file=self.file)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self.start_row(attributes)
        elif tag == "c":
            self.start_cell(attributes)
        elif tag == "f" and self.cell is not None:
            self.formula = self.filled = True
        elif tag in ("v", "is") and self.cell is not None:
            self.inside = self.filled = True
        elif tag == "mergeCell":
            self.merges.append(attributes.get("ref", ""))
            if len(self.merges) > self.limits.merged:
                raise Refused("preflight.many_merges", file=self.file, sheet=self.sheet, cap=self.limits.merged)
        elif tag == "col" and attributes.get("hidden") in _TRUE:
            first, last = number(attributes.get("min")), number(attributes.get("max"))
            self.found.hidden_columns.extend(range(max(first - 1, 0), min(last, self.limits.columns)))

    def start_row(self, attributes: dict[str, str]) -> None:
        row = number(attributes.get("r"))
        self.row = row - 1 if row >= 0 else self.row + 1
        self.column = -1
        if attributes.get("hidden") in _TRUE:
            self.found.hidden_rows.append(self.row)

    def start_cell(self, attributes: dict[str, str]) -> None:
        self.cell, self.value, self.formula, self.filled = attributes, [], False, False
        address = attributes.get("r")
        where: Place | None = (self.row, self.column + 1) if address is None else place(address)
        if where is None:
            raise Refused("preflight.outside_grid", file=self.file, sheet=self.sheet, cell=str(address)[:40])
        if address is None:
            self.column += 1
        else:
            self.column = where[1]
        self.place = where

    def text(self, data: str) -> None:
        if self.inside:
            self.value.append(data)

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag in ("v", "is"):
            self.inside = False
        elif tag == "c" and self.cell is not None:
            if self.filled:
                self.take(self.cell, "".join(self.value).strip())
            self.cell = None

    def take(self, attributes: dict[str, str], value: str) -> None:
        row, column = self.place
        found, kind = self.found, attributes.get("t", "n")
        refuse_far(self.file, self.sheet, row, column, self.limits)
        found.cells += 1
        if found.cells > self.limits.cells:
            raise Refused("preflight.many_cells", file=self.file, cells=found.cells, cap=self.limits.cells)
        found.rows, found.columns = max(found.rows, row + 1), max(found.columns, column + 1)
        if self.formula:
            found.formulas.append(self.place)
            if not value and kind != "str":
                found.unsaved.append(self.place)
        if kind == "e":
            found.errors[self.place] = value
        elif kind == "n" and value and number(attributes.get("s")) in self.styles:
            found.percents.add(self.place)
