"""What the other communities of a street can take over, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.disclosure.solving.joint import Joint
from analysis.disclosure.solving.others import Room, pool
from tests.analysis.disclosure.solving.test_joint import part

#: old and young, by a variable that stands alone
KEYS = [((1, 0),), ((1, 1),)]


def test_others_give_what_they_have() -> None:
    """Four and four people beside: at most all four of a cell go over to the other one, so that eight may all be in either."""
    ways = np.array([[2.0, -2], [-2, 2]])  # of four people each by part: 4 · ½ · (1, −1)
    places, each = Room([ways / 1.0]).of_line(np.eye(2), np.arange(2))
    assert places.tolist() == [0, 1]
    assert each == pytest.approx(0.99 * 8 / 2, rel=0.01)


def test_nobody_beside_gives_nothing() -> None:
    assert Room([np.zeros((2, 2))]).of_line(np.eye(2), np.arange(2))[1] == 0


def test_a_pool_is_of_what_a_community_holds_back() -> None:
    parts = [part([1, 1], [3, 3]), part([2, 2], [3, 3])]
    found = pool(Joint(parts), parts, KEYS, 0)
    assert found.lines.tolist() == [[1], [1]]
    assert found.sums.tolist() == [[1, 0], [0, 1]]
    assert (found.people > 0).all()
    assert np.allclose(found.people[0], found.people[1])
