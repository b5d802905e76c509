"""A sheet of call records → one row an attempt, or everything that is wrong with it at once.

Sheets hold one row a call, or one row a person: with 第1次 … 第n次 side by side, or with the final outcome only.
Names and telephone numbers are never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

import pandas as pd

from survey.call_columns import CallColumns, call_columns
from survey.calls import Disposition, Outcomes
from survey.cells import as_datetime, as_number, as_seconds, clean, iso
from survey.errors import Refused
from survey.findings import Finding
from survey.form.model import Questionnaire
from survey.keys import FIRST_YEAR, LAST_YEAR, Register, require_community
from survey.masking import masked
from survey.sources.sheet import Sheet
from survey.tables import header_key

#: one attempt: ``attempt`` is 0 where the sheet does not number it; ``community`` is a code; texts are '' where empty
COLUMNS = ("year", "community", "respondent", "attempt", "at", "duration", "interviewer", "outcome", "row")
_TOTALS = frozenset({"合计", "总计", "小计", "total", "totals", "sum"})


@dataclass(frozen=True)
class CallSheet:
    """What a sheet says: ``frame`` (``COLUMNS``) with what can be stored, and all findings.

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
        raise Refused("calls.no_table", sheets="、".join(s.name for s in sheets))
    if len(found) > 1:
        raise Refused("calls.several_sheets", sheets="、".join(s.name for s, _ in found))
    return found[0]


def _no_sheet(name: str, sheets: Sequence[Sheet]) -> list[Sheet]:
    raise Refused("intake.no_such_sheet", sheet=name, sheets="、".join(s.name for s in sheets))


