"""The command ``coverage``: who is still missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.asked import newest_or
from analysis.coverage import coverage as covered
from survey.console import read_input
from survey.errors import Refused
from survey.plan_file import read_plan
from survey.store import Store, audit, plans, register

if TYPE_CHECKING:
    from survey.console import Session

_SHOWN = ["community", "mode", "stored", "scored", "wanted", "short", "detectable", "indicators", "indicators_of"]


def coverage(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    wanted: Annotated[int | None, typer.Option("--wanted", metavar="N", min=0, help="coverage.option.wanted")] = None,
    plan: Annotated[Path | None, typer.Option("--plan", metavar="FILE", help="coverage.option.plan")] = None,
) -> None:
    """Show who is still missing; keep a plan first where one is given."""
    session: Session = context.obj
    with session.store() as store:
        if plan is not None:
            _keep(session, store, plan, year)
        found = covered(store, newest_or(store, year), wanted=wanted)
    session.tell("coverage.numbers", year=found.year, minimum=found.minimum, recommended=found.recommended)
    session.emit(found.frame, shown=_SHOWN, year=found.year, minimum=found.minimum, recommended=found.recommended)


def _keep(session: Session, store: Store, path: Path, year: int | None) -> None:
    with store.read() as conn:
        known = register.communities(conn)
    wanted, findings = read_plan(path.name, read_input(path), known, year)
    if not wanted:
        raise Refused("coverage.plan.refused", findings=findings, file=path.name)
    session.show_findings(findings)
    with store.write() as conn:
        n = plans.save(conn, wanted)
        audit.record(conn, "", "plan", path.name, {"lines": n, "years": sorted({p.year for p in wanted})})
    session.tell("coverage.plan.kept", n=n)
