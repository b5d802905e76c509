"""A hundred thousand responses of a hundred communities, 25 items and 80 replicate weights, beside linearised errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from analysis.sample.item_values import item_scores
from analysis.scheme import default_scheme
from analysis.scoring.subjective import score_subjective
from analysis.tables.estimates import estimate_table
from benchmarks import bench_estimate
from benchmarks.measure import cpu_seconds, peak_megabytes, show
from survey.form.answer_codes import ResponseBlock
from survey.form.default import default_questionnaire
from survey.form.model import Question, Questionnaire

RESPONSES, COMMUNITIES, REPLICATES = 100_000, 100, 80


def with_replicates(form: Questionnaire, block: ResponseBlock) -> tuple[Questionnaire, ResponseBlock]:
    """The same responses with a weight and jackknife replicates that leave out every 80th of them."""
    columns = [Question(f"rw{r}", "decimal", role="replicate_weight") for r in range(REPLICATES)]
    weight = Question("w", "decimal", role="weight")
    asked = replace(form, rows=(*form.rows, weight, *columns), settings={**form.settings, "replicates": "JK1"})
    main = np.random.default_rng(11).lognormal(0, 0.4, RESPONSES)
    left_out = np.arange(RESPONSES)[:, None] % REPLICATES == np.arange(REPLICATES)
    weights = main[:, None] * np.where(left_out, 0.0, REPLICATES / (REPLICATES - 1))
    codes = np.hstack([block.codes, np.zeros((RESPONSES, REPLICATES + 1), dtype=np.int16)])
    return asked, replace(block, design=block.design.assign(weight=main), codes=codes, replicates=weights)


def main() -> None:
    form, scheme = default_questionnaire(), default_scheme()
    block = bench_estimate.block(RESPONSES, COMMUNITIES)
    asked, replicated = with_replicates(form, block)
    items = [question.name for question in form.scored]
    group = replicated.design["community_id"].to_numpy(dtype=np.int64) - 1

    def one_by_one() -> None:
        """Every item's group means under every replicate weight, one ``bincount`` each."""
        assert replicated.replicates is not None
        for name in items:
            scores = item_scores(asked, replicated, name, scheme)
            known = ~np.isnan(scores)
            filled, there = np.where(known, scores, 0.0), known.astype(np.float64)
            for weight in replicated.replicates.T:
                np.bincount(group, weight * filled, COMMUNITIES) / np.bincount(group, weight * there, COMMUNITIES)

    options: dict[str, Any] = {"items": items, "by": ["community"], "populations": {}, "scheme": scheme}
    jobs: dict[str, Callable[[], Any]] = {
        "score, errors linearised": lambda: score_subjective(scheme, [(form, block)]),
        "score, errors from 80 replicates": lambda: score_subjective(scheme, [(asked, replicated)]),
        "estimate, errors linearised": lambda: estimate_table([(form, block)], **options),
        "estimate, errors from 80 replicates": lambda: estimate_table([(asked, replicated)], **options),
        "numpy: only the means of the items, replicate by replicate": one_by_one,
    }
    taken = {name: cpu_seconds(job, repeats=3) for name, job in jobs.items()}
    plain = taken["score, errors linearised"]
    rows = [(name, seconds, seconds / plain, peak_megabytes(jobs[name])) for name, seconds in taken.items()]
    title = f"Replicates: {RESPONSES:,} responses x {COMMUNITIES} communities x {len(items)} items x {REPLICATES} replicates"
    show(title, ("job", "CPU s", "ratio to linearised score", "peak MB beyond the input"), rows)
