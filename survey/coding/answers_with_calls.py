"""Answers that bring their call records with them: one sheet, one batch, each row an interview, an attempt, or both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from survey.coding.coded_sheet import CodedSheet
from survey.core.addresses import place
from survey.core.findings import Finding
from survey.fieldwork.call_columns import CallColumns, call_columns, holds_outcomes
from survey.fieldwork.call_split import Split, split_calls
from survey.files.own_workbooks import plain_text
from survey.form.answer_codes import BLANK, SKIPPED, Codes
from survey.form.dispositions import Outcomes
from survey.form.model import Question, Questionnaire
from survey.matching.matched_sheet import IGNORED, Matched, ignored_note

Flags = npt.NDArray[np.bool_]
#: columns whose bad cells keep a call record out
_KEYS = ("community", "year", "respondent", "mode")


@dataclass(frozen=True)
class OutcomeColumns:
    """Where a sheet of answers says how its calls ended, and the words for it."""

    columns: CallColumns
    outcomes: Outcomes

    def split(self, matched: Matched, form: Questionnaire, codes: Codes) -> Split:
        """Interviews and call records among the data rows; ``codes``: (n, q) what each row answers."""
        own = [form.position[q.name] for q in form.questions if not q.role]
        answered = (~np.isin(codes[:, own], (BLANK, SKIPPED))).sum(axis=1).tolist()
        answered = [0 if matched.first + i in matched.layout.skip else n for i, n in enumerate(answered)]
        return split_calls(matched.sheet, matched.first, self.columns, answered, self.outcomes)


def find_outcomes(matched: Matched, form: Questionnaire) -> OutcomeColumns | None:
    """The outcome columns of a matched sheet, if it has any that are no question of the questionnaire."""
    own = form.roles.get("disposition")
    outcomes = Outcomes().with_choices(own)
    columns = call_columns(matched.sheet, outcomes, form)
    if columns is None or not holds_outcomes(columns):
        return None
    named = _places(columns)
    others = {c.index for c in matched.columns if c.question and (own is None or c.question != own.name)}
    return None if others & set(named) else OutcomeColumns(columns, outcomes)


def with_own(matched: Matched, found: OutcomeColumns) -> Matched:
    """The sheet with the columns of its calls known as such, no longer among those that are ignored."""
    calls_ = found.columns
    used = {*calls_.columns.values(), *(i for keys in calls_.attempts.values() for i in keys.values())}
    columns = [
        replace(c, how="calls") if c.index in used and c.question is None and not c.meaning else c
        for c in matched.columns
    ]
    findings = [f for f in matched.findings if f.code != IGNORED]
    return replace(matched, columns=tuple(columns), findings=(*findings, *ignored_note(matched.sheet, columns)))


def _places(columns: CallColumns) -> list[int]:
    return [*columns.outcome_columns, *([columns.columns["outcome"]] if "outcome" in columns.columns else [])]


def among(
    findings: Sequence[Finding], split: Split, columns: CallColumns, matched: Matched, form: Questionnaire
) -> list[Finding]:
    """The findings of a sheet's answers together with those of its calls, none twice.

    A row that is a call record only has no answers that could be wrong: only its keys count.
    """
    sheet, base = matched.sheet, matched.sheet.top + matched.first + 1
    keys = {c.index for role in _KEYS if (q := form.roles.get(role)) for c in matched.by_question.get(q.name, [])}
    only = {base + int(i) for i in np.flatnonzero(~split.responses)}
    mine = set(_places(columns))
    findings = [f for f in findings if f.row == 0 or _column(f, sheet.left) not in mine]
    kept = [f for f in findings if f.row not in only or f.level == "note" or _column(f, sheet.left) in keys]
    said = {f.cell for f in kept if f.level != "note"}
    return [*kept, *(f for f in split.findings if f.level == "note" or f.scope == "row" or f.cell not in said)]


def outcome_codes(split: Split, question: Question, outcomes: Outcomes) -> Codes:
    """(n,) the outcomes as answers to the questionnaire's own question of them; blank where it has no such choice."""
    places: dict[str, int] = {}
    for index, choice in enumerate(question.choices):
        words = (choice.name, *choice.labels.values(), *choice.aliases)
        known = next((d for word in words if (d := outcomes.find(word))), None)
        if known:
            places.setdefault(known.code, index)
    return np.array([places.get(code, BLANK) for code in split.outcomes], dtype=np.int16)


def _column(finding: Finding, left: int) -> int:
    found = place(finding.cell)
    return -1 if found is None else found[1] - left


def only_interviews(coded: CodedSheet, split: Split) -> CodedSheet:
    """The sheet without the rows that hold no interview, which are counted apart; those not called yet are named."""
    only = ~split.responses & ~coded.left_out
    waiting, sheet = int((coded.filled & coded.usable & only & ~split.calls).sum()), coded.sheet
    phones = sum(
        sum(1 for i in np.flatnonzero(only & coded.filled).tolist() if plain_text(c.values[i]))
        for c in coded.phone_columns
    )
    notes = [
        Finding(code, "note", "sheet", sheet.name, params={"n": n})
        for code, n in (("calls.not_called", waiting), ("calls.phones_dropped", phones))
        if n
    ]
    return replace(
        coded,
        filled=coded.filled & ~only,
        usable=coded.usable & ~only,
        split=split,
        called=coded.usable & only & split.calls,
        calls_refused=int((coded.filled & ~coded.usable & only).sum()),
        findings=(*coded.findings, *notes),
    )
