"""Item means under every preset, completeness limit and weighting that is tried, read from the responses once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis.completeness import Item, completeness, scored_items
from analysis.design import Bools, Floats, Ints
from analysis.item_values import item_scores
from analysis.pool import Groups, Pool, group_by, pool
from analysis.scheme import Scheme
from analysis.scheme.presets import default_presets
from analysis.scoring import Inputs
from analysis.subjective import item_points

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
    groups = group_by({"community_code": sample.community}, len(sample))
    presets = presets_of(scheme)
    scored = {share: _scored(scheme, sample, items, share) for share in _limits(scheme)}
    weigh = weightings(sample)
    mean = np.full((len(presets), len(scored), len(weigh), len(groups), len(items)), np.nan)
    for j, item in enumerate(items):
        values = [_values(replace(scheme, preset=p, presets=presets), sample, item) for p in presets]
        for at, taken in enumerate(scored.values()):
            for w, weights in enumerate(weigh.values()):
                mean[:, at, w, :, j] = _means(groups, values, weights(taken), taken)
    n = np.array([groups.count(taken) for taken in scored.values()], dtype=np.float64).reshape(len(scored), -1)
    worth = item_points(scheme, sample, groups, items)[0]
    tried = Alternatives(tuple(presets), tuple(scored), tuple(weigh))
    codes = tuple(str(code) for code in groups.keys["community_code"])
    return _distinct(Tables(tried, mean, n, worth, codes, tuple(items)))


def weightings(sample: Pool) -> Mapping[str, Weigh]:
    """Ways to weigh the responses of a community, the one in force first."""
    design: Mapping[str, Weigh] = {"design": lambda taken: sample.design.weight}
    if not sample.weighted.any():
        return design
    return {**design, "equal": lambda taken: np.ones(len(taken))}


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


def _means(groups: Groups, values: list[Floats], weight: Floats, taken: Bools) -> Floats:
    """(P, G) weighted means of the scored by community."""
    inside = taken & (groups.code >= 0)
    code: Ints = groups.code[inside]
    found = []
    for column in values:
        x = column[inside]
        w = weight[inside] * ~np.isnan(x)
        whole = np.bincount(code, w, len(groups))
        with np.errstate(invalid="ignore", divide="ignore"):
            found.append(np.bincount(code, w * np.nan_to_num(x), len(groups)) / whole)
    return np.array(found)


def _distinct(tables: Tables) -> Tables:
    """Without the alternatives that give the same numbers as one before them."""
    tried, mean, n = tables.tried, tables.mean, tables.n
    presets = _first_of_each([mean[k] for k in range(len(tried.presets))])
    limits = _first_of_each([np.append(mean[:, k].ravel(), n[k]) for k in range(len(tried.limits))])
    weights = _first_of_each([mean[:, :, k] for k in range(len(tried.weightings))])
    kept = Alternatives(
        tuple(tried.presets[k] for k in presets),
        tuple(tried.limits[k] for k in limits),
        tuple(tried.weightings[k] for k in weights),
    )
    return replace(tables, tried=kept, mean=mean[np.ix_(presets, limits, weights)], n=n[limits])


def _first_of_each(arrays: list[Floats]) -> list[int]:
    kept: list[int] = []
    for k, one in enumerate(arrays):
        if not any(np.array_equal(one, arrays[other], equal_nan=True) for other in kept):
            kept.append(k)
    return kept
