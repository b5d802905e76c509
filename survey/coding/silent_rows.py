"""Rows in which nobody said anything: numbers filled in beforehand, or sheets that came back empty.  They stay out, unless a
person says that they are to be stored; either way it is asked once.

Rows whose answers are all invalid are another matter: nothing of them is left out (``survey.coding.doubtful_rows``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from survey.coding.coded_sheet import CodedSheet
from survey.core.findings import Finding
from survey.decisions.carried_out import SILENT, Decision
from survey.files.layouts.layout import rows_note
from survey.files.own_workbooks import header_key
from survey.form.answer_codes import BLANK, INVALID, SKIPPED, Codes
from survey.form.model import Questionnaire
from survey.matching.matched_sheet import Matched

Flags = npt.NDArray[np.bool_]
#: rows without an answer before they are a cause, and questions of a sheet whose rows may be without one
FEWEST = 3
#: the other answer, as it is proposed, and its words
STORE = "入库 store"
_STORE = frozenset(map(header_key, (*STORE.split(), STORE, "存", "保留", "keep")))


def own_questions(matched: Matched, form: Questionnaire) -> list[int]:
    """Where the questions of the sheet stand that people answer, whoever they are."""
    return [form.position[q.name] for q in form.questions if not q.role and q.name in matched.by_question]


def without_valid(codes: Codes, own: list[int], usable: Flags) -> tuple[Flags, Flags]:
    """(n,) the rows without one valid answer of those that enter: in which nothing stands, and in which something does."""
    silent, nothing = (np.ones(len(codes), dtype=bool) for _ in range(2))
    for place in own:
        said = codes[:, place]
        empty = (said == BLANK) | (said == SKIPPED)
        silent &= empty
        nothing &= empty | (said == INVALID)
        if not nothing.any():  # as after a question or two
            break
    return usable & silent, usable & nothing & ~silent


def without_silent(coded: CodedSheet, answers: Iterable[Decision]) -> CodedSheet:
    """The sheet without the rows in which nobody said anything, and the question about them; with them and a note where the
    answer was to store them.  ``answers``: what was decided of this question but for confirming it."""
    own = own_questions(coded.matched, coded.form)
    if coded.usable.sum() < FEWEST or len(own) < FEWEST:
        return coded
    silent, invalid = without_valid(coded.codes, own, coded.usable)
    if not silent.any() or silent.sum() + invalid.sum() < FEWEST:
        return coded
    rows = np.flatnonzero(silent).tolist()
    note = rows_note(coded.sheet, SILENT, [coded.first + r for r in rows], suggestion=STORE)
    asked: Finding = replace(note, level="ask", scope="sheet", row=0)
    answer = next(iter(answers), None)
    if answer is not None and (answer.action == "leave_out" or header_key(answer.value) in _STORE):
        said = {"decision": answer.action, "reason": answer.reason, "value": answer.value}
        asked = replace(asked, level="note", params={**asked.params, **said})
        if answer.action == "set":
            return replace(coded, findings=(*coded.findings, asked))
    numbers = {coded.row_numbers[r] for r in rows}  # nothing else is asked about a row that stays out
    kept = [f for f in coded.findings if f.level == "note" or f.scope == "sheet" or f.row not in numbers]
    return replace(coded, usable=coded.usable & ~silent, left_out=coded.left_out | silent, findings=(*kept, asked))
