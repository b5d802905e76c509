"""The command ``drivers``: what goes with overall happiness."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis import drivers_year, specialist
from analysis.asked import community_code
from analysis.drivers_table import SHOWN, drivers_table, reading
from analysis.notes import note_text
from analysis.quality_cli import give, year_of

if TYPE_CHECKING:
    from survey.console import Session


def drivers(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    questionnaire: Annotated[
        str, typer.Option("--questionnaire", metavar="N", help="drivers.option.questionnaire")
    ] = "",
    outcome: Annotated[str, typer.Option("--outcome", metavar="NAME", help="drivers.option.outcome")] = "",
    community: Annotated[str, typer.Option("--community", metavar="C", help="drivers.option.community")] = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """How strongly overall happiness goes with each dimension and item."""
    session: Session = context.obj
    with session.store() as store:
        code = community_code(store, community) if community else ""
        asked = {"questionnaire": questionnaire, "outcome": outcome, "community": code}
        found = specialist.kept(store, year_of(store, year), drivers_year.NAME, drivers_year.measure, **asked)
    session.write_line(reading(found.body, session.lang))
    session.tell("drivers.caution")
    if found.body["notes"]:
        session.write_line(note_text(";".join(found.body["notes"]), session.lang))
    give(session, drivers_table(found.body, session.lang), out, SHOWN, found)
