"""The command ``power``: which differences so many responses will show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis import publishing
from analysis.asked import give, newest_or
from analysis.power import USUAL, power_table, usual_spread
from survey.errors import Refused, WrongUsage

if TYPE_CHECKING:
    from survey.console import Session

SHOWN = ["n", "measure", "detectable", "detectable_among", "sd", "deff", "communities"]


def power(
    context: typer.Context,
    n: Annotated[str | None, typer.Option("--n", metavar="N,…", help="power.option.n")] = None,
    sd: Annotated[float | None, typer.Option("--sd", metavar="S", min=0.0, help="power.option.sd")] = None,
    deff: Annotated[float, typer.Option("--deff", metavar="D", min=0.01, help="power.option.deff")] = 1.0,
    share: Annotated[float, typer.Option("--share", metavar="P", min=0.0, max=1.0, help="power.option.share")] = 0.5,
    communities: Annotated[
        int | None, typer.Option("--communities", metavar="M", min=2, help="power.option.communities")
    ] = None,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="power.option.year")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """Show the smallest change, difference and shift of a share that so many responses a community will show."""
    session: Session = context.obj
    sizes = _sizes(n)
    used = None
    if sd is None or communities is None:
        with session.store() as store:
            used = newest_or(store, year)
            results = publishing.results(store, used)
        spread = usual_spread(results)
        if sd is None and spread is None:
            raise Refused("power.no_spread", year=used)
        sd = spread if sd is None else sd
        communities = communities or max(2, int(results.scores.groupby("sub_district", dropna=False).size().max()))
    assert sd is not None
    session.tell("power.said", sd=f"{sd:.1f}", m=communities)
    frame = power_table(sizes, sd, communities, deff=deff, share=share)
    give(session, frame, out, SHOWN, {"year": used, "sd": sd, "power": 0.8, "level": 0.05, "share": share})


def _sizes(text: str | None) -> list[int]:
    if text is None:
        return list(USUAL)
    words = [w.strip() for w in text.replace("，", ",").split(",") if w.strip()]
    if not words or not all(w.isascii() and w.isdigit() and 2 <= int(w) <= 10_000_000 for w in words):
        raise WrongUsage("power.bad_n", found=text)
    return [int(w) for w in words]
