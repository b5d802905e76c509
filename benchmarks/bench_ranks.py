"""Rank sets, groups of a league, chances of stars and the change of two years, beside naive draws of ranks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from analysis.scheme import default_scheme
from analysis.scoring.pairs import pair_frame
from analysis.scoring.rating import rate
from analysis.scoring.two_years import compare_years
from analysis.statistics import ranks
from benchmarks import bench_estimate
from benchmarks.measure import cpu_seconds, peak_megabytes, show
from survey.form.answer_codes import ResponseBlock
from survey.form.default import default_questionnaire

SIZES = (100, 1000)
DRAWS = 2000


def league(size: int) -> pd.DataFrame:
    """Score inputs of one sub-district: totals within 300 points, standard errors 3 to 9."""
    rng = np.random.default_rng(size)
    se = rng.uniform(3, 9, size)
    subjective = rng.uniform(150, 290, size)
    return pd.DataFrame(
        {
            "sub_district": "示例街道",
            "community_code": [f"C{i:04d}" for i in range(size)],
            "community": "",
            "year": 2014,
            "n": 200,
            "objective": rng.uniform(450, 640, size),
            "subjective": subjective,
            "subjective_se": se,
            "subjective_df": 199.0,
            "subjective_low": subjective - 2 * se,
            "subjective_high": subjective + 2 * se,
            "note": "",
        }
    )


def naive(frame: pd.DataFrame) -> Any:
    """Ranks of simulated totals, which cover too little: the yardstick for cost only."""
    rng = np.random.default_rng(1)
    total = (frame["objective"] + frame["subjective"]).to_numpy()
    draws = total + frame["subjective_se"].to_numpy() * rng.standard_normal((DRAWS, len(total)))
    return np.quantile(rankdata(-draws, axis=1), (0.025, 0.975), axis=0)


def fresh(work: Callable[[], Any]) -> Callable[[], Any]:
    """The work without the critical values of an earlier run."""

    def run() -> Any:
        ranks._critical.cache_clear()
        return work()

    return run


def two_years() -> list[Any]:
    """The million responses as two years of half a million people each, asked twice."""
    form, block = default_questionnaire(), bench_estimate.block()
    design = block.design.drop(columns=["stratum"])
    half = len(design) // 2
    design.loc[half:, "community_code"] = design["community_code"].to_numpy()[:half]
    design["respondent"] = np.tile(np.arange(half).astype(str), 2)
    design["year"] = np.repeat([2013, 2014], half)
    return [(form, ResponseBlock(design=design, codes=block.codes))]


def main() -> None:
    scheme = default_scheme()
    rows = []
    for size in SIZES:
        frame = league(size)
        se, df = frame["subjective_se"].to_numpy(), frame["subjective_df"].to_numpy()
        rated = rate(scheme, frame)
        jobs: dict[str, Callable[[], Any]] = {
            f"ranks of {DRAWS} simulated leagues (too narrow)": lambda f=frame: naive(f),  # type: ignore[misc]
            f"critical values, marginal and simultaneous, {DRAWS} draws": fresh(
                lambda s=se, d=df: ranks.critical_values(s, d, draws=DRAWS)  # type: ignore[misc]
            ),
            "the same with the 4,000 draws that are used": fresh(
                lambda s=se, d=df: ranks.critical_values(s, d)  # type: ignore[misc]
            ),
            "totals, stars, their chances, rank sets, tiers": fresh(lambda f=frame: rate(scheme, f)),  # type: ignore[misc]
            "every pair with its test": lambda r=rated: pair_frame(r),  # type: ignore[misc]
        }
        repeats = 3 if size > 100 else 5
        taken = {name: cpu_seconds(job, repeats=repeats) for name, job in jobs.items()}
        plain = next(iter(taken.values()))
        rows += [(size, name, s, s / plain if plain else None, peak_megabytes(jobs[name])) for name, s in taken.items()]
    show("Ranks", ("communities", "job", "CPU s", "ratio to simulated ranks", "peak MB"), rows)
    parts = two_years()
    seconds = cpu_seconds(lambda: compare_years(scheme, parts, 2014), repeats=1)
    peak = peak_megabytes(lambda: compare_years(scheme, parts, 2014))
    show(
        "Change",
        ("job", "CPU s", "peak MB beyond the input"),
        [("1,000 communities, 500,000 people asked twice, 25 items", seconds, peak)],
    )
