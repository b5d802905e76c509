"""The ledger of awards as tables that a person signs and a program reads, and the workbook in which payments are typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

import pandas as pd

from analysis.awards.amounts import yuan
from analysis.awards.disbursements import COLUMNS
from analysis.awards.ledger import Ledger, Line
from analysis.awards.tables import money
from survey.core.columns import CODE, DATE, NUMBER, TEXT, WHOLE, Column, columns
from survey.core.lang import language, say

LEDGER_COLUMNS = columns(
    Column("year", WHOLE),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("payer", CODE),
    Column("due", NUMBER),
    Column("paid", NUMBER),
    Column("difference", NUMBER),
    Column("state", CODE),
    Column("payable", NUMBER),
    Column("paid_date", DATE),
    Column("vouchers", TEXT),
)
ENTRY_COLUMNS = columns(
    Column("id", WHOLE),
    Column("year", WHOLE),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("payer", CODE),
    Column("kind", CODE),
    Column("amount", NUMBER),
    Column("voucher", TEXT),
    Column("date", DATE),
    Column("note", TEXT),
    Column("ref", WHOLE),
    Column("approved_by", TEXT),
    Column("who", TEXT),
    Column("at", DATE),
)


def ledger_table(known: Ledger, found: Sequence[Line]) -> pd.DataFrame:
    """``LEDGER_COLUMNS``: one row a community, year and payer; amounts in yuan, ``difference`` is due less paid."""
    rows = [
        {
            "year": line.year,
            "community_code": line.community,
            "community": known.name(line.community),
            "payer": line.payer or None,
            "due": None if line.due is None else yuan(line.due),
            "paid": yuan(line.paid),
            "difference": None if line.difference is None else yuan(line.difference),
            "state": line.state,
            "payable": yuan(line.payable),
            "paid_date": line.last or None,
            "vouchers": "、".join(line.vouchers) or None,
        }
        for line in found
    ]
    typed: pd.DataFrame = LEDGER_COLUMNS.typed(pd.DataFrame(rows, columns=list(LEDGER_COLUMNS.names)))
    return typed


def entry_table(known: Ledger, year: int | None = None) -> pd.DataFrame:
    """``ENTRY_COLUMNS``: every entry in the order it came, those taken back and those that took them back included."""
    rows = [
        {
            **{name: getattr(e, name) for name in ENTRY_COLUMNS.names if hasattr(e, name)},
            "community_code": e.community,
            "community": known.name(e.community),
            "amount": yuan(e.amount),
            "at": known.moments.get(e.id),
        }
        for e in known.entries
        if year in (None, e.year)
    ]
    typed: pd.DataFrame = ENTRY_COLUMNS.typed(pd.DataFrame(rows, columns=list(ENTRY_COLUMNS.names)))
    return typed


def reading(lang: str, found: Sequence[Line]) -> tuple[str, dict[str, str]]:
    """The ledger of a year in one sentence: its key and its words, due, paid, and both ways in which they differ."""
    differences = [line.difference or 0 for line in found]
    sums = {
        "due": sum(line.due or 0 for line in found),
        "paid": sum(line.paid for line in found),
        "short": sum(d for d in differences if d > 0),
        "over": -sum(d for d in differences if d < 0),
    }
    key = "ledger.reading.sums" if found else "ledger.reading.none"
    return key, {name: money(lang, amount) for name, amount in sums.items()}


_WIDTHS = {"community_name": 20, "voucher": 22, "note": 30}


def payments_template(known: Ledger, year: int, lang: str = "zh") -> bytes:
    """An .xlsx with a row for everything that may still be paid of a year; rows left empty are skipped when it is read."""
    lang = language(lang)
    stream = BytesIO()
    from survey.files.written_workbook import WrittenWorkbook  # only who writes a workbook waits for it

    book = WrittenWorkbook(stream, {"in_memory": True})
    book.set_properties({"title": say(lang, "ledger.file.title"), "created": datetime(2000, 1, 1)})
    head = book.add_format({"bold": True, "bg_color": "#E4E7EC", "bottom": 1, "text_wrap": True, "valign": "top"})
    given = book.add_format({"font_color": "#5B6472", "num_format": "0.##"})
    look = {"bg_color": "#FFF8E6", "border": 1, "border_color": "#E4E7EC"}
    typed = {"date": {"num_format": "yyyy-mm-dd"}, "voucher": {"num_format": "@"}, "amount": {"num_format": "#,##0.00"}}
    sheet = book.add_worksheet(say(lang, "ledger.file.sheet"))
    formats = {c.key: book.add_format({**look, **typed.get(c.key, {})}) for c in COLUMNS}
    for place, column in enumerate(COLUMNS):
        sheet.write_string(0, place, f"{column.headers[0]} {column.key}", head)
        sheet.set_column(place, place, _WIDTHS.get(column.key, 14))
    lines = [line for line in known.of_year(year) if line.payable]
    for row, line in enumerate(lines, 1):
        filled = {
            "year": line.year,
            "community": line.community,
            "community_name": known.name(line.community),
            "payer": line.payer,
            "due": yuan(line.due or 0),
            "paid": yuan(line.paid),
            "payable": yuan(line.payable),
        }
        for place, column in enumerate(COLUMNS):
            value = filled.get(column.key)
            if value is None:
                sheet.write_blank(row, place, None, formats[column.key])
            elif isinstance(value, str):
                sheet.write_string(row, place, value, given)
            else:
                sheet.write_number(row, place, value, given)
    sheet.freeze_panes(1, 3)
    notes = book.add_worksheet(say(lang, "cycle_file.notes"))
    notes.set_column(0, 0, 100)
    for row, text in enumerate(say(lang, "ledger.file.about").split("|")):
        notes.write_string(row, 0, text)
    book.close()
    return stream.getvalue()
