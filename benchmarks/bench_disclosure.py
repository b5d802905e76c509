"""What may be shown: the decision over the family of tables, beside `score` of the same responses."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.audit import Audit
from analysis.disclosure.blocks import STEPS
from analysis.disclosure.decision import Decision
from analysis.sample.item_spread import answer_places, best_first
from analysis.sample.pooled_sample import Pool, pool
from analysis.scheme import default_scheme
from analysis.scoring.subjective import score_subjective
from benchmarks.measure import cpu_seconds, show
from survey.form.answer_codes import BLANK, ResponseBlock
from survey.form.default import default_questionnaire

#: communities, years
SIZES = ((12, 1), (12, 3), (200, 1))
RESPONSES = 100


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


def item(sample: Pool, everyone: Decision, name: str) -> None:
    """The decision of one item more, of every community."""
    places = answer_places(sample, name, (0,), best_first(sample, name, (0,)))
    levels = np.maximum(places, -1).astype(np.int64)
    decision = Decision(everyone.family, places >= 0, everyone, levels=levels)
    for block in range(len(decision.family.area)):
        for step in STEPS:
            decision.block(block, step)


def main() -> None:
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
    show("What may be shown: the decision beside the score", header, rows)
