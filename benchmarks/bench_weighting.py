"""Raking a million responses of a thousand communities to sex and age, and a year's score with and without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.scheme import default_scheme
from analysis.scoring.subjective import score_subjective
from analysis.statistics.weighting import Margin, calibrate, merged
from benchmarks.bench_estimate import COMMUNITIES, RESPONSES, block
from benchmarks.measure import cpu_seconds, peak_megabytes, show
from survey.form.answer_codes import ResponseBlock
from survey.form.default import default_questionnaire

SEXES, BANDS = ("男", "女"), ("18-29", "30-44", "45-59", "60-74", "75+")
Ints = np.ndarray[Any, np.dtype[np.int64]]


def people(rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """Invented population (communities, sexes, bands)."""
    return rng.integers(100, 900, (COMMUNITIES, len(SEXES), len(BANDS))).astype(np.float64)


def raked(area: Ints, sex: Ints, band: Ints, population: np.ndarray[Any, Any]) -> Any:
    """Weights of all responses from the codes of their two margins, small classes merged."""
    shape = population.shape
    cell = (area * shape[1] + sex) * shape[2] + band
    n = np.bincount(cell, minlength=population.size).reshape(shape).astype(np.float64)
    margins = []
    for axis in (2, 1):
        figures = population.sum(axis)
        classes = merged(n.sum(axis), figures, 5)
        target = np.zeros(figures.shape)
        np.add.at(target, (np.arange(len(figures))[:, None], classes), figures)
        margins.append(Margin(classes, target))
    return calibrate(np.ones(len(cell)), cell, shape, margins)


def main() -> None:
    rng = np.random.default_rng(11)
    responses, population = block(), people(rng)
    sex, band = rng.integers(0, 2, RESPONSES), rng.choice(len(BANDS), RESPONSES, p=[0.1, 0.2, 0.3, 0.3, 0.1])
    area = responses.design["community_id"].to_numpy(np.int64) - 1
    design = responses.design.assign(
        sex=pd.Categorical.from_codes(sex, SEXES).astype("str"),
        age_band=pd.Categorical.from_codes(band, BANDS).astype("str"),
    )
    answers = ResponseBlock(design=design, codes=responses.codes)
    register = pd.DataFrame(
        [
            (f"C{a:04d}", 2014, s, b, population[a, i, j])
            for a in range(COMMUNITIES)
            for i, s in enumerate(SEXES)
            for j, b in enumerate(BANDS)
        ],
        columns=["community", "year", "sex", "age_band", "population"],
    )
    column = pd.DataFrame({"x": rng.random(RESPONSES), "community": responses.design["community_code"]})
    parts, scheme = [(default_questionnaire(), answers)], default_scheme()
    weighted = replace(scheme, weighting="rake")
    jobs: dict[str, Callable[[], Any]] = {
        "ten times pandas: groupby mean of one column": lambda: [
            column.groupby("community")["x"].mean() for _ in range(10)
        ],
        "ten times: rake to sex and age band": lambda: [raked(area, sex, band, population) for _ in range(10)],
        "score, register without population": lambda: score_subjective(scheme, parts),
        "score, raking shown beside": lambda: score_subjective(scheme, parts, register),
        "score, raked": lambda: score_subjective(weighted, parts, register),
        "score, raked and trimmed at 1.5": lambda: score_subjective(replace(weighted, trim=1.5), parts, register),
    }
    taken = {name: cpu_seconds(job, repeats=3) for name, job in jobs.items()}
    plain = next(iter(taken.values()))
    rows = [(name, seconds, seconds / plain, peak_megabytes(jobs[name])) for name, seconds in taken.items()]
    title = f"Weighting: {RESPONSES:,} responses x {COMMUNITIES:,} communities, two margins"
    show(title, ("job", "CPU s", "ratio to ten pandas means", "peak MB beyond the input"), rows)
