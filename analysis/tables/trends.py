"""Several years of every community along its unbroken line, and what changed since the line began.

A line breaks where a year is not comparable with the one before: another scheme, other questions or indicators, another
area (``BREAKS`` among the notes), or where years are missing in between and the scheme is another.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.scoring.results import Results
from analysis.statistics.design import Bools, Floats
from analysis.statistics.differences import (
    benjamini_hochberg,
    change_words,
    difference_test,
    known_error,
    satterthwaite,
)
from survey.core.columns import CODE, NUMBER, TEXT, WHOLE, Column, columns

#: notes that mean a year is not comparable with the one before
BREAKS = ("scheme_changed", "items_changed", "indicators_changed", "area_changed")
TREND_COLUMNS = columns(
    Column("sub_district", TEXT),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("year", WHOLE),
    Column("line", WHOLE),
    Column("broken_by", CODE),
    Column("total", NUMBER),
    Column("total_low", NUMBER),
    Column("total_high", NUMBER),
    Column("star", WHOLE),
    Column("objective", NUMBER),
    Column("subjective", NUMBER),
    Column("subjective_se", NUMBER),
    Column("change_objective", NUMBER),
    Column("change_subjective", NUMBER),
    Column("change_word", CODE),
    Column("since", WHOLE),
    Column("since_objective", NUMBER),
    Column("since_subjective", NUMBER),
    Column("since_subjective_se", NUMBER),
    Column("since_p", NUMBER),
    Column("since_q", NUMBER),
    Column("since_word", CODE),
)


def trend_frame(computed: Sequence[Results]) -> pd.DataFrame:
    """``TREND_COLUMNS``, one row a community and year, by community in the order of the last year's register.

    ``line`` counts the unbroken lines of a community from 1, ``broken_by`` the note (or ``scheme``) that began one.
    ``since`` is the first year of the line, ``since_*`` what changed from then to this year: years are taken as
    independent samples, q after Benjamini & Hochberg over the communities of a sub-district and year; empty in the
    first year of a line and in the second, whose change against the year before says the same.
    """
    if not computed:
        return pd.DataFrame(columns=list(TREND_COLUMNS.names))
    rows = _stacked(computed)
    began = rows["broken_by"].notna() | ~rows["community_code"].duplicated()
    rows["line"] = began.groupby(rows["community_code"]).cumsum().astype(int)
    line = rows.groupby(["community_code", "line"])
    rows["since"] = line["year"].transform("first")
    later = (line.cumcount() > 1).to_numpy(dtype=bool)
    first = line.head(1).set_index(["community_code", "line"])
    start = first.reindex(pd.MultiIndex.from_frame(rows[["community_code", "line"]])).reset_index(drop=True)
    _add_since(rows, start, later)
    rows["since"] = rows["since"].astype(int)
    return rows[list(TREND_COLUMNS.names)].reset_index(drop=True)


def _stacked(computed: Sequence[Results]) -> pd.DataFrame:
    """Score rows of all years by community and year, with the scheme of each and why its line breaks."""
    pieces = []
    for results in sorted(computed, key=lambda r: int(r.meta["year"])):
        scheme = f"{results.meta['scheme']} {results.meta['scheme_version']}"
        pieces.append(results.scores.assign(scheme=scheme, _order=np.arange(len(results.scores))))
    rows = pd.concat([p.dropna(axis=1, how="all") for p in pieces], ignore_index=True)
    rows = rows.reindex(columns=list(dict.fromkeys([*rows.columns, *pieces[-1].columns])))
    place = rows.groupby("community_code")["_order"].transform("last")
    rows = (
        rows.assign(_place=place)
        .sort_values(["_place", "community_code", "year"], kind="stable")
        .reset_index(drop=True)
    )
    code, year = rows["community_code"], rows["year"].astype(int)
    known = (code == code.shift()).to_numpy(dtype=bool)
    gap = (
        known & (year != year.shift() + 1).to_numpy(dtype=bool) & (rows["scheme"] != rows["scheme"].shift()).to_numpy()
    )
    rows["broken_by"] = pd.Series(
        [
            break_of(note) or ("scheme_changed" if g else None) if k else None
            for note, k, g in zip(rows["note"], known, gap, strict=True)
        ],
        dtype=object,
    )
    return rows.assign(year=year)


def break_of(note: object) -> str | None:
    """The first code of a note that cuts a year off from the one before, None for none."""
    return next((code for code in str(note or "").split(";") if code.partition(":")[0] in BREAKS), None)


def _add_since(rows: pd.DataFrame, start: pd.DataFrame, later: Bools) -> None:
    """The difference to the first year of the line, and its test."""

    def number(frame: pd.DataFrame, name: str) -> Floats:
        return frame[name].to_numpy(dtype=np.float64)

    (se, df), (old_se, old_df) = known_error(rows), known_error(start)
    variances = np.square([se, old_se])
    error = np.where(later, np.sqrt(variances.sum(axis=0)), np.nan)
    for part in ("objective", "subjective"):
        rows[f"since_{part}"] = np.where(later, number(rows, part) - number(start, part), np.nan)
    difference = number(rows, "since_subjective")
    rows["since_subjective_se"] = np.where(np.isnan(difference), np.nan, error)
    p = difference_test(
        difference, number(rows, "since_subjective_se"), satterthwaite(variances, np.array([df, old_df]))
    )
    rows["since_p"] = p
    family = rows["sub_district"].fillna("").astype(str) + "\0" + rows["year"].astype(str)
    q = np.full(len(rows), np.nan)
    for index in rows.groupby(family).indices.values():
        q[index] = benjamini_hochberg(p[index])
    rows["since_q"] = q
    rows["since_word"] = pd.Series(change_words(difference, q), dtype=object, index=rows.index)
