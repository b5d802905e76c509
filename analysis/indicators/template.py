"""The workbook a year's indicator values are filled into: one row a community, indicator, kind of case and assessor.

What is stored already stands in it; a row that comes back as it is says nothing new and is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from analysis.indicators.columns import COLUMNS, Entries, Entry
from analysis.indicators.stored import Stored
from analysis.scheme.model import Scheme
from analysis.scheme.rules.words import is_percent, words_for
from survey.core.lang import say
from survey.files.own_workbooks import header_key
from survey.files.written_workbook import WrittenWorkbook

SHEET = "indicators 指标值"
_WIDTHS = {
    "indicator_name": 34,
    "how": 60,
    "community_name": 20,
    "evidence": 30,
    "note": 30,
    "reason": 30,
    "self_evidence": 30,
}
#: the columns a person fills in; the others stay as they are
_FILLED = (
    "value",
    "self_score",
    "assessor",
    "assessor_score",
    "method",
    "date",
    "evidence",
    "exempt",
    "note",
    "reason",
    "self_evidence",
)
#: days that the date column takes
_DAYS = (date(1990, 1, 1), date(2100, 12, 31))
_AT = {column.key: place for place, column in enumerate(COLUMNS)}


def values_template(
    scheme: Scheme, communities: Sequence[tuple[str, str]], lang: str = "zh", stored: Stored | None = None
) -> bytes:
    """An .xlsx in the long form for (code, name) of every community, with full marks and the rule in words.

    Rows stand by indicator, so that an office fills in a block; grades, methods and exemptions have drop-downs, and
    numbers that can't be are refused as they are typed.  Rows left empty are skipped on import.  ``stored`` fills in what
    is there already, one row an assessor.
    """
    stream = BytesIO()
    book = WrittenWorkbook(stream, {"in_memory": True})
    book.set_properties({"title": scheme.names.get(lang, scheme.code), "created": datetime(2000, 1, 1)})
    head = book.add_format({"bold": True, "bg_color": "#E4E7EC", "bottom": 1, "text_wrap": True, "valign": "top"})
    given = book.add_format({"font_color": "#5B6472", "valign": "top"})
    entry_cell = {"bg_color": "#FFF8E6", "border": 1, "border_color": "#E4E7EC"}
    styles = {key: book.add_format(entry_cell) for key in _FILLED}
    styles["date"] = book.add_format({**entry_cell, "num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(SHEET)
    for column in COLUMNS:
        sheet.write_string(0, _AT[column.key], f"{column.key} {column.headers[0]}", head)
        sheet.set_column(_AT[column.key], _AT[column.key], _WIDTHS.get(column.key, 13))
    row = 1
    for entry in Entries(scheme).entries:
        first = row
        for kind in entry.rule.kinds or ("",):
            for community in communities:
                for filled in _lines(entry, kind, community[0], stored, lang):
                    _given(sheet, row, community, entry, kind, lang, given)
                    for key in _FILLED:
                        _write(sheet, row, key, filled.get(key), styles[key])
                    row += 1
        _checks(sheet, first, row - 1, entry, lang)
    sheet.freeze_panes(1, _AT["community_name"] + 1)
    sheet.autofilter(0, 0, max(row - 1, 1), len(COLUMNS) - 1)
    book.close()
    return stream.getvalue()


def _lines(entry: Entry, kind: str, code: str, stored: Stored | None, lang: str) -> list[dict[str, Any]]:
    """What is stored of one community, indicator and kind: a row an assessor, the one without a name first."""
    if stored is None:
        return [{}]
    place, once = (code, entry.indicator.code), kind == (entry.rule.kinds or ("",))[0]
    named = stored.assessors.get(place, {})
    plain = not named or any((*place, k, "") in stored.reports for k in entry.rule.kinds or ("",))
    plain = plain or (*place, "") in stored.exempt
    lines = []
    for who, name in ([("", "")] if plain else []) + list(named.items()):
        report = stored.reports.get((*place, kind, who), {})
        line = {"value": report.get("value_text") if entry.rule.grades else report.get("value"), "assessor": name}
        if once:
            line |= {
                "assessor_score": stored.scores.get((*place, who)),
                "exempt": {"zh": "是", "en": "yes"}[lang] if (*place, who) in stored.exempt else None,
            }
        if report or line.get("assessor_score") is not None or line.get("exempt"):
            line |= {
                key: report.get(key) or stored.word(place, who, key) for key in ("method", "date", "evidence", "note")
            }
            line["reason"] = report.get("reason")
        lines.append(line)
    if once and place in stored.selves:
        lines[0] = _with_self(lines[0], stored, place)
    return lines


def _with_self(line: dict[str, Any], stored: Stored, place: tuple[str, str]) -> dict[str, Any]:
    """The line with the self-score, and what that rests on where it is something else."""
    told = {"self_score": stored.selves[place]}
    own, who = stored.grounds[place], header_key(line["assessor"])
    if "evidence" not in line:  # nothing else is told here, so that all words are of the self-score
        words = {key: stored.word(place, who, key) for key in ("method", "date", "note")}
        return {**line, **words, **told, "evidence": own or stored.word(place, who, "evidence")}
    return {**line, **told, "self_evidence": "" if own == line["evidence"] else own}


def _write(sheet: Any, row: int, key: str, value: Any, style: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, _AT[key], None, style)
    elif key == "date" and _is_day(value):
        sheet.write_datetime(row, _AT[key], datetime.fromisoformat(value), style)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, _AT[key], value, style)
    else:
        sheet.write_string(row, _AT[key], str(value), style)


def _is_day(text: str) -> bool:
    try:
        return _DAYS[0] <= date.fromisoformat(text) <= _DAYS[1]
    except ValueError:
        return False


def _given(sheet: Any, row: int, community: tuple[str, str], entry: Entry, kind: str, lang: str, style: Any) -> None:
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
    else:
        _validate(
            sheet,
            first,
            last,
            "value",
            {"validate": "decimal", "criteria": "between", "minimum": -1e12, "maximum": 1e12},
        )
    marks = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": points}
    for key in ("self_score", "assessor_score"):
        _validate(sheet, first, last, key, marks)
    methods = [words_for("method", m)[lang] for m in _methods(entry)]
    if methods:  # offered, not prescribed
        _validate(sheet, first, last, "method", {"validate": "list", "source": methods, "show_error": False})
    _validate(
        sheet,
        first,
        last,
        "date",
        {"validate": "date", "criteria": "between", "minimum": _DAYS[0], "maximum": _DAYS[1]},
    )
    _validate(sheet, first, last, "exempt", {"validate": "list", "source": [{"zh": "是", "en": "yes"}[lang]]})


def _methods(entry: Entry) -> list[str]:
    """The methods that the scheme names for an indicator."""
    return [m for m in re.split(r"[\s,;、，；/|+]+", entry.indicator.methods) if header_key(m)]


def _validate(sheet: Any, first: int, last: int, key: str, options: dict[str, Any]) -> None:
    sheet.data_validation(first, _AT[key], last, _AT[key], options)
