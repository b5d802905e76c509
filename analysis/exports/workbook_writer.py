"""The hand that writes a breakdown workbook: formats, titles with notices, tables, formulas that carry our number.

A formula is written only where it gives exactly our number, and always with that number as its value, so a phone's
preview shows the score and an auditor can still follow it.  Texts go in by ``write_string`` and are never evaluated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any
from unicodedata import east_asian_width

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from survey.core.lang import called, say
from survey.core.masking import masked
from survey.files.taking import taker
from survey.files.written_workbook import WrittenWorkbook

INK, MUTED, LINE, HEAD, NOTICE = "#1f2733", "#5b6472", "#e4e7ec", "#eef1f5", "#b4413c"
#: columns of what somebody typed or of a file's own words
TYPED = frozenset(
    {"assessor", "change_reason", "entered_by", "evidence", "file", "note", "review", "reviewed_by", "sheet"}
)
FONTS = {"zh": "微软雅黑", "en": "Calibri"}
#: what a cell shows of the full number it holds
NUMBER_FORMATS: Mapping[str, str] = {
    "points": "0.00",
    "money": "#,##0.00",
    "count": "#,##0",
    "value": "General",
    "exact": "0.00####",
    "share": "0.0%",
    "chance": '[>0.99]">99%";[<0.01]"<1%";0%',  # a chance is never shown as 100 % (docs/results.md, “Stars”)
    "margin": '"±"0.0',
    "signed": '+0.00;"−"0.00;0.00',
    "test": "0.000",
    "text": "@",
}


#: headings, labels and names stand in every workbook of a year
_masked = lru_cache(4096)(masked)


class MaskedSheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet of results: numbers of persons are masked in every text of its cells, links and footer."""

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> Any:
        return super()._write_string(row, col, _masked(string), cell_format)

    def _write_url(
        self, row: int, col: int, url: Any, cell_format: Any = None, string: Any = None, tip: Any = None
    ) -> Any:
        return super()._write_url(row, col, url, cell_format, masked(string or ""), tip)

    def cell(self, row: int, column: int, value: Any, form: Any, formula: str = "") -> None:
        """One cell: nothing, a text, a number, or a formula with a number as its result."""
        if value is None:
            self._write_blank(row, column, None, form)
        elif isinstance(value, str):
            self._write_string(row, column, value, form)
        elif formula:
            self._write_formula(row, column, formula, form, value)
        else:
            self._write_number(row, column, value, form)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """As it stands: formulas of ours hold no function that came after Excel 2007, and looking for each of them in each
        formula is what a workbook took longest for."""
        return formula.removeprefix("=")

    def set_footer(self, footer: str = "", *more: Any, **options: Any) -> Any:
        """The footer, masked, as xlsxwriter sets it."""
        return super().set_footer(masked(footer), *more, **options)


class ResultBook(WrittenWorkbook):
    """A workbook that leaves as a result; what is to be filled in and imported again is none, since it stays whole."""

    worksheet_class = MaskedSheet


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: the key of its value, its heading, how it shows, its width in characters."""

    key: str
    heading: str
    shows: str = "text"
    width: int = 12
    summed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Where a table's rows came to lie: 0-based first and last row, and the column of each key."""

    sheet: str
    first: int
    last: int
    places: Mapping[str, int]

    def range(self, key: str, first: int | None = None, last: int | None = None) -> str:
        """``'sheet'!F5:F10`` of one column, all rows or those from ``first`` to ``last``."""
        letter = xl_col_to_name(self.places[key])
        top = (self.first if first is None else first) + 1
        bottom = (self.last if last is None else last) + 1
        return f"'{self.sheet}'!{letter}{top}:{letter}{bottom}"

    def cell(self, key: str, row: int) -> str:
        """``'sheet'!$F$5``."""
        return f"'{self.sheet}'!{xl_rowcol_to_cell(row, self.places[key], True, True)}"


