"""Answers and outcomes in one sheet: which rows are interviews, and the call record of every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.calls import Disposition, Outcomes
from survey.cells import clean
from survey.findings import Finding
from survey.sources.sheet import Sheet

#: a break-off leaves answers without being an interview; how complete they are decides whether they count
BREAK_OFF = "2.12"


@dataclass(frozen=True)
class Split:
    """Data rows of a sheet of answers with an outcome column.

    ``responses``: rows that go the way of answers (interviews, break-offs with answers, rows that say no outcome);
    ``outcomes``: the code of every row, '' where none; ``findings``: on the outcome cells.
    """

    responses: npt.NDArray[np.bool_]
    outcomes: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def calls(self) -> npt.NDArray[np.bool_]:
        """Rows that are call records: every row with an outcome, interviews too."""
        return np.array([bool(code) for code in self.outcomes], dtype=bool)


def split_calls(
    sheet: Sheet, first: int, column: int, answered: Sequence[int], outcomes: Outcomes | None = None, header: str = ""
) -> Split:
    """Tell interviews from call records in the rows from ``first`` (index into ``sheet.rows``) on.

    ``column`` holds the outcomes; ``answered`` is the number of questions proper that each row answers.  A row whose
    outcome is no interview is a call record only.  What contradicts itself is a finding of its outcome cell: an
    interview without any answer and an unknown outcome refuse the row, a refusal with answers is asked about; a row
    that is otherwise empty says nothing.
    """
    work = _Work(sheet, first, column, outcomes or Outcomes(), header)
    rows = [work.row(place, int(n)) for place, n in enumerate(answered)]
    only = [i for i, (response, code) in enumerate(rows) if code and not response]
    if only:
        numbers = [sheet.top + first + i + 1 for i in only]
        work.findings.insert(0, Finding("calls.split", "note", "row", sheet.name, sheet.address(first + only[0], column),
                                        numbers[0], header, {"n": len(only)}))  # fmt: skip
    return Split(np.array([r for r, _ in rows], dtype=bool), tuple(code for _, code in rows), tuple(work.findings))


class _Work:
    def __init__(self, sheet: Sheet, first: int, column: int, outcomes: Outcomes, header: str) -> None:
        self.sheet, self.first, self.column, self.outcomes, self.header = sheet, first, column, outcomes, header
        self.findings: list[Finding] = []

    def row(self, place: int, answered: int) -> tuple[bool, str]:
        """Whether the row is a response, and its outcome."""
        value = self.sheet.rows[self.first + place][self.column]
        if value is None or not clean(value):
            if answered:
                self._say(place, "calls.no_outcome", "refuse", expected=self._expected())
            return True, ""
        found = self.outcomes.find(value)
        if found is None:
            near = self.outcomes.near(value)
            if near:
                self._say(place, "calls.unknown_outcome_near", "refuse", found=clean(value), near=_both(near))
            else:
                self._say(place, "calls.unknown_outcome", "refuse", found=clean(value), expected=self._expected())
            return True, ""
        if found.interview and not answered:
            self._say(place, "calls.interview_without_answers", "refuse", outcome=_both(found))
        if not found.interview and answered and found.code != BREAK_OFF:
            self._say(place, "calls.answers_without_interview", "ask", outcome=_both(found), n=answered)
        return found.interview or (answered > 0), found.code

    def _say(self, place: int, code: str, level: Literal["refuse", "ask"], **params: Any) -> None:
        row = self.first + place
        self.findings.append(
            Finding(code, level, "row", self.sheet.name, self.sheet.address(row, self.column), self.sheet.top + row + 1,
                    self.header, params)
        )  # fmt: skip

    def _expected(self) -> dict[str, str]:
        return {lang: self.outcomes.listed(lang) for lang in ("zh", "en")}


def _both(outcome: Disposition) -> dict[str, str]:
    return {"zh": outcome.zh, "en": outcome.en}


def call_rows(split: Split, design: pd.DataFrame) -> pd.DataFrame:
    """The call records of a split sheet as ``survey.call_file.COLUMNS`` with ``sheet``.

    ``design`` has a row for each data row: ``year, community`` (code), ``respondent, started`` (or ``submitted``),
    ``duration, interviewer, sheet, row``; what is missing is left empty.  Rows without a year or community are left out.
    """
    texts = {name: _text(design, name) for name in ("community", "respondent", "interviewer", "sheet")}
    at = _text(design, "started")
    frame = pd.DataFrame({
        "year": design["year"], "community": texts["community"], "respondent": texts["respondent"], "attempt": 0,
        "at": at.where(at != "", _text(design, "submitted")),
        "duration": pd.to_numeric(design["duration"]) if "duration" in design else np.nan,
        "interviewer": texts["interviewer"], "outcome": list(split.outcomes), "row": design["row"],
        "sheet": texts["sheet"],
    })  # fmt: skip
    return frame[split.calls & frame["year"].notna() & (frame["community"] != "")].reset_index(drop=True)


def _text(design: pd.DataFrame, name: str) -> Any:
    if name not in design:
        return pd.Series([""] * len(design), index=design.index, dtype=object)
    return design[name].astype(object).where(design[name].notna(), "")
