"""Who is still missing: by community and mode, what is stored, what counts, what is wanted; and indicators reported.

What counts is what ``score`` counts, read from the same snapshot, so no number differs from the results.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from analysis.publication import snapshots
from analysis.quality.measure import Body, Measure, Table
from analysis.quality.power import detectable_mean, usual_df, usual_spread
from analysis.scheme.model import Scheme
from analysis.scheme.serial import from_dict
from analysis.scoring.merged_communities import communities_in
from analysis.scoring.results import Results
from survey.core.columns import CODE, FLAG, NUMBER, TEXT, WHOLE, Column, columns
from survey.core.lang import say
from survey.store import Store
from survey.store.intake import responses
from survey.store.year import plans as stored_plans
from survey.store.year import register, schemes, years
from survey.store.year.plans import Plan
from survey.store.year.register import Community

#: with 200 answers a community's 300 points are known to ± 7.5, with 50 to ± 15 (simple random sample, standard
#: deviation of a person 18 of 100, 95 %)
RECOMMENDED = 200
#: communities named in a receipt; the others are counted
MOST_NAMED = 3
COLUMNS = columns(
    Column("sub_district", TEXT),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("mode", CODE),
    Column("stored", WHOLE),
    Column("scored", WHOLE),
    Column("wanted", WHOLE),
    Column("planned", FLAG),
    Column("short", WHOLE),
    Column("indicators", WHOLE),
    Column("indicators_of", WHOLE),
    Column("detectable", NUMBER),
)


@dataclass(frozen=True)
class Coverage:
    """How far the collecting of a year is.

    ``frame``: ``COLUMNS``; per community one row with ``mode`` '' for all together and one for each mode that is
    there or planned.  ``short`` is what is missing of ``wanted``, counted in responses that are scored (in stored ones
    where that is held back or not known); NA where nothing is wanted of a mode, and where the year is archived: nobody
    collects there any more.  ``planned`` is False where ``wanted``
    is only the scheme's minimum.  ``detectable``: the change of the subjective points that it shows.  ``minimum``: fewer scored responses give no total; ``recommended``: what makes the
    error small.
    """

    year: int
    frame: pd.DataFrame = field(repr=False)
    minimum: int
    recommended: int = RECOMMENDED

    @property
    def communities(self) -> pd.DataFrame:
        """One row a community, all modes together."""
        return self.frame[self.frame["mode"] == ""].reset_index(drop=True)

    @property
    def missing(self) -> pd.DataFrame:
        """The communities that are short, the shortest first."""
        found = self.communities
        return found[found["short"] > 0].sort_values("short", ascending=False, kind="stable").reset_index(drop=True)

    def as_json(self) -> dict[str, Any]:
        """For a page or a program; None for empty."""
        plain = self.frame.astype(object).where(self.frame.notna(), None)
        return {
            "year": self.year,
            "minimum": self.minimum,
            "recommended": self.recommended,
            "rows": plain.to_dict("records"),
        }


@dataclass(frozen=True)
class Known:
    """What is known of a community: responses stored and scored by mode, indicators reported.

    ``scored`` is None where the snapshot holds it back (few respondents) or there is none.
    """

    stored: Mapping[str, int]
    scored: int | None
    scored_by_mode: Mapping[str, int]
    indicators: int


def coverage(
    store: Store, year: int, *, wanted: int | None = None, read: Callable[[int], Results] | None = None
) -> Coverage:
    """The coverage of a year; ``wanted`` is so many responses of every community, whatever the plan says.

    ``read`` gives the results of a year, computed here otherwise.  Raises Refused where no scheme applies to the year.
    """
    read = read or partial(snapshots.results, store)
    with store.read() as conn:
        scheme = from_dict(schemes.applicable(conn, year).definition)
        communities = communities_in(conn, year)
        counts = responses.counts(conn)
        plan = stored_plans.plans(conn, year)
        has_data = year in snapshots.data_years(conn)
        codes = {c.id: c.code for c in register.communities(conn)}
        closed = years.state(conn, year) == "closed"
        settled = {*codes.values()} if closed else {codes[i] for i in years.archived(conn).get(year, ()) if i in codes}
        earlier = year - 1 in snapshots.data_years(conn)
    results = read(year) if has_data else None
    known = results
    if known is None or usual_spread(known) is None:
        known = read(year - 1) if earlier else None
    spread, df = (None, None) if known is None else (usual_spread(known), usual_df(known))
    counts = counts[counts["year"] == year]
    counts = counts.assign(community_code=[codes.get(i, "") if pd.notna(i) else "" for i in counts["community_id"]])
    return coverage_of(
        year, scheme, communities, known_of(counts, results), plan, wanted=wanted, spread=spread, df=df, settled=settled
    )


def known_of(counts: pd.DataFrame, results: Results | None) -> dict[str, Known]:
    """What is known by community code, from stored counts (``community_code, mode, n``) and the year's results."""
    stored: dict[str, dict[str, int]] = {}
    for code, mode, n in zip(counts["community_code"], counts["mode"], counts["n"], strict=True):
        modes = stored.setdefault(str(code), {})
        name = str(mode) if pd.notna(mode) else "paper"
        modes[name] = modes.get(name, 0) + int(n)
    scored: dict[str, int | None] = {}
    by_mode: dict[str, Mapping[str, int]] = {}
    reported: dict[str, int] = {}
    for row in results.rows("flow") if results else ():
        scored[row["community_code"]] = None if row["scored"] is None else int(row["scored"])
        by_mode[row["community_code"]] = {k: int(v) for k, v in (row["modes"] or {}).items()}
    for row in results.rows("indicators") if results else ():
        reported[row["community_code"]] = reported.get(row["community_code"], 0) + (row["state"] != "missing")
    codes = {*stored, *scored, *reported}
    return {c: Known(stored.get(c, {}), scored.get(c), by_mode.get(c, {}), reported.get(c, 0)) for c in codes}


