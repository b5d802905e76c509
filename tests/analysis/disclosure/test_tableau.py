"""Programmes one after another over the same equations end where any other solver ends."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from analysis.disclosure.tableau import Tableau, Unbounded


@pytest.mark.parametrize("seed", range(8))
def test_ends_are_those_of_another_solver(seed: int) -> None:
    """Of whole people, many of them nobody, so that most steps would have length 0."""
    rng = np.random.default_rng(seed)
    rows = (rng.random((12, 40)) < 0.3).astype(float)
    rows = np.vstack([rows, np.ones(40), rows[:3].sum(axis=0)])  # what follows from others does no harm
    given = rng.poisson(0.4, 40).astype(float)
    programme = Tableau(rows, given)
    assert np.allclose(rows @ programme.solution, rows @ given)
    for _ in range(4):
        cost = rng.integers(-3, 4, 40).astype(float)
        expected = linprog(cost, A_eq=rows, b_eq=rows @ given, method="highs").fun
        assert programme.least(cost) == pytest.approx(expected, abs=1e-6)
        assert programme.solution.min() > -1e-9
        assert np.allclose(rows @ programme.solution, rows @ given)


def test_what_has_no_end_is_said() -> None:
    programme = Tableau(np.array([[1.0, -1.0]]), np.array([2.0, 1.0]))
    with pytest.raises(Unbounded):
        programme.least(np.array([-1.0, 0.0]))
    assert programme.least(np.array([1.0, 0.0])) == pytest.approx(1.0)
