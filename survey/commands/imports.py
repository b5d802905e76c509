"""Files of answers brought in one by one or all together, with an outcome for each (docs/cli.md, “xingfu import”)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from survey.coding.options import ImportOptions
from survey.commands.console import Session
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.lang import enumerated
from survey.decisions.answered_findings import require_places
from survey.decisions.finding_list import finding_table
from survey.files.input import read_input
from survey.files.read import remembering
from survey.intake.answers import Inspection, Receipt, commit_all, inspect, places_of, refusal
from survey.intake.contents.stored import told_sentences
from survey.intake.sheets_together import asked_once, parts
from survey.matching.shapes.modes_told import in_a_column
from survey.store import Store

__all__ = ["Outcome", "finding_table", "import_files", "outcome_table"]

_COUNTS = (
    "rows",
    "stored",
    "duplicates",
    "refused_rows",
    "refused_cells",
    "questions",
    "left_out",
    "outcomes",
    "calls",
)


@dataclass
class Outcome:
    """What became of one file: exit status, counts, findings, and the batch if one was stored.

    ``sheet``: the sheet that it is about, where several of the file are read.
    """

    file: str
    status: int = 0
    batch: int | None = None
    inspection: Inspection | None = None
    findings: tuple[Finding, ...] = ()
    message: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    path: Path = Path()
    sheet: str = ""

    @property
    def years(self) -> set[int]:
        """The years that were stored into."""
        return {int(y) for y in self.inspection.tally["year"]} if self.batch and self.inspection else set()

    def row(self) -> dict[str, Any]:
        """The file's line in the result table."""
        sheet = self.inspection.sheet if self.inspection else self.sheet or None
        return {
            "file": self.file,
            "sheet": sheet,
            "batch": self.batch,
            "status": self.status,
            **{c: self.counts.get(c) for c in _COUNTS},
            "message": self.message,
        }

    def table(self, lang: str) -> pd.DataFrame:
        """Every finding of the file, one a row."""
        return finding_table(self.file, self.findings, lang)

    def as_json(self, lang: str) -> dict[str, Any]:
        """The findings for ``--json``."""
        return {"file": self.file, "findings": self.table(lang).to_dict("records")}


