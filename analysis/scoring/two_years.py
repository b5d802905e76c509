"""The subjective part of two years side by side: what changed over the items that both years have, and its error.

Both years are scored under one scheme.  The difference is linear in item means, so its linearised variable is the
later year's less the earlier year's; summed within the units of the joint design (``overlap``) its variance holds the
covariance of people or PSUs that were asked twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.sample.completeness import Item, completeness, scored_items
from analysis.sample.item_values import item_scores
from analysis.sample.panel_overlap import overlap_of
from analysis.sample.pooled_sample import Part, Pool, group_by, pool
from analysis.sample.weights import official_weights
from analysis.scheme.model import Scheme
from analysis.scoring.subjective import item_points
from analysis.statistics.design import Bools, Floats, Ints
from analysis.statistics.differences import satterthwaite
from analysis.statistics.estimation import Domains, base_of, conclude, lay_domains, linearise, variance
from survey.core import limits
from survey.core.columns import CODE, FLAG, NUMBER, WHOLE, Column, columns
from survey.form.model import Question

COLUMNS = columns(
    Column("community_code", CODE),
    Column("difference", NUMBER),
    Column("se", NUMBER),
    Column("df", NUMBER),
    Column("items", WHOLE),
    Column("of", WHOLE),
    Column("points", NUMBER),
    Column("shared", FLAG),
    Column("panel", FLAG),
    Column("pairs", WHOLE),
)


def compare_years(
    scheme: Scheme, parts: Sequence[Part], year: int, population: pd.DataFrame | None = None
) -> pd.DataFrame:
    """``COLUMNS``, one row a community that has responses in ``year`` and in the year before.

    ``parts``: questionnaires with the responses of either year; ``population`` serves the scheme's weighting.  ``difference`` in points over the common items
    (``items`` of the ``of`` that count in ``year``), each worth what it is worth in ``year``, together ``points``;
    ``se, df`` its error; ``shared, panel`` whether PSUs or people are in both years, ``pairs`` how many people.  Empty where fewer than 10
    responses of a year are scored or fewer than 5 answered one of the items; se is empty where it can't be known.
    Samples with replicate weights are independent of the other year's.
    """
    sample = pool(parts)
    later = sample.numbers("year") == year
    items = scored_items(scheme, parts)
    taken = completeness(scheme, sample, items)
    groups = group_by({"year": sample.factor("year"), "community_code": sample.community}, len(sample))
    design, calibration = official_weights(scheme, sample, groups, taken.scored, population)
    domains = lay_domains(design, np.where(taken.scored, groups.code, -1), len(groups), calibration, sample.replicates)
    now, then = _pairs(groups.keys, year)
    worth, needed = item_points(scheme, sample, groups, items)
    alike = np.array([_same_scale(sample, item, later) for item in items], dtype=bool)
    common = needed[now] & needed[then] & alike
    points = np.where(common, worth[now], 0.0)
    difference, influence, fewest = _differences(scheme, sample, domains, items, points, (now, then))
    influence = domains.residual(influence)
    scored = groups.count(taken.scored)
    shown = (
        (scored[now] >= limits.TOTALS_BELOW) & (scored[then] >= limits.TOTALS_BELOW) & (fewest >= limits.NOTHING_BELOW)
    )
    shown &= common.any(axis=1) & ~np.isnan(difference)
    community = _community(groups.code, taken.scored, (now, then), len(groups))
    joint = overlap_of(sample, later)
    together = lay_domains(
        replace(joint.design, lonely=scheme.lonely_psu), community, len(now), None, sample.replicates
    )
    paired = _paired(domains, together, influence, (now, then), len(sample))
    se, df = _errors(replace(domains, calibration=None), together, influence, paired, points.sum(axis=1), (now, then))
    apart = _any(community, sample.replicated, len(now))
    shared, panel = (_any(community, flag, len(now)) & ~apart for flag in (joint.shared, joint.panel))
    dfs = np.where(shared | panel, df[0], df[1])
    values = {"difference": difference, "se": se, "df": dfs, "points": points.sum(axis=1)}
    return pd.DataFrame(
        {
            "community_code": groups.keys["community_code"].to_numpy()[now],
            **{name: np.where(shown, v, np.nan) for name, v in values.items()},
            "items": common.sum(axis=1),
            "of": needed[now].sum(axis=1),
            "shared": shared,
            "panel": panel,
            "pairs": np.where(panel, _count(community, joint.again, len(now)), 0),
        }
    )[list(COLUMNS.names)]


def _pairs(keys: pd.DataFrame, year: int) -> tuple[Ints, Ints]:
    """Group of the year and group of the year before, of each community that has both."""
    places = keys.reset_index(names="group")
    now = places[places["year"] == year].set_index("community_code")["group"]
    then = places[places["year"] == year - 1].set_index("community_code")["group"]
    both = [code for code in now.index if code in then.index]
    return now[both].to_numpy(dtype=np.int64), then[both].to_numpy(dtype=np.int64)


def _same_scale(sample: Pool, item: Item, later: Bools) -> bool:
    """Whether an item is scored alike in all questionnaires of both years, in the same dimension."""
    used = [p for p in item.parts if len(sample.parts[p][1])]
    scales = {_scale(sample.parts[p][0].question(item.name)) for p in used}
    years = {bool(flag) for p in used for flag in np.unique(later[sample.bounds[p]])}
    return len(scales) == 1 and years == {False, True}


def _scale(question: Question) -> tuple[object, ...]:
    choices = tuple((c.name, c.level, c.score, c.missing) for c in question.choices)
    return (
        question.coding,
        choices,
        question.low,
        question.high,
        question.unit,
        question.reverse,
        question.recode,
        question.dimension,
    )


def _differences(
    scheme: Scheme, sample: Pool, domains: Domains, items: Sequence[Item], points: Floats, pairs: tuple[Ints, Ints]
) -> tuple[Floats, Floats, Floats]:
    """(K,) differences of the pairs, (L,) their influence, signed, and (K,) fewest answers to an item."""
    now, then = pairs
    difference, fewest = np.zeros(len(now)), np.full(len(now), np.inf)
    influence = np.zeros(len(domains.of))
    for item, worth in zip(items, points.T, strict=True):
        signed = np.zeros(domains.size)
        signed[now], signed[then] = worth / 100, -worth / 100
        scores = domains.take(_scores(scheme, sample, item))
        base = base_of(domains, ~np.isnan(scores))
        mean, linearised = linearise(domains, base, scores)
        influence += signed[domains.of] * linearised
        used = worth > 0
        difference += np.where(used, worth / 100 * (mean[now] - mean[then]), 0.0)
        fewest = np.where(used, np.minimum(fewest, np.minimum(base.n[now], base.n[then])), fewest)
    return difference, influence, fewest


def _scores(scheme: Scheme, sample: Pool, item: Item) -> Floats:
    return sample.stack(lambda form, block: item_scores(form, block, item.name, scheme), item.parts)


def _paired(domains: Domains, joint: Domains, influence: Floats, pairs: tuple[Ints, Ints], size: int) -> Floats:
    """The influence of the pairs' differences under the joint design."""
    m = len(domains.group)
    whole = np.zeros(size)
    whole[slice(None) if domains.rows is None else domains.rows] = influence[:m]
    linear = joint.take(whole)
    if domains.replicated is None:
        return linear
    now, then = pairs
    moved = domains.replicated.by_sample(influence[m:])
    return np.concatenate([linear, *((by_group[now] + by_group[then]).ravel() for by_group in moved)])


