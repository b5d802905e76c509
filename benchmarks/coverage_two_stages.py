"""Does the 95 % interval hold where buildings are drawn and people within them, also where all buildings are in?

``python -m benchmarks.coverage_two_stages`` prints the table of docs/methods.md (section 16, “Two stages”); two CPU minutes.
Communities are small (some buildings of 50 people each), so what is drawn is a large part of them; samples are drawn without
replacement and scored by the program itself, as in ``coverage_simulation``.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.scheme import default_scheme
from analysis.scoring.subjective import score_subjective
from benchmarks.coverage_simulation import SEED, percent, share
from benchmarks.measure import show
from benchmarks.simulated_town import COMMUNITIES, DONT_KNOW, PER_CLUSTER, SCORES, YEAR, Town, build
from survey.form.answer_codes import ResponseBlock
from survey.form.default import default_questionnaire
from survey.form.model import Question

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
REPLICATIONS = 1000
TOLD = {"fpc and fpc2": ("fpc", "fpc2"), "fpc only": ("fpc",), "neither": ()}


@dataclass(frozen=True)
class Draw:
    """``asked`` people in each of ``drawn`` buildings of ``of``."""

    drawn: int
    of: int
    asked: int


PLANS = (Draw(12, 12, 10), Draw(10, 15, 10), Draw(6, 6, 10), Draw(6, 20, 10), Draw(5, 50, 10), Draw(10, 15, 40))


def truths(town: Town, buildings: int) -> Floats:
    """(C,) the score of everybody in the first so many buildings, 0–300."""
    codes = town.codes[:, : buildings * PER_CLUSTER]
    score = np.where(codes == DONT_KNOW, np.nan, SCORES[np.maximum(codes, 0)])
    return np.asarray(np.nanmean(score, axis=1).mean(axis=1) * 3)


def simulate(plan: Draw, told: tuple[str, ...], replications: int, seed: int = SEED) -> pd.DataFrame:
    """One row a community and replication: ``subjective`` with its errors, and ``truth``."""
    town = build(seed)
    rng = np.random.default_rng((seed, plan.drawn, plan.of, plan.asked))
    form = default_questionnaire()
    names = ("psu", *told)
    form = replace(form, rows=(*form.rows, *(Question(n, "text" if n == "psu" else "integer", role=n) for n in names)))
    block = _sample(town, plan, told, replications, rng, len(form.questions))
    scores = score_subjective(default_scheme(), [(form, block)]).communities
    scores = scores.sort_values("community_code", ignore_index=True)
    return scores.assign(truth=np.tile(truths(town, plan.of), replications))


def _sample(
    town: Town, plan: Draw, told: tuple[str, ...], replications: int, rng: np.random.Generator, width: int
) -> ResponseBlock:
    shape = (replications * COMMUNITIES, plan.of)
    building = np.argsort(rng.random(shape), axis=1)[:, : plan.drawn]
    person = np.argsort(rng.random((*building.shape, PER_CLUSTER)), axis=2)[..., : plan.asked]
    who = (building[..., None] * PER_CLUSTER + person).reshape(len(building), -1)
    group = np.repeat(np.arange(len(building)), who.shape[1])
    codes = np.zeros((who.size, width), dtype=np.int16)
    codes[:, town.places] = town.codes[group % COMMUNITIES, who.ravel()]
    names = np.array([f"{g:06d}" for g in range(len(building))], dtype=object)
    columns: dict[str, Any] = {
        "year": np.full(who.size, YEAR),
        "community_id": pd.array(group + 1, dtype="Int64"),
        "community_code": names[group],
        "community": names[group],
        "sub_district": "",
        "sample_type": "probability",
        "mode": "paper",
        "psu": np.repeat(building.ravel(), plan.asked).astype(str).astype(object),
    }
    sizes = {"fpc": float(plan.of), "fpc2": float(PER_CLUSTER)}
    columns |= {name: np.full(who.size, sizes[name]) for name in told}
    return ResponseBlock(design=pd.DataFrame(columns), codes=codes)


def judged(frame: pd.DataFrame) -> dict[str, Any]:
    """Coverage of the interval with its Monte Carlo error, and the mean error claimed over the one found."""

    def column(name: str) -> Floats:
        return frame[name].to_numpy(dtype=np.float64).reshape(-1, COMMUNITIES)

    truth, low, high = column("truth"), column("subjective_low"), column("subjective_high")
    found = np.sqrt(np.mean(np.var(column("subjective") - truth, axis=0)))
    return {
        "covered": share(((low <= truth) & (truth <= high)).astype(float)),
        "ratio": float(np.sqrt(np.mean(column("subjective_se") ** 2)) / found),
        "half": float(np.mean(high - low) / 2),
    }


def main(replications: int = REPLICATIONS) -> None:
    rows = []
    for plan in PLANS:
        for name, told in TOLD.items():
            one = judged(simulate(plan, told, replications))
            numbers = (percent(one["covered"]), f"{one['ratio']:.3f}", f"{one['half']:.1f}")
            rows.append((f"{plan.drawn} of {plan.of} buildings, {plan.asked} of {PER_CLUSTER} people", name, *numbers))
        print(plan, file=sys.stderr)
    show(
        f"Two stages, {replications:,} samples of {COMMUNITIES} communities",
        ("sample", "told", "95 % holds", "se claimed / found", "± points"),
        rows,
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
