"""A scheme as a workbook that reads back equal, with drop-downs and a sheet that explains every column."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from analysis.scheme.model import Scheme
from analysis.scheme.options import OPTIONS, even
from analysis.scheme.rules.rules import RULES, chinese_name
from analysis.scheme.rules.words import words_for
from analysis.scheme.workbook.layout import (
    FULL_MARKS,
    HELP,
    LEVELS,
    LISTS,
    LIVE,
    LONELY_PSU,
    SETTINGS,
    TABLES,
    WEIGHTINGS,
    Table,
)
from survey.core.addresses import column_letters
from survey.core.lang import say

# ── The drop-downs of a scheme workbook, and the hidden sheet of words that the longer ones are taken from


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


Cell = str | float | int | None
_WIDTHS = {
    "name_zh": 30,
    "name_en": 40,
    "text_zh": 60,
    "text_en": 60,
    "scoring_zh": 50,
    "scoring_en": 50,
    "responsible_offices": 50,
    "parameters": 36,
    "methods": 24,
    "scores": 60,
    "value": 60,
    "payers": 26,
    "key": 22,
    "note": 80,
    "community": 20,
    "name": 18,
    "level_1": 22,
    "level_2": 22,
    "level_3": 26,
}
#: columns of the indicators as an annex has them: names by level, texts beside them, no code to think of
_ANNEX = (
    "dimension",
    *LEVELS,
    "points",
    "rule",
    "parameters",
    "unit",
    "methods",
    "office",
    "text_zh",
    "scoring_zh",
    "code",
)


def write_scheme(scheme: Scheme, lang: str = "zh", *, annex: bool = False, sums: bool = False) -> bytes:
    """An .xlsx with all sheets of docs/files.md, “Scheme”; ``lang`` is that of its explanations.

    ``annex``: without the indicators, prepared for typing in those of another table: names of three levels beside each
    other, rows with drop-downs.  ``sums``: points so far against full marks beside the rows, as formulas (which a
    program that is no spreadsheet leaves without a result, so that the workbook is refused until one has saved it).
    The same scheme gives the same cells, so that versions can be compared.
    """
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": scheme.names.get(lang, scheme.code), "created": datetime(2000, 1, 1)})
    head = book.add_format({"bold": True, "bg_color": "#E4E7EC", "bottom": 1, "text_wrap": True, "valign": "top"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    if annex:
        scheme = replace(scheme, indicators=())
    rows = _rows(scheme, lang)
    for table in TABLES.values():
        sheet = book.add_worksheet(table.title)
        keys = _keys(table, annex=annex, sums=sums)
        _fill(sheet, table, keys, rows[table.name], head, body)
        add_drop_downs(sheet, table.name, keys, scheme, len(rows[table.name]) + PREPARED, lang)
        if sums and table.name in ("dimensions", "indicators"):
            add_sums(sheet, table.name, keys, scheme, _keys(TABLES["indicators"], annex=annex, sums=True))
    _explain(book, lang, head, body)
    write_lists(book.add_worksheet(LISTS.title), scheme)
    book.close()
    return stream.getvalue()


def _keys(table: Table, *, annex: bool, sums: bool) -> list[str]:
    """The columns of a sheet in the order they are written."""
    known = [spec.key for spec in table.columns if sums or spec.key not in LIVE]
    if table.name != "indicators":
        return known
    wanted = list(_ANNEX) if annex else [key for key in known if key not in (*LEVELS, *LIVE)]
    return [*wanted, *(key for key in known if key in LIVE)]


def _rows(scheme: Scheme, lang: str) -> Mapping[str, list[Sequence[Cell]]]:
    """Cells of every sheet in the order of its columns."""
    return {
        "scheme": [*_settings(scheme, lang)],
        "presets": [
            (name, levels, _scores(scores))
            for name, scales in scheme.presets.items()
            for levels, scores in scales.items()
        ],
        "dimensions": [
            (
                d.code,
                d.names["zh"],
                d.names["en"],
                d.objective_points,
                d.subjective_points,
                d.lead_office,
                "、".join(d.responsible_offices),
            )
            for d in scheme.dimensions
        ],
        "indicators": [
            (
                i.code,
                i.parent,
                i.dimension,
                i.names["zh"],
                i.names["en"],
                i.points,
                i.rule,
                i.parameters,
                i.unit,
                i.methods,
                i.office,
                i.text_zh,
                i.text_en,
                i.scoring_zh,
                i.scoring_en,
            )
            for i in scheme.indicators
        ],
        "stars": [(s.star, s.minimum, s.decided_by) for s in scheme.stars],
        "awards": [(a.star, a.amount, a.payers) for a in scheme.awards],
        "vetoes": [
            (v.code, v.names["zh"], v.names["en"], v.window_months, _yes(v.active, lang)) for v in scheme.vetoes
        ],
        "targets": [(t.star, t.share, t.due_year) for t in scheme.targets],
        "community_targets": [*scheme.community_targets],
        "pilots": [*scheme.pilots],
        "margins": [(t.margin, t.category, t.population, t.community, t.year) for t in scheme.margin_targets],
        "phases": [(p.name, p.name_en, p.first_year, p.last_year) for p in scheme.phases],
    }


def _settings(scheme: Scheme, lang: str) -> Iterable[Sequence[Cell]]:
    known: dict[str, Cell] = {
        "code": scheme.code,
        "name_zh": scheme.names["zh"],
        "name_en": scheme.names["en"],
        "first_year": scheme.first_year,
        "preset": scheme.preset,
        "min_responses": scheme.min_responses,
        "complete_share": scheme.complete_share,
        "partial_share": scheme.partial_share,
        "weighting": scheme.weighting,
        "illustrative": _yes(scheme.illustrative, lang),
        "margins": ", ".join(scheme.margins),
        "cell_min": scheme.cell_min,
        "trim": scheme.trim,
        "lonely_psu": scheme.lonely_psu,
    }
    known |= {"full_marks": FULL_MARKS, **{key: option.unsaid for key, option in OPTIONS.items()}, **scheme.settings}
    for key, value in known.items():
        explained = key in SETTINGS or key in OPTIONS
        yield key, value, say(lang, f"scheme.setting.{key}", default=_default(key)) if explained else ""


def _yes(value: bool, lang: str) -> str:
    return {"zh": "是" if value else "否", "en": "yes" if value else "no"}[lang]


def _scores(scores: tuple[float, ...]) -> str:
    """``100/80/60/40/0``; evenly spaced ones that don't come out even as ``100..0``."""
    spaced = len(scores) > 2 and scores == even(len(scores), scores[0], scores[-1])
    if spaced and not all(float(s).is_integer() for s in scores):
        return f"{_number(scores[0])}..{_number(scores[-1])}"
    return "/".join(_number(s) for s in scores)


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _fill(sheet: Any, table: Table, keys: Sequence[str], rows: Sequence[Sequence[Cell]], head: Any, body: Any) -> None:
    specs = {spec.key: spec for spec in table.columns}
    for column, key in enumerate(keys):
        sheet.write_string(0, column, f"{key} {specs[key].headers[0]}", head)
        sheet.set_column(column, column, _WIDTHS.get(key, 14), body)
    sheet.freeze_panes(1, 1)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell, body) if cell else None
            elif cell is not None:
                sheet.write_number(number, column, cell, body)


