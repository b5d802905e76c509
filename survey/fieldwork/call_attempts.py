"""The attempts that one row of a call sheet records: outcome, time, duration, interviewer, and what is wrong there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from survey.core.cells import as_datetime, as_number, as_seconds, clean, iso, typed
from survey.core.findings import Finding
from survey.fieldwork.call_columns import CallColumns
from survey.files.readers.sheet import Sheet
from survey.form.dispositions import Disposition, Outcomes

#: rows that a header takes at most
HEADER_ROWS = 2


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: ``number`` 0 where the sheet does not say it; ``cell, header, said`` are the outcome cell's."""

    number: int
    at: str
    duration: float | None
    interviewer: str
    outcome: str
    cell: str
    header: str
    said: str


@dataclass
class AttemptReader:
    """Reads the attempts of single rows (indices into ``sheet.rows``); ``findings`` collects what is wrong."""

    sheet: Sheet
    columns: CallColumns
    outcomes: Outcomes
    findings: list[Finding] = field(default_factory=list)

    def attempts(self, index: int) -> list[Attempt]:
        """Every attempt of a row; one whose outcome is unknown is a finding and left out.

        Beside attempts side by side a column of the final outcome is one attempt more, where they do not lead to it.
        """
        if not self.columns.attempts:
            outcome = self._outcome(index, self.columns.columns["outcome"], "row")
            keys = self.columns.columns
            return [self._attempt(index, self._number(index), keys, outcome)] if outcome else []
        found = []
        for number, keys in sorted(self.columns.attempts.items()):
            if not self.said(index, keys["outcome"]):
                if "at" in keys and self.said(index, keys["at"]):
                    self.complain(index, keys["outcome"], "calls.no_outcome", "cell", **self._expected())
                continue
            outcome = self._outcome(index, keys["outcome"], "cell")
            if outcome:
                found.append(self._attempt(index, number, {**self._shared(), **keys}, outcome))
        return [*found, *self._final(index, found)]

    def says_outcome(self, index: int) -> bool:
        """Whether any outcome is filled in."""
        more = [self.columns.columns["outcome"]] if "outcome" in self.columns.columns else []
        return any(self.said(index, column) for column in (*self.columns.outcome_columns, *more))

    def unsaid(self, index: int, outcome: Disposition) -> Attempt:
        """The attempt of a row that does not say its outcome, taken for this one."""
        keys = {k: i for k, i in self.columns.columns.items() if k != "outcome"}
        return self._attempt(index, self._number(index), {**keys, "outcome": self.place}, outcome)

    @property
    def place(self) -> int:
        """The column that an outcome is expected in."""
        return self.columns.columns.get("outcome", self.columns.outcome_columns[-1])

    def last(self, index: int) -> int:
        """The column of the last outcome that a row says; where one is expected if it says none."""
        more = [self.columns.columns["outcome"]] if "outcome" in self.columns.columns else []
        return next((c for c in reversed((*self.columns.outcome_columns, *more)) if self.said(index, c)), self.place)

    def said(self, index: int, column: int) -> bool:
        """Whether a cell says anything."""
        value = self.sheet.rows[index][column]
        return value is not None and bool(clean(value))

    def text(self, index: int, column: int | None) -> str:
        """A cell as comparable text, ``''`` where there is no such column."""
        value = None if column is None else self.sheet.rows[index][column]
        return "" if value is None else clean(value)

    def typed(self, index: int, column: int | None) -> str:
        """A cell as it was typed, ``''`` where there is no such column."""
        value = None if column is None else self.sheet.rows[index][column]
        return "" if value is None else typed(value)

    def complain(self, index: int, column: int, code: str, scope: Any, level: Any = "refuse", **params: Any) -> None:
        """Add a finding about a cell."""
        self.findings.append(
            Finding(
                code,
                level,
                scope,
                self.sheet.name,
                self.sheet.address(index, column),
                self.sheet.top + index + 1,
                self.header(column),
                params,
            )
        )

    def _final(self, index: int, found: list[Attempt]) -> list[Attempt]:
        column = self.columns.columns.get("outcome")
        if column is None or not self.said(index, column):
            return []
        outcome = self._outcome(index, column, "cell")
        reached = self.outcomes.final(a.outcome for a in found)
        if outcome is None or (reached is not None and reached.aapor == outcome.aapor):
            return []
        number = found[-1].number + 1 if found else self._number(index)
        return [self._attempt(index, number, self.columns.columns, outcome)]

    def _shared(self) -> dict[str, int]:
        """What stands once in the row holds for every attempt, but for the time."""
        return {k: i for k, i in self.columns.columns.items() if k == "interviewer"}

    def _attempt(self, index: int, number: int, keys: Mapping[str, int], outcome: Disposition) -> Attempt:
        duration = self._cell(index, keys.get("duration"), as_seconds, "calls.bad_duration")
        interviewer = self.typed(index, keys.get("interviewer"))
        place = keys["outcome"]
        return Attempt(
            number,
            self._moment(index, keys),
            duration,
            interviewer,
            outcome.code,
            self.sheet.address(index, place),
            self.header(place),
            self.text(index, place),
        )

    def header(self, column: int) -> str:
        """The header of a column; of a header that reaches down over several rows it stands in the first of them."""
        bottom = self.columns.header_row
        texts = (clean(self.sheet.rows[row][column] or "") for row in range(bottom, max(bottom - HEADER_ROWS, -1), -1))
        return next((text for text in texts if text), "")

    def _outcome(self, index: int, column: int, scope: Any) -> Disposition | None:
        if not self.said(index, column):
            self.complain(index, column, "calls.no_outcome", scope, **self._expected())
            return None
        value = self.sheet.rows[index][column]
        found = self.outcomes.find(value)
        if found is None:
            near = self.outcomes.near(value)
            if near:
                params: dict[str, Any] = {"near": both(near), "suggestion": near.zh}
                self.complain(index, column, "calls.unknown_outcome_near", scope, found=clean(value), **params)
            else:
                self.complain(index, column, "calls.unknown_outcome", scope, found=clean(value), **self._expected())
        return found

    def _expected(self) -> dict[str, Any]:
        return {"expected": {lang: self.outcomes.listed(lang) for lang in ("zh", "en")}}

    def _number(self, index: int) -> int:
        """The number of the attempt, 0 where the sheet does not say it."""
        number = self._cell(index, self.columns.columns.get("attempt"), _whole, "calls.bad_attempt")
        return int(number) if number else 0

    def _moment(self, index: int, keys: Mapping[str, int]) -> str:
        """Date and time of the call; a date and a time of day may stand in two columns."""
        day = self._cell(index, keys.get("date"), as_datetime, "calls.bad_time")
        column = keys.get("at")
        if column is None or not self.said(index, column):
            return iso(day) if day else ""
        clock = _clock(self.sheet.rows[index][column])
        if clock is not None:
            return iso(datetime.combine(day, clock)) if day else ""
        moment = self._cell(index, column, as_datetime, "calls.bad_time")
        return iso(moment) if moment else ""

    def _cell(self, index: int, column: int | None, read: Callable[[Any], Any], problem: str) -> Any:
        if column is None or not self.said(index, column):
            return None
        value = self.sheet.rows[index][column]
        found = read(value)
        if found is None:
            self.complain(index, column, problem, "cell", found=clean(value))
        return found


def both(outcome: Disposition) -> dict[str, str]:
    """The outcome in both languages, as a finding keeps it."""
    return {"zh": outcome.zh, "en": outcome.en}


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
