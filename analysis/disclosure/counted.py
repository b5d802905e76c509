"""Who is published: where few responses of a community are not scored, tables of scored items leave them out; where few of a
street name no community, tables of every item do.

The points of a community rest on its scored responses and are public.  A table over all stored ones, less these, would
be the answers of the few that are not scored.  The tables of communities are public as well: all of a street, less these,
would be the answers of the few that are of none.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.sample.completeness import completeness, scored_items
from analysis.sample.pooled_sample import Pool
from analysis.scheme.model import Scheme
from analysis.statistics.design import Bools
from survey.core import limits
from survey.core.lazily import cached_property


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
        """(n,) responses of a mask (n,) that tables of an item leave out: few of a community that are not scored, and few of a
        street and year (or of none) that are of no community."""
        return self._of_no_community(answered) | self._not_scored(item, answered)

    @cached_property
    def placeless(self) -> Bools:
        """(n,) responses that are of no community."""
        return np.asarray(self._sample.factor("community_code")[0] < 0)

    @cached_property
    def of_none(self) -> Bools:
        """(n,) the few that no item takes, because they are of no community: they need no population either."""
        return self._of_no_community(np.ones(len(self._sample), dtype=bool))

    def _of_no_community(self, answered: Bools) -> Bools:
        counts = answered & (self._sample.design.weight > 0)
        beside = np.isin(
            self._years, self._years[counts & ~self.placeless]
        )  # in years without communities all are of none
        rows = np.flatnonzero(counts & self.placeless & beside)
        street = pd.MultiIndex.from_arrays([self._years[rows], self._sample.factor("sub_district")[0][rows]])
        place = pd.factorize(street)[0]
        result = np.zeros(len(answered), dtype=bool)
        result[rows[np.bincount(place)[place] < limits.TOTALS_BELOW]] = True
        return result

    def _not_scored(self, item: str, answered: Bools) -> Bools:
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
