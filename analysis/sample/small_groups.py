"""Small groups: what a group of few respondents may show (docs/results.md, “Small groups”).

Under ``limits.NOTHING_BELOW`` respondents nothing but the note that it is suppressed, under ``limits.TOTALS_BELOW`` totals
only (a mean or score with its error, no breakdown by item and no distribution), from there everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.statistics.design import Bools, Floats, Ints
from survey.core import limits


def too_few(n: Floats, least: int | None = None) -> Bools:
    """Groups that have respondents, but fewer than ``least``, by default too few to show anything."""
    return (n > 0) & (n < (limits.NOTHING_BELOW if least is None else least))


def with_complements(
    keys: pd.DataFrame,
    n: Floats,
    along: Sequence[str],
    outside: Mapping[str, pd.DataFrame] | None = None,
    least: int | None = None,
) -> Bools:
    """Groups to hide: those under ``least``, and those that would reveal them by subtraction.

    ``least`` by default what is too few to show anything.  ``keys`` one row a group, ``n`` its respondents.  ``along`` names the columns whose groups add up to a
    total that someone may ask for (women and men to all of a community).  On such a line the hidden groups
    must be two or more and together at least ``least`` people, so the next smallest is hidden until they
    are.  ``outside``: column → respondents of each line that are in none of its groups (the other columns
    and ``n``); they stand between the total and the groups that are shown.
    """
    least = limits.NOTHING_BELOW if least is None else least
    hidden = too_few(n, least)
    if not hidden.any():
        return hidden
    lines = [_line(keys, column, (outside or {}).get(column)) for column in along]
    before = 0
    while before < (before := int(hidden.sum())):
        for line, beside in lines:
            size = len(beside)
            count = np.bincount(line, hidden & (n > 0), size)
            people = np.bincount(line, n * hidden, size) + beside
            short = (count > 0) & ((people < least) | (count + (beside > 0) < 2))
            candidates = np.flatnonzero(short[line] & ~hidden & (n > 0))
            order = candidates[np.lexsort((n[candidates], line[candidates]))]
            _, smallest = np.unique(line[order], return_index=True)
            hidden[order[smallest]] = True
    return hidden


def _line(keys: pd.DataFrame, column: str, outside: pd.DataFrame | None) -> tuple[Ints, Floats]:
    """The line of each group along a column, and by line the respondents that are in none of its groups."""
    others = [c for c in keys.columns if c != column]
    names = list(keys[others].itertuples(index=False, name=None))
    place = {name: i for i, name in enumerate(dict.fromkeys(names))}
    beside = np.zeros(len(place))
    if outside is not None:
        for name, count in zip(outside[others].itertuples(index=False, name=None), outside["n"], strict=True):
            if name in place:
                beside[place[name]] += count
    return np.array([place[name] for name in names], dtype=np.int64), beside


def parts(counts: Mapping[str, int]) -> Mapping[str, int]:
    """How many each part of a whole has, or nothing at all where one of them is too few to be told."""
    few = any(0 < n < limits.NOTHING_BELOW for n in counts.values())
    return {} if few else counts
