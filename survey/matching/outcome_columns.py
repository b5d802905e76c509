"""The columns of a matched sheet that say how the telephone contact ended, where no question of the questionnaire asks for it."""

from __future__ import annotations

from survey.fieldwork.call_columns import CallColumns, call_columns, holds_outcomes
from survey.form.dispositions import Outcomes
from survey.form.model import Questionnaire
from survey.matching.matched_sheet import Matched


def outcome_columns(matched: Matched, form: Questionnaire, outcomes: Outcomes) -> CallColumns | None:
    """The call columns of a matched sheet; None where it has no outcome, or a question holds that column."""
    columns, own = call_columns(matched.sheet, outcomes, form), form.roles.get("disposition")
    if columns is None or not holds_outcomes(columns):
        return None
    others = {c.index for c in matched.columns if c.question and (own is None or c.question != own.name)}
    return None if others & set(outcome_places(columns)) else columns


def outcome_places(columns: CallColumns) -> list[int]:
    """Where outcomes stand."""
    return [*columns.outcome_columns, *([columns.columns["outcome"]] if "outcome" in columns.columns else [])]


def call_places(columns: CallColumns) -> set[int]:
    """Every column that says something of a call."""
    return {*columns.columns.values(), *(i for keys in columns.attempts.values() for i in keys.values())}
