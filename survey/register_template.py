"""An empty register workbook to fill in: headers in both languages, and a sheet that explains every column."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from survey.lang import language, say
from survey.register_columns import COMMUNITIES, POPULATION
from survey.tables import Column


def register_template(lang: str = "zh") -> bytes:
    """The .xlsx template of the register; the notes are in ``lang``, headers in both languages."""
    lang = language(lang)
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    header = book.add_format({"bold": True, "bg_color": "#E7F0FA", "border": 1, "text_wrap": True, "valign": "top"})
    required = book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1, "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@"})
    for name, columns in (("register", COMMUNITIES), ("population", POPULATION)):
        sheet = book.add_worksheet(say(lang, f"register.template.{name}"))
        sheet.freeze_panes(1, 0)
        for j, column in enumerate(columns):
            numeric = column.key in ("adult_population", "year", "population")
            # codes are text, or 001 would come back as 1
            sheet.set_column(j, j, 18, None if numeric else text)
            sheet.write_string(0, j, f"{column.headers[0]} {column.key}", required if column.required else header)
    notes = book.add_worksheet(say(lang, "register.template.notes"))
    notes.set_column(0, 0, 30)
    notes.set_column(2, 2, 70)
    notes.write_string(0, 0, say(lang, "register.template.about"))
    line = _explain(notes, 2, lang, "about_community", COMMUNITIES, header)
    _explain(notes, line + 1, lang, "about_population", POPULATION, header)
    book.close()
    return buffer.getvalue()


def _explain(
    sheet: xlsxwriter.worksheet.Worksheet,
    line: int,
    lang: str,
    about: str,
    columns: Sequence[Column],
    header: xlsxwriter.format.Format,
) -> int:
    """Write one row a column from ``line`` on; the line after them."""
    for j, word in enumerate(("column", "required", "meaning")):
        sheet.write_string(line, j, say(lang, f"register.template.{word}"), header)
    for i, column in enumerate(columns, line + 1):
        sheet.write_string(i, 0, f"{column.headers[0]} {column.key}")
        sheet.write_string(i, 1, say(lang, "register.template.yes") if column.required else "")
        sheet.write_string(i, 2, say(lang, f"register.template.{about}.{column.key}"))
    return line + len(columns) + 1
