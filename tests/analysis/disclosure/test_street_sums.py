"""Sums of a street say nothing of what one of its communities holds back."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.disclosure.street_sums import _safe
from analysis.statistics.design import Floats


def told(parts: list[Floats], block: int, cells: list[int]) -> float:
    """The most that a combination of cells says of a block while it says nothing of any other; cells (m, C) by block."""
    others = np.concatenate([p[:, cells] for b, p in enumerate(parts) if b != block])
    _, values, directions = np.linalg.svd(others)
    free = directions[int((values > 1e-9).sum()) :].T
    return float(np.abs(parts[block][:, cells] @ free).max(initial=0.0))


def safe(parts: list[Floats]) -> list[int]:
    return _safe(np.arange(parts[0].shape[1]), parts)


def test_what_one_community_alone_holds_back_stays_so() -> None:
    one, other = np.array([[1.0, 1, 0, 0]]), np.array([[0.0, 1, 1, 0]])
    assert safe([one, other]) == [3, 1]  # of the third only the other one says something, of the fourth nobody


def test_two_sums_that_differ_by_one_community_do_not_stand_together() -> None:
    """The second less the first is what the first community alone holds back; the last of them goes."""
    one, other = np.array([[1.0, 0], [0, 1]]), np.array([[1.0, 1]])
    assert safe([one, other]) == [0]


@pytest.mark.parametrize("seed", range(30))
def test_no_combination_tells_of_one_community_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts = [rng.integers(-1, 2, (3, 9)) * (rng.random(9) < 0.6) * 1.0 for _ in range(4)]
    shown = safe(parts)
    assert all(told(parts, b, shown) < 1e-6 for b in range(4))
    for cell in sorted({*range(9)} - {*shown}):  # and no single one is held back for nothing
        assert max(told(parts, b, [*shown, cell]) for b in range(4)) > 1e-6
