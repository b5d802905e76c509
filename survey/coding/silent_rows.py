"""Rows in which nobody said anything: numbers filled in beforehand, or sheets that came back empty.  They stay out, unless a
person says that they are to be stored; either way it is asked once.

Rows whose answers are all invalid are another matter: nothing of them is left out (``survey.coding.doubtful_rows``).
"""

from __future__ import annotations

import re
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
#: what is said of a row without a key; what makes a lone text one in words
BLANK_KEY, _WORDS = "checking.key_blank", re.compile(r"[\u4e00-\u9fff]{3}|[A-Za-z]{3,} [A-Za-z]{2,}")
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
    coded = _without_titles(coded, own)
    silent, invalid = without_valid(coded.codes, own, coded.usable | _without_place(coded))
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
    return _left(coded, silent, asked)


def _without_place(coded: CodedSheet) -> Flags:
    """(n,) rows that are refused only because they have no community (or another key that is blank), as numbers that were printed
    beforehand have none."""
    refused = [f for f in coded.findings if f.level == "refuse" and f.scope == "row"]
    blank, other = ({f.row for f in refused if (f.code == BLANK_KEY) is same} for same in (True, False))
    return np.array([row in blank - other for row in coded.row_numbers], dtype=bool) & ~coded.left_out


def _without_titles(coded: CodedSheet, own: list[int]) -> CodedSheet:
    """The sheet without the rows that hold one text in words and nothing else (以下为电话访问): titles among the answers."""
    words = {row for row, text in coded.matched.layout.titles.items() if _WORDS.search(text)}
    alone = np.array([coded.first + r in words for r in range(len(coded.filled))], dtype=bool) & coded.filled
    silent, _ = without_valid(coded.codes, own, alone & ~coded.left_out)
    if not silent.any():
        return coded
    return _left(
        coded, silent, rows_note(coded.sheet, "handmade.remark", (np.flatnonzero(silent) + coded.first).tolist())
    )


def _left(coded: CodedSheet, rows: Flags, said: Finding) -> CodedSheet:
    """The sheet without these rows; nothing else is asked about a row that stays out."""
    numbers = {coded.row_numbers[r] for r in np.flatnonzero(rows).tolist()}
    kept = [f for f in coded.findings if f.level == "note" or f.scope == "sheet" or f.row not in numbers]
    return replace(coded, usable=coded.usable & ~rows, left_out=coded.left_out | rows, findings=(*kept, said))
