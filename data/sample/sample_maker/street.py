"""The invented street: twelve communities, who lives there, and what their year is meant to look like.

The plan (``OBJECTIVE``, ``SUBJECTIVE`` …) is the story the sample tells: stars 0–5 all occur in 2014, one
community lies a few points below a threshold, one has too few answers, most changes are noise and a
few are real.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .chance import Floats, Ints, largest_remainder, stream

YEARS = (2012, 2013, 2014)
DIMENSIONS = ("autonomy", "ecology", "service", "culture", "harmony")
AGE_BANDS = ("18-29", "30-44", "45-59", "60-74", "75+")
AGE_LIMITS = ((18, 29), (30, 44), (45, 59), (60, 74), (75, 91))


@dataclass(frozen=True)
class Place:
    """One community of the street."""

    code: str
    name: str
    aliases: tuple[str, ...]
    adults: int
    type: str
    feature: str
    #: shares of the age bands among adults
    ages: tuple[float, ...]


_OLD, _MIXED, _YOUNG = (14, 22, 28, 26, 10), (18, 29, 28, 19, 6), (24, 36, 24, 12, 4)

PLACES = (
    Place("SL01", "春晖社区", ("春晖小区", "春晖居委会"), 8640, "商品房型", "邻里互助", _MIXED),
    Place("SL02", "锦园社区", ("锦园居委会",), 7920, "商品房型", "绿色家园", _YOUNG),
    Place("SL03", "望江社区", ("望江居委会",), 7310, "混合型", "书香社区", _MIXED),
    Place("SL04", "桂湖社区", ("桂湖居委会", "桂湖新村"), 6480, "混合型", "老旧小区改造", _MIXED),
    Place("SL05", "青藤社区", ("青藤居委会",), 5870, "单位型", "志愿服务", _OLD),
    Place("SL06", "南塔社区", ("南塔居委会", "南塔街社区"), 5240, "老旧小区型", "居家养老", _OLD),
    Place("SL07", "柏里社区", ("柏里居委会",), 6130, "混合型", "平安社区", _MIXED),
    Place("SL08", "云亭社区", ("云亭居委会",), 4660, "商品房型", "智慧社区", _YOUNG),
    Place("SL09", "大榕社区", ("大榕居委会", "大榕树社区"), 4120, "老旧小区型", "邻里文化", _OLD),
    Place("SL10", "石桥社区", ("石桥居委会",), 3480, "村改居型", "乡风文明", _MIXED),
    Place("SL11", "西埠社区", ("西埠居委会",), 2930, "村改居型", "外来人口服务", _YOUNG),
    Place("SL12", "柳营社区", ("柳营居委会",), 2560, "老旧小区型", "就业帮扶", _OLD),
)

#: points of the objective part in 2014 by dimension (140 each)
OBJECTIVE = {
    "SL01": (130, 130, 132, 124, 130),
    "SL02": (124, 128, 124, 119, 122),
    "SL03": (123, 120, 115, 121, 122),
    "SL04": (121, 111, 113, 109, 119),
    "SL05": (117, 113, 119, 108, 117),
    "SL06": (118, 109, 121, 104, 114),
    "SL07": (112, 112, 115, 109, 114),
    "SL08": (112, 108, 106, 103, 113),
    "SL09": (107, 108, 109, 95, 105),
    "SL10": (102, 92, 99, 97, 97),
    "SL11": (104, 101, 95, 102, 106),
    "SL12": (92, 93, 90, 86, 88),
}
#: change of the objective total from 2012 to 2013 and from 2013 to 2014
OBJECTIVE_CHANGES = {
    "SL01": (14, 18),
    "SL02": (20, 13),
    "SL03": (17, -16),
    "SL04": (9, 13),
    "SL05": (21, 4),
    "SL06": (20, 9),
    "SL07": (14, -3),
    "SL08": (16, 7),
    "SL09": (14, 2),
    "SL10": (30, -14),
    "SL11": (13, 6),
    "SL12": (19, -2),
}

#: points of the subjective part in 2014 by dimension (60 each)
SUBJECTIVE = {
    "SL01": (54.1, 54.0, 55.7, 52.2, 55.2),
    "SL02": (52.0, 52.4, 51.6, 49.1, 52.2),
    "SL03": (50.9, 47.8, 46.9, 49.3, 51.2),
    "SL04": (49.7, 46.2, 48.9, 47.8, 50.3),
    "SL05": (47.3, 46.8, 48.9, 45.1, 47.2),
    "SL06": (47.3, 43.9, 50.8, 43.3, 46.2),
    "SL07": (45.1, 44.8, 46.2, 44.1, 46.0),
    "SL08": (45.8, 44.2, 43.1, 42.0, 46.9),
    "SL09": (43.2, 43.4, 45.1, 40.1, 41.4),
    "SL10": (41.8, 38.2, 41.0, 40.1, 39.9),
    "SL11": (40.2, 39.1, 37.2, 39.7, 42.1),
    "SL12": (38.1, 38.8, 38.2, 36.1, 36.9),
}
#: change of the subjective points, one number for the total or one a dimension; most are noise, three are real
SUBJECTIVE_CHANGES: dict[str, tuple[float | tuple[float, ...], float | tuple[float, ...]]] = {
    "SL01": (5.2, 1.2),
    "SL02": (2.7, 1.6),
    "SL03": (4.4, -3.3),
    "SL04": (3.1, (2.2, 8.4, 5.1, 1.6, 2.3)),  # rebuilt in 2014: greenery, services
    "SL05": (6.3, -0.6),
    "SL06": (7.6, 5.2),
    "SL07": (3.7, -2.8),
    "SL08": (4.6, -3.4),
    "SL09": (2.6, (-3.2, -1.4, -1.1, -2.7, -10.1)),  # a serious case in 2014
    "SL10": ((2.1, 7.7, 3.2, 5.4, 2.3), -3.1),  # a new park in 2013
    "SL11": (4.3, -2.9),
    "SL12": (6.8, 1.9),
}

#: responses that can be scored, by year; the last community is short in 2014
RESPONSES = {
    2012: (180, 176, 169, 191, 162, 185, 196, 154, 171, 166, 157, 152),
    2013: (205, 198, 191, 215, 183, 201, 211, 178, 193, 186, 164, 159),
    2014: (231, 224, 218, 226, 212, 204, 238, 197, 188, 209, 38, 172),
}


def subjective_plan(code: str, year: int) -> Floats:
    """Planned subjective points of a community by dimension."""
    plan = np.array(SUBJECTIVE[code])
    for step, after in enumerate(YEARS[1:]):
        if year < after:
            change = np.asarray(SUBJECTIVE_CHANGES[code][step], dtype=float)
            plan = plan - (change if change.ndim else _spread(float(change), code, after, 0.5))
    return plan


def objective_plan(code: str, year: int) -> Floats:
    """Planned objective points of a community by dimension."""
    plan = np.array(OBJECTIVE[code], dtype=float)
    for step, after in enumerate(YEARS[1:]):
        if year < after:
            plan = plan - _spread(OBJECTIVE_CHANGES[code][step], code, after, 2.5)
    return plan


def _spread(change: float, code: str, year: int, noise: float) -> Floats:
    """A change of the total over five dimensions, unevenly, with the same sum."""
    wobble = stream("spread", code, year).normal(0, noise, len(DIMENSIONS))
    return change / len(DIMENSIONS) + wobble - wobble.mean()


def population(place: Place, year: int) -> Ints:
    """Adults by sex (male, female) and age band; 2014 sums to ``place.adults``."""
    random = stream("population", place.code)
    ages = np.array(place.ages) * random.uniform(0.92, 1.08, len(AGE_BANDS))
    growth = random.uniform(-0.004, 0.012)
    ageing = np.array((-0.012, -0.004, 0.004, 0.02, 0.03)) * (year - YEARS[-1])
    total = round(place.adults * (1 + growth * (year - YEARS[-1])))
    women = np.array((0.495, 0.5, 0.505, 0.515, 0.57)) + random.normal(0, 0.006)
    shares = np.stack([ages * (1 - women), ages * women]) * (1 + ageing)
    return largest_remainder(total, shares.ravel()).reshape(shares.shape)
