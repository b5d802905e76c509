"""Exports of survey platforms, recognised by their own fixed headers and never by one mark alone."""

from __future__ import annotations

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
from survey.files.layouts.layout import Filled, Layout
from survey.files.readers.sheet import Sheet

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
    return next((found for platform in PLATFORMS if (found := platform.recognise(sheet)) is not None), None)


def filled_in(name: str) -> Filled:
    """How the forms of this platform are filled in (``Platform.filled``); "" for a sheet of no platform."""
    return _FILLED.get(name, "")