@dataclass
class Book:
    """A workbook being written in one language; ``notices`` stand at the head of every sheet.

    Names are those that the reader's language calls them by, but in one that comes back filled in (``own_names``).
    """

    lang: str
    subject: str
    notices: Sequence[str]
    created: datetime
    own_names: bool = False
    _out: BytesIO = field(default_factory=BytesIO)

    def __post_init__(self) -> None:
        self.subject = self.named(self.subject)
        self._book = ResultBook(self._out, {"in_memory": True})
        self._book.set_properties({"title": masked(self.subject), "author": taker(), "created": self.created})
        self._formats: dict[tuple[Any, ...], Any] = {}

    def say(self, key: str, /, **params: Any) -> str:
        """A text of this workbook's own file."""
        return say(self.lang, f"export.{key}", **params)

    def named(self, value: Any, key: str = "") -> Any:
        """A value of a column as it is read: names as they are called, what somebody typed as it is."""
        return value if self.own_names or key in TYPED or not isinstance(value, str) else called(value)

    def format(self, shows: str = "text", **more: Any) -> Any:
        """The cell format, made once."""
        key = (shows, *more.items())
        if key not in self._formats:
            look = {"font_name": FONTS[self.lang], "font_size": 10, "font_color": INK, "valign": "vcenter"}
            look |= {"indent": 1} if shows == "text" else {"num_format": NUMBER_FORMATS[shows], "align": "right"}
            self._formats[key] = self._book.add_format({**look, **more})
        return self._formats[key]

    def page(self, name: str, *, landscape: bool = True) -> Page:
        """A new sheet with its title, the notices and A4 print setup; filled from ``page.row`` on."""
        return Page(self, self._book.add_worksheet(name), name, landscape)

    def bars(self, series: Sequence[tuple[str, str, str]], names: str, title: str) -> Any:
        """A chart of stacked bars, not placed yet: of each series its name, the range of its numbers and its colour;
        ``names``: the range of the bars' names.  It draws what the cells hold and goes on doing so when they change."""
        chart = self._book.add_chart({"type": "bar", "subtype": "stacked"})
        font = {"name": FONTS[self.lang], "size": 9, "color": INK}
        for name, numbers, colour in series:
            chart.add_series(
                {
                    "name": name,
                    "categories": f"={names}",
                    "values": f"={numbers}",
                    "fill": {"color": colour},
                    "border": {"color": MUTED, "width": 0.5},
                    "gap": 60,
                }
            )
        chart.set_title({"name": title, "name_font": {**font, "size": 11}, "overlay": False})
        chart.set_x_axis({"num_font": font, "major_gridlines": {"visible": True, "line": {"color": LINE}}})
        chart.set_y_axis({"num_font": font, "reverse": True})
        chart.set_legend({"position": "bottom", "font": font})
        return chart

    def finish(self) -> bytes:
        """The bytes of the .xlsx."""
        self._book.close()
        return self._out.getvalue()


