"""What each respondent thinks: scores of items, dimensions and the whole, person by person.

The 300 points are means over respondents of each item; here the same answers are taken the other way round,
a respondent's mean over the items of a dimension, for questions about people: what goes with happiness,
how phone answers differ from paper, what interviewers do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from analysis.sample.completeness import Item, completeness, scored_items
from analysis.sample.item_values import item_scores
from analysis.sample.pooled_sample import Part, Pool, pool
from analysis.scheme.model import Dimension, Scheme
from analysis.statistics.design import Bools, Floats
from survey.core.lazily import cached_property
from survey.form.answer_codes import ResponseBlock
from survey.form.model import Questionnaire


@dataclass(frozen=True)
class PersonScores:
    """n responses.  ``scores`` (n, J) 0–100, NaN where there is no opinion · ``scored`` (n,) whether it counts."""

    scheme: Scheme
    sample: Pool
    items: tuple[Item, ...]
    scores: Floats
    scored: Bools
    weights: Floats

    @cached_property
    def used(self) -> tuple[Dimension, ...]:
        """The dimensions that have items and points."""
        present = {item.dimension.code for item in self.items}
        return tuple(d for d in self.scheme.dimensions if d.code in present and d.subjective_points)

    def places(self, code: str) -> list[int]:
        """Columns of the items of a dimension."""
        return [j for j, item in enumerate(self.items) if item.dimension.code == code]

    @cached_property
    def dimensions(self) -> Floats:
        """(n, D) item-weighted mean of a respondent's scores in each dimension; NaN without any."""
        columns = []
        for dimension in self.used:
            mine = self.places(dimension.code)
            known = ~np.isnan(self.scores[:, mine])
            weight = known * self.weights[:, mine]
            total = weight.sum(axis=1)
            sums = (np.where(known, self.scores[:, mine], 0.0) * weight).sum(axis=1)
            columns.append(np.where(total > 0, sums / np.where(total > 0, total, 1.0), np.nan))
        return np.column_stack(columns) if columns else np.empty((len(self.sample), 0))

    @cached_property
    def points(self) -> Floats:
        """(n, D) the same in the points of the scheme."""
        full = np.array([d.subjective_points for d in self.used], dtype=np.float64)
        result: Floats = self.dimensions * full / 100
        return result

    @cached_property
    def total(self) -> Floats:
        """(n,) points of all dimensions together, NaN unless every one is known."""
        result: Floats = self.points.sum(axis=1)
        return result


def person_scores(scheme: Scheme, parts: Sequence[Part]) -> PersonScores:
    """The scores of all responses of some questionnaires under a scheme; item weights as in each questionnaire."""
    sample = pool(parts)
    items = tuple(scored_items(scheme, parts))
    taken = completeness(scheme, sample, items)
    scores = np.full((len(sample), len(items)), np.nan)
    weights = np.zeros((len(sample), len(items)))
    for j, item in enumerate(items):
        scores[:, j] = sample.stack(partial(_scores, scheme, item.name), item.parts)
        for p in item.parts:
            weights[sample.bounds[p], j] = sample.parts[p][0].question(item.name).weight
    return PersonScores(scheme, sample, items, scores, taken.scored, weights)


def _scores(scheme: Scheme, name: str, form: Questionnaire, block: ResponseBlock) -> Floats | None:
    return item_scores(form, block, name, scheme)
