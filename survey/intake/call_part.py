"""The call records that came with answers in one sheet, compared with those that are stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from survey.coding.coded_sheet import CodedSheet
from survey.core.findings import Finding
from survey.fieldwork.call_file import COLUMNS, PLACE
from survey.fieldwork.call_history import sort_calls
from survey.people.identities import by_number
from survey.store.intake import calls
from survey.store.year import register, years


@dataclass(frozen=True)
class CallPart:
    """The call records of a sheet of answers, compared with what is stored.

    ``frame``: attempts that can be stored (columns of ``store.calls.append``); ``findings`` of the comparison;
    ``outcomes``: rows without an interview of which something is new; ``known``: such rows that are stored already.
    """

    frame: pd.DataFrame = field(repr=False)
    findings: tuple[Finding, ...] = ()
    outcomes: int = 0
    known: int = 0
    questions: int = 0
    refused: int = 0

    @property
    def rows(self) -> int:
        """Rows without an interview."""
        return self.outcomes + self.known + self.questions + self.refused

    @property
    def questions_of(self) -> set[str]:
        """Cells of the calls that contradict another."""
        return {f.cell for f in self.findings if f.level == "ask"}


NO_CALLS = CallPart(pd.DataFrame(columns=list(calls.COLUMNS)))


def compare_calls(conn: Connection, coded: CodedSheet, questionnaire: str) -> CallPart:
    """The calls of a coded sheet held against the stored ones; a row that does not enter brings none."""
    if coded.split is None:
        return NO_CALLS
    codes = {c.name: c.code for c in register.communities(conn)}
    frame = _frame(coded, codes)
    years.require_open(conn, frame["year"].unique().tolist())
    judged = sort_calls(frame, calls.attempts(conn, questionnaire=questionnaire), coded.sheet.name)
    frame = frame.assign(attempt=judged.attempt, numbered=judged.numbered, sheet=coded.sheet.name)
    new = frame[~judged.skip & ~judged.asked]
    only = {coded.row_numbers[i] for i in np.flatnonzero(coded.called).tolist()}
    asked, fresh = set(frame["row"][judged.asked]) & only, set(new["row"]) & only
    return CallPart(
        new.reset_index(drop=True),
        by_number(judged.findings, coded.by_phone),
        len(fresh - asked),
        len(only - fresh - asked),
        len(asked),
        int(coded.calls_refused),
    )


def _frame(coded: CodedSheet, codes: Mapping[str, str]) -> pd.DataFrame:
    assert coded.split is not None
    enters = coded.usable | coded.called
    years_, places, who = (coded.keys[k].tolist() for k in ("year", "place", "respondent"))
    rows: list[tuple[Any, ...]] = [
        (
            int(years_[i]),
            codes.get(places[i], places[i]),
            who[i] or "",
            a.number,
            a.at,
            a.duration,
            a.interviewer,
            a.outcome,
            coded.row_numbers[i],
            a.cell,
            a.header,
            a.said,
        )
        for i, a in coded.split.attempts
        if enters[i]
    ]
    return pd.DataFrame(rows, columns=[*COLUMNS, *PLACE])
