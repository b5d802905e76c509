"""Commands of the measures of quality: each made from its ``MEASURE``; ``coverage`` and ``power`` ask for more."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.commands import shared
from analysis.commands.shared import community_code, newest_or, tell_newest
from analysis.exports.flat_files import write_table
from analysis.publication import snapshots
from analysis.publication.fixed_versions import left_out
from analysis.publication.kept_measures import to_plain
from analysis.quality import coverage as fieldwork
from analysis.quality import drivers_measure
from analysis.quality import power as differences
from analysis.quality import rates as outcomes
from analysis.quality.measure import YEAR, Body, Measure, Option, Table, late_names
from analysis.quality.sensitivity import tables as choices
from survey.commands.console import Session
from survey.core import limits
from survey.core.errors import Refused, WrongUsage
from survey.fieldwork.plan_file import read_plan
from survey.files.input import read_input
from survey.store import Store, audit
from survey.store.intake import calls
from survey.store.year import plans, register

_OUT = Option("out", "cli.option.out", Path, None, "FILE")


def command_of(measure: Measure) -> Callable[..., None]:
    """The command of a measure: its options between ``--year`` and ``--out``, its sentences, the table asked for."""

    def run(context: typer.Context, year: int | None, out: Path | None, **given: Any) -> None:
        session: Session = context.obj
        measure.check(given)
        with session.store() as store:
            year = year_of(store, year)
            found = measure.find(store, year, **_asked(store, measure, given))
            _write_others(session, store, year, measure, given)
            if measure.version:  # of the responses, not of the results
                tell_newest(session, store, [year])
            if measure.published and (late := late_names(store, year)):
                told = left_out(year, [*late.values()])
                session.tell(told[0], **told[1])
        body = measure.narrow(found.body, given)
        table = next((o.table for o in measure.options if o.table and given[o.name]), "")
        give(session, measure, measure.table(table), body, out, found.meta)

    parameters = [
        inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
        *map(_parameter, (YEAR, *measure.options, _OUT)),
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    run.__name__ = measure.name
    return run


def _parameter(option: Option) -> inspect.Parameter:
    """An option as Typer reads it from a signature."""
    kind: Any = str if option.kind == "community" else option.kind
    if option.default is None:
        kind = kind | None
    told = typer.Option(
        f"--{option.name.replace('_', '-')}",
        metavar=option.metavar,
        help=option.help,
        min=option.least,
        max=option.most,
    )
    return inspect.Parameter(
        option.name,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        default=option.default,
        annotation=Annotated[kind, told],
    )


def _asked(store: Store, measure: Measure, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the computation gets: JSON values, a community by its code."""
    found = {}
    for option in (o for o in measure.options if o.asked):
        value = given[option.name]
        if option.kind == "community" and value:
            value = community_code(store, value)
        found[option.name] = value.value if isinstance(value, Enum) else value
    return found


def _write_others(session: Session, store: Store, year: int, measure: Measure, given: Mapping[str, Any]) -> None:
    """Tables of other measures to the files that the user named for them."""
    for option in measure.options:
        path = given[option.name]
        if option.other is None or path is None:
            continue
        found = option.other.find(store, year)
        frame = option.other.table().frame(found.body, session.lang)
        write_table(frame, path, {"lang": session.lang, **found.meta})
        session.tell("cli.written", path=str(path))


def year_of(store: Store, year: int | None) -> int:
    """The year asked for, else the newest that has data; raises Refused where there is none."""
    if year is not None:
        with store.read() as conn:
            snapshots.require_year(conn, year)
    return newest_or(store, year)


def give(
    session: Session, measure: Measure, table: Table, body: Body, out: Path | None, meta: Mapping[str, Any]
) -> None:
    """What a measure says, then its table to the file the user named, else to standard output."""
    for line in measure.said(body, session.lang):
        session.write_line(line)
    shared.give(session, table.frame(body, session.lang), out, table.fits, meta)


drivers = command_of(drivers_measure.MEASURE)
sensitivity = command_of(choices.MEASURE)


# ── The command ``coverage``: who is still missing; it keeps a plan first where one is given