def _community(group: Ints, scored: Bools, pairs: tuple[Ints, Ints], size: int) -> Ints:
    """(n,) place of the pair that a scored response belongs to, −1 for none."""
    place = np.full(size + 1, -1, dtype=np.int64)
    for side in pairs:
        place[side] = np.arange(len(side))
    return np.where(scored & (group >= 0), place[group], -1)


def _errors(
    domains: Domains, joint: Domains, influence: Floats, paired: Floats, points: Floats, pairs: tuple[Ints, Ints]
) -> tuple[Floats, tuple[Floats, Floats]]:
    """(K,) standard errors under the joint design, and degrees of freedom of that design and of independent years."""
    result = conclude(base_of(joint), points, variance(joint, paired))
    flat = np.isnan(result.low)
    base = base_of(domains)
    parts = variance(domains, influence)
    alone = satterthwaite(np.array([parts[side] for side in pairs]), np.array([base.df[side] for side in pairs]))
    return np.where(flat, np.nan, result.se), (result.df, alone)


def _count(place: Ints, flag: Bools, size: int) -> Ints:
    """(K,) scored responses of each pair with the flag."""
    return np.bincount(place[(place >= 0) & flag], minlength=size)


def _any(place: Ints, flag: Bools, size: int) -> Bools:
    inside = place >= 0
    return np.bincount(place[inside], flag[inside], size) > 0
