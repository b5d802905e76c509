"""How often are communities that are in truth all equal told apart?  The hardest case for what holds for all pairs at once.

``python -m benchmarks.coverage_equal`` prints the table of docs/methods.md (section 7); some two CPU minutes.  Estimates
are normal and squared errors χ², so that nothing but the critical value is judged.
"""

from __future__ import annotations

import sys

import numpy as np

from analysis.statistics.ranks import critical_values
from benchmarks.measure import show

SEED, REPLICATIONS, DRAWS, SIZE = 2013, 1000, 2000, 12
EQUAL, UNEQUAL = np.full(SIZE, 6.0), np.linspace(3, 12, SIZE)
MIXED = np.where(np.arange(SIZE) < SIZE // 2, 3.0, 49.0)
SETTINGS = [
    *(
        (f"df {df:g}", f"errors {name}", se, np.full(SIZE, df))
        for df in (3.0, 5.0, 9.0)
        for name, se in (("equal", EQUAL), ("3 to 12", UNEQUAL))
    ),
    ("df 3 and 49, half each", "errors equal", EQUAL, MIXED),
    ("df 3 and 49, half each", "the smaller errors with df 3", UNEQUAL, MIXED),
    ("df 3 and 49, half each", "the larger errors with df 3", UNEQUAL[::-1], MIXED),
]


def none_told_apart(
    se: np.ndarray[tuple[int], np.dtype[np.float64]],
    df: np.ndarray[tuple[int], np.dtype[np.float64]],
    replications: int = REPLICATIONS,
) -> tuple[float, float]:
    """Share of samples in which no pair is told apart: with the degrees of freedom, and with errors taken as known."""
    rng = np.random.default_rng(SEED)
    first, second = np.triu_indices(len(se), 1)
    held = np.zeros(2)
    for _ in range(replications):
        means, found = se * rng.standard_normal(len(se)), se * np.sqrt(rng.chisquare(df) / df)
        largest = np.max(np.abs(means[first] - means[second]) / np.hypot(found[first], found[second]))
        limits = [critical_values(found, freedom, draws=DRAWS).simultaneous for freedom in (df, None)]
        held += largest <= np.array(limits)
    return float(held[0] / replications), float(held[1] / replications)


def main(replications: int = REPLICATIONS) -> None:
    rows = [
        (df, errors, *(f"{s * 100:.1f}" for s in none_told_apart(se, freedom, replications)))
        for df, errors, se, freedom in SETTINGS
    ]
    show(
        f"No pair of {SIZE} equal communities told apart, {replications:,} samples, per cent",
        ("degrees of freedom", "errors", "as it is", "errors taken as known"),
        rows,
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
