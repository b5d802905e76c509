"""Which communities can be told apart: every pair of a sub-district and year, and the groups that follow.

Totals of two communities differ by their subjective parts' errors only (objective points are taken as exact), and
the samples of two communities are independent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from analysis.statistics.design import Bools, Floats
from analysis.statistics.differences import benjamini_hochberg, difference_test, known_error, satterthwaite
from analysis.statistics.ranks import critical_values, groups_of, league_order, sets_of, surely_above, tiers_of
from survey.core.columns import CODE, FLAG, NUMBER, TEXT, WHOLE, Column, columns

PAIR_COLUMNS = columns(
    Column("sub_district", TEXT),
    Column("year", WHOLE),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("rank", WHOLE),
    Column("other_code", CODE),
    Column("other", TEXT),
    Column("other_rank", WHOLE),
    Column("difference", NUMBER),
    Column("se", NUMBER),
    Column("df", NUMBER),
    Column("low", NUMBER),
    Column("high", NUMBER),
    Column("p", NUMBER),
    Column("q", NUMBER),
    Column("told_apart", FLAG),
)
_FIRST = {"community_code": "community_code", "community": "community", "rank": "rank"}
_SECOND = {"community_code": "other_code", "community": "other", "rank": "other_rank"}


def add_standing(scores: pd.DataFrame, ranked: Bools) -> None:
    """Rank sets, tier and ``differs_next`` of the ``ranked`` score rows, in place; NaN for the others.

    Columns ``rank_low, rank_high`` (marginal), ``rank_sim_low, rank_sim_high`` (simultaneous), ``tier`` (1 highest;
    each of a tier is told apart from each of another), ``differs_next`` (1 if surely above the next of the league,
    else 0; NaN for the last and where an error is unknown).
    """
    for name in ("rank_low", "rank_high", "rank_sim_low", "rank_sim_high", "tier", "differs_next"):
        scores[name] = np.nan
    for _, rows, exact, se, df in _leagues(scores, ranked):
        critical = critical_values(se, df)
        order = league_order(exact)
        apart = _apart(exact[order], se[order], critical.simultaneous)
        place = np.argsort(order, kind="stable")
        scores.loc[rows, "rank_low"], scores.loc[rows, "rank_high"] = sets_of(exact, se, critical.marginal)
        low, high = sets_of(exact, se, critical.simultaneous)
        scores.loc[rows, "rank_sim_low"], scores.loc[rows, "rank_sim_high"] = low, high
        known = ~np.isnan(se)
        scores.loc[rows, "tier"] = np.where(known, tiers_of(apart)[place], np.nan)
        scores.loc[rows, "differs_next"] = _next(apart, known[order])[place]


def league_groups(scores: pd.DataFrame) -> dict[str, list[tuple[int, int]]]:
    """Sub-district → places (first, last) of neighbours in its league whom nothing tells apart; scores of one year.

    Communities without a known error stand in no group.
    """
    scores = scores.reset_index(drop=True)
    found = {}
    for name, _, exact, se, df in _leagues(scores, scores["rank"].notna().to_numpy(dtype=bool)):
        critical = critical_values(se, df).simultaneous
        order = league_order(exact)
        place = np.flatnonzero(~np.isnan(se[order])) + 1
        order = order[place - 1]
        groups = groups_of(_apart(exact[order], se[order], critical))
        found[name] = [(int(place[first - 1]), int(place[last - 1])) for first, last in groups]
    return found


def _leagues(scores: pd.DataFrame, ranked: Bools) -> Iterator[tuple[str, pd.Index, Floats, Floats, Floats]]:
    """Sub-district, rows, unrounded totals, their errors and the degrees of freedom of these, of each league."""
    se, df = known_error(scores)
    place = scores["sub_district"].fillna("").astype(str) + "\0" + scores["year"].astype(str)
    for rows in scores[ranked].groupby(place[ranked], sort=False).groups.values():
        name = str(scores.loc[rows[0], "sub_district"] or "")
        places = rows.to_numpy()
        yield name, rows, scores.loc[rows, "total_exact"].to_numpy(dtype=np.float64), se[places], df[places]


def _apart(exact: Floats, se: Floats, critical: float) -> Bools:
    """(p, p) which pairs are told apart by one c for all."""
    above = surely_above(exact, se, critical)
    return above | above.T


def _next(apart: Bools, known: Bools) -> Floats:
    """(p,) whether each is told apart from the next one."""
    size = len(apart)
    at = np.arange(size - 1)
    found = np.full(size, np.nan)
    found[:-1] = np.where(known[:-1] & known[1:], apart[at, at + 1], np.nan)
    return found


def pair_frame(scores: pd.DataFrame) -> pd.DataFrame:
    """``PAIR_COLUMNS``, one row a pair of ranked communities of a sub-district and year, the higher total first.

    ``difference`` ≥ 0 in points of the unrounded totals, ``low, high`` its simultaneous 95 % interval (all pairs of the
    league at once), ``told_apart`` whether that leaves out 0; ``p`` of this pair by itself (t, Satterthwaite), ``q``
    after Benjamini & Hochberg over the league; empty where the error of one is not known.
    """
    scores = scores.reset_index(drop=True)
    pieces = []
    for name, rows, exact, se, df in _leagues(scores, scores["rank"].notna().to_numpy(dtype=bool)):
        league = scores.loc[rows]
        order = league_order(exact)
        first, second = (order[i] for i in np.triu_indices(len(order), 1))
        columns: dict[str, Any] = {"sub_district": name, "year": league["year"].iloc[0]}
        for place, titles in ((first, _FIRST), (second, _SECOND)):
            columns |= {titles[c]: league[c].to_numpy()[place] for c in titles}
        difference = exact[first] - exact[second]
        variances = np.square([se[first], se[second]])
        error = np.sqrt(variances.sum(axis=0))
        freedom = satterthwaite(variances, np.array([df[first], df[second]]))
        p = difference_test(difference, error, freedom)
        reach = critical_values(se, df).simultaneous * error
        told = pd.Series(difference > reach).astype("boolean").mask(np.isnan(error))
        columns |= {
            "difference": difference,
            "se": error,
            "df": freedom,
            "low": difference - reach,
            "high": difference + reach,
            "p": p,
            "q": benjamini_hochberg(p),
            "told_apart": told,
        }
        pieces.append(pd.DataFrame(columns, index=range(len(first)), columns=list(PAIR_COLUMNS.names)))
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=list(PAIR_COLUMNS.names))
