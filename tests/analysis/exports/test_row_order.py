"""Rows stored in any order come out in one order, and their strata and PSUs under the same numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.exports.row_order import row_order


def written(contents: pd.DataFrame, stratum: np.ndarray, psu: np.ndarray) -> str:
    order, strata, psus, _ = row_order(contents, stratum, psu)
    assert sorted(order.tolist()) == list(range(len(contents)))
    return contents.iloc[order].assign(stratum=strata, psu=psus).to_csv(index=False)


def test_counted_by_hand():
    """PSU "b" holds the lowest answer, so it is 1; its stratum comes first though it was stored last."""
    contents = pd.DataFrame({"item": [40, 20, 20, 0]})
    order, strata, psus, _ = row_order(contents, np.array([7, 7, 3, 3]), np.array([5, 5, 9, 8]))
    assert contents["item"].iloc[order].tolist() == [0, 20, 20, 40]
    assert strata.tolist() == [1, 1, 2, 2]
    assert psus.tolist() == [1, 2, 3, 3]


def test_what_is_empty_and_what_is_no_number_is_ordered_too():
    contents = pd.DataFrame({"a": [np.nan, 1.0, np.nan], "b": pd.array([None, 2, 1], dtype="Int64")})
    order, *_ = row_order(contents, np.zeros(3, dtype=int), np.arange(3))
    assert order.tolist() == [0, 2, 1]


@given(
    rows=st.lists(st.tuples(*[st.integers(0, 2)] * 4), min_size=1, max_size=14),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_order_of_the_same_rows_is_written_alike(rows, seed):
    """Stratum, PSU in it, and two answers of few values, so that ties of rows, PSUs and strata are common."""
    table = np.array(rows)
    shuffled = table[np.random.default_rng(seed).permutation(len(table))]
    names = np.random.default_rng(seed).permutation(100)  # labels say nothing either
    texts = [
        written(pd.DataFrame(t[:, 2:], columns=["x", "y"]), label[t[:, 0]], label[10 + t[:, 0] * 3 + t[:, 1]])
        for t, label in ((table, np.arange(100)), (shuffled, names))
    ]
    assert texts[0] == texts[1]
