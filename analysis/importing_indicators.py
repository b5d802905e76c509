"""Indicator values into the store: read and checked as a whole, stored in one transaction or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from analysis.indicator_file import read_indicator_values
from analysis.scheme.serial import from_dict
from survey import contacts
from survey.errors import Refused
from survey.findings import Finding, blocking, open_questions
from survey.store import Store, batches, indicators, originals, register, schemes, years


@dataclass(frozen=True)
class IndicatorReceipt:
    """What was stored of a file of indicator values."""

    batch: int
    values: int
    communities: int
    indicators: int
    findings: tuple[Finding, ...]


def import_indicators(store: Store, file: str, data: bytes, year: int, *, who: str = "") -> IndicatorReceipt:
    """Read, check and store a year's indicator values; raises Refused and stores nothing on any refusal."""
    with store.read() as conn:
        years.require_open(conn, [year])
        stored = schemes.applicable(conn, year)
        known = register.communities(conn)
        original = contacts.seal_file(conn, data)
    values, findings = read_indicator_values(file, data, from_dict(stored.definition), known)
    if open_questions(findings):
        raise Refused("indicator_import.open_questions", findings=findings, file=file, n=len(open_questions(findings)))
    if values is None or blocking(findings):
        raise Refused("indicator_import.refused", findings=findings, file=file, n=len(blocking(findings)))
    frame = values.frame
    with store.write() as conn:
        batch = batches.record(
            conn, kind="indicators", target=stored.code, version_id=stored.id, file=file,
            file_hash=sha256(data).hexdigest(), sheet=str(year), who=who,
            counts={"rows": len(frame), "stored": len(frame), "duplicates": 0, "refused_rows": 0, "refused_cells": 0},
            options={"year": year},
        )  # fmt: skip
        indicators.append(conn, batch, year, frame)
        batches.save_findings(conn, batch, findings)
        if original is not None:
            originals.keep(conn, original)
    return IndicatorReceipt(batch, len(frame), frame["community_code"].nunique(), frame["indicator"].nunique(),
                            tuple(findings))  # fmt: skip
