"""Call records into the store: read and checked as a whole, stored in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from survey.core import progress
from survey.core.errors import Refused
from survey.core.findings import Finding, blocking, open_questions
from survey.decisions.answered_findings import Carried, carry_out, unfit
from survey.decisions.carried_out import Decision
from survey.fieldwork.call_columns import CallColumns
from survey.fieldwork.call_file import CallSheet, KnownBy, find_calls, read_calls
from survey.fieldwork.call_history import sort_calls
from survey.fieldwork.register import Register
from survey.files.read import read_sheets
from survey.files.readers.merged_cells import filled_down
from survey.form.dispositions import Outcomes
from survey.intake.same_file import batch_sheet, refuse_same_calls
from survey.people.identities import People
from survey.people.removed_people import left_out_note, removed_calls
from survey.store import Store, keyring
from survey.store.intake import batches, calls, decisions, questionnaires
from survey.store.year import register, years


@dataclass(frozen=True)
class CallOptions:
    """What the user said beside the file; ``questionnaire`` is its name, '' where none was said."""

    year: int | None = None
    questionnaire: str = ""
    community: str | None = None
    sheet: str | None = None
    delimiter: str | None = None
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class CallInspection:
    """What a file of call records holds and what is wrong with it; nothing is stored yet.

    ``frame``: the attempts that can be stored (columns of ``store.calls.append``); ``counts``: ``rows``, ``storable``,
    ``duplicates``, ``refused_rows``, ``refused_cells``, ``questions``, ``not_called``, ``left_out`` (by a person);
    ``tally``: attempts by community and outcome; ``carried``: what decisions did.
    """

    file: str
    file_hash: str
    sheet: str
    sheets: tuple[str, ...]
    questionnaire: str
    frame: pd.DataFrame = field(repr=False)
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    options: CallOptions
    read: CallSheet = field(repr=False)
    carried: Carried = field(repr=False)

    @property
    def tally(self) -> pd.DataFrame:
        """``community, outcome, n`` of what can be stored."""
        return (
            self.frame.groupby(["community", "outcome"], as_index=False, sort=False)
            .size()
            .rename(columns={"size": "n"})
        )


@dataclass(frozen=True)
class CallReceipt:
    """What was stored."""

    batch: int
    file: str
    stored: int
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def partial(self) -> bool:
        """Whether cells or rows were left out (exit status 4)."""
        return bool(self.counts["refused_rows"] or self.counts["refused_cells"])


def inspect_calls(store: Store, file: str, data: bytes, options: CallOptions) -> CallInspection:
    """Read and check a file of call records; raises Refused where nothing can be read.

    The store is read in one transaction, so that all of it is of one moment.
    """
    digest = sha256(data).hexdigest()
    sheets = read_sheets(file, data, delimiter=options.delimiter)  # another process reads: no transaction waits for it
    with store.read() as conn:
        form = questionnaires.get(conn, options.questionnaire).form if options.questionnaire else None
        known = Register(register.communities(conn))
        progress.at("matching")
        carried = carry_out(sheets, options.decisions)
        outcomes = Outcomes().with_choices(form.roles.get("disposition") if form else None)
        sheet, columns = find_calls(carried.sheets, outcomes, form, sheet=options.sheet)
        progress.at("checking")
        read = read_calls(
            filled_down(sheet, sheet.top + columns.header_row),
            columns,
            known,
            outcomes,
            year=options.year,
            community=options.community,
            known_by=_known_by(store, conn, columns, options.questionnaire),
        )
        return _compared(conn, file, digest, tuple(s.name for s in sheets), read, options, carried)


def _known_by(store: Store, conn: Connection, columns: CallColumns, questionnaire: str) -> KnownBy | None:
    """Who has a telephone number, where there are numbers, a questionnaire to be known in, and a key."""
    ring = keyring.load() if "phone" in columns.columns and questionnaire else None
    return People(store, conn, ring, questionnaire).of_cell if ring else None


def _compared(
    conn: Connection,
    file: str,
    digest: str,
    names: tuple[str, ...],
    read: CallSheet,
    options: CallOptions,
    carried: Carried,
) -> CallInspection:
    """Held against what is stored."""
    refuse_same_calls(conn, digest, batch_sheet(read.sheet))
    years.require_open(conn, read.frame["year"].unique().tolist())
    ids = register.codes(conn)
    places = zip(read.frame["year"], read.frame["community"], strict=True)
    years.require_open_in(conn, {(int(year), ids[code]) for year, code in places if code in ids})
    gone = removed_calls(conn, options.questionnaire, read.frame)
    whole = read.frame[~gone].reset_index(drop=True)
    judged = sort_calls(whole, calls.attempts(conn, questionnaire=options.questionnaire), read.sheet.name)
    frame = whole.assign(attempt=judged.attempt, numbered=judged.numbered, sheet=read.sheet.name)
    counts = {
        **read.counts,
        "storable": int((~judged.skip & ~judged.asked).sum()),
        "duplicates": int(judged.skip.sum()),
        "questions": int(judged.asked.sum()),
        "left_out": carried.left_out + int(gone.sum()),
    }
    told = [] if not gone.any() else [left_out_note(read.sheet.name, read.frame.loc[gone, "row"].tolist())]
    return CallInspection(
        file,
        digest,
        read.sheet.name,
        names,
        options.questionnaire,
        frame[~judged.skip & ~judged.asked].reset_index(drop=True),
        carried.settle((*read.findings, *judged.findings, *told)),
        counts,
        options,
        read,
        carried,
    )


def refusal(inspection: CallInspection, *, accept_partial: bool) -> Refused | None:
    """Why the inspected file cannot be stored as things stand, or None if it can."""
    lost = unfit(inspection.findings)
    if lost:
        return Refused("decisions.refused", findings=inspection.findings, file=inspection.file, n=len(lost))
    n = len(open_questions(inspection.findings))
    if n:
        return Refused("calls.open_questions", findings=inspection.findings, file=inspection.file, n=n)
    if blocking(inspection.findings) and not accept_partial:
        return Refused(
            "calls.refused",
            findings=inspection.findings,
            file=inspection.file,
            rows=inspection.counts["refused_rows"],
            cells=inspection.counts["refused_cells"],
        )
    if not inspection.counts["rows"]:
        return Refused("calls.no_rows", findings=inspection.findings, file=inspection.file)
    return None


def commit_calls(
    store: Store, inspection: CallInspection, *, accept_partial: bool = False, who: str = ""
) -> CallReceipt:
    """Store inspected call records in one transaction; raises Refused and stores nothing where they may not enter."""
    error = refusal(inspection, accept_partial=accept_partial)
    if error is not None:
        raise error
    progress.at("storing")
    with store.write() as conn:
        return _store(conn, inspection, who)


def _store(conn: Connection, seen: CallInspection, who: str) -> CallReceipt:
    """Compare once more: something may have been stored since the inspection."""
    now = _compared(conn, seen.file, seen.file_hash, seen.sheets, seen.read, seen.options, seen.carried)
    if now.counts["questions"]:
        raise Refused("calls.changed_meanwhile", findings=now.findings, file=seen.file)
    batch = batches.record(
        conn,
        kind="calls",
        target=now.questionnaire,
        file=now.file,
        file_hash=now.file_hash,
        sheet=batch_sheet(now.read.sheet),
        who=who,
        counts={
            "rows": now.counts["rows"],
            "stored": len(now.frame),
            "duplicates": now.counts["duplicates"],
            "refused_rows": now.counts["refused_rows"],
            "refused_cells": now.counts["refused_cells"],
            "left_out": now.counts["left_out"],
        },
        options=_plain(now.options),
    )
    calls.append(conn, batch, now.questionnaire, now.frame)
    batches.save_findings(conn, batch, now.findings)
    decisions.save(conn, batch, now.carried.changes, who)
    return CallReceipt(batch, now.file, len(now.frame), now.counts, now.findings)


def _plain(options: CallOptions) -> dict[str, Any]:
    return {k: v for k, v in vars(options).items() if k != "decisions" and v not in (None, "")}
