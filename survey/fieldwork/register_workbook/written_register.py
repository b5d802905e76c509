"""The register workbook written: empty to fill in, or with all that is stored, which ``communities add`` takes back equal.

Headers in both languages, a sheet that explains every column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from sqlalchemy import Connection

from survey.core.lang import language, say
from survey.fieldwork.register_workbook.english_names import BESIDE, NAMES
from survey.fieldwork.register_workbook.register_columns import COMMUNITIES, POPULATION
from survey.files.own_workbooks import Column
from survey.files.written_workbook import WrittenWorkbook
from survey.store import names_en
from survey.store.year import facts, register

_SHEETS = (("register", COMMUNITIES), ("population", POPULATION), ("names", NAMES))
_NUMERIC = ("adult_population", "year", "population", "from_year")
_Row = Mapping[str, Any]


def register_template(lang: str = "zh") -> bytes:
    """The .xlsx template of the register; the notes are in ``lang``, headers in both languages."""
    return _written(lang, {})


def stored_register(conn: Connection, lang: str = "zh") -> bytes:
    """The same workbook with what is stored: communities with all that counted of them and from which year, population,
    English names."""
    english = names_en.stored(conn)
    communities = [*_communities(conn, english)]
    beside = {str(row[of]) for row in communities for of in BESIDE.values()}
    people: Any = register.population(conn).to_dict("records")
    rows: dict[str, Iterable[_Row]] = {
        "register": communities,
        "population": people,
        "names": [{"name": name, "name_en": en} for name, en in sorted(english.items()) if name not in beside],
    }
    return _written(lang, rows)


def _communities(conn: Connection, english: Mapping[str, str]) -> Iterable[_Row]:
    """One row a period of a community, oldest first; without a year where it has one that always counted."""
    aliases = {c.code: "|".join(c.aliases) for c in register.communities(conn)}
    for code, periods in register.history(conn).items():
        years = sorted(periods)
        for i, year in enumerate(years):
            since: int | None = year
            if year == facts.BEGINNING:
                # of several rows one without a year would correct the last, so the first names a year of its own
                since = years[i + 1] - 1 if len(years) > 1 else None
            known = periods[year]
            yield {
                **known,
                "code": code,
                "aliases": aliases[code],
                "from_year": since,
                **{key: english.get(known[of], "") for key, of in BESIDE.items()},
            }


def _written(lang: str, rows: Mapping[str, Iterable[_Row]]) -> bytes:
    lang = language(lang)
    buffer = BytesIO()
    # what is typed stays text: no name becomes a link or a formula
    book = WrittenWorkbook(buffer, {"in_memory": True})
    header = book.add_format({"bold": True, "bg_color": "#E7F0FA", "border": 1, "text_wrap": True, "valign": "top"})
    required = book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1, "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@"})
    for name, columns in _SHEETS:
        sheet = book.add_worksheet(say(lang, f"register.template.{name}"))
        sheet.freeze_panes(1, 0)
        for j, column in enumerate(columns):
            # codes are text, or 001 would come back as 1
            sheet.set_column(j, j, 18, None if column.key in _NUMERIC else text)
            sheet.write_string(0, j, f"{column.headers[0]} {column.key}", required if column.required else header)
        for i, row in enumerate(rows.get(name, ()), 1):
            _write(sheet, i, columns, row, text)
    notes = book.add_worksheet(say(lang, "register.template.notes"))
    notes.set_column(0, 0, 30)
    notes.set_column(2, 2, 70)
    notes.write_string(0, 0, say(lang, "register.template.about"))
    line = _explain(notes, 2, lang, "about_community", COMMUNITIES, header)
    line = _explain(notes, line + 1, lang, "about_population", POPULATION, header)
    _explain(notes, line + 1, lang, "about_names", NAMES, header)
    book.close()
    return buffer.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    line: int,
    columns: Sequence[Column],
    row: _Row,
    text: xlsxwriter.format.Format,
) -> None:
    """One row: numbers as numbers, all else as text; what is empty stays so."""
    for j, column in enumerate(columns):
        value = row.get(column.key)
        if value is None or value == "":
            continue
        if column.key in _NUMERIC:
            sheet.write_number(line, j, value)
        else:
            sheet.write_string(line, j, str(value), text)


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
