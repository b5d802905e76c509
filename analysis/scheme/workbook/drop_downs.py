"""The drop-downs of a scheme workbook with the hidden sheet of words behind them, and the live sums beside what is typed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.scheme.model import Scheme
from analysis.scheme.options import OPTIONS
from analysis.scheme.rules.rules import RULES, chinese_name
from analysis.scheme.rules.words import words_for
from analysis.scheme.workbook.layout import LISTS, LONELY_PSU, SETTINGS, TABLES, WEIGHTINGS
from survey.core.addresses import column_letters

#: rows below the table that are ready to be typed in
PREPARED = 200
_METHODS = ("H", "M", "F", "Q", "O", "HM", "MF", "MO", "FO", "HF", "MQ", "HMF")
_UNITS = ("percent", "times", "items", "pairs", "cases", "places", "standards", "people", "square_metres")


def _words(scheme: Scheme) -> Mapping[str, Sequence[str]]:
    """What the hidden sheet holds, one column a list."""
    offices = [o for d in scheme.dimensions for o in (*d.lead_office.split("、"), *d.responsible_offices)]
    return {
        "office": list(dict.fromkeys(filter(None, offices))),
        "methods": ["、".join(words_for("method", m)["zh"] for m in letters) for letters in _METHODS],
        "unit": [u if u == "percent" else words_for("unit", u)["zh"] for u in _UNITS],
    }


def write_lists(sheet: Any, scheme: Scheme) -> None:
    """Fill and hide the sheet of words."""
    for column, (name, words) in enumerate(_words(scheme).items()):
        for row, word in enumerate([name, *words]):
            sheet.write_string(row, column, word)
    sheet.hide()


def add_drop_downs(sheet: Any, table: str, keys: Sequence[str], scheme: Scheme, last: int, lang: str) -> None:
    """Lists for the cells that take one of a few words; where other words may stand, Excel only mentions it."""
    names = "B" if lang == "zh" else "A"
    dimensions = f"='{TABLES['dimensions'].title}'!${names}$2:${names}${len(scheme.dimensions) + 50}"
    rules = [chinese_name(rule) for rule in RULES] if lang == "zh" else list(RULES)
    strict: dict[tuple[str, str], str | list[str]] = {
        ("indicators", "dimension"): dimensions,
        ("pilots", "dimension"): dimensions,
        ("indicators", "rule"): rules,
        ("stars", "decided_by"): ["district", "city"],
        ("vetoes", "active"): ["是", "否", "yes", "no"],
    }
    loose = {("indicators", name): _range(name, scheme) for name in _words(scheme)}
    loose |= {("dimensions", name): _range("office", scheme) for name in ("lead_office", "responsible_offices")}
    for column, key in enumerate(keys):
        place = (table, key)
        if place in strict:
            sheet.data_validation(1, column, last, column, {"validate": "list", "source": strict[place]})
        elif place in loose:
            words = {"validate": "list", "source": loose[place], "error_type": "information", "show_error": False}
            sheet.data_validation(1, column, last, column, words)
        elif place == ("indicators", "parent"):
            letter = column_letters(keys.index("code"))
            codes = f"=${letter}$2:${letter}${last + 1}"
            sheet.data_validation(1, column, last, column, {"validate": "list", "source": codes, "show_error": False})
        elif place == ("indicators", "points"):
            sheet.data_validation(1, column, last, column, {"validate": "decimal", "criteria": ">", "value": 0})
    if table == "scheme":
        _setting_words(sheet, scheme)


def _range(name: str, scheme: Scheme) -> str:
    words = _words(scheme)
    letter = column_letters(list(words).index(name))
    return f"='{LISTS.title}'!${letter}$2:${letter}${len(words[name]) + 1}"


def _setting_words(sheet: Any, scheme: Scheme) -> None:
    """Each setting of a few words has them beside it."""
    rows = [*SETTINGS, *OPTIONS, *scheme.settings]
    words = {
        "weighting": WEIGHTINGS,
        "lonely_psu": LONELY_PSU,
        "illustrative": ("是", "否", "yes", "no"),
        "preset": tuple(scheme.presets),
        **{key: option.words for key, option in OPTIONS.items()},
    }
    for key, listed in words.items():
        if listed:
            place = rows.index(key) + 1
            sheet.data_validation(place, 1, place, 1, {"validate": "list", "source": list(listed)})


# ── Sums that stand beside what is typed: points so far against full marks, as formulas with the value they have now


def add_sums(sheet: Any, table: str, keys: Sequence[str], scheme: Scheme, of_indicators: Sequence[str]) -> None:
    """Write them into ``dimensions`` (a row each) or beside the first rows of ``indicators``.

    ``keys``: columns of this sheet; ``of_indicators``: those of the sheet of indicators.
    """
    last = len(scheme.indicators) + PREPARED + 1
    points, own = (column_letters(of_indicators.index(key)) for key in ("points", "row_dimension"))
    there = f"'{TABLES['indicators'].title}'!" if table == "dimensions" else ""

    def so_far(code: str, name: str) -> str:
        kinds = f"{there}${own}$2:${own}${last}"
        values = f"{there}${points}$2:${points}${last}"
        return f"SUMIF({kinds},{code},{values})+SUMIF({kinds},{name},{values})"

    if table == "dimensions":
        _beside_dimensions(sheet, keys, scheme, so_far)
    else:
        _beside_indicators(sheet, keys, scheme, so_far, last)


def _now(scheme: Scheme, code: str) -> float:
    return math.fsum(i.points for i in scheme.indicators if i.points is not None and i.dimension == code)


def _beside_dimensions(sheet: Any, keys: Sequence[str], scheme: Scheme, so_far: Any) -> None:
    code, name, full = (column_letters(keys.index(key)) for key in ("code", "name_zh", "objective_points"))
    now, left = keys.index("points_now"), keys.index("points_left")
    for row, dimension in enumerate(scheme.dimensions, 1):
        value = _now(scheme, dimension.code)
        formula = so_far(f"${code}{row + 1}", f"${name}{row + 1}")
        sheet.write_formula(row, now, f"={formula}", None, value)
        difference = dimension.objective_points - value
        sheet.write_formula(row, left, f"={full}{row + 1}-{column_letters(now)}{row + 1}", None, difference)


def _beside_indicators(sheet: Any, keys: Sequence[str], scheme: Scheme, so_far: Any, last: int) -> None:
    at = {key: keys.index(key) for key in keys}
    letter = {key: column_letters(column) for key, column in at.items()}
    for row, dimension in enumerate(scheme.dimensions, 1):
        there = f"'{TABLES['dimensions'].title}'!"
        value = _now(scheme, dimension.code)
        sheet.write_formula(row, at["check_dimension"], f"={there}B{row + 1}", None, dimension.names["zh"])
        formula = so_far(f"{there}$A${row + 1}", f"{there}$B${row + 1}")
        sheet.write_formula(row, at["check_points"], f"={formula}", None, value)
        sheet.write_formula(row, at["check_full"], f"={there}D{row + 1}", None, dimension.objective_points)
        left = f"={letter['check_full']}{row + 1}-{letter['check_points']}{row + 1}"
        sheet.write_formula(row, at["check_left"], left, None, dimension.objective_points - value)
    own, dimension_at = at["row_dimension"], letter["dimension"]
    for row in range(1, last):
        above = f"{letter['row_dimension']}{row}" if row > 1 else '""'
        said = scheme.indicators[row - 1].dimension if row <= len(scheme.indicators) else _last(scheme)
        cell = f"{dimension_at}{row + 1}"
        sheet.write_formula(row, own, f'=IF({cell}="",{above},{cell})', None, said)
    sheet.set_column(own, own, None, None, {"hidden": True})


def _last(scheme: Scheme) -> str:
    return scheme.indicators[-1].dimension if scheme.indicators else ""
