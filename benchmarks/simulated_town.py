"""A town whose answers are all known: communities lying close, skewed five-level items, clusters, sex and age.

Invented from end to end.  Because every resident's answers are known, so is the true score of every community.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.form.answer_codes import DONT_KNOW, ResponseBlock
from survey.form.default import default_questionnaire

COMMUNITIES, CLUSTERS, PER_CLUSTER = 12, 400, 50
PEOPLE = CLUSTERS * PER_CLUSTER
SEXES, BANDS = ("male", "female"), ("18-29", "30-44", "45-59", "60-74", "75+")
#: answers from the best down: most are content, the tail is long (scores 100, 80, 60, 40, 0: mean 77, skewness −1)
SHARES = (0.33, 0.38, 0.19, 0.06, 0.04)
SCORES = np.array([100.0, 80.0, 60.0, 40.0, 0.0])
#: parts of the variance of an answer: the person's contentment (an answer sheet hangs together), the dimension's
PERSON, DIMENSION = 0.5, 0.12
#: part of a person's contentment that neighbours of a cluster share
CLUSTER = 0.06
#: who answers: old people and women more readily
WILLING_SEX, WILLING_BAND = (0.7, 1.0), (0.35, 0.6, 1.0, 1.3, 1.1)
CONTENT_SEX, CONTENT_BAND = (-0.05, 0.05), (-0.45, -0.2, 0.0, 0.3, 0.4)
YEAR = 2014

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Town:
    """``codes`` (C, P, J) the answers of every resident, sorted by cluster · ``sex``, ``band`` (C, P) · ``truth`` (C,)
    the score of all residents, 0–300 · ``form`` positions of the items in ``places``."""

    codes: npt.NDArray[np.int16]
    sex: npt.NDArray[np.int8]
    band: npt.NDArray[np.int8]
    truth: Floats
    places: Ints


@dataclass(frozen=True)
class Plan:
    """``n`` responses a community; in ``clusters`` drawn clusters (None: people drawn one by one); ``uneven``: people
    answer as readily as they like, and the sample is weighted to sex and age as ``weighting`` says."""

    n: int
    clusters: int | None = None
    uneven: bool = False
    weighting: str = "none"


def build(seed: int, spread: float = 0.06) -> Town:
    """A town; ``spread`` is how far communities lie apart in standard deviations of an answer."""
    rng = np.random.default_rng(seed)
    form = default_questionnaire()
    items = form.scored
    shape = (COMMUNITIES, PEOPLE)
    sex = rng.choice(2, shape, p=[0.49, 0.51]).astype(np.int8)
    band = rng.choice(5, shape, p=[0.16, 0.29, 0.28, 0.19, 0.08]).astype(np.int8)
    level = rng.normal(0, spread, (COMMUNITIES, 1)) + np.take(CONTENT_SEX, sex) + np.take(CONTENT_BAND, band)
    shared = np.repeat(rng.normal(0, np.sqrt(CLUSTER), (COMMUNITIES, CLUSTERS)), PER_CLUSTER, axis=1)
    person = level + np.sqrt(PERSON) * (shared + np.sqrt(1 - CLUSTER) * rng.standard_normal(shape))
    cuts = np.quantile(rng.standard_normal(200_000) * 1.02, np.cumsum(SHARES[::-1])[:-1])
    codes = np.empty((*shape, len(items)), dtype=np.int16)
    dimensions = list(dict.fromkeys(question.dimension for question in items))
    for dimension in dimensions:
        kind = person + np.sqrt(DIMENSION) * rng.standard_normal(shape)
        for j in [j for j, question in enumerate(items) if question.dimension == dimension]:
            answer = kind + np.sqrt(1 - PERSON - DIMENSION) * rng.standard_normal(shape)
            codes[..., j] = 4 - np.searchsorted(cuts, answer)
    codes[rng.random(codes.shape) < 0.02] = DONT_KNOW
    score = np.where(codes >= 0, SCORES[np.maximum(codes, 0)], np.nan)
    truth = np.nanmean(score, axis=1).mean(axis=1) * 3  # five dimensions of five items, 60 points each
    return Town(codes, sex, band, truth, np.array([form.position[question.name] for question in items]))


def draw(town: Town, plan: Plan, replications: int, rng: np.random.Generator) -> tuple[ResponseBlock, pd.DataFrame]:
    """Samples of the whole town, many times over: replication r is sub-district r, and its communities are groups.

    With replacement at every stage, so that no finite population correction is due.  Beside it the register's
    population of each of these communities by sex and age band.
    """
    people, psu = zip(*(_draw(town, c, plan, replications, rng) for c in range(COMMUNITIES)), strict=True)
    who, unit = np.stack(people, axis=1), np.stack(psu, axis=1)  # (R, C, n)
    place = np.broadcast_to(np.arange(COMMUNITIES)[None, :, None], who.shape)
    codes = np.zeros((who.size, len(default_questionnaire().questions)), dtype=np.int16)
    codes[:, town.places] = town.codes[place.ravel(), who.ravel()]
    group = np.repeat(np.arange(replications * COMMUNITIES), plan.n)
    names = np.array([f"{r:05d}-{c:02d}" for r in range(replications) for c in range(COMMUNITIES)], dtype=object)
    leagues = np.array([f"{r:05d}" for r in range(replications)], dtype=object)
    columns: dict[str, Any] = {
        "year": np.full(who.size, YEAR),
        "community_id": pd.array(group + 1, dtype="Int64"),
        "community_code": names[group],
        "community": names[group],
        "sub_district": leagues[group // COMMUNITIES],
        "sample_type": "probability",
        "mode": "paper",
        "sex": np.take(np.array(SEXES, dtype=object), town.sex[place.ravel(), who.ravel()]),
        "age_band": np.take(np.array(BANDS, dtype=object), town.band[place.ravel(), who.ravel()]),
    }
    if plan.clusters:
        columns["psu"] = unit.ravel().astype(str).astype(object)
    return ResponseBlock(design=pd.DataFrame(columns), codes=codes), _register(town, names)


def _draw(town: Town, community: int, plan: Plan, replications: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """(R, n) residents drawn, and the PSU of each."""
    willing = np.ones(PEOPLE)
    if plan.uneven:
        willing = np.take(WILLING_SEX, town.sex[community]) * np.take(WILLING_BAND, town.band[community])
    reach = np.concatenate([[0.0], np.cumsum(willing)])
    uniform = rng.random((replications, plan.n))
    units = np.broadcast_to(np.arange(plan.n), uniform.shape)
    low, high = np.zeros_like(uniform), np.full_like(uniform, reach[-1])
    if plan.clusters:
        ends = reach[::PER_CLUSTER]
        drawn = np.searchsorted(ends, rng.random((replications, plan.clusters)) * ends[-1], side="right") - 1
        units = units // (plan.n // plan.clusters)
        mine = np.take_along_axis(drawn, units, axis=1)
        low, high = ends[mine], ends[mine + 1]
    found = np.searchsorted(reach, low + uniform * (high - low), side="right") - 1
    return np.minimum(found, PEOPLE - 1), units.astype(np.int64)


def _register(town: Town, names: Sequence[str] | npt.NDArray[np.object_]) -> pd.DataFrame:
    """Population by sex and age band of every community of every replication."""
    cells = [np.bincount(s * len(BANDS) + b, minlength=10) for s, b in zip(town.sex, town.band, strict=True)]
    counts = np.tile(np.array(cells), (len(names) // COMMUNITIES, 1))
    return pd.DataFrame(
        {
            "community": np.repeat(np.asarray(names, dtype=object), 10),
            "year": YEAR,
            "sex": np.tile(np.repeat(np.array(SEXES, dtype=object), len(BANDS)), len(names)),
            "age_band": np.tile(np.array(BANDS, dtype=object), len(names) * len(SEXES)),
            "population": counts.ravel().astype(np.float64),
        }
    )
