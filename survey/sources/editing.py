"""A few cells of a sheet replaced, whatever its rows are made of; everything else is shared with the original."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from survey.sources.encoded import Cells, Rows
from survey.sources.sheet import Sheet

#: column → row → the new value, None to empty the cell; both are indices into ``sheet.rows``
Edits = Mapping[int, Mapping[int, Any]]


def edited(sheet: Sheet, edits: Edits, emptied: Collection[int] = ()) -> Sheet:
    """The sheet with some cells replaced and some rows emptied; positions stay as they are.

    A replaced cell is no error value and no percentage any more.
    """
    if not edits and not emptied:
        return sheet
    gone = set(emptied)
    touched = {(row, column) for column, cells in edits.items() for row in cells}

    def stays(place: tuple[int, int]) -> bool:
        at = (place[0] - sheet.top, place[1] - sheet.left)
        return at not in touched and at[0] not in gone

    rows = sheet.rows
    return replace(
        sheet,
        rows=_by_column(rows, edits, emptied) if isinstance(rows, Rows) else _by_row(rows, edits, emptied),
        errors={place: error for place, error in sheet.errors.items() if stays(place)},
        percents=frozenset(place for place in sheet.percents if stays(place)),
    )


def _by_column(rows: Rows, edits: Edits, emptied: Collection[int]) -> Rows:
    gone = list(emptied)
    columns = list(rows.columns)
    for place in range(len(columns)) if gone else edits:
        codes, values = columns[place].codes.copy(), list(columns[place].values)
        known = {v: i for i, v in enumerate(values) if type(v) is str} if place in edits else {}
        for row, value in edits.get(place, {}).items():
            if value is not None and value not in known:
                known[value] = len(values)
                values.append(value)
            codes[row] = -1 if value is None else known[value]
        codes[gone] = np.int32(-1)
        columns[place] = Cells(codes, tuple(values))
    return Rows(tuple(columns))


def _by_row(rows: Sequence[Sequence[Any]], edits: Edits, emptied: Collection[int]) -> list[Sequence[Any]]:
    changed = list(rows)
    for row in {row for cells in edits.values() for row in cells}:
        changed[row] = list(changed[row])
    for place, cells in edits.items():
        for row, value in cells.items():
            changed[row][place] = value  # type: ignore[index]
    for row in emptied:
        changed[row] = [None] * len(changed[row])
    return changed
