"""Who is published: where few responses of a community are not scored, tables of scored items leave them out.

The points of a community rest on its scored responses and are public.  A table over all stored ones, less these, would
be the answers of the few that are not scored.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analysis.sample.completeness import completeness, scored_items
from analysis.sample.pooled_sample import Pool
from analysis.scheme.model import Scheme
from analysis.statistics.design import Bools
from survey.core import limits


class Counted:
    """Which responses the points of each year rest on, by item."""

    def __init__(self, sample: Pool, schemes: Mapping[int, Scheme]) -> None:
        """``schemes`` the scheme of each year; a year without one has no points."""
        self._sample = sample
        self._years = sample.numbers("year")
        self._items: dict[int, frozenset[str]] = {}
        self._scored = np.zeros(len(sample), dtype=bool)
        same: list[tuple[Scheme, list[int]]] = []
        for number, scheme in schemes.items():
            known = next((years for other, years in same if other == scheme), None)
            same.append((scheme, [number])) if known is None else known.append(number)
        for scheme, numbers in same:
            items = scored_items(scheme, sample.parts)
            self._items |= dict.fromkeys(numbers, frozenset(i.name for i in items))
            if items:
                self._scored |= np.isin(self._years, numbers) & completeness(scheme, sample, items).scored

    def left_out(self, item: str, answered: Bools) -> Bools:
        """(n,) responses of a mask (n,) that tables of an item leave out: few of a community that are not scored."""
        years = [year for year, names in self._items.items() if item in names]
        asked = answered & np.isin(self._years, years) & (self._sample.design.weight > 0)
        if not asked.any():
            return np.zeros(len(answered), dtype=bool)
        size = int(self._sample.place.max(initial=0)) + 1
        loose = asked & ~self._scored
        apart = np.bincount(self._sample.place[loose], minlength=size)
        scored = np.bincount(self._sample.place[asked & self._scored], minlength=size)
        few = (apart > 0) & (apart < limits.TOTALS_BELOW) & (scored >= limits.NOTHING_BELOW)
        return np.asarray(loose & few[self._sample.place])