def coverage(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    wanted: Annotated[int | None, typer.Option("--wanted", metavar="N", min=0, help="coverage.option.wanted")] = None,
    plan: Annotated[Path | None, typer.Option("--plan", metavar="FILE", help="coverage.option.plan")] = None,
) -> None:
    """Show who is still missing; keep a plan first where one is given."""
    session: Session = context.obj
    measure = fieldwork.MEASURE
    with session.store() as store:
        if plan is not None:
            _keep(session, store, plan, year)
        body = measure.compute(store, newest_or(store, year), wanted=wanted)
    meta = {name: body[name] for name in ("year", "minimum", "recommended")}
    give(session, measure, measure.table(), body, None, meta)


def _keep(session: Session, store: Store, path: Path, year: int | None) -> None:
    with store.read() as conn:
        known = register.communities(conn)
    wanted, findings = read_plan(path.name, read_input(path, limits.SMALL_UPLOAD_BYTES), known, year)
    if not wanted:
        raise Refused("coverage.plan.refused", findings=findings, file=path.name)
    session.show_findings(findings)
    with store.write() as conn:
        n = plans.save(conn, wanted)
        audit.record(conn, "", "plan", path.name, {"lines": n, "years": sorted({p.year for p in wanted})})
    session.tell("coverage.plan.kept", n=n)


# ── The command ``rates``: who answered of those called; also for a year of which nobody's answers are in yet


def rates(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    by: Annotated[outcomes.By | None, typer.Option("--by", help="rates.option.by")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """Show the outcome rates of a year, together or by group."""
    session: Session = context.obj
    measure = outcomes.MEASURE
    with session.store() as store, store.read() as conn:
        known = [*snapshots.data_years(conn), *calls.years_with_calls(conn)]
        if year is None and not known:
            raise Refused("publishing.no_data")
        asked = max(known) if year is None else year
        body = to_plain(measure.compute(conn, asked))
    meta = {"year": asked, "e": body["e"], "unknown": body["unknown"]}
    give(session, measure, measure.table(f"rates_{by.value}" if by else "rates"), body, out, meta)


# ── The command ``power``: which differences so many responses will show; it needs no store where all is given


def power(
    context: typer.Context,
    n: Annotated[str | None, typer.Option("--n", metavar="N,…", help="power.option.n")] = None,
    sd: Annotated[float | None, typer.Option("--sd", metavar="S", min=0.0, help="power.option.sd")] = None,
    deff: Annotated[float, typer.Option("--deff", metavar="D", min=0.01, help="power.option.deff")] = 1.0,
    share: Annotated[float, typer.Option("--share", metavar="P", min=0.0, max=1.0, help="power.option.share")] = 0.5,
    communities: Annotated[
        int | None, typer.Option("--communities", metavar="M", min=2, help="power.option.communities")
    ] = None,
    clusters: Annotated[
        int | None, typer.Option("--clusters", metavar="K", min=0, help="power.option.clusters")
    ] = None,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="power.option.year")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """Show the smallest change, difference and shift of a share that so many responses a community will show."""
    session: Session = context.obj
    measure, sizes = differences.MEASURE, _sizes(n)
    used, results = None, None
    if clusters == 1:
        raise WrongUsage("power.one_cluster")
    if sd is None or communities is None:
        with session.store() as store:
            used = newest_or(store, year)
            results = snapshots.results(store, used)
    body = measure.compute(
        results, sizes=sizes, sd=sd, communities=communities, deff=deff, share=share, clusters=clusters
    )
    meta = {
        "year": used,
        "sd": body["sd"],
        "df": body["df"],
        "power": differences.POWER,
        "level": differences.LEVEL,
        "share": share,
    }
    give(session, measure, measure.table(), body, out, meta)


def _sizes(text: str | None) -> list[int]:
    if text is None:
        return list(differences.USUAL)
    words = [w.strip() for w in text.replace("，", ",").split(",") if w.strip()]
    if not words or not all(w.isascii() and w.isdigit() and 2 <= int(w) <= 10_000_000 for w in words):
        raise WrongUsage("power.bad_n", found=text)
    return [int(w) for w in words]
