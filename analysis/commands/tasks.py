"""Commands ``tasks …`` and ``offices``: the list of tasks out and back in, what came of it, who is in charge of what."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from analysis.commands.shared import community_code, give, newest_or
from analysis.improvement.lost_points import counted, office_communities, office_frame
from analysis.improvement.task_import import import_tasks
from analysis.improvement.task_list import ENTERED, TaskList, TaskRow, task_frame, task_list
from analysis.improvement.task_outcome import STATES
from analysis.improvement.task_sheet import task_workbook
from survey.commands.console import Session
from survey.core import limits
from survey.core.disk import require_ending, write_file
from survey.core.errors import Refused
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR
from survey.files.input import read_input
from survey.store import Store
from survey.store.year import tasks as stored

Year = Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")]
Communities = Annotated[list[str] | None, typer.Option("--community", metavar="C", help="tasks.option.community")]
Office = Annotated[str, typer.Option("--office", metavar="NAME", help="tasks.option.office")]
State = Annotated[str, typer.Option("--state", metavar="STATE", help="tasks.option.state")]
Least = Annotated[float, typer.Option("--least", metavar="POINTS", min=0.0, help="tasks.option.least")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")]

_SHOWN = ["community", "name", "points_lost", "office", "state", "regained", "action", "person", "deadline", "why"]
_LOG = ["at", "who", "community_code", "kind", "code", "action", "person", "deadline", "progress", "file"]
_OFFICES = ["office", "community", "lost", "objective", "subjective", "losses", "communities", "shared", "as_lead"]


def chosen(found: TaskList, codes: Sequence[str], office: str, state: str, least: float) -> tuple[TaskRow, ...]:
    """The rows asked for; raises Refused for an office or a state that there is not."""
    if office and office not in found.offices:
        raise Refused("tasks.unknown_office", found=office, year=found.year, known=list(found.offices))
    if state and state not in (*ENTERED, *STATES):
        raise Refused("tasks.unknown_state", found=state, known=[*ENTERED, *STATES])
    return found.chosen(codes, office, state, least)


def _codes(store: Store, words: Sequence[str] | None) -> list[str]:
    return [community_code(store, word) for word in words or ()]


def export(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="cli.argument.out")],
    year: Year = None,
    community: Communities = None,
    office: Office = "",
    least: Least = 0.0,
) -> None:
    """Write the list as a workbook to fill in."""
    session: Session = context.obj
    require_ending(out, ".xlsx")
    with session.store() as store:
        found = task_list(store, newest_or(store, year))
        codes = _codes(store, community)
        rows = chosen(found, codes, office, "", least)
        last = task_list(store, found.year - 1) if found.known_before else None
    before = None if last is None else (last, last.chosen(codes, office, least=least))
    names = dict.fromkeys(row.loss["community"] for row in rows) if codes else ()
    listed = task_workbook(found, rows, session.lang, before, "、".join([*names, *([office] if office else [])]))
    write_file(out, listed, private=True)
    session.tell("cli.written", path=str(out))


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="tasks.argument.file")],
    year: Annotated[int, typer.Option("--year", metavar="Y", min=FIRST_YEAR, max=LAST_YEAR, help="cli.option.year")],
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="tasks.option.by")] = None,
) -> None:
    """Keep what a filled-in list says; all of it or nothing."""
    session: Session = context.obj
    who = by if by is not None else getpass.getuser()
    with session.store() as store:
        done = import_tasks(store, file.name, read_input(file, limits.SMALL_UPLOAD_BYTES), year=year, who=who)
    session.show_findings(done.findings)
    session.emit([{"file": file.name, "year": year, "rows": done.rows, "kept": done.kept}])


def list_tasks(
    context: typer.Context,
    year: Year = None,
    community: Communities = None,
    office: Office = "",
    state: State = "",
    least: Least = 0.0,
    out: Out = None,
) -> None:
    """Every lost point with its task and what came of it."""
    session: Session = context.obj
    with session.store() as store:
        found = task_list(store, newest_or(store, year))
        rows = chosen(found, _codes(store, community), office, state, least)
    give(session, task_frame(rows, session.lang), out, _SHOWN, {"year": found.year, "compared": found.known_after})


def log(
    context: typer.Context,
    year: Annotated[int, typer.Argument(metavar="YEAR", help="cli.argument.year")],
) -> None:
    """Every entry of a year."""
    session: Session = context.obj
    with session.store() as store, store.read() as conn:
        entries = stored.history(conn, year)
    rows = [
        {
            "at": e.at,
            "who": e.who,
            "community_code": e.community,
            "kind": e.kind,
            "code": e.code,
            "action": e.action,
            "person": e.person,
            "deadline": e.deadline,
            "progress": e.progress,
            "file": e.file,
        }
        for e in entries
    ]
    session.emit(pd.DataFrame(rows, columns=_LOG), year=year)


def offices(
    context: typer.Context,
    year: Year = None,
    by_community: Annotated[bool, typer.Option("--by-community", help="tasks.option.by_community")] = False,
    out: Out = None,
) -> None:
    """The points lost in the charge of each office."""
    session: Session = context.obj
    with session.store() as store:
        found = task_list(store, newest_or(store, year))
    losses = [row.loss for row in found.rows]
    frame = office_frame(losses)
    sums, total, shared = counted(frame)
    if shared:
        session.tell("tasks.not_added", counted=f"{sums:.1f}", total=f"{total:.1f}", shared=f"{shared:.1f}")
    frame = office_communities(losses) if by_community else frame
    give(
        session, frame, out, [c for c in _OFFICES if c in frame], {"year": found.year, "shared": shared, "total": total}
    )
