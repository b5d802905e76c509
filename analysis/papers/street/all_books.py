"""The workbooks of the streets of a year as files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from analysis.exports.packed.unfinished import Part
from analysis.papers.street.book_of_street import street_workbook, workbook_name
from analysis.papers.street.one_street import Street, street_of, streets_in
from analysis.papers.year_sources import year_sources
from analysis.scoring.results import Results
from survey.store import Store


def street_books(store: Store, results: Results, street: str, lang: str) -> list[Part]:
    """The workbook of each street of the year and of several together, or of this one: its file name, and how it is made."""
    base = year_sources(store, results)
    names = [street] if street else streets_in(results)
    return books_of([street_of(store, base, name) for name in with_district(names)], lang)


def with_district(names: Sequence[str]) -> list[str]:
    """Before the names of several streets ``""``, all of them together."""
    return [*([""] if len(names) > 1 and "" not in names else []), *names]


def books_of(streets: Sequence[Street], lang: str) -> list[Part]:
    """The workbook of each of these."""
    return [(workbook_name(one, lang), partial(street_workbook, one, lang)) for one in streets]


def street_workbook_of(store: Store, results: Results, street: str, lang: str) -> bytes:
    """The workbook of a street; without one of the only street of the year, or of all of them together."""
    streets = streets_in(results)
    name = street or (streets[0] if len(streets) == 1 else "")
    return street_workbook(street_of(store, year_sources(store, results), name), lang)
