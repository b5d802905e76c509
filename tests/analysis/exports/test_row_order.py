"""Rows stored in any order come out in one order, and their strata and PSUs under the same numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.exports.row_order import row_order


def written(contents: pd.DataFrame, stratum: np.ndarray, psu: np.ndarray, ssu: np.ndarray | None = None) -> str:
    order, strata, psus, ssus = row_order(contents, stratum, psu, ssu)
    assert sorted(order.tolist()) == list(range(len(contents)))
    told = contents.iloc[order].assign(stratum=strata, psu=psus)
    return told.assign(**({} if ssus is None else {"ssu": ssus})).to_csv(index=False)


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


def test_rows_of_one_household_are_ordered_too():
    """Stored 40, 0 and 0, 40: within the SSU the lower answer comes first, whichever was stored first."""
    texts = [
        written(pd.DataFrame({"item": items}), np.zeros(3, dtype=int), np.zeros(3, dtype=int), np.array([5, 5, 6]))
        for items in ([40, 0, 20], [0, 40, 20])
    ]
    assert texts[0] == texts[1]
    assert texts[0].splitlines()[1:] == ["0,1,1,1", "40,1,1,1", "20,1,1,2"]


@given(
    rows=st.lists(st.tuples(*[st.integers(0, 1)] * 3, *[st.integers(0, 2)] * 2), min_size=1, max_size=14),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_order_of_rows_in_three_stages_is_written_alike(rows, seed):
    """Stratum, PSU and SSU, each within the one before, and two answers."""
    table = np.array(rows)
    draw = np.random.default_rng(seed)
    texts = []
    for t, label in ((table, np.arange(100)), (table[draw.permutation(len(table))], draw.permutation(100))):
        psu = t[:, 0] * 2 + t[:, 1]
        contents = pd.DataFrame(t[:, 3:], columns=["x", "y"])
        texts.append(written(contents, label[t[:, 0]], label[10 + psu], label[20 + psu * 2 + t[:, 2]]))
    assert texts[0] == texts[1]
