"""Change against the year before: which differences are more than sampling error.

Two years are independent samples (variances add, degrees of freedom after Satterthwaite 1946), unless people or PSUs
were asked in both (``two_years``).  p by Student's t, false discoveries controlled by Benjamini & Hochberg (1995) over
the communities of a sub-district.  Where the questions or the scheme are others, the items of both years are compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.scheme.model import Scheme
from analysis.scoring.results import Results
from analysis.statistics.design import Bools, Floats
from analysis.statistics.differences import (
    benjamini_hochberg,
    change_words,
    difference_test,
    known_error,
    satterthwaite,
)


def same_scheme(scheme: Scheme, meta: Mapping[str, Any]) -> bool:
    """Whether dimensions, points, preset and way of weighting are those of an earlier snapshot."""
    now = [(d.code, d.objective_points, d.subjective_points) for d in scheme.dimensions]
    then = [(d["code"], d["objective_points"], d["subjective_points"]) for d in meta.get("dimensions", ())]
    weighting = (scheme.weighting, meta.get("weighting", scheme.weighting))
    if now != then or scheme.preset != meta.get("preset", scheme.preset) or len({*weighting}) > 1:
        return False
    scores = meta.get("preset_scores") or {}
    presets = {str(length): list(values) for length, values in scheme.presets.get(scheme.preset, {}).items()}
    return all(list(values) == presets.get(str(length)) for length, values in scores.items())


def same_indicators(scheme: Scheme, previous: Results) -> bool:
    """Whether the objective part is made of the same indicators with the same points."""
    then = previous.indicators
    if then.empty:
        return True
    return {(i.code, i.points) for i in scheme.scored_indicators} == set(
        zip(then["indicator"], then["points"], strict=True)
    )


def item_sets(items: pd.DataFrame | None) -> dict[str, frozenset[tuple[str, str, float]]]:
    """Community → its scored items with dimension and points."""
    if items is None or items.empty:
        return {}
    points = items["points"].astype(float).round(6)
    rows = pd.DataFrame(
        {"code": items["community_code"], "key": list(zip(items["item"], items["dimension"], points, strict=True))}
    )
    return {str(code): frozenset(keys) for code, keys in rows.groupby("code")["key"]}


def same_points(scheme: Scheme, earlier: Scheme) -> bool:
    """Whether an earlier scheme has the same dimensions, points and preset."""
    dimensions = [(d.code, d.objective_points, d.subjective_points) for d in earlier.dimensions]
    names = ("code", "objective_points", "subjective_points")
    return same_scheme(
        scheme,
        {
            "dimensions": [dict(zip(names, d, strict=True)) for d in dimensions],
            "preset": earlier.preset,
            "preset_scores": earlier.presets.get(earlier.preset, {}),
        },
    )


def add_changes(
    frame: pd.DataFrame,
    scheme: Scheme,
    previous: Results | None,
    items: pd.DataFrame | None,
    together: pd.DataFrame | None = None,
    areas: Mapping[str, str] | None = None,
) -> tuple[pd.DataFrame, list[tuple[Bools, str | list[str]]]]:
    """The ``change_*`` columns of score rows, and (mask, note or notes by row) pairs that say how to read them.

    ``together``: ``two_years.compare_years`` of the communities that need it; ``areas``: ``merged_communities.broken_in``, whose
    line breaks here: no change of any kind.
    """
    frame = frame.copy()
    before = _before(frame, previous)
    both = _together(frame, together)
    codes = frame["community_code"].astype(str)
    merged = codes.isin(areas or {}).to_numpy(dtype=bool)
    known = before["there"].to_numpy(dtype=bool) & ~merged
    comparable = previous is not None and same_scheme(scheme, previous.meta)
    subjective = known & comparable
    objective = subjective & (previous is not None and same_indicators(scheme, previous))
    other_indicators = subjective & ~objective
    changed_items = subjective & _items_changed(frame, items, previous)
    subjective &= ~changed_items
    frame["change_objective"] = np.where(objective, frame["objective"] - before["objective"], np.nan)
    frame["change_subjective"] = np.where(subjective, frame["subjective"] - before["subjective"], np.nan)
    difference = frame["change_subjective"].to_numpy(dtype=np.float64)
    se, df, twice = _errors(frame, before, both)
    frame["change_subjective_se"] = np.where(np.isnan(difference), np.nan, se)
    frame["change_df"] = np.where(frame["change_subjective_se"].notna(), df, np.nan)
    frame["change_p"] = difference_test(difference, frame["change_subjective_se"].to_numpy(), df)
    _add_common(frame, both, known & ~subjective, ~np.isnan(se))
    add_q(frame)
    common = frame["change_common"].notna().to_numpy()
    counts = [f"common_items:{k:.0f}/{n:.0f}" for k, n in zip(both["items"], both["of"], strict=True)]
    used = twice & (common | ~np.isnan(difference))
    return frame, [
        (merged, [f"area_changed:{(areas or {}).get(code, '')}" for code in codes]),
        (known & (not comparable), "scheme_changed"),
        (other_indicators, "indicators_changed"),
        (changed_items, "items_changed"),
        (common, counts),
        (used & both["shared"].to_numpy(dtype=bool), "shared_psu"),
        (used & both["panel"].to_numpy(dtype=bool), "panel"),
        (used & (both["pairs"] > 0).to_numpy(), [f"panel_pairs:{k:.0f}" for k in both["pairs"]]),
    ]


def _together(frame: pd.DataFrame, together: pd.DataFrame | None) -> pd.DataFrame:
    """The rows of ``compare_years`` in the order of ``frame``, empty where there is none."""
    numbers = ["difference", "se", "df", "items", "of", "points"]
    if together is None:
        both = pd.DataFrame(index=frame.index, columns=numbers, dtype=np.float64)
        return both.assign(shared=False, panel=False, pairs=0)
    found = together.set_index("community_code").reindex(frame["community_code"]).reset_index(drop=True)
    flags = {name: found[name].eq(True).to_numpy() for name in ("shared", "panel")}
    pairs = found["pairs"].fillna(0) if "pairs" in found else 0
    return found[numbers].astype(np.float64).assign(**flags, pairs=pairs)


def _errors(frame: pd.DataFrame, before: pd.DataFrame, both: pd.DataFrame) -> tuple[Floats, Floats, Bools]:
    """Standard error and degrees of freedom of the change, and where people or PSUs that were asked twice count in it.

    Where both years together give no error (nobody changed, one PSU), the years are taken as independent.
    """
    se, df = known_error(frame)
    old_se, old_df = known_error(before)
    variances = np.square([se, old_se])
    error, freedom = np.sqrt(variances.sum(axis=0)), satterthwaite(variances, np.array([df, old_df]))
    joint, joint_df = (both[name].to_numpy(dtype=np.float64) for name in ("se", "df"))
    twice = (both["shared"] | both["panel"]).to_numpy(dtype=bool) & ~np.isnan(error) & ~np.isnan(joint)
    return np.where(twice, joint, error), np.where(twice, joint_df, freedom), twice


def _add_common(frame: pd.DataFrame, both: pd.DataFrame, wanted: Bools, tested: Bools) -> None:
    """The change over the items of both years, where it is ``wanted``; with its error where it can be ``tested``."""
    wanted = wanted & both["difference"].notna().to_numpy()
    difference = np.where(wanted, both["difference"], np.nan)
    se = np.where(wanted & tested, both["se"], np.nan)
    frame["change_common"], frame["change_common_se"] = difference, se
    frame["change_common_points"] = np.where(wanted, both["points"], np.nan)
    frame["change_common_p"] = difference_test(difference, se, both["df"].to_numpy(dtype=np.float64))


def add_q(frame: pd.DataFrame) -> None:
    """q and words of both kinds of change, in place: a community has one of them, and all of a sub-district are one family."""
    whole, common = (frame[name].to_numpy(dtype=np.float64) for name in ("change_p", "change_common_p"))
    q = _q_by_sub_district(frame, np.where(np.isnan(whole), common, whole))
    for name, p, change in (("change", whole, "change_subjective"), ("change_common", common, "change_common")):
        frame[f"{name}_q"] = np.where(np.isnan(p), np.nan, q)
        words = change_words(frame[change].to_numpy(dtype=np.float64), frame[f"{name}_q"].to_numpy())
        frame[f"{name}_word"] = pd.Series(words, dtype=object, index=frame.index)


def _before(frame: pd.DataFrame, previous: Results | None) -> pd.DataFrame:
    """The score rows of the year before in the order of ``frame``; ``there`` tells which exist."""
    columns = ["objective", "subjective", "subjective_se", "subjective_low", "subjective_df"]
    if previous is None or previous.scores.empty:
        return pd.DataFrame({c: np.full(len(frame), np.nan) for c in columns}).assign(there=False)
    old = previous.scores.drop_duplicates("community_code").set_index("community_code")
    found = old[columns].astype(np.float64).reindex(frame["community_code"]).reset_index(drop=True)
    return found.assign(there=frame["community_code"].isin(old.index).to_numpy())


def _items_changed(frame: pd.DataFrame, items: pd.DataFrame | None, previous: Results | None) -> Bools:
    now, then = item_sets(items), item_sets(None if previous is None else previous.items)
    codes = frame["community_code"].astype(str)
    return np.array([c in now and c in then and now[c] != then[c] for c in codes], dtype=bool)


def _q_by_sub_district(frame: pd.DataFrame, p: Floats) -> Floats:
    family = frame["sub_district"].fillna("").astype(str) + "\0" + frame["year"].astype(str)
    q = np.full(len(frame), np.nan)
    for rows in frame.groupby(family).indices.values():
        q[rows] = benjamini_hochberg(p[rows])
    return q
