"""Communities beside those of their own kind (分类指导): means and places within the register's type (基础类型).

A kind is a type within a sub-district and year.  A place is given among three or more ranked communities only, with the
95 % rank set of ``analysis.statistics.ranks`` computed within the kind; a mean from two on, since the mean of one is its own value.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.statistics.design import Bools, Floats
from analysis.statistics.differences import known_error
from analysis.statistics.ranks import competition_rank, rank_sets
from survey.core import limits
from survey.core.columns import CODE, NUMBER, TEXT, WHOLE, Column, columns

#: fewest ranked communities of a kind that give a place
FEWEST = 3
COLUMNS = columns(
    Column("sub_district", TEXT),
    Column("year", WHOLE),
    Column("type", TEXT),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("feature", TEXT),
    Column("of_type", WHOLE),
    Column("with_total", WHOLE),
    Column("total", NUMBER),
    Column("type_mean", NUMBER),
    Column("type_difference", NUMBER),
    Column("type_rank", WHOLE),
    Column("type_rank_low", WHOLE),
    Column("type_rank_high", WHOLE),
    Column("type_note", CODE),
)
_PLACES = ("type_rank", "type_rank_low", "type_rank_high")


def with_types(scores: pd.DataFrame) -> pd.DataFrame:
    """Score rows that have ``type`` and ``feature``, ``''`` where the register says nothing (or did not say then)."""
    known = {name: scores[name].fillna("").astype(str) if name in scores else "" for name in ("type", "feature")}
    return scores.reset_index(drop=True).assign(
        **{n: v if isinstance(v, str) else v.to_numpy() for n, v in known.items()}
    )


def kinds(scores: pd.DataFrame) -> pd.Series[str]:
    """What kind a row of ``with_types`` is of; ``''`` without a type."""
    key = scores["sub_district"].fillna("").astype(str) + "\0" + scores["year"].astype(str) + "\0" + scores["type"]
    return key.where(scores["type"] != "", "")


def type_frame(scores: pd.DataFrame) -> pd.DataFrame:
    """``COLUMNS``, one row a community, those of a kind together, the highest total first.

    ``of_type``: communities of the kind, ``with_total`` of them with a total; ``type_mean`` the plain mean of those
    totals and ``type_difference`` this community's less it; ``type_rank`` with its 95 % set.  ``type_note``: ``no_type``,
    ``alone`` (the only one of its type), ``few`` (fewer than three ranked: no place), else empty.
    """
    rows = with_types(scores)
    rows["kind"] = kinds(rows)
    typed = rows["kind"] != ""
    grouped = rows.groupby("kind")["total"]
    rows["of_type"] = grouped.transform("size").where(typed)
    rows["with_total"] = grouped.transform("count").where(typed)
    rows["type_mean"] = grouped.transform("mean").where(typed & (rows["with_total"] > 1))
    rows["type_difference"] = rows["total"] - rows["type_mean"]
    ranked = (rows["rank"].notna() & typed).to_numpy(dtype=bool)
    _add_places(rows, ranked)
    competing = rows["kind"].map(rows[ranked].groupby("kind").size()).fillna(0)
    rows["type_note"] = np.select(
        [~typed, rows["of_type"] == 1, competing < FEWEST], ["no_type", "alone", "few"], default=""
    )
    order = rows.assign(missing=rows["total"].isna(), down=-rows["total"].fillna(0.0))
    order = order.sort_values(["sub_district", "type", "missing", "down"], kind="stable")
    return order[list(COLUMNS.names)].reset_index(drop=True)


def _add_places(rows: pd.DataFrame, ranked: Bools) -> None:
    """Places and their sets within each kind of ``FEWEST`` or more, in place."""
    for name in _PLACES:
        rows[name] = np.nan
    se, _ = known_error(rows)
    for places in rows[ranked].groupby("kind").indices.values():
        if len(places) < FEWEST:
            continue
        found = rows.index[ranked][places]
        exact = rows.loc[found, "total_exact"].to_numpy(dtype=np.float64)
        total: Floats = rows.loc[found, "total"].to_numpy(dtype=np.float64)
        rows.loc[found, "type_rank"] = competition_rank(total).astype(np.float64)
        rows.loc[found, "type_rank_low"], rows.loc[found, "type_rank_high"] = rank_sets(exact, se[found.to_numpy()])


def type_means(scores: pd.DataFrame, code: str, columns: list[str]) -> dict[str, float]:
    """Means of columns over the communities of one community's kind; empty for a kind of one or none.

    The residents' points of communities with fewer than 10 respondents are left out, and a mean of fewer than two too.
    """
    rows = with_types(scores)
    kind = kinds(rows)
    own = kind[rows["community_code"] == code]
    if not len(own) or own.iloc[0] == "":
        return {}
    mine = rows[kind == own.iloc[0]]
    few = mine["n"].fillna(0) < limits.TOTALS_BELOW
    means = {}
    for name in columns:
        values = mine.loc[~few if name.startswith("subjective") else few | ~few, name].dropna()
        if len(values) > 1:
            means[name] = float(values.mean())
    return means
