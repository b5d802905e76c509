"""What an answer is worth: its own value, its score from 0 to 100, or why there is none.

Closed answers are packed as small integers, so each question needs one small table and one look-up.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from analysis.scheme.model import Scheme
from analysis.statistics.design import Bools, Floats
from survey.form.answer_codes import (
    DONT_KNOW,
    INVALID,
    NOT_APPLICABLE,
    REFUSED,
    STATE_NAMES,
    STATES,
    Codes,
    ResponseBlock,
)
from survey.form.model import Choice, Cut, Question, Questionnaire

#: answered, but no opinion: counts as answered for completeness
NO_OPINION = (DONT_KNOW, REFUSED, NOT_APPLICABLE)
#: packed codes of states stand at the end of every look-up table, where negative indices find them
_STATES = len(STATE_NAMES)


def as_number(text: str) -> float | None:
    """The text as a finite number, else None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def opinions(question: Question) -> tuple[Choice, ...]:
    """The choices that are an opinion (not don't know, refused, not applicable)."""
    return tuple(c for c in question.choices if not c.missing)


def numeric_codes(question: Question) -> bool:
    """Whether every choice that is an opinion is named by a number."""
    return all(as_number(c.name) is not None for c in opinions(question))


def levelled(question: Question) -> bool:
    """Whether its choices are ordered or valued: some opinion has a level or a score."""
    return any(c.level is not None or c.score is not None for c in opinions(question))


def _recoded(values: Floats, cuts: Sequence[Cut]) -> Floats:
    """The code of the first cut point that holds, NaN where none does."""
    if not cuts:
        return values
    holds = [{"<": operator.lt, "<=": operator.le}[c.operator](values, c.bound) for c in cuts]
    return np.select(holds, [c.code for c in cuts], default=np.nan)


def _raw_table(question: Question) -> Floats:
    """Own value by packed code ≥ 0, before ``recode``."""
    if question.coding == "choice":
        codes = numeric_codes(question)
        own = [None if c.missing else as_number(c.name) if codes else c.level for c in question.choices]
        return np.array([np.nan if v is None else v for v in own], dtype=np.float64)
    low, high = question.low or 0.0, question.high or 0.0
    steps = np.arange(int(np.floor((high - low) / question.unit + 1e-9)) + 1)
    return np.round(low + question.unit * steps, 10)  # 0.3, not 0.30000000000000004: cut points compare with it


def _linear(values: Floats, low: float | None, high: float | None, reverse: bool) -> Floats | None:
    """0 at ``low`` to 100 at ``high``, the other way round if reversed; None where the scale has no ends."""
    if low is None or high is None or not high > low:
        return None
    score: Floats = (values - low) / (high - low) * 100
    return 100 - score if reverse else score


def _level_score(choice: Choice, levels: Sequence[float] | None, reverse: bool) -> float:
    """The explicit score, else that of the level in the preset, else NaN."""
    if choice.missing:
        return np.nan
    if choice.score is not None:
        return choice.score
    if choice.level is None or levels is None:
        return np.nan
    return levels[-choice.level] if reverse else levels[choice.level - 1]


def _numeric_scores(question: Question, values: Floats) -> Floats | None:
    """Scores of own values: linear on the codes of the recode, else between the ends of the scale."""
    ends: tuple[float | None, float | None] = (question.low, question.high)
    if question.recode:
        codes = [c.code for c in question.recode]
        ends = (min(codes), max(codes))
    return _linear(values, *ends, question.reverse)


def _score_table(question: Question, scheme: Scheme | None) -> Floats | None:
    """Score by packed code ≥ 0; None where nothing says how to score."""
    if question.coding != "choice":
        return _numeric_scores(question, _recoded(_raw_table(question), question.recode))
    length = max((c.level for c in opinions(question) if c.level is not None), default=0)
    levels = scheme.level_scores(length) if scheme is not None and length else None
    table = np.array([_level_score(c, levels, question.reverse) for c in question.choices], dtype=np.float64)
    return None if np.isnan(table).all() else table


def choice_scores(question: Question, scheme: Scheme | None) -> dict[str, float]:
    """Choice → its score 0–100, those that have one; empty where the item is no choice of one answer."""
    table = _score_table(question, scheme) if question.coding == "choice" else None
    if table is None:
        return {}
    return {c.name: s for c, s in zip(question.choices, table.tolist(), strict=True) if not np.isnan(s)}


def _look_up(table: npt.NDArray[np.float64], codes: Codes) -> Floats:
    """(n,) values by packed code, NaN for every state."""
    return np.concatenate([table, np.full(_STATES, np.nan)])[codes]


def _codes(form: Questionnaire, block: ResponseBlock, question: Question) -> Codes:
    return block.codes[:, form.position[question.name]]


def own_values(form: Questionnaire, block: ResponseBlock, name: str) -> Floats | None:
    """(n,) the number, its recoded code, or the choice's code (its level where codes are no numbers).

    NaN where there is no opinion; None for questions that have no value of their own (text, dates,
    multiple choice, choices that are neither numbers nor levels).
    """
    question = form.question(name)
    if question.coding == "number":
        return _recoded(np.asarray(block.numbers[name], dtype=np.float64), question.recode)
    if question.coding not in ("choice", "step"):
        return None
    table = _recoded(_raw_table(question), question.recode)
    return None if np.isnan(table).all() else _look_up(table, _codes(form, block, question))


def item_scores(form: Questionnaire, block: ResponseBlock, name: str, scheme: Scheme | None) -> Floats | None:
    """(n,) scores 0–100, NaN where there is none; None where neither the form nor the scheme says how to score."""
    question = form.question(name)
    if question.coding == "number":
        values = own_values(form, block, name)
        return None if values is None else _numeric_scores(question, values)
    if question.coding not in ("choice", "step"):
        return None
    table = _score_table(question, scheme)
    return None if table is None else _look_up(table, _codes(form, block, question))


def states(form: Questionnaire, block: ResponseBlock, name: str) -> Codes:
    """(n,) packed codes with every kind of no opinion as its state: ≥ 0 is an opinion.

    A choice marked as missing becomes its state, a number that no cut point matches ``INVALID``.
    """
    question = form.question(name)
    codes = _codes(form, block, question)
    if question.coding == "choice" and len(opinions(question)) < len(question.choices):
        kept = [STATES[c.missing] if c.missing else i for i, c in enumerate(question.choices)]
        codes = np.array([*kept, *range(-_STATES, 0)], dtype=np.int16)[codes]
    values = own_values(form, block, name) if question.recode else None
    if values is not None:
        codes = np.where((codes >= 0) & np.isnan(values), np.int16(INVALID), codes)
    return codes


def answered(codes: Codes) -> Bools:
    """Whether a response answered at all, opinion or not (blank, skipped and invalid did not)."""
    return (codes >= 0) | without_opinion(codes)


def without_opinion(codes: Codes) -> Bools:
    """Whether a response said that it had no opinion, or would not say: the states of ``NO_OPINION``, which lie together."""
    return (codes <= max(NO_OPINION)) & (codes >= min(NO_OPINION))
