"""Programmes one after another over the same equations end where any other solver ends."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from analysis.disclosure.solving.tableau import Tableau, Unbounded
from analysis.statistics.design import Floats


def ends(rows: Floats, given: Floats, people: Floats, total: Floats) -> tuple[float, float]:
    """The least and the highest ratio by another solver, of unknowns scaled so that the denominator is 1 (Charnes 1962)."""
    equations = np.vstack([np.column_stack([rows, -rows @ given]), np.append(people, 0)])
    one = np.append(np.zeros(len(rows)), 1)
    low, high = (linprog(s * np.append(total, 0), A_eq=equations, b_eq=one, method="highs").fun for s in (1, -1))
    return low, -high


@pytest.mark.parametrize("dependent", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_ends_are_those_of_another_solver(seed: int, dependent: bool) -> None:
    """Of whole people, many of them nobody, so that most steps would have length 0."""
    rng = np.random.default_rng(seed)
    rows = np.vstack([(rng.random((12, 40)) < 0.3).astype(float), np.ones(40)])
    if dependent:
        rows = np.vstack([rows, rows[:3].sum(axis=0)])  # what follows from others does no harm
    given = rng.poisson(0.4, 40).astype(float)
    programme = Tableau(rows, given)
    assert len(programme.basis) == 13
    assert np.allclose(rows @ programme.solution, rows @ given)
    for _ in range(4):
        people = (rng.random(40) < 0.3).astype(float)
        people[given > 0] = 1
        total = people * rng.integers(0, 5, 40)
        now = float(total @ given / (people @ given))
        low, high = ends(rows, given, people, total)
        assert programme.end(people, total, now, 1.0, np.inf) == pytest.approx(high, abs=1e-6)
        assert programme.end(people, total, now, -1.0, -np.inf) == pytest.approx(low, abs=1e-6)
        assert programme.solution.min() > -1e-9
        assert np.allclose(rows @ programme.solution, rows @ given)


def test_no_step_is_made_once_it_is_enough() -> None:
    """Six with six levels between nobody and the third: the mean of the first can be anything."""
    rows = np.array([[1.0] * 6, [0, 1, 2, 0, 1, 2]])
    given = np.array([0.0, 1, 0, 2, 1, 2])
    people, total = np.array([1.0, 1, 1, 0, 0, 0]), np.array([0.0, 1, 2, 0, 0, 0])
    programme = Tableau(rows, given)
    before = programme.solution
    assert programme.end(people, total, 1.0, 1.0, 1.0) == 1.0
    assert programme.solution.tolist() == before.tolist()
    assert programme.end(people, total, 1.0, 1.0, np.inf) == pytest.approx(2.0)


def test_what_has_no_end_is_said() -> None:
    """The first two may grow together without end, and the third is one."""
    programme = Tableau(np.array([[1.0, -1.0, 0.0], [0.0, 0.0, 1.0]]), np.array([2.0, 1.0, 1.0]))
    with pytest.raises(Unbounded):
        programme.end(np.array([0.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0]), 2.0, 1.0, np.inf)
    assert programme.end(np.array([0.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0]), 3.0, -1.0, -np.inf) == pytest.approx(1.0)
