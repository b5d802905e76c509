"""The sensitivity of a year as tables, in one line, as a measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.quality.measure import Body, Measure, Option, Sees, Table, rows_seen
from analysis.quality.sensitivity.outcome import measure, measure_runs
from analysis.scoring.results import Results
from survey.core.columns import CODE, NUMBER, SHARE, TEXT, WHOLE, Column, columns
from survey.core.lang import say
from survey.store import Store

#: one row a community with a total (``outcome.community_rows``)
COLUMNS = columns(
    Column("sub_district", TEXT),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("total", NUMBER),
    Column("star", WHOLE),
    Column("rank", WHOLE),
    Column("se", NUMBER),
    Column("total_low", NUMBER),
    Column("total_high", NUMBER),
    Column("star_probability", SHARE),
    Column("star_kept", SHARE),
    Column("runs_total_low", NUMBER),
    Column("runs_total_high", NUMBER),
    Column("runs_star_low", WHOLE),
    Column("runs_star_high", WHOLE),
    Column("runs_rank_low", WHOLE),
    Column("runs_rank_high", WHOLE),
    Column("runs_sd", NUMBER),
    Column("both_se", NUMBER),
    Column("both_probability", SHARE),
    Column("method_changes", CODE),
)
#: one row a choice that was varied, named in the reader's language
FACTOR_COLUMNS = columns(
    Column("factor", CODE),
    Column("runs", WHOLE),
    Column("changed_share", SHARE),
    Column("communities", WHOLE),
    Column("mean_shift", NUMBER),
    Column("largest_shift", NUMBER),
    Column("rank_shift", NUMBER),
    Column("factor_text", TEXT),
)
#: one row a run: its parameters, then what it gives each community
RUN_COLUMNS = columns(
    Column("run", WHOLE),
    Column("factor", CODE),
    Column("preset", CODE),
    Column("answered_share", SHARE),
    Column("weighting", CODE),
    Column("min_responses", NUMBER),
    Column("dimension_<dimension>", NUMBER),
    Column("item_<item>", NUMBER),
    Column("total_<community>", NUMBER),
    Column("star_<community>", WHOLE),
    Column("rank_<community>", WHOLE),
)
#: communities named in the reading
MOST_NAMED = 3

Rows = Sequence[Mapping[str, Any]]


def _factor_rows(body: Body, lang: str) -> list[dict[str, Any]]:
    return [{**row, "factor_text": factor_word(row["factor"], lang)} for row in body["factors"]]


def _run_rows(body: Body, lang: str) -> pd.DataFrame:
    """The parameters of a run, then ``total_<code>, star_<code>, rank_<code>`` of each community of the body."""
    frame = pd.DataFrame(list(body["parameters"]))
    found = {
        f"{name}_{community['community_code']}": [run[place] for run in body[f"{name}s"]]
        for place, community in enumerate(body["communities"])
        for name in ("total", "star", "rank")
    }
    return pd.concat([frame, pd.DataFrame(found, index=frame.index, dtype="float64")], axis=1)


def _runs_seen(body: Body, sees: Sees) -> Body:
    """The runs of the communities that a viewer sees."""
    mine = [place for place, community in enumerate(body["communities"]) if sees(community["community_code"])]
    numbers = {name: [[run[place] for place in mine] for run in body[name]] for name in ("totals", "stars", "ranks")}
    return {**body, **numbers, "communities": [body["communities"][place] for place in mine]}


def _published(body: Body, counts: Sees) -> Body:
    """The communities whose published score counts all of their data; without ranks where somebody else's does not."""
    mine = [row for row in body["communities"] if counts(row["community_code"])]
    apart = {row["sub_district"] for row in body["communities"] if not counts(row["community_code"])}
    unranked = dict.fromkeys(("rank", "runs_rank_low", "runs_rank_high"))
    return {**body, "communities": [row | unranked if row["sub_district"] in apart else row for row in mine]}


