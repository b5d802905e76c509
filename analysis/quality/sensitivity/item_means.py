"""Item means under every preset, completeness limit and weighting that is tried, read from the responses once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.sample.completeness import Item, completeness, scored_items
from analysis.sample.item_values import item_scores
from analysis.sample.pooled_sample import Groups, Pool, group_by, pool
from analysis.sample.populations import no_population
from analysis.sample.weights import weigh_sample
from analysis.scheme import Scheme
from analysis.scheme.model import Weighting
from analysis.scheme.options import default_presets
from analysis.scoring.score import Inputs
from analysis.scoring.subjective import item_points
from analysis.statistics.design import Bools, Floats, Ints, unlike
from survey.core import limits

#: everyone who answered a scored item at all
ANY = 1e-9

#: scored responses (n,) → their weights (n,)
Weigh = Callable[[Bools], Floats]


@dataclass(frozen=True)
class Alternatives:
    """What was tried, the choice in force first: preset names, shares of answered items, weightings."""

    presets: tuple[str, ...]
    limits: tuple[float, ...]
    weightings: tuple[str, ...]


@dataclass(frozen=True)
class Tables:
    """``mean`` (P, L, W, G, J), ``n`` (L, G), ``worth`` (G, J); ``codes`` (G,) of the communities, ``items`` (J)."""

    tried: Alternatives
    mean: Floats
    n: Floats
    worth: Floats
    codes: tuple[str, ...]
    items: tuple[Item, ...]


def item_tables(inputs: Inputs) -> Tables:
    """Item means of every community under all alternatives; those that change nothing are left out."""
    scheme, parts = inputs.scheme, inputs.parts
    sample, items = pool(parts), scored_items(scheme, parts)
    groups = group_by({"year": sample.factor("year"), "community_code": sample.community}, len(sample))
    presets = presets_of(scheme)
    scored = {share: _scored(scheme, sample, items, share) for share in _limits(scheme)}
    weigh = weightings(scheme, sample, groups, inputs.population)
    weights = [[way(taken) for way in weigh.values()] for taken in scored.values()]
    mean = np.full((len(presets), len(scored), len(weigh), len(groups), len(items)), np.nan)
    for j, item in enumerate(items):
        answers = _answers([_values(replace(scheme, preset=p, presets=presets), sample, item) for p in presets])
        for at, taken in enumerate(scored.values()):
            for w, weight in enumerate(weights[at]):
                mean[:, at, w, :, j] = _means(groups, answers, weight, taken, sample.design.brought)
    n = np.array([groups.count(taken) for taken in scored.values()], dtype=np.float64).reshape(len(scored), -1)
    mean, n = _unrevealing(mean, n)
    worth = item_points(scheme, sample, groups, items)[0]
    tried = Alternatives(tuple(presets), tuple(scored), tuple(weigh))
    codes = tuple(str(code) for code in groups.keys["community_code"])
    return _distinct(Tables(tried, mean, n, worth, codes, tuple(items)))


def weightings(scheme: Scheme, sample: Pool, groups: Groups, population: pd.DataFrame | None) -> Mapping[str, Weigh]:
    """Ways to weigh the responses of a community, the one in force first.

    ``design`` as they come (the questionnaire's weights, else 1), ``equal`` without these, and both ways to agree
    with the register's population.  Communities that can't be weighted so keep the weights of ``design``.
    """

    def agreeing(method: Weighting) -> Weigh:
        people = no_population() if population is None else population
        return lambda taken: weigh_sample(sample, sample.design, groups, taken, scheme, method, people).design.weight

    ways: dict[str, Weigh] = {
        "design": lambda taken: sample.design.weight,
        "rake": agreeing("rake"),
        "poststratify": agreeing("poststratify"),
    }
    if sample.weighted.any():
        ways["equal"] = lambda taken: np.ones(len(taken))
    first = "design" if scheme.weighting == "none" else scheme.weighting
    return {first: ways[first], **ways}


def presets_of(scheme: Scheme) -> dict[str, Mapping[int, tuple[float, ...]]]:
    """The scheme's presets and those that ship, its own first."""
    known = {**default_presets(), **scheme.presets}
    first = {scheme.preset: known[scheme.preset]} if scheme.preset in known else {}
    return {**first, **known}


def _limits(scheme: Scheme) -> tuple[float, ...]:
    """Shares of the asked items that must be answered: in force, any at all, half, complete only, all of them."""
    return tuple(dict.fromkeys((scheme.partial_share, ANY, 0.5, scheme.complete_share, 1.0)))


def _scored(scheme: Scheme, sample: Pool, items: list[Item], share: float) -> Bools:
    limit = replace(scheme, partial_share=share, complete_share=max(share, scheme.complete_share))
    return completeness(limit, sample, items).scored


def _values(scheme: Scheme, sample: Pool, item: Item) -> Floats:
    return sample.stack(lambda form, block: item_scores(form, block, item.name, scheme), item.parts)


def _means(groups: Groups, answers: tuple[Ints, Floats], weight: Floats, taken: Bools, brought: Bools | None) -> Floats:
    """(P, G) weighted means of the scored by community, of an item's ``_answers``; as in the score none of weights
    without a common scale (``Design.brought``)."""
    places, scores = answers
    slots = scores.shape[1]
    inside = taken & (groups.code >= 0) & (places >= 0)
    cell = groups.code[inside] * slots + places[inside]
    table = np.bincount(cell, weight[inside], len(groups) * slots).reshape(len(groups), slots)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Floats = scores @ table.T / table.sum(axis=1)
    means[:, unlike(brought, groups.code, len(groups), inside & (weight > 0))] = np.nan
    return means


def _answers(values: Sequence[Floats]) -> tuple[Ints, Floats]:
    """(n,) which of the K scores that occur a response gave, −1 for none, and (P, K) what each is worth by preset.

    Answers are told apart by all their scores, so one count of them serves every preset.
    """
    rows = np.flatnonzero(~np.isnan(values[0]))
    key = np.zeros(len(rows), dtype=np.int64)
    for k in _first_of_each(values):
        codes, found = pd.factorize(values[k][rows], use_na_sentinel=False)
        key, _ = pd.factorize(key * len(found) + codes)
    first = np.empty(key.max(initial=-1) + 1, dtype=np.int64)
    first[key[::-1]] = rows[::-1]
    place = np.full(len(values[0]), -1, dtype=np.int64)
    place[rows] = key
    return place, np.array([column[first] for column in values])


def _unrevealing(mean: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Without the limits that differ from another by one to four responses of a community: what is in force instead.

    Two totals over nearly the same people would let the few be worked out that only one of them counts.
    """
    mean, n = mean.copy(), n.copy()
    for at in range(1, len(n)):
        apart = np.abs(n[at] - n[:at])
        reveals = ((apart > 0) & (apart < limits.NOTHING_BELOW)).any(axis=0)
        n[at, reveals] = n[0, reveals]
        mean[:, at][:, :, reveals] = mean[:, 0][:, :, reveals]
    return mean, n


def _distinct(tables: Tables) -> Tables:
    """Without the alternatives that give the same numbers as one before them, and presets that lack a scale's length."""
    tried, mean, n = tables.tried, tables.mean, tables.n
    presets = _first_of_each([mean[k] for k in range(len(tried.presets))])
    presets = [k for k in presets if not (np.isnan(mean[k]) & ~np.isnan(mean[0])).any()]
    limits = _first_of_each([np.append(mean[:, k].ravel(), n[k]) for k in range(len(tried.limits))])
    weights = _first_of_each([mean[:, :, k] for k in range(len(tried.weightings))])
    kept = Alternatives(
        tuple(tried.presets[k] for k in presets),
        tuple(tried.limits[k] for k in limits),
        tuple(tried.weightings[k] for k in weights),
    )
    return replace(tables, tried=kept, mean=mean[np.ix_(presets, limits, weights)], n=n[limits])


def _first_of_each(arrays: Sequence[Floats]) -> list[int]:
    kept: list[int] = []
    for k, one in enumerate(arrays):
        if not any(np.array_equal(one, arrays[other], equal_nan=True) for other in kept):
            kept.append(k)
    return kept
