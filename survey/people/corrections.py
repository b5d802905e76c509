"""A corrected file: it holds everybody of a stored batch again, some with other answers or in another community, and takes that
batch's place once a person has said so.  The batch is taken back in the same step, so that its answers stay where they were and nobody counts twice.
Where it holds some of them only, its rows take the place of theirs (``survey.people.changed_rows``).  Where other people were
meant, their numbers get a prefix (``survey.people.restarts``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
from survey.people.changed_rows import OLD, changed_question, is_old_file, is_same_people, old_ones, takes_new
from survey.people.duplicates import ALIKE_STORED, FEW, FIRST_ROWS, STORED, Verdict, against_stored
from survey.people.identities import STORED_BY_PHONE
from survey.people.moved import MOVED, Who, people
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
#: what is said beside the proposal that they are other people
OR_NEW = "corrections.or_new"
#: what a sample's design says of the whole stratum: two batches of the same people can't be held against it apart
_DESIGN = ("psu", "ssu", "stratum", "fpc", "fpc2")


@dataclass(frozen=True)
class Correction:
    """``batches``: those whose place the file takes; ``rows``: data rows that say something else than they do; ``finding``: the
    question about it."""

    batches: tuple[int, ...]
    rows: tuple[int, ...]
    finding: Finding

    def holds_all(self, verdict: Verdict) -> bool:
        """Whether everybody of the file who is stored is so in these batches."""
        return set(verdict.met) <= set(self.rows) and set(verdict.batches) <= set(self.batches)


@dataclass(frozen=True)
class _Changes:
    """What a file changes in one batch: data rows with other answers, with the same in another community (``moved``), and of
    those whose number is all that is left of them (``strayed``); ``same``: how many people it leaves as they are."""

    batch: Batch
    others: tuple[int, ...]
    moved: tuple[int, ...]
    strayed: tuple[int, ...]
    same: int

    @property
    def rows(self) -> tuple[int, ...]:
        return tuple(sorted({*self.others, *self.moved, *self.strayed}))

    @property
    def is_correction(self) -> bool:
        """Most of it is equal, or much of it is another and nobody went elsewhere."""
        equal = self.same + len(self.moved)
        mostly = equal >= len(self.others) + len(self.strayed) and (self.same > 0 or equal >= FEWEST)
        stayed = not self.moved and not self.strayed
        return mostly or (stayed and (_partial(self.batch) or len(self.others) > FEW))


def against_corrected(
    conn: Connection, coded: CodedSheet, questionnaire: str, mine: Decided
) -> tuple[CodedSheet, Verdict, tuple[int, ...]]:
    """A sheet held against what is stored, with what a person decided about it as a whole: its respondents told apart from
    stored ones or left out, what is said of them, and the batches whose place it takes."""
    verdict = against_stored(conn, coded, questionnaire)
    if coded.split is None and not _designed(coded) and is_old_file(conn, coded, questionnaire, verdict):
        return _old_file(conn, coded, questionnaire, verdict, mine)
    answer = mine.answers.get(AGAIN)
    several = len(verdict.met) >= FEWEST and not coded.by_phone
    again = find_again(coded, stored_before(conn, coded, questionnaire), prefix_of(answer)) if several else None
    by_mode = again is not None and again.by_mode
    same = not by_mode and (not verdict.met or is_same_people(conn, coded, verdict))
    found = None if by_mode else correction(conn, coded, questionnaire, verdict)
    likely = same or again is None or verdict.skip.any() or verdict.moved
    if found is not None and likely and found.holds_all(verdict):
        return _corrected(conn, coded, questionnaire, verdict, found, mine)
    if again is not None and not same and coded.split is None:
        again = replace(again, finding=replace(again.finding, params={**again.finding.params, "stored": True}))
        if takes_new(answer) and answer is not None:
            return _taken(conn, coded, questionnaire, verdict, answered(again.finding, answer))
        coded = told_apart(coded, again, answer)
        verdict = against_stored(conn, coded, questionnaire)
        if answer is None and not is_confirmed(again.finding, mine):
            note = replace(again.finding, code=OR_NEW, level="note", params={})
            verdict = replace(verdict, findings=(*verdict.findings, note))
    elif (same or len(verdict.met) > FEW) and verdict.met and coded.split is None and not _designed(coded):
        return _changed(conn, coded, questionnaire, verdict, mine)
    if coded.split is None:
        verdict = _one_by_one(conn, coded, questionnaire, verdict, mine)
    answer = mine.answers.get(MOVED)
    if verdict.moved and answer is not None and takes_new(answer) and not verdict.met and not _designed(coded):
        asked = next(f for f in verdict.findings if f.code == MOVED)
        return _taken(conn, coded, questionnaire, verdict, answered(asked, answer))
    return (*_not_moved(conn, coded, questionnaire, verdict, mine), ())


def _changed(
    conn: Connection, coded: CodedSheet, questionnaire: str, verdict: Verdict, mine: Decided
) -> tuple[CodedSheet, Verdict, tuple[int, ...]]:
    """The new answers of some people in place of the old ones, the old ones kept, or other people, as a person says."""
    finding = changed_question(conn, coded, verdict)
    answer = mine.answers.get(finding.code)
    rows = sorted(old_ones(verdict))
    if answer is not None and answer.action == "leave_out":
        coded = left_behind(coded, rows, answered(finding, answer))
        return coded, _alike_told(against_stored(conn, coded, questionnaire)), ()
    if takes_new(answer) and answer is not None:
        return _taken(conn, coded, questionnaire, verdict, answered(finding, answer))
    if (prefix := prefix_of(answer)) and answer is not None and not coded.by_phone:
        coded = _others(coded, prefix, rows, answered(finding, answer))
        return coded, _alike_told(against_stored(conn, coded, questionnaire)), ()
    if is_confirmed(finding, mine):
        return _taken(conn, coded, questionnaire, verdict, finding)
    once = _alike_told(against_stored(conn, coded, questionnaire, taken=_ids(verdict)))
    others = verdict.other_answers.copy()
    others[rows] = True
    notes = [f for f in _alike_told(verdict).findings if f.level == "note"]
    asked = (finding, *(f for f in once.findings if f.level != "note"), *notes)
    return coded, replace(verdict, other_answers=others, findings=asked), ()


def _old_file(
    conn: Connection, coded: CodedSheet, questionnaire: str, verdict: Verdict, mine: Decided
) -> tuple[CodedSheet, Verdict, tuple[int, ...]]:
    """Answers that were corrected since: what they were corrected to stands, unless a person takes these again."""
    finding = changed_question(conn, coded, verdict, OLD)
    answer, rows = mine.answers.get(OLD), sorted(old_ones(verdict))
    if takes_new(answer) and answer is not None:
        return _taken(conn, coded, questionnaire, verdict, answered(finding, answer))
    if answer is not None and answer.action == "leave_out":
        finding = answered(finding, answer)
    stays = finding.level == "note" or is_confirmed(finding, mine)
    skip, others = verdict.skip.copy(), verdict.other_answers.copy()
    skip[rows], others[rows] = stays, not stays
    rest = [f for f in _alike_told(verdict).findings if f.code not in (STORED, STORED_BY_PHONE, MOVED)]
    return coded, replace(verdict, skip=skip, other_answers=others, findings=(finding, *rest), met={}, moved=()), ()


def _taken(
    conn: Connection, coded: CodedSheet, questionnaire: str, verdict: Verdict, finding: Finding
) -> tuple[CodedSheet, Verdict, tuple[int, ...]]:
    once = _alike_told(against_stored(conn, coded, questionnaire, taken=_ids(verdict)))
    return coded, replace(once, findings=(finding, *once.findings), takes=old_ones(verdict)), ()


def _one_by_one(conn: Connection, coded: CodedSheet, questionnaire: str, verdict: Verdict, mine: Decided) -> Verdict:
    """With the new answers in place of the old ones in the rows of which a person confirmed that."""
    at = {number: row for row, number in enumerate(coded.row_numbers)}
    said = [f for f in verdict.findings if f.code in (STORED, STORED_BY_PHONE) and is_confirmed(f, mine)]
    takes = {at[f.row]: (verdict.met[at[f.row]][0],) for f in said}
    if not takes:
        return verdict
    once = against_stored(conn, coded, questionnaire, taken=[old for ids in takes.values() for old in ids])
    return replace(once, findings=(*said, *once.findings), takes=takes)


def _others(coded: CodedSheet, prefix: str, rows: Iterable[int], said: Finding) -> CodedSheet:
    """The sheet with these data rows as other people's: their numbers get a prefix."""
    named = list(coded.named)
    for row in rows:
        if named[row] is not None:
            named[row] = f"{prefix}-{named[row]}"
    return coded.renumbered(named, said)


