"""How the totals move when the choices behind them do: presets, weights, limits, one at a time and all at once.

Everything is linear in item means, which are computed once for each preset, completeness limit and weighting
(``item_means``); a run only weighs them anew.  Nothing here reads responses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from analysis.statistics.design import Bools, Floats, Ints
from analysis.statistics.ranks import competition_rank

#: fixed, so that the same data give the same runs
SEED = 2013
#: a weight is multiplied by 1 ± this
SPREAD = 0.25
DRAWS, JOINT_DRAWS = 100, 250
#: what a run changes, in the order shown; ``joint``: everything at once, but ``min_responses``
FACTORS = ("preset", "dimensions", "items", "completeness", "weighting", "min_responses", "joint")


@dataclass(frozen=True)
class Runs:
    """R runs; the first changes nothing.

    ``factor`` (R,) name, empty for the first · ``preset, limit, weighting`` (R,) which of those that were tried ·
    ``minimum`` (R,) fewest responses for a total · ``dimension`` (R, D), ``item`` (R, J) multipliers of the weights.
    """

    factor: tuple[str, ...]
    preset: Ints
    limit: Ints
    weighting: Ints
    minimum: Floats
    dimension: Floats
    item: Floats

    def __len__(self) -> int:
        return len(self.factor)


def plan(
    presets: int,
    limits: int,
    weightings: int,
    minima: Sequence[float],
    dimensions: int,
    items: int,
    *,
    seed: int = SEED,
) -> Runs:
    """The runs over so many alternatives of each choice, the one in force always being the first.

    One choice at a time: every other preset, limit, weighting and minimum; each dimension weighing a quarter more
    and less, then ``DRAWS`` random draws of all dimension weights from 1 ± 0.25, as many of all item weights.
    Then ``JOINT_DRAWS`` of everything at once.
    """
    rng = np.random.default_rng(seed)
    steps = [np.eye(dimensions)[d] * sign * SPREAD + 1 for d, sign in product(range(dimensions), (1, -1))]
    own = {
        "preset": [{"preset": k} for k in range(1, presets)],
        "dimensions": [{"dimension": s} for s in steps]
        + [{"dimension": _around(rng, dimensions)} for _ in range(DRAWS if dimensions > 1 else 0)],
        "items": [{"item": _around(rng, items)} for _ in range(DRAWS if items > dimensions else 0)],
        "completeness": [{"limit": k} for k in range(1, limits)],
        "weighting": [{"weighting": k} for k in range(1, weightings)],
        "min_responses": [{"minimum": value} for value in minima[1:]],
        "joint": [
            {
                "preset": rng.integers(presets),
                "limit": rng.integers(limits),
                "weighting": rng.integers(weightings),
                "dimension": _around(rng, dimensions),
                "item": _around(rng, items),
            }
            for _ in range(JOINT_DRAWS)
        ],
    }
    if dimensions < 2:
        own["dimensions"] = []
    runs = [("", {}), *((name, change) for name in FACTORS for change in own[name])]

    def column(name: str, base: object) -> list[object]:
        return [change.get(name, base) for _, change in runs]

    return Runs(
        factor=tuple(name for name, _ in runs),
        preset=np.array(column("preset", 0), dtype=np.int64),
        limit=np.array(column("limit", 0), dtype=np.int64),
        weighting=np.array(column("weighting", 0), dtype=np.int64),
        minimum=np.array(column("minimum", minima[0]), dtype=np.float64),
        dimension=np.array(column("dimension", np.ones(dimensions)), dtype=np.float64).reshape(len(runs), dimensions),
        item=np.array(column("item", np.ones(items)), dtype=np.float64).reshape(len(runs), items),
    )


def _around(rng: np.random.Generator, size: int) -> Floats:
    return rng.uniform(1 - SPREAD, 1 + SPREAD, size)


@dataclass(frozen=True)
class Means:
    """What the runs recombine, for G communities.

    ``item`` (P, L, W, G, J) item scores 0–100 under each preset, limit and weighting, NaN where nobody answered ·
    ``worth`` (G, J) points that an item is worth, 0 where its questionnaire does not have it · ``n`` (L, G) scored
    responses · ``dimension`` (J,) place of the item's dimension · ``subjective_points, objective_points`` (D,) ·
    ``objective`` (G, D) objective points got.
    """

    item: Floats
    worth: Floats
    n: Floats
    dimension: Ints
    subjective_points: Floats
    objective_points: Floats
    objective: Floats


def totals(means: Means, runs: Runs) -> Floats:
    """(R, G) objective + subjective points of every run, NaN where a part is not known or ``n`` under the minimum.

    The multipliers are renormalised: the item weights within their dimension, the dimensions within the 700 and
    within the 300 points, so that full marks stay what they are.
    """
    subjective = np.full((len(runs), means.worth.shape[0]), np.nan)
    points = _renormalised(runs.dimension, means.subjective_points)
    for key in {*zip(runs.preset.tolist(), runs.limit.tolist(), runs.weighting.tolist(), strict=True)}:
        rows = (runs.preset == key[0]) & (runs.limit == key[1]) & (runs.weighting == key[2])
        subjective[rows] = _subjective(means, means.item[key], runs.item[rows], points[rows])
    objective = _renormalised(runs.dimension, means.objective_points) @ _rates(means)
    counted = means.n[runs.limit] >= runs.minimum[:, None]
    return np.where(counted, subjective + objective, np.nan)


def _renormalised(multiplier: Floats, points: Floats) -> Floats:
    """(R, D) points of each dimension, their sum as before."""
    moved = multiplier * points
    whole = moved.sum(axis=1, keepdims=True)
    result: Floats = moved * (points.sum() / np.where(whole > 0, whole, 1.0))
    return result


def _rates(means: Means) -> Floats:
    """(D, G) part of the objective points of each dimension that was got; 0 where it has none to give."""
    points = means.objective_points[:, None]
    rates: Floats = np.where(points > 0, means.objective.T / np.where(points > 0, points, 1.0), 0.0)
    return rates


def _subjective(means: Means, item: Floats, multiplier: Floats, points: Floats) -> Floats:
    """(r, G) subjective points of the runs that share one table of item means."""
    result = np.zeros((len(multiplier), len(item)))
    for d in range(points.shape[1]):
        mine = means.dimension == d
        worth = means.worth[:, mine]
        known = np.where(worth > 0, item[:, mine], 0.0)  # NaN where an item that is needed has no answer
        got = multiplier[:, mine] @ (worth * known).T
        whole = multiplier[:, mine] @ worth.T
        with np.errstate(invalid="ignore", divide="ignore"):
            share = got / whole / 100
        result += np.where(points[:, [d]] > 0, points[:, [d]] * share, 0.0)
    return result


def ranks(total: Floats, ranked: Bools, street: Ints) -> Floats:
    """(R, G) competition ranks of the ``ranked`` (G,) that have a total, within each street (G,); NaN for others."""
    result = np.full(total.shape, np.nan)
    for one in np.unique(street[ranked]):
        mine = np.flatnonzero(ranked & (street == one))
        known = ~np.isnan(total[:, mine])
        place = competition_rank(np.where(known, total[:, mine], -np.inf))
        result[:, mine] = np.where(known, place, np.nan)
    return result
