"""Values of objective indicators: every one kept with its file, sheet and row; the newest batch counts."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, func, insert, select

from survey.errors import Refused
from survey.store import bulk, register, years
from survey.store import tables as t

NUMBERS = ("value", "self_score", "assessor_score")
WORDS = ("kind", "value_text", "assessor", "method", "date", "evidence", "note", "sheet")
#: what ``append`` reads of a frame; only ``community_code`` and ``indicator`` must be there
COLUMNS = (
    "community_code", "indicator", "kind", "value", "value_text", "self_score", "assessor", "assessor_score",
    "method", "date", "evidence", "exempt", "note", "sheet", "row",
)  # fmt: skip
_TEXT = ("community_code", "indicator", *WORDS, "file")


def append(conn: Connection, batch_id: int, year: int, frame: pd.DataFrame) -> int:
    """Store the values of a year (columns of ``COLUMNS``) under a batch; returns how many.

    Raises Refused if the year is closed or a community is not in the register.
    """
    years.require_open(conn, [year])
    ids = register.codes(conn)
    rows = []
    for values in frame.reindex(columns=list(COLUMNS)).astype(object).to_dict("records"):
        row: dict[str, Any] = {str(k): None if pd.isna(v) else v for k, v in values.items()}
        code = str(row.pop("community_code"))
        if code not in ids:
            raise Refused("store.unknown_community", community=code)
        row |= {"kind": row["kind"] or "", "assessor": row["assessor"] or "", "exempt": bool(row["exempt"])}
        row |= {k: None if row[k] is None else float(row[k]) for k in NUMBERS}
        row["row"] = None if row["row"] is None else int(row["row"])
        rows.append({"batch_id": batch_id, "year": year, "community_id": ids[code], **row})
    if rows:
        conn.execute(insert(t.indicator_values), rows)
        years.bump(conn, [year])
    return len(rows)


def current(conn: Connection, year: int) -> pd.DataFrame:
    """What counts in a year: ``COLUMNS`` with ``batch_id, file``.

    The newest active batch that says anything about a community, indicator, kind and assessor wins, with
    all its rows about them (several cases of a deduction stay several).
    """
    data = history(conn, year)
    return data[data["current"]].drop(columns=["year", "current", "who", "created_at"]).reset_index(drop=True)


def history(
    conn: Connection, year: int, community_code: str | None = None, indicator: str | None = None
) -> pd.DataFrame:
    """All values of active batches, superseded ones too, oldest first, with ``current, who, created_at``."""
    c = t.communities.c
    query = _query(year)
    if community_code is not None:
        query = query.where(c.code == community_code)
    if indicator is not None:
        query = query.where(t.indicator_values.c.indicator == indicator)
    data = bulk.frame(conn, query, _TEXT)
    return data.astype({"current": bool, "exempt": bool, "row": "Int64", **dict.fromkeys(NUMBERS, "float64")})


def _query(year: int) -> Select[Any]:
    v, c, b = t.indicator_values.c, t.communities.c, t.batches.c
    newest = func.max(v.batch_id).over(partition_by=(v.community_id, v.indicator, v.kind, v.assessor))
    return (
        select(v.year, c.code.label("community_code"), *(v[name] for name in COLUMNS[1:]),
               v.batch_id, b.file, b.who, b.created_at, (v.batch_id == newest).label("current"))
        .join_from(t.indicator_values, t.batches)
        .join(t.communities, c.id == v.community_id)
        .where(v.year == year, b.state == "active")
        .order_by(v.id)
    )  # fmt: skip
