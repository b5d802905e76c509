"""Which communities of a sub-district can be told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.scoring.pairs import PAIR_COLUMNS, league_groups, pair_frame
from dashboard.data.files import File, table
from dashboard.data.results import Source
from dashboard.data.year import Row, Year, read_year
from dashboard.pages.compare.service import shown_as
from dashboard.web.access import Viewer
from survey.core.lang import say

#: communities that a table of all pairs holds at once
MOST = 20


@dataclass(frozen=True)
class Telling:
    """``groups`` places (first, last) of neighbours whom nothing tells apart; ``rows`` the ranked communities in scope,
    highest first, ``pairs`` (code, code of a lower one) → its row of ``pair_frame``; both empty above ``MOST``."""

    groups: tuple[tuple[int, int], ...]
    rows: tuple[Row, ...]
    pairs: Mapping[tuple[str, str], Row]
    many: bool

    @property
    def known(self) -> bool:
        """Whether any two can be compared."""
        return len(self.rows) > 1 or self.many


def pairs_of_street(found: Year, street: str) -> Telling:
    """The pairs of one sub-district that the viewer sees."""
    scores = found.results.scores
    mine = scores[scores["sub_district"].fillna("") == street]
    groups = tuple(league_groups(mine).get(street, ()))
    seen = [r for r in found.of_street(street) if r["rank"] is not None and r["rank_low"] is not None]
    rows = tuple(sorted(seen, key=lambda r: -float(r["total_exact"])))
    if len(rows) > MOST:
        return Telling(groups, (), {}, True)
    pairs = {(r["community_code"], r["other_code"]): r for r in pair_frame(mine).to_dict("records")}
    return Telling(groups, rows, pairs, False)


def pair_table(viewer: Viewer, source: Source, year: int, street: str) -> pd.DataFrame:
    """All pairs of one sub-district of which the viewer sees both."""
    found = read_year(viewer, source, year)
    frame = pair_frame(found.results.scores)
    seen = {r["community_code"] for r in found.of_street(found.street(street))}
    both = frame["community_code"].isin(seen) & frame["other_code"].isin(seen)
    return frame[both].reset_index(drop=True)


def pairs(viewer: Viewer, source: Source, year: int, street: str, lang: str, kind: str = "csv") -> File:
    """Every pair of a sub-district's communities, and whether they can be told apart."""
    frame = pair_table(viewer, source, year, street)
    stem = f"{year}_{say(lang, 'page_compare.pairs_name')}"
    return table(stem, frame, kind, shown_as(stem, PAIR_COLUMNS, read_year(viewer, source, year), lang))
