"""Answers that hold for every file of a sender: how its tables are made, and what they do not ask.

They are kept with the columns and words that were confirmed for a header row (``survey.store.intake.mappings``).  What is about
the people of one file (who came twice, which community a title names) is asked of each file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from survey.answers.mapping import ColumnMapping
from survey.core.findings import Finding

#: open question → the parameter that must be the same for it to be the same question ("": nothing of the file counts)
_KEPT: Mapping[str, str] = {
    "scales.legend_ask": "pairs",
    "intake.mode_unsaid": "found",
    "intake.mode_carried": "platform",
    "intake.platform_mode": "platform",
    "intake.carried_down": "",
    "intake.dittos": "",
    "intake.turned_round": "",
    "platforms.unsure_label": "",
    "platforms.unsure_order": "",
    "intake.delimiter": "delimiter",
    "sources.delimiter_unsure": "delimiter",
}
#: the parameter with the questions that a file says nothing of
ABSENT = "absent"


def kept_answers(findings: Iterable[Finding]) -> ColumnMapping:
    """What the confirmed questions of a file say of the next one with the same headers: questions that nobody was asked, and
    what need not be asked again."""
    confirmed = [f for f in findings if f.params.get("decision") == "confirm"]
    absent = dict.fromkeys(name for f in confirmed for name in f.params.get(ABSENT, ()))
    return ColumnMapping(absent=tuple(absent), confirmed=tuple(dict.fromkeys(_name(f) for f in confirmed if _holds(f))))


def without_answered(findings: Iterable[Finding], mapping: ColumnMapping | None) -> tuple[Finding, ...]:
    """The findings of a file, its open questions that were answered for such a table before as notes."""
    before = frozenset(mapping.confirmed) if mapping else frozenset()
    return tuple(_answered(f) if f.level == "ask" and _holds(f) and _name(f) in before else f for f in findings)


def _answered(finding: Finding) -> Finding:
    return replace(finding, level="note", params={**finding.params, "decision": "confirm", "reason": ""})


def _holds(finding: Finding) -> bool:
    return finding.code in _KEPT


def _name(finding: Finding) -> str:
    """What a question is known by in a mapping: its code, and what it is about."""
    about = _KEPT[finding.code]
    return f"{finding.code} {_words(finding.params.get(about))}" if about else finding.code


def _words(value: Any) -> str:
    return str(value["zh"]) if isinstance(value, Mapping) else str(value)
