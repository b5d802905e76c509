"""Exports of survey platforms, recognised by their own fixed headers and never by one mark alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from survey.files.layouts import (
    google_forms,
    kobo,
    limesurvey,
    online_forms,
    spss,
    surveymonkey,
    tencent,
    wenjuanxing,
)
from survey.files.layouts.layout import Filled, Layout, repeated_headers, rows_note
from survey.files.readers.distinct_values import Rows
from survey.files.readers.sheet import Sheet

#: why a row that repeats the header is left out
REPEATED = "handmade.repeated_header"
#: in the order in which they are tried; a platform more is one module and one line here
PLATFORMS = (
    spss.PLATFORM,
    wenjuanxing.PLATFORM,
    tencent.PLATFORM,
    kobo.PLATFORM,
    limesurvey.PLATFORM,
    google_forms.PLATFORM,
    surveymonkey.PLATFORM,
    online_forms.PLATFORM,
)
_FILLED: dict[str, Filled] = {name: platform.filled for platform in PLATFORMS for name in platform.names}


def recognise(sheet: Sheet) -> Layout | None:
    """How the answers lie in a platform's export; None for every other sheet.

    Raises Refused for an export whose cells can't be answers (问卷星's 按分数).
    """
    for platform in PLATFORMS:
        found = platform.recognise(sheet)
        if found is None:
            continue
        if repeated := repeated_headers(found):
            found = platform.recognise(_without(sheet, set(repeated))) or found
            note = rows_note(sheet, REPEATED, repeated)
            skip = {**found.skip, **dict.fromkeys(repeated, REPEATED)}
            return replace(found, skip=skip, findings=(*found.findings, note))
        return found
    return None


def _without(sheet: Sheet, rows: Collection[int]) -> Sheet:
    """The sheet with these rows empty: what is told from the cells of a column is told without them."""
    width = len(sheet.rows[0])
    kept = [[None] * width if i in rows else row for i, row in enumerate(sheet.rows)]
    return replace(sheet, rows=Rows.of(kept) if isinstance(sheet.rows, Rows) else kept)


def filled_in(name: str) -> Filled:
    """How the forms of this platform are filled in (``Platform.filled``); "" for a sheet of no platform."""
    return _FILLED.get(name, "")


def is_month_first(name: str) -> bool:
    """Whether this platform writes days with the month first (``Platform.month_first``)."""
    return any(name in platform.names and platform.month_first for platform in PLATFORMS)
