"""One row a sub-district: its communities taken together (docs/results.md, “Sub-districts”)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.scheme.model import Scheme
from analysis.scoring.change import same_scheme
from analysis.scoring.results import STREET_COLUMNS, Results
from analysis.statistics.design import Bools, Floats
from analysis.statistics.differences import change_words, difference_test, known_error, satterthwaite
from analysis.statistics.estimation import t_quantile
from analysis.statistics.notes import CONTRADICTS, join_notes, note_text
from survey.core import limits
from survey.core.columns import TEXT, Column, columns

#: sub-districts and districts, worded
AREA_COLUMNS = columns(Column("district", TEXT), *STREET_COLUMNS, Column("note_text", TEXT))


def streets(
    scheme: Scheme, scores: pd.DataFrame, populations: Mapping[str, float], previous: Results | None = None
) -> pd.DataFrame:
    """``STREET_COLUMNS`` of score rows of one year (``rating.rate``).

    Weighted by adult population (``community_code`` → persons) over the communities that have a total;
    ``coverage`` is their share of the population.  A missing population leaves what is weighted empty, note
    ``no_population``; ``mean_total`` (社区平均) is the plain mean.  The subjective standard error takes the
    communities as independent samples, degrees of freedom after Satterthwaite.
    """
    names = scores["sub_district"].fillna("").astype(str)
    full = scheme.subjective_points
    rows = [_street(name, group, populations, full) for name, group in scores.groupby(names, sort=False)]
    frame = pd.DataFrame(rows, columns=[*STREET_COLUMNS.names])
    return _with_change(scheme, frame, scores, populations, previous)


def districts(
    scheme: Scheme,
    scores: pd.DataFrame,
    places: Mapping[str, str],
    populations: Mapping[str, float],
    previous: Results | None = None,
) -> list[dict[str, Any]]:
    """Districts of several sub-districts taken together as ``streets`` does: ``district`` and ``STREET_COLUMNS``.

    ``places`` community code → district.  ``sub_district`` is empty; None for what is empty.
    """
    of = _districts_of(scores, places)
    several = [name for name, g in scores.groupby(of) if name and g["sub_district"].fillna("").nunique() > 1]
    if not several:
        return []
    mine = scores[of.isin(several)].assign(sub_district=of)
    before = None
    if previous is not None:
        before = replace(previous, scores=previous.scores.assign(sub_district=_districts_of(previous.scores, places)))
    frame = streets(scheme, mine, populations, before)
    frame = frame.assign(district=frame["sub_district"], sub_district="")
    plain = frame.astype(object).where(frame.notna(), None)
    return [
        {str(k): v for k, v in row.items()} for row in plain[["district", *STREET_COLUMNS.names]].to_dict("records")
    ]


def _districts_of(scores: pd.DataFrame, places: Mapping[str, str]) -> pd.Series[str]:
    return pd.Series([places.get(str(c), "") for c in scores["community_code"]], scores.index, dtype=object)


def area_table(results: Results, lang: str) -> pd.DataFrame:
    """``AREA_COLUMNS``, ``district`` empty for a sub-district: every sub-district, then districts."""
    rows = pd.DataFrame(results.extra.get("districts", []), columns=list(AREA_COLUMNS.names[:-1]))
    table = pd.concat([f for f in (results.streets.assign(district=""), rows) if len(f)] or [rows], ignore_index=True)
    table["note_text"] = [note_text(note, lang) if note else None for note in table["note"]]
    typed: pd.DataFrame = AREA_COLUMNS.typed(table)
    return typed[list(AREA_COLUMNS.names)]


def _population(codes: pd.Series, populations: Mapping[str, float]) -> Floats:
    """Adults by community, NaN where the register has none."""
    values = np.array([populations.get(code, np.nan) for code in codes], dtype=np.float64)
    return np.where(values > 0, values, np.nan)


def _street(name: str, group: pd.DataFrame, populations: Mapping[str, float], full: float) -> dict[str, object]:
    """One row, without its change; ``full`` marks of the subjective part."""
    rated = group[group["total_exact"].notna()]
    row: dict[str, object] = dict.fromkeys(STREET_COLUMNS.names, np.nan)
    row |= {
        "sub_district": name,
        "communities": len(group),
        "with_total": len(rated),
        "n": float(rated["n"].sum()),
        "change_word": None,
        "note": "",
    }
    if 0 < rated["n"].sum() < limits.NOTHING_BELOW:
        return row | {"n": np.nan, "note": "suppressed"}
    if rated.empty:
        return row
    row["mean_total"] = float(rated["total_exact"].mean())
    people, everyone = (
        _population(rated["community_code"], populations),
        _population(group["community_code"], populations),
    )
    row["coverage"] = float(people.sum() / everyone.sum())
    notes = ["coverage_unknown"] if np.isnan(everyone).any() else []
    if np.isnan(people).any():
        notes = ["no_population"]
    else:
        share = people / people.sum()
        row |= _weighted(rated, share)
        notes += _kinds(rated)
    return _cut(row | {"note": ";".join(notes)}, full)


def _cut(row: dict[str, object], full: float) -> dict[str, object]:
    """The interval of the subjective part cut at 0 and full marks, which the note tells."""
    low, mean, high = (float(str(row[f"subjective{end}"])) for end in ("_low", "", "_high"))
    if not 0 <= mean <= full or not (low < 0 or high > full):
        return row
    notes = [*filter(None, str(row["note"]).split(";")), "interval_cut"]
    return row | {"subjective_low": max(low, 0.0), "subjective_high": min(high, full), "note": ";".join(notes)}


def _weighted(rated: pd.DataFrame, share: Floats) -> dict[str, object]:
    """Population-weighted total and subjective part with its error."""
    se, df = known_error(rated)
    variances = np.square(share * se)
    subjective = float(share @ rated["subjective"].to_numpy(dtype=np.float64))
    error = float(np.sqrt(variances.sum()))
    freedom = float(satterthwaite(variances, df))
    half = 0.0 if error == 0 else float(t_quantile(np.array([freedom]))[0]) * error
    return {
        "weighted_total": float(share @ rated["total_exact"].to_numpy(dtype=np.float64)),
        "subjective": subjective,
        "subjective_se": error,
        "subjective_low": subjective - half,
        "subjective_high": subjective + half,
        "subjective_df": freedom,
    }


def _kinds(rated: pd.DataFrame) -> list[str]:
    """Notes of the communities that hold for the street as well."""
    codes = {code for note in rated["note"] for code in str(note).split(";")}
    kinds = ("open_sample", "quota_sample", "one_psu", "no_variation", "no_df", "fpc_left_out", "third_stage")
    return [*(code for code in kinds if code in codes), *sorted(c for c in codes if c.startswith(CONTRADICTS))]


def _with_change(
    scheme: Scheme,
    frame: pd.DataFrame,
    scores: pd.DataFrame,
    populations: Mapping[str, float],
    previous: Results | None,
) -> pd.DataFrame:
    """The change of the subjective part against the year before, tested on its own (p).

    Like is compared with like: the communities that have a total in both years, with this year's population
    shares, so that a community that comes or goes moves nothing.
    """
    if previous is None or previous.scores.empty or frame.empty:
        return frame
    there = frame["sub_district"].isin(previous.scores["sub_district"].fillna("")).to_numpy(dtype=bool)
    items_changed = _street_flag(frame, scores, "items_changed")
    scheme_changed = there & (not same_scheme(scheme, previous.meta))
    blocked = scheme_changed | items_changed
    difference, error, df = _common(frame, scores, populations, previous)
    difference = np.where(blocked, np.nan, difference)
    error = np.where(np.isnan(difference), np.nan, error)
    p = difference_test(difference, error, df)
    frame["change_subjective"], frame["change_subjective_se"], frame["change_p"] = difference, error, p
    frame["change_word"] = pd.Series(change_words(difference, p), dtype=object)
    other = there & ~blocked & _other_communities(frame, scores, previous)
    flags = (
        (scheme_changed, "scheme_changed"),
        (items_changed & ~scheme_changed, "items_changed"),
        (other, "communities_changed"),
    )
    frame["note"] = join_notes(len(frame), *flags, start=frame["note"])
    return frame


def _common(
    frame: pd.DataFrame, scores: pd.DataFrame, populations: Mapping[str, float], previous: Results
) -> tuple[Floats, Floats, Floats]:
    """Change of each street with error and degrees of freedom, over the communities that have a total in both years
    and a change; NaN where none.  Each brings its own error, which knows of people or PSUs that were asked twice."""
    old = set(previous.scores["community_code"][previous.scores["total_exact"].notna()])
    usable = scores["total_exact"].notna() & scores["change_subjective"].notna() & scores["community_code"].isin(old)
    rows: list[tuple[float, float, float]] = []
    for name in frame["sub_district"]:
        both = scores[usable & (scores["sub_district"].fillna("") == name)]
        people = _population(both["community_code"], populations)
        if both.empty or np.isnan(people).any():
            rows.append((np.nan, np.nan, np.nan))
            continue
        share = people / people.sum()
        change, se, df = (both[f"change_{c}"].to_numpy(dtype=np.float64) for c in ("subjective", "subjective_se", "df"))
        variances = np.square(share * se)
        rows.append((float(share @ change), float(np.sqrt(variances.sum())), float(satterthwaite(variances, df))))
    found = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return found[:, 0], found[:, 1], found[:, 2]


def _street_flag(frame: pd.DataFrame, scores: pd.DataFrame, code: str) -> Bools:
    """Sub-districts in which a community carries the note."""
    flagged = [code in str(note).split(";") for note in scores["note"]]
    names = set(scores["sub_district"].fillna("")[flagged])
    return frame["sub_district"].isin(names).to_numpy(dtype=bool)


def _other_communities(frame: pd.DataFrame, scores: pd.DataFrame, previous: Results) -> Bools:
    """Sub-districts in which other communities have a total than the year before."""
    now, then = (_with_total(s) for s in (scores, previous.scores))
    return np.array([now.get(name) != then.get(name) for name in frame["sub_district"]], dtype=bool)


def _with_total(scores: pd.DataFrame) -> dict[str, frozenset[str]]:
    rated = scores[scores["total_exact"].notna()]
    groups = rated.groupby(rated["sub_district"].fillna("").astype(str))["community_code"]
    return {str(name): frozenset(codes) for name, codes in groups}
