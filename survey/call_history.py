"""Attempts that are new, that are stored already, and that say something else than what is stored.

A grown list of calls adds what it has more; nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.findings import Finding

#: rows named in one note; the count is always complete
FIRST_ROWS = 20
_CASE = ["year", "community", "respondent"]


@dataclass(frozen=True)
class Sorted:
    """``skip``: rows that are there already; ``asked``: rows that contradict another; ``attempt``: the number of each,
    ``numbered``: whether the sheet gave it."""

    skip: npt.NDArray[np.bool_]
    asked: npt.NDArray[np.bool_]
    attempt: npt.NDArray[np.int64]
    numbered: npt.NDArray[np.bool_]
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Case:
    """What is known of one person's calls: by number, by time of day, and else in their order on a day (or without)."""

    numbers: dict[int, tuple[str, str]] = field(default_factory=dict)
    times: dict[str, tuple[str, str]] = field(default_factory=dict)
    order: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    last: int = 0


def sort_calls(frame: pd.DataFrame, stored: pd.DataFrame, sheet: str) -> Sorted:
    """Compare a sheet's attempts (``survey.call_file.COLUMNS``) with each other and with the stored ones.

    ``stored`` has ``year, community, respondent, attempt, numbered, at, outcome, batch_id, row``.  An attempt is known
    again by its number, else by its time of day; without either, the i-th (of a day) stands for the i-th as long as they agree, and is a
    new attempt from there on.  Attempts without a respondent are known by time, interviewer and outcome.
    """
    n = len(frame)
    skip, asked = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    attempt, numbered = frame["attempt"].to_numpy(dtype=np.int64).copy(), frame["attempt"].to_numpy() > 0
    cases = _stored_cases(stored)
    findings: list[Finding] = []
    for i, row in _in_time(frame):
        case = cases.setdefault(tuple(row[k] for k in _CASE) + _anonymous(row), _Case())
        where = f"{sheet}!{row['row']}"
        known = _known(case, row)
        if known is None:
            attempt[i] = row["attempt"] or case.last + 1
            _remember(case, int(attempt[i]), bool(numbered[i]), row["at"], row["outcome"], where)
        elif known[0] == row["outcome"]:
            skip[i] = True
        else:
            asked[i] = True
            findings.append(Finding("calls.other_outcome", "ask", "row", sheet, f"A{row['row']}", row["row"],
                                    params={"respondent": row["respondent"], "other": known[1]}))  # fmt: skip
    findings.sort(key=lambda f: f.row)
    if skip.any():
        rows = frame["row"].to_numpy()[skip].tolist()
        findings.append(Finding("calls.already", "note", "row", sheet, f"A{rows[0]}", rows[0],
                                params={"n": len(rows), "rows": _some(rows)}))  # fmt: skip
    return Sorted(skip, asked, attempt, numbered, tuple(findings))


def _in_time(frame: pd.DataFrame) -> list[tuple[int, dict[str, Any]]]:
    """Rows by time where there is one, in the sheet's order else."""
    rows: list[tuple[int, dict[str, Any]]] = list(enumerate(frame.to_dict("records")))  # type: ignore[arg-type]
    return sorted(rows, key=lambda item: item[1]["at"])


def _anonymous(row: dict[str, Any]) -> tuple[str, ...]:
    """Without a respondent every time and interviewer is a case of its own."""
    return () if row["respondent"] else (row["at"], row["interviewer"], row["outcome"])


def _stored_cases(stored: pd.DataFrame) -> dict[tuple[Any, ...], _Case]:
    cases: dict[tuple[Any, ...], _Case] = {}
    for row in stored.to_dict("records"):
        case = cases.setdefault(tuple(row[k] for k in _CASE) + _anonymous(row), _Case())  # type: ignore[arg-type]
        where = f"#{row['batch_id']}:{row['row']}"
        _remember(case, int(row["attempt"]), bool(row["numbered"]), str(row["at"]), str(row["outcome"]), where)
    return cases


def _remember(case: _Case, number: int, numbered: bool, at: str, outcome: str, where: str) -> None:
    said = (outcome, where)
    case.last = max(case.last, number)
    if numbered:
        case.numbers.setdefault(number, said)
    if _is_moment(at):
        case.times.setdefault(at, said)
    elif not numbered:
        case.order.setdefault(at, []).append(said)
        if not where.startswith("#"):
            case.seen[at] = len(case.order[at])


def _is_moment(at: str) -> bool:
    """Whether a day has its time of day: two calls of one minute are one call."""
    return "T" in at


def _known(case: _Case, row: dict[str, Any]) -> tuple[str, str] | None:
    """What is known of this very attempt: outcome and where it stands."""
    at = str(row["at"])
    if row["attempt"] and int(row["attempt"]) in case.numbers:
        return case.numbers[int(row["attempt"])]
    if _is_moment(at):
        return case.times.get(at)
    if row["attempt"]:
        return None
    order, place = case.order.get(at, []), case.seen.get(at, 0)
    if place < len(order) and order[place][0] == row["outcome"]:
        case.seen[at] = place + 1
        return order[place]
    case.seen[at] = len(order)
    return None


def _some(rows: Sequence[int]) -> str:
    return "、".join(map(str, rows[:FIRST_ROWS])) + (" …" if len(rows) > FIRST_ROWS else "")
