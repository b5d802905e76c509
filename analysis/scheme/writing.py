"""A scheme as a workbook that reads back equal, with drop-downs and a sheet that explains every column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from analysis.rule_parameters import EXAMPLES
from analysis.scheme.layout import HELP, LONELY_PSU, SETTINGS, TABLES, WEIGHTINGS, Table
from analysis.scheme.model import RULES, Scheme
from analysis.scheme.presets import even
from survey.lang import say

Cell = str | float | int | None
_WIDTHS = {"name_zh": 30, "name_en": 40, "text_zh": 60, "text_en": 60, "responsible_offices": 50, "parameters": 36,
           "methods": 24, "scores": 60, "value": 60, "payers": 26, "key": 18, "community": 20, "name": 18}  # fmt: skip
#: rows below the table that keep its drop-downs
_ROOM = 200


def write_scheme(scheme: Scheme, lang: str = "zh") -> bytes:
    """An .xlsx with all sheets of contract §4; ``lang`` is that of its explanations.

    The same scheme gives the same cells, so that versions can be compared.
    """
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": scheme.names.get(lang, scheme.code), "created": datetime(2000, 1, 1)})
    head = book.add_format({"bold": True, "bg_color": "#E4E7EC", "bottom": 1, "text_wrap": True, "valign": "top"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    rows = _rows(scheme, lang)
    for table in TABLES.values():
        sheet = book.add_worksheet(table.title)
        _fill(sheet, table, rows[table.name], head, body)
        _drop_downs(sheet, table, scheme, len(rows[table.name]))
    _explain(book, lang, head, body)
    book.close()
    return stream.getvalue()


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
            (d.code, d.names["zh"], d.names["en"], d.objective_points, d.subjective_points, d.lead_office,
             "、".join(d.responsible_offices))
            for d in scheme.dimensions
        ],
        "indicators": [
            (i.code, i.parent, i.dimension, i.names["zh"], i.names["en"], i.points, i.rule, i.parameters, i.unit,
             i.methods, i.office, i.text_zh, i.text_en)
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
    }  # fmt: skip


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
    yield from ((key, known[key]) for key in SETTINGS if key in known)
    yield from scheme.settings.items()


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


def _fill(sheet: Any, table: Table, rows: Sequence[Sequence[Cell]], head: Any, body: Any) -> None:
    for column, spec in enumerate(table.columns):
        sheet.write_string(0, column, f"{spec.key} {spec.headers[0]}", head)
        sheet.set_column(column, column, _WIDTHS.get(spec.key, 14), body)
    sheet.freeze_panes(1, 1)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell, body) if cell else None
            elif cell is not None:
                sheet.write_number(number, column, cell, body)


def _drop_downs(sheet: Any, table: Table, scheme: Scheme, rows: int) -> None:
    """Lists for the cells that take one of a few words."""
    last = rows + _ROOM
    dimensions = f"='{TABLES['dimensions'].title}'!$A$2:$A${len(scheme.dimensions) + 50}"
    lists: dict[tuple[str, str], str | list[str]] = {
        ("indicators", "dimension"): dimensions,
        ("pilots", "dimension"): dimensions,
        ("indicators", "rule"): list(RULES),
        ("stars", "decided_by"): ["district", "city"],
        ("vetoes", "active"): ["是", "否", "yes", "no"],
    }
    for column, spec in enumerate(table.columns):
        source = lists.get((table.name, spec.key))
        if source:
            sheet.data_validation(1, column, last, column, {"validate": "list", "source": source})
    if table.name == "scheme":
        for key, words in (("weighting", WEIGHTINGS), ("lonely_psu", LONELY_PSU)):
            place = SETTINGS.index(key) + 1
            sheet.data_validation(place, 1, place, 1, {"validate": "list", "source": list(words)})


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
    lines.extend(((rule, EXAMPLES[rule], say(lang, f"scheme.rule.{rule}")), body) for rule in RULES)
    for number, (cells, style) in enumerate(lines):
        for column, cell in enumerate(cells):
            sheet.write_string(number, column, cell, style)
