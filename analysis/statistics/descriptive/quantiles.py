"""Quantiles by group with Woodruff's interval: the quantiles of the ends of the interval of the share at or below it.

R: ``svyquantile(~x, subset(design, g == k), p, interval.type = "mean", qrule = "math", na.rm = TRUE)`` of survey 4.1-1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analysis.statistics.design import Floats, Ints
from analysis.statistics.estimation import Base, Domains, Estimate, measure, t_quantile
from analysis.statistics.notes import join_notes

#: a share this close to a step of the cumulated weights is on it (sums of weights round)
ON_STEP = 1e-10


@dataclass(frozen=True)
class _Sorted:
    """Values that weigh something in the order of their groups and sizes, with the share of the group's weight up to each;
    group g lies from ``starts[g]`` to ``starts[g + 1]``, and its shares stand between g and g + 1."""

    values: Floats
    place: Floats
    starts: Ints

    def at(self, p: Floats) -> Floats:
        """(G,) the smallest value up to which a share p of the weight lies, NaN for p outside of 0 to 1.

        As R: below the first value's own share it is the second value.
        """
        groups = np.arange(len(p))
        first, behind = self.starts[:-1], self.starts[1:]
        inside = (p >= 0) & (p <= 1) & (behind > first)
        wanted = groups + np.where(inside, p, 0.0)
        found = np.minimum(np.searchsorted(self.place, wanted - ON_STEP), behind - 1)
        lowest = self.place[np.minimum(first, max(len(self.place) - 1, 0))] if len(self.place) else wanted
        found = np.where(lowest > wanted + ON_STEP, np.minimum(first + 1, behind - 1), np.maximum(found, first))
        result = np.full(len(p), np.nan)
        result[inside] = self.values[found[inside]]
        return result


def quantile(domains: Domains, base: Base, values: Floats, p: float) -> Estimate:
    """The p-quantile of (m,) values by group: the smallest value up to which a share p of the weight lies.

    ``mean`` of the result is the quantile.  Its interval leads through the t interval of the share of values up to it, its
    standard error is the interval's length over 2 t, as R has it; an end is NaN where that of the share leaves 0 to 1.
    R: ``svyquantile(~x, design, p, interval.type = "mean", qrule = "math")``.
    """
    laid = _laid(domains, base, values)
    found = laid.at(np.full(domains.size, p))
    share, _ = measure(domains, base, (base.filled(values) <= found[domains.group]).astype(np.float64))
    known = ~np.isnan(found) & ~np.isnan(share.se)
    half = t_quantile(share.df) * share.se
    flat = known & (share.se == 0) & ~base.census
    ends = [laid.at(np.where(known & ~flat, share.mean + sign * half, np.nan)) for sign in (-1, 1)]
    low, high = (np.where(base.census & known, found, end) for end in ends)
    with np.errstate(invalid="ignore"):
        se = np.where(base.census & known, 0.0, (high - low) / (2 * t_quantile(share.df)))
    open_ = known & ~flat & (np.isnan(low) | np.isnan(high)) & (share.df > 0)
    note = join_notes(len(found), (open_, "quantile_end"), start=share.note)
    return replace(share, mean=found, se=se, low=low, high=high, deff=np.full(len(found), np.nan), note=note)


def _laid(domains: Domains, base: Base, values: Floats) -> _Sorted:
    rows = np.flatnonzero(base.weight > 0)
    x, group, weight = values[rows], domains.group[rows], base.weight[rows]
    order = _order(group, x, domains.size)
    x, group, weight = x[order], group[order], weight[order]
    starts = np.searchsorted(group, np.arange(domains.size + 1))
    total = np.add.reduceat(np.append(weight, 0.0), starts[:-1]) if domains.size else np.zeros(0)
    cumulated = np.cumsum(weight, dtype=np.longdouble)
    before = np.concatenate([np.zeros(1, dtype=np.longdouble), cumulated])[starts[:-1]]
    share = (cumulated - before[group]) / np.where(total > 0, total, 1.0)[group]
    return _Sorted(x, (group + share).astype(np.float64), starts)


def _order(group: Ints, x: Floats, size: int) -> Ints:
    """The order by group and value; values of a few kinds are sorted as small codes."""
    kinds = np.unique(x[:: max(len(x) // 1000, 1)])
    if len(kinds) < 100:
        code = np.minimum(np.searchsorted(kinds, x), len(kinds) - 1)
        if np.array_equal(kinds[code], x) and size * len(kinds) < 2**16:
            return np.argsort((group * len(kinds) + code).astype(np.uint16), kind="stable")
    return np.lexsort((x, group))
