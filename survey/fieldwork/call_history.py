"""Attempts that are new, that are stored already, and that say something else than what is stored.

A grown list of calls adds what it has more; nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.answers.respondents import folded
from survey.core.cells import clean
from survey.core.findings import Finding
from survey.form.dispositions import Outcomes

#: rows named in one note; the count is always complete
FIRST_ROWS = 20


@dataclass(frozen=True)
class Sorted:
    """``skip``: rows that are there already; ``asked``: rows that contradict another; ``attempt``: the number of each,
    ``numbered``: whether the sheet gave it."""

    skip: npt.NDArray[np.bool_]
    asked: npt.NDArray[np.bool_]
    attempt: npt.NDArray[np.int64]
    numbered: npt.NDArray[np.bool_]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """An outcome and where it stands: in a row of this sheet (``batch`` 0), or of the file of a stored batch."""

    outcome: str
    row: int
    batch: int = 0
    file: str = ""
    sheet: str = ""


@dataclass(slots=True)
class _Case:
    """What is known of one person's calls: by number, by time of day, and else in their order on a day (or without)."""

    numbers: dict[int, _Said] = field(default_factory=dict)
    times: dict[str, _Said] = field(default_factory=dict)
    order: dict[str, list[_Said]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    last: int = 0


def sort_calls(frame: pd.DataFrame, stored: pd.DataFrame, sheet: str) -> Sorted:
    """Compare a sheet's attempts (``survey.fieldwork.call_file.COLUMNS`` and ``PLACE``) with each other and with the stored ones.

    ``stored`` has ``year, community, respondent, attempt, numbered, at, outcome, batch_id, file, sheet, row``.  An attempt is known
    again by its number, else by its time of day; without either, the i-th (of a day) stands for the i-th as long as
    they agree, and is a new attempt from there on.  Attempts without a respondent are known by time, interviewer and outcome.
    """
    n = len(frame)
    skip, asked = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    attempt, numbered = frame["attempt"].to_numpy(dtype=np.int64).copy(), frame["attempt"].to_numpy() > 0
    cases = _stored_cases(stored)
    findings: list[Finding] = []
    for i, row in _in_time(frame):
        case = cases.setdefault(_case(row), _Case())
        known = _known(case, row)
        if known is None:
            attempt[i] = row["attempt"] or case.last + 1
            _remember(case, int(attempt[i]), bool(numbered[i]), row["at"], _Said(row["outcome"], row["row"]))
        elif known.outcome == row["outcome"]:
            skip[i] = True
        else:
            asked[i] = True
            findings.append(_other(sheet, row, known))
    findings.sort(key=lambda f: f.row)
    if skip.any():
        rows = frame["row"].to_numpy()[skip].tolist()
        findings.append(
            Finding(
                "calls.already",
                "note",
                "row",
                sheet,
                frame["cell"].to_numpy()[skip][0],
                rows[0],
                params={"n": len(rows), "rows": _some(rows)},
            )
        )
    return Sorted(skip, asked, attempt, numbered, tuple(findings))


def _other(sheet: str, row: Mapping[str, Any], known: _Said) -> Finding:
    """The same call with another outcome; what is known already is what the cell may be set to."""
    outcome = Outcomes().by_code.get(known.outcome)
    label = {"zh": outcome.zh, "en": outcome.en} if outcome else {"zh": known.outcome, "en": known.outcome}
    params: dict[str, Any] = {
        "found": row["said"],
        "respondent": row["respondent"],
        "known": label,
        "other": known.row,
        "suggestion": label["zh"],
    }
    if known.batch:
        params |= {"batch": known.batch, "file": known.file, "sheet": known.sheet}
    code = "calls.other_outcome_stored" if known.batch else "calls.other_outcome"
    return Finding(code, "ask", "row", sheet, row["cell"], row["row"], row["header"], params)


def _in_time(frame: pd.DataFrame) -> list[tuple[int, dict[str, Any]]]:
    """Rows by time where there is one, in the sheet's order else."""
    rows: list[tuple[int, dict[str, Any]]] = list(enumerate(frame.to_dict("records")))  # type: ignore[arg-type]
    return sorted(rows, key=lambda item: item[1]["at"])


def _case(row: Mapping[Any, Any]) -> tuple[Any, ...]:
    """Whose call it is: by the number, however it is written; without one every time and interviewer is a case of its own."""
    place = (row["year"], row["community"])
    if row["respondent"]:
        return (*place, folded(row["respondent"]))
    return (*place, "", row["at"], clean(row["interviewer"]), row["outcome"])


def _stored_cases(stored: pd.DataFrame) -> dict[tuple[Any, ...], _Case]:
    cases: dict[tuple[Any, ...], _Case] = {}
    for row in stored.to_dict("records"):
        case = cases.setdefault(_case(row), _Case())
        place = 0 if pd.isna(row["row"]) else int(row["row"])
        said = _Said(str(row["outcome"]), place, int(row["batch_id"]), str(row["file"]), str(row["sheet"]))
        _remember(case, int(row["attempt"]), bool(row["numbered"]), str(row["at"]), said)
    return cases


def _remember(case: _Case, number: int, numbered: bool, at: str, said: _Said) -> None:
    case.last = max(case.last, number)
    if numbered:
        case.numbers.setdefault(number, said)
    if _is_moment(at):
        case.times.setdefault(at, said)
    elif not numbered:
        case.order.setdefault(at, []).append(said)
        if not said.batch:
            case.seen[at] = len(case.order[at])


def _is_moment(at: str) -> bool:
    """Whether a day has its time of day: two calls of one minute are one call."""
    return "T" in at


def _known(case: _Case, row: dict[str, Any]) -> _Said | None:
    """What is known of this very attempt: outcome and where it stands."""
    at = str(row["at"])
    if row["attempt"] and int(row["attempt"]) in case.numbers:
        return case.numbers[int(row["attempt"])]
    if _is_moment(at):
        return case.times.get(at)
    if row["attempt"]:
        return None
    order, place = case.order.get(at, []), case.seen.get(at, 0)
    if place < len(order) and order[place].outcome == row["outcome"]:
        case.seen[at] = place + 1
        return order[place]
    case.seen[at] = len(order)
    return None


def _some(rows: Sequence[int]) -> str:
    return "、".join(map(str, rows[:FIRST_ROWS])) + (" …" if len(rows) > FIRST_ROWS else "")
