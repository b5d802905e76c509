"""Which category of a margin each response belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from analysis.sample.grouping import positions_of
from analysis.sample.item_spread import answer_places, best_first
from analysis.sample.pooled_sample import Pool
from analysis.sample.populations import band_of, category_key
from analysis.statistics.design import Bools, Floats, Ints


def category_codes(sample: Pool, name: str, labels: Sequence[str], area: Ints, counts: Floats) -> Ints:
    """(n,) 0 … L−1, or L where the category is not known or the area has no figure for it.

    ``name`` is ``sex``, ``age_band``, another role or a question; ``area`` (n,) 0 … A−1 or −1; ``counts`` (A, L)
    population, NaN where an area has no such category.  Ages are sorted into the bands of their own area; the
    band that was asked counts where no age is known.
    """
    if name in ("sex", "age_band"):
        codes = _role_codes(sample, name, labels)
    else:
        codes = _question_codes(sample, name, labels)
    has = ~np.isnan(counts)
    if name == "age_band":
        age = _ages(sample, labels, area, has)
        codes = np.where(age >= 0, age, codes)
    padded = np.pad(has, ((0, 1), (0, 1)))  # the last area and the last category stand for none
    known = padded[area, codes]
    return np.where(known, codes, len(labels))


def _lookup(name: str, words: Iterable[Iterable[str]], labels: Sequence[str]) -> Ints:
    """Of each set of words the category that one of them is; −1 for none, and once more −1 at the end."""
    places = {category_key(name, label): i for i, label in reversed([*enumerate(labels)])}
    found = [
        next((places[category_key(name, w)] for w in some if category_key(name, w) in places), -1) for some in words
    ]
    return np.array([*found, -1], dtype=np.int64)


def _role_codes(sample: Pool, role: str, labels: Sequence[str]) -> Ints:
    codes, values = sample.factor(role)
    choices = [c for form, _ in sample.parts if role in form.roles for c in form.roles[role].choices]
    words = [
        [str(value), *(w for c in choices if c.name == value for w in (*c.labels.values(), *c.aliases))]
        for value in values
    ]
    return _lookup(role, words, labels)[codes]


def _question_codes(sample: Pool, name: str, labels: Sequence[str]) -> Ints:
    positions = positions_of(sample, name)
    if not positions or sample.parts[positions[-1]][0].question(name).coding != "choice":
        return np.full(len(sample), -1, dtype=np.int64)
    choices = best_first(sample, name, positions)
    places = answer_places(sample, name, positions, choices).astype(np.int64)
    table = _lookup(name, [[c.name, *c.labels.values(), *c.aliases] for c in choices], labels)
    return table[np.where((places >= 0) & (places < len(choices)), places, len(choices))]


def _ages(sample: Pool, labels: Sequence[str], area: Ints, has: Bools) -> Ints:
    """(n,) band of the age, −1 where none is known; areas with other bands are sorted by their own."""
    age = sample.numbers("age")
    result = np.full(len(sample), -1, dtype=np.int64)
    if np.isnan(age).all() or not len(has):
        return result
    kinds, kind = np.unique(has, axis=0, return_inverse=True)
    for number, bands in enumerate(kinds):  # as many as there are different sets of bands, usually one
        places = np.flatnonzero(bands)
        found = band_of(age, [labels[i] for i in places.tolist()])
        mine = (area >= 0) & (kind.ravel()[np.maximum(area, 0)] == number) & (found >= 0)
        result[mine] = places[found[mine]]
    return result
