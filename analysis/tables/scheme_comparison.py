"""The year under another scheme, side by side: a what-if that is never the year's result."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.publication import snapshots
from analysis.publication.fixed_versions import late_codes
from analysis.scoring.results import Results
from survey.core.columns import CODE, NUMBER, TEXT, WHOLE, Column, columns
from survey.core.errors import Refused
from survey.store import Store
from survey.store.year import schemes

#: total, star and rank under the year's scheme and under the other, and their differences (other less own)
COLUMNS = columns(
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("sub_district", TEXT),
    Column("total", NUMBER),
    Column("total_other", NUMBER),
    Column("total_change", NUMBER),
    Column("star", WHOLE),
    Column("star_other", WHOLE),
    Column("star_change", WHOLE),
    Column("rank", WHOLE),
    Column("rank_other", WHOLE),
    Column("objective", NUMBER),
    Column("objective_other", NUMBER),
    Column("subjective", NUMBER),
    Column("subjective_other", NUMBER),
)


def against(store: Store, year: int, name: str) -> tuple[Results, Results, pd.DataFrame]:
    """The year's results, those under the scheme ``name``, and both beside each other (``COLUMNS``).

    Raises Refused for a year without data, an unknown scheme, or the year's own.
    """
    with store.read() as conn:
        snapshots.require_year(conn, year)
        if schemes.get(conn, name).id == schemes.applicable(conn, year).id:
            raise Refused("scheme.same_scheme", code=name, year=year)
    own, other = snapshots.results(store, year), snapshots.results(store, year, name)
    return own, other, side_by_side(own, other)


def side_by_side(own: Results, other: Results) -> pd.DataFrame:
    """One row a community of the year, in its order; empty where either has nothing.

    The other scheme scores all data there are: of communities whose published result does not count them it is left out,
    because the difference would not be the scheme's, and the other ranks with it.
    """
    late = late_codes(own)
    measures = ["total", "star", "rank", "objective", "subjective"]
    left = own.scores[["community_code", "community", "sub_district", *measures]]
    right = other.scores.loc[~other.scores["community_code"].isin(late), ["community_code", *measures]]
    if late:
        right = right.assign(rank=np.nan)
    both = left.merge(right, on="community_code", how="left", suffixes=("", "_other"))
    both["total_change"] = (both["total_other"] - both["total"]).round(2)
    both["star_change"] = both["star_other"] - both["star"]
    return both[list(COLUMNS.names)]
