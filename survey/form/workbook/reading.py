"""An XLSForm workbook to a ``Questionnaire``: what each cell says, with a finding for each it can't say.

Whether the parts fit together is the checker's business (``survey.form.workbook.checking``); both report at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.core.findings import Finding, blocking
from survey.files.own_workbooks import Column, Record, find_sheet, plain_text, read_table
from survey.files.read import read_sheets
from survey.files.readers.sheet import Sheet
from survey.form.model import Choice, Questionnaire, with_conditions
from survey.form.workbook import syntax
from survey.form.workbook.checking import check
from survey.form.workbook.corrected_cells import CorrectedCell, corrected
from survey.form.workbook.records import CellReader, cells_of, extra_of, headers, labels_of, read_records
from survey.form.workbook.report import Places
from survey.form.workbook.row_types import SETTING_ROWS
from survey.form.workbook.sections import told_apart
from survey.form.workbook.survey_rows import read_survey, with_choices

CHOICES = (
    Column("list_name", ("list name",), required=True),
    Column("name", ("value",), required=True),
    Column("level"),
    Column("score"),
    Column("missing"),
    Column("aliases"),
)
SETTINGS = (
    Column("form_title", ("title", "set form title", "set_form_title")),
    Column("form_id", ("id_string", "set form id", "set_form_id")),
    Column("year"),
    Column("blank"),
    Column("sampling"),
)
#: XLSForm's further sheets, kept as they are
OTHER_SHEETS = ("external_choices", "entities", "osm", "cascades")


def read_questionnaire(
    file: str, data: bytes, cells: Sequence[CorrectedCell] = ()
) -> tuple[Questionnaire | None, list[Finding]]:
    """The questionnaire of a workbook, and everything wrong with or worth knowing about it.

    ``cells``: those that somebody corrected since.  None when any finding refuses.  Raises Refused where the file is no readable workbook at all.
    """
    sheets = corrected(read_sheets(file, data), cells)
    survey = find_sheet(sheets, "survey")
    if survey is None:
        names = ", ".join(s.name for s in sheets)
        return None, [Finding("form.no_survey_sheet", scope="file", params={"found": names})]
    choices, settings = find_sheet(sheets, "choices", "columns"), find_sheet(sheets, "settings")
    if choices and not any(headers(choices)):
        choices = None
    findings: list[Finding] = []
    for sheet in (survey, choices, settings):
        findings += [*sheet.findings, *_error_cells(sheet)] if sheet else []
    options, option_places = _read_settings(settings, findings) if settings else (Questionnaire(rows=()), None)
    language = options.settings.get("default_language", "")
    lists, list_places = _read_choices(choices, language, findings) if choices else ({}, {})
    rows, row_places = read_survey(survey, language, lists, findings)
    own = {SETTING_ROWS[row.written]: row.name for row in rows if row.written in SETTING_ROWS and not row.type}
    form = Questionnaire(
        rows=with_conditions(with_choices(told_apart(rows), lists, options.settings)),
        title=options.title or own.get("form_title", ""),
        form_id=options.form_id or own.get("form_id", ""),
        year=options.year,
        blank=options.blank,
        sampling=options.sampling,
        settings=options.settings,
        lists=lists,
        sheets=_further(sheets),
    )
    places = Places(
        survey=survey.name,
        choices=choices.name if choices else "choices",
        settings=settings.name if settings else "settings",
        rows=row_places,
        lists=list_places,
        options=option_places or {},
    )
    if not any(f.code == "tables.missing_column" for f in findings):  # else every row would lack the same cell
        findings += check(form, places)
    order = {sheet.name: index for index, sheet in enumerate((survey, choices, settings)) if sheet}
    findings.sort(key=lambda f: (order.get(f.sheet, -1), f.row, len(f.cell), f.cell))
    return (None if blocking(findings) else form), findings


def _error_cells(sheet: Sheet) -> list[Finding]:
    return [
        Finding(
            "form.error_cell",
            sheet=sheet.name,
            cell=sheet.address(row - sheet.top, column - sheet.left),
            row=row + 1,
            params={"found": value},
        )
        for (row, column), value in sorted(sheet.errors.items())
    ]


def _further(sheets: Sequence[Sheet]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """XLSForm's sheets beyond the three, cell by cell as text."""
    found = {name: find_sheet(sheets, name) for name in OTHER_SHEETS}
    return {
        name: tuple(tuple(plain_text(cell) for cell in row) for row in sheet.rows)
        for name, sheet in found.items()
        if sheet
    }


def _read_choices(
    sheet: Sheet, language: str, findings: list[Finding]
) -> tuple[dict[str, tuple[Choice, ...]], dict[str, list[dict[str, tuple[str, int]]]]]:
    reader, records = read_records(sheet, CHOICES, language, findings)
    lists: dict[str, list[Choice]] = {}
    places: dict[str, list[dict[str, tuple[str, int]]]] = {}
    for record in records:
        name = record.text("list_name")
        if not name and not record.text("name"):
            findings.append(
                Finding("form.choice_remark", "note", "row", sheet.name, f"A{record.number}", record.number)
            )
            continue
        if not name:
            reader.refuse(record, "list_name", "form.no_list_name", choice=record.text("name"))
            continue
        lists.setdefault(name, []).append(_choice(reader, record))
        places.setdefault(name, []).append(cells_of(sheet, record))
    return {name: tuple(choices) for name, choices in lists.items()}, places


def _choice(reader: CellReader, record: Record) -> Choice:
    none: int | None = None
    return Choice(
        name=record.text("name"),
        labels=labels_of(record),
        level=reader.parse(record, "level", _whole, none, "form.bad_level"),
        score=reader.number(record, "score", "form.bad_score"),
        missing=record.text("missing") or None,
        aliases=syntax.split_bar(record.text("aliases")),
        extra=extra_of(record),
    )


def _whole(text: str) -> int:
    number = syntax.parse_number(text)
    if not number.is_integer():
        raise ValueError(text)
    return int(number)


def _year(text: str) -> int:
    year = _whole(text)
    if not 1900 <= year <= 2100:
        raise ValueError(text)
    return year


def _sampling(text: str) -> Any:
    if text not in ("by_community", "overall"):
        raise ValueError(text)
    return text


def _read_settings(sheet: Sheet, findings: list[Finding]) -> tuple[Questionnaire, dict[str, tuple[str, int]] | None]:
    """The settings as a questionnaire without rows; only the first row counts, as in XLSForm."""
    if not any(headers(sheet)):
        return Questionnaire(rows=()), None
    reader, records = CellReader(sheet, findings), read_table(sheet, SETTINGS, findings)
    if not records:
        return Questionnaire(rows=()), None
    if len(records) > 1:
        second = records[1]
        findings.append(Finding("form.settings_rows", "note", "row", sheet.name, f"A{second.number}", second.number))
    record = records[0]
    default = Questionnaire(rows=())
    year: int | None = None
    form = Questionnaire(
        rows=(),
        title=record.text("form_title"),
        form_id=record.text("form_id"),
        year=reader.parse(record, "year", _year, year, "form.bad_year"),
        blank=syntax.split_bar(record.text("blank")) if record.text("blank") else default.blank,
        sampling=reader.parse(record, "sampling", _sampling, default.sampling, "form.bad_sampling"),
        settings=extra_of(record),
    )
    return form, cells_of(sheet, record)
