"""What is called wide without a programme is wide, and little is left to programmes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from analysis.disclosure.solving.leeway import WIDE, narrow
from analysis.statistics.design import Floats

#: women and men of two ages; shown are everybody, the women and the old
SHOWN = np.array([[1.0, 1, 1], [1, 1, 0], [1, 0, 1], [1, 0, 0]])
OLD_WOMEN = np.array([[1.0], [0], [0], [0]])


def test_a_swap_of_two_answers_moves_the_mean() -> None:
    """An old woman and a young man may have given what an old man and a young woman gave."""
    apart = np.array([[1.0, 0], [0, 1], [0, 1], [1, 0]])
    assert narrow(SHOWN, apart, OLD_WOMEN).tolist() == [False]


def test_nobody_to_swap_with_leaves_it_narrow() -> None:
    alone = np.array([[1.0, 0], [0, 1], [0, 1], [0, 1]])
    assert narrow(SHOWN, alone, OLD_WOMEN).tolist() == [True]


def width(shown: Floats, answers: Floats, cell: Floats) -> float:
    """How wide a mean is if the distribution of everything shown is known: two programmes over all levels."""
    levels = answers.shape[1]
    rows = np.kron(shown.T, np.eye(levels))
    equations = np.column_stack([rows, -rows @ answers.ravel()])
    equations = np.vstack([equations, np.append(np.kron(cell, np.ones(levels)), 0)])
    one = np.append(np.zeros(len(rows)), 1)
    total = np.append(np.kron(cell, np.arange(levels)), 0)
    ends = [linprog(sign * total, A_eq=equations, b_eq=one, method="highs") for sign in (1, -1)]
    return float(-ends[1].fun - ends[0].fun)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_called_wide_is_wide(seed: int) -> None:
    """Of people in three overlapping splits of 4 by 3 by 2 kinds, most shown."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, (4, 3, 2), (18, 3))
    columns = np.column_stack([np.ones(18), *(codes[:, [v]] == np.arange(k) for v, k in enumerate((4, 3, 2)))])
    shown = columns[:, [0, 1, 2, 3, 5, 6, 8]].astype(float)
    answers = rng.multinomial(1, [0.5, 0.3, 0.2], 18).astype(float)
    cells = np.column_stack([(codes[:, 0] == k) & (codes[:, 1] == j) for k in range(4) for j in range(3)]).astype(float)
    cells = cells[:, cells.any(axis=0)]
    found = narrow(shown, answers, cells)
    widths = np.array([width(shown, answers, cell) for cell in cells.T])
    assert (widths[~found] >= WIDE - 1e-6).all()
    assert found.sum() <= (widths < WIDE).sum() + 2
    assert not found.all()