def read_calls(
    sheet: Sheet,
    columns: CallColumns,
    register: Register,
    outcomes: Outcomes,
    *,
    year: int | None = None,
    community: str | None = None,
    known_by: Callable[[str], str] | None = None,
) -> CallSheet:
    """Read every row.

    ``year`` and ``community`` fill what the sheet leaves blank; a cell that says otherwise refuses its row.
    ``known_by`` makes a number that tells people apart from a telephone number, where there is no other.
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
    reader = _Reader(sheet, columns, register, outcomes, year, place, known_by)
    return reader.read()


@dataclass
class _Reader:
    sheet: Sheet
    columns: CallColumns
    register: Register
    outcomes: Outcomes
    year: int | None
    place: int | None
    known_by: Callable[[str], str] | None
    findings: list[Finding] = field(default_factory=list)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    dropped: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    not_called: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)

    def read(self) -> CallSheet:
        """All rows, then the notes about the whole sheet."""
        for index in range(self.columns.first, len(self.sheet.rows)):
            cells = self.sheet.rows[index]
            if not any(v is not None and clean(v) for v in cells):
                continue
            if any(header_key(v) in _TOTALS for v in cells[:3] if isinstance(v, str)):
                self.totals.append(index)
                continue
            self.rows += 1
            self._row(index)
        frame = pd.DataFrame(self.calls, columns=list(COLUMNS))
        self._notes()
        counts = {
            "rows": self.rows, "calls": len(frame), "refused_rows": len(self.refused),
            "refused_cells": sum(f.level == "refuse" and f.scope == "cell" for f in self.findings),
            "not_called": len(self.not_called),
        }  # fmt: skip
        return CallSheet(self.sheet, self.columns, frame, tuple(self.findings), counts)

    def _row(self, index: int) -> None:
        before = len(self.findings)
        year, place, who = self._year(index), self._community(index), self._respondent(index)
        attempts = self._attempts(index)
        if any(f.level == "refuse" and f.scope == "row" for f in self.findings[before:]):
            self.refused.add(index)
            return
        if not attempts:
            if not any(f.level == "refuse" for f in self.findings[before:]):
                self.not_called.append(index)
            return
        assert year is not None
        assert place is not None
        code = self.register.communities[place].code
        number = self.sheet.top + index + 1
        self.calls += [(year, code, who, *attempt, number) for attempt in attempts]

    def _attempts(self, index: int) -> list[tuple[Any, ...]]:
        """(attempt, at, duration, interviewer, outcome code) of every attempt in a row."""
        if not self.columns.attempts:
            outcome = self._outcome(index, self.columns.columns["outcome"], "row")
            keys = self.columns.columns
            return [self._attempt(index, self._number(index), keys, outcome)] if outcome else []
        found = []
        for number, keys in sorted(self.columns.attempts.items()):
            if not self._said(index, keys["outcome"]):
                if "at" in keys and self._said(index, keys["at"]):
                    self._complain(index, keys["outcome"], "calls.no_outcome", "cell", expected=self._expected())
                continue
            outcome = self._outcome(index, keys["outcome"], "cell")
            if outcome:
                found.append(self._attempt(index, number, {**self._shared(), **keys}, outcome))
        return found

    def _shared(self) -> dict[str, int]:
        """What stands once in the row holds for every attempt, but for the time."""
        return {k: i for k, i in self.columns.columns.items() if k == "interviewer"}

    def _attempt(self, index: int, number: int, keys: Mapping[str, int], outcome: Disposition) -> tuple[Any, ...]:
        duration = self._cell(index, keys.get("duration"), as_seconds, "calls.bad_duration")
        interviewer = self._text(index, keys.get("interviewer"))
        return number, self._moment(index, keys), duration, interviewer, outcome.code

    def _outcome(self, index: int, column: int, scope: Any) -> Disposition | None:
        value = self.sheet.rows[index][column]
        if value is None or not clean(value):
            self._complain(index, column, "calls.no_outcome", scope, expected=self._expected())
            return None
        found = self.outcomes.find(value)
        if found is None:
            near = self.outcomes.near(value)
            key = "calls.unknown_outcome_near" if near else "calls.unknown_outcome"
            params: dict[str, Any] = (
                {"near": {"zh": near.zh, "en": near.en}} if near else {"expected": self._expected()}
            )
            self._complain(index, column, key, scope, found=clean(value), **params)
        return found

    def _expected(self) -> dict[str, str]:
        return {lang: self.outcomes.listed(lang) for lang in ("zh", "en")}

    def _year(self, index: int) -> int | None:
        column = self.columns.columns.get("year")
        if column is None or not self._said(index, column):
            if self.year is None and column is not None:
                self._complain(index, column, "calls.year_blank", "row")
            return self.year
        text = self._text(index, column).removesuffix("度").removesuffix("年")
        number = as_number(text)
        if number is None or not number.is_integer() or not FIRST_YEAR <= number <= LAST_YEAR:
            self._complain(index, column, "checking.not_a_year", "row", found=text)
            return None
        if self.year is not None and int(number) != self.year:
            self._complain(index, column, "checking.option_conflict", "row", found=text, option=str(self.year))
        return int(number)

    def _community(self, index: int) -> int | None:
        column = self.columns.columns.get("community")
        if column is None or not self._said(index, column):
            if self.place is None and column is not None:
                self._complain(index, column, "calls.community_blank", "row")
            return self.place
        text = self._text(index, column)
        place = self.register.find(text)
        if place is None:
            self._complain(index, column, "calls.unknown_community", "row", found=text, known=self.register.names())
        elif self.place is not None and place != self.place:
            shown = self.register.communities[self.place].name
            self._complain(index, column, "checking.option_conflict", "row", found=text, option=shown)
        return place

    def _respondent(self, index: int) -> str:
        """The respondent's number; a telephone number is none, and is never kept."""
        for key in ("phone", "person"):
            if key in self.columns.columns and self._said(index, self.columns.columns[key]):
                self.dropped[key] = self.dropped.get(key, 0) + 1
        column, phone = self.columns.columns.get("respondent"), self.columns.columns.get("phone")
        if column is None:
            text = self._text(index, phone) if phone is not None and self.known_by else ""
            return self.known_by(text) if text and self.known_by else ""
        text = self._text(index, column)
        if not text:
            self._complain(index, column, "calls.number_blank", "row")
        elif masked(text) != text:
            self._complain(index, column, "calls.number_is_phone", "row", found=masked(text))
        return text

    def _number(self, index: int) -> int:
        """The number of the attempt, 0 where the sheet does not say it."""
        number = self._cell(index, self.columns.columns.get("attempt"), _whole, "calls.bad_attempt")
        return int(number) if number else 0

    def _moment(self, index: int, keys: Mapping[str, int]) -> str:
        """Date and time of the call; a date and a time of day may stand in two columns."""
        day = self._cell(index, keys.get("date"), as_datetime, "calls.bad_time")
        column = keys.get("at")
        if column is None or not self._said(index, column):
            return iso(day) if day else ""
        value = self.sheet.rows[index][column]
        clock = _clock(value)
        if clock is not None:
            return iso(datetime.combine(day, clock)) if day else ""
        moment = self._cell(index, column, as_datetime, "calls.bad_time")
        return iso(moment) if moment else ""

    def _cell(self, index: int, column: int | None, read: Callable[[Any], Any], problem: str) -> Any:
        if column is None or not self._said(index, column):
            return None
        value = self.sheet.rows[index][column]
        found = read(value)
        if found is None:
            self._complain(index, column, problem, "cell", found=clean(value))
        return found

    def _said(self, index: int, column: int) -> bool:
        value = self.sheet.rows[index][column]
        return value is not None and bool(clean(value))

    def _text(self, index: int, column: int | None) -> str:
        value = None if column is None else self.sheet.rows[index][column]
        return "" if value is None else clean(value)

    def _complain(self, index: int, column: int, code: str, scope: Any, **params: Any) -> None:
        header = clean(self.sheet.rows[self.columns.header_row][column] or "")
        self.findings.append(
            Finding(code, "refuse", scope, self.sheet.name, self.sheet.address(index, column),
                    self.sheet.top + index + 1, header, params)
        )  # fmt: skip

    def _notes(self) -> None:
        notes: list[tuple[str, dict[str, Any]]] = []
        if self.columns.by_content:
            cell = self.sheet.address(self.columns.header_row, self.columns.columns["outcome"])
            notes.append(("calls.outcome_by_content", {"cell": cell}))
        notes += [(f"calls.{key}s_dropped", {"n": n}) for key, n in sorted(self.dropped.items())]
        if self.not_called:
            notes.append(("calls.not_called", {"n": len(self.not_called)}))
        if self.totals:
            notes.append(
                ("calls.totals_skipped", {"rows": "、".join(str(self.sheet.top + i + 1) for i in self.totals)})
            )
        if self.columns.other:
            headers = "、".join(self.columns.other)
            notes.append(("calls.columns_ignored", {"n": len(self.columns.other), "headers": headers}))
        self.findings[:0] = [*self.sheet.findings,
                             *(Finding(k, "note", "sheet", self.sheet.name, params=p) for k, p in notes)]  # fmt: skip


def _clock(value: Any) -> time | None:
    """A time of day without a date: a time cell, or ``09:30``."""
    if isinstance(value, time):
        return value
    text = clean(value)
    if " " in text or ":" not in text or len(text) > 8:
        return None
    try:
        return time.fromisoformat(text.zfill(5 if text.count(":") == 1 else 8))
    except ValueError:
        return None


def _whole(value: Any) -> int | None:
    """The number of an attempt: ``2``, ``第2次``."""
    number = as_number(clean(value).removeprefix("第").removesuffix("次"))
    return int(number) if number is not None and number.is_integer() and 1 <= number <= 99 else None
