"""What they answer: a latent satisfaction cut into five levels.

z = community and dimension + item + community's item + person + person's dimension + noise.  The first
term is found by bisection so that the scored mean meets the plan of ``street``; everything else is drawn,
so standard deviations, correlations and item profiles are those of a drawn sample.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .chance import Floats, Ints, stream
from .street import DIMENSIONS, Place

ITEMS = tuple(f"{block}{number}" for block in "ABCDE" for number in range(1, 6))
DIMENSION_OF = np.repeat(np.arange(len(DIMENSIONS)), 5)
SCORES = np.array((np.nan, 100, 80, 60, 40, 0), dtype=float)  # by level, the default preset gd2011
BLANK, DONT_KNOW, REFUSED = 0, 8, 9

#: below these a person is no longer 很满意, 满意, 一般, 不满意
_CUTS = np.array((0.38, -0.37, -0.93, -1.46))
_PERSON, _PERSON_DIMENSION, _NOISE = 0.65, 0.34, 0.68

#: how much more or less than its dimension each item is liked, A1–A5 to E1–E5
_ITEM = np.array(
    (
        (0.06, -0.24, -0.20, 0.22, -0.10),
        (0.08, 0.12, -0.34, -0.06, 0.16),
        (0.26, 0.02, -0.10, -0.22, 0.14),
        (0.04, -0.18, -0.08, -0.02, 0.20),
        (0.12, 0.24, 0.0, -0.14, 0.18),
    )
).ravel()
#: shares of 不清楚
_DONT_KNOW = np.array(
    (
        (0.055, 0.088, 0.068, 0.026, 0.072),
        (0.008, 0.010, 0.014, 0.012, 0.016),
        (0.014, 0.022, 0.046, 0.078, 0.009),
        (0.020, 0.046, 0.052, 0.060, 0.013),
        (0.012, 0.018, 0.066, 0.028, 0.020),
    )
).ravel()
_AGE = np.array((-0.14, -0.12, -0.04, 0.10, 0.18))
_ORIGIN = np.array((0.03, 0.0, -0.10))
_PHONE = 0.11


def person_effect(place: Place, year: int, mode: str, who: pd.DataFrame, interviewer: Ints) -> Floats:
    """How satisfied each person is by nature, on the latent scale (phone and age make it rosier)."""
    random = stream("person", place.code, year, mode)
    own = random.normal(0, _PERSON, len(who))
    bitter = random.random_sample(len(who)) < 0.035
    manner = stream("interviewer", year, mode).normal(0, 0.07, 100)
    shared = _AGE[who["band"]] + _ORIGIN[who["origin"]] + (_PHONE if mode == "phone" else 0.0)
    return own + shared + manner[interviewer] - np.where(bitter, 0.9, 0.0)


def answers(place: Place, year: int, who: pd.DataFrame, person: Floats, plan: Floats) -> Ints:
    """(n, 25) levels 1–5, 8 don't know, 9 refused, 0 left blank or not asked (by ``state``).

    ``plan``: the points by dimension that they should come to.
    """
    n = len(who)
    random = stream("answers", place.code, year)
    habit = stream("items", place.code).normal(0, 0.11, len(ITEMS))
    leaning = random.normal(0, _PERSON_DIMENSION, (n, len(DIMENSIONS)))[:, DIMENSION_OF]
    rest = _ITEM + habit + person[:, None] + leaning + random.normal(0, _NOISE, (n, len(ITEMS)))
    paper = (who["mode"] == "paper").to_numpy()
    missing = _missing(random, paper, who)
    flat = random.random_sample(n) < np.where(paper, 0.02, 0.008)  # ticks one column throughout
    scored = who["state"].isin(("complete", "partial")).to_numpy()
    levels = _calibrated(rest, missing, flat, scored, plan)
    return np.where(missing > 0, missing, np.where(missing < 0, BLANK, levels))


def _missing(random: np.random.RandomState, paper: np.ndarray, who: pd.DataFrame) -> Ints:
    """8 or 9 where no opinion is given, -1 where nothing is written, else 0.

    Half-filled questionnaires end early: ``partial`` after 13–19 of 25 items, ``incomplete`` after 3–12.
    """
    shape = (len(who), len(ITEMS))
    unsure = np.exp(random.normal(0, 0.7, (len(who), 1)) - 0.245)
    newcomer = np.where(who["residence"].to_numpy() <= 1, 1.5, 0.85)[:, None]
    dont_know = random.random_sample(shape) < np.clip(_DONT_KNOW * unsure * newcomer, 0, 0.4)
    refused = random.random_sample(shape) < 0.0035
    overlooked = (random.random_sample(shape) < 0.006) & paper[:, None]
    state = who["state"].to_numpy()
    last = np.select(
        [state == "partial", state == "incomplete", state == "ineligible"],
        [random.randint(14, 20, len(who)), random.randint(3, 12, len(who)), 0],
        len(ITEMS),
    )
    overlooked = np.where((state == "complete")[:, None], overlooked, np.arange(len(ITEMS)) >= last[:, None])
    return np.where(overlooked, -1, np.where(refused, REFUSED, np.where(dont_know, DONT_KNOW, 0)))


def _levels(latent: Floats, flat: np.ndarray) -> Ints:
    levels = 1 + (latent[:, :, None] < _CUTS).sum(axis=2)
    return np.where(flat[:, None], levels[:, :1], levels)


def _calibrated(rest: Floats, missing: Ints, flat: np.ndarray, scored: np.ndarray, plan: Floats) -> Ints:
    """Levels whose mean item scores over ``scored``, dimension by dimension, come as near to the plan as answers can."""
    low, high = np.full(len(plan), -4.0), np.full(len(plan), 4.0)
    for _ in range(26):
        middle = (low + high) / 2
        got = dimension_points(np.where(missing != 0, 0, _levels(rest + middle[DIMENSION_OF], flat))[scored])
        low, high = np.where(got < plan, middle, low), np.where(got < plan, high, middle)
    return _levels(rest + low[DIMENSION_OF], flat)


def dimension_points(levels: Ints) -> Floats:
    """Dimension = mean of its item means x 60 / 100, over the answers that say something (docs/methods.md, “The 300 points”)."""
    scores = SCORES[np.where(levels > 5, 0, levels)]
    return np.nanmean(scores, axis=0).reshape(len(DIMENSIONS), 5).mean(axis=1) * 0.6