def outcome_table(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """One row a file."""
    frame = pd.DataFrame([o.row() for o in outcomes])
    return frame.astype(dict.fromkeys(("batch", "status", *_COUNTS), "Int64"))


def import_files(
    store: Store,
    session: Session,
    files: Sequence[Path],
    options: ImportOptions,
    *,
    accept_partial: bool,
    dry_run: bool,
    all_or_nothing: bool,
) -> list[Outcome]:
    """Inspect and store each file in its own transaction, or with ``all_or_nothing`` all of them in one."""
    require_places(options.decisions, [path.name for path in files])
    outcomes: list[Outcome] = []
    try:
        _each(
            store,
            session,
            files,
            options,
            outcomes,
            accept_partial=accept_partial,
            commit=not (dry_run or all_or_nothing),
        )
    except BaseException:
        if not (dry_run or all_or_nothing):  # what is stored stays stored, and is said
            settled = [o for o in outcomes if o.batch or o.status == 3]
            for outcome in settled:
                _report(session, outcome, dry_run)
            session.tell("cli.files_left", files=[path.name for path in files[len(settled) :]])
        raise
    if all_or_nothing and not dry_run:
        _commit_together(store, session, outcomes, accept_partial)
    for outcome in outcomes:
        _report(session, outcome, dry_run)
    _tell_answers(store, session, outcomes)
    if dry_run:
        brought = [places_of(o.inspection) for o in outcomes if o.inspection is not None and o.status != 3]
        for key, values in session.would_wait(store, {place for places in brought for place in places}):
            session.tell(key, **values)
    return outcomes


def _each(
    store: Store,
    session: Session,
    files: Sequence[Path],
    options: ImportOptions,
    outcomes: list[Outcome],
    *,
    accept_partial: bool,
    commit: bool,
) -> None:
    """Inspect the files one after the other, and store each where ``commit``; ``outcomes`` grows with every one."""
    with session.progress(len(files)) as steps:
        for path in files:
            steps.at(session.say("cli.reading", file=path.name))
            with steps.following(path.name, path.stat().st_size if path.is_file() else 0):
                before = [] if commit else [o.inspection for o in outcomes if o.inspection is not None]
                found = _inspect(store, session, path, options, before)
                outcomes += found
                for outcome in found:
                    if outcome.inspection is not None:
                        _judge(session, outcome, accept_partial)
                if commit or any(o.status == 3 for o in found):
                    _commit_together(store, session, found, accept_partial)
            steps.done()


def _inspect(
    store: Store, session: Session, path: Path, options: ImportOptions, before: Sequence[Inspection]
) -> list[Outcome]:
    """What became of a file, or of each of its sheets of answers; ``before``: what comes in with it and is not stored yet."""
    found: list[Outcome] = []
    try:
        data = read_input(path)
        with remembering({}):
            for part in parts(store, path.name, data, options):
                found.append(Outcome(path.name, path=path, sheet=part.sheet or "" if part.sheets else ""))
                beside = [*before, *(o.inspection for o in found if o.inspection is not None)]
                found[-1].inspection = inspect(store, path.name, data, part, beside)
    except Refused as error:
        found = found or [Outcome(path.name, path=path)]
        _refused(found[-1], error, session)
    read = [o for o in found if o.inspection is not None]
    for outcome, inspection in zip(read, asked_once([o.inspection for o in read if o.inspection]), strict=True):
        outcome.inspection, outcome.findings = inspection, inspection.findings
        outcome.counts = {**{c: getattr(inspection.counts, c, 0) for c in _COUNTS}, "stored": 0}
    return found


def _refused(outcome: Outcome, error: Refused, session: Session) -> Outcome:
    outcome.status, outcome.message = error.status, error.word(session.lang)
    outcome.findings = error.findings or outcome.findings
    return outcome


def _judge(session: Session, outcome: Outcome, accept_partial: bool) -> None:
    assert outcome.inspection is not None
    error = refusal(outcome.inspection, accept_partial=accept_partial)
    if error is not None:
        _refused(outcome, error, session)
    elif outcome.inspection.refusals:
        outcome.status = 4


def _stored(outcome: Outcome, receipt: Receipt) -> None:
    """What was stored in the end: others may have stored the same respondents since the inspection."""
    outcome.batch, outcome.findings = receipt.batch, receipt.findings
    for name in ("stored", "duplicates", "refused_rows", "refused_cells", "outcomes", "calls"):
        outcome.counts[name] = getattr(receipt, name)


def _commit_together(store: Store, session: Session, outcomes: Sequence[Outcome], accept_partial: bool) -> None:
    if any(o.status == 3 for o in outcomes):
        for outcome in outcomes:
            if outcome.status != 3:
                outcome.status, outcome.message = 3, session.say("cli.others_refused")
        return
    inspections = [o.inspection for o in outcomes if o.inspection is not None]
    try:
        receipts = commit_all(store, inspections, accept_partial=accept_partial)
    except Refused as error:
        about = [o for o in outcomes if o.file == error.params.get("file")] or list(outcomes)
        for outcome in outcomes:
            outcome.status, outcome.message = 3, session.say("cli.others_refused")
        for outcome in about:
            _refused(outcome, error, session)
        return
    for outcome, receipt in zip(outcomes, receipts, strict=True):
        _stored(outcome, receipt)


def _report(session: Session, outcome: Outcome, dry_run: bool) -> None:
    """What a person needs to know of one file, on standard error."""
    session.write_line(f"{outcome.file} · {outcome.sheet}" if outcome.sheet else outcome.file)
    session.show_findings(outcome.findings)
    if outcome.status != 3 and _mode_assumed(outcome.inspection):
        session.tell("cli.mode_assumed")
    coded = outcome.inspection.coded if outcome.inspection is not None and outcome.status != 3 else None
    if coded is not None and coded.new_communities:
        names = enumerated(session.lang, coded.new_communities, 20)
        session.tell("cli.new_communities", n=len(coded.new_communities), names=names)
    counts = outcome.counts
    if outcome.inspection is not None and outcome.inspection.changes:
        changed = sum(c.action in ("set", "blank") for c in outcome.inspection.changes)
        session.tell("decisions.done", cells=changed, rows=counts["left_out"])
    if counts.get("calls") and outcome.status != 3:
        session.tell("calls.with_answers", calls=counts["calls"], rows=counts["outcomes"])
    if outcome.status == 3:
        session.write_line(outcome.message)
    elif dry_run:
        assert outcome.inspection is not None
        session.tell("cli.would_store", n=outcome.inspection.counts.storable, **_left_out(counts))
    else:
        session.tell("cli.stored", n=counts["stored"], batch=outcome.batch, **_left_out(counts))
    taken = len(outcome.inspection.takes) if outcome.inspection is not None and outcome.status != 3 else 0
    if taken:
        session.tell("corrections.corrects", n=taken)


def _tell_answers(store: Store, session: Session, outcomes: Sequence[Outcome]) -> None:
    """How many of each answer the files of a call brought together, question by question."""
    brought = [o.batch for o in outcomes if o.batch is not None and o.counts.get("stored")]
    if not brought:
        return
    with store.read() as conn:
        told = told_sentences(conn, brought, session.lang)
    if told:
        session.tell("receipt.title")
    for sentence in told:
        session.write_line(f"  {sentence}")


def _mode_assumed(inspection: Inspection | None) -> bool:
    """Whether nothing said how the answers were collected, so that they count as paper."""
    if inspection is None or inspection.coded is None or inspection.options.mode is not None:
        return False
    told = in_a_column(inspection.columns, inspection.coded.form)
    return not told and set(inspection.coded.modes) == {"paper"}


def _left_out(counts: dict[str, int]) -> dict[str, int]:
    return {name: counts[name] for name in ("duplicates", "refused_rows", "refused_cells")}
