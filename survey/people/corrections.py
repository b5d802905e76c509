"""A corrected file: it holds everybody of a stored batch again, some with other answers, and takes that batch's place once a
person has said so.  The batch is taken back in the same step, so that its answers stay where they were and nobody counts twice.
Where other people were meant, their numbers get a prefix (``survey.people.restarts``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from survey.answers.respondents import respondent_keys
from survey.coding.coded_sheet import CodedSheet
from survey.core.findings import Finding
from survey.decisions.answered_findings import is_confirmed
from survey.decisions.carried_out import Decided
from survey.people.duplicates import FEW, FIRST_ROWS, STORED, Verdict, against_stored
from survey.people.restarts import (
    AGAIN,
    FEWEST,
    answered,
    find_again,
    left_behind,
    prefix_of,
    stored_before,
    told_apart,
)
from survey.store.intake import batches, identities
from survey.store.intake.batches import Batch
from survey.store.year import register

CORRECTED = "checking.corrected_file"
#: what a sample's design says of the whole stratum: two batches of the same people can't be held against it apart
_DESIGN = ("psu", "ssu", "stratum", "fpc", "fpc2")


@dataclass(frozen=True)
class Correction:
    """``batches``: those whose place the file takes; ``finding``: the question about it."""

    batches: tuple[int, ...]
    finding: Finding

    def asked(self, verdict: Verdict) -> Verdict:
        """What is said of a comparison, with the one question in place of those about single rows."""
        rest = [f for f in verdict.findings if not (f.code == STORED and f.params["batch"] in self.batches)]
        return replace(verdict, findings=(self.finding, *rest))


def against_corrected(
    conn: Connection, coded: CodedSheet, questionnaire: str, mine: Decided
) -> tuple[CodedSheet, Verdict, tuple[int, ...]]:
    """A sheet held against what is stored, with what a person decided about it as a whole: its respondents told apart from
    stored ones or left out, what is said of them, and the batches whose place it takes."""
    verdict = against_stored(conn, coded, questionnaire)
    met = sum(f.code == STORED for f in verdict.findings)
    answer = mine.answers.get(AGAIN)
    again = find_again(coded, stored_before(conn, coded, questionnaire), prefix_of(answer)) if met >= FEWEST else None
    found = None if again is not None and again.by_mode else correction(conn, coded, questionnaire, verdict)
    if found is not None:
        return _corrected(conn, coded, questionnaire, verdict, found, mine)
    if again is None or coded.split is not None:
        return coded, verdict, ()
    coded = told_apart(coded, again, answer)
    return coded, against_stored(conn, coded, questionnaire), ()


def _corrected(
    conn: Connection, coded: CodedSheet, questionnaire: str, verdict: Verdict, found: Correction, mine: Decided
) -> tuple[CodedSheet, Verdict, tuple[int, ...]]:
    """The new answers in place of the old ones, the old ones kept, or other people, as a person says."""
    answer = mine.answers.get(CORRECTED)
    if answer is not None and answer.action == "leave_out":
        coded = left_behind(coded, np.flatnonzero(verdict.other_answers).tolist(), answered(found.finding, answer))
        return coded, against_stored(conn, coded, questionnaire), ()
    if prefix := prefix_of(answer):
        named = [None if r is None else f"{prefix}-{r}" for r in coded.named]
        coded = coded.renumbered(named, answered(found.finding, answer) if answer else found.finding)
        return coded, against_stored(conn, coded, questionnaire), ()
    if is_confirmed(found.finding, mine):
        verdict = against_stored(conn, coded, questionnaire, found.batches)
        return coded, found.asked(verdict), found.batches
    return coded, found.asked(verdict), ()


def correction(conn: Connection, coded: CodedSheet, questionnaire: str, verdict: Verdict) -> Correction | None:
    """The batches that this file corrects, or None: all their people are in it, with a number and some with other answers,
    and cells or rows of them were left out at their import or more than a few differ."""
    told = [f for f in verdict.findings if f.code == STORED]
    if not told or coded.split is not None or any(v is not None for role in _DESIGN for v in coded.design[role]):
        return None
    changed: dict[int, list[Finding]] = {}
    for finding in told:
        changed.setdefault(finding.params["batch"], []).append(finding)
    here = _people(coded)
    names = {c.id: c.name for c in register.communities(conn)}
    found = [b for number in sorted(changed) if _corrects(conn, b := batches.get(conn, number), questionnaire)]
    found = [
        b
        for b in found
        if _whole(conn, b, names, coded.form.mode_in_key) <= here and (_partial(b) or len(changed[b.id]) > FEW)
    ]
    return Correction(tuple(b.id for b in found), _finding(coded, found, changed, len(here))) if found else None


def _corrects(conn: Connection, batch: Batch, questionnaire: str) -> bool:
    """Whether a batch holds answers to this questionnaire only, and everybody in it has a number."""
    named = len(identities.of_batch(conn, batch.id))
    mine = batch.kind == "answers" and batch.target == questionnaire
    return mine and named == batch.counts.get("stored") and not batch.counts.get("calls")


def _partial(batch: Batch) -> bool:
    return any(batch.counts.get(name) for name in ("refused_rows", "refused_cells", "left_out"))


def _people(coded: CodedSheet) -> set[tuple[int, str, str]]:
    columns = zip(coded.keys["year"].tolist(), coded.keys["place"].tolist(), coded.folds, strict=True)
    return {(int(year), place, fold) for year, place, fold in columns if fold is not None}


def _whole(
    conn: Connection, batch: Batch, names: Mapping[int | None, str], with_mode: bool
) -> set[tuple[int, str, str]]:
    frame = identities.of_batch(conn, batch.id)
    places: Sequence[Any] = frame["community_id"].tolist()
    said = ("" if pd.isna(i) else names.get(int(i), "") for i in places)
    keys = respondent_keys(frame["respondent"], frame["mode"], with_mode=with_mode)
    return {(int(y), place, str(key)) for y, place, key in zip(frame["year"].tolist(), said, keys, strict=True)}


def _finding(
    coded: CodedSheet, found: Sequence[Batch], changed: Mapping[int, Sequence[Finding]], people: int
) -> Finding:
    rows = [f for b in found for f in changed[b.id]]
    stored = sum(b.counts.get("stored", 0) for b in found)
    params = {
        "batches": [b.id for b in found],
        "batch": "、".join(str(b.id) for b in found),
        "file": "、".join(dict.fromkeys(b.file for b in found)),
        "people": stored,
        "n": len(rows),
        "new": max(people - stored, 0),
        "rows": "、".join(str(f.row) for f in rows[:FIRST_ROWS]),
        "suggestion": "2-",
    }
    return Finding(CORRECTED, "ask", "sheet", coded.sheet.name, rows[0].cell, 0, coded.respondent_header, params)
