"""Collecting findings about a questionnaire with the address each belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from survey.core.findings import Finding, Level
from survey.form.model import Question, Questionnaire
from survey.form.workbook.syntax import LABEL_HEADERS

# ── Where in the workbook each part of a questionnaire stands


Cells = Mapping[str, tuple[str, int]]  # column → (A1 address, 1-based row)


@dataclass(frozen=True)
class Places:
    """Addresses of the survey rows, the choices of each list, and the settings; empty for a form built in code."""

    survey: str = "survey"
    choices: str = "choices"
    settings: str = "settings"
    rows: Sequence[Cells] = ()
    lists: Mapping[str, Sequence[Cells]] = field(default_factory=dict)
    options: Cells = field(default_factory=dict)


def find(cells: Cells, column: str) -> tuple[str, int]:
    """Address and row of a column, of the row's first cell where the column is not there."""
    if column in cells:
        return cells[column]
    return next(iter(sorted(cells.values(), key=lambda c: (len(c[0]), c[0]))), ("", 0))


def nearest(found: str, known: Iterable[str]) -> dict[str, Any]:
    """What was probably meant, as the ``suggestion`` of a finding; nothing where nothing is near."""
    near = get_close_matches(found, list(known), 1)
    return {"suggestion": near[0]} if near else {}


class Report:
    """Findings of one questionnaire; a place that is not known leaves the address empty."""

    def __init__(self, form: Questionnaire, places: Places) -> None:
        self.form = form
        self.places = places
        self.findings: list[Finding] = []

    def form_wide(self, code: str, level: Level = "refuse", sheet: str = "", **params: Any) -> None:
        """A finding about the whole form or one of its sheets."""
        self.findings.append(Finding(code, level, "sheet" if sheet else "file", sheet, params=params))

    def row(self, index: int, column: str, code: str, level: Level = "refuse", **params: Any) -> None:
        """A finding at one cell of a survey row; ``name`` and ``label`` of the row may be used by its text."""
        cells = self.places.rows[index] if index < len(self.places.rows) else {}
        question: Question = self.form.rows[index]
        self._add(self.places.survey, cells, column, code, level, {"name": question.name or question.type, **params})

    def choice(
        self, list_name: str, index: int, column: str, code: str, level: Level = "refuse", **params: Any
    ) -> None:
        """A finding at one cell of a choice."""
        known = self.places.lists.get(list_name, ())
        cells = known[index] if index < len(known) else {}
        choice = self.form.lists[list_name][index].name
        self._add(self.places.choices, cells, column, code, level, {"list": list_name, "choice": choice, **params})

    def setting(self, column: str, code: str, level: Level = "refuse", **params: Any) -> None:
        """A finding at one cell of the settings."""
        self._add(self.places.settings, self.places.options, column, code, level, params)

    def where(self, index: int, column: str = "name") -> str:
        """A1 address of a survey row's cell, for texts that name a second place; the row's number without one."""
        cells = self.places.rows[index] if index < len(self.places.rows) else {}
        return find(cells, column)[0] or f"#{index + 1}"

    def _add(self, sheet: str, cells: Cells, column: str, code: str, level: Level, params: dict[str, Any]) -> None:
        cell, row = find(cells, column)
        column = LABEL_HEADERS.get(column.removeprefix("label "), column)
        self.findings.append(Finding(code, level, "cell", sheet, cell, row, column, params))
