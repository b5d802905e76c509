"""Small questionnaires and response blocks for the statistics tests, straight from the value types."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.scheme.model import Dimension, Scheme, Star
from survey.form.answer_codes import BLANK, STATES, ResponseBlock
from survey.form.model import Choice, Question, Questionnaire

_WORDS = (
    ("很满意", "very satisfied"),
    ("满意", "satisfied"),
    ("一般", "neither"),
    ("不满意", "dissatisfied"),
    ("很不满意", "very dissatisfied"),
)
LEVELS = (
    *(Choice(str(i), {"zh": zh, "en": en}, level=i) for i, (zh, en) in enumerate(_WORDS, 1)),
    Choice("8", {"zh": "不清楚", "en": "don't know"}, missing="dont_know"),
)


def lcg(n: int, seed: int) -> np.ndarray[Any, Any]:
    """Numbers in (0, 1) that R makes too: x <- (16807 * x) %% 2147483647; x / 2147483647."""
    values = []
    for _ in range(n):
        seed = (16807 * seed) % 2147483647
        values.append(seed / 2147483647)
    return np.array(values)


def scheme(**changes: Any) -> Scheme:
    """Two dimensions of 60 points, five stars, presets for five levels."""
    values: dict[str, Any] = {
        "code": "toy",
        "names": {"zh": "样", "en": "toy"},
        "first_year": None,
        "dimensions": (
            Dimension("a", {"zh": "甲", "en": "A"}, 140, 60, "办甲"),
            Dimension("b", {"zh": "乙", "en": "B"}, 140, 60, "办乙"),
        ),
        "indicators": (),
        "stars": tuple(
            Star(k, m, "city" if k > 3 else "district") for k, m in enumerate((650.0, 700.0, 750.0, 800.0, 850.0), 1)
        ),
        "presets": {"gd2011": {5: (100.0, 80.0, 60.0, 40.0, 0.0)}},
    }
    return Scheme(**{**values, **changes})


def item(name: str, dimension: str = "", **more: Any) -> Question:
    """A five-level item with a don't-know."""
    values = {
        "type": "select_one",
        "labels": {"zh": f"题{name}", "en": f"Item {name}"},
        "choices": LEVELS,
        "list_name": "sat",
    }
    return Question(name, dimension=dimension, **{**values, **more})


def form(*questions: Question, **more: Any) -> Questionnaire:
    """A questionnaire of these questions."""
    return Questionnaire(rows=questions, **more)


def block(questionnaire: Questionnaire, answers: dict[str, list[Any]], **design: Any) -> ResponseBlock:
    """Responses: per question a list of choice names, numbers, states, tuples (multiple) or None for blank."""
    n = max([len(v) for v in (*answers.values(), *design.values()) if isinstance(v, list)], default=0)
    codes = np.full((n, len(questionnaire.questions)), BLANK, dtype=np.int16)
    numbers: dict[str, Any] = {}
    multiple: dict[str, Any] = {}
    for column, question in enumerate(questionnaire.questions):
        given = answers.get(question.name, [None] * n)
        places = {choice.name: i for i, choice in enumerate(question.choices)}
        for row, value in enumerate(given):
            if value is None:
                continue
            if isinstance(value, str) and value in STATES:
                codes[row, column] = STATES[value]
            elif question.coding == "choice":
                mark = question.choices[places[value]].missing
                codes[row, column] = STATES[mark] if mark else places[value]
            elif question.coding == "step":
                codes[row, column] = round((value - question.low) / question.unit)
            else:
                codes[row, column] = 0
        if question.coding == "number":
            numbers[question.name] = np.array([v if isinstance(v, (int, float)) else np.nan for v in given])
        if question.coding == "multiple":
            multiple[question.name] = [
                tuple(places[v] for v in value) if isinstance(value, tuple) else None for value in given
            ]
    columns: dict[str, Any] = {"year": 2014, "community_code": "C1", "mode": "paper", "sample_type": "probability"}
    frame = pd.DataFrame({k: v if isinstance(v, list) else [v] * n for k, v in {**columns, **design}.items()})
    if "community" not in frame:
        frame["community"] = [None if c is None else f"社区{c}" for c in frame["community_code"]]
    if "sub_district" not in frame:
        frame["sub_district"] = "示例街道"
    return ResponseBlock(frame, codes, numbers=numbers, multiple=multiple)
