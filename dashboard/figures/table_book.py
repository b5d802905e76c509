"""A table of a page as a workbook for people: headings in words, widths, money and shares as such, A4 across, where it comes from.

Commands that write ``--out X.xlsx`` keep the columns of programs (``analysis.exports.flat_files``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from unicodedata import east_asian_width

import pandas as pd

from analysis.exports.origin import origin_of
from analysis.exports.workbook_writer import MUTED, Book, Column
from analysis.scoring.results import Results
from survey.core.columns import FLAG, SHARE, WHOLE, Columns
from survey.core.lang import say
from survey.core.plain_table import PlainTable

#: characters of the narrowest and the widest column, and of all that A4 across takes at 9 pt
NARROW, WIDE, SHEET = 7, 34, 116
#: what goes on the first sheet of a workbook; a spreadsheet program takes no longer name
_NAME = 31
_YEARS = ("year", "due_year")


@dataclass(frozen=True)
class Shown:
    """How a table is read: ``columns`` declares headings and kinds (without it names are headings already); ``money``: columns
    in yuan; ``words``: column → what its codes are called; ``left_out``: columns for programs alone; ``notes`` below the title; ``source``: the results that it is a
    table of."""

    lang: str
    title: str
    columns: Columns | None = None
    money: Collection[str] = ()
    words: Mapping[str, Callable[[Any], str | None]] = field(default_factory=dict)
    left_out: Collection[str] = ()
    notes: Sequence[str] = ()
    sample: bool = False
    source: Results | None = None


def people_book(frame: pd.DataFrame, shown: Shown) -> bytes:
    """The table as an .xlsx; what is empty stays empty, codes without words stay as they are."""
    names = [str(name) for name in frame.columns if name not in shown.left_out]
    rows = [dict(zip(names, row, strict=True)) for row in PlainTable.of_frame(frame[names]).rows()]
    for row in rows:
        for name, word in shown.words.items():
            if row.get(name) is not None:
                row[name] = word(row[name])
        row |= {name: _flag(shown.lang, value) for name, value in row.items() if isinstance(value, bool)}
    notices = [say(shown.lang, "export.notice.sample")] if shown.sample else []
    book = Book(lang=shown.lang, subject=shown.title, notices=notices, created=datetime(2000, 1, 1))
    page = book.page(_sheet_name(shown.title))
    told = [] if shown.source is None else [origin_of(shown.source, shown.lang).line]
    for note in (*shown.notes, *told):
        page.text(note, font_color=MUTED)
    heads = [_column(name, [row[name] for row in rows], shown) for name in names]
    page.table(_narrowed(heads), rows, freeze=True)
    if heads:
        page.sheet.autofilter(page.row - len(rows) - 1, 0, max(page.row - 1, 1), len(heads) - 1)
    return book.finish()


def _flag(lang: str, value: bool) -> str:
    return say(lang, "data_set.yes" if value else "data_set.no")


def _column(name: str, values: Sequence[Any], shown: Shown) -> Column:
    declared = shown.columns.find(name) if shown.columns is not None else None
    heading = declared.heading(shown.lang) if declared is not None else name
    numbers = [value for value in values if isinstance(value, (int, float))]
    if any(isinstance(value, str) for value in values) or (declared is not None and declared.kind is FLAG):
        shows = "text"
    elif name in shown.money:
        shows, heading = "money", say(shown.lang, "page_files.yuan", name=heading)
    elif name in _YEARS or not numbers:
        shows = "value" if numbers else "text"
    elif declared is not None and declared.kind is SHARE:
        shows = "share"
    elif (declared is not None and declared.kind is WHOLE) or all(float(v).is_integer() for v in numbers):
        shows = "count"
    else:
        shows = "points"
    longest = max((_size(value) if isinstance(value, str) else 8 for value in values), default=0)
    longest = max(longest, 13 if shows == "money" else 0, min(_size(heading), 12))
    return Column(name, heading, shows, min(max(longest + 2, NARROW), WIDE))


def _narrowed(heads: Sequence[Column]) -> list[Column]:
    """The same with texts made narrower, the widest first, as long as a sheet of paper does not hold them."""
    widths = {head.key: head.width for head in heads}
    texts = [head.key for head in heads if head.shows == "text"]
    while sum(widths.values()) > SHEET:
        key = max(texts, key=lambda one: widths[one], default="")
        if not key or widths[key] <= 10:
            break
        widths[key] -= 1
    return [Column(h.key, h.heading, h.shows, widths[h.key]) for h in heads]


def _size(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _sheet_name(title: str) -> str:
    kept = "".join("_" if c in "[]:*?/\\" else c for c in title).strip("'")
    return kept[:_NAME] or "—"
