"""What commands that bring a file in share: decisions on its findings, and the list of them to work through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from survey.commands.console import Session
from survey.commands.import_reports import require_free, write_list
from survey.core.disk import require_ending
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.decisions.answered_findings import require_places
from survey.decisions.carried_out import Decision
from survey.decisions.decision_file import read_decisions
from survey.files.input import read_input

DecisionsFile = Annotated[Path | None, typer.Option("--decisions", metavar="FILE", help="cli.option.decisions")]
FindingsFile = Annotated[Path | None, typer.Option("--findings", metavar="OUT.csv", help="cli.option.findings")]


def read_given(session: Session, path: Path | None) -> tuple[Decision, ...]:
    """What was decided on the findings; Refused, naming every problem, where the list can't be read."""
    if path is None:
        return ()
    read, findings = read_decisions(path.name, read_input(path))
    if read is None:
        raise Refused("decisions.file_refused", findings=findings, file=path.name, n=len(findings))
    session.show_findings(findings)
    return read


def given_for(session: Session, path: Path | None, file: Path) -> tuple[Decision, ...]:
    """The decisions for the one file of a command."""
    decisions = read_given(session, path)
    require_places(decisions, [file.name])
    return decisions


@contextmanager
def listing(session: Session, file: Path, out: Path | None) -> Iterator[list[Finding]]:
    """Write the findings that the body collects as a list to ``out``; those of a refusal, too, which goes on."""
    if out is not None:
        require_ending(out, ".csv", ".xlsx")
        require_free([file], out)
    found: list[Finding] = []
    try:
        yield found
    except Refused as error:
        found[:] = error.findings or found
        raise
    finally:
        if out is not None:
            write_list(session, [(file.name, found)], out)
