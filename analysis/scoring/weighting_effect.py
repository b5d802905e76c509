"""What weighting does to the 300 points of each community, shown beside the score whether it counts or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.sample.completeness import Item
from analysis.sample.item_values import item_scores
from analysis.sample.pooled_sample import Groups, Pool
from analysis.sample.small_groups import too_few, with_complements
from analysis.sample.weights import Axis, Weighted
from analysis.scheme.model import Scheme, Weighting
from analysis.statistics.design import Bools, Design, Floats
from analysis.statistics.estimation import Domains, base_of, conclude, lay_domains, linearise, variance
from analysis.statistics.weighting import design_effect
from survey.core.columns import CODE, FLAG, MANY, NUMBER, SHARE, WHOLE, Column, columns

#: what is shown where the scheme does not weight
BESIDE: Weighting = "rake"
#: one row a community and year
WEIGHT_COLUMNS = columns(
    Column("community_code", CODE),
    Column("year", WHOLE),
    Column("method", CODE),
    Column("official", FLAG),
    Column("applied", FLAG),
    Column("n", WHOLE),
    Column("unknown", WHOLE),
    Column("subjective_unweighted", NUMBER),
    Column("subjective_unweighted_se", NUMBER),
    Column("subjective_weighted", NUMBER),
    Column("subjective_weighted_se", NUMBER),
    Column("difference", NUMBER),
    Column("difference_se", NUMBER),
    Column("deff_weights", NUMBER),
    Column("n_effective", NUMBER),
    Column("weight_low", NUMBER),
    Column("weight_high", NUMBER),
    Column("trimmed", WHOLE),
    Column("population", WHOLE),
    Column("population_year", WHOLE),
    Column("note", CODE),
)
#: one row a community, year, margin and class of it
CLASS_COLUMNS = columns(
    Column("community_code", CODE),
    Column("year", WHOLE),
    Column("margin", CODE),
    Column("categories", MANY),
    Column("n", WHOLE),
    Column("population", WHOLE),
    Column("sample_share", SHARE),
    Column("population_share", SHARE),
    Column("factor", NUMBER, "weights.factor"),
)
_NEVER_BLANK = ("community_code", "year", "method", "official", "applied", "population", "population_year", "note")


def method_of(scheme: Scheme) -> Weighting:
    """The scheme's way of weighting, raking where it has none."""
    return BESIDE if scheme.weighting == "none" else scheme.weighting


def total_and_influence(
    scheme: Scheme, sample: Pool, domains: Domains, items: Sequence[Item], worth: Floats
) -> tuple[Floats, Floats]:
    """The 300 points by group (G,) and their influence under other weights; NaN where incomplete."""
    total, influence = np.zeros(domains.size), np.zeros(len(domains.of))
    for item, points in zip(items, worth.T, strict=True):
        values = sample.stack(lambda form, block, name=item.name: item_scores(form, block, name, scheme), item.parts)  # type: ignore[misc]
        scores = domains.take(values)
        mean, linearised = linearise(domains, base_of(domains, ~np.isnan(scores)), scores)
        total += np.where(points > 0, points * mean / 100, 0.0)
        influence += (points / 100)[domains.of] * linearised
    return total, influence


def beside(
    scheme: Scheme,
    sample: Pool,
    base: Design,
    weighted: Weighted,
    groups: Groups,
    scored: Bools,
    items: Sequence[Item],
    worth: Floats,
    known: Mapping[str, tuple[Floats, Floats]],
    open_: Bools,
) -> pd.DataFrame:
    """``WEIGHT_COLUMNS``: the subjective part with and without weights, the difference with its own error.

    ``known``: ``weighted`` or ``unweighted`` → total and influence, where the score has them already.  The
    difference is between two estimates from the same people, so its error comes from the difference of their
    influences.  Under 5 responses nothing is shown; a self-selected sample has no errors.
    """
    inside = np.where(scored, groups.code, -1)
    plain = lay_domains(base, inside, len(groups), None, sample.replicates)
    calibrated = lay_domains(weighted.design, inside, len(groups), weighted.calibration, sample.replicates)
    if not weighted.applied.any():  # the weights are the same, and so is everything that follows
        known = dict.fromkeys(("unweighted", "weighted"), *known.values())
    pairs = {
        name: known[name] if name in known else total_and_influence(scheme, sample, domains, items, worth)
        for name, domains in (("unweighted", plain), ("weighted", calibrated))
    }
    (before, before_z), (after, after_z) = pairs["unweighted"], pairs["weighted"]
    residual = calibrated.residual(after_z)
    n = base_of(plain)
    old = conclude(n, before, variance(plain, before_z))
    new = conclude(n, after, variance(calibrated, after_z))
    gap = conclude(n, after - before, variance(plain, residual - before_z), scale=np.abs(before))
    effect, effective = design_effect(weighted.design.weight, inside, len(groups))
    low, high = _range(weighted.design.weight, inside, len(groups))
    effect, effective, low, high = (np.where(n.mixed, np.nan, some) for some in (effect, effective, low, high))
    applied = weighted.applied
    frame = pd.DataFrame(
        {
            "community_code": groups.keys["community_code"],
            "year": groups.keys["year"].astype(np.int64),
            "method": method_of(scheme),
            "official": scheme.weighting != "none",
            "applied": applied,
            "n": n.n,
            "unknown": _unknown(weighted.axes),
            "subjective_unweighted": before,
            "subjective_unweighted_se": np.where(open_, np.nan, old.se),
            "subjective_weighted": np.where(applied, after, np.nan),
            "subjective_weighted_se": np.where(applied & ~open_, new.se, np.nan),
            "difference": np.where(applied, after - before, np.nan),
            "difference_se": np.where(applied & ~open_, gap.se, np.nan),
            "deff_weights": effect,
            "n_effective": effective,
            "weight_low": low,
            "weight_high": high,
            "trimmed": weighted.trimmed.astype(np.float64),
            "population": np.where(weighted.population > 0, weighted.population, np.nan),
            "population_year": weighted.year,
            "note": weighted.note,
        }
    )
    none, hide = n.n == 0, too_few(n.n)
    weightless = groups.any(~sample.weighs) & ~groups.any(sample.weighs)
    reason = np.where(weightless, "no_weight", "no_responses")
    frame["note"] = np.where(hide, "suppressed", np.where(none, reason, frame["note"]))
    for column in (c for c in WEIGHT_COLUMNS.names if c not in _NEVER_BLANK):
        frame[column] = frame[column].mask(hide)
    frame.loc[hide | none, "applied"] = False
    few = too_few(frame["unknown"].to_numpy(dtype=np.float64))
    frame["unknown"] = frame["unknown"].mask(few)
    return frame[list(WEIGHT_COLUMNS.names)]


