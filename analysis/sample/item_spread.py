"""How the answers to a question spread over its choices, over all versions of the questionnaire."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from analysis.sample.item_values import opinions, states, without_opinion
from analysis.sample.pooled_sample import Pool
from analysis.statistics.design import Floats
from analysis.statistics.estimation import Domains
from survey.form.answer_codes import INVALID
from survey.form.model import Choice


def best_first(pool: Pool, name: str, positions: Sequence[int]) -> tuple[Choice, ...]:
    """The opinions of all versions of an item, best first, each as the last version words it."""
    latest: dict[str, Choice] = {}
    for position in positions:
        question = pool.parts[position][0].question(name)
        if question.coding == "choice":
            latest.update({choice.name: choice for choice in opinions(question)})
    sign = -1 if pool.parts[positions[-1]][0].question(name).reverse else 1
    return tuple(
        sorted(latest.values(), key=lambda c: (sign * c.level if c.level is not None else np.inf, -(c.score or 0.0)))
    )


def answer_places(pool: Pool, name: str, positions: Sequence[int], choices: Sequence[Choice]) -> npt.NDArray[np.int16]:
    """(n,) which of ``choices`` was answered, or the state; any other opinion (a number) is ``len(choices)``."""
    place = {choice.name: i for i, choice in enumerate(choices)}
    result = np.full(len(pool), INVALID, dtype=np.int16)
    for position in positions:
        (form, block), rows = pool.parts[position], pool.bounds[position]
        question, codes = form.question(name), states(form, block, name)
        if question.coding == "choice":
            table = np.array([*(place.get(c.name, 0) for c in question.choices), *range(INVALID, 0)], dtype=np.int16)
            result[rows] = table[codes]
        else:
            result[rows] = np.where(codes >= 0, np.int16(len(choices)), codes)
    return result


def spread(domains: Domains, places: npt.NDArray[np.int16], choices: int) -> tuple[Floats, Floats]:
    """Weighted share without an opinion (G,) among those who responded, and shares of the choices (G, k)."""
    none = without_opinion(places)
    given = domains.weight * ((places >= 0) | none)
    with np.errstate(invalid="ignore"):
        missing: Floats = domains.total(domains.weight * none) / domains.total(given)
        if not choices:
            return missing, np.zeros((domains.size, 0))
        inside = (places >= 0) & (places < choices)
        cell = domains.group * choices + np.where(inside, places, 0)
        table = np.bincount(cell, domains.weight * inside, domains.size * choices).reshape(-1, choices)
        return missing, table / table.sum(axis=1, keepdims=True)
