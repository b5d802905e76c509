"""What may be shown: the decision over the family of tables, beside `score` of the same responses."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.disclosure.audit import Audit
from analysis.disclosure.blocks import STEPS
from analysis.disclosure.decision import Decision
from analysis.sample.item_spread import answer_places, best_first
from analysis.sample.pooled_sample import Pool, pool
from analysis.scheme import default_scheme
from analysis.scoring.subjective import score_subjective
from benchmarks.measure import cpu_seconds, run_measured, show
from survey.form.answer_codes import BLANK, ResponseBlock
from survey.form.default import default_questionnaire
from survey.store import Store
from survey.store.intake import questionnaires, responses

#: communities, years
SIZES = ((12, 1), (12, 3), (200, 1))
RESPONSES = 100
#: of the demonstration
YEAR, ROOT = 2014, Path(__file__).resolve().parent.parent


def town(communities: int, years: int) -> Pool:
    """100 responses a community and year, 2 % of answers left out, two modes, three batches, eight interviewers."""
    form, rng = default_questionnaire(), np.random.default_rng(7)
    n = communities * years * RESPONSES
    codes = rng.choice(5, (n, len(form.questions)), p=[0.3, 0.4, 0.2, 0.07, 0.03]).astype(np.int16)
    codes[rng.random(codes.shape) < 0.02] = BLANK
    place, year = np.divmod(np.arange(n) // RESPONSES, years)
    mode = rng.choice(["paper", "phone"], n, p=[0.65, 0.35])
    design = pd.DataFrame(
        {
            "year": 2014 + year,
            "community_code": [f"C{i:04d}" for i in place],
            "community": [f"C{i:04d}" for i in place],
            "sub_district": [f"S{i // 12}" for i in place],
            "sample_type": "probability",
            "mode": mode,
            "batch_id": np.where(mode == "paper", 1, rng.choice([2, 3], n)),
            "interviewer": [f"{m[:2]}{k}" for m, k in zip(mode, rng.integers(0, 4, n), strict=True)],
            "sex": rng.choice(["female", "male"], n),
            "age_band": rng.choice(["18-29", "30-44", "45-59", "60-74", "75+"], n, p=[0.12, 0.25, 0.33, 0.24, 0.06]),
        }
    )
    return pool([(form, ResponseBlock(design=design, codes=codes))])


def everybody(sample: Pool) -> Decision:
    """The decision of everybody: every community and street."""
    decision = Audit(sample).decision(None)
    for area in range(int(decision.family.area.max()) + 1):
        for step in STEPS:
            decision.street(area, step)
    return decision


def item(sample: Pool, everyone: Decision, name: str) -> Decision:
    """The decision of one item more, of every community."""
    places = answer_places(sample, name, (0,), best_first(sample, name, (0,)))
    levels = np.maximum(places, -1).astype(np.int64)
    decision = Decision(everyone.family, places >= 0, everyone, levels=levels)
    for block in range(len(decision.family.area)):
        for step in STEPS:
            decision.block(block, step)
    return decision


def demonstration(folder: Path) -> tuple[float, float]:
    """CPU seconds of the command ``score`` for one year of the demonstration, and of the decision over its 25 items."""
    program, environment = [sys.executable, "-m", "xingfu"], {**os.environ, "PYTHONPATH": str(ROOT)}
    run_measured([*program, "demo", "--no-serve"], cwd=folder, env=environment)
    command = [*program, "--store", "demo.db", "score", "--year", str(YEAR)]
    score = statistics.median(run_measured(command, cwd=folder, env=environment)[0] for _ in range(3))
    with Store.open(folder / "demo.db").read() as conn:
        version = questionnaires.get(conn, "default")
        whole = responses.load(conn, version)
    rows = np.flatnonzero(whole.design["year"] == YEAR)
    sample = pool([(version.form, ResponseBlock(whole.design.iloc[rows].reset_index(drop=True), whole.codes[rows]))])
    names = [question.name for question in version.form.scored]
    return score, cpu_seconds(lambda: every_item(sample, names), repeats=3)


def every_item(sample: Pool, names: list[str]) -> None:
    """The decision of everybody and of each item, of every community and street."""
    everyone = everybody(sample)
    for name in names:
        decision = item(sample, everyone, name)
        for area in range(int(decision.family.area.max()) + 1):
            for step in STEPS:
                decision.street(area, step)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        score, decided = demonstration(Path(folder))
    header = ("responses", "`score` CPU s", "decision of 25 items CPU s", "ratio")
    rows: list[tuple[object, ...]] = [(f"sample data of {YEAR}", score, decided, decided / score)]
    show("What may be shown: the decision beside the command", header, rows)
    scheme, rows = default_scheme(), []
    for communities, years in SIZES:
        sample = town(communities, years)
        names = [question.name for question in sample.parts[0][0].scored]
        few = 1 if communities > 12 else 3
        score = cpu_seconds(lambda sample=sample: score_subjective(scheme, sample.parts), repeats=few)
        base = cpu_seconds(lambda sample=sample: everybody(sample), repeats=few)
        decision = everybody(sample)
        items = cpu_seconds(lambda s=sample, d=decision, n=names: [item(s, d, name) for name in n[:5]], repeats=1) / 5
        size = f"{communities} communities x {RESPONSES} x {years} years"
        rows.append((size, score, base, base / score, items, (base + len(names) * items) / score))
    header = ("responses", "score CPU s", "decision CPU s", "ratio", "each item more CPU s", "ratio with 25 items")
    show(
        "What may be shown of invented towns: the decision beside the scores alone, without reading them", header, rows
    )
