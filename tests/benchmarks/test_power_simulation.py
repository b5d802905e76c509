"""A coarse run of benchmarks/power_simulation.py: what is promised is reached with the tests that are used."""

from __future__ import annotations

import pytest

from analysis.quality.power import LEVEL, detectable_mean
from benchmarks.power_simulation import SD, N, row, years


@pytest.mark.parametrize("clusters", [4, 6, None])
def test_the_promised_power_is_reached(clusters: int | None) -> None:
    alone, among, two = row(clusters, 1200)
    assert (alone, among) == (pytest.approx(0.8, abs=0.02), pytest.approx(0.8, abs=0.02))
    assert two == pytest.approx(0.8, abs=0.09)  # c is an estimate of each sample here


def test_counting_responses_alone_promises_too_much() -> None:
    assert years(detectable_mean(N, SD), 5, LEVEL, 5000) < 0.75
