"""A workbook of the cycle into the store: every row checked in its place, all of them kept or none."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.cycle.acting import keep
from analysis.cycle.log import Log
from analysis.cycle.reading import read_log
from analysis.cycle.sheets import read_lines
from survey.errors import Refused
from survey.findings import Finding, blocking
from survey.store import Store, audit, register
from survey.store.cycle import Event


@dataclass(frozen=True)
class CycleReceipt:
    """What was kept of a workbook."""

    kind: str
    kept: int
    years: tuple[int, ...]
    findings: tuple[Finding, ...]


def import_lines(store: Store, kind: str, file: str, data: bytes, *, year: int | None, who: str) -> CycleReceipt:
    """Read a workbook (``applications``, ``decisions``, ``titles``) and take its steps, in one transaction.

    Titles of a year that has no cycle of its own are history; of any other year they name what was decided.
    Raises Refused with a finding for every row that may not be taken; nothing is kept then.
    """
    with store.read() as conn:
        known = register.communities(conn)
    lines, findings = read_lines(kind, file, data, known, year)
    with store.write() as conn:
        years = sorted({line.step.year for line in lines})
        kept = 0
        for one in years:
            log = read_log(conn, one)
            for line in (x for x in lines if x.step.year == one):
                step = _told(log, kind, replace(line.step, who=who))
                try:
                    log, done = keep(conn, log, [step])
                    kept += len(done)
                except Refused as refused:
                    findings.append(line.finding(refused))
        stops = blocking(findings)
        if stops:
            raise Refused("cycle_file.refused", findings=findings, file=file, n=len(stops))
        audit.record(conn, who, f"cycle import {kind}", file, {"kept": kept, "years": years})
    return CycleReceipt(kind, kept, tuple(years), tuple(findings))


def _told(log: Log, kind: str, step: Event) -> Event:
    """A title of a year without steps of its own is one from before the tool."""
    own = any(e.year == log.year and e.subject != "history" for e in log.events)
    return replace(step, subject="history") if kind == "titles" and not own else step
