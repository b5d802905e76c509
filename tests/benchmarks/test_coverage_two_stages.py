"""A coarse run of benchmarks/coverage_two_stages.py."""

from __future__ import annotations

import pytest

from benchmarks.coverage_two_stages import TOLD, Draw, judged, simulate

PLAN = Draw(12, 12, 10)


def test_all_buildings_and_some_people_of_each() -> None:
    """30 samples of 12 communities: the error claimed is the one found; buildings alone would claim 0."""
    one = judged(simulate(PLAN, TOLD["fpc and fpc2"], 30))
    assert one["covered"][0] > 0.92
    assert one["ratio"] == pytest.approx(1, abs=0.12)


def test_without_the_number_of_people_the_error_is_not_smaller() -> None:
    frame = simulate(PLAN, TOLD["fpc only"], 10)
    assert set(frame["note"]) == {"fpc_left_out"}
    assert judged(frame)["ratio"] > 1.1
