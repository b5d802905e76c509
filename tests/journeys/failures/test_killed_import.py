"""``kill -9`` during an import: whole batches or none, and the second try is recognised.

Here when all of a CSV file is stored (``test_kills`` beside this kills small ones at other moments); ``make soak`` at all
points and some drawn ones, in both formats.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.bench_intake import COLUMNS, delimited, form_of, table, workbook
from benchmarks.bench_kill import POINTS, kill_at
from tests.tools import soak

ROWS = 12_000
#: when everything is stored and its results are being computed
SOME = [p for p in POINTS if p == ("computing", 0.0)]
LONG_ROWS = 100_000
STAGES = sorted({stage for stage, _ in POINTS})


def killed(folder: Path, file: str, data: bytes, rows: int, points: list[tuple[str, float]]) -> list[int]:
    """Responses that each kill left; holds what must be true of every one."""
    outcomes = list(kill_at(folder, file, data, points))
    assert len(outcomes) == len(points)
    for outcome in outcomes:
        assert outcome.left in (0, rows), outcome
        assert outcome.stored == rows, outcome
        assert outcome.status == (3 if outcome.left else 0), outcome
        assert outcome.recognised == bool(outcome.left), outcome
    return [outcome.left for outcome in outcomes]


@pytest.mark.slow
def test_nothing_is_torn_and_the_second_try_is_recognised(tmp_path):
    data = delimited(table(form_of(COLUMNS), True, ROWS))
    assert len(data) > 1_000_000  # large enough to tell its stages
    assert killed(tmp_path, "bench.csv", data, ROWS, SOME) == [ROWS]


@pytest.mark.soak
@pytest.mark.parametrize(("file", "write"), [("bench.xlsx", workbook), ("bench.csv", delimited)])
def test_nothing_is_torn_wherever_it_is_killed(tmp_path, file, write):
    """The ten points of the benchmark, and five of a drawn stage and moment for each of SOAK_TIMES."""
    chance = random.Random(soak.SEED)
    drawn = [(chance.choice(STAGES), chance.uniform(0, 1.5)) for _ in range(soak.rounds(5))]
    data = write(table(form_of(COLUMNS), True, LONG_ROWS))
    left = killed(tmp_path, file, data, LONG_ROWS, [*POINTS, *drawn])
    assert left[0] == 0
    assert left[len(POINTS) - 1] == LONG_ROWS
