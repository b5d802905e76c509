"""Groups too small to show, and those that would give them away."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.sample.small_groups import too_few, with_complements
from tests.tools.soak import examples


def keys(*rows: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["place", "sex", "age"][: len(rows[0])])


def test_thresholds() -> None:
    assert too_few(np.array([0.0, 1, 4, 5, 9, 10])).tolist() == [False, True, True, False, False, False]
    assert too_few(np.array([0.0, 4, 5, 9, 10]), 10).tolist() == [False, True, True, True, False]


def test_the_next_smallest_of_the_line_goes_too() -> None:
    table = keys(("P", "f"), ("P", "m"), ("P", "x"), ("Q", "f"), ("Q", "m"))
    hidden = with_complements(table, np.array([40.0, 30, 3, 20, 20]), ["sex"])
    assert hidden.tolist() == [False, True, True, False, False]


def test_two_small_groups_that_hide_each_other() -> None:
    """2 and 3 are five people together; 2 and 2 are not."""
    table = keys(("P", "f"), ("P", "m"), ("P", "x"))
    assert with_complements(table, np.array([2.0, 3, 50]), ["sex"]).tolist() == [True, True, False]
    assert with_complements(table, np.array([2.0, 2, 50]), ["sex"]).tolist() == [True, True, True]


def test_lines_in_both_directions() -> None:
    """Hiding one cell for its row asks for another in its column."""
    cells = [(p, s, a) for p in "P" for s in "fm" for a in "yo"]
    hidden = with_complements(keys(*cells), np.array([3.0, 30, 20, 40]), ["sex", "age"])
    assert hidden.tolist() == [True, True, True, True]


def test_those_outside_stand_between() -> None:
    table = keys(("P", "f"), ("P", "m"))
    outside = {"sex": pd.DataFrame({"place": ["P"], "n": [2.0]})}
    assert with_complements(table, np.array([3.0, 30]), ["sex"], outside).tolist() == [True, False]


def test_without_columns_that_add_up_only_the_small_go() -> None:
    assert with_complements(keys(("P", "f"), ("Q", "f")), np.array([3.0, 30]), []).tolist() == [True, False]


@examples(30)
@given(st.lists(st.integers(0, 30), min_size=12, max_size=12))
def test_no_line_reveals_fewer_than_five(counts: list[int]) -> None:
    table = keys(*[(p, s, a) for p in "PQ" for s in "fm" for a in "xyz"])
    n = np.array(counts, dtype=float)
    hidden = with_complements(table, n, ["sex", "age"])
    assert hidden[too_few(n)].all()
    for column in ("sex", "age"):
        others = [c for c in table if c != column]
        for _, rows in table.groupby(others).indices.items():
            together = (n * hidden)[rows].sum()
            count = (hidden & (n > 0))[rows].sum()
            assert count == 0 or (count >= 2 and together >= 5) or hidden[rows][n[rows] > 0].all()
