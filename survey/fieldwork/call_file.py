"""A sheet of call records → one row an attempt, or everything that is wrong with it at once.

Sheets hold one row a call, or one row a person: with 第1次 … 第n次 side by side, or with the final outcome only.
Names and telephone numbers are never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from survey.core.cells import as_number, clean
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.masking import masked
from survey.fieldwork.call_attempts import AttemptReader
from survey.fieldwork.call_columns import CallColumns, call_columns
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR, Register, require_community
from survey.files.layouts.hand_made_sheet import row_kind
from survey.files.layouts.layout import skip_notes
from survey.files.own_workbooks import header_key
from survey.files.readers.sheet import Sheet
from survey.form.dispositions import Outcomes
from survey.form.model import Questionnaire

#: one attempt: ``attempt`` is 0 where the sheet does not number it; ``community`` is a code; texts are '' where empty
COLUMNS = ("year", "community", "respondent", "attempt", "at", "duration", "interviewer", "outcome", "row")
#: where the outcome stands and what its cell says, for findings
PLACE = ("cell", "header", "said")
#: year, community's name, cell of a telephone number → who that is, '' where the cell holds no number
KnownBy = Callable[[int, str, Any], str]


@dataclass(frozen=True)
class CallSheet:
    """What a sheet says: ``frame`` (``COLUMNS`` and ``PLACE``) with what can be stored, and all findings.

    ``counts``: ``rows`` that say anything, ``calls`` that can be stored, ``refused_rows``, ``refused_cells``,
    ``not_called`` (people without any attempt yet).
    """

    sheet: Sheet
    columns: CallColumns
    frame: pd.DataFrame
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]


def find_calls(
    sheets: Sequence[Sheet], outcomes: Outcomes, form: Questionnaire | None, *, sheet: str | None = None
) -> tuple[Sheet, CallColumns]:
    """The sheet that holds call records; raises Refused where none or several do, or the named one is not there."""
    if sheet is not None:
        sheets = [s for s in sheets if header_key(s.name) == header_key(sheet)] or _no_sheet(sheet, sheets)
    found = [(s, columns) for s in sheets if (columns := call_columns(s, outcomes, form)) is not None]
    if not found:
        raise Refused("calls.no_table", sheets=[s.name for s in sheets])
    if len(found) > 1:
        raise Refused("calls.several_sheets", sheets=[s.name for s, _ in found])
    return found[0]


def _no_sheet(name: str, sheets: Sequence[Sheet]) -> list[Sheet]:
    raise Refused("intake.no_such_sheet", sheet=name, sheets=[s.name for s in sheets])


def read_calls(
    sheet: Sheet,
    columns: CallColumns,
    register: Register,
    outcomes: Outcomes,
    *,
    year: int | None = None,
    community: str | None = None,
    known_by: KnownBy | None = None,
) -> CallSheet:
    """Read every row.

    ``year`` and ``community`` fill what the sheet leaves blank; a cell that says otherwise refuses its row.
    ``known_by`` says who has the telephone number of a cell, where there is no respondent number.
    Raises Refused where the sheet has no year or community and none is given, or nothing that tells calls apart.
    """
    place = None if community is None else require_community(community, register)
    if "year" not in columns.columns and year is None:
        raise Refused("calls.no_year")
    if "community" not in columns.columns and place is None:
        raise Refused("calls.no_community")
    has_time = {"at", "date"} & columns.columns.keys() or any("at" in k for k in columns.attempts.values())
    by_phone = known_by is not None and "phone" in columns.columns
    if not ("respondent" in columns.columns or by_phone or has_time):
        raise Refused("calls.no_number", sheet=sheet.name)
    return _Reader(sheet, columns, register, AttemptReader(sheet, columns, outcomes), year, place, known_by).read()


@dataclass
class _Reader:
    sheet: Sheet
    columns: CallColumns
    register: Register
    attempts: AttemptReader
    year: int | None
    place: int | None
    known_by: KnownBy | None
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    dropped: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    not_called: list[int] = field(default_factory=list)
    skip: dict[int, str] = field(default_factory=dict)

    def read(self) -> CallSheet:
        """All rows, then the notes about the whole sheet."""
        for index in range(self.columns.first, len(self.sheet.rows)):
            cells = self.sheet.rows[index]
            if not any(v is not None and clean(v) for v in cells):
                continue
            if kind := self._kind(index):
                self.skip[index] = f"handmade.{kind}"
                continue
            self.rows += 1
            self._row(index)
        frame = pd.DataFrame(self.calls, columns=[*COLUMNS, *PLACE])
        self._notes()
        counts = {
            "rows": self.rows,
            "calls": len(frame),
            "refused_rows": len(self.refused),
            "refused_cells": sum(f.level == "refuse" and f.scope == "cell" for f in self.attempts.findings),
            "not_called": len(self.not_called),
        }
        return CallSheet(self.sheet, self.columns, frame, tuple(self.attempts.findings), counts)

    def _kind(self, index: int) -> str:
        """What a row is that records no call: a total, a signature, a remark."""
        first = next(clean(v) for v in self.sheet.rows[index] if v is not None and clean(v))
        said = (self.sheet.rows[index][c] for c in self.columns.outcome_columns)
        called = any(self.attempts.outcomes.find(v) for v in said if v is not None)
        return "" if called else row_kind(first)

    def _row(self, index: int) -> None:
        before = len(self.attempts.findings)
        year, place = self._year(index), self._community(index)
        who = self._respondent(index, year, place)
        attempts = self.attempts.attempts(index)
        if any(f.level == "refuse" and f.scope == "row" for f in self.attempts.findings[before:]):
            self.refused.add(index)
            return
        if not attempts:
            if not any(f.level == "refuse" for f in self.attempts.findings[before:]):
                self.not_called.append(index)
            return
        assert year is not None
        assert place is not None
        code = self.register.communities[place].code
        number = self.sheet.top + index + 1
        self.calls += [
            (year, code, who, a.number, a.at, a.duration, a.interviewer, a.outcome, number, a.cell, a.header, a.said)
            for a in attempts
        ]

    def _year(self, index: int) -> int | None:
        column = self.columns.columns.get("year")
        if column is None or not self.attempts.said(index, column):
            if self.year is None and column is not None:
                self.attempts.complain(index, column, "calls.year_blank", "row")
            return self.year
        text = self.attempts.text(index, column).removesuffix("度").removesuffix("年")
        number = as_number(text)
        if number is None or not number.is_integer() or not FIRST_YEAR <= number <= LAST_YEAR:
            self.attempts.complain(index, column, "checking.not_a_year", "row", found=text)
            return None
        if self.year is not None and int(number) != self.year:
            self.attempts.complain(index, column, "checking.option_conflict", "row", found=text, option=str(self.year))
        return int(number)

    def _community(self, index: int) -> int | None:
        column = self.columns.columns.get("community")
        if column is None or not self.attempts.said(index, column):
            if self.place is None and column is not None:
                self.attempts.complain(index, column, "calls.community_blank", "row")
            return self.place
        text = self.attempts.text(index, column)
        place = self.register.find(text)
        if place is None:
            self.attempts.complain(
                index,
                column,
                "calls.unknown_community",
                "row",
                found=text,
                known=self.register.names(),
                suggestion=self.register.nearest(text),
            )
        elif self.place is not None and place != self.place:
            shown = self.register.communities[self.place].name
            self.attempts.complain(index, column, "checking.option_conflict", "row", found=text, option=shown)
        return place

    def _respondent(self, index: int, year: int | None, place: int | None) -> str:
        """The respondent's number; a telephone number is none, and is never kept."""
        for key in ("phone", "person"):
            if key in self.columns.columns and self.attempts.said(index, self.columns.columns[key]):
                self.dropped[key] = self.dropped.get(key, 0) + 1
        column, phone = self.columns.columns.get("respondent"), self.columns.columns.get("phone")
        if column is None:
            if phone is None or self.known_by is None or year is None or place is None:
                return ""
            return self.known_by(year, self.register.communities[place].name, self.sheet.rows[index][phone])
        text = self.attempts.typed(index, column)
        if not text:
            self.attempts.complain(index, column, "calls.number_blank", "row")
        elif masked(text) != text:
            self.attempts.complain(index, column, "calls.number_is_phone", "row", found=masked(text))
        return text

    def _notes(self) -> None:
        notes: list[tuple[str, dict[str, Any]]] = []
        if self.columns.by_content:
            cell = self.sheet.address(self.columns.header_row, self.columns.columns["outcome"])
            notes.append(("calls.outcome_by_content", {"cell": cell}))
        notes += [(f"calls.{key}s_dropped", {"n": n}) for key, n in sorted(self.dropped.items())]
        if self.not_called:
            notes.append(("calls.not_called", {"n": len(self.not_called)}))
        if self.columns.other:
            headers = list(self.columns.other)
            notes.append(("calls.columns_ignored", {"n": len(self.columns.other), "headers": headers}))
        self.attempts.findings[:0] = [
            *skip_notes(self.sheet, self.skip),
            *self.sheet.findings,
            *(Finding(k, "note", "sheet", self.sheet.name, params=p) for k, p in notes),
        ]