def _ids(verdict: Verdict) -> list[int]:
    return [old for ids in old_ones(verdict).values() for old in ids]


def _alike_told(verdict: Verdict) -> Verdict:
    """Who is there is there, however the number is written: one answer about the same people says that, too."""
    told = (replace(f, level="note") if f.code == ALIKE_STORED else f for f in verdict.findings)
    return replace(verdict, findings=tuple(told))


def _designed(coded: CodedSheet) -> bool:
    """Whether a sheet says how its people were drawn."""
    return any(v is not None for role in _DESIGN for v in coded.design[role])


def _not_moved(
    conn: Connection, coded: CodedSheet, questionnaire: str, verdict: Verdict, mine: Decided
) -> tuple[CodedSheet, Verdict]:
    """Without the rows that are stored under another community, or with their numbers prefixed, where a person said so."""
    answer = mine.answers.get(MOVED)
    if not verdict.moved or answer is None:
        return coded, verdict
    said = answered(next(f for f in verdict.findings if f.code == MOVED), answer)
    rows = {m.row for m in verdict.moved}
    if prefix := prefix_of(answer):
        coded = _others(coded, prefix, rows, said)
    else:
        coded = left_behind(coded, sorted(rows), said)
    return coded, against_stored(conn, coded, questionnaire)


