"""The 300 points: what residents say, by community and year, with the error of every number (docs/methods.md, “The 300 points”).

Item score: weighted mean of the 0–100 scores of the responses that have one.  Dimension: item-weighted mean
of its item scores x points / 100.  Total: sum of the dimensions.  All three are linear in item means, so
their standard errors are those of the same sum of the items' linearised variables: covariance between
items and differing numbers of answers are honoured exactly.  Replicate weights are such influences, too.

Every stored response belongs to the sample; those that are scored are a domain of it (as in R
``subset(design, scored)``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.sample.completeness import INCOMPLETE, INELIGIBLE, PARTIAL, Completeness, Item, completeness, scored_items
from analysis.sample.item_spread import answer_places, best_first, spread
from analysis.sample.item_values import choice_scores, item_scores
from analysis.sample.pooled_sample import Groups, Part, Pool, group_by, pool
from analysis.sample.populations import no_population
from analysis.sample.small_groups import too_few
from analysis.sample.weights import Weighted, weigh_sample
from analysis.scheme.model import Scheme
from analysis.scoring.subjective_items import ItemMeans, item_frame
from analysis.scoring.weighting_effect import beside, class_frame, method_of
from analysis.statistics.design import Bools, Floats
from analysis.statistics.estimation import Domains, base_of, conclude, lay_domains, measure, variance
from analysis.statistics.notes import join_notes
from survey.core import limits

Texts = npt.NDArray[np.object_]
#: full marks summed item by item may end this far above
_ROUNDING = 1e-9
_IDENTITY = ["community_code", "community", "sub_district", "year"]


@dataclass(frozen=True)
class SubjectiveScores:
    """Frames of the subjective part.

    ``communities``  one row a community and year: ``community_code, community, sub_district, year, n,
                     n_received, n_partial, n_excluded, subjective, subjective_se, subjective_low,
                     subjective_high, subjective_df``, ``subjective_<d>, subjective_<d>_se`` for each
                     dimension, ``modes`` (dict of the scored), ``note``.  ``n`` = scored, ``n_received`` =
                     stored = n + n_excluded.
    ``items``        ``year``, ``results.ITEM_COLUMNS``, ``note``: one row a community and item.
    ``flow``         ``community_code, year, ineligible, incomplete, partial, scored, modes``.
    ``weights``      ``weighting_effect.WEIGHT_COLUMNS``, ``classes`` its CLASS_COLUMNS: what weighting does.
    Empty is NaN, None or ``{}``, and ``note`` says why.
    """

    communities: pd.DataFrame
    items: pd.DataFrame
    flow: pd.DataFrame
    weights: pd.DataFrame
    classes: pd.DataFrame


def score_subjective(scheme: Scheme, parts: Sequence[Part], population: pd.DataFrame | None = None) -> SubjectiveScores:
    """Score the responses of one or several questionnaires and years under one scheme.

    ``population`` (``store.register.population``) serves the scheme's weighting, which is shown beside where it
    does not count.  Raises ``Refused`` where the sampling design means nothing (weights, fpc).
    """
    sample = pool(parts)
    design = replace(sample.design, lonely=scheme.lonely_psu)
    items = scored_items(scheme, parts)
    taken = completeness(scheme, sample, items)
    groups = group_by({"year": sample.factor("year"), "community_code": sample.community}, len(sample))
    people = no_population() if population is None else population
    weighted = weigh_sample(sample, design, groups, taken.scored, scheme, method_of(scheme), people)
    inside = np.where(taken.scored, groups.code, -1)
    if scheme.weighting == "none":
        domains = lay_domains(design, inside, len(groups), None, sample.replicates)
    else:
        domains = lay_domains(weighted.design, inside, len(groups), weighted.calibration, sample.replicates)
    worth, needed = item_points(scheme, sample, groups, items)
    influence = {d.code: np.zeros(len(domains.of)) for d in scheme.dimensions}
    measured = []
    for item, points in zip(items, worth.T, strict=True):
        means, linearised = _measure(scheme, sample, domains, taken, item, points)
        influence[item.dimension.code] += (points / 100)[domains.of] * linearised
        measured.append(means)
    open_, sampled = sample.sample_notes(groups)
    counts = _counts(sample, taken, groups)
    scores = cut_interval(_scores(scheme, domains, influence, measured, needed), scheme.subjective_points)
    hide, totals_only = too_few(counts["n"]), too_few(counts["n"], limits.TOTALS_BELOW)
    revealing = _single_item_too_small(measured, needed)
    frame = pd.concat([_identity(sample, groups), pd.DataFrame({**counts, **scores})], axis=1)
    frame["modes"] = pd.Series(_modes(sample, taken.scored, groups), dtype=object)
    weightless = groups.any(~sample.weighs) & ~groups.any(sample.weighs)
    frame["note"] = _notes(frame, weightless, measured, needed, open_, sampled)
    if scheme.weighting != "none":
        frame["note"] = _with_weighting(frame["note"], weighted, counts["n"])
    mine = "unweighted" if scheme.weighting == "none" else "weighted"
    known = {mine: (frame["subjective"].to_numpy(dtype=np.float64), np.sum([*influence.values()], axis=0))}
    weights = beside(scheme, sample, design, weighted, groups, taken.scored, items, worth, known, open_)
    flow = _flow(frame, taken, groups, hide)
    apart = totals_only | revealing  # no breakdown, neither by dimension nor by item
    communities = _shown(scheme, frame.drop(columns="_note"), hide, apart, open_)
    items_shown = item_frame(groups, [_without_error(m, open_) for m in measured], hide, apart)
    return SubjectiveScores(communities, items_shown, flow, weights, class_frame(weighted, groups))


def _with_weighting(note: pd.Series, weighted: Weighted, n: Floats) -> Texts:
    """The notes with what the weighting has to say of a community that shows anything."""
    told = (weighted.note != "") & (n >= limits.NOTHING_BELOW)
    return join_notes(len(note), (told, weighted.note), start=note)


def item_points(scheme: Scheme, sample: Pool, groups: Groups, items: Sequence[Item]) -> tuple[Floats, Bools]:
    """(G, J) points each item is worth in a group, and whether the group's questionnaires have it."""
    part = np.repeat(np.arange(len(sample.parts)), [len(block) for _, block in sample.parts])
    return points_where(scheme, sample, [groups.any(part == p) for p in range(len(sample.parts))], items)


