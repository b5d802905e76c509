"""Answers and outcomes in one sheet: which rows are interviews, and the call records of every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from survey.core.findings import Finding
from survey.fieldwork.call_attempts import Attempt, AttemptReader, both
from survey.fieldwork.call_columns import CallColumns
from survey.files.readers.sheet import Sheet
from survey.form.dispositions import Outcomes

#: a break-off leaves answers without being an interview; how complete they are decides whether they count
BREAK_OFF = "2.12"
#: what a row with answers that says no outcome is taken for, once a person has confirmed it
COMPLETE = "1.1"

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Split:
    """Data rows of a sheet of answers that also says how each telephone contact ended.

    ``responses``: rows that go the way of answers (interviews, break-offs with answers, rows that are asked about);
    ``said``: rows that say an outcome; ``outcomes``: what each row came to, '' where nothing; ``attempts``: (row, what
    was attempted), rows counted from the first data row; ``findings``: on the cells of the calls.
    """

    responses: Flags
    said: Flags
    outcomes: tuple[str, ...]
    attempts: tuple[tuple[int, Attempt], ...]
    findings: tuple[Finding, ...]

    @property
    def calls(self) -> Flags:
        """Rows that are call records: every row with an outcome, interviews too."""
        return np.array([bool(code) for code in self.outcomes], dtype=bool)


def split_calls(
    sheet: Sheet, first: int, columns: CallColumns, answered: Sequence[int], outcomes: Outcomes | None = None
) -> Split:
    """Tell interviews from call records in the rows from ``first`` (index into ``sheet.rows``) on.

    ``answered`` is the number of questions proper that each row answers.  A row whose outcome is no interview is a call
    record only; a row with neither outcome nor answers has not been called.  What contradicts itself is a finding of
    its outcome cell: an interview without any answer and an unknown outcome refuse the row; a refusal with answers, and
    answers without an outcome, are asked about.
    """
    table = outcomes or Outcomes()
    work = _Work(AttemptReader(sheet, columns, table), table, first, [])
    rows = [work.row(place, int(n)) for place, n in enumerate(answered)]
    responses = np.array([r for r, _ in rows], dtype=bool)
    codes = tuple(code for _, code in rows)
    said = np.array([work.reader.says_outcome(first + place) for place in range(len(rows))], dtype=bool)
    found = Split(responses, said, codes, tuple(work.attempts), tuple(work.reader.findings))
    return Split(responses, said, codes, found.attempts, (*_notes(work, found), *found.findings))


def _notes(work: _Work, found: Split) -> list[Finding]:
    only = np.flatnonzero(found.calls & ~found.responses)
    if not len(only):
        return []
    sheet, reader = work.reader.sheet, work.reader
    at = work.first + int(only[0])
    return [
        Finding(
            "calls.split",
            "note",
            "row",
            sheet.name,
            sheet.address(at, reader.place),
            sheet.top + at + 1,
            reader.header(reader.place),
            {"n": len(only)},
        )
    ]


@dataclass
class _Work:
    reader: AttemptReader
    outcomes: Outcomes
    first: int
    attempts: list[tuple[int, Attempt]]

    def row(self, place: int, answered: int) -> tuple[bool, str]:
        """Whether the row is a response, and what it came to."""
        index, reader = self.first + place, self.reader
        if not reader.says_outcome(index):
            if not answered:
                return False, ""
            complete = self.outcomes.by_code[COMPLETE]
            self.attempts.append((place, reader.unsaid(index, complete)))
            self._say(index, "calls.answers_without_outcome", "ask", n=answered, suggestion=complete.zh, found="")
            return True, COMPLETE
        attempts = reader.attempts(index)
        reached = self.outcomes.final(a.outcome for a in attempts)
        if reached is None:  # its findings say why: the row is refused, or only its cells are
            return answered > 0, ""
        self.attempts += [(place, attempt) for attempt in attempts]
        shown = {"outcome": both(reached), "found": reader.text(index, reader.last(index))}
        if reached.interview and not answered:
            self._say(index, "calls.interview_without_answers", "refuse", **shown)
        if not reached.interview and answered and reached.code != BREAK_OFF:
            self._say(index, "calls.answers_without_interview", "ask", n=answered, **shown)
        return reached.interview or answered > 0, reached.code

    def _say(self, index: int, code: str, level: Literal["refuse", "ask"], **params: Any) -> None:
        self.reader.complain(index, self.reader.last(index), code, "row", level, **params)
