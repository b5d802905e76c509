"""A filled-in task list into the store: every row checked in its place, all of them kept or none."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.improvement.lost_points import scored_lines
from analysis.improvement.task_reading import Line, read_tasks
from analysis.publication import snapshots
from analysis.scoring.results import Results
from survey.core.errors import Refused
from survey.core.findings import Finding, blocking
from survey.store import Store
from survey.store.year import register, tasks


@dataclass(frozen=True)
class TaskReceipt:
    """What was kept of a list: ``rows`` filled in, ``kept`` of them new or changed."""

    rows: int
    kept: int
    findings: tuple[Finding, ...]


def import_tasks(store: Store, file: str, data: bytes, *, year: int, who: str) -> TaskReceipt:
    """Keep what a list says; raises Refused with a finding for every row that can't be taken, and keeps nothing then."""
    results = snapshots.results(store, year)
    with store.read() as conn:
        known = register.communities(conn)
    here = set(results.scores["community_code"])
    wanted, findings = read_tasks(file, data, [c for c in known if c.code in here], lines_of_year(results), year)
    stops = blocking(findings)
    if stops:
        raise Refused("tasks.refused", findings=findings, file=file, n=len(stops))
    with store.write() as conn:
        kept = tasks.enter(conn, wanted, who=who, file=file)
    return TaskReceipt(len(wanted), kept, tuple(findings))


def lines_of_year(results: Results) -> list[Line]:
    """Every indicator and item of the year."""
    rows = scored_lines(results)[["kind", "code", "name_zh", "name_en"]].drop_duplicates(["kind", "code"])
    return [
        Line(str(r["kind"]), str(r["code"]), tuple(str(r[n]) for n in ("name_zh", "name_en") if r[n]))
        for r in rows.to_dict("records")
    ]
