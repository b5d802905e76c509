"""Several communities beside each other over the years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.tables.community_types import COLUMNS as KIN
from dashboard.data.files import File, table
from dashboard.data.history import Moment, history
from dashboard.data.results import Source
from dashboard.data.same_type import type_table
from dashboard.data.year import Row, Year, read_year
from dashboard.figures.code_words import code_words
from dashboard.figures.table_book import Shown
from dashboard.web.access import Viewer
from survey.core.columns import CODE, NUMBER, TEXT, WHOLE, Column, Columns, columns
from survey.core.errors import Refused
from survey.core.lang import say

MOST = 5
#: the totals of several communities over the years as a table to take away
OVER_YEARS = columns(
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("year", WHOLE),
    Column("total", NUMBER),
    Column("total_low", NUMBER),
    Column("total_high", NUMBER),
    Column("star", WHOLE),
)


@dataclass(frozen=True)
class Line:
    """One community: its totals, and its score row of every year that knows it."""

    code: str
    community: str
    moments: tuple[Moment, ...]
    rows: tuple[Row | None, ...]


@dataclass(frozen=True)
class Comparison:
    """What the comparison page shows; ``street`` is the sub-district's own line."""

    year: Year
    street_name: str
    years: tuple[int, ...]
    names: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    street: tuple[Moment, ...]
    weighted: bool


def comparison(viewer: Viewer, source: Source, year: int, street: str = "", codes: Sequence[str] = ()) -> Comparison:
    """Up to five communities of one sub-district; without any the highest, the one nearest to a star, the lowest.

    Raises Refused for an unknown community, or for more than five.
    """
    found = read_year(viewer, source, year)
    street = found.street(street)
    if len(codes) > MOST:
        raise Refused("page_compare.too_many", most=MOST)
    chosen = list(dict.fromkeys(codes)) or _telling(found.of_street(street))
    for code in chosen:
        found.community(code)
    years = source.years()
    each = [read_year(viewer, source, y) for y in years]
    lines = tuple(
        Line(
            code,
            str(found.community(code)["community"]),
            history(viewer, source, code),
            tuple(next((r for r in y.rows if r["community_code"] == code), None) for y in each),
        )
        for code in chosen
    )
    totals, weighted = _street_line(each, street)
    names = tuple((r["community_code"], r["community"]) for r in found.of_street(street))
    return Comparison(found, street, years, names, lines, totals, weighted)


def _telling(rows: Sequence[Row]) -> list[str]:
    rated = sorted((r for r in rows if r["total"] is not None), key=lambda r: -float(r["total"]))
    if not rated:
        return [r["community_code"] for r in rows[:3]]
    near = min(rated, key=lambda r: float(r["star_next_gap"]) if r["star_next_gap"] is not None else 1e9)
    return list(dict.fromkeys(r["community_code"] for r in (rated[0], near, rated[-1])))


def _street_line(each: Sequence[Year], street: str) -> tuple[tuple[Moment, ...], bool]:
    """The sub-district's total of each year: population-weighted if every year has that, else the plain mean."""
    rows = [(int(y.meta["year"]), y.street_row(street)) for y in each]
    known = [(number, row) for number, row in rows if row is not None]
    weighted = bool(known) and all(row["weighted_total"] is not None for _, row in known)
    column = "weighted_total" if weighted else "mean_total"
    return tuple(Moment(number, row[column], None, None, None, False) for number, row in known), weighted


def compared(
    viewer: Viewer, source: Source, year: int, street: str, codes: Sequence[str], lang: str, kind: str = "csv"
) -> File:
    """The totals of several communities over the years."""
    data = comparison(viewer, source, year, street, codes)
    rows = [
        (line.code, line.community, m.year, m.total, m.low, m.high, m.star) for line in data.lines for m in line.moments
    ]
    frame = pd.DataFrame(rows, columns=list(OVER_YEARS.names))
    title = say(lang, "page_compare.title")
    return table(title, frame, kind, shown_as(title, OVER_YEARS, data.year, lang))


def alike(viewer: Viewer, source: Source, year: int, street: str, lang: str, kind: str = "csv") -> File:
    """A sub-district's communities beside those of their own type."""
    found = read_year(viewer, source, year)
    frame = type_table(found, found.street(street))
    stem = f"{year}_{say(lang, 'page_compare.kin_name')}"
    return table(stem, frame, kind, shown_as(stem, KIN, found, lang))


def shown_as(stem: str, columns: Columns, found: Year, lang: str) -> Shown:
    """How a table of this page is read by people."""
    title, sample = stem.replace("_", " "), bool(found.meta.get("sample"))
    return Shown(lang, title, columns, words=code_words(columns, lang), sample=sample, source=found.results)
