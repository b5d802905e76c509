"""The templates that ship, built as Word documents from ``layouts/LANG.toml``; an office takes one and makes it its own."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from analysis.letters.kinds import Letter
from analysis.letters.letter_template import stamped

_LAYOUTS = Path(__file__).with_name("layouts")
#: fonts by language: Latin, East Asian; offices print titles in one of their own
_FONTS = {"zh": ("Times New Roman", "仿宋"), "en": ("Calibri", "仿宋")}
#: the second line of the foot: what the numbers rest on
_SOURCE = {
    "zh": "{{ scheme }} 第 {{ scheme_version }} 版 · 数据版本 {{ data_version }} · {{ computed_at }} 计算",
    "en": "{{ scheme }}, version {{ scheme_version }} · data version {{ data_version }} · computed {{ computed_at }}",
}
#: how wide a column is beside the others (1.0), where its contents are far shorter or longer
_WIDTHS = {
    **{"number": 0.4, "lost": 0.7, "n": 0.7, "star_awarded": 0.8, "title_before_year": 0.8},
    **{"about": 2.0, "why": 2.2, "places": 2.0, "naming_document": 2.0, "decision_document": 1.6, "naming_body": 1.3},
    **{"status": 1.3, "vetoes": 1.6},
}
_A4 = (Cm(21.0), Cm(29.7))
#: what every template was made at, so that the same layout gives the same bytes
_MADE = datetime(2000, 1, 1)


@cache
def layouts(lang: str) -> Mapping[str, Mapping[str, Any]]:
    """Paper → its layout: ``title``, ``heading``, ``body``, ``pairs``, ``table``, ``second``, ``after``, ``wide``."""
    with (_LAYOUTS / f"{lang}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def default_template(letter: Letter, lang: str) -> bytes:
    """The template of a paper as .docx."""
    layout = layouts(lang)[letter.key]
    document: Any = Document()
    _page(document, lang, wide=bool(layout.get("wide")))
    _line(document, layout["title"], size=18, bold=True, centred=True)
    if layout.get("heading"):
        _line(document, layout["heading"], size=11, centred=True)
    _line(document, "{{ notice }}", size=9, centred=True)
    for text in layout.get("body", ()):
        _line(document, text, first=2)
    if layout.get("pairs"):
        _pairs(document, layout["pairs"])
        _line(document, "")
    for key in ("table", "second"):
        if key in layout:
            _table(document, layout[key]["over"], layout[key]["columns"])
            _line(document, "")
    for text in layout.get("after", ()):
        _line(document, text)
    core = document.core_properties
    core.created = core.modified = _MADE
    core.author = core.comments = core.last_modified_by = ""
    core.title = layout["title"] if "{" not in layout["title"] else ""
    out = io.BytesIO()
    document.save(out)
    return stamped(out.getvalue(), _MADE)


def _page(document: Any, lang: str, *, wide: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = _A4[::-1] if wide else _A4
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin = section.bottom_margin = Cm(2.2)
    latin, eastern = _FONTS[lang]
    style = document.styles["Normal"]
    style.font.name, style.font.size = latin, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), eastern)
    for told in document.styles.element.iter(
        qn("w:lang")
    ):  # whoever lacks the font takes one of Chinese letters, not of Japanese
        told.set(qn("w:eastAsia"), "zh-CN")
    style.paragraph_format.space_after = Pt(6)
    _line(section.footer, "{{ street }} · {{ year }} · {{ state }}", size=8, centred=True)
    _line(section.footer, _SOURCE[lang], size=8, centred=True)


def _line(where: Any, text: str, *, size: int = 12, bold: bool = False, centred: bool = False, first: int = 0) -> None:
    paragraph = where.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if first:
        paragraph.paragraph_format.first_line_indent = Pt(size * first)


def _pairs(document: Any, pairs: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for label, text in pairs:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, text
    _widths(table, (4.5, 11.7))


def _table(document: Any, over: str, columns: Sequence[Sequence[str]]) -> None:
    """Heads, and between two rows that docxtpl takes away the row that is repeated."""
    table = document.add_table(rows=4, cols=len(columns))
    table.style = "Table Grid"
    table.rows[1].cells[0].text = f"{{%tr for one in {over} %}}"
    table.rows[3].cells[0].text = "{%tr endfor %}"
    for place, (heading, field) in enumerate(columns):
        head = table.rows[0].cells[place].paragraphs[0].add_run(heading)
        head.bold = True
        table.rows[2].cells[place].text = f"{{{{ one.{field} }}}}"
        for row in (table.rows[0], table.rows[2]):
            for run in row.cells[place].paragraphs[0].runs:
                run.font.size = Pt(10)
    section = document.sections[0]
    room = (section.page_width - section.left_margin - section.right_margin) / Cm(1)
    shares = [_WIDTHS.get(field, 1.0) for _, field in columns]
    _widths(table, [room * share / sum(shares) for share in shares])
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))


def _widths(table: Any, widths: Sequence[float]) -> None:
    """Widths in cm, in the grid, too, which LibreOffice goes by; air above the text as below, lest it touch the line."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        properties = row._tr.get_or_add_trPr()
        properties.append(properties.makeelement(qn("w:cantSplit"), {}))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
            shape = cell.paragraphs[0].paragraph_format
            shape.space_before, shape.space_after = Pt(3), Pt(3)
