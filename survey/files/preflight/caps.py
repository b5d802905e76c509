"""How much a file may hold before it is refused unread; every cap can be set."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps of one file; the defaults are those of an upload.

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

    upload: int = 50 * MB
    members: int = 2_000
    part: int = 300 * MB
    inflated: int = 400 * MB
    ratio: int = 200
    ratio_from: int = 20 * MB
    rows: int = 200_000
    columns: int = 500
    cells: int = 10_000_000
    area: int = 20_000_000
    merged: int = 10_000
    text: int = 32_767
    seconds: int = 60
    memory: int = 2_000 * MB


UPLOAD = Limits()
