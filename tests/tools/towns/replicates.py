"""Answers with replicate weights that a team brought."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from survey.form.model import Choice, Question
from tests.tools.towns.survey_toys import block, form, item, lcg

WIDTH = 8
WEIGHT = Question("w", "decimal", role="weight")
COLUMNS = tuple(Question(f"rw{r}", "decimal", role="replicate_weight") for r in range(WIDTH))
SEX = Question("s", "select_one", choices=(Choice("m", {}), Choice("f", {})), role="sex")
ITEMS = (item("q1", "a"), item("q2", "a", weight=3), item("q3", "b"), SEX)
FORM = form(*ITEMS, WEIGHT, *COLUMNS, settings={"replicates": "bootstrap"})
PLAIN = form(*ITEMS, WEIGHT)


def responses(n: int, seed: int, **design: Any) -> tuple[Any, np.ndarray[Any, Any]]:
    """A block of three communities (not replicated yet) and its (n, R) replicate weights."""
    u = lcg(n * 10, seed).reshape(-1, 10)
    answers = {
        f"q{j}": [None if m < 0.1 else str(1 + int(5 * a)) for m, a in zip(u[:, 6], u[:, j], strict=True)]
        for j in (1, 2, 3)
    } | {"s": ["m" if v < 0.4 else "f" for v in u[:, 7]]}
    weight = 0.5 + 2 * u[:, 4]
    made = block(
        PLAIN,
        answers,
        weight=weight.tolist(),
        community_code=[f"C{int(3 * v)}" for v in u[:, 5]],
        sex=answers["s"],
        **design,
    )
    return made, weight[:, None] * np.floor(0.4 + 2 * lcg(n * WIDTH, seed + 1).reshape(n, WIDTH))


def with_replicates(made: Any, weights: Any) -> tuple[Any, Any]:
    codes = np.hstack([made.codes, np.zeros((len(made), WIDTH), dtype=np.int16)])
    return FORM, replace(made, codes=codes, replicates=weights)
