"""Answers that bring their call records with them: one sheet, one batch, each row an interview, an attempt, or both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey.core.addresses import place
from survey.core.findings import Finding
from survey.fieldwork.call_columns import CallColumns
from survey.fieldwork.call_split import Split, split_calls
from survey.form.answer_codes import BLANK, SKIPPED, Codes
from survey.form.dispositions import Outcomes
from survey.form.model import Question, Questionnaire
from survey.matching.matched_sheet import Matched
from survey.matching.outcome_columns import call_places, outcome_columns, outcome_places

#: columns whose bad cells keep a call record out
_KEYS = ("community", "year", "respondent", "mode")


@dataclass(frozen=True)
class AnswersWithCalls:
    """A sheet of answers in which some rows, or all, also say how the telephone contact ended.

    ``matched``: the sheet, the columns of its calls known as such; ``split``: which rows are interviews, and the calls
    of every row; ``findings``: those of the answers together with those of the calls, none twice; ``disposition``:
    (n,) the outcomes as answers to the questionnaire's own question of them, None where it has no such question.
    """

    matched: Matched
    split: Split
    findings: tuple[Finding, ...]
    disposition: Codes | None


def answers_with_calls(
    matched: Matched, form: Questionnaire, codes: Codes, findings: Sequence[Finding]
) -> AnswersWithCalls | None:
    """Interviews and call records among the data rows; None where no column says how a contact ended.

    ``codes``: (n, q) what each row answers; ``findings``: what was found on the cells of the answers.
    """
    own = form.roles.get("disposition")
    outcomes = Outcomes().with_choices(own)
    columns = outcome_columns(matched, form, outcomes)
    if columns is None:
        return None
    split = split_calls(matched.sheet, matched.first, columns, _answered(matched, form, codes), outcomes)
    return AnswersWithCalls(
        _with_calls(matched, columns),
        split,
        _together(findings, split, columns, matched, form),
        _disposition(split, own, outcomes) if own is not None and own.coding == "choice" else None,
    )


def _answered(matched: Matched, form: Questionnaire, codes: Codes) -> list[int]:
    """How many questions proper each data row answers; a row that a layout skips answers none."""
    own = [form.position[q.name] for q in form.questions if not q.role]
    answered = (~np.isin(codes[:, own], (BLANK, SKIPPED))).sum(axis=1).tolist()
    return [0 if matched.first + i in matched.layout.skip else n for i, n in enumerate(answered)]


def _with_calls(matched: Matched, calls: CallColumns) -> Matched:
    """The sheet with the columns of its calls known as such, no longer among those that are ignored."""
    used = call_places(calls) - {calls.columns.get("phone", -1)}  # the number itself is kept nowhere: it is said so
    return matched.with_columns(
        [
            replace(c, how="calls") if c.index in used and c.question is None and not c.meaning else c
            for c in matched.columns
        ]
    )


def _together(
    findings: Sequence[Finding], split: Split, columns: CallColumns, matched: Matched, form: Questionnaire
) -> tuple[Finding, ...]:
    """The findings of a sheet's answers together with those of its calls, none twice.

    A row that is a call record only has no answers that could be wrong: only its keys count.
    """
    sheet, base = matched.sheet, matched.sheet.top + matched.first + 1
    keys = {c.index for role in _KEYS if (q := form.roles.get(role)) for c in matched.by_question.get(q.name, [])}
    only = {base + int(i) for i in np.flatnonzero(~split.responses)}
    mine = set(outcome_places(columns))
    findings = [f for f in findings if f.row == 0 or _column(f, sheet.left) not in mine]
    kept = [f for f in findings if f.row not in only or f.level == "note" or _column(f, sheet.left) in keys]
    said = {f.cell for f in kept if f.level != "note"}
    return (*kept, *(f for f in split.findings if f.level == "note" or f.scope == "row" or f.cell not in said))


def _column(finding: Finding, left: int) -> int:
    found = place(finding.cell)
    return -1 if found is None else found[1] - left


def _disposition(split: Split, question: Question, outcomes: Outcomes) -> Codes:
    """The outcomes as answers to a question; blank where it has no such choice."""
    places: dict[str, int] = {}
    for index, choice in enumerate(question.choices):
        words = (choice.name, *choice.labels.values(), *choice.aliases)
        known = next((d for word in words if (d := outcomes.find(word))), None)
        if known:
            places.setdefault(known.code, index)
    return np.array([places.get(code, BLANK) for code in split.outcomes], dtype=np.int16)
