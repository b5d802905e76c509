"""The workbooks to fill in: applications, decisions and titles of a year, one row a community."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from analysis.cycle.workbooks import COLUMNS as WORKBOOKS_COLUMNS
from analysis.publication.cycle_table import Cycle
from survey.core.lang import language, say

_WIDTHS = {"community_name": 20, "document": 30, "note": 30}


def cycle_template(kind: str, found: Cycle, lang: str = "zh") -> bytes:
    """An .xlsx of one kind for the communities that such a row may be about; rows left empty are skipped on import.

    Decisions: those that wait for the district or the city; titles: those that wait to be named, else everybody.
    """
    lang = language(lang)
    stream = BytesIO()
    from survey.files.written_workbook import WrittenWorkbook  # only who writes a workbook waits for it

    book = WrittenWorkbook(stream, {"in_memory": True})
    book.set_properties({"title": say(lang, f"cycle_file.title_{kind}"), "created": datetime(2000, 1, 1)})
    head = book.add_format({"bold": True, "bg_color": "#E4E7EC", "bottom": 1, "text_wrap": True, "valign": "top"})
    given = book.add_format({"font_color": "#5B6472"})
    look = {"bg_color": "#FFF8E6", "border": 1, "border_color": "#E4E7EC"}
    styles = {"date": book.add_format({**look, "num_format": "yyyy-mm-dd"}), "": book.add_format(look)}
    sheet = book.add_worksheet(say(lang, f"cycle_file.sheet_{kind}"))
    columns = WORKBOOKS_COLUMNS[kind]
    for place, column in enumerate(columns):
        sheet.write_string(0, place, f"{column.headers[0]} {column.key}", head)
        sheet.set_column(place, place, _WIDTHS.get(column.key, 14))
    codes = _wanted(kind, found)
    for row, code in enumerate(codes, 1):
        known = _known(kind, found, code)
        for place, column in enumerate(columns):
            value = known.get(column.key)
            if value in (None, ""):
                sheet.write_blank(row, place, None, styles.get(column.key, styles[""]))
            elif isinstance(value, str):
                sheet.write_string(row, place, value, given)
            else:
                sheet.write_number(row, place, value, given)
    _checks(sheet, kind, len(codes), found.log.rules.top, lang)
    sheet.freeze_panes(1, 2)
    notes = book.add_worksheet(say(lang, "cycle_file.notes"))
    notes.set_column(0, 0, 100)
    for row, line in enumerate(say(lang, f"cycle_file.about_{kind}").split("|")):
        notes.write_string(row, 0, line)
    book.close()
    return stream.getvalue()


def _wanted(kind: str, found: Cycle) -> list[str]:
    waits = {"decisions": ("decide", "city"), "titles": ("name",)}.get(kind, ())
    waiting = [code for code, at in found.standings.items() if at.next in waits]
    return waiting or list(found.log.codes)


def _known(kind: str, found: Cycle, code: str) -> dict[str, Any]:
    """What the tool knows already, so that it need not be typed."""
    at, score = found.standings[code], found.calculated.get(code, {})
    known: dict[str, Any] = {"community": code, "community_name": found.log.name(code), "year": found.log.year}
    if kind == "applications":
        known["held"] = at.held.star if at.held else None
    elif kind == "decisions":
        known |= {"calculated_total": score.get("total"), "calculated_star": score.get("star")}
        known["body"] = {"decide": "区", "city": "市"}.get(at.next)
    else:
        known["star"] = at.decision.star if at.decision and at.next == "name" else None
    return known


def _checks(sheet: Any, kind: str, rows: int, top: int, lang: str) -> None:
    """What the cells accept as they are typed."""
    if not rows:
        return
    place = {column.key: i for i, column in enumerate(WORKBOOKS_COLUMNS[kind])}
    low = 1 if kind == "applications" else 0
    stars = {"validate": "list", "source": [str(s) for s in range(low, top + 1)]}
    sheet.data_validation(1, place["star"], rows, place["star"], stars)
    if kind == "decisions":
        bodies = {"validate": "list", "source": ["区", "市"] if lang == "zh" else ["district", "city"]}
        sheet.data_validation(1, place["body"], rows, place["body"], bodies)
        sheet.data_validation(
            1,
            place["refused"],
            rows,
            place["refused"],
            {"validate": "list", "source": ["是" if lang == "zh" else "yes"]},
        )
