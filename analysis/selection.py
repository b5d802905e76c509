"""Household selection weights: where households were drawn and adults within them, an adult of a large one had less chance.

The weight is the number of adults in the household over the number of its people in the sample (Kish 1949: one
adult drawn of k stands for k).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.design import Bools, Floats, Ints, sum_by
from analysis.item_values import own_values
from survey.form.model import HOUSEHOLD_ADULTS, Questionnaire

if TYPE_CHECKING:
    from analysis.pool import Pool


def asks_adults(form: Questionnaire) -> bool:
    """Whether a questionnaire says how many adults the household has."""
    return bool(form.settings.get(HOUSEHOLD_ADULTS))


def selection_weights(sample: Pool) -> Floats:
    """(n,) weights, 1 for questionnaires that don't ask.

    An answer under 1 or none at all takes the mean of its community and year (of all where there is none).
    Respondents of one household (role ``household``) share its adults; without the role each is the only one.
    """
    asked = sample.by_part(asks_adults)
    positions = [p for p, (form, _) in enumerate(sample.parts) if asks_adults(form)]
    adults = sample.stack(lambda form, block: own_values(form, block, form.settings[HOUSEHOLD_ADULTS]), positions)
    known = asked & (adults >= 1)
    year = sample.factor("year")[0]
    place = (sample.community[0] + 1) * (year.max(initial=0) + 2) + year + 1
    adults = np.where(known, adults, _mean(place, adults, known))
    return np.where(asked, adults / _people(sample, place), 1.0)


def _mean(place: Ints, adults: Floats, known: Bools) -> Floats:
    """(n,) mean number of adults of those known in the same place, else of all, else 1."""
    rows = np.flatnonzero(known)
    size = int(place.max(initial=0)) + 1
    n, total = np.bincount(place[rows], minlength=size), sum_by(place[rows], adults[rows], size)
    overall = float(adults[rows].mean()) if len(rows) else 1.0
    return np.where(n > 0, total / np.maximum(n, 1), overall)[place]


def _people(sample: Pool, place: Ints) -> Floats:
    """(n,) respondents of the same household in the same place."""
    household = sample.factor("household")[0]
    part = np.repeat(np.arange(len(sample.parts)), [len(block) for _, block in sample.parts])
    key = (place * (len(sample.parts) + 1) + part) * (household.max(initial=0) + 2) + household + 1
    _, code, count = np.unique(key, return_inverse=True, return_counts=True)
    return np.where(household >= 0, count[code], 1).astype(np.float64)
