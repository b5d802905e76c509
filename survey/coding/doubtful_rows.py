"""Rows and columns that hold what nobody answered: examples and instructions below the header, one answer merged across
several questions, rows without one valid answer, a scored column that is empty.

Examples and instructions are left out; everything else is one question a cause, and nothing is stored before it is answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.answers.loose_readings import loosely
from survey.answers.values import Reading, reader
from survey.core.cells import clean
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES, enumerated
from survey.files.layouts.layout import rows_note
from survey.files.own_workbooks import plain_text
from survey.form.answer_codes import BLANK, INVALID, SKIPPED, Codes
from survey.form.model import Question, Questionnaire
from survey.matching.matched_sheet import Matched

Flags = npt.NDArray[np.bool_]

#: the question about scored columns in which nobody said anything
EMPTY_COLUMN = "intake.scored_blank"
#: rows below the header that may be examples or instructions
FIRST_DATA_ROWS = 3
#: rows without an answer, and rows of an empty column, before they are a cause
FEWEST = 3
#: rows of answers from which on a scored column that is empty throughout is no chance
FEWEST_EMPTY = 8
FIRST_ROWS = 20
_EXAMPLE = re.compile(
    r"[(\[【（]?\s*(?:例|示例|样例|范例|举例|填写示例|样表|e\.?g\.?|example|sample)(?:\s*[\d:：.、)\]】）]|如|$|\s)",
    re.I,
)
_MARKED = re.compile(r"[(\[【（]\s*(?:示例|样例|范例|例子|example)|示例[,，]?\s*请勿|请勿删除|填写示例", re.I)


def without_examples(matched: Matched, form: Questionnaire) -> Matched:
    """The sheet without the example and instruction rows right below its header, and what is said of them."""
    examples: list[int] = []
    instructions: list[int] = []
    columns = [(c.index, form.question(c.question)) for c in matched.columns if c.question and not c.choice]
    readers = {
        index: (reader(q), q) for index, q in columns if q.coding in ("choice", "step", "number", "date", "multiple")
    }
    for row in range(matched.first, min(matched.first + FIRST_DATA_ROWS, len(matched.sheet.rows))):
        if row in matched.layout.skip:
            continue
        cells = matched.sheet.rows[row]
        if _is_example(cells, columns):
            examples.append(row)
        elif row == matched.first + len(examples) + len(instructions) and _instructs(cells, readers):
            instructions.append(row)
    if not (examples or instructions):
        return matched
    skip = {**matched.layout.skip, **dict.fromkeys((*examples, *instructions), "intake.example_rows")}
    findings = list(matched.findings)
    if examples:
        note = rows_note(matched.sheet, "intake.example_rows", examples)
        findings.append(replace(note, level="ask", scope="sheet", row=0))
    if instructions:
        findings.append(rows_note(matched.sheet, "intake.instruction_rows", instructions))
    return replace(matched, layout=replace(matched.layout, skip=skip), findings=tuple(findings))


def _is_example(cells: Sequence[Any], columns: Sequence[tuple[int, Question]]) -> bool:
    """Whether a row says of itself that it is an example: in the number of its respondent, or in words in brackets."""
    texts = [(plain_text(cells[i]), q) for i, q in columns if isinstance(cells[i], str)]
    return any(_MARKED.search(t) or (q.role == "respondent" and _EXAMPLE.match(t)) for t, q in texts)


def _instructs(cells: Sequence[Any], readers: Mapping[int, tuple[Callable[[Any], Reading], Question]]) -> bool:
    """Whether a row says how to fill the columns in: several words, of which none is an answer to its question."""
    said = [(cells[i], read, q) for i, (read, q) in readers.items() if plain_text(cells[i])]
    words = [v for v, *_ in said if isinstance(v, str) and not clean(v).isdigit()]
    if len(said) < FEWEST or len(words) < FEWEST:
        return False
    return all(read(v).problem and loosely(q, read)(v) is None for v, read, q in said)


def merged_answers(matched: Matched, form: Questionnaire) -> list[Finding]:
    """One question where cells of several questions are merged in rows of answers: one answer stands for all or for one."""
    asked = {c.index for c in matched.columns if c.question and not form.question(c.question).role}
    sheet, found = matched.sheet, []
    for top, left, bottom, right in sheet.merged:
        covered = [i for i in range(left - sheet.left, right - sheet.left + 1) if i in asked]
        row = top - sheet.top
        if len(covered) > 1 and row >= matched.first and row not in matched.layout.skip:
            found.append((row, left - sheet.left, bottom - top + 1))
    if not found:
        return []
    row, column, _ = found[0]
    cells = "、".join(sheet.address(r, c) for r, c, _ in found[:FIRST_ROWS])
    params = {"n": len(found), "cells": cells}
    return [Finding("intake.merged_answers", "ask", "sheet", sheet.name, sheet.address(row, column), params=params)]


def unanswered(
    matched: Matched, form: Questionnaire, codes: Codes, usable: Flags, absent: Collection[str] = ()
) -> list[Finding]:
    """Questions about responses without one valid answer, and about scored columns in which nobody said anything.

    ``codes``: (n, q) the answers; ``usable``: the rows that enter; ``absent``: questions of which a person said that
    nobody was asked them.
    """
    own = [form.position[q.name] for q in form.questions if not q.role and q.name in matched.by_question]
    if not own or usable.sum() < FEWEST:
        return []
    sheet, findings = matched.sheet, []
    said = codes[:, own]
    valid = ((said != BLANK) & (said != SKIPPED) & (said != INVALID)).any(axis=1)
    nothing = np.flatnonzero(usable & ~valid)
    if len(nothing) >= FEWEST <= len(own):
        rows = [matched.first + int(r) for r in nothing]
        findings.append(replace(rows_note(sheet, "intake.no_answers", rows), level="ask", scope="sheet", row=0))
    scored = [q for q in form.scored if q.name in matched.by_question]
    silent = (codes[:, [form.position[q.name] for q in scored]] == BLANK)[usable].all(axis=0)
    empty = [q for q, nobody in zip(scored, silent.tolist(), strict=True) if nobody and q.name not in absent]
    if not len(nothing) < usable.sum() >= FEWEST_EMPTY:
        empty = []
    if empty:
        column = matched.by_question[empty[0].name][0]
        names = {lang: enumerated(lang, (q.label(lang) for q in empty)) for lang in LANGUAGES}
        params = {"n": len(empty), "names": names}
        findings.append(
            Finding(EMPTY_COLUMN, "ask", "sheet", sheet.name, column.cell, header=column.header, params=params)
        )
    return findings
