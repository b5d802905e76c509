"""An order of single responses that says nothing about the order in which they were stored.

Rows are ordered by their own contents.  Strata and PSUs have no contents but their rows, so they are ordered by those: a
PSU by the sorted list of its rows, a stratum by the sorted list of its PSUs.  Whatever is tied then is alike to the last
digit, so the same responses stored in any order give the same file.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.statistics.design import Ints


def row_order(
    contents: pd.DataFrame, stratum: Ints, psu: Ints, ssu: Ints | None = None
) -> tuple[Ints, Ints, Ints, Ints | None]:
    """Places of the rows in their new order, and the numbers from 1 of their strata, PSUs and SSUs.

    ``contents`` (n rows): everything of a row that will be seen but these; ``stratum``, ``psu``, ``ssu`` (n,): any
    labels of its stratum, its PSU and its SSU, nested; None where every row is an SSU of its own.
    """
    rows = _ranked([_text(contents[name]) for name in contents.columns], len(contents))
    units = pd.factorize(pd.MultiIndex.from_arrays([stratum, psu]))[0]
    strata = pd.factorize(stratum)[0]
    parts = np.arange(len(rows)) if ssu is None else pd.factorize(pd.MultiIndex.from_arrays([units, ssu]))[0]
    ssus = rows if ssu is None else _ranked_sets(rows, parts)[parts]
    psus = _ranked_sets(ssus[_firsts(parts)], units[_firsts(parts)])
    layers = _ranked_sets(psus[units][_firsts(units)], strata[_firsts(units)])
    apart = np.zeros(len(rows), dtype=np.int64) if ssu is None else parts
    order = np.lexsort((rows, apart, ssus, units, psus[units], strata, layers[strata]))
    numbered = None if ssu is None else _numbered(parts[order])
    return order, _numbered(strata[order]), _numbered(units[order]), numbered


def _text(column: pd.Series) -> pd.Series:
    """A column as it is written, so that what is ordered is what is seen; numbers keep every digit."""
    return column.map(lambda value: "" if pd.isna(value) else repr(value)).astype(object)


def _ranked(columns: list[pd.Series], n: int) -> Ints:
    """(n,) rank of each row among the distinct rows, in the order of the columns."""
    if not columns:
        return np.zeros(n, dtype=np.int64)
    codes = [np.unique(column.to_numpy(dtype=str), return_inverse=True)[1] for column in columns]
    return np.unique(np.column_stack(codes), axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _ranked_sets(members: Ints, group: Ints) -> Ints:
    """(groups,) rank of each group by the sorted list of its members; groups of the same members share a rank."""
    order = np.lexsort((members, group))
    lists = np.split(members[order], np.flatnonzero(np.diff(group[order])) + 1)
    keys = [tuple(found.tolist()) for found in lists]
    rank = {key: place for place, key in enumerate(sorted(set(keys)))}
    return np.array([rank[key] for key in keys], dtype=np.int64)


def _firsts(codes: Ints) -> Ints:
    """The first place of each code, in the order of the codes."""
    return np.unique(codes, return_index=True)[1]


def _numbered(codes: Ints) -> Ints:
    """1, 2, 3 … in the order in which the codes come."""
    return np.asarray(pd.factorize(codes)[0], dtype=np.int64) + 1
