"""A million responses of a thousand communities and 25 items: means with standard errors, beside a pandas groupby."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from analysis.scheme import default_scheme
from analysis.scoring.subjective import score_subjective
from analysis.tables.estimates import estimate_table
from benchmarks.measure import cpu_seconds, peak_megabytes, show
from survey.form.answer_codes import DONT_KNOW, ResponseBlock
from survey.form.default import default_questionnaire

RESPONSES, COMMUNITIES, STRATA = 1_000_000, 1000, 5


def block(responses: int = RESPONSES, communities: int = COMMUNITIES) -> ResponseBlock:
    """Invented responses to the default questionnaire: five age-sex strata a community, 2 % don't know."""
    form = default_questionnaire()
    rng = np.random.default_rng(7)
    codes = np.zeros((responses, len(form.questions)), dtype=np.int16, order="F")  # as the store gives them
    for question in form.scored:
        answers = rng.choice(5, responses, p=[0.3, 0.4, 0.2, 0.07, 0.03]).astype(np.int16)
        answers[rng.random(responses) < 0.02] = DONT_KNOW
        codes[:, form.position[question.name]] = answers
    place = rng.integers(0, communities, responses)
    names = np.array([f"C{i:04d}" for i in range(communities)], dtype=object)
    design = pd.DataFrame(
        {
            "year": np.full(responses, 2014),
            "community_id": pd.array(place + 1, dtype="Int64"),
            "community_code": pd.Categorical.from_codes(place, names).astype("str"),
            "community": pd.Categorical.from_codes(place, names).astype("str"),
            "sub_district": "示例街道",
            "stratum": pd.Categorical.from_codes(rng.integers(0, STRATA, responses), list("abcde")).astype("str"),
            "sample_type": "probability",
            "mode": "paper",
        }
    )
    return ResponseBlock(design=design, codes=codes)


def main() -> None:
    form, scheme, responses = default_questionnaire(), default_scheme(), block()
    items = [question.name for question in form.scored]
    scores = np.array([100.0, 80.0, 60.0, 40.0, 0.0])
    frame = pd.DataFrame(
        {
            name: np.where((c := responses.codes[:, form.position[name]]) >= 0, scores[np.maximum(c, 0)], np.nan)
            for name in items
        }
    )
    frame["community_code"] = responses.design["community_code"]
    parts = [(form, responses)]
    jobs: dict[str, Callable[[], Any]] = {
        "pandas: groupby mean": lambda: frame.groupby("community_code")[items].mean(),
        "pandas: groupby mean, std, count": lambda: frame.groupby("community_code")[items].agg(
            ["mean", "std", "count"]
        ),
        "score: items, dimensions, total, all with standard errors": lambda: score_subjective(scheme, parts),
        "estimate: 25 items, means with standard errors, shares of every choice": lambda: estimate_table(
            parts, items=items, by=["community"], populations={}, scheme=scheme
        ),
    }
    taken = {name: cpu_seconds(job, repeats=3) for name, job in jobs.items()}
    plain = taken["pandas: groupby mean"]
    rows = [(name, seconds, seconds / plain, peak_megabytes(jobs[name])) for name, seconds in taken.items()]
    title = (
        f"Estimate: {RESPONSES:,} responses x {COMMUNITIES:,} communities x {len(items)} items, {STRATA} strata each"
    )
    show(title, ("job", "CPU s", "ratio to pandas mean", "peak MB beyond the input"), rows)
