"""Questionnaire workbooks for tests, built cell by cell as a person would."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import openpyxl

from survey.core.findings import Finding
from survey.form import Questionnaire
from survey.form.workbook.reading import read_questionnaire

Table = Sequence[Sequence[Any]]
SURVEY_HEAD = ("type", "name", "label::中文 (zh)", "label::English (en)")
CHOICES_HEAD = ("list_name", "name", "label::中文 (zh)", "label::English (en)", "level", "score", "missing", "aliases")


def workbook(survey: Table, choices: Table | None = None, settings: Table | None = None) -> bytes:
    """An .xlsx with these sheets, first row the header."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in (("survey", survey), ("choices", choices), ("settings", settings)):
        if table is None:
            continue
        sheet = book.create_sheet(name)
        for row in table:
            sheet.append(list(row))
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(
    survey: Table, choices: Table | None = None, settings: Table | None = None
) -> tuple[Questionnaire | None, list[Finding]]:
    """The tables as a workbook, read."""
    return read_questionnaire("form.xlsx", workbook(survey, choices, settings))


def places(findings: Sequence[Finding]) -> set[tuple[str, str, str]]:
    """(code without its stem, sheet!cell, level) of each finding."""
    return {(f.code.partition(".")[2], f.where, f.level) for f in findings}
