"""The way in: read → match → check → store, one transaction a batch, or nothing.

``inspect`` reads and checks and stores nothing; ``commit`` stores what was inspected.  Pages and commands use
both, so a preview never says anything else than the import does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from survey.answers.mapping import ColumnMapping, to_json
from survey.answers.scales import ScaleMatch
from survey.coding.coded_sheet import CodedSheet
from survey.coding.options import ImportOptions
from survey.core import progress
from survey.core.errors import Refused
from survey.core.findings import Finding, blocking, open_questions
from survey.decisions.answered_findings import unfit
from survey.decisions.carried_out import Change
from survey.decisions.remembered import kept_answers
from survey.files.read import read_sheets
from survey.intake import steps
from survey.intake.call_part import NO_CALLS, CallPart, compare_calls
from survey.intake.design_columns import hold_design, new_contradictions
from survey.intake.meanwhile import Prepared, batches_of, community_ids, hold_again, is_new, of_file, prepare
from survey.intake.row_counts import Counts, count, tally, tally_rows
from survey.intake.same_file import batch_sheet, refuse_same_file
from survey.intake.sample_told import of_sample
from survey.matching.choice_words import Wording
from survey.matching.matched_sheet import ColumnMatch, columns_of
from survey.people import contacts
from survey.people.duplicates import ALIKE_STORED
from survey.people.moved import MOVED
from survey.people.removed_people import leave_out
from survey.people.same_table import SAME
from survey.store import Store, keyring
from survey.store.intake import batches, calls, identities, mappings, reinstatement, responses
from survey.store.intake import decisions as kept_decisions
from survey.store.year import register, years

PREVIEW_ROWS = 5


@dataclass(frozen=True)
class Inspection:
    """What a file was taken for and what is wrong with it; nothing is stored yet.

    ``replaces``: batches whose place it takes, ``takes``: data row → ids of single responses; ``changes`` is what decisions did; ``left_out`` the rows they leave out: 1-based sheet row → reason; ``words`` what
    the file's words mean, list by list, ``legends`` what it says of its codes itself.
    """

    file: str
    file_hash: str
    sheet: str
    sheets: tuple[str, ...]
    questionnaire: str
    version: int
    columns: tuple[ColumnMatch, ...]
    findings: tuple[Finding, ...]
    counts: Counts
    preview: tuple[tuple[str, ...], ...]
    tally: pd.DataFrame
    options: ImportOptions
    form_id: int = 0
    coded: CodedSheet | None = field(default=None, repr=False)
    phones: contacts.Phones = field(default=contacts.Phones(), repr=False)
    original: bytes | None = field(default=None, repr=False)
    keep: Any = field(default=None, repr=False)
    seen: identities.Mark | None = None
    changes: tuple[Change, ...] = ()
    mapping: ColumnMapping | None = None
    left_out: Mapping[int, str] = field(default_factory=dict)
    words: tuple[Wording, ...] = ()
    proposed: ColumnMapping = field(default_factory=ColumnMapping)
    legends: Mapping[str, ScaleMatch] = field(default_factory=dict, repr=False)
    called: CallPart = field(default=NO_CALLS, repr=False)
    replaces: tuple[int, ...] = ()
    takes: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def name_of(self, file: str) -> str:
        """What this is called beside a sheet of ``file``: its sheet where that is of the same file, else its file."""
        return self.sheet if self.file == file else self.file

    @property
    def taken(self) -> frozenset[int]:
        """Ids of the stored responses whose place its rows take."""
        return frozenset(old for ids in self.takes.values() for old in ids)

    @property
    def refusals(self) -> list[Finding]:
        """Findings that keep a cell or a row out."""
        return blocking(self.findings)

    @property
    def questions(self) -> list[Finding]:
        """Findings that a person must decide first."""
        return open_questions(self.findings)


@dataclass(frozen=True)
class Receipt:
    """What was stored: batch number, counts, and the findings kept with it."""

    batch: int
    file: str
    stored: int
    duplicates: int
    refused_rows: int
    refused_cells: int
    findings: tuple[Finding, ...]
    outcomes: int = 0
    calls: int = 0

    @property
    def partial(self) -> bool:
        """Whether cells or rows were left out (exit status 4)."""
        return bool(self.refused_rows or self.refused_cells)


def places_of(inspection: Inspection) -> set[tuple[int, str]]:
    """Years and names of the communities that would get answers."""
    brought = inspection.tally[inspection.tally["stored"] > 0]
    return {(int(y), str(p)) for y, p in zip(brought["year"], brought["place"], strict=True) if p}


def inspect(
    store: Store, file: str, data: bytes, options: ImportOptions, beside: Sequence[Inspection] = ()
) -> Inspection:
    """Read and check a file of answers against a questionnaire; raises Refused where nothing can be read.

    ``beside``: what comes in with it and before it, so that people who stand in both are told apart or found.
    The store is read in one transaction, so that all of it is of one moment; nothing is written but the secret that
    makes ids of telephone numbers, where a year needs its first.
    """
    name, digest = options.questionnaire, sha256(data).hexdigest()
    sheets = read_sheets(file, data, delimiter=options.delimiter)  # another process reads: no transaction waits for it
    with store.read() as conn:
        known = steps.read_known(conn, name)
        progress.at("matching")
        found = steps.match_file(conn, sheets, known, options)
        found, options = of_sample(found, options)
        found, options = steps.of_names(*steps.of_platform(found, options, known.stored.form), known.stored.form)
        found, options = steps.of_moments(found, options, known.stored.form)
        refuse_same_file(conn, "answers", name, digest, batch_sheet(found.matched.sheet))
        coded = steps.code_file(found, known, options)
        years.require_open(conn, coded.years)
        _require_open_streets(conn, coded, coded.usable)
        ring = keyring.load()
        with_it = [(i.name_of(file), i.coded) for i in beside if i.coded is not None and i.questionnaire == name]
        coded = steps.know_respondents(store, conn, ring, name, coded, found.mine, with_it)
        compared = steps.compare_with_stored(conn, ring, name, coded, digest, found.mine)
        coded = hold_design(conn, compared.coded, compared.coded.usable & ~compared.verdict.skip)
    words = steps.words_of(found, coded)
    findings = steps.decide(found, coded, compared, words)
    verdict = compared.verdict
    keep = coded.usable & ~verdict.skip & ~verdict.other_answers
    return Inspection(
        file=file,
        file_hash=digest,
        sheet=coded.sheet.name,
        sheets=tuple(s.name for s in sheets),
        questionnaire=known.stored.name,
        version=known.stored.version,
        columns=coded.matched.columns,
        findings=findings,
        counts=count(coded, verdict, compared.called, findings),
        preview=coded.preview(PREVIEW_ROWS),
        tally=tally(coded, verdict, keep),
        options=options,
        form_id=known.stored.id,
        coded=coded,
        phones=compared.phones,
        original=data if compared.keeps_file else None,
        keep=keep,
        seen=compared.seen,
        changes=found.mine.changes,
        mapping=found.mapping,
        left_out={coded.sheet.top + row + 1: reason for row, reason in found.mine.left_out.items()},
        words=words,
        proposed=found.proposed,
        legends=found.legends,
        called=compared.called,
        replaces=compared.replaces,
        takes=verdict.takes,
    )


def refusal(inspection: Inspection, *, accept_partial: bool) -> Refused | None:
    """Why the inspected file cannot be stored as things stand, or None if it can."""
    if lost := unfit(inspection.findings):
        return Refused("decisions.refused", findings=inspection.findings, file=inspection.file, n=len(lost))
    if inspection.questions:
        return Refused(
            "intake.open_questions", findings=inspection.findings, file=inspection.file, n=len(inspection.questions)
        )
    if inspection.refusals and not accept_partial:
        return Refused(
            "intake.refused",
            findings=inspection.findings,
            file=inspection.file,
            rows=inspection.counts.refused_rows,
            cells=inspection.counts.refused_cells,
        )
    counts = inspection.counts
    if not (counts.storable or counts.duplicates or counts.outcomes):
        why = "no_rows" if not counts.rows else "all_left_out" if counts.left_out == counts.rows else "nothing_storable"
        return Refused(f"intake.{why}", findings=inspection.findings, file=inspection.file, n=counts.rows)
    return None


def commit(store: Store, inspection: Inspection, *, accept_partial: bool = False, who: str = "") -> Receipt:
    """Store an inspected file in one transaction; raises Refused and stores nothing where it may not enter."""
    return commit_all(store, [inspection], accept_partial=accept_partial, who=who)[0]


def commit_all(
    store: Store, inspections: Sequence[Inspection], *, accept_partial: bool = False, who: str = ""
) -> list[Receipt]:
    """Store several inspected files in one transaction: all of them or none."""
    for inspection in inspections:
        if refused := refusal(inspection, accept_partial=accept_partial):
            raise refused
    _refuse_twins(inspections)
    sealed = [_seal(inspection) for inspection in inspections]
    with store.read() as conn:
        ready = [_prepare(conn, inspection) for inspection in inspections]
    progress.at("storing")
    receipts: list[Receipt] = []
    with store.write() as conn:  # writers take turns: what may be done before or after this is done there
        for inspection, beside, made in zip(inspections, sealed, ready, strict=True):
            together = {r.batch: r.file for r in receipts}
            receipts.append(_store(conn, inspection, beside, made, who or inspection.options.who, together))
    return receipts


def _refuse_twins(inspections: Sequence[Inspection]) -> None:
    """The same bytes and sheet under two names in one call: neither is stored already, so no batch can be named."""
    first: dict[tuple[str, str, str], str] = {}
    for inspection in inspections:
        assert inspection.coded is not None
        key = (inspection.questionnaire, inspection.file_hash, batch_sheet(inspection.coded.sheet))
        if key in first:
            raise Refused("intake.file_twice", file=inspection.file, first=first[key])
        first[key] = inspection.file


def _require_open_streets(conn: Connection, coded: CodedSheet, rows: Any) -> None:
    """Raise Refused where one of these rows is of a street that is archived already."""
    ids = {c.name: c.id for c in register.communities(conn) if c.id is not None}
    keys = coded.keys.loc[rows, ["place", "year"]].dropna().drop_duplicates()
    places = zip(keys["year"].tolist(), keys["place"].tolist(), strict=True)
    years.require_open_in(conn, [(int(year), ids[place]) for year, place in places if place in ids])


def _seal(inspection: Inspection) -> contacts.Sealed:
    assert inspection.coded is not None
    one = inspection
    return contacts.seal(one.questionnaire, inspection.coded, one.phones, one.keep, one.original)


def _prepare(conn: Connection, inspection: Inspection) -> Prepared:
    assert inspection.coded is not None
    coded, name = inspection.coded, inspection.questionnaire
    return prepare(conn, coded, name, inspection.keep, inspection.seen, inspection.taken)


def _store(
    conn: Connection,
    inspection: Inspection,
    beside: contacts.Sealed,
    made: Prepared,
    who: str,
    together: Mapping[int, str],
) -> Receipt:
    """Store one file; ``together``: batch → file of those that were stored before it in this transaction."""
    coded, options = inspection.coded, inspection.options
    assert coded is not None
    sheet = batch_sheet(coded.sheet)
    refuse_same_file(conn, "answers", inspection.questionnaire, inspection.file_hash, sheet)
    years.require_open(conn, coded.years)
    reinstatement.set_aside(conn, inspection.replaces, who)
    if leave_out(conn, inspection.questionnaire, coded) is not coded:  # somebody was removed since the inspection
        raise Refused("intake.changed_meanwhile", findings=(), file=inspection.file)
    keep, findings, counts, tallied = inspection.keep, inspection.findings, inspection.counts, inspection.tally
    called = compare_calls(conn, coded, inspection.questionnaire)
    if called.questions_of != inspection.called.questions_of:
        raise Refused("intake.changed_meanwhile", findings=called.findings, file=inspection.file)
    mark = identities.mark(conn)
    if mark != inspection.seen:  # something was stored since the inspection
        again = made.again
        if again is None or again.mark != mark:
            again = hold_again(conn, coded, inspection.questionnaire, together, inspection.taken)
        verdict = again.verdict
        answered = {(f.code, f.cell) for f in findings}
        others = (f for f in verdict.findings if f.code in (ALIKE_STORED, SAME))
        asked = [f for f in (*again.about_phones, *others) if f.level == "ask" and (f.code, f.cell) not in answered]
        asked += new_contradictions(coded, again.design, answered)
        asked += [f for f in verdict.findings if f.code == MOVED and is_new(verdict, answered, f, together)]
        if asked or (verdict.other_answers & coded.usable).any():
            new = contacts.veil((*verdict.findings, *asked), coded.phone_columns)
            same_call = {together[b] for f in new if f.level != "note" for b in batches_of(f) if b in together}
            if same_call:  # these batches are taken back with this one: the file is named, not the number
                raise Refused(
                    "intake.files_conflict",
                    findings=[of_file(f, together) for f in new],
                    file=inspection.file,
                    others=sorted(same_call),
                )
            raise Refused("intake.changed_meanwhile", findings=new, file=inspection.file)
        keep = coded.usable & ~verdict.skip
        settled = [f for f in findings if not f.code.startswith("checking.already")]
        told = {(f.code, f.cell) for f in settled}
        later = [f for f in verdict.findings if (f.code, f.cell) not in told]
        later = [replace(f, level="note") if f.code == MOVED else f for f in later]  # of a file of the same call
        findings = contacts.veil(steps.in_order((*settled, *later)), coded.phone_columns)
        counts, tallied = count(coded, verdict, called, findings), tally(coded, verdict, keep)
    ids = _communities(conn, coded)
    block = (made.block if keep is inspection.keep and ids == made.ids else None) or coded.block(keep, ids)
    batch = batches.record(
        conn,
        kind="answers",
        target=inspection.questionnaire,
        version_id=inspection.form_id,
        file=inspection.file,
        file_hash=inspection.file_hash,
        sheet=sheet,
        sample_type=options.sample_type,
        who=who,
        counts={
            "rows": counts.rows,
            "stored": len(block),
            "duplicates": counts.duplicates,
            "refused_rows": counts.refused_rows,
            "refused_cells": counts.refused_cells,
            "left_out": counts.left_out,
            **({"replaced": len(inspection.takes)} if inspection.takes else {}),
            **_of_calls(coded, called),
        },
        options=_plain_options(inspection),
    )
    responses.append(conn, batch, inspection.form_id, block)
    takes = {coded.row_numbers[row]: ids_ for row, ids_ in inspection.takes.items()}
    reinstatement.take_places(conn, batch, takes, inspection.replaces)
    calls.append(conn, batch, inspection.questionnaire, called.frame)
    batches.save_findings(conn, batch, findings)
    kept = kept_answers(findings)
    if options.mapping is not None or inspection.proposed or kept:  # the next file with this header is read alike
        said = (inspection.mapping or ColumnMapping()).merged(inspection.proposed).merged(kept)
        mappings.save(conn, inspection.questionnaire, coded.matched.headers, said, file=inspection.file, who=who)
    kept_decisions.save(conn, batch, contacts.veil_changes(inspection.changes, coded.phone_columns), who)
    contacts.store(conn, batch, beside, coded, keep, ids)
    batches.save_tally(conn, batch, tally_rows(tallied, ids))
    return Receipt(
        batch,
        inspection.file,
        len(block),
        counts.duplicates,
        counts.refused_rows,
        counts.refused_cells,
        findings,
        called.outcomes,
        len(called.frame),
    )


def _of_calls(coded: CodedSheet, called: CallPart) -> dict[str, int]:
    return {} if coded.split is None else {"outcomes": called.outcomes, "calls": len(called.frame)}


def _plain_options(inspection: Inspection) -> dict[str, Any]:
    """What was said at the import, to be kept with the batch."""
    said = {k: v for k, v in vars(inspection.options).items() if k not in ("decisions", "mapping", "sample_said")}
    plain = {k: v for k, v in said.items() if v not in (None, False, "")}
    read_by = (inspection.mapping or ColumnMapping()).merged(inspection.proposed)
    replaces = {"replaces": list(inspection.replaces)} if inspection.replaces else {}
    where = columns_of(inspection.columns)
    return plain | replaces | ({"columns": where} if where else {}) | ({"mapping": to_json(read_by)} if read_by else {})


def _communities(conn: Connection, coded: CodedSheet) -> dict[str, int]:
    """Community name → id, with those that ``--add-communities`` brings in."""
    if coded.new_communities:
        register.save(conn, [register.Community(code=name, name=name) for name in coded.new_communities])
    return community_ids(conn)
