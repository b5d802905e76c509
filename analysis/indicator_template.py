"""The workbook a year's indicator values are filled into: one row a community, indicator and kind of case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from analysis.indicator_columns import COLUMNS, Entries, Entry
from analysis.rule_words import is_percent, words_for
from analysis.scheme.model import Scheme
from survey.lang import say

SHEET = "indicators 指标值"
_WIDTHS = {"indicator_name": 34, "how": 60, "community_name": 20, "evidence": 30, "note": 30}
#: the columns a person fills in; the others stay as they are
_FILLED = ("value", "self_score", "assessor", "assessor_score", "method", "date", "evidence", "exempt", "note")
_AT = {column.key: place for place, column in enumerate(COLUMNS)}


def values_template(scheme: Scheme, communities: Sequence[tuple[str, str]], lang: str = "zh") -> bytes:
    """An .xlsx in the long form for (code, name) of every community, with full marks and the rule in words.

    Rows stand by indicator, so that an office fills in a block; grades and exemptions have drop-downs, and
    numbers that can't be are refused as they are typed.  Rows left empty are skipped on import.
    """
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": scheme.names.get(lang, scheme.code), "created": datetime(2000, 1, 1)})
    head = book.add_format({"bold": True, "bg_color": "#E4E7EC", "bottom": 1, "text_wrap": True, "valign": "top"})
    given = book.add_format({"font_color": "#5B6472", "valign": "top"})
    open_cell = book.add_format({"bg_color": "#FFF8E6", "border": 1, "border_color": "#E4E7EC"})
    date_cell = book.add_format(
        {"bg_color": "#FFF8E6", "border": 1, "border_color": "#E4E7EC", "num_format": "yyyy-mm-dd"}
    )
    sheet = book.add_worksheet(SHEET)
    for column in COLUMNS:
        sheet.write_string(0, _AT[column.key], f"{column.key} {column.headers[0]}", head)
        sheet.set_column(_AT[column.key], _AT[column.key], _WIDTHS.get(column.key, 13))
    row = 1
    for entry in Entries(scheme).entries:
        for kind in entry.rule.kinds or ("",):
            for community in communities:
                _given(sheet, row, community, entry, kind, lang, given)
                for key in _FILLED:
                    sheet.write_blank(row, _AT[key], None, date_cell if key == "date" else open_cell)
                row += 1
            _checks(sheet, row - len(communities), row - 1, entry, lang)
    sheet.freeze_panes(1, _AT["community_name"] + 1)
    sheet.autofilter(0, 0, max(row - 1, 1), len(COLUMNS) - 1)
    book.close()
    return stream.getvalue()


def _given(
    sheet: Any, row: int, community: tuple[str, str], entry: Entry, kind: str, lang: str, style: Any
) -> None:  # fmt: skip
    """The cells that say what is asked for."""
    indicator = entry.indicator
    points = float(indicator.points or 0)
    key, params = entry.rule.describe(points, indicator.unit)
    texts = {
        "community": community[0],
        "community_name": community[1],
        "indicator": indicator.code,
        "indicator_name": indicator.names[lang],
        "kind": words_for("kind", kind)[lang] if kind else "",
        "how": say(lang, key, **params) + (say(lang, "indicator.as_percent") if is_percent(indicator.unit) else ""),
    }
    for name, text in texts.items():
        sheet.write_string(row, _AT[name], text, style)
    sheet.write_number(row, _AT["points"], points, style)


def _checks(sheet: Any, first: int, last: int, entry: Entry, lang: str) -> None:
    """What the cells of a block accept."""
    if last < first:
        return
    points = float(entry.indicator.points or 0)
    limits = entry.rule.limits(points, entry.indicator.unit)
    if entry.rule.grades:
        _validate(sheet, first, last, "value", {"validate": "list", "source": list(entry.rule.grades)})
    elif limits.low is not None:
        ends: dict[str, Any] = {"criteria": ">=", "value": limits.low}
        if limits.high is not None:
            ends = {"criteria": "between", "minimum": limits.low, "maximum": limits.high}
        _validate(sheet, first, last, "value", {"validate": "integer" if limits.whole else "decimal", **ends})
    marks = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": points}
    for key in ("self_score", "assessor_score"):
        _validate(sheet, first, last, key, marks)
    _validate(sheet, first, last, "exempt", {"validate": "list", "source": [{"zh": "是", "en": "yes"}[lang]]})


def _validate(sheet: Any, first: int, last: int, key: str, options: dict[str, Any]) -> None:
    sheet.data_validation(first, _AT[key], last, _AT[key], options)
