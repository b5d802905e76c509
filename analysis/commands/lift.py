"""The command ``lift``: every point lost, and what would lift a community to its next star."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from analysis.awards.amounts import yuan
from analysis.awards.year import would_pay
from analysis.commands.shared import community_code, give, newest_or
from analysis.improvement.lost_points import answering, lines_of, reason
from analysis.improvement.next_star import LIFT_COLUMNS, lift_table
from analysis.publication import snapshots
from analysis.scoring.results import Results
from survey.commands.console import Session
from survey.core.columns import NUMBER, TEXT, Column, columns
from survey.core.lang import say
from survey.store import Store


class Cap(StrEnum):
    """What making a loss good may bring at most."""

    full = "full"
    street = "street"
    type = "type"


#: the summary as a file: what being named with the next star pays, and the whole in words
WORDED = LIFT_COLUMNS + columns(Column("award", NUMBER), Column("words", TEXT))
LOSSES = ["community", "kind", "code", "name", "points_lost", "possible", "alone", "fewest", "answering", "why"]
SUMMARY = [
    "community",
    "total",
    "star",
    "next_star",
    "gap",
    "sure",
    "singles",
    "fewest",
    "fewest_sure",
    "award",
    "words",
]


def lift(
    context: typer.Context,
    community: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMUNITY…]", help="lifting.argument.community")
    ] = None,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    cap: Annotated[Cap, typer.Option("--cap", help="lifting.option.cap")] = Cap.full,
    summary: Annotated[bool, typer.Option("--summary", help="lifting.option.summary")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """Show every point lost with its reason and offices, or what would lift each community."""
    session: Session = context.obj
    with session.store() as store:
        year = newest_or(store, year)
        codes = [community_code(store, word) for word in community or ()]
        results = snapshots.results(store, year)
        losses, table = lift_table(results, cap.value)
        table = summary_table(store, results, table, session.lang)
    if codes:
        losses, table = (f[f["community_code"].isin(codes)].reset_index(drop=True) for f in (losses, table))
    if summary:
        give(session, table, out, SUMMARY, {"year": year, "cap": cap.value})
        return
    for row in lines_of(table) if codes else ():
        session.write_line(f"{row['community']}{session.say('lifting.colon')}{row['words']}")
    give(session, worded_losses(losses, session.lang), out, LOSSES, {"year": year, "cap": cap.value})


def worded_losses(losses: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The losses as a table that a person reads: the reason and the offices in words, parameters left out."""
    rows = lines_of(losses)
    frame = losses.drop(columns=["reason_params", "distribution"]).copy()
    frame.insert(frame.columns.get_loc("name_zh"), "name", [r[f"name_{lang}"] or r["name_zh"] for r in rows])  # type: ignore[arg-type]
    frame["why"] = [reason(r, lang) for r in rows]
    frame["answering"] = ["、".join(answering(r)) for r in rows]
    return frame


def summary_table(store: Store, results: Results, table: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The summary with ``award`` (yuan, for being named with the next star) and the whole in words."""
    rows = lines_of(table)
    wanted = {str(r["community_code"]): int(r["next_star"]) for r in rows if r["next_star"] is not None}
    paid = would_pay(store, int(results.meta["year"]), wanted)
    frame = table.copy()
    amounts = [paid[c].amount if c in paid else None for c in frame["community_code"]]
    frame["award"] = pd.Series([None if a is None else yuan(a) for a in amounts], dtype="float64", index=frame.index)
    frame["words"] = [sentence(row, lang) for row in rows]
    typed: pd.DataFrame = WORDED.typed(frame)
    return typed


def sentence(row: Mapping[str, Any], lang: str) -> str:
    """What it takes, in one sentence; numbers of points never rounded below what is needed."""
    note = str(row["lift_note"] or "")
    if note in ("no_total", "vetoed", "top"):
        return say(lang, f"lifting.{note}")
    star = say(lang, f"lifting.star_{row['next_star']:.0f}")
    gap = f"{row['gap']:.2f}"
    if note == "out_of_reach":
        return say(lang, "lifting.out_of_reach", star=star, gap=gap, possible=f"{row['possible']:.1f}")
    if row["singles"]:
        text = say(lang, "lifting.single", star=star, gap=gap, n=f"{row['singles']:.0f}")
    else:
        text = say(
            lang, "lifting.several", star=star, gap=gap, n=f"{row['fewest']:.0f}", points=f"{row['fewest_points']:.1f}"
        )
    if row["sure"] is None:
        return text + say(lang, "lifting.no_error")
    sure = f"{math.ceil(10 * float(row['sure']) - 1e-9) / 10:.1f}"
    if row["fewest_sure"] is None:
        return text + say(lang, "lifting.never_sure", sure=sure)
    return text + say(lang, "lifting.sure", sure=sure, n=f"{row['fewest_sure']:.0f}")
