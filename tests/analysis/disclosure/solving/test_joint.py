"""A street and its communities as one system, by hand."""

from __future__ import annotations

import numpy as np

from analysis.disclosure.solving.joint import Joint, Part


def part(old: list[int], young: list[int]) -> Part:
    """A community that shows its total and neither the old nor the young, whose sums its street shows."""
    columns = np.array([[1.0, 1, 0], [1, 0, 1]])
    shown = np.array([True, False, False])
    return Part(columns, np.array([old, young], dtype=float), shown, shown, np.array([1, 2]))


def test_two_communities_can_exchange_what_one_alone_can_not() -> None:
    """Of 8 people each on levels 0 and 1 alike: the 2 old of one may be any of the 8, as long as the other's make up for it."""
    two = Joint([part([1, 1], [3, 3]), part([1, 1], [3, 3])])
    assert not two.narrow(0, np.array([[1.0], [0.0]])).any()
    alone = Joint([part([1, 1], [3, 3])])
    assert alone.narrow(0, np.array([[1.0], [0.0]])).all()


def test_what_is_found_adds_up_to_what_is_shown() -> None:
    parts = [part([2, 1], [3, 4]), part([0, 3], [5, 1]), part([1, 0], [2, 6])]
    found = Joint(parts).people
    for mine, one in zip(found, parts, strict=True):
        assert np.allclose(mine.sum(axis=0), one.answers.sum(axis=0))
        assert (mine >= 0).all()
    assert np.allclose(sum(mine[0] for mine in found), [3, 4])


def test_no_way_changes_what_a_community_shows() -> None:
    joint = Joint([part([2, 1], [3, 4]), part([1, 3], [5, 1])])
    for level, ways in enumerate(joint.ways):
        for way, people in zip(ways, joint.people, strict=True):
            assert np.allclose((way * people[:, [level]]).sum(axis=0), 0)
            assert np.abs(way).max() > 0
