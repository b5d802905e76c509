"""Drivers, modes, interviewers and leaving one out: 100,000 responses, 25 items, 100 communities, 800 interviewers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from analysis.quality.drivers import find_drivers, outcome_values
from analysis.quality.interviewers import of_people
from analysis.quality.leave_one_out import leave_out
from analysis.quality.modes import mode_effect
from analysis.sample.person_scores import PersonScores, person_scores
from analysis.scheme import default_scheme
from analysis.scoring.subjective import score_subjective
from analysis.statistics.bootstrap import DRAWS
from benchmarks.measure import cpu_seconds, peak_megabytes, show
from survey.form.answer_codes import DONT_KNOW, ResponseBlock
from survey.form.default import default_questionnaire

RESPONSES, COMMUNITIES, EACH = 100_000, 100, 8


def block() -> ResponseBlock:
    """Invented responses: a person's mood is in every answer, 2 % don't know; eight interviewers a community."""
    form = default_questionnaire()
    rng = np.random.default_rng(7)
    codes = np.zeros((RESPONSES, len(form.questions)), dtype=np.int16)
    mood = rng.normal(size=RESPONSES)
    for question in form.scored:
        level = np.clip(np.rint(1.2 + 0.6 * mood + rng.normal(0, 0.8, RESPONSES)), 0, 4).astype(np.int16)
        level[rng.random(RESPONSES) < 0.02] = DONT_KNOW
        codes[:, form.position[question.name]] = level
    codes[:, form.position["F1"]] = np.clip(np.rint(7 - mood + rng.normal(0, 1.5, RESPONSES)), 0, 10)
    place = rng.integers(0, COMMUNITIES, RESPONSES)
    who = place * EACH + rng.integers(0, EACH, RESPONSES)
    names = [f"C{i:03d}" for i in range(COMMUNITIES)]
    design = pd.DataFrame(
        {
            "year": np.full(RESPONSES, 2014),
            "community_id": pd.array(place + 1, dtype="Int64"),
            "community_code": pd.Categorical.from_codes(place, names).astype("str"),
            "community": pd.Categorical.from_codes(place, names).astype("str"),
            "sub_district": "示例街道",
            "sample_type": "probability",
            "mode": np.where(rng.random(RESPONSES) < 0.35, "phone", "paper"),
            "interviewer": pd.Categorical.from_codes(who, [f"V{i}" for i in range(COMMUNITIES * EACH)]).astype("str"),
            "sex": np.where(rng.random(RESPONSES) < 0.5, "男", "女"),
            "age": rng.integers(18, 90, RESPONSES).astype(float),
        }
    )
    return ResponseBlock(design=design, codes=codes)


def _jobs(person: PersonScores, parts: Any, populations: dict[str, float]) -> dict[str, Callable[[], Any]]:
    everyone = np.ones(RESPONSES, dtype=bool)
    happy = outcome_values(person, "F1")
    whole = ~np.isnan(person.scores).any(axis=1)
    return {
        "numpy: one covariance matrix of 25 items and the outcome": lambda: np.cov(
            np.column_stack([person.scores, happy])[whole].T
        ),
        "score: the 300 points of every community, once": lambda: score_subjective(default_scheme(), parts),
        f"drivers: LMG, relative weights, {DRAWS} bootstrap samples": lambda: find_drivers(
            person, happy, everyone, populations
        ),
        "modes: six regressions with errors of the design": lambda: mode_effect(person, everyone, populations),
        "interviewers: variance of 33 scores, who stands out": lambda: of_people(person),
        f"without each of {COMMUNITIES * EACH} interviewers": lambda: leave_out(
            person, person.sample.factor("interviewer")
        ),
    }


def main() -> None:
    parts = [(default_questionnaire(), block())]
    person = person_scores(default_scheme(), parts)
    populations = {f"C{i:03d}": 4000.0 + 10 * i for i in range(COMMUNITIES)}
    jobs = _jobs(person, parts, populations)
    taken = {name: cpu_seconds(job, repeats=3) for name, job in jobs.items()}
    plain = next(iter(taken.values()))
    rows = [(name, seconds, seconds / plain, peak_megabytes(jobs[name])) for name, seconds in taken.items()]
    title = f"Field: {RESPONSES:,} responses x {COMMUNITIES} communities x 25 items"
    show(title, ("job", "CPU s", "ratio to one covariance", "peak MB beyond the input"), rows)
