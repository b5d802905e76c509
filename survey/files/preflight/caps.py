"""How much a file may hold before it is refused unread; every cap can be set."""

from __future__ import annotations

from dataclasses import dataclass, field

from survey.core import limits


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps of one file; the defaults are those of ``survey.core.limits`` at the moment.

    ``upload``     bytes of the file itself.
    ``members``    parts in the archive of a workbook.
    ``part``, ``inflated``  bytes of one part and of all parts once inflated; ``inflated`` also caps the text
                   that the cells of a workbook add up to (one long string may stand in a million cells).
    ``ratio``      inflated to packed bytes, asked only of parts over ``ratio_from`` bytes.
    ``rows, columns``  the last row and column of a sheet that hold a value.
    ``cells``      cells with a value, over all sheets.
    ``area``       rows x columns of the used ranges, over all sheets: what a reader allocates.
    ``merged``     merged ranges of one sheet.
    ``text``       characters of one cell (Excel's own limit).
    ``seconds, memory``  what the reading process may take (s of processor and of clock, bytes).
    """

    upload: int = field(default_factory=lambda: limits.UPLOAD_BYTES)
    members: int = field(default_factory=lambda: limits.READING_MEMBERS)
    part: int = field(default_factory=lambda: limits.READING_PART_BYTES)
    inflated: int = field(default_factory=lambda: limits.READING_INFLATED_BYTES)
    ratio: int = field(default_factory=lambda: limits.READING_RATIO)
    ratio_from: int = field(default_factory=lambda: limits.READING_RATIO_FROM_BYTES)
    rows: int = field(default_factory=lambda: limits.READING_ROWS)
    columns: int = field(default_factory=lambda: limits.READING_COLUMNS)
    cells: int = field(default_factory=lambda: limits.READING_CELLS)
    area: int = field(default_factory=lambda: limits.READING_AREA)
    merged: int = field(default_factory=lambda: limits.READING_MERGED)
    text: int = field(default_factory=lambda: limits.READING_TEXT)
    seconds: int = field(default_factory=lambda: limits.READING_SECONDS)
    memory: int = field(default_factory=lambda: limits.READING_MEMORY_BYTES)
