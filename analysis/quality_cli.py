"""Commands ``quality …``: how far the questionnaire and the sample can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer

from analysis import asked, publishing, reliability_year, specialist
from analysis.asked import newest_or
from analysis.reliability_table import reliability_table

if TYPE_CHECKING:
    from analysis.specialist import Analysis
    from survey.console import Session
    from survey.store import Store

quality = typer.Typer(no_args_is_help=True, help="quality.help.quality")
_RELIABILITY = ["dimension", "item", "label", "mode", "n", "alpha", "omega", "item_rest", "alpha_without", "no_opinion",
                "note"]  # fmt: skip


@quality.command("reliability", help="quality.help.reliability")
def reliability(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """Alpha, omega and item-rest correlations, and what they mean for the questionnaire."""
    session: Session = context.obj
    with session.store() as store:
        found = specialist.kept(store, year_of(store, year), reliability_year.NAME, reliability_year.measure)
    give(session, reliability_table(found.body, session.lang), out, _RELIABILITY, found)


def year_of(store: Store, year: int | None) -> int:
    """The year asked for, else the newest that has data; raises Refused where there is none."""
    if year is not None:
        with store.read() as conn:
            publishing.require_year(conn, year)
    return newest_or(store, year)


def give(session: Session, frame: pd.DataFrame, out: Path | None, shown: list[str], found: Analysis) -> None:
    """A table of a specialist result to the file the user named, else to standard output."""
    asked.give(session, frame, out, shown, found.meta)
