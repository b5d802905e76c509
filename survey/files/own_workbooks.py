"""Reading the project's own workbooks (questionnaire, register, scheme, indicator values): a header row, then records.

Headers are accepted in Chinese, English, or both in one cell (``code 编号``), in any order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from survey.core.cells import INVISIBLE, simplified
from survey.core.findings import Finding
from survey.files.readers.sheet import Sheet

#: cells named in a note; the count is always complete
FIRST_CELLS = 10
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column we know: its key and the headers it goes by (the key itself always counts)."""

    key: str
    headers: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Record:
    """One data row: ``values`` by key (None where empty), ``addresses`` by key, ``extra`` by raw header.

    ``headers``: key → its header as it stands in the sheet.
    """

    number: int
    values: Mapping[str, Any]
    addresses: Mapping[str, str]
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def header(self, key: str) -> str:
        """The header of a column as it stands in the sheet, the key where there is none."""
        return self.headers.get(key, key)

    def text(self, key: str) -> str:
        """The value as trimmed text, ``''`` where empty; whole numbers without ``.0``."""
        return plain_text(self.values.get(key))


def plain_text(value: Any) -> str:
    """A cell as text: trimmed, whole floats without ``.0``, None as ``''``."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def header_key(text: Any) -> str:
    """What two headers are compared by: width, case and traditional characters folded, white space and what nobody sees
    removed."""
    if type(text) is str and text.isascii() and text.isalnum():  # nearly every number of a respondent
        return text.casefold()
    plain = plain_text(text)
    return _known_key(plain) if len(plain) <= _SHORT else _key(plain)


def _key(plain: str) -> str:
    if not plain.isascii():
        plain = simplified(_SELECTORS.sub("", INVISIBLE.sub("", unicodedata.normalize("NFKC", plain))))
    return "".join(plain.casefold().split())


#: headers and names of a scheme are compared again and again; longer texts are no headers, and would fill the memory
_SHORT, _MANY = 100, 4096
_known_key = lru_cache(maxsize=_MANY)(_key)


def _spellings(column: Column) -> set[str]:
    names = (column.key, *column.headers)
    keys = {header_key(n) for n in names}
    return keys | {header_key(a + b) for a in names for b in names if a != b}


def find_sheet(sheets: Sequence[Sheet], *names: str) -> Sheet | None:
    """The first sheet that goes by one of these names (any case, ``a b`` also as ``ab``)."""
    wanted = {header_key(n) for n in names} | {header_key(a + b) for a in names for b in names if a != b}
    return next((s for s in sheets if header_key(s.name) in wanted), None)


def read_table(
    sheet: Sheet, columns: Sequence[Column], findings: list[Finding], *, header_row: int | None = None
) -> list[Record]:
    """Records below the header row (the first row that is not empty), blank rows skipped.

    Appends a finding for a required column that is missing and for a header that stands twice, and a note where
    characters that nobody sees were left out of cells.
    """
    row = (
        header_row
        if header_row is not None
        else next((i for i, cells in enumerate(sheet.rows) if any(plain_text(c) for c in cells)), None)
    )
    if row is None:
        findings.append(Finding("tables.empty_sheet", scope="sheet", sheet=sheet.name))
        return []
    spelling = {s: c.key for c in columns for s in _spellings(c)}
    places: dict[str, int] = {}
    extras: dict[str, int] = {}
    for index, cell in enumerate(sheet.rows[row]):
        if not header_key(cell):
            continue
        key = spelling.get(header_key(cell))
        if key is None:
            extras.setdefault(plain_text(cell), index)
        elif key in places:
            findings.append(
                Finding(
                    "tables.header_twice",
                    scope="sheet",
                    sheet=sheet.name,
                    cell=sheet.address(row, index),
                    header=plain_text(cell),
                    params={"header": plain_text(cell), "first": sheet.address(row, places[key])},
                )
            )
        else:
            places[key] = index
    for column in columns:
        if column.required and column.key not in places:
            findings.append(
                Finding(
                    "tables.missing_column",
                    scope="sheet",
                    sheet=sheet.name,
                    cell=sheet.address(row, 0),
                    params={"column": (*column.headers, column.key)[0], "key": column.key},
                )
            )
    headers = {key: plain_text(sheet.rows[row][index]) for key, index in places.items()}
    records = []
    unseen: list[str] = []
    for index in range(row + 1, len(sheet.rows)):
        cells = [_seen(cell) for cell in sheet.rows[index]]
        unseen += [sheet.address(index, j) for j, c in enumerate(sheet.rows[index]) if cells[j] is not c]
        if not any(plain_text(c) for c in cells):
            continue
        values = {k: (cells[j] if plain_text(cells[j]) else None) for k, j in places.items()}
        addresses = {k: sheet.address(index, j) for k, j in places.items()}
        extra = {h: cells[j] for h, j in extras.items() if plain_text(cells[j])}
        records.append(Record(sheet.top + index + 1, values, addresses, extra, headers))
    if unseen:
        params = {"n": len(unseen), "cells": "、".join(unseen[:FIRST_CELLS])}
        findings.append(Finding("tables.unseen", "note", "sheet", sheet.name, unseen[0], params=params))
    return records


def _seen(cell: Any) -> Any:
    """A cell without what nobody sees and what turns a line; the cell itself where it holds none."""
    return INVISIBLE.sub("", cell) if isinstance(cell, str) and INVISIBLE.search(cell) else cell
