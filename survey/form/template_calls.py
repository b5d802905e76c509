"""The columns of the telephone entry workbook that are no questions: which attempt, when, and how it ended.

Their headers are words that ``survey.call_columns`` knows in both languages, so the sheet comes back as answers with
their call records (``survey.with_calls``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.calls import DISPOSITIONS
from survey.form.model import Question, Questionnaire
from survey.lang import LANGUAGES, say

#: who and where, before how it ended
_WHO = ("respondent", "community", "sub_district", "year", "phone", "interviewer")
#: outcomes that are most of every call list come first in the drop-down
_FREQUENT = ("1.1", "1.2", "2.11", "2.113", "2.12", "2.20", "2.21", "3.13", "3.12", "3.131", "4.30", "4.54")
_CHECKS: Mapping[str, Mapping[str, Any]] = {
    "attempt": {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 99},
    "at": {"validate": "date", "criteria": ">", "value": 36526},  # 2000-01-01 as Excel counts days
    "outcome": {"validate": "list"},
}
FORMATS: Mapping[str, str] = {"attempt": "0", "at": "yyyy-mm-dd hh:mm", "outcome": "@", "interviewer": "@"}


@dataclass(frozen=True)
class CallColumn:
    """A column of calls: ``key`` as in ``survey.call_columns.HEADERS``, its header in both languages."""

    key: str
    header: str

    def accepted(self, lang: str) -> str:
        """One sentence about what may be entered."""
        return say(lang, f"template.accept_call_{self.key}")

    def check(self, source: str) -> dict[str, Any] | None:
        """The check of its cells; ``source``: the range of the outcomes."""
        check = dict(_CHECKS[self.key]) if self.key in _CHECKS else None
        return {**check, "source": source} if check and self.key == "outcome" else check


def call_columns(form: Questionnaire, lang: str) -> list[CallColumn]:
    """The columns that the questionnaire does not ask itself."""
    keys = ["attempt", "at", *([] if "disposition" in form.roles else ["outcome"]),
            *([] if "interviewer" in form.roles else ["interviewer"])]  # fmt: skip
    order = [lang, *(other for other in LANGUAGES if other != lang)]
    return [CallColumn(key, "\n".join(say(one, f"template.call_{key}") for one in order)) for key in keys]


def beside(questions: Sequence[Question], calls: Sequence[CallColumn]) -> list[Question | CallColumn]:
    """Who it is, then the call, then the questions."""
    first = sorted((q for q in questions if q.role in _WHO), key=lambda q: _WHO.index(q.role))
    return [*first, *calls, *(q for q in questions if q.role not in _WHO)]


def outcome_words(lang: str) -> list[str]:
    """Every outcome in everyday words, the frequent ones first."""
    table = {d.code: d for d in DISPOSITIONS}
    ordered = [table.pop(code) for code in _FREQUENT] + list(table.values())
    return [d.zh if lang == "zh" else d.en for d in ordered]