def _unknown(axes: Sequence[Axis]) -> Floats:
    """(A,) responses of which the category is not known, of the margin that lacks most."""
    return np.asarray(np.max([axis.n[:, -1] for axis in axes], axis=0), dtype=np.float64)


def _range(weight: Floats, group: npt.NDArray[np.int64], size: int) -> tuple[Floats, Floats]:
    """Smallest and largest weight by group, in times the mean; NaN where nobody weighs anything."""
    rows = np.flatnonzero((group >= 0) & (weight > 0))
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(low, group[rows], weight[rows])
    np.maximum.at(high, group[rows], weight[rows])
    n = np.bincount(group[rows], minlength=size)
    mean = np.bincount(group[rows], weight[rows], size) / np.maximum(n, 1)
    divided = (np.where(n > 0, end / np.where(n > 0, mean, 1.0), np.nan) for end in (low, high))
    first, last = divided
    return first, last


def class_frame(weighted: Weighted, groups: Groups) -> pd.DataFrame:
    """``CLASS_COLUMNS``: what each class of the weighted communities holds, merged categories together.

    ``categories`` is a list of lists of labels, empty where the category is not known; a class of fewer than 5
    respondents keeps its counts and shares for itself, and so does one that would reveal it.
    """
    frames = [_axis_classes(axis, weighted, groups) for axis in weighted.axes]
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=[*CLASS_COLUMNS.names])
    if frame.empty:
        return pd.DataFrame(columns=[*CLASS_COLUMNS.names])
    keys = frame[["community_code", "year", "margin"]].assign(place=np.arange(len(frame)))
    hide = with_complements(keys, frame["n"].to_numpy(dtype=np.float64), ["place"])
    frame.loc[hide, ["n", "sample_share", "factor"]] = np.nan
    order = frame["_area"].argsort(kind="stable")
    return frame.iloc[order][list(CLASS_COLUMNS.names)].reset_index(drop=True)


def _axis_classes(axis: Axis, weighted: Weighted, groups: Groups) -> pd.DataFrame:
    """The classes of one axis in every weighted area."""
    areas, width = axis.n.shape
    place = np.arange(areas)[:, None] * width + axis.margin.classes
    n, weight, people = (
        np.bincount(place.ravel(), values.ravel(), areas * width) for values in (axis.n, axis.weight, axis.population)
    )
    area, kind = np.divmod(np.arange(areas * width), width)
    target = axis.margin.target.ravel()
    shown = np.flatnonzero(weighted.applied[area] & (n > 0))
    labels: dict[int, list[list[str]]] = {}
    for flat, c in zip(place.ravel().tolist(), np.tile(np.arange(width), areas).tolist(), strict=True):
        if c < width - 1 and axis.population[flat // width, c] + axis.n[flat // width, c] > 0:
            labels.setdefault(flat, []).append(list(axis.labels[c]))
    whole, total = axis.margin.target.sum(axis=1)[area], axis.weight.sum(axis=1)[area]
    with np.errstate(divide="ignore", invalid="ignore"):
        sample_share, population_share = weight / total, target / whole
        factor = population_share / sample_share
    known = kind < width - 1
    return pd.DataFrame(
        {
            "_area": area[shown],
            "community_code": groups.keys["community_code"].to_numpy()[area[shown]],
            "year": groups.keys["year"].to_numpy()[area[shown]],
            "margin": "_".join(axis.names),
            "categories": pd.Series([labels.get(i, []) if known[i] else [] for i in shown.tolist()], dtype=object),
            "n": n[shown],
            "population": np.where(known, people, np.nan)[shown],
            "sample_share": sample_share[shown],
            "population_share": population_share[shown],
            "factor": factor[shown],
        }
    )
