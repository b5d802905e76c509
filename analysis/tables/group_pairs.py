"""Any two groups of a table against each other: women less men, one year less another (``--difference COLUMN=A,B``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.sample.calibrated_domains import Weighted
from analysis.sample.filters import Filter
from analysis.sample.grouping import Grouping
from analysis.sample.pooled_sample import group_by
from analysis.statistics.descriptive.linear import Linear, difference
from analysis.statistics.design import Bools, Floats, Ints
from analysis.statistics.differences import difference_test
from analysis.statistics.estimation import Base, Domains, base_of
from analysis.statistics.replicates import ReplicateSample
from survey.core.errors import Refused

PAIR = (
    "difference",
    "difference_se",
    "difference_df",
    "difference_low",
    "difference_high",
    "difference_p",
)
#: those that a sample without a known error leaves empty
PAIR_ERRORS = PAIR[1:]


@dataclass(frozen=True)
class Pair:
    """The lines of a table that hold both groups: ``domains`` of the lines · ``side`` (m,) 0 the one, 1 the other ·
    ``first``, ``second`` (L,) the groups of the table, −1 where a line lacks one."""

    domains: Domains
    side: Ints
    first: Ints
    second: Ints

    def compare(self, of: Callable[[Domains, Base], Linear], answered: Bools) -> dict[str, Floats]:
        """``PAIR`` by line (L,); ``of`` gives the statistic of a base, ``answered`` (n,) who has it."""
        there = self.domains.take(answered)
        parts = (base_of(self.domains, there & (self.side == 0)), base_of(self.domains, there & (self.side == 1)))
        e = difference(self.domains, base_of(self.domains, there), parts, lambda base: of(self.domains, base))
        se = np.where(np.isnan(e.low), np.nan, e.se)
        found = (e.mean, se, e.df, e.low, e.high, difference_test(e.mean, se, e.df))
        return dict(zip(PAIR, found, strict=True))


def make_pair(
    grouping: Grouping, one: Filter, weighted: Weighted, replicates: tuple[ReplicateSample, ...] = ()
) -> Pair:
    """The pair that a filter of two values names, the first less the second; raises Refused where it is none of the
    columns that the table is split by, or does not name two values."""
    if one.column not in grouping.factors:
        raise Refused("estimation.difference_by", name=one.column, known=list(grouping.factors))
    if len(one.chosen) != 2:
        raise Refused("estimation.difference_two", name=one.column)
    others = {name: factor for name, factor in grouping.factors.items() if name != one.column}
    size = len(grouping.groups.code)
    inside = one.mask & (grouping.groups.code >= 0)
    lines = group_by(others, size)
    code = np.where(inside, lines.code, -1)
    domains = weighted.lay(code, len(lines), replicates)
    side = np.where(one.factor[0] == one.chosen[0], 0, 1).astype(np.int64)
    groups = np.full((2, len(lines)), -1, dtype=np.int64)
    rows = np.flatnonzero(inside)
    groups[side[rows], code[rows]] = grouping.groups.code[rows]
    return Pair(domains, domains.take(side), groups[0], groups[1])
