"""The command ``compare``: which communities can be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from analysis.awards.verdicts import VERDICT_COLUMNS, verdict_columns, verdicts
from analysis.beside.asked import STREET, TYPE, Compared, compared
from analysis.commands.shared import community_code, give, newest_or
from analysis.publication import snapshots
from analysis.scoring.pairs import league_groups, pair_frame
from analysis.tables.community_types import type_frame
from analysis.tables.street_league import area_league, street_pairs
from analysis.tables.trends import trend_frame
from survey.commands.console import Session
from survey.core.errors import Refused
from survey.core.lang import say
from survey.store import Store

TYPES_SHOWN = [
    "type",
    "community",
    "feature",
    "total",
    "type_mean",
    "type_difference",
    "type_rank",
    "type_rank_low",
    "type_rank_high",
    "of_type",
]
BESIDE_SHOWN = ["part", "code", "name_zh", "own_value", "other_value", "difference", "low", "high", "q", "word"]
TREND_SHOWN = [
    "community",
    "year",
    "total",
    "total_low",
    "total_high",
    "star",
    "star_awarded",
    "title_event",
    "change_word",
    "since",
    "since_subjective",
    "since_word",
    "broken_by",
]
STREETS_SHOWN = [
    "district",
    "sub_district",
    "communities",
    "with_total",
    "weighted_total",
    "mean_total",
    "coverage",
    "subjective",
    "subjective_se",
    "change_word",
    "rank",
    "rank_low",
    "rank_high",
    "note_text",
]
SHOWN = ["community", "rank", "other", "other_rank", "difference", "low", "high", "p", "q", "told_apart"]


def compare(
    context: typer.Context,
    community: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMUNITY…]", help="compare.argument.community")
    ] = None,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    within_type: Annotated[bool, typer.Option("--within-type", help="compare.option.within_type")] = False,
    beside: Annotated[str | None, typer.Option("--beside", metavar="C|street|type|Y", help="beside.option")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """Show for every pair of a league whether the sampling error lets them be told apart."""
    session: Session = context.obj
    with session.store() as store:
        year = newest_or(store, year)
        codes = [community_code(store, word) for word in community or ()]
        if beside is not None:
            sides = sides_of(store, year, codes, beside)
            if not sides.same_measure():
                session.tell("beside.same_measure")
            lines = sides.lines()
            if lines.empty:
                session.tell("beside.empty")
            give(session, lines, out, BESIDE_SHOWN, {"year": year, "community": codes[0], "against": beside})
            return
        scores = snapshots.results(store, year).scores
    if within_type:
        give(session, types_of(session, scores, codes), out, TYPES_SHOWN, {"year": year})
        return
    frame = pair_frame(scores)
    groups = league_groups(scores)
    if codes:
        frame = frame[among(frame, codes)].reset_index(drop=True)
    known = set(frame["sub_district"][frame["told_apart"].notna()])
    if not known:
        session.tell("compare.nothing", year=year)
    for street in (s for s in groups if s in known):
        session.write_line(groups_sentence(session.lang, groups[street], street if len(groups) > 1 else ""))
    meta = {"year": year, "groups": {street: [list(g) for g in found] for street, found in groups.items()}}
    give(session, frame, out, SHOWN, meta)


def sides_of(store: Store, year: int, codes: Sequence[str], beside: str) -> Compared:
    """One community beside another, a mean or a year; raises Refused where that is not there."""
    if len(codes) != 1:
        raise Refused("beside.one_community", n=len(codes))
    with store.read() as conn:
        years = snapshots.data_years(conn)
    word = beside.strip()
    if len(word) == 4 and word.isascii() and word.isdigit() and int(word) not in years:
        raise Refused("beside.unknown_year", year=word, years=list(map(str, years)))
    known = word in (STREET, TYPE) or (word.isascii() and word.isdigit() and int(word) in years)
    against = word if known else community_code(store, word)
    return compared(lambda y: snapshots.results(store, y), years, year, codes[0], against)


def types_of(session: Session, scores: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Communities beside those of their own type; with names, those of their types.  Types of one community are said."""
    frame = type_frame(scores)
    if codes:
        wanted = frame.loc[frame["community_code"].isin(codes), ["sub_district", "type"]].drop_duplicates()
        frame = frame.merge(wanted, on=["sub_district", "type"], how="right").reindex(columns=frame.columns)
    if (frame["type_note"] == "no_type").all():
        session.tell("compare.no_types")
    for row in frame[frame["type_note"] == "alone"].to_dict("records"):
        session.tell("compare.alone", type=row["type"], community=row["community"])
    return frame.astype(
        dict.fromkeys(["of_type", "with_total", "type_rank", "type_rank_low", "type_rank_high"], "Int64")
    )


def trend(
    context: typer.Context,
    community: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMUNITY…]", help="compare.argument.trend")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """Show every year of communities along their unbroken lines, and what changed since each began."""
    session: Session = context.obj
    with session.store() as store:
        last = newest_or(store, None)
        codes = [community_code(store, word) for word in community or ()]
        with store.read() as conn:
            known = snapshots.data_years(conn)
        frame = trend_frame([snapshots.results(store, year) for year in known])
        said = {year: verdicts(store, year) for year in known}
    places = zip(frame["year"], frame["community_code"], strict=True)
    cells = [verdict_columns(said[int(year)].get(str(code))) for year, code in places]
    frame = frame.join(VERDICT_COLUMNS.typed(pd.DataFrame(cells, columns=list(VERDICT_COLUMNS.names))))
    if codes:
        frame = frame[frame["community_code"].isin(codes)].reset_index(drop=True)
    give(session, frame, out, TREND_SHOWN, {"years": known, "last": last})


def streets(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    pairs: Annotated[bool, typer.Option("--pairs", help="compare.option.street_pairs")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")] = None,
) -> None:
    """Show the sub-districts, and districts of several, taken together."""
    session: Session = context.obj
    with session.store() as store:
        year = newest_or(store, year)
        results = snapshots.results(store, year)
    if pairs:
        frame = street_pairs(results)
        give(session, frame, out, [c for c in frame.columns if c != "year"], {"year": year})
        return
    frame = area_league(results, session.lang)
    give(session, frame, out, STREETS_SHOWN, {"year": year})


def among(frame: pd.DataFrame, codes: Sequence[str]) -> pd.Series[bool]:
    """Pairs of the named communities; with one name its pairs with all others."""
    first, other = frame["community_code"].isin(codes), frame["other_code"].isin(codes)
    return (first & other) if len(set(codes)) > 1 else (first | other)


def groups_sentence(lang: str, groups: Sequence[tuple[int, int]], street: str = "") -> str:
    """``第 1–4 名、第 3–6 名之间的差别分不清`` of a league."""
    place = say(lang, "compare.of_street", street=street) if street else ""
    if not groups:
        return place + say(lang, "compare.all_apart")
    listed = say(lang, "compare.between").join(say(lang, "compare.group", first=a, last=b) for a, b in groups)
    return place + say(lang, "compare.groups", groups=listed)
