"""A workbook's cells as somebody corrected them before it is taken in: what stands in the file itself stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from survey.files.own_workbooks import plain_text
from survey.files.readers.sheet import Sheet


@dataclass(frozen=True)
class CorrectedCell:
    """One cell of a sheet: of what stands in it ``found`` alone becomes ``value`` where it is a word of several, else all of it."""

    sheet: str
    cell: str
    found: str
    value: str


def corrected(sheets: Sequence[Sheet], cells: Sequence[CorrectedCell]) -> list[Sheet]:
    """The sheets with those cells; one that is not there changes nothing."""
    return [_one(sheet, mine) if (mine := [c for c in cells if c.sheet == sheet.name]) else sheet for sheet in sheets]


def _one(sheet: Sheet, cells: Sequence[CorrectedCell]) -> Sheet:
    wanted = {one.cell: one for one in cells}
    rows, errors = [list(row) for row in sheet.rows], dict(sheet.errors)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            one = wanted.get(sheet.address(number, column))
            if one is not None:
                row[column] = _said(plain_text(value), one) or None
                errors.pop((sheet.top + number, sheet.left + column), None)
    return replace(sheet, rows=rows, errors=errors)


def _said(stood: str, one: CorrectedCell) -> str:
    """What then stands there: of ``select_one agegroup`` the name of the list is one word."""
    words = stood.split()
    if one.value and len(words) > 1 and words.count(one.found) == 1 and len(one.value.split()) == 1:
        return " ".join(one.value if word == one.found else word for word in words)
    return one.value