def _explain(book: Any, lang: str, head: Any, body: Any) -> None:
    sheet = book.add_worksheet(HELP.title)
    for column, width in enumerate((26, 30, 90)):
        sheet.set_column(column, column, width, body)
    lines: list[tuple[tuple[str, ...], Any]] = [
        ((say(lang, "scheme.help.title"),), head),
        ((say(lang, "scheme.help.intro"),), None),
        ((), None),
        (tuple(say(lang, f"scheme.help.{word}") for word in ("sheet", "column", "meaning")), head),
    ]
    for table in TABLES.values():
        for spec in table.columns:
            text = say(lang, f"scheme.help.{table.name}.{spec.key}")
            lines.append(((table.title, f"{spec.key} {spec.headers[0]}", text), body))
    lines.append(((), None))
    lines.append((tuple(say(lang, f"scheme.help.{word}") for word in ("rules", "parameters", "meaning")), head))
    lines.extend(
        ((f"{rule} {chinese_name(rule)}", RULES[rule].example, say(lang, f"scheme.rule.{rule}")), body)
        for rule in RULES
    )
    for number, (cells, style) in enumerate(lines):
        for column, cell in enumerate(cells):
            sheet.write_string(number, column, cell, style)


def _default(key: str) -> str:
    """What a setting is where it is not stated; empty where that is no number."""
    value = getattr(Scheme, key, None)
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else ""
