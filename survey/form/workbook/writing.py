"""A ``Questionnaire`` to an XLSForm workbook that reads back equal and opens in Kobo and ODK."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from survey.core.lang import LANGUAGES
from survey.files.written_workbook import WrittenWorkbook
from survey.form.model import Choice, Labels, Question, Questionnaire
from survey.form.workbook.sections import own_name
from survey.form.workbook.syntax import (
    LABEL_HEADERS,
    RANGE_DEFAULTS,
    format_missing_values,
    format_number,
    format_parameters,
    format_recode,
)

WIDTHS: Mapping[str, int] = {
    "type": 24,
    "name": 16,
    "relevant": 28,
    "aliases": 28,
    **dict.fromkeys(LABEL_HEADERS.values(), 40),
}
_SURVEY_ORDER = (
    "type",
    "name",
    *LABEL_HEADERS.values(),
    "required",
    "relevant",
    "parameters",
    "dimension",
    "weight",
    "reverse",
    "minimum",
    "maximum",
    "missing_values",
    "recode",
    "office",
    "role",
    "aliases",
)
_CHOICES_ORDER = ("list_name", "name", *LABEL_HEADERS.values(), "level", "score", "missing", "aliases")
_SETTINGS_ORDER = ("form_title", "form_id", "version", "default_language", "year", "blank", "sampling")

Cell = str | float


def write_questionnaire(form: Questionnaire) -> bytes:
    """The workbook; columns that are empty throughout are left out, all others are kept in a fixed order."""
    buffer = BytesIO()
    book = WrittenWorkbook(buffer, {"in_memory": True})
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
    survey = [_survey_row(row) for row in form.rows]
    choices = [_choice_row(name, choice) for name, list_ in form.lists.items() for choice in list_]
    _write(book, head, "survey", survey, _SURVEY_ORDER, ("type", "name", LABEL_HEADERS["zh"]))
    _write(book, head, "choices", choices, _CHOICES_ORDER, ("list_name", "name", LABEL_HEADERS["zh"]))
    _write(book, head, "settings", [_settings_row(form)], _SETTINGS_ORDER, ("form_title", "form_id"))
    for name, rows in form.sheets.items():
        kept = book.add_worksheet(name)
        for position, row in enumerate(rows):
            for column, text in enumerate(row):
                put(kept, position, column, text)
    book.set_properties({"title": form.title, "created": datetime(2000, 1, 1)})  # the same form, the same bytes
    book.close()
    return buffer.getvalue()


def _labels(labels: Labels) -> dict[str, Cell]:
    return {LABEL_HEADERS[lang]: labels.get(lang, "") for lang in LANGUAGES}


def _survey_row(row: Question) -> dict[str, Cell]:
    return {
        **row.extra,
        "type": row.written or f"{row.type} {row.list_name}".strip(),
        "name": own_name(row.name),
        **_labels(row.labels),
        "required": row.extra.get("required", "yes" if row.required else ""),
        "relevant": row.relevant,
        "parameters": _parameters(row),
        "dimension": row.dimension,
        "weight": "" if row.weight == 1 else row.weight,
        "reverse": "yes" if row.reverse else "",
        "minimum": _number(row.minimum),
        "maximum": _number(row.maximum),
        "missing_values": format_missing_values(row.missing_values),
        "recode": format_recode(row.recode),
        "office": row.office,
        "role": row.role,
        "aliases": "|".join(row.aliases),
    }


def _parameters(row: Question) -> str:
    text = row.extra.get("parameters", "")
    if row.type != "range":
        return text
    own = {key: getattr(row, key) for key in RANGE_DEFAULTS}
    bounds = format_parameters({key: format_number(value) for key, value in own.items() if value is not None})
    return f"{bounds} {text}".strip()


def _choice_row(list_name: str, choice: Choice) -> dict[str, Cell]:
    return {
        **choice.extra,
        "list_name": list_name,
        "name": choice.name,
        **_labels(choice.labels),
        "level": _number(choice.level),
        "score": _number(choice.score),
        "missing": choice.missing or "",
        "aliases": "|".join(choice.aliases),
    }


def _settings_row(form: Questionnaire) -> dict[str, Cell]:
    default = Questionnaire(rows=())
    return {
        **form.settings,
        "form_title": form.title,
        "form_id": form.form_id,
        "year": _number(form.year),
        "blank": "" if form.blank == default.blank else "|".join(form.blank) or "|",
        "sampling": form.sampling,
    }


def _number(value: float | None) -> Cell:
    return "" if value is None else float(value)


def _write(
    book: Any, head: Any, name: str, rows: Sequence[Mapping[str, Cell]], order: Iterable[str], always: Sequence[str]
) -> None:
    filled = {key for row in rows for key, value in row.items() if value != ""}
    others = dict.fromkeys(key for row in rows for key in row)
    columns = [c for c in dict.fromkeys((*order, *others)) if c in filled or c in always]
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 2)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, WIDTHS.get(column, 14))
        put(sheet, 0, index, column, head)
        for position, row in enumerate(rows, start=1):
            put(sheet, position, index, row.get(column, ""))


def put(sheet: Any, row: int, column: int, value: Cell, cell_format: Any = None) -> None:
    """Write one cell: texts never as formulas, numbers as numbers where the file format keeps them exactly.

    Raises ValueError where a worksheet can't hold the cell, so that nothing is left out silently.
    """
    if value == "":
        return
    if isinstance(value, str):
        status = sheet.write_string(row, column, value, cell_format)
    elif float(f"{value:.16G}") == value:
        status = sheet.write_number(row, column, value, cell_format)
    else:
        status = sheet.write_string(row, column, format_number(value), cell_format)
    if status:
        raise ValueError(f"a cell of the sheet {sheet.get_name()!r} can't be written (row {row + 1}): {value!r:.60}")
