"""Rows of archived responses (``archive --responses``) as blocks that the kernel reads, the way they were before they left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.sample.pooled_sample import asks_adults
from survey.core.errors import Refused
from survey.form.answer_codes import BLANK, INVALID, STATES, ResponseBlock
from survey.form.expression import references
from survey.form.model import Question, Questionnaire
from survey.form.relevant import evaluable

#: columns of the files and what they hold (Spark's names); ``q_NAME`` besides, all texts
COLUMNS: Mapping[str, str] = {
    "year": "long",
    "community": "string",
    "questionnaire": "string",
    "version": "long",
    "mode": "string",
    "sample_type": "string",
    "weight": "double",
    "ssu": "long",
    "fpc": "double",
    "fpc2": "double",
    "sex": "string",
    "age": "double",
    "age_band": "string",
    "stratum_key": "long",
    "psu_key": "long",
    "home": "long",
    "person": "long",
}
#: that say who somebody is, left out of a file where that was asked for
PERSON = ("sex", "age", "age_band")
#: design column of a block → column of the file
_DESIGN = {"stratum": "stratum_key", "psu": "psu_key", "household": "home", "respondent": "person"}
#: roles whose choices are told by a column of the file
_TOLD = ("sex", "age_band", "mode", "age")

Register = Mapping[str, tuple[str, str]]


def answer_columns(form: Questionnaire) -> list[str]:
    """The columns ``q_NAME`` that a file has of a questionnaire."""
    held = ("choice", "step", "number", "multiple")
    return [
        f"q_{q.name}" for q in form.questions if q.coding in held and (not q.role or q.name not in _role_names(form))
    ]


def require_whole(name: str, form: Questionnaire) -> None:
    """Raise Refused where a score rests on what an archive leaves out: replicate weights, or a condition on free answers."""
    if form.replicates:
        raise Refused("engines.replicates", questionnaire=name)
    for question in form.scored:
        for condition in question.conditions:
            if not evaluable(form, condition):  # counts as asked, here and there
                continue
            for other in references(condition):
                asked = form.question(other)
                if asked.coding in ("text", "date") or (asked.role and asked.role not in _TOLD):
                    raise Refused("engines.condition", questionnaire=name, question=question.name, other=other)


def needs_person(form: Questionnaire) -> bool:
    """Whether its score rests on sex or age however the scheme weights: a condition asks for them."""
    named = {form.roles[role].name for role in PERSON if role in form.roles}
    return any(named & {*references(c)} for q in form.scored for c in q.conditions)


def block_of(name: str, form: Questionnaire, rows: pd.DataFrame, register: Register) -> ResponseBlock:
    """The responses to one questionnaire version; raises Refused for a word that its questions do not have."""
    n = len(rows)
    codes = np.full((n, len(form.questions)), BLANK, dtype=np.int16, order="F")
    numbers: dict[str, Any] = {q.name: np.full(n, np.nan) for q in form.questions if q.coding == "number"}
    multiple: dict[str, Any] = {q.name: [None] * n for q in form.questions if q.coding == "multiple"}
    roles = _role_names(form)
    for place, question in enumerate(form.questions):
        column = f"q_{question.name}"
        if question.name in roles:
            column = question.role if question.role in _TOLD and question.coding in ("choice", "step") else ""
        if column not in rows or question.coding in ("text", "date"):
            continue
        code, words = pd.factorize(rows[column].astype(object))
        said = [_said(name, question, str(word), told=not column.startswith("q_")) for word in words]
        table = np.array([*(kept for kept, _ in said), BLANK], dtype=np.int16)
        codes[:, place] = table[code]
        values = [value for _, value in said]
        if question.coding == "number":
            numbers[question.name] = np.array([*(np.nan if v is None else v for v in values), np.nan])[code]
        elif question.coding == "multiple":
            multiple[question.name] = [None if k < 0 else values[k] for k in code.tolist()]
    return ResponseBlock(_design(form, rows, register), codes, numbers, {}, multiple)


def _role_names(form: Questionnaire) -> frozenset[str]:
    return frozenset(question.name for question in form.roles.values())


def _design(form: Questionnaire, rows: pd.DataFrame, register: Register) -> pd.DataFrame:
    """The design columns of a block; a number stands for every name of a unit."""
    design: dict[str, Any] = {"year": rows["year"].to_numpy(dtype=np.int64), "community_code": rows["community"]}
    code, places = pd.factorize(rows["community"])
    for i, name in enumerate(("community", "sub_district")):
        words = np.array([*(register[str(p)][i] for p in places), None], dtype=object)
        design[name] = pd.Series(words[code], rows.index, dtype="str")
    for name in ("mode", "sample_type", "sex", "age_band"):
        design[name] = rows.get(name)
    for name in ("weight", "fpc", "fpc2", "age", "ssu", *_DESIGN):
        column = _DESIGN.get(name, name)
        design[name] = _number(rows[column]) if column in rows else np.nan
    if not asks_adults(form):
        design["household"] = np.nan
    return pd.DataFrame(design).reset_index(drop=True)


def _number(column: pd.Series) -> npt.NDArray[np.float64]:
    return pd.to_numeric(column).to_numpy(dtype=np.float64, na_value=np.nan)


def _said(name: str, question: Question, word: str, *, told: bool) -> tuple[int, Any]:
    """The packed code of a written answer, and its value where that stands beside the code."""
    choices: Sequence[str] = [c.name for c in question.choices]
    if question.coding in ("choice", "multiple") and not told and word.startswith(".") and word[1:] in STATES:
        return STATES[word[1:]], None
    if question.coding == "choice":
        if word in choices:
            return choices.index(word), None
        if told:
            return INVALID, None
    elif question.coding == "multiple":
        ticked = word.split(" ") if word else []
        if all(one in choices for one in ticked):
            return 0, tuple(choices.index(one) for one in ticked)
    elif word.startswith(".") and word[1:] in STATES:
        return STATES[word[1:]], None
    else:
        try:
            value = float(word)
        except ValueError:
            value = np.nan
        if np.isfinite(value):
            return (
                (0, value)
                if question.coding == "number"
                else (round((value - (question.low or 0.0)) / question.unit), None)
            )
    raise Refused("engines.unknown_answer", questionnaire=name, question=question.name, found=word)
