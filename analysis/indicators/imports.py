"""Indicator values into the store: read and checked as a whole, stored in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from analysis.indicators.file import IndicatorValues, values_of
from analysis.indicators.stored import only_new, settled, stored
from analysis.scheme.serial import from_dict
from survey.core import progress
from survey.core.errors import Refused
from survey.core.findings import Finding, blocking, open_questions
from survey.decisions.answered_findings import Carried, carry_out, unfit
from survey.decisions.carried_out import Decision
from survey.files.read import read_sheets
from survey.intake.same_file import refuse_same_file
from survey.people import contacts
from survey.store import Store
from survey.store.intake import batches, originals
from survey.store.intake import decisions as kept_decisions
from survey.store.year import indicators, register, schemes, years
from survey.store.year.schemes import StoredScheme


@dataclass(frozen=True)
class IndicatorReceipt:
    """What was stored of a file of indicator values; ``unchanged``: rows that said what was stored already."""

    batch: int
    values: int
    communities: int
    indicators: int
    findings: tuple[Finding, ...]
    unchanged: int = 0


@dataclass(frozen=True)
class IndicatorInspection:
    """What a file of indicator values holds and what is wrong with it; nothing is stored yet.

    ``values`` is None where any finding refuses; ``frame`` then has no rows.
    """

    file: str
    file_hash: str
    year: int
    scheme: StoredScheme = field(repr=False)
    values: IndicatorValues | None = field(repr=False)
    findings: tuple[Finding, ...]
    original: originals.SealedFile | None = field(default=None, repr=False)
    carried: Carried = field(default=Carried([], {}), repr=False)

    @property
    def count(self) -> int:
        """Values that would be stored."""
        return 0 if self.values is None else len(self.values.frame)


def inspect_indicators(
    store: Store, file: str, data: bytes, year: int, decisions: Sequence[Decision] = ()
) -> IndicatorInspection:
    """Read and check a year's indicator values, with what a person decided about cells and rows.

    Raises Refused where the file is no readable table.
    """
    digest = sha256(data).hexdigest()
    with store.read() as conn:
        years.require_open(conn, [year])
        scheme = schemes.applicable(conn, year)
        known, history = register.communities(conn), register.history(conn)
        original = contacts.seal_file(conn, data)
        refuse_same_file(conn, "indicators", scheme.code, digest, str(year))
        before, frozen = stored(conn, year), years.archived(conn)
    carried = carry_out(read_sheets(file, data), decisions)
    values, findings = values_of(carried.sheets, from_dict(scheme.definition), known, year=year, history=history)
    if values is not None:
        values, questions, same = only_new(values, before, from_workbook=True)
        findings = [*settled(findings, same), *questions]
        ids = {c.code: c.id for c in known if c.id is not None}
        codes = {*values.frame["community_code"]}
        years.require_outside(frozen, [(year, ids[code]) for code in codes if code in ids])
    return _with_reasons(
        IndicatorInspection(file, digest, year, scheme, values, carried.settle(findings), original, carried)
    )


def _with_reasons(seen: IndicatorInspection) -> IndicatorInspection:
    """Where the question why a reviewed value changes was answered by confirming, the reason goes into the row."""
    told = {
        (f.sheet, f.cell): str(f.params["reason"])
        for f in seen.findings
        if f.code == "indicator.reason_needed" and f.params.get("decision") == "confirm"
    }
    if seen.values is None or not told:
        return seen
    findings = [
        Finding("indicator.reason_empty", "refuse", "row", f.sheet, f.cell, f.row, f.header, f.params)
        if told.get((f.sheet, f.cell)) == "" and f.code == "indicator.reason_needed"
        else f
        for f in seen.findings
    ]
    places = [(cell.page.sheet.name, cell.address) for cell in seen.values.cells]
    frame = seen.values.frame
    reasons = [told.get(at) or reason for at, reason in zip(places, frame["reason"], strict=True)]
    return replace(seen, values=replace(seen.values, frame=frame.assign(reason=reasons)), findings=tuple(findings))


def commit_indicators(store: Store, seen: IndicatorInspection, *, who: str = "") -> IndicatorReceipt:
    """Store inspected values in one transaction; raises Refused and stores nothing on any refusal."""
    lost = unfit(seen.findings)
    if lost:
        raise Refused("decisions.refused", findings=seen.findings, file=seen.file, n=len(lost))
    questions = open_questions(seen.findings)
    if questions:
        raise Refused("indicator_import.open_questions", findings=seen.findings, file=seen.file, n=len(questions))
    if seen.values is None or blocking(seen.findings):
        raise Refused(
            "indicator_import.refused", findings=seen.findings, file=seen.file, n=len(blocking(seen.findings))
        )
    frame = seen.values.frame
    unchanged = seen.values.counts.get("unchanged", 0)
    if frame.empty and unchanged:
        raise Refused("indicator_import.unchanged", findings=seen.findings, file=seen.file, n=unchanged)
    if frame.empty:
        raise Refused("indicator_import.empty", findings=seen.findings, file=seen.file)
    progress.at("storing")
    with store.write() as conn:
        years.require_open(conn, [seen.year])
        batch = batches.record(
            conn,
            kind="indicators",
            target=seen.scheme.code,
            version_id=seen.scheme.id,
            file=seen.file,
            file_hash=seen.file_hash,
            sheet=str(seen.year),
            who=who,
            counts={
                "rows": len(frame) + unchanged,
                "stored": len(frame),
                "duplicates": unchanged,
                "refused_rows": 0,
                "refused_cells": 0,
                "left_out": seen.carried.left_out,
            },
            options={"year": seen.year, "columns": seen.values.columns},
        )
        indicators.append(conn, batch, seen.year, frame)
        batches.save_findings(conn, batch, seen.findings)
        kept_decisions.save(conn, batch, seen.carried.changes, who)
        if seen.original is not None:
            originals.keep(conn, seen.original)
    return IndicatorReceipt(
        batch, len(frame), frame["community_code"].nunique(), frame["indicator"].nunique(), seen.findings, unchanged
    )


def import_indicators(
    store: Store, file: str, data: bytes, year: int, *, decisions: Sequence[Decision] = (), who: str = ""
) -> IndicatorReceipt:
    """Read, check and store a year's indicator values; raises Refused and stores nothing on any refusal."""
    return commit_indicators(store, inspect_indicators(store, file, data, year, decisions), who=who)
