"""Command ``quality weights``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis import publishing
from analysis.quality_cli import give, year_of
from analysis.weights_table import SHOWN, SHOWN_CLASSES, classes_table, reading, weights_of, weights_table

if TYPE_CHECKING:
    from survey.console import Session


def add_to(quality: typer.Typer) -> None:
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
        found = weights_of(publishing.results(store, year_of(store, year)))
    session.write_line(reading(found.body, session.lang))
    if classes:
        give(session, classes_table(found.body, session.lang), out, SHOWN_CLASSES, found)
    else:
        give(session, weights_table(found.body, session.lang), out, SHOWN, found)
