"""The receipt, question by question: how many of each answer a batch brought.

It is told to whoever imports (docs/privacy.md, “What is shown of groups”); of a batch of few respondents only how many answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from survey.answers.values import number_text
from survey.core import limits
from survey.core.lang import enumerated, say
from survey.form.answer_codes import BLANK, INVALID, SKIPPED, STATE_NAMES, Codes
from survey.form.model import Question
from survey.store.intake.loading import BatchAnswers, of_batch


@dataclass(frozen=True)
class Told:
    """One question of a batch: ``answers`` (choice as the reader knows it, how many), ``empty`` responses without one,
    ``invalid`` with none that is valid, ``skipped`` that were not asked.  ``answers`` is empty where they are not shown."""

    question: Question
    answered: int
    answers: tuple[tuple[str, int], ...]
    empty: int
    invalid: int
    skipped: int

    def sentence(self, lang: str) -> str:
        """``办事方便：很满意 12、满意 30；没有回答 3``."""
        numbers = self.question.coding == "step"  # 8（12）: two numbers beside each other are none
        one = "receipt.of_number" if numbers else "receipt.of_answer"
        parts = enumerated(lang, (say(lang, one, answer=text, n=n) for text, n in self.answers))
        said = parts or say(lang, "receipt.answered", n=self.answered)
        for key in ("empty", "invalid", "skipped"):
            if n := getattr(self, key):
                said += say(lang, f"receipt.{key}", n=n)
        return say(lang, "receipt.question", question=self.question.label(lang), answers=said)


def stored_answers(conn: Connection, batches: Sequence[int], lang: str) -> tuple[Told, ...]:
    """What batches of one questionnaire version brought together, in the order of its questions; those of another version
    are counted by themselves, one after the other."""
    forms: dict[int, list[BatchAnswers]] = {}
    for number in batches:
        found = of_batch(conn, number)
        if found is not None:
            forms.setdefault(found.form.id, []).append(found)
    return tuple(told for group in forms.values() for told in _told(group, lang))


def told_sentences(conn: Connection, batches: Sequence[int], lang: str) -> list[str]:
    """A sentence a question, after the one that says why no answers are listed, where so few brought them."""
    told = stored_answers(conn, batches, lang)
    few = bool(told) and max(t.answered + t.empty + t.invalid + t.skipped for t in told) < limits.TOTALS_BELOW
    return [*([say(lang, "receipt.few")] if few else []), *(t.sentence(lang) for t in told)]


def _told(group: Sequence[BatchAnswers], lang: str) -> list[Told]:
    form = group[0].form.form
    codes = np.concatenate([g.codes for g in group])
    shown = len(codes) >= limits.TOTALS_BELOW
    told = []
    for place, question in enumerate(form.questions):
        if question.role and question.coding not in ("choice",):
            continue
        mine = codes[:, place]
        empty, invalid, skipped = (int((mine == code).sum()) for code in (BLANK, INVALID, SKIPPED))
        if empty == len(mine):
            continue
        ticks = {v: sum(g.ticks.get((place, v), 0) for g in group) for v in range(len(question.choices))}
        answers = _answers(question, mine, ticks, lang) if shown else ()
        told.append(Told(question, len(mine) - empty - invalid - skipped, answers, empty, invalid, skipped))
    return told


def _answers(question: Question, codes: Codes, ticks: Mapping[int, int], lang: str) -> tuple[tuple[str, int], ...]:
    """(answer, how many) in the order of the choices or steps; () of numbers and texts."""
    if question.coding == "multiple":
        return tuple((question.choices[v].label(lang), n) for v, n in ticks.items() if n)
    if question.coding not in ("choice", "step"):
        return ()
    values, often = np.unique(codes, return_counts=True)
    counted = {int(v): int(n) for v, n in zip(values, often, strict=True) if v not in (BLANK, INVALID, SKIPPED)}
    found = [(_label(question, code, lang), n) for code, n in sorted(counted.items()) if code >= 0]
    return (*found, *((_label(question, code, lang), n) for code, n in counted.items() if code < 0))


def _label(question: Question, code: int, lang: str) -> str:
    if code < 0:
        state = STATE_NAMES[code]
        return next(
            (c.label(lang) for c in question.choices if c.missing == state), say(lang, f"receipt.state_{state}")
        )
    if question.coding == "choice":
        return question.choices[code].label(lang)
    return number_text((question.low or 0.0) + code * (question.step or 1.0))
