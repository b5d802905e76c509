"""Commands ``quality modes``, ``quality interviewers`` and ``quality without``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis import interviewers_year, modes_year, specialist, without_year
from analysis.interviewers_table import SHOWN_LISTED, SHOWN_VARIANCE, listed_table, readings, variance_table
from analysis.notes import note_text
from analysis.quality_cli import give, year_of
from analysis.without_table import SHOWN, chosen, sentence, telling, without_table
from survey.errors import WrongUsage

if TYPE_CHECKING:
    from survey.console import Session

Year = Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")]


def add_to(quality: typer.Typer) -> None:
    """Hang these commands on ``quality``."""
    quality.command("modes", help="modes.help.modes")(modes)
    quality.command("interviewers", help="interviewers.help.interviewers")(interviewers)
    quality.command("without", help="without.help.without")(without)


def modes(context: typer.Context, year: Year = None, out: Out = None) -> None:
    """How far the modes differ once community, sex and age are alike."""
    session: Session = context.obj
    with session.store() as store:
        found = specialist.kept(store, year_of(store, year), modes_year.NAME, modes_year.measure)
    for line in modes_year.readings(found.body, session.lang):
        session.write_line(line)
    if found.body["notes"]:
        session.write_line(note_text(";".join(found.body["notes"]), session.lang))
    give(session, modes_year.modes_table(found.body, session.lang), out, modes_year.SHOWN, found)


def interviewers(
    context: typer.Context,
    year: Year = None,
    variance: Annotated[bool, typer.Option("--variance", help="interviewers.option.variance")] = False,
    out: Out = None,
) -> None:
    """Who stands out among interviewers, or how much variance they add."""
    session: Session = context.obj
    with session.store() as store:
        found = specialist.kept(store, year_of(store, year), interviewers_year.NAME, interviewers_year.measure)
    for line in readings(found.body, session.lang):
        session.write_line(line)
    table = (variance_table if variance else listed_table)(found.body, session.lang)
    give(session, table, out, SHOWN_VARIANCE if variance else SHOWN_LISTED, found)


def without(
    context: typer.Context,
    year: Year = None,
    interviewer: Annotated[str, typer.Option("--interviewer", metavar="X", help="without.option.interviewer")] = "",
    batch: Annotated[str, typer.Option("--batch", metavar="N", help="without.option.batch")] = "",
    out: Out = None,
) -> None:
    """Scores, totals and stars without an interviewer or a batch; nothing is deleted."""
    session: Session = context.obj
    if interviewer and batch:
        raise WrongUsage("without.both")
    with session.store() as store:
        found = specialist.kept(store, year_of(store, year), without_year.NAME, without_year.measure)
    rows = found.body["rows"]
    if interviewer or batch:
        rows = chosen(rows, "interviewer" if interviewer else "batch", interviewer or batch)
    for row in telling(rows, 3) if not (interviewer or batch) else rows:
        session.write_line(sentence(row, session.lang))
    give(session, without_table(rows, session.lang), out, SHOWN, found)
