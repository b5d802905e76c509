"""Commands ``quality …``: how far the questionnaire and the sample can be trusted."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from analysis.commands import shared
from analysis.commands.shared import newest_or
from analysis.publication import kept_measures, snapshots
from analysis.publication.kept_measures import Analysis
from analysis.quality import interviewers as interviewers_year
from analysis.quality import leave_one_out
from analysis.quality import modes as modes_year
from analysis.quality import reliability as reliability_year
from analysis.quality.interviewers import SHOWN_LISTED, SHOWN_VARIANCE, listed_table, readings, variance_table
from analysis.quality.leave_one_out import SHOWN as LEAVE_ONE_OUT_SHOWN
from analysis.quality.leave_one_out import chosen, sentence, telling, without_table
from analysis.quality.reliability import reliability_table
from analysis.quality.small_areas import SHOWN as SMALL_AREAS_SHOWN
from analysis.quality.small_areas import reading as small_areas_reading
from analysis.quality.small_areas import small_areas, small_areas_table
from analysis.quality.weights import SHOWN, SHOWN_CLASSES, classes_table, reading, weights_of, weights_table
from analysis.statistics.notes import note_text
from survey.commands.console import Session
from survey.core.errors import WrongUsage
from survey.store import Store

quality = typer.Typer(no_args_is_help=True, help="quality.help.quality")
_RELIABILITY = [
    "dimension",
    "item",
    "label",
    "mode",
    "n",
    "alpha",
    "omega",
    "item_rest",
    "alpha_without",
    "no_opinion",
    "note",
]


@quality.command("reliability", help="quality.help.reliability")
def reliability(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """Alpha, omega and item-rest correlations, and what they mean for the questionnaire."""
    session: Session = context.obj
    with session.store() as store:
        found = kept_measures.kept(store, year_of(store, year), reliability_year.NAME, reliability_year.measure)
    give(session, reliability_table(found.body, session.lang), out, _RELIABILITY, found)


def year_of(store: Store, year: int | None) -> int:
    """The year asked for, else the newest that has data; raises Refused where there is none."""
    if year is not None:
        with store.read() as conn:
            snapshots.require_year(conn, year)
    return newest_or(store, year)


def give(session: Session, frame: pd.DataFrame, out: Path | None, shown: list[str], found: Analysis) -> None:
    """A table of a specialist result to the file the user named, else to standard output."""
    shared.give(session, frame, out, shown, found.meta)


# ── Commands ``quality modes``, ``quality interviewers`` and ``quality without``


Year = Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")]


def add_interviewers(quality: typer.Typer) -> None:
    """Hang these commands on ``quality``."""
    quality.command("modes", help="modes.help.modes")(modes)
    quality.command("interviewers", help="interviewers.help.interviewers")(interviewers)
    quality.command("without", help="without.help.without")(without)


def modes(context: typer.Context, year: Year = None, out: Out = None) -> None:
    """How far the modes differ once community, sex and age are alike."""
    session: Session = context.obj
    with session.store() as store:
        found = kept_measures.kept(store, year_of(store, year), modes_year.NAME, modes_year.measure)
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
        found = kept_measures.kept(store, year_of(store, year), interviewers_year.NAME, interviewers_year.measure)
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
        found = kept_measures.kept(store, year_of(store, year), leave_one_out.NAME, leave_one_out.measure)
    rows = found.body["rows"]
    if interviewer or batch:
        rows = chosen(rows, "interviewer" if interviewer else "batch", interviewer or batch)
    for row in telling(rows, 3) if not (interviewer or batch) else rows:
        session.write_line(sentence(row, session.lang))
    give(session, without_table(rows, session.lang), out, LEAVE_ONE_OUT_SHOWN, found)


# ── Command ``quality small-areas``


class Covariates(StrEnum):
    """What the model leans on."""

    none = "none"
    objective = "objective"


def add_small_areas(quality: typer.Typer) -> None:
    """Hang this command on ``quality``."""
    quality.command("small-areas", help="small_areas.help.small_areas")(small_areas_command)


def small_areas_command(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    covariate: Annotated[Covariates, typer.Option("--covariate", help="small_areas.help.covariate")] = Covariates.none,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """Model estimates beside the direct scores."""
    session: Session = context.obj
    with session.store() as store:
        found = small_areas(snapshots.results(store, year_of(store, year)), covariate.value)
    session.write_line(small_areas_reading(found.body, session.lang))
    give(session, small_areas_table(found.body, session.lang), out, SMALL_AREAS_SHOWN, found)


# ── Command ``quality weights``


def add_weights(quality: typer.Typer) -> None:
    """Hang this command on ``quality``."""
    quality.command("weights", help="weights.help.weights")(weights)


def weights(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    classes: Annotated[bool, typer.Option("--classes", help="weights.help.classes")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """What weighting to the population does to every community, whether it counts or not."""
    session: Session = context.obj
    with session.store() as store:
        found = weights_of(snapshots.results(store, year_of(store, year)))
    session.write_line(reading(found.body, session.lang))
    if classes:
        give(session, classes_table(found.body, session.lang), out, SHOWN_CLASSES, found)
    else:
        give(session, weights_table(found.body, session.lang), out, SHOWN, found)
