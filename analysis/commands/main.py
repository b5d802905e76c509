"""Commands of the store and of what stands behind a score: init, estimate, trace."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.shared import community_code, give, tell_newest
from analysis.publication import new_store, snapshots
from analysis.tables.stored_estimates import errors_for, estimate_for
from analysis.tables.tracing import trace as tracing
from survey.commands.console import session_of
from survey.commands.voice import user
from survey.store import audit
from survey.store.year import years


class Method(StrEnum):
    """Ways to weight to the population."""

    none = "none"
    poststratify = "poststratify"
    rake = "rake"


def init(context: typer.Context) -> None:
    """Create the store with the default scheme and questionnaire."""
    session = session_of(context)
    with session.store(create=True) as store:
        new = new_store.initialise(store)
        session.tell("cli.created" if new else "cli.exists", where=store.where)


def estimate(
    context: typer.Context,
    questionnaire: Annotated[str, typer.Option("--questionnaire", metavar="N", help="cli.option.questionnaire")],
    item: Annotated[list[str] | None, typer.Option("--item", metavar="NAME", help="cli.option.item")] = None,
    by: Annotated[str, typer.Option("--by", metavar="NAMES", help="cli.option.by")] = "community,year",
    weighting: Annotated[Method, typer.Option("--weighting", help="weights.help.method")] = Method.none,
    rest: Annotated[bool, typer.Option("--rest", help="estimation.option.rest")] = False,
    stat: Annotated[list[str] | None, typer.Option("--stat", metavar="STATS", help="estimation.option.stat")] = None,
    where: Annotated[
        list[str] | None, typer.Option("--where", metavar="COLUMN=V1,V2", help="estimation.option.where")
    ] = None,
    difference: Annotated[
        str | None, typer.Option("--difference", metavar="COLUMN=A,B", help="estimation.option.difference")
    ] = None,
    cross: Annotated[
        tuple[str, str] | None, typer.Option("--cross", metavar="A B", help="estimation.option.cross")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """Weighted means and shares with their standard errors."""
    session = session_of(context)
    names = [word.strip() for word in by.split(",") if word.strip()]
    items = [word.strip() for words in item or [] for word in words.split(",") if word.strip()]
    stats = [word.strip() for words in stat or [] for word in words.split(",") if word.strip()]
    with session.store() as store:
        frame = estimate_for(
            store,
            questionnaire,
            items or None,
            names,
            weighting.value,
            rest=rest,
            where=where or (),
            stats=stats,
            cross=cross if cross and all(cross) else None,
            difference=difference,
        )
        errors = errors_for(store, questionnaire)
        with store.read() as conn:
            known = snapshots.data_years(conn)
        tell_newest(session, store, [y for y in known if "year" not in frame or str(y) in {*map(str, frame["year"])}])
    measures = ["rest", "difference", "difference_p", "difference_q"] if rest else ["se", "low", "high"]
    measures += ["difference", "difference_low", "difference_high"] if difference else []
    values = ["value"] if stats else ["share", "statistic", "p"] if cross and all(cross) else ["mean", "share"]
    shown = [c for c in (*names, "item", "choice", "stat", "n", *values, *measures, "note") if c in frame]
    give(
        session,
        frame,
        out,
        shown,
        {
            "questionnaire": questionnaire,
            "by": names,
            "weighting": weighting.value,
            "errors": errors,
            "where": where or [],
        },
    )


def trace(
    context: typer.Context,
    community: Annotated[str, typer.Argument(metavar="COMMUNITY", help="cli.argument.community")],
    year: Annotated[int, typer.Argument(metavar="YEAR", help="cli.argument.year")],
    name: Annotated[str | None, typer.Argument(metavar="[ITEM_OR_INDICATOR]", help="cli.argument.trace")] = None,
) -> None:
    """From a score back to files, sheets and rows."""
    session = session_of(context)
    with session.store() as store:
        code = community_code(store, community)
        with store.read() as conn:
            snapshots.require_year(conn, year)
            state = years.state(conn, year)
            frame = tracing.trace(conn, code, year, name)
            settled = tracing.settled_after(frame)
        if settled:
            session.tell("publishing.trace_settled", year=year)
        if people := tracing.people_in(frame):
            session.tell("publishing.trace_people", n=people)
            if not store.read_only:
                with store.write(aside=True) as conn:
                    audit.record(conn, user(), "trace", f"{code} {year}", {"item": name, "responses": people})
    session.emit(frame, community_code=code, year=year, state=state, name=name)
