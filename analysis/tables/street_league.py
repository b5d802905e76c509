"""The streets of a year in one league: their ranks, what the sampling error leaves of these, and which can be told apart.

A street's total is that of its communities taken together, weighted by adult population (``streets``); objective points are
taken as exact and streets as independent samples, as communities are in ``pairs``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.scoring.pairs import PAIR_COLUMNS, add_standing, pair_frame
from analysis.scoring.results import Results
from analysis.scoring.streets import AREA_COLUMNS, area_table
from analysis.statistics.ranks import competition_rank
from survey.core import limits
from survey.core.columns import TEXT, WHOLE, Column, columns

LEAGUE_COLUMNS = columns(
    Column("rank", WHOLE),
    Column("rank_low", WHOLE),
    Column("rank_high", WHOLE),
    Column("tier", WHOLE),
)
_PAIRED = ("year", "rank", "other_rank", "difference", "se", "df", "low", "high", "p", "q", "told_apart")
AREA_LEAGUE_COLUMNS = columns(*AREA_COLUMNS, *LEAGUE_COLUMNS)
STREET_PAIR_COLUMNS = columns(
    Column("sub_district", TEXT),
    Column("other", TEXT),
    *(column for column in PAIR_COLUMNS if column.name in _PAIRED),
)


def street_league(results: Results) -> pd.DataFrame:
    """``results.streets`` with ``LEAGUE_COLUMNS``; NaN where there is one street only, without a total, a name or weights
    and for samples that are open to all."""
    found = results.streets.reset_index(drop=True)
    total = found["weighted_total"].to_numpy(dtype=np.float64)
    open_ = np.array(["open_sample" in str(note).split(";") for note in found["note"]], dtype=bool)
    ranked = ~np.isnan(total) & ~open_ & (found["sub_district"].fillna("") != "").to_numpy(dtype=bool)
    if ranked.sum() < 2:
        return found.assign(**dict.fromkeys(LEAGUE_COLUMNS.names, np.nan))
    rows = _as_scores(found, int(results.meta["year"]))
    rank = np.full(len(rows), np.nan)
    rank[ranked] = competition_rank(np.round(total[ranked], limits.TOTAL_DECIMALS))
    rows["rank"] = rank
    add_standing(rows, ranked)
    return found.assign(**{name: rows[name].to_numpy() for name in LEAGUE_COLUMNS.names})


def as_league(results: Results) -> pd.DataFrame:
    """The streets with ``LEAGUE_COLUMNS`` as rows of one league, in the columns of communities that ``scoring.pairs`` reads."""
    return _as_scores(street_league(results), int(results.meta["year"]))


def area_league(results: Results, lang: str) -> pd.DataFrame:
    """``AREA_LEAGUE_COLUMNS``: the table of all areas with the streets' standing; a district stands in no league."""
    areas = area_table(results, lang)
    league = street_league(results)[["sub_district", *LEAGUE_COLUMNS.names]].assign(district="")
    if not len(league):  # nobody is registered: two empty tables have no common type to be joined by
        empty: pd.DataFrame = AREA_LEAGUE_COLUMNS.typed(areas.assign(**dict.fromkeys(LEAGUE_COLUMNS.names, np.nan)))
        return empty[list(AREA_LEAGUE_COLUMNS.names)]
    typed: pd.DataFrame = AREA_LEAGUE_COLUMNS.typed(areas.merge(league, how="left", on=["district", "sub_district"]))
    return typed[list(AREA_LEAGUE_COLUMNS.names)]


def street_pairs(results: Results) -> pd.DataFrame:
    """``STREET_PAIR_COLUMNS``, one row a pair of ranked streets, the higher first; columns as in ``pairs.pair_frame``."""
    pairs = pair_frame(as_league(results))
    pairs = pairs.assign(sub_district=pairs["community"])
    typed: pd.DataFrame = STREET_PAIR_COLUMNS.typed(pairs[list(STREET_PAIR_COLUMNS.names)])
    return typed


def _as_scores(streets: pd.DataFrame, year: int) -> pd.DataFrame:
    """Streets as the communities of one league."""
    names = streets["sub_district"].fillna("").astype(str)
    return streets.assign(
        community_code=names, community=names, sub_district="", year=year, total_exact=streets["weighted_total"]
    )
