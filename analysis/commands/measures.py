"""The command ``coverage``: who is still missing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.quality import give, year_of
from analysis.commands.shared import community_code, newest_or
from analysis.commands.shared import give as shared_give
from analysis.exports.flat_files import write_table
from analysis.publication import kept_measures, snapshots
from analysis.quality import drivers_measure
from analysis.quality.coverage import coverage as covered
from analysis.quality.drivers_measure import SHOWN as DRIVERS_MEASURE_SHOWN
from analysis.quality.drivers_measure import drivers_table, reading
from analysis.quality.power import USUAL, power_table, usual_spread
from analysis.quality.sensitivity import measure
from analysis.quality.sensitivity.tables import factor_table, runs_table, sensitivity_table
from analysis.quality.sensitivity.tables import reading as tables_reading
from analysis.statistics.notes import note_text
from survey.commands.console import Session, read_input
from survey.core.errors import Refused, WrongUsage
from survey.fieldwork.plan_file import read_plan
from survey.store import Store, audit
from survey.store.year import plans, register

_COVERAGE_SHOWN = [
    "community",
    "mode",
    "stored",
    "scored",
    "wanted",
    "short",
    "detectable",
    "indicators",
    "indicators_of",
]


def coverage(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    wanted: Annotated[int | None, typer.Option("--wanted", metavar="N", min=0, help="coverage.option.wanted")] = None,
    plan: Annotated[Path | None, typer.Option("--plan", metavar="FILE", help="coverage.option.plan")] = None,
) -> None:
    """Show who is still missing; keep a plan first where one is given."""
    session: Session = context.obj
    with session.store() as store:
        if plan is not None:
            _keep(session, store, plan, year)
        found = covered(store, newest_or(store, year), wanted=wanted)
    session.tell("coverage.numbers", year=found.year, minimum=found.minimum, recommended=found.recommended)
    session.emit(
        found.frame, shown=_COVERAGE_SHOWN, year=found.year, minimum=found.minimum, recommended=found.recommended
    )


def _keep(session: Session, store: Store, path: Path, year: int | None) -> None:
    with store.read() as conn:
        known = register.communities(conn)
    wanted, findings = read_plan(path.name, read_input(path), known, year)
    if not wanted:
        raise Refused("coverage.plan.refused", findings=findings, file=path.name)
    session.show_findings(findings)
    with store.write() as conn:
        n = plans.save(conn, wanted)
        audit.record(conn, "", "plan", path.name, {"lines": n, "years": sorted({p.year for p in wanted})})
    session.tell("coverage.plan.kept", n=n)


# ── The command ``drivers``: what goes with overall happiness


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
        found = kept_measures.kept(store, year_of(store, year), drivers_measure.NAME, drivers_measure.measure, **asked)
    session.write_line(reading(found.body, session.lang))
    session.tell("drivers.caution")
    if found.body["notes"]:
        session.write_line(note_text(";".join(found.body["notes"]), session.lang))
    give(session, drivers_table(found.body, session.lang), out, DRIVERS_MEASURE_SHOWN, found)


# ── The command ``power``: which differences so many responses will show


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
            results = snapshots.results(store, used)
        spread = usual_spread(results)
        if sd is None and spread is None:
            raise Refused("power.no_spread", year=used)
        sd = spread if sd is None else sd
        communities = communities or max(2, int(results.scores.groupby("sub_district", dropna=False).size().max()))
    assert sd is not None
    session.tell("power.said", sd=f"{sd:.1f}", m=communities)
    frame = power_table(sizes, sd, communities, deff=deff, share=share)
    shared_give(session, frame, out, SHOWN, {"year": used, "sd": sd, "power": 0.8, "level": 0.05, "share": share})


def _sizes(text: str | None) -> list[int]:
    if text is None:
        return list(USUAL)
    words = [w.strip() for w in text.replace("，", ",").split(",") if w.strip()]
    if not words or not all(w.isascii() and w.isdigit() and 2 <= int(w) <= 10_000_000 for w in words):
        raise WrongUsage("power.bad_n", found=text)
    return [int(w) for w in words]


# ── The command ``sensitivity``: how far stars and ranks rest on choices


_SHOWN = [
    "community",
    "total",
    "star",
    "star_kept",
    "star_probability",
    "both_probability",
    "total_low",
    "total_high",
    "runs_total_low",
    "runs_total_high",
    "runs_rank_low",
    "runs_rank_high",
]
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
        found = kept_measures.kept(store, asked, measure.NAME, measure.measure)
        if runs_out is not None:
            runs = kept_measures.kept(store, asked, measure.RUNS_NAME, measure.measure_runs)
            write_table(runs_table(runs.body), runs_out, {"lang": session.lang, **runs.meta})
            session.tell("cli.written", path=str(runs_out))
    body = found.body
    session.write_line(tables_reading(body["communities"], body["factors"], body["runs"], session.lang))
    if factors:
        give(session, factor_table(body["factors"], session.lang), out, _FACTORS, found)
    else:
        give(session, sensitivity_table(body["communities"]), out, _SHOWN, found)
