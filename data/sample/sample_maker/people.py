"""Who answers: sex, age, years in the community and the like, with the skew that such surveys have."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .chance import Ints, pick, stream
from .street import AGE_LIMITS, Place, population

#: how much likelier than its share a band is to answer, by mode: paper finds those who are at home
_REACH = {"paper": (0.62, 0.8, 1.05, 1.45, 1.15), "phone": (0.85, 1.0, 1.1, 1.05, 0.7)}
_WOMEN = {"paper": 1.25, "phone": 1.05}

#: shares of residence (<1, 1–4, 5–9, 10–19, 20+ years) by age band
_RESIDENCE = ((13, 32, 20, 20, 15), (8, 28, 27, 22, 15), (3, 12, 22, 30, 33), (1, 7, 14, 26, 52), (1, 4, 8, 19, 68))
#: shares of household registration (here, elsewhere in the city, from outside) by kind of community
_ORIGIN = {"村改居型": (46, 14, 40), "商品房型": (52, 30, 18), "混合型": (60, 22, 18)}
_ORIGIN_ELSE = (68, 20, 12)
#: shares of education (primary … bachelor and above) by age band
_EDUCATION = ((1, 8, 27, 33, 31), (3, 22, 32, 24, 19), (14, 38, 30, 12, 6), (34, 36, 20, 7, 3), (58, 26, 11, 3, 2))
#: shares of occupation (office, company, own shop, freelance, student, retired, out of work, other) by age band
_OCCUPATION = (
    (6, 42, 9, 12, 22, 0, 6, 3),
    (10, 42, 18, 14, 0, 1, 9, 6),
    (9, 32, 17, 11, 0, 14, 11, 6),
    (1, 4, 6, 5, 0, 76, 3, 5),
    (0, 0, 1, 1, 0, 93, 1, 4),
)


def people(place: Place, year: int, mode: str, n: int) -> pd.DataFrame:
    """n respondents: ``sex`` 0 male, 1 female, ``age``, ``band``, ``residence``, ``origin``, ``education``,
    ``occupation`` (positions in the questionnaire's lists).
    """
    random = stream("people", place.code, year, mode)
    weights = population(place, year) * np.array(_REACH[mode])
    weights[1] = weights[1] * _WOMEN[mode]
    cell = pick(random, n, weights.ravel().tolist())
    sex, band = cell // len(AGE_LIMITS), cell % len(AGE_LIMITS)
    low, high = np.array(AGE_LIMITS)[band].T
    # squared in the open band: few are over 85
    place_in_band = random.random_sample(n) ** np.where(band == len(AGE_LIMITS) - 1, 2.0, 1.0)
    origin = pick(random, n, _ORIGIN.get(place.type, _ORIGIN_ELSE))
    residence = _by_band(random, band, _RESIDENCE)
    residence = np.where((origin == 2) & (residence > 2), residence - 2, residence)
    return pd.DataFrame(
        {
            "sex": sex,
            "age": (low + place_in_band * (high - low + 1)).astype(int),
            "band": band,
            "residence": residence,
            "origin": origin,
            "education": _by_band(random, band, _EDUCATION),
            "occupation": _by_band(random, band, _OCCUPATION),
        }
    )


def _by_band(random: np.random.RandomState, band: Ints, shares: tuple[tuple[int, ...], ...]) -> Ints:
    draws = np.stack([pick(random, len(band), s) for s in shares])
    return draws[band, np.arange(len(band))]
