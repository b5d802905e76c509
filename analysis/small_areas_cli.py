"""Command ``quality small-areas``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis import publishing
from analysis.quality_cli import give, year_of
from analysis.small_areas import SHOWN, reading, small_areas, small_areas_table

if TYPE_CHECKING:
    from survey.console import Session


class Covariates(StrEnum):
    """What the model leans on."""

    none = "none"
    objective = "objective"


def add_to(quality: typer.Typer) -> None:
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
        found = small_areas(publishing.results(store, year_of(store, year)), covariate.value)
    session.write_line(reading(found.body, session.lang))
    give(session, small_areas_table(found.body, session.lang), out, SHOWN, found)