def _runs_published(body: Body, counts: Sees) -> Body:
    """The runs of those communities, without ranks where somebody is left out."""
    mine = _runs_seen(body, counts)
    if len(mine["communities"]) == len(body["communities"]):
        return mine
    return {**mine, "ranks": [[None] * len(run) for run in mine["ranks"]]}


def factor_word(factor: str, lang: str) -> str:
    """What a factor is called."""
    return say(lang, f"sensitivity.factor.{factor}")


def reading(rows: Rows, factors: Rows, runs: int, lang: str) -> str:
    """The result in one line: how many keep their star throughout, who does not, and what matters most."""
    if not rows:
        return say(lang, "sensitivity.nothing")
    moved = sorted((r for r in rows if r["star_kept"] < 1), key=lambda r: float(r["star_kept"]))
    text = say(lang, "sensitivity.kept", kept=len(rows) - len(moved), all=len(rows), runs=runs)
    if moved:
        between = say(lang, "reliability.between")
        named = between.join(
            say(lang, "sensitivity.named", name=r["community"], share=kept_share(float(r["star_kept"])))
            for r in moved[:MOST_NAMED]
        )
        key = "sensitivity.moved_more" if len(moved) > MOST_NAMED else "sensitivity.moved"
        text += say(lang, key, names=named, more=len(moved) - MOST_NAMED)
    return text + _most(factors, lang)


def method_changes(store: Store, year: int, results: Results | None = None) -> frozenset[str]:
    """Codes of the communities whose star the answer scale or weights alone would change; of the kept result.

    ``results``: those of the year, where they have been read.  Raises Refused for a year without data.
    """
    rows = MEASURE.find(store, year, results=results).body["communities"]
    return frozenset(str(row["community_code"]) for row in rows if row["method_changes"] == "yes")


def kept_share(share: float) -> str:
    """A share of runs in whole percent, never rounded up to all of them or down to none."""
    if 0.99 < share < 1:
        return ">99%"
    return "<1%" if 0 < share < 0.01 else f"{100 * share:.0f}%"


def _most(factors: Rows, lang: str) -> str:
    """The choice that changes most stars, or most points where it changes none."""
    own = [f for f in factors if f["factor"] != "joint"]
    if not own:
        return ""
    most = max(own, key=lambda f: (f["changed_share"], f["mean_shift"] or 0.0))
    word = factor_word(most["factor"], lang)
    if most["changed_share"] > 0:
        return say(lang, "sensitivity.most", factor=word)
    return say(lang, "sensitivity.most_points", factor=word, points=f"{most['largest_shift'] or 0.0:.1f}")


RUNS = Measure(
    "sensitivity_runs",
    4,
    measure_runs,
    (Table("runs", RUN_COLUMNS, _run_rows, "run factor preset answered_share weighting", "page_robustness.file_runs"),),
    lambda body, lang: [],
    seen=_runs_seen,
    published=_runs_published,
)
MEASURE = Measure(
    "sensitivity",
    5,
    measure,
    (
        Table(
            "communities",
            COLUMNS,
            lambda body, lang: body["communities"],
            "community total star star_kept method_changes star_probability both_probability total_low total_high runs_total_low"
            " runs_total_high runs_rank_low runs_rank_high",
            "page_robustness.file_communities",
        ),
        Table(
            "factors",
            FACTOR_COLUMNS,
            _factor_rows,
            "factor_text runs changed_share communities mean_shift largest_shift rank_shift",
            "page_robustness.file_factors",
        ),
    ),
    lambda body, lang: [reading(body["communities"], body["factors"], body["runs"], lang)],
    options=(
        Option("factors", "sensitivity.option.factors", table="factors"),
        Option("runs_out", "sensitivity.option.runs_out", Path, None, "FILE", other=RUNS),
    ),
    seen=rows_seen("communities"),
    published=_published,
)
