"""One row a sub-district: its communities taken together (contract §5, “across communities”)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.change import change_words, difference_test, known_error, same_scheme, satterthwaite
from analysis.design import Bools, Floats
from analysis.estimation import t_quantile
from analysis.notes import join_notes
from analysis.results import STREET_COLUMNS, Results
from analysis.scheme.model import Scheme
from analysis.smallgroups import NOTHING_BELOW


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
    rows = [_street(name, group, populations) for name, group in scores.groupby(names, sort=False)]
    frame = pd.DataFrame(rows, columns=[*STREET_COLUMNS])
    return _with_change(scheme, frame, scores, populations, previous)


def _population(codes: pd.Series, populations: Mapping[str, float]) -> Floats:
    """Adults by community, NaN where the register has none."""
    values = np.array([populations.get(code, np.nan) for code in codes], dtype=np.float64)
    return np.where(values > 0, values, np.nan)


def _street(name: str, group: pd.DataFrame, populations: Mapping[str, float]) -> dict[str, object]:
    """One row, without its change."""
    rated = group[group["total_exact"].notna()]
    row: dict[str, object] = dict.fromkeys(STREET_COLUMNS, np.nan)
    row |= {"sub_district": name, "communities": len(group), "with_total": len(rated), "n": float(rated["n"].sum()),
            "change_word": None, "note": ""}  # fmt: skip
    if 0 < rated["n"].sum() < NOTHING_BELOW:
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
    return row | {"note": ";".join(notes)}


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
        "subjective": subjective, "subjective_se": error, "subjective_low": subjective - half,
        "subjective_high": subjective + half, "subjective_df": freedom,
    }  # fmt: skip


def _kinds(rated: pd.DataFrame) -> list[str]:
    """Notes of the communities that hold for the street as well."""
    codes = {code for note in rated["note"] for code in str(note).split(";")}
    return [code for code in ("open_sample", "quota_sample", "one_psu", "no_variation", "no_df") if code in codes]


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
    now, then = _common(frame, scores, populations, previous)
    difference = np.where(blocked, np.nan, (now["subjective"] - then["subjective"]).to_numpy(dtype=np.float64))
    (se, df), (old_se, old_df) = known_error(now), known_error(then)
    variances = np.square([se, old_se])
    error = np.where(np.isnan(difference), np.nan, np.sqrt(variances.sum(axis=0)))
    p = difference_test(difference, error, satterthwaite(variances, np.array([df, old_df])))
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
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each street this year and the year before, over the communities that have a total in both; NaN where none."""
    columns = ["subjective", "subjective_se", "subjective_low", "subjective_high", "subjective_df"]
    old = previous.scores[previous.scores["total_exact"].notna()].drop_duplicates("community_code")
    old = old.set_index("community_code")
    rows: list[tuple[dict[str, object], dict[str, object]]] = []
    for name in frame["sub_district"]:
        mine = scores[(scores["sub_district"].fillna("") == name) & scores["total_exact"].notna()]
        both = mine[mine["community_code"].isin(old.index)]
        people = _population(both["community_code"], populations)
        if both.empty or np.isnan(people).any():
            rows.append(({}, {}))
            continue
        share = people / people.sum()
        rows.append((_weighted(both, share), _weighted(old.loc[both["community_code"]], share)))
    now, then = (pd.DataFrame([r[i] for r in rows]).reindex(columns=columns).astype(np.float64) for i in (0, 1))
    return now, then


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
