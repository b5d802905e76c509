"""The drop-downs of a scheme workbook, and the hidden sheet of words that the longer ones are taken from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.rule_shorthand import chinese_name
from analysis.rule_words import words_for
from analysis.scheme.layout import LISTS, LONELY_PSU, SETTINGS, TABLES, WEIGHTINGS
from analysis.scheme.model import RULES, Scheme
from analysis.scheme.options import OPTIONS
from survey.addresses import column_letters

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
        _settings(sheet, scheme)


def _range(name: str, scheme: Scheme) -> str:
    words = _words(scheme)
    letter = column_letters(list(words).index(name))
    return f"='{LISTS.title}'!${letter}$2:${letter}${len(words[name]) + 1}"


def _settings(sheet: Any, scheme: Scheme) -> None:
    """Each setting of a few words has them beside it."""
    rows = [*SETTINGS, *OPTIONS, *scheme.settings]
    words = {"weighting": WEIGHTINGS, "lonely_psu": LONELY_PSU, "illustrative": ("是", "否", "yes", "no"),
             "preset": tuple(scheme.presets), **{key: option.words for key, option in OPTIONS.items()}}  # fmt: skip
    for key, listed in words.items():
        if listed:
            place = rows.index(key) + 1
            sheet.data_validation(place, 1, place, 1, {"validate": "list", "source": list(listed)})