def points_where(scheme: Scheme, sample: Pool, used: Sequence[Bools], items: Sequence[Item]) -> tuple[Floats, Bools]:
    """The same where it is known by questionnaire which groups (G,) have responses to it."""
    worth = np.zeros((len(used[0]) if used else 0, len(items)))
    for j, item in enumerate(items):
        for p in item.parts:  # the last questionnaire used in a group decides what the item weighs there
            worth[used[p], j] = sample.parts[p][0].question(item.name).weight
    needed = worth > 0
    for dimension in scheme.dimensions:
        mine = _columns(items, dimension.code)
        total = worth[:, mine].sum(axis=1, keepdims=True)
        worth[:, mine] *= dimension.subjective_points / np.where(total > 0, total, 1.0)
    return worth, needed


def _columns(items: Sequence[Item], dimension: str) -> list[int]:
    return [j for j, item in enumerate(items) if item.dimension.code == dimension]


def _measure(
    scheme: Scheme, sample: Pool, domains: Domains, taken: Completeness, item: Item, points: Floats
) -> tuple[ItemMeans, Floats]:
    """One item: its mean score and the spread of its answers by group, and the mean's influence."""
    values = sample.stack(lambda form, block: item_scores(form, block, item.name, scheme), item.parts)
    scores = domains.take(values)
    estimate, linearised = measure(domains, base_of(domains, ~np.isnan(scores)), scores)
    choices = best_first(sample, item.name, item.parts)
    places = domains.take(answer_places(sample, item.name, item.parts, choices))
    missing, shares = spread(domains, places, len(choices))
    asked = domains.total(domains.take(taken.asked[item.name]))
    worth = choice_scores(item.question, scheme)
    return ItemMeans(item, estimate, asked, points, missing, choices, shares, worth), linearised


