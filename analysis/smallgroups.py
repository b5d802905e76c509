"""Small groups: what a group of few respondents may show (contract §6).

Under 5 respondents nothing but the note that it is suppressed, 5–9 totals only (a mean or score with its
error, no breakdown by item and no distribution), from 10 everything.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.design import Bools, Floats

NOTHING_BELOW = 5
TOTALS_BELOW = 10


def too_few(n: Floats, least: int = NOTHING_BELOW) -> Bools:
    """Groups that have respondents, but fewer than ``least``."""
    return (n > 0) & (n < least)


def with_complements(
    keys: pd.DataFrame, n: Floats, along: Sequence[str], outside: pd.DataFrame | None = None,
    least: int = NOTHING_BELOW,
) -> Bools:  # fmt: skip
    """Groups to hide: those under ``least``, and those that would reveal them by subtraction.

    ``keys`` one row a group, ``n`` its respondents.  ``along`` names the columns whose groups add up to a
    total that someone may ask for (women and men to all of a community).  On such a line the hidden groups
    together must be none or at least ``least`` people, so the next smallest is hidden until they are.
    ``outside`` holds, with the same columns and ``n``, respondents of a line that are in no group (a column
    is None); they stand between the total and the groups that are shown.
    """
    hidden = too_few(n, least)
    if not hidden.any() or not along:
        return hidden
    lines = [_line_codes(keys, column, outside) for column in along]
    while True:
        before = int(hidden.sum())
        for line, beside in lines:
            size = int(line.max()) + 1
            kept_back = (
                np.bincount(line, n * hidden, size) + np.bincount(line, hidden, size).astype(bool) * beside[:size]
            )
            short = (kept_back > 0) & (np.bincount(line, hidden, size) > 0) & (kept_back < least)
            candidates = np.flatnonzero(short[line] & ~hidden & (n > 0))
            order = candidates[np.lexsort((n[candidates], line[candidates]))]
            _, smallest = np.unique(line[order], return_index=True)
            hidden[order[smallest]] = True
        if int(hidden.sum()) == before:
            return hidden


def _line_codes(keys: pd.DataFrame, column: str, outside: pd.DataFrame | None) -> tuple[np.ndarray, Floats]:
    """The line of each group along a column, and the respondents of each line that are in no group."""
    others = [c for c in keys.columns if c != column]
    if not others:
        line = np.zeros(len(keys), dtype=np.int64)
        beside = 0.0 if outside is None else float(outside["n"].sum())
        return line, np.array([beside])
    names = keys[others].astype(object).itertuples(index=False, name=None)
    codes, values = pd.factorize(pd.Series(list(names), dtype=object))
    beside_of = np.zeros(len(values))
    if outside is not None and len(outside):
        place = {name: i for i, name in enumerate(values)}
        for name, count in zip(outside[others].itertuples(index=False, name=None), outside["n"], strict=True):
            if name in place:
                beside_of[place[name]] += count
    return np.asarray(codes, dtype=np.int64), beside_of
