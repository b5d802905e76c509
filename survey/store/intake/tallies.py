"""What became of the rows of a year's files, as columns."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from survey.store.engine import frames
from survey.store.engine import tables as t
from survey.store.intake.batches import TALLY_COLUMNS


def tally(conn: Connection, year: int) -> pd.DataFrame:
    """The tallies of a year's active batches: ``batch_id, target, community_code`` and ``TALLY_COLUMNS``."""
    c = t.tallies.c
    query = (
        select(
            c.batch_id,
            t.batches.c.target,
            t.communities.c.code.label("community_code"),
            *(c[name] for name in TALLY_COLUMNS),
        )
        .join_from(t.tallies, t.batches)
        .outerjoin(t.communities, t.communities.c.id == c.community_id)
        .where(c.year == year, t.batches.c.state == "active")
        .order_by(c.batch_id, t.communities.c.position)
    )
    return frames.frame(conn, query, ("target", "community_code", "mode")).astype({"community_id": "Int64"})
