"""Every choice varied for a year: item means under each alternative from a million responses, then all runs from these."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.quality.reliability import of_questionnaire
from analysis.quality.sensitivity.item_means import Tables, item_tables
from analysis.quality.sensitivity.scenarios import Means, plan, totals
from analysis.scheme import default_scheme
from analysis.scoring.score import Inputs
from analysis.scoring.subjective import score_subjective
from benchmarks.bench_estimate import COMMUNITIES, RESPONSES, block
from benchmarks.measure import cpu_seconds, peak_megabytes, show
from survey.form.default import default_questionnaire


def _means(tables: Tables, communities: int) -> Means:
    """The tables of some communities, with 100 of 140 objective points each."""
    scheme = default_scheme()
    place = {d.code: k for k, d in enumerate(scheme.dimensions)}
    rows = np.arange(communities)
    size = len(scheme.dimensions)
    return Means(
        tables.mean[:, :, :, rows],
        tables.worth[rows],
        tables.n[:, rows],
        np.array([place[i.dimension.code] for i in tables.items]),
        np.full(size, 60.0),
        np.full(size, 140.0),
        np.full((communities, size), 100.0),
    )


def main() -> None:
    """Beside the score of the same responses, once."""
    scheme = default_scheme()
    parts = [(default_questionnaire(), block())]
    empty = pd.DataFrame()
    inputs = Inputs(2014, scheme, parts, [], empty, empty, [], True, True, "")
    tables = item_tables(inputs)
    tried = tables.tried
    sizes = (len(tried.presets), len(tried.limits), len(tried.weightings))
    runs = plan(*sizes, [50.0, 30.0, 100.0], len(scheme.dimensions), len(tables.items))
    jobs = {
        "the score once": lambda: score_subjective(scheme, parts),
        f"item means under {sizes[0]} presets x {sizes[1]} limits": lambda: item_tables(inputs),
        f"{len(runs)} runs, 12 communities": lambda: totals(_means(tables, 12), runs),
        f"{len(runs)} runs, {COMMUNITIES:,} communities": lambda: totals(_means(tables, COMMUNITIES), runs),
        "reliability: alpha, omega, items": lambda: of_questionnaire(scheme, parts, {}),
    }
    taken = {name: cpu_seconds(job, repeats=3) for name, job in jobs.items()}
    once = taken["the score once"]
    rows = [(name, seconds, seconds / once, peak_megabytes(jobs[name])) for name, seconds in taken.items()]
    title = f"Sensitivity and reliability: {RESPONSES:,} responses x {COMMUNITIES:,} communities x {len(tables.items)} items"
    show(title, ("job", "CPU s", "ratio to the score", "peak MB beyond the input"), rows)
