"""Is the power that a plan promises the power that the tests have?  Two years and twelve communities drawn again and again.

``python -m benchmarks.power_simulation`` prints the table that docs/methods.md (section 8, “What a plan can show”) speaks of;
half a CPU minute.  Errors are drawn as the program estimates them (ν degrees of freedom), and judged by the functions that
``score`` and ``compare`` use.
"""

from __future__ import annotations

import sys

import numpy as np

from analysis.quality.power import LEVEL, detectable_mean, detectable_pair
from analysis.statistics.differences import difference_test, satterthwaite
from analysis.statistics.ranks import critical_values
from benchmarks.measure import show

SD, N, COMMUNITIES, REPLICATIONS, SEED = 60.0, 200, 12, 4000, 2013
CLUSTERS = (4, 6, 20, None)


def years(difference: float, df: float, level: float, replications: int) -> float:
    """How often a change of so many points is seen: errors of each year with ``df``, t with Satterthwaite's."""
    rng = np.random.default_rng((SEED, int(df), int(level * 1e6)))
    se = SD / np.sqrt(N)
    moved = difference + rng.standard_normal(replications) * se * np.sqrt(2)
    variances = se**2 * rng.chisquare(df, (2, replications)) / df
    freedom = satterthwaite(variances, np.full_like(variances, df))
    return float((difference_test(moved, np.sqrt(variances.sum(axis=0)), freedom) < level).mean())


def pair(difference: float, df: float, communities: int, replications: int) -> float:
    """How often two of so many communities that lie so far apart are told apart by the c of all pairs."""
    rng = np.random.default_rng((SEED, int(df), communities))
    true = SD / np.sqrt(N)
    hits = 0
    for _ in range(replications):
        se = true * np.sqrt(rng.chisquare(df, communities) / df)
        critical = critical_values(se, np.full(communities, df), draws=1000).simultaneous
        apart = difference + rng.standard_normal() * true * np.sqrt(2)
        hits += abs(apart) > critical * np.hypot(se[0], se[1])
    return hits / replications


def row(clusters: int | None, replications: int = REPLICATIONS) -> tuple[float, float, float]:
    """Power of a change by itself, of one among all communities, of two of them: 0.8 is promised for each."""
    given = None if clusters is None else clusters - 1.0
    df = N - 1.0 if given is None else given
    among = LEVEL / COMMUNITIES
    return (
        years(detectable_mean(N, SD, df=given), df, LEVEL, replications * 5),
        years(detectable_mean(N, SD, level=among, df=given), df, among, replications * 5),
        pair(detectable_pair(N, SD, COMMUNITIES, given), df, COMMUNITIES, replications // 4),
    )


def main(replications: int = REPLICATIONS) -> None:
    rows = []
    for clusters in CLUSTERS:
        found = (f"{100 * power:.1f}" for power in row(clusters, replications))
        rows.append((f"{clusters} clusters" if clusters else "people one by one", *found))
    heads = ("sample", "one community, two years", f"one alone of {COMMUNITIES}", f"two of {COMMUNITIES}")
    show(f"Power reached where 80 % is promised, {N} responses a community", heads, rows)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
