"""How cost grows with the number of responses, and every limit that was promised, in one run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from analysis.scheme import default_scheme
from analysis.scoring.rating import _add_probabilities, rate
from analysis.scoring.subjective import score_subjective
from analysis.statistics.design import make_design
from analysis.statistics.estimation import estimate, lay_domains
from analysis.statistics.ranks import critical_values
from analysis.statistics.weighting import Margin, calibrate
from benchmarks.bench_estimate import block
from benchmarks.bench_ranks import fresh, league
from benchmarks.measure import cpu_seconds, megabytes, peak_megabytes, show
from survey.form.default import default_questionnaire

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
MOST = 1000


def communities_of(responses: int) -> int:
    """A hundred responses each, a thousand communities at most."""
    return min(MOST, responses // 100)


def one_mean(responses: int) -> Callable[[], Any]:
    """The mean of one value with its error, by community, five strata each, from columns of numbers."""
    rng = np.random.default_rng(3)
    group = rng.integers(0, communities_of(responses), responses)
    stratum, weight = group * 5 + rng.integers(0, 5, responses), rng.lognormal(0, 0.4, responses)
    y = rng.integers(0, 6, responses) * 20.0

    def work() -> Any:
        domains = lay_domains(make_design(weight, stratum), group, communities_of(responses))
        return estimate(domains, domains.take(y))

    return work


def raking(responses: int) -> Callable[[], Any]:
    """Weights to five age bands and two sexes."""
    rng = np.random.default_rng(4)
    weight, cell = rng.lognormal(0, 0.4, responses), rng.integers(0, 10, responses)
    margins = [
        Margin(np.arange(k)[None, :], np.linspace(1, 2, k)[None, :] / np.linspace(1, 2, k).sum()) for k in (5, 2)
    ]
    return lambda: calibrate(weight, cell, (1, 5, 2), margins)


def whole_score(responses: int) -> Callable[[], Any]:
    """The 300 points of every community: 25 items, five dimensions, distributions, with their errors."""
    scheme, parts = default_scheme(), [(default_questionnaire(), block(responses, communities_of(responses)))]
    return lambda: score_subjective(scheme, parts)


#: what makes the work, the largest size at which its memory is traced, responses worth of runs that time it
JOBS: dict[str, tuple[Callable[[int], Callable[[], Any]], int, int]] = {
    "mean and error of one value": (one_mean, 10_000_000, 2_000_000),
    "rake to two margins": (raking, 10_000_000, 4_000_000),
    "whole score, 25 items": (whole_score, 1_000_000, 100_000),
}


def repeated(work: Callable[[], Any], responses: int, worth: int) -> float:
    """CPU seconds of one run; short ones are run often, because the clock ticks in hundredths of a second."""
    often = max(1, worth // responses)
    return cpu_seconds(lambda: [work() for _ in range(often)], repeats=3 if responses <= 1_000_000 else 1) / often


def growth(sizes: Sequence[int]) -> None:
    """CPU seconds and memory by size, and the exponent of size that fits them best."""
    rows: list[tuple[object, ...]] = []
    for name, (make, traced, worth) in JOBS.items():
        taken = []
        for size in sizes:
            work = make(size)
            taken.append(repeated(work, size, worth))
            peak = peak_megabytes(work) if size <= traced else None  # tracing doubles what it measures
            rows.append((name, f"{size:,}", communities_of(size), taken[-1], peak, megabytes_now()))
        slopes = np.diff(np.log(np.maximum(taken, 1e-6))) / np.diff(np.log(sizes))
        whole = np.polyfit(np.log(sizes), np.log(np.maximum(taken, 1e-6)), 1)[0]
        rows.append((name, "exponent", "", f"{whole:.2f} ({', '.join(f'{s:.2f}' for s in slopes)})", None, None))
    show("Growth", ("job", "responses", "communities", "CPU s", "peak MB beyond the input", "process MB after"), rows)


def megabytes_now() -> float:
    """What the process holds."""
    import os

    return megabytes(os.getpid())


def limits() -> None:
    """What was promised for a million responses of a thousand communities, beside what it takes."""
    scheme = default_scheme()
    rated = league(1000)
    errors = {size: league(size)["subjective_se"].to_numpy() for size in (100, 1000)}
    mean, rake, whole = one_mean(1_000_000), raking(1_000_000), whole_score(1_000_000)
    ready = rate(scheme, rated)
    draws = np.random.default_rng(1).standard_normal((2000, 1000))
    totals, se = (rated["objective"] + rated["subjective"]).to_numpy(), rated["subjective_se"].to_numpy()
    minima = [s.minimum for s in scheme.stars]

    def drawn_stars() -> Any:
        """P(star) by 2,000 draws, the way it is not done: the yardstick for the closed form."""
        stars = np.searchsorted(minima, totals + se * draws, side="right")
        return [(stars == k).mean(axis=0) for k in range(len(minima) + 1)]

    jobs: list[tuple[str, Callable[[], Any], float, int]] = [
        ("means + SE of one value, 1e6 x 1000", mean, 0.3, 5),
        ("rake 1e6 to two margins", rake, 0.05, 10),
        ("chances of the stars, 1,000 communities, in closed form", lambda: _add_probabilities(scheme, ready), 0.5, 50),
        ("the same by 2,000 draws, for comparison", drawn_stars, 0.5, 1),
        ("rank sets, 100 communities", fresh(lambda: critical_values(errors[100], np.full(100, 199.0))), 0.5, 10),
        ("rank sets, 1,000 communities", fresh(lambda: critical_values(errors[1000], np.full(1000, 199.0))), 15, 1),
        ("whole score, 1e6 x 25", whole, 5, 1),
    ]
    rows = []
    for name, work, most, often in jobs:
        seconds = cpu_seconds(lambda w=work, k=often: [w() for _ in range(k)], repeats=3) / often  # type: ignore[misc]
        rows.append((name, most, seconds, seconds / most, peak_megabytes(work)))
    show("Limits", ("job", "limit, CPU s", "CPU s", "part of the limit", "peak MB beyond the input"), rows)


def main(largest: int = SIZES[-1]) -> None:
    """``largest`` 1,000,000 leaves out ten million responses, which take 6 GB."""
    limits()
    growth([size for size in SIZES if size <= largest])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
