"""What became of the rows of a year's files, as columns."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, func, select, union

from survey.store import settled
from survey.store.engine import frames
from survey.store.engine import tables as t
from survey.store.intake.batches import TALLY_COLUMNS


def tally(conn: Connection, year: int) -> pd.DataFrame:
    """The tallies of a year's active batches: ``batch_id, target, community_code`` and ``TALLY_COLUMNS``.

    Whose place another response took was received twice, like a duplicate.
    """
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
    found = frames.frame(conn, query, ("target", "community_code", "mode")).astype({"community_id": "Int64"})
    taken = settled.places_taken(conn)
    if taken is None:
        return found
    r = t.responses.c
    keys = (r.batch_id, r.community_id, r.mode)
    gone = select(*keys, func.count()).where(r.year == year, r.id.in_(taken)).group_by(*keys)
    less = {tuple(key): int(n) for *key, n in conn.execute(gone)}
    said = zip(*(found[name].tolist() for name in ("batch_id", "community_id", "mode")), strict=True)
    n = [less.get((batch, None if pd.isna(place) else place, mode), 0) for batch, place, mode in said]
    return found.assign(stored=found["stored"] - n, duplicate=found["duplicate"] + n)


def reached(conn: Connection, batch_id: int) -> set[tuple[int, str | None]]:
    """Year and code of every community that a batch has a row of, refused or not; None for what is of no community."""
    holders = (t.tallies, t.response_counts, t.indicator_values, t.calls)
    each = (
        select(h.c.year, t.communities.c.code)
        .select_from(h.outerjoin(t.communities, t.communities.c.id == h.c.community_id))
        .where(h.c.batch_id == batch_id)
        for h in holders
    )
    return {(int(year), None if code is None else str(code)) for year, code in conn.execute(union(*each))}
