"""A coarse run of benchmarks/coverage_simulation.py: within Monte Carlo limits, intervals and chances hit what they claim."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.coverage_simulation import Judged, intervals, rank_sets, share, simulate, stars
from benchmarks.simulated_town import COMMUNITIES, PEOPLE, Plan, build, draw
from tests.tools import soak

REPLICATIONS = 60


@pytest.fixture(scope="module")
def judged() -> Judged:
    """720 samples of 50 residents in 10 clusters."""
    return simulate(Plan(50, clusters=10), REPLICATIONS, towns=1)


@pytest.mark.soak
def test_intervals_of_many_random_towns_hold_the_truth() -> None:
    """Twenty towns of twelve communities for each of SOAK_TIMES, 60 samples of each."""
    towns = soak.rounds(20)
    found = intervals(simulate(Plan(50, clusters=10), 60 * towns, towns=towns, seed=soak.SEED))
    covered, error = found["covered"]
    assert abs(covered - 0.945) < 4 * error + 0.002  # towns differ a little in the long run
    assert abs(found["bias"][0]) < 4 * found["bias"][1]
    assert abs(found["se ratio"][0] - 1) < 0.06


def test_intervals_hold_the_truth_as_often_as_they_say(judged: Judged) -> None:
    found = intervals(judged)
    covered, error = found["covered"]
    assert judged.column("truth").shape == (REPLICATIONS, COMMUNITIES)
    assert abs(covered - 0.945) < 4 * error  # 94.4 in the long run, docs/methods.md
    assert abs(found["bias"][0]) < 4 * found["bias"][1]
    assert abs(found["se ratio"][0] - 1) < 0.12


@pytest.mark.parametrize("kind", ["wide", "edge"])
def test_rank_sets_hold_the_true_ranks(judged: Judged, kind: str) -> None:
    found = rank_sets(judged, kind)
    assert found["marginal"][0] > 0.95 - 3 * found["marginal"][1]
    assert found["simultaneous"][0] > 0.95 - 3 * np.sqrt(0.05 * 0.95 / REPLICATIONS)
    assert 1 < found["places"][0] <= COMMUNITIES


def test_chances_of_stars_come_true(judged: Judged) -> None:
    [(name, part, claimed, hit, error), *bands] = stars(judged, "wide")
    assert (name, part) == ("all", 1.0)
    assert abs(claimed - hit) < 4 * error
    assert sum(band[1] for band in bands) == pytest.approx(1)


def test_the_sample_is_what_the_plan_says() -> None:
    block, register = draw(build(1), Plan(30, clusters=6, uneven=True), 2, np.random.default_rng(1))
    design = block.design
    assert len(design) == 2 * COMMUNITIES * 30
    assert design.groupby("community_code")["psu"].nunique().eq(6).all()
    assert register.groupby("community")["population"].sum().eq(PEOPLE).all()
    assert set(register["community"]) == set(design["community_code"])
    willing = design["sex"].eq("female").mean()
    assert 0.5 < willing < 0.7  # more women answer than live there


def test_the_monte_carlo_error_is_that_of_independent_rows() -> None:
    """Two rows of hits, 1 and 0.5: mean 0.75, error 0.3536/√2."""
    assert share(np.array([[1.0, 1.0], [1.0, 0.0]])) == (0.75, pytest.approx(0.25))
