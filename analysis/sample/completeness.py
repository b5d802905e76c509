"""Which responses count: complete, partial, incomplete or not eligible (docs/methods.md, “Which responses count”)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.sample.item_values import answered, states
from analysis.sample.pooled_sample import Part, Pool
from analysis.scheme.model import Dimension, Scheme
from analysis.statistics.design import Bools
from survey.form.model import Question
from survey.form.relevant import questions_asked

INELIGIBLE, INCOMPLETE, PARTIAL, COMPLETE = range(4)


@dataclass(frozen=True)
class Item:
    """An item of the 300 points.

    ``question`` as the last questionnaire words it, ``dimension`` of the scheme, ``parts`` the
    positions of the questionnaires that score it.
    """

    question: Question
    dimension: Dimension
    parts: tuple[int, ...]

    @property
    def name(self) -> str:
        """Its name, the same in every questionnaire."""
        return self.question.name


def scored_items(scheme: Scheme, parts: Sequence[Part]) -> list[Item]:
    """The items that count under a scheme, by dimension of the scheme and in form order.

    An item that several questionnaires share has dimension, labels and office of the last one.
    """
    latest: dict[str, Question] = {}
    places: dict[str, list[int]] = {}
    for position, (form, _) in enumerate(parts):
        for question in form.scored:
            if question.dimension in scheme.dimension:
                latest[question.name] = question
                places.setdefault(question.name, []).append(position)
    order = {d.code: i for i, d in enumerate(scheme.dimensions)}
    items = [Item(q, scheme.dimension[q.dimension], tuple(places[q.name])) for q in latest.values()]
    return sorted(items, key=lambda item: order[item.dimension.code])


@dataclass(frozen=True)
class Completeness:
    """``status`` (n,) one of INELIGIBLE, INCOMPLETE, PARTIAL, COMPLETE; ``asked`` item name → (n,)."""

    status: npt.NDArray[np.int8]
    asked: dict[str, Bools]

    @property
    def scored(self) -> Bools:
        """(n,) whether a response counts."""
        return self.status >= PARTIAL


def completeness(scheme: Scheme, pool: Pool, items: Sequence[Item]) -> Completeness:
    """Count what each response answered of the scored items that it was asked.

    Don't know, refused and not applicable count as answered; blank and invalid do not; an item that
    ``relevant`` skipped was not asked.  A response that was asked none, or weighs nothing, is not eligible.
    """
    n = len(pool)
    asked_of = {item.name: np.zeros(n, dtype=bool) for item in items}
    total, done = np.zeros(n, dtype=np.int16), np.zeros(n, dtype=np.int16)
    for position, ((form, block), rows) in enumerate(zip(pool.parts, pool.bounds, strict=True)):
        if not len(block):
            continue
        matrix = questions_asked(form, block)
        for item in items:
            if position in item.parts:
                was_asked = matrix[:, form.position[item.name]]
                asked_of[item.name][rows] = was_asked
                total[rows] += was_asked
                done[rows] += was_asked & answered(states(form, block, item.name))
    share = done / np.maximum(total, 1) + 1e-12  # 20 of 25 is 0.8 whatever the last bit says
    status = np.full(n, INCOMPLETE, dtype=np.int8)
    status[share >= scheme.partial_share] = PARTIAL
    status[share >= scheme.complete_share] = COMPLETE
    status[(total == 0) | ~pool.weighs] = INELIGIBLE
    return Completeness(status, asked_of)
