"""Exports of survey platforms, recognised by their own fixed headers and never by one mark alone."""

from __future__ import annotations

from survey.files.layouts import kobo, limesurvey, spss, tencent, wenjuanxing
from survey.files.layouts.layout import Layout
from survey.files.readers.sheet import Sheet

_RECOGNISERS = (spss.recognise, wenjuanxing.recognise, tencent.recognise, kobo.recognise, limesurvey.recognise)


def recognise(sheet: Sheet) -> Layout | None:
    """How the answers lie in a platform's export; None for every other sheet.

    Raises Refused for an export whose cells can't be answers (问卷星's 按分数).
    """
    return next((found for recogniser in _RECOGNISERS if (found := recogniser(sheet)) is not None), None)