def _scores(
    scheme: Scheme, domains: Domains, influence: Mapping[str, Floats], measured: Sequence[ItemMeans], needed: Bools
) -> dict[str, Floats | Texts]:
    """Total and dimensions with their errors; ``_note`` is the kernel's note on the total."""
    base = base_of(domains)
    size = domains.size
    columns: dict[str, Floats | Texts] = {}
    total, total_influence = np.zeros(size), np.zeros(len(domains.of))
    for dimension in scheme.dimensions:
        mine = [j for j, m in enumerate(measured) if m.item.dimension.code == dimension.code]
        points = np.zeros(size)
        for j in mine:
            points += np.where(needed[:, j], measured[j].points * measured[j].estimate.mean / 100, 0.0)
        if dimension.subjective_points:
            points[~needed[:, mine].any(axis=1)] = np.nan
        else:
            points[:] = 0.0
        result = conclude(base, points, variance(domains, influence[dimension.code]))
        columns[f"subjective_{dimension.code}"] = points
        columns[f"subjective_{dimension.code}_se"] = result.se
        total += points
        total_influence += influence[dimension.code]
    whole = conclude(base, total, variance(domains, total_influence))
    return {
        "subjective": np.where(base.n > 0, total, np.nan),
        "subjective_se": whole.se,
        "subjective_low": whole.low,
        "subjective_high": whole.high,
        "subjective_df": whole.df,
        **columns,
        "_note": whole.note,
    }


def cut_interval(scores: dict[str, Floats | Texts], full: float) -> dict[str, Floats | Texts]:
    """``subjective_low`` and ``subjective_high`` cut at 0 and full marks, which ``_note`` tells (``interval_cut``)."""
    low, high = (np.asarray(scores[f"subjective_{end}"], dtype=np.float64) for end in ("low", "high"))
    cut = (low < -_ROUNDING) | (high > full + _ROUNDING)
    note = join_notes(len(cut), (cut, "interval_cut"), start=scores["_note"])
    return scores | {"subjective_low": np.maximum(low, 0.0), "subjective_high": np.minimum(high, full), "_note": note}


def _identity(sample: Pool, groups: Groups) -> pd.DataFrame:
    """Code, name, sub-district and year of every group; name and sub-district of its first response."""
    inside = np.flatnonzero(groups.code >= 0)
    first = np.empty(len(groups), dtype=np.int64)
    first[groups.code[inside][::-1]] = inside[::-1]
    frame = groups.keys.copy()
    for name in ("community", "sub_district"):
        values = sample.column(name).iloc[first].tolist()
        frame[name] = pd.Series([None if pd.isna(v) else v for v in values], dtype=object)
    frame["year"] = frame["year"].astype(np.int64)
    return frame[_IDENTITY]


def _counts(sample: Pool, taken: Completeness, groups: Groups) -> dict[str, Floats]:
    stored, scored = groups.count().astype(np.float64), groups.count(taken.scored).astype(np.float64)
    partial = groups.count(taken.status == PARTIAL).astype(np.float64)
    return {"n": scored, "n_received": stored, "n_partial": partial, "n_excluded": stored - scored}


def _modes(sample: Pool, scored: Bools, groups: Groups) -> list[dict[str, int]]:
    """Scored responses of each group by mode."""
    codes, names = sample.factor("mode")
    counts = [groups.count(scored & (codes == i)) for i in range(len(names))]
    return [{str(m): int(c[g]) for m, c in zip(names, counts, strict=True) if c[g]} for g in range(len(groups))]


