"""Scores of small communities that lean on the others: the area-level model of Fay and Herriot (JASA 1979).

A direct score is the community's own, with its own sampling error; the model says that true scores scatter around a
common line.  The best estimate then lies between the two, nearer to the line where the sample is small.  It is a
model's number: it stands beside the score and decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import numpy as np

from analysis.quality.measure import Body, Measure, Option, Table, rows_seen
from analysis.scoring.results import Results
from analysis.statistics.fay_herriot import fay_herriot
from survey.core.columns import CODE, NUMBER, SHARE, TEXT, WHOLE, Column, columns
from survey.core.errors import Refused
from survey.core.lang import say


class Covariate(StrEnum):
    """What the model leans on."""

    none = "none"
    objective = "objective"


#: fewer communities say too little about how communities differ; a covariate takes some more (default)
LEAST: Mapping[str, int] = {"none": 8, "objective": 12}
COLUMNS = columns(
    Column("sub_district", TEXT),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("year", WHOLE),
    Column("n", WHOLE),
    Column("subjective", NUMBER),
    Column("subjective_se", NUMBER),
    Column("sampling_se", NUMBER),
    Column("model_estimate", NUMBER),
    Column("model_rmse", NUMBER),
    Column("model_line", NUMBER),
    Column("own_share", SHARE),
    Column("note_text", TEXT),
)


def small_areas(results: Results, covariate: str = "none") -> dict[str, Any]:
    """The model over all communities of a year that have a subjective score with an error.

    ``rows``: ``COLUMNS`` without the label · ``areas`` how many, ``between`` standard deviation of communities around the line,
    ``person`` a person's pooled standard deviation, ``slope`` points per point of the covariate (null without one).
    The sampling variance of a community is the pooled variance of a person over n, because its own is known badly
    where n is small.  Raises Refused where there are too few communities.
    """
    scores, meta = results.scores, results.meta
    known = (scores["subjective_se"] > 0) & (scores["subjective_df"] > 0) & scores["subjective"].notna()
    if covariate == "objective":
        known &= scores["objective"].notna()
    used = scores[known].reset_index(drop=True)
    if len(used) < LEAST[covariate]:
        raise Refused("small_areas.too_few", n=len(used), least=LEAST[covariate], year=meta["year"])
    n, se, df = (used[name].to_numpy(dtype=np.float64) for name in ("n", "subjective_se", "subjective_df"))
    person = float(np.sum(df * se * se * n) / np.sum(df))
    x = np.ones((len(used), 1))
    if covariate == "objective":
        points = used["objective"].to_numpy(dtype=np.float64)
        if np.ptp(points) == 0:
            raise Refused("small_areas.same_objective", year=meta["year"])
        x = np.column_stack([x, points - points.mean()])
    fit = fay_herriot(used["subjective"].to_numpy(dtype=np.float64), person / n, x)
    rows = used.assign(
        sampling_se=np.sqrt(person / n),
        model_estimate=fit.estimate,
        model_rmse=np.sqrt(fit.mse),
        model_line=fit.line,
        own_share=fit.own,
    )
    return {
        "rows": rows[list(COLUMNS.names[:-1])],
        "areas": len(used),
        "between": np.sqrt(fit.between),
        "person": np.sqrt(person),
        "slope": fit.beta[1] if covariate == "objective" else None,
    }


def _rows(body: Body, lang: str) -> list[dict[str, Any]]:
    """Every row says what it is not for."""
    return [{**row, "note_text": say(lang, "small_areas.label")} for row in body["rows"]]


def reading(body: Mapping[str, Any], lang: str) -> str:
    """What the model does, in one sentence, from the numbers."""
    if not body["rows"]:
        return say(lang, "small_areas.label")
    if not body["between"]:
        return say(lang, "small_areas.no_between", n=body["areas"])
    moved = max(body["rows"], key=lambda row: abs(row["model_estimate"] - row["subjective"]))
    by = moved["model_estimate"] - moved["subjective"]
    key = "small_areas.reading" if body["slope"] is None else "small_areas.reading_objective"
    return say(
        lang,
        key,
        n=body["areas"],
        between=f"{body['between']:.1f}",
        community=moved["community"],
        by=f"{by:+.1f}".replace("-", "−"),
        people=int(moved["n"]),
    )


MEASURE = Measure(
    "small_areas",
    0,
    small_areas,
    (
        Table(
            "small_areas",
            COLUMNS,
            _rows,
            "community n subjective subjective_se model_estimate model_rmse own_share note_text",
            "page_quality.file_small_areas",
        ),
    ),
    lambda body, lang: [reading(body, lang)],
    options=(Option("covariate", "small_areas.help.covariate", Covariate, Covariate.none, asked=True),),
    place=6,
    title="page_quality.title_small_areas",
    seen=rows_seen("rows"),
)
