"""A table of a page for people: headings and codes in words; as a workbook also widths, money and shares as such, A4 across, where it comes from.

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
from survey.core.columns import Column as Declared
from survey.core.lang import known, say
from survey.core.plain_table import PlainTable

#: characters of the narrowest and the widest column, and of all that A4 across takes at 9 pt
NARROW, WIDE, SHEET = 7, 34, 116
#: what goes on the first sheet of a workbook; a spreadsheet program takes no longer name
_NAME = 31
_YEARS = ("year", "due_year")
#: parts of names of columns that hold what a test gave
_TESTS = {"p", "q", "holm"}
#: decimals of what is shown with any, and the percent sign of a share
_DECIMALS = {"points": 2, "money": 2, "share": 2, "test": 3}
#: a column of codes → the one that says the same in words: people need only that
SAID_BESIDE: Mapping[str, str] = {"note": "note_text", "factor": "factor_text", "priority": "priority_text"}


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
    names, rows = _read(frame, shown)
    notices = [say(shown.lang, "export.notice.sample")] if shown.sample else []
    book = Book(lang=shown.lang, subject=shown.title, notices=notices, created=datetime(2000, 1, 1), own_names=True)
    page = book.page(_sheet_name(shown.title))
    told = [] if shown.source is None else [origin_of(shown.source, shown.lang).line]
    for note in (*shown.notes, *told):
        page.text(note, font_color=MUTED)
    heads = [_column(name, [row[name] for row in rows], shown) for name in names]
    page.table(_narrowed(heads), rows, freeze=True)
    if heads:
        page.sheet.autofilter(page.row - len(rows) - 1, 0, max(page.row - 1, 1), len(heads) - 1)
    return book.finish()


def people_frame(frame: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """The same as one table of text and numbers: headings and codes in words, numbers as they are."""
    names, rows = _read(frame, shown)
    heads = [_column(name, [row[name] for row in rows], shown).heading for name in names]
    twice = {head for head in heads if heads.count(head) > 1}  # nobody could tell them apart
    heads = [f"{head} ({name})" if head in twice else head for head, name in zip(heads, names, strict=True)]
    return pd.DataFrame([[row[name] for name in names] for row in rows], columns=heads, dtype=object)


def _read(frame: pd.DataFrame, shown: Shown) -> tuple[list[str], list[dict[str, Any]]]:
    """The columns that people read, and their rows in words."""
    there = {str(name) for name in frame.columns}
    said = {code for code, words in SAID_BESIDE.items() if words in there} if shown.columns is not None else set()
    names = [str(name) for name in frame.columns if name not in shown.left_out and name not in said]
    rows = [dict(zip(names, row, strict=True)) for row in PlainTable.of_frame(frame[names]).rows()]
    for row in rows:
        for name, word in shown.words.items():
            if row.get(name) is not None:
                row[name] = word(row[name])
        row |= {name: _flag(shown.lang, value) for name, value in row.items() if isinstance(value, bool)}
    return names, rows


def _flag(lang: str, value: bool) -> str:
    return say(lang, "data_set.yes" if value else "data_set.no")


def _column(name: str, values: Sequence[Any], shown: Shown) -> Column:
    declared = shown.columns.find(name) if shown.columns is not None else None
    heading = name if declared is None else _heading(declared, name, shown.lang)
    numbers = [value for value in values if isinstance(value, (int, float))]
    if any(isinstance(value, str) for value in values) or (declared is not None and declared.kind is FLAG):
        shows = "text"
    elif name in shown.money:
        shows, heading = "money", say(shown.lang, "page_files.yuan", name=heading)
    elif name in _YEARS or not numbers:
        shows = "value" if numbers else "text"
    elif declared is not None and declared.kind is SHARE:
        shows = "chance" if name.endswith("_probability") else "share"
    elif (declared is not None and declared.kind is WHOLE) or all(float(v).is_integer() for v in numbers):
        shows = "count"
    else:
        shows = "test" if set(name.split("_")) & _TESTS else "points"
    longest = max((_size(value) if isinstance(value, str) else _digits(value, shows) for value in values), default=0)
    longest = max(longest, 13 if shows == "money" else 0, min(_size(heading), 12))
    return Column(name, heading, shows, min(max(longest + 2, NARROW), WIDE))


def _heading(declared: Declared, name: str, lang: str) -> str:
    """Its heading; of one of several columns of a kind with what fills its name: 总分 SL01."""
    own = f"page_files.head.{name}"
    if known(own):
        return say(lang, own)
    before, opened, after = declared.name.partition("<")
    if not opened:
        return declared.heading(lang)
    end = len(name) - len(after.partition(">")[2])
    return f"{declared.heading(lang)} {name[len(before) : end]}"


def _digits(value: Any, shows: str) -> int:
    """Characters that a number takes as it shows."""
    if not isinstance(value, (int, float)):
        return 0
    return len(f"{value:,.{_DECIMALS.get(shows, 0)}f}")


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