def _notes(
    frame: pd.DataFrame, weightless: Bools, measured: Sequence[ItemMeans], needed: Bools, open_: Bools, sampled: Texts
) -> Texts:
    """Why something of a group is empty, or how it should be read; ``weightless`` (G,) all its responses weigh 0."""
    n = frame["n"].to_numpy(dtype=np.float64)
    unanswered, mixed = np.zeros_like(needed), np.zeros(len(n), dtype=bool)
    for j, means in enumerate(measured):
        unanswered[:, j] = needed[:, j] & (means.estimate.n == 0)
        mixed |= needed[:, j] & (means.estimate.n > 0) & np.isnan(means.estimate.mean)  # the kernel notes why
    lacking = [",".join(m.item.name for m, u in zip(measured, row, strict=True) if u) for row in unanswered]
    no_answer = (n > 0) & unanswered.any(axis=1)
    uncovered = (n > 0) & frame["subjective"].isna().to_numpy() & ~no_answer & ~mixed
    suppressed, totals_only = too_few(n), too_few(n, limits.TOTALS_BELOW)
    note = join_notes(
        len(frame),
        ((n == 0) & ~weightless, "no_responses"),
        (weightless, "no_weight"),
        (no_answer, [f"item_unanswered:{names}" for names in lacking]),
        (uncovered, _uncovered(frame)),
        (totals_only, "totals_only"),
        start=[""] * len(frame),
    )
    kernel = [code if isinstance(code, str) and not o else "" for code, o in zip(frame["_note"], open_, strict=True)]
    both = [";".join(filter(None, parts)) for parts in zip(note, kernel, sampled, strict=True)]
    return np.where(suppressed, "suppressed", np.array(both, dtype=object))


def _uncovered(frame: pd.DataFrame) -> list[str]:
    """The note that names the empty dimensions of each row."""
    names = [c for c in frame.columns if c.startswith("subjective_") and f"{c}_se" in frame]
    empty = frame[names].isna().to_numpy()
    codes = [name.removeprefix("subjective_") for name in names]
    return [f"dimension_without_items:{','.join(c for c, e in zip(codes, row, strict=True) if e)}" for row in empty]


def _flow(frame: pd.DataFrame, taken: Completeness, groups: Groups, hide: Bools) -> pd.DataFrame:
    flow = frame[["community_code", "year"]].copy()
    flow["ineligible"] = groups.count(taken.status == INELIGIBLE).astype(np.float64)
    flow["incomplete"] = groups.count(taken.status == INCOMPLETE).astype(np.float64)
    flow["partial"] = frame["n_partial"]
    flow["scored"] = frame["n"]
    flow["modes"] = frame["modes"]
    return _blank(flow, hide, [c for c in flow.columns if c not in ("community_code", "year")])


def _shown(scheme: Scheme, frame: pd.DataFrame, hide: Bools, apart: Bools, open_: Bools) -> pd.DataFrame:
    """The frame without what small groups and self-selected samples must not or cannot give."""
    parts = [f"subjective_{d.code}" for d in scheme.dimensions]
    errors = ["subjective_se", "subjective_low", "subjective_high", "subjective_df", *(f"{p}_se" for p in parts)]
    frame = _blank(frame, open_, errors)
    frame = _blank(frame, apart, [*parts, *(f"{p}_se" for p in parts)])
    return _blank(frame, hide, [c for c in frame.columns if c not in (*_IDENTITY, "note")])


def _blank(frame: pd.DataFrame, mask: Bools, columns: Sequence[str]) -> pd.DataFrame:
    """The frame with empty cells in these columns where the mask says so; most years hold nothing back."""
    if not mask.any():
        return frame
    numbers = [column for column in columns if column != "modes"]
    cells = frame[numbers].to_numpy(dtype=np.float64)
    blank = dict(zip(numbers, np.where(mask[:, None], np.nan, cells).T, strict=True))
    if "modes" in columns:
        kept = [{} if m else v for m, v in zip(mask, frame["modes"], strict=True)]
        blank["modes"] = pd.Series(kept, frame.index, dtype=object)
    return frame.assign(**blank)


def _without_error(means: ItemMeans, open_: Bools) -> ItemMeans:
    """A self-selected sample has no sampling error."""
    if not open_.any():
        return means
    known = means.estimate
    errors = {end: np.where(open_, np.nan, getattr(known, end)) for end in ("se", "low", "high")}
    return replace(means, estimate=replace(known, **errors, note=np.where(open_, "", known.note)))


def _single_item_too_small(measured: Sequence[ItemMeans], needed: Bools) -> Bools:
    """(G,) a dimension stands on one item that too few answered: the breakdown as a whole would reveal it."""
    result = np.zeros(needed.shape[0], dtype=bool)
    for j, means in enumerate(measured):
        mine = [k for k, m in enumerate(measured) if m.item.dimension.code == means.item.dimension.code]
        result |= needed[:, j] & too_few(means.estimate.n) & (needed[:, mine].sum(axis=1) == 1)
    return result
