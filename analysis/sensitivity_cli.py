"""The command ``sensitivity``: how far stars and ranks rest on choices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis import sensitivity_year, specialist
from analysis.exports.flat import write_table
from analysis.quality_cli import give, year_of
from analysis.sensitivity_table import factor_table, reading, runs_table, sensitivity_table

if TYPE_CHECKING:
    from survey.console import Session

_SHOWN = ["community", "total", "star", "star_kept", "star_probability", "both_probability", "total_low", "total_high",
          "runs_total_low", "runs_total_high", "runs_rank_low", "runs_rank_high"]  # fmt: skip
_FACTORS = ["factor_text", "runs", "changed_share", "communities", "mean_shift", "largest_shift", "rank_shift"]


def sensitivity(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    factors: Annotated[bool, typer.Option("--factors", help="sensitivity.option.factors")] = False,
    runs_out: Annotated[
        Path | None, typer.Option("--runs-out", metavar="FILE", help="sensitivity.option.runs_out")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """Sampling error and choices in one table; every run with its parameters in a file."""
    session: Session = context.obj
    with session.store() as store:
        asked = year_of(store, year)
        found = specialist.kept(store, asked, sensitivity_year.NAME, sensitivity_year.measure)
        if runs_out is not None:
            runs = specialist.kept(store, asked, sensitivity_year.RUNS_NAME, sensitivity_year.measure_runs)
            write_table(runs_table(runs.body), runs_out, {"lang": session.lang, **runs.meta})
            session.tell("cli.written", path=str(runs_out))
    body = found.body
    session.write_line(reading(body["communities"], body["factors"], body["runs"], session.lang))
    if factors:
        give(session, factor_table(body["factors"], session.lang), out, _FACTORS, found)
    else:
        give(session, sensitivity_table(body["communities"]), out, _SHOWN, found)