def coverage_of(
    year: int,
    scheme: Scheme,
    communities: Sequence[Community],
    known: Mapping[str, Known],
    plan: Sequence[Plan] = (),
    *,
    wanted: int | None = None,
    spread: float | None = None,
    df: float | None = None,
    settled: Collection[str] = (),
) -> Coverage:
    """The coverage from its parts; ``spread`` of a person's 300 points, where it is known, ``df`` of errors of clusters;
    ``settled``: codes of communities whose year is archived.

    Wanted of a community: ``wanted`` where it is given, else the plan for all modes, else the sum of its plans by mode,
    else the scheme's minimum.
    """
    planned = {(p.community, p.mode): p.wanted for p in plan}
    total = len(scheme.scored_indicators)
    rows: list[dict[str, Any]] = []
    for community in communities:
        found = known.get(community.code, Known({}, None, {}, 0))
        modes = {mode: n for (code, mode), n in planned.items() if code == community.code and mode}
        goal = wanted if wanted is not None else planned.get((community.code, ""), sum(modes.values()) or None)
        place = {"sub_district": community.sub_district, "community_code": community.code, "community": community.name}
        stored = sum(found.stored.values())
        scored = 0 if not stored else found.scored
        rows.append(
            {
                **place,
                **_line("", stored, scored, scheme.min_responses if goal is None else goal),
                "planned": goal is not None,
                "indicators": found.indicators,
                "indicators_of": total,
            }
        )
        for mode in sorted({*found.stored, *modes}):
            n = found.stored.get(mode, 0)
            counted = None if found.scored is None else found.scored_by_mode.get(mode, 0)
            line = _line(mode, n, counted if n else 0, modes.get(mode))
            rows.append({**place, **line, "planned": mode in modes, "indicators": None, "indicators_of": None})
    frame = pd.DataFrame(rows, columns=list(COLUMNS.names))
    frame["short"] = frame["short"].where(~frame["community_code"].isin([*settled]))
    return Coverage(year, COLUMNS.table(frame.assign(detectable=_detectable(frame, spread, df))), scheme.min_responses)


def _detectable(frame: pd.DataFrame, spread: float | None, df: float | None) -> list[float]:
    """The smallest change on the year before that what is wanted of a community shows; NaN of a mode by itself."""
    sizes = frame["wanted"].where(frame["mode"] == "")
    known = {}
    if spread is not None:
        for n in map(int, sizes.dropna().unique()):
            known[n] = detectable_mean(n, spread, df=None if df is None else min(df, n - 1))
    return [known.get(int(n), float("nan")) if pd.notna(n) else float("nan") for n in sizes]


def _line(mode: str, stored: int, scored: int | None, wanted: int | None) -> dict[str, Any]:
    have = stored if scored is None else scored
    short = None if wanted is None else max(0, wanted - have)
    return {"mode": mode, "stored": stored, "scored": scored, "wanted": wanted, "short": short}


def receipt_sentence(
    lang: str,
    stored: int,
    left_out: int,
    coverage: Coverage | None,
    *,
    duplicates: int = 0,
    communities: Collection[str] | None = None,
) -> str:
    """One sentence to copy: ``已入库 612 份，2 行未入库，柳营社区还差 54 份``.

    ``communities``: codes of those that the receipt is about; else all of the year.  The communities that are short are
    named, the shortest first, up to three of them.
    """
    parts = [say(lang, "coverage.receipt.stored", n=stored)]
    if duplicates:
        parts.append(say(lang, "coverage.receipt.duplicates", n=duplicates))
    if left_out:
        parts.append(say(lang, "coverage.receipt.left_out", n=left_out))
    if coverage is not None:
        parts += _missing(lang, coverage, communities)
    return say(lang, "coverage.receipt.joint").join(parts)


def _missing(lang: str, coverage: Coverage, communities: Collection[str] | None) -> list[str]:
    found = coverage.missing
    if communities is not None:
        found = found[found["community_code"].isin(list(communities))]
    if found.empty:
        everyone = coverage.communities
        about = everyone if communities is None else everyone[everyone["community_code"].isin(list(communities))]
        about = about[about["short"].notna()]
        return [say(lang, "coverage.receipt.complete", n=len(about))] if len(about) else []
    named = found.head(MOST_NAMED)
    parts = [
        say(lang, "coverage.receipt.short", community=row["community"], n=int(row["short"]))
        for row in named.to_dict("records")
    ]
    more = len(found) - len(named)
    return [*parts, say(lang, "coverage.receipt.more", n=more)] if more else parts


def _said(body: Body, lang: str) -> list[str]:
    """What is the least, and what is recommended."""
    return [say(lang, "coverage.numbers", **{name: body[name] for name in ("year", "minimum", "recommended")})]


MEASURE = Measure(
    "coverage",
    0,
    lambda store, year, wanted=None: coverage(store, year, wanted=wanted).as_json(),
    (
        Table(
            "coverage",
            COLUMNS,
            lambda body, lang: body["rows"],
            "community mode stored scored wanted short detectable indicators indicators_of",
        ),
    ),
    _said,
)
