"""The answers behind numbers that R gave: 200 rows of four items, and schools of California."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.statistics.weighting import Calibration, Margin
from survey.form.model import Question
from tests.tools.towns.survey_toys import block, form, item, lcg

API = Path(__file__).parents[2] / "data" / "apiclus1.csv"


FORM = form(item("q1", "a"), item("q2", "a", weight=3), item("q3", "b"), item("q4", "b"))
NAMES = ("q1", "q2", "q3", "q4")


def same(n: int, **answers: Any) -> dict[str, list[Any]]:
    """n responses that all answer alike, 1 where nothing else is said."""
    return {name: [answers.get(name, "1")] * n for name in NAMES}


def golden_parts(sampling: str) -> Any:
    u = lcg(200 * 12, 7).reshape(-1, 12)
    g = np.floor(u[:, 2] * 4).astype(int)
    questions = (*FORM.rows, Question("w", "decimal", role="weight"), Question("p", "text", role="psu"))
    questionnaire = form(*questions, sampling=sampling)
    answers = {
        f"q{j + 1}": [None if m < 0.2 else str(1 + int(5 * a)) for a, m in zip(u[:, 4 + j], u[:, 8 + j], strict=True)]
        for j in range(4)
    }
    code = [None if k == 3 and sampling == "overall" else f"C{k}" for k in g]
    responses = block(
        questionnaire,
        answers,
        community_code=code,
        weight=(0.5 + 2 * u[:, 3]).tolist(),
        psu=[str(int(7 * v)) for v in u[:, 1]],
        stratum=[f"s{int(2 * v)}" for v in u[:, 0]],
    )
    return [(questionnaire, responses)]


def identity(areas: int, target: Any) -> Margin:
    """A margin in which nothing is merged."""
    target = np.asarray(target, dtype=float)
    return Margin(np.tile(np.arange(target.shape[1]), (areas, 1)), target)


def calibration(cell: Any, areas: int, shape: tuple[int, ...], base: Any = None) -> Calibration:
    """All cells of all areas are calibrated, each margin on its own classes."""
    grid = np.indices((areas, *shape))
    classes = tuple((grid[0] * k + grid[axis]).ravel() for axis, k in enumerate(shape, 1))
    return Calibration(cell, classes, base)


def api_design() -> tuple[pd.DataFrame, Any, Any]:
    """apiclus1 with its weights: svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)."""
    api = pd.read_csv(API)
    school = pd.Categorical(api["stype"], ["E", "H", "M"]).codes.astype(int)
    wide = (api["sch.wide"] == "Yes").to_numpy().astype(int)
    return api, school, wide
