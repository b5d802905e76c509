"""A few cells of a sheet replaced, whatever its rows are made of; everything else is shared with the original."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from survey.files.readers.distinct_values import Cells, Rows
from survey.files.readers.merged_cells import filled_down
from survey.files.readers.sheet import Sheet

#: column → row → the new value, None to empty the cell; both are indices into ``sheet.rows``
Edits = Mapping[int, Mapping[int, Any]]


def edited(sheet: Sheet, edits: Edits) -> Sheet:
    """The sheet with some cells replaced; positions stay as they are.

    A replaced cell is no error value and no percentage any more.
    """
    if not edits:
        return sheet
    touched = {(row, column) for column, cells in edits.items() for row in cells}

    def stays(place: tuple[int, int]) -> bool:
        return (place[0] - sheet.top, place[1] - sheet.left) not in touched

    rows = sheet.rows
    return replace(
        sheet,
        rows=_by_column(rows, edits) if isinstance(rows, Rows) else _by_row(rows, edits),
        errors={place: error for place, error in sheet.errors.items() if stays(place)},
        percents=frozenset(place for place in sheet.percents if stays(place)),
    )


def _by_column(rows: Rows, edits: Edits) -> Rows:
    columns = list(rows.columns)
    for place, cells in edits.items():
        codes, values = columns[place].codes.copy(), list(columns[place].values)
        known = {v: i for i, v in enumerate(values) if type(v) is str}
        for row, value in cells.items():
            if value is not None and value not in known:
                known[value] = len(values)
                values.append(value)
            codes[row] = -1 if value is None else known[value]
        columns[place] = Cells(codes, tuple(values))
    return Rows(tuple(columns))


def _by_row(rows: Sequence[Sequence[Any]], edits: Edits) -> list[Sequence[Any]]:
    changed = list(rows)
    for row in {row for cells in edits.values() for row in cells}:
        changed[row] = list(changed[row])
    for place, cells in edits.items():
        for row, value in cells.items():
            changed[row][place] = value  # type: ignore[index]
    return changed


def without_rows(sheet: Sheet, rows: Collection[int]) -> Sheet:
    """The sheet with some rows (indices into ``sheet.rows``) emptied; positions stay as they are.

    A vertically merged cell counts for the rows that stay.
    """
    if not rows:
        return sheet
    filled = filled_down(sheet)
    flat = tuple(r for r in filled.merged if r[2] == r[0] or r[1] != r[3])
    width = len(filled.rows[0]) if len(filled.rows) else 0
    return edited(replace(filled, merged=flat), {column: dict.fromkeys(rows) for column in range(width)})