class Page:
    """One sheet and the next free row."""

    def __init__(self, book: Book, sheet: Any, name: str, landscape: bool) -> None:
        self.book, self.sheet, self.name = book, sheet, name
        self.row = 0
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        footer = " · ".join([book.subject, *book.notices])[:200].replace("&", "&&")
        sheet.set_footer(f"&L&8 {footer}&R&8 &P / &N")
        self.text(f"{book.subject} · {name}", font_size=14, bold=True)
        for notice in book.notices:
            self.text(notice, bold=True, font_color=NOTICE)

    def text(self, text: str, **look: Any) -> None:
        """A line of its own that may run over the columns to its right."""
        self.sheet.write_string(self.row, 0, self.book.named(text), self.book.format(**{"indent": 0, **look}))
        self.row += 1

    def gap(self) -> None:
        """One empty row."""
        self.row += 1

    def link(self, text: str, sheet: str, row: int | None = None, column: int = 0) -> None:
        """A link to the top of another sheet."""
        self.sheet.write_url(
            self.row if row is None else row,
            column,
            f"internal:'{sheet}'!A1",
            self.book.format(font_color="#3f5f8f", underline=1),
            string=text,
        )
        self.row += row is None

    def put(self, row: int, column: int, value: Any, shows: str = "text", formula: str = "", **look: Any) -> None:
        """One cell: a live ``formula`` with ``value`` as its result, or the value; nothing where it is unknown."""
        form = self.book.format("text" if isinstance(value, str) else shows, **look)
        self.sheet.cell(row, column, self.book.named(value), form, formula)

    def pairs(self, rows: Sequence[tuple[str, Any, str]], **look: Any) -> None:
        """Label and value lines."""
        for label, value, shows in rows:
            self.put(self.row, 0, label, font_color=MUTED, indent=0)
            self.put(self.row, 1, value, shows, align="left", indent=0, **look)
            self.row += 1

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Mapping[str, Any]],
        *,
        formulas: Mapping[str, Formula] | None = None,
        total: str = "",
        freeze: bool = False,
        printed: str = "",
        groups: Sequence[tuple[str, int, int]] = (),
    ) -> Block:
        """A headed table at the next row; returns where its rows lie.

        ``formulas``  key → how a cell of that column follows from its row.
        ``total``     label of a last row with the sums of the ``summed`` columns; none when empty.
        ``printed``   key of the last column that goes on paper; all when empty.
        ``groups``    headings (text, first, last column) in a row above the header.
        """
        for place, column in enumerate(columns):
            self.sheet.set_column(place, place, column.width)
        head: dict[str, Any] = {"bold": True, "bg_color": HEAD, "bottom": 1, "text_wrap": True}
        for text, first, last in groups:
            self.sheet.merge_range(self.row, first, self.row, last, "", self.book.format(**head, align="center"))
            self.sheet.write_string(self.row, first, text, self.book.format(**head, align="center"))
        self.row += bool(groups)
        heads = [self.book.format(**head, align=align) for align in ("right", "left")]
        for place, column in enumerate(columns):
            self.sheet.cell(self.row, place, column.heading, heads[column.shows == "text"])
        self.fit({c.key: c.width for c in columns}, {column.key: column.heading for column in columns})
        self.row += 1
        if freeze:
            self.sheet.freeze_panes(self.row, 2)
            self.sheet.repeat_rows(self.row - 1 - bool(groups), self.row - 1)
        block = Block(self.name, self.row, self.row + len(rows) - 1, {c.key: i for i, c in enumerate(columns)})
        widths = {column.key: column.width for column in columns}
        line = {"bottom": 4, "bottom_color": LINE}
        shown = {c.shows: self.book.format(c.shows, **line, text_wrap=False) for c in columns}
        wrapped = self.book.format("text", **line, text_wrap=True)
        for row in rows:
            values = {key: self.book.named(value, key) for key, value in row.items()}
            for place, column in enumerate(columns):
                value = values.get(column.key)
                rule = formulas.get(column.key) if formulas else None
                formula = rule.at(values, value, block, self.row) if rule else ""
                form = wrapped if isinstance(value, str) else shown[column.shows]
                self.sheet.cell(self.row, place, value, form, formula)
            self.fit(widths, values)
            self.row += 1
        if total:
            self._total(columns, rows, total, block)
        if printed:
            self.sheet.print_area(0, 0, self.row - 1, block.places[printed])
        return block

    def fit(self, widths: Mapping[str, int], values: Mapping[str, Any]) -> None:
        """Make the row as high as its longest wrapped text; not every program does so by itself."""
        lines = max(wrapped_lines(values.get(key), width) for key, width in widths.items())
        if lines > 1:
            self.sheet.set_row(self.row, 14 * lines + 2)

    def _total(self, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], label: str, block: Block) -> None:
        look = {"bold": True, "top": 1, "bg_color": HEAD}
        for place, column in enumerate(columns):
            value: Any = label if place == 0 else None
            formula = ""
            if column.summed:
                addends = [row.get(column.key) for row in rows]
                value = None if None in addends else math.fsum(a for a in addends if a is not None)
                formula = f"SUM({block.range(column.key)})" if rows else ""
            self.put(self.row, place, value, column.shows, formula, **look)
        self.row += 1


def wrapped_lines(value: Any, width: int) -> int:
    """How many lines a text takes in a column of ``width`` characters; a wide character counts as two."""
    if not isinstance(value, str):
        return 1
    if len(value) * 2.2 <= width - 1:  # one line however wide its characters are
        return 1
    size = sum(2 if east_asian_width(c) in "WF" else 1 for c in value)
    return math.ceil(size * 1.1 / (width - 1)) or 1


@dataclass(frozen=True, slots=True)
class Formula:
    """How a cell follows from others of its row: ``{key}`` in ``text`` becomes the address of that column's cell.

    ``compute`` is the same in Python over the row's values; the formula stands only where it gives our number.
    """

    text: str
    needs: tuple[str, ...]
    compute: Any

    def at(self, values: Mapping[str, Any], value: Any, block: Block, row: int) -> str:
        """The formula for this row, or ``""`` where an input is unknown or it would give another number."""
        inputs = [values.get(key) for key in self.needs]
        if value is None or any(not isinstance(i, (int, float)) for i in inputs):
            return ""
        if not same(self.compute(*inputs), value):
            return ""
        cells = {key: xl_rowcol_to_cell(row, block.places[key]) for key in self.needs}
        return self.text.format_map(cells)


def same(ours: float, value: float) -> bool:
    """Equal to the last digits that summing in another order may change."""
    return math.isclose(ours, value, rel_tol=1e-12, abs_tol=1e-9)
