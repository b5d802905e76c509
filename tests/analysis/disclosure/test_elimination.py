"""Columns of 0 and 1: which may be shown so that no protected one is a combination of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.disclosure.elimination import NEVER, Known, beyond, independent, span, spared


def follows(columns: Any, target: Any) -> bool:
    """Whether a target is a combination of columns."""
    weight, *_ = np.linalg.lstsq(columns, target, rcond=1e-9)
    return bool(np.abs(columns @ weight - target).max() < 1e-6)


@pytest.fixture
def table() -> tuple[Any, Any]:
    """Three by three finest cells: everybody, rows, columns and all cells but the first; the first is protected."""
    rows, lines = np.eye(9), np.eye(3)
    sums = [np.ones(9), *(np.kron(line, np.ones(3)) for line in lines), *(np.kron(np.ones(3), line) for line in lines)]
    return np.column_stack([*sums, rows[:, 1:]]), rows[:, :1]


def test_what_is_taken_one_after_another_gives_nothing_away(table: tuple[Any, Any]) -> None:
    columns, target = table
    known = Known(9)
    known.protect(target)
    shown = known.take_all(columns, np.arange(15))
    assert shown[:7].all()  # what comes first stays
    assert not follows(columns[:, shown], target[:, 0])
    assert all(follows(columns[:, [*np.flatnonzero(shown), c]], target[:, 0]) for c in np.flatnonzero(~shown))


def test_the_cheapest_go_so_that_a_cell_does_not_follow(table: tuple[Any, Any]) -> None:
    columns, target = table
    worth = np.array([NEVER, *[100.0] * 6, *[1.0] * 8])
    shown = spared(columns, np.arange(15), target, worth)
    assert shown is not None
    assert shown[:7].all()
    assert not follows(columns[:, shown], target[:, 0])
    assert shown[7:].sum() >= 4  # a cell that is held back beside it in its row and column, and the one across


def test_what_must_not_go_is_not_sold(table: tuple[Any, Any]) -> None:
    columns, target = table
    assert spared(columns, np.arange(15), target, np.full(15, NEVER)) is None


def test_what_does_not_follow_costs_nothing(table: tuple[Any, Any]) -> None:
    """Without the row sums nothing tells the first cell from the others of its row."""
    columns, target = table
    order = np.array([0, 4, 5, 6])
    shown = spared(columns, order, target, np.ones(15))
    assert shown is not None
    assert np.flatnonzero(shown).tolist() == order.tolist()


def test_where_nothing_may_be_shown_nothing_is(table: tuple[Any, Any]) -> None:
    columns, target = table
    shown = spared(columns, np.arange(0), target, np.ones(15))
    assert shown is not None
    assert not shown.any()


@pytest.mark.parametrize("seed", range(20))
def test_what_is_beyond_some_columns_is_all_that_they_leave(seed: int) -> None:
    rng = np.random.default_rng(seed)
    columns = (rng.random((9, 7)) < 0.4).astype(float)
    own, rest = span(columns), beyond(columns)
    assert own.shape[1] + rest.shape[1] == 9
    assert np.allclose(own.T @ rest, 0)
    assert np.allclose(rest.T @ columns, 0)
    some = independent(columns, 1e-8)
    assert len(some) == own.shape[1]
    assert all(follows(columns[:, some], c) for c in columns.T)


@pytest.mark.parametrize("seed", range(20))
def test_nothing_protected_follows_from_what_is_spared(seed: int) -> None:
    rng = np.random.default_rng(seed)
    columns = (rng.random((12, 20)) < 0.4).astype(float)
    targets = columns[:, :3] @ rng.integers(0, 2, (3, 4)) + columns[:, 5:9]
    shown = spared(columns, np.arange(20), targets, np.ones(20))
    assert shown is not None
    assert shown.any()
    assert not any(follows(columns[:, shown], t) for t in targets.T if t.any())
    for c in np.flatnonzero(~shown):  # and nothing is held back for nothing
        assert any(follows(columns[:, [*np.flatnonzero(shown), c]], t) for t in targets.T if t.any())
