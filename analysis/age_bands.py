"""Age bands as people write them: ``18-29``, ``60岁及以上``, ``75+``, ``17岁以下``."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from analysis.design import Floats, Ints
from survey.cells import clean

_BETWEEN = re.compile(r"(\d{1,3})(?:-|~|–|—|－|～|至|到|to)(\d{1,3})")
_FROM = re.compile(r"(\d{1,3})(?:\+|及以上|及其以上|以上|andover|andolder|orolder|orover)")
_UPTO = re.compile(r"(\d{1,3})(?:及以下|以下|andunder|andyounger|oryounger|orunder)")
_BELOW = re.compile(r"(?:<|under|不满|未满)(\d{1,3})")
_NO_END = 999


def bounds(label: str) -> tuple[int, int] | None:
    """First and last year of age of a band, both inclusive (以上 and 以下 include the number); None if it is no band."""
    text = re.sub(r"周?岁|[\s()（）]|years?(?:old)?|aged?", "", clean(label).lower())
    if found := _BETWEEN.fullmatch(text):
        low, high = int(found[1]), int(found[2])
        return (low, high) if low <= high else None
    if found := _FROM.fullmatch(text):
        return int(found[1]), _NO_END
    if found := _UPTO.fullmatch(text):
        return 0, int(found[1])
    if found := _BELOW.fullmatch(text):
        return 0, int(found[1]) - 1
    return None


def in_order(labels: Sequence[str]) -> list[str]:
    """From the youngest band to the oldest; what is no band comes last, in the order given."""
    return sorted(labels, key=lambda label: bounds(label) or (_NO_END + 1, 0))


def band_of(age: Floats, labels: Sequence[str]) -> Ints:
    """(n,) which of the bands (in order) an age in years falls in, −1 where in none or not known."""
    known = [(i, *ends) for i, label in enumerate(labels) if (ends := bounds(label))]
    if not known:
        return np.full(len(age), -1, dtype=np.int64)
    index, low, high = (np.array(column) for column in zip(*known, strict=True))
    years = np.floor(np.where(np.isnan(age), -1.0, age))
    place = np.searchsorted(low, years, side="right") - 1
    inside = (place >= 0) & (years <= high[place])
    return np.where(inside, index[place], -1).astype(np.int64)
