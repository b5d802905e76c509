"""The command ``score``: the results of a year or of all years."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.commands.shared import give, tell_newest
from analysis.publication import snapshots
from analysis.publication.fixed_versions import late_names, some
from analysis.scoring.results import Results
from analysis.tables.scores import scores_for
from survey.commands.console import session_of
from survey.core.errors import Refused, WrongUsage
from survey.store import Store

#: columns of the score table that fit a terminal
SCORE_SHOWN = [
    "community",
    "year",
    "total",
    "star",
    "rank",
    "objective",
    "subjective",
    "subjective_se",
    "n",
    "change_word",
    "status",
    "rank_low",
    "rank_high",
    "note_text",
]


def score(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_or_all")] = None,
    scheme_name: Annotated[str | None, typer.Option("--scheme", metavar="NAME", help="cli.option.scheme")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
    engine: Annotated[str, typer.Option("--engine", metavar="spark", help="engines.option.engine")] = "",
    responses: Annotated[str, typer.Option("--responses", metavar="DIR_OR_URL", help="engines.option.responses")] = "",
    master: Annotated[str, typer.Option("--master", metavar="URL", help="engines.option.master")] = "",
) -> None:
    """Compute and show the results."""
    session = session_of(context)
    if engine not in ("", "spark"):
        raise WrongUsage("engines.unknown_engine", found=engine)
    if (engine == "spark") != bool(responses) or (master and not engine):
        raise WrongUsage("engines.belong_together")
    with session.store() as store:
        if engine:
            from analysis.engines import scored  # only who has a cluster waits for it

            computed = scored.score(store, responses, year=year, scheme=scheme_name, master=master)
        else:
            computed = [snapshots.results(store, y, scheme_name) for y in asked_years(store, year)]
        wanted = [int(found.meta["year"]) for found in computed]
        if scheme_name:  # a what-if scores all data there are
            tell_newest(session, store, [y for y, found in zip(wanted, computed, strict=True) if not late_names(found)])
    for found in computed:
        if late := late_names(found):
            session.tell("cycle.late_there", year=found.meta["year"], n=len(late), communities=some(late))
    give(session, scores_for(computed, session.lang), out, SCORE_SHOWN, _meta(computed))


def asked_years(store: Store, year: int | None) -> list[int]:
    """The year asked for, else all that have data; raises Refused for one without, or where there is none."""
    with store.read() as conn:
        if year is not None:
            snapshots.require_year(conn, year)
            return [year]
        known = snapshots.data_years(conn)
    if not known:
        raise Refused("publishing.no_data")
    return known


def _meta(computed: list[Results]) -> dict[str, Any]:
    last = computed[-1].meta
    names = (
        "scheme",
        "scheme_version",
        "data_version",
        "computed_at",
        "sample",
        "illustrative",
        "preset",
        "weighting",
        "errors",
        "scheme_added_at",
        "fieldwork_since",
        "scheme_changes",
        "item_weights_changed",
    )
    return {"years": [r.meta["year"] for r in computed], **{name: last.get(name) for name in names}}