def _corrected(
    conn: Connection, coded: CodedSheet, questionnaire: str, verdict: Verdict, found: Correction, mine: Decided
) -> tuple[CodedSheet, Verdict, tuple[int, ...]]:
    """The new answers in place of the old ones, the old ones kept, or other people, as a person says."""
    answer = mine.answers.get(CORRECTED)
    if answer is not None and answer.action == "leave_out":
        said = answered(found.finding, answer)
        coded = left_behind(coded, sorted({*np.flatnonzero(verdict.other_answers).tolist(), *found.rows}), said)
        kept = against_stored(conn, coded, questionnaire)  # who is there is there, however the number is written
        told = (answered(f, answer) if f.code == ALIKE_STORED else f for f in kept.findings)
        return coded, replace(kept, findings=tuple(told)), ()
    if prefix := prefix_of(answer):
        said = answered(found.finding, answer) if answer else found.finding
        coded = _others(coded, prefix, range(len(coded.named)), said)
        return coded, against_stored(conn, coded, questionnaire), ()
    once = against_stored(conn, coded, questionnaire, found.batches)
    if is_confirmed(found.finding, mine):
        return coded, replace(once, findings=(found.finding, *once.findings)), found.batches
    notes = [f for f in verdict.findings if f.level == "note"]
    others = verdict.other_answers.copy()
    others[list(found.rows)] = True
    asked = (found.finding, *(f for f in once.findings if f.level != "note"), *notes)  # the rest is one answer's matter
    return coded, replace(verdict, other_answers=others, findings=asked), ()


