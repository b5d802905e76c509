"""A year's indicator values as tables: how each stands, and everything that was ever said about one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.engine import Connection

from analysis.cycle.decided_results import lay_reviews
from analysis.cycle.stored_steps import reviewed_values
from analysis.indicators.stored import plain_rows
from analysis.scheme.serial import from_dict
from analysis.scoring.merged_communities import communities_in
from analysis.scoring.objective import score_indicators
from survey.core.columns import CODE, DATE, FLAG, MIXED, NUMBER, TEXT, WHOLE, Column, columns
from survey.files.own_workbooks import header_key
from survey.store.year import indicators, reviews, schemes

#: added to the columns of a result's indicators: the community's name, and what assessors gave
SPREAD = columns(
    Column("assessors", WHOLE),
    Column("assessor_mean", NUMBER),
    Column("assessor_low", NUMBER),
    Column("assessor_high", NUMBER),
)
#: what the list says of a value, in order; ``why`` is the rule's sentence
LISTED = (
    columns(
        Column("community_code", CODE),
        Column("community", TEXT),
        Column("indicator", CODE),
        Column("name", TEXT),
        Column("dimension", CODE),
        Column("office", TEXT),
        Column("points", NUMBER),
        Column("value", MIXED),
        Column("points_got", NUMBER),
        Column("review", CODE),
        Column("self_score", NUMBER),
    )
    + SPREAD
    + columns(
        Column("method", TEXT),
        Column("date", DATE),
        Column("evidence", TEXT),
        Column("entered_by", TEXT),
        Column("entered_at", DATE),
        Column("reviewed_by", TEXT),
        Column("reviewed_at", DATE),
        Column("review_reason", TEXT),
        Column("change_reason", TEXT),
        Column("why", TEXT),
    )
)
#: one row a change or review of one value: ``what`` is ``import``, ``entry``, ``approve`` or ``return``; ``counts``
#: says of a change whether any of it counts now: ``yes``, ``no`` (a newer one does), ``undone``
PAST = columns(
    Column("at", DATE),
    Column("who", TEXT),
    Column("what", CODE),
    Column("change", WHOLE),
    Column("kind", CODE),
    Column("value", MIXED),
    Column("self_score", NUMBER),
    Column("assessor", TEXT),
    Column("assessor_score", NUMBER),
    Column("exempt", FLAG),
    Column("method", TEXT),
    Column("date", DATE),
    Column("evidence", TEXT),
    Column("reason", TEXT),
    Column("note", TEXT),
    Column("file", TEXT),
    Column("sheet", TEXT),
    Column("row", WHOLE),
    Column("counts", CODE),
)


def values_table(conn: Connection, year: int, codes: Collection[str] | None = None) -> pd.DataFrame:
    """Every community (of ``codes``) and indicator of the year's scheme, with points, reviews and ``SPREAD``.

    Columns ``analysis.scoring.results.INDICATOR_COLUMNS``, ``community`` and ``SPREAD``.  Raises Refused for a year without a
    scheme.
    """
    scheme = from_dict(schemes.applicable(conn, year).definition)
    places = {c.code: c.name for c in communities_in(conn, year) if codes is None or c.code in codes}
    one = next(iter(places)) if len(places) == 1 else None
    current = indicators.current(conn, year, one)
    frame = score_indicators(scheme, current, list(places.items()))
    frame = lay_reviews(frame, reviewed_values(conn, year, scheme, one, current))
    frame.insert(1, "community", frame["community_code"].map(places))
    spread = _spread(current).to_dict("index")
    at = list(zip(frame["community_code"], frame["indicator"].map(header_key), strict=True))
    return frame.assign(**{name: [spread.get(key, {}).get(name, np.nan) for key in at] for name in SPREAD.names})


def _spread(current: pd.DataFrame) -> pd.DataFrame:
    """How many assessors scored, their mean, lowest and highest, by community and folded code."""
    given = current[current["assessor_score"].notna()]
    keys = [given["community_code"].astype(object), given["indicator"].map(header_key).astype(object)]
    table = given["assessor_score"].groupby(keys).agg(["size", "mean", "min", "max"])
    return table.set_axis(list(SPREAD.names), axis=1)


def past(conn: Connection, year: int, code: str, indicator: str) -> pd.DataFrame:
    """Everything said about one value, oldest first (``PAST``): what was taken back and every review, too."""
    rows: list[dict[str, Any]] = []
    for row in plain_rows(indicators.history(conn, year, code, indicator, undone=True)):
        counts = "undone" if row["state"] == "undone" else "yes" if row["current"] else "no"
        value = row["value"] if row["value"] is not None else row["value_text"]
        rows.append(
            {
                **row,
                "what": "entry" if row["batch_kind"] == "entry" else "import",
                "change": row["batch_id"],
                "value": value,
                "counts": counts,
            }
        )
    for seen in reviews.log(conn, year, code, indicator):
        rows.append({**seen, "what": seen["outcome"]})
    rows.sort(key=lambda row: row["created_at"])
    typed: pd.DataFrame = PAST.typed(pd.DataFrame(rows, columns=list(PAST.names)))
    return typed
