"""The weights that a year's score counts by, for measures of some of its people: drivers, modes, reliability.

A scheme weights the scored responses of each community to its population.  A measure of other groups (all communities
together, one questionnaire, who was asked by phone) takes the same weights; the residuals of its linearised variables
reach over everyone of the communities that it touches (``calibrated_domains``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.sample.calibrated_domains import beside_weighted, lay_crossing
from analysis.sample.completeness import completeness, scored_items
from analysis.sample.grouping import weigh
from analysis.sample.pooled_sample import Groups, Part, Pool, group_by, pool
from analysis.sample.populations import no_population
from analysis.sample.weights import weigh_sample
from analysis.scheme.model import Scheme
from analysis.statistics.design import Bools, Design, Floats, Ints, unlike
from analysis.statistics.estimation import Domains, Scalar, lay_domains
from analysis.statistics.weighting import Calibration
from survey.core.lazily import cached_property


class Weights(StrEnum):
    """Which weights a measure takes: those of the score, or the base weights that these were made from."""

    SCORE = "score"
    BASE = "base"


@dataclass(frozen=True)
class Weighed:
    """n responses and the weights by which those of one group count.

    ``design``, ``code`` (0 in the group, −1 not) and ``area`` (N,) are of the sample that was laid out: the n
    themselves where ``place`` is None, else ``place`` (n,) says where they are in it.  ``area`` and ``calibration``
    are None with base weights.  ``lacking``: a community of the group has no population to be weighted by;
    ``notes`` stable codes.
    """

    design: Design
    code: Ints
    place: Ints | None = None
    area: Ints | None = None
    calibration: Calibration | None = None
    lacking: bool = False
    notes: tuple[str, ...] = ()

    @property
    def used(self) -> Weights:
        """The weights that were used in the end."""
        return Weights.BASE if {"base_weights", "base_instead", "equal_weights"} & {*self.notes} else Weights.SCORE

    @property
    def weight(self) -> Floats:
        """(n,) weights."""
        return self.design.weight if self.place is None else self.design.weight[self.place]

    @cached_property
    def domains(self) -> Domains:
        """The group as one domain; with calibrated weights everyone of its communities is laid under it."""
        if self.calibration is None or self.area is None:
            return lay_domains(self.design, self.code, 1)
        return lay_crossing(self.design, self.code, 1, self.area, self.calibration)

    def take(self, values: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
        """(n, …) values for the (m, …) responses of ``domains``, in their order.

        Outside of the group: NaN, −1 for whole numbers, False for flags.
        """
        inside = self.domains.inside
        if inside is None and self.place is None:
            return self.domains.take(values)
        blank = np.nan if values.dtype.kind == "f" else False if values.dtype.kind == "b" else -1
        spread = values
        if self.place is not None:
            spread = np.full((len(self.code), *values.shape[1:]), blank, dtype=values.dtype)
            spread[self.place] = values
        taken = self.domains.take(spread).copy()
        if inside is not None:
            taken[~inside] = blank
        return taken


@dataclass(frozen=True)
class ScoreWeights:
    """The weights of a year's score over all N of its responses.

    ``design`` with these weights, ``calibration`` for the errors; ``area`` (N,) the community of a scored response
    that is weighted, else −1; ``scored`` (N,).  ``place`` (n,) says which of the N a measure looks at, None: all.
    """

    sample: Pool
    design: Design
    calibration: Calibration
    area: Ints
    scored: Bools
    place: Ints | None = None

    def at(self, positions: Sequence[int]) -> ScoreWeights:
        """The same for a measure of the parts at these positions, one after the other."""
        bounds = self.sample.bounds
        return replace(self, place=np.concatenate([np.arange(bounds[p].start, bounds[p].stop) for p in positions]))

    def of(self, inside: Bools, populations: Mapping[str, float]) -> Weighed | None:
        """The scored responses of a mask (n,); None where these weights can't serve all of them.

        A community that could not be weighted stays with adults / n of the register.  Where it has no such weights
        (no population; weights that the questionnaire brings; one sample of the whole area) they would not be of the
        scale of the others'.
        """
        place = np.arange(len(self.sample)) if self.place is None else self.place
        member = np.zeros(len(self.sample), dtype=bool)
        member[place] = inside
        member &= self.scored & (self.design.weight > 0)
        mine = member & (self.area >= 0)
        if not mine.any():
            return None
        code = np.where(member, 0, -1).astype(np.int64)
        weight, lacking, apart = beside_weighted(self.sample, self.design, _one(code), self.area, populations)
        if lacking.any() or apart.any():
            return None
        design, others = replace(self.design, weight=weight, brought=None), member & ~mine
        notes = ("partly_unweighted",) if others.any() else ()
        return Weighed(design, code, self.place, self.area, self.calibration, False, notes)


def score_weights(scheme: Scheme, parts: Sequence[Part], population: pd.DataFrame | None) -> ScoreWeights | None:
    """The weights of the score of a year whose responses are ``parts``; None where its scheme does not weight.

    ``population`` as ``store.register.population``.
    """
    if scheme.weighting == "none":
        return None
    sample = pool(parts)
    scored = completeness(scheme, sample, scored_items(scheme, parts)).scored
    areas = group_by({"year": sample.factor("year"), "community_code": sample.community}, len(sample))
    people = no_population() if population is None else population
    found = weigh_sample(sample, sample.design, areas, scored, scheme, scheme.weighting, people)
    area = np.where(scored & np.append(found.applied, False)[areas.code], areas.code, -1)
    return ScoreWeights(sample, found.design, found.calibration, area, scored)


def weigh_people(
    sample: Pool,
    inside: Bools,
    populations: Mapping[str, float],
    score: ScoreWeights | None = None,
    weights: Weights = Weights.SCORE,
) -> Weighed:
    """The responses of a mask (n,) as one group, with the weights of the score, else their base weights.

    ``score`` None: the scheme does not weight, and the base weights (``grouping.weigh``) are those of the score.  Where some
    bring weights and others do not, base weights have no common scale, and each counts as one (``equal_weights``).
    """
    code = np.where(inside, 0, -1).astype(np.int64)
    design, lacking = weigh(sample, _one(code), populations)
    base = Weighed(design, code, lacking=bool(lacking.any()))
    if unlike(design.brought, code, 1, inside & (design.weight > 0)).any():
        equal = replace(design, weight=(design.weight > 0).astype(np.float64), brought=None)
        base = Weighed(equal, code, notes=("equal_weights",))
    if weights == Weights.BASE:
        return replace(base, notes=base.notes or ("base_weights",))
    if score is None:
        return base
    return score.of(inside, populations) or replace(base, notes=base.notes or ("base_instead",))


def _one(code: Ints) -> Groups:
    """One group of all."""
    return Groups(code, pd.DataFrame(index=[0]))