def correction(conn: Connection, coded: CodedSheet, questionnaire: str, verdict: Verdict) -> Correction | None:
    """The batches that this file corrects, or None: all their people are in it, with a number, some with other answers or in
    another community, and most are as they were, or cells or rows were left out at their import, or more than a few differ."""
    told = [f for f in verdict.findings if f.code == STORED]
    if not (told or verdict.batches or verdict.moved):
        return None
    who = people(coded)
    known = verdict.skip | verdict.other_answers
    fresh = any(w is not None and not there for w, there in zip(who, known.tolist(), strict=True))
    if not (told or fresh) or coded.split is not None or coded.by_phone:
        return None
    if _designed(coded):
        return None
    at = {number: row for row, number in enumerate(coded.row_numbers)}
    others: dict[int, list[int]] = {b: [] for b in (*verdict.batches, *(m.batch for m in verdict.moved)) if fresh}
    for finding in told:
        others.setdefault(finding.params["batch"], []).append(at[finding.row])
    names = {c.id: c.name for c in register.communities(conn)}
    found = []
    for number in sorted(others):
        batch = batches.get(conn, number)
        if _corrects(conn, batch, questionnaire):
            whole = _whole(conn, batch, names, coded.form.mode_in_key)
            changes = _changes(batch, whole, who, others[number], verdict)
            found += [changes] if changes is not None and changes.rows and changes.is_correction else []
    if not found:
        return None
    rows = tuple(sorted({row for c in found for row in c.rows}))
    return Correction(tuple(c.batch.id for c in found), rows, _finding(coded, found, rows, who))


def _changes(
    batch: Batch, whole: set[Who], who: Sequence[Who | None], others: Sequence[int], verdict: Verdict
) -> _Changes | None:
    """What the sheet changes in a batch; None where somebody of the batch is not in it."""
    here = set(who)
    moved = [m for m in verdict.moved if m.batch == batch.id]
    lost = whole - here - {m.who for m in moved}
    strayed = _strayed(lost, whole, who, {m.row for m in moved}) if lost else []
    if len(strayed) < len(lost):
        return None
    same = len(whole & here) - len(others)
    return _Changes(batch, tuple(others), tuple(m.row for m in moved), tuple(strayed), same)


def _strayed(lost: set[Who], whole: set[Who], who: Sequence[Who | None], moved: set[int]) -> list[int]:
    """Data rows of people who are in the sheet in another community and with other answers, by a number that only one in the
    batch and one in the sheet has."""
    there = Counter((year, fold) for year, _, fold in whole)
    here = Counter((w[0], w[2]) for w in who if w is not None)
    wanted = {(year, fold) for year, _, fold in lost if there[year, fold] == 1 and here[year, fold] == 1}
    return [i for i, w in enumerate(who) if w is not None and (w[0], w[2]) in wanted and i not in moved]


def _corrects(conn: Connection, batch: Batch, questionnaire: str) -> bool:
    """Whether a batch holds answers to this questionnaire only, and everybody in it has a number."""
    named = len(identities.of_batch(conn, batch.id))
    mine = batch.kind == "answers" and batch.target == questionnaire
    return mine and named == batch.counts.get("stored") and not batch.counts.get("calls")


def _partial(batch: Batch) -> bool:
    return any(batch.counts.get(name) for name in ("refused_rows", "refused_cells", "left_out"))


def _whole(conn: Connection, batch: Batch, names: Mapping[int | None, str], with_mode: bool) -> set[Who]:
    frame = identities.of_batch(conn, batch.id)
    places: Sequence[Any] = frame["community_id"].tolist()
    said = ("" if pd.isna(i) else names.get(int(i), "") for i in places)
    keys = respondent_keys(frame["respondent"], frame["mode"], with_mode=with_mode)
    return {(int(y), place, str(key)) for y, place, key in zip(frame["year"].tolist(), said, keys, strict=True)}


def _finding(coded: CodedSheet, found: Sequence[_Changes], rows: Sequence[int], who: Sequence[Who | None]) -> Finding:
    stored = sum(c.batch.counts.get("stored", 0) for c in found)
    others = {row for c in found for row in (*c.others, *c.strayed)}
    params = {
        "batches": [c.batch.id for c in found],
        "batch": "、".join(str(c.batch.id) for c in found),
        "file": list(dict.fromkeys(c.batch.file for c in found)),
        "people": stored,
        "n": len(rows),
        "others": len(others),
        "moved": len({row for c in found for row in (*c.moved, *c.strayed)}),
        "new": max(len({w for w in who if w is not None}) - stored, 0),
        "rows": "、".join(str(coded.row_numbers[row]) for row in rows[:FIRST_ROWS]),
        "suggestion": "2-",
    }
    cell = coded.respondent_cells[rows[0]]
    return Finding(CORRECTED, "ask", "sheet", coded.sheet.name, cell, 0, coded.respondent_header, params)
