"""``kill -9`` during an import: whole batches or none, and the second try is recognised (all points: benchmarks)."""

from __future__ import annotations

import pytest

from benchmarks.bench_intake import COLUMNS, delimited, form_of, table
from benchmarks.bench_kill import POINTS, kill_at

ROWS = 20_000
SOME = [p for p in POINTS if p in (("reading", 0.5), ("checking", 0.0), ("storing", 0.2), ("computing", 0.0))]


@pytest.mark.slow
def test_nothing_is_torn_and_the_second_try_is_recognised(tmp_path):
    data = delimited(table(form_of(COLUMNS), True, ROWS))
    assert len(data) > 1_000_000  # large enough to tell its stages
    outcomes = list(kill_at(tmp_path, "bench.csv", data, SOME))
    assert len(outcomes) == len(SOME)
    for outcome in outcomes:
        assert outcome.left in (0, ROWS), outcome
        assert outcome.stored == ROWS, outcome
        assert outcome.status == (3 if outcome.left else 0), outcome
        assert outcome.recognised == bool(outcome.left), outcome
    assert outcomes[-1].left == ROWS  # killed while the results were computed: what is stored is stored
