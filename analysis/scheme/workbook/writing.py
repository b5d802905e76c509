"""A scheme as a workbook that reads back equal, with drop-downs and a sheet that explains every column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from typing import Any

from analysis.scheme.model import Scheme
from analysis.scheme.options import OPTIONS, even
from analysis.scheme.rules.rules import RULES, chinese_name
from analysis.scheme.workbook.drop_downs import PREPARED, add_drop_downs, add_sums, write_lists
from analysis.scheme.workbook.layout import (
    DRAFTED,
    FULL_MARKS,
    HELP,
    LEVELS,
    LISTS,
    LIVE,
    REVIEWED,
    SETTINGS,
    TABLES,
    Table,
)
from survey.core.lang import say
from survey.files.written_workbook import WrittenWorkbook

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
    "reading": 50,
    "check": 50,
    "source": 22,
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
#: the same of a draft: each reading beside its clause
_DRAFT = (
    *("dimension", *LEVELS, "points", "text_zh", "scoring_zh", "rule", "parameters", "reading", "check"),
    *("unit", "methods", "office", "code", "source"),
)


@dataclass(frozen=True)
class DraftCells:
    """What a draft writes: ``indicators`` by column; beside the rows of other sheets, by sheet and the row's first cell, a
    text by column; ``notes`` before the explanation of a setting."""

    indicators: Sequence[Mapping[str, Cell]]
    beside: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    otherwise: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


def write_scheme(
    scheme: Scheme, lang: str = "zh", *, annex: bool = False, sums: bool = False, drafted: DraftCells | None = None
) -> bytes:
    """An .xlsx with all sheets of docs/files.md, “Scheme”; ``lang`` is that of its explanations.

    ``annex``: without the indicators, prepared for typing in those of another table: names of three levels beside each
    other, rows with drop-downs.  ``sums``: points so far against full marks beside the rows, as formulas (which a
    program that is no spreadsheet leaves without a result, so that the workbook is refused until one has saved it).
    ``drafted``: a draft that a person has to look at, its rows instead of the scheme's indicators.
    The same scheme gives the same cells, so that versions can be compared.
    """
    stream = BytesIO()
    book = WrittenWorkbook(stream, {"in_memory": True})
    book.set_properties({"title": scheme.names.get(lang, scheme.code), "created": datetime(2000, 1, 1)})
    head = book.add_format({"bold": True, "bg_color": "#E4E7EC", "bottom": 1, "text_wrap": True, "valign": "top"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    marked = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF2CC"})
    if annex:
        scheme = replace(scheme, indicators=())
    rows = _rows(scheme, lang)
    if drafted is not None:
        rows = _with_draft(rows, drafted)
    for table in TABLES.values():
        sheet = book.add_worksheet(table.title)
        keys = _keys(table, annex=annex, sums=sums, drafted=drafted is not None)
        _fill(sheet, table, keys, rows[table.name], head, {"": body, "check": marked})
        add_drop_downs(sheet, table.name, keys, scheme, len(rows[table.name]) + PREPARED, lang)
        if sums and table.name in ("dimensions", "indicators"):
            indicators = _keys(TABLES["indicators"], annex=annex, sums=True, drafted=False)
            add_sums(sheet, table.name, keys, scheme, indicators)
    _explain(book, lang, head, body)
    write_lists(book.add_worksheet(LISTS.title), scheme)
    book.close()
    return stream.getvalue()


def _keys(table: Table, *, annex: bool, sums: bool, drafted: bool) -> list[str]:
    """The columns of a sheet in the order they are written."""
    known = [s.key for s in table.columns if (sums or s.key not in LIVE) and (drafted or s.key not in DRAFTED)]
    if table.name != "indicators":
        return known
    if drafted:
        return list(_DRAFT)
    wanted = list(_ANNEX) if annex else [key for key in known if key not in (*LEVELS, *LIVE)]
    return [*wanted, *(key for key in known if key in LIVE)]


def _with_draft(rows: Mapping[str, list[Sequence[Cell]]], drafted: DraftCells) -> dict[str, list[Sequence[Cell]]]:
    """The rows with what a draft writes beside them."""
    found = dict(rows)
    for name in rows:
        extra = [spec.key for spec in TABLES[name].columns if spec.key in DRAFTED]
        if extra:
            beside = [drafted.beside.get((name, str(row[0])), {"source": drafted.otherwise}) for row in rows[name]]
            found[name] = [
                (*row, *(texts.get(key) for key in extra)) for row, texts in zip(rows[name], beside, strict=True)
            ]
    noted = [(*row[:2], drafted.notes.get(str(row[0]), "") + str(row[2])) for row in rows["scheme"]]
    found["scheme"] = [(REVIEWED, drafted.notes[f"{REVIEWED}_value"], drafted.notes[REVIEWED]), *noted]
    found["indicators"] = [[row.get(key) for key in _DRAFT] for row in drafted.indicators]
    return found


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


def _fill(
    sheet: Any, table: Table, keys: Sequence[str], rows: Sequence[Sequence[Cell]], head: Any, styles: Any
) -> None:
    specs = {spec.key: spec for spec in table.columns}
    for column, key in enumerate(keys):
        sheet.write_string(0, column, f"{key} {specs[key].headers[0]}", head)
        sheet.set_column(column, column, _WIDTHS.get(key, 14), styles[""])
    sheet.freeze_panes(1, 1)
    for number, row in enumerate(rows, 1):
        for column, (key, cell) in enumerate(zip(keys, row, strict=False)):
            style = styles.get(key, styles[""])
            if isinstance(cell, str):
                sheet.write_string(number, column, cell, style) if cell else None
            elif cell is not None:
                sheet.write_number(number, column, cell, style)


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
        for spec in (one for one in table.columns if one.key not in DRAFTED):
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
