"""Findings as the rows of a result table, without pandas: where, what was found, what is suggested, what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from survey.core.findings import Finding
from survey.core.masking import masked

TABLE_COLUMNS = (
    "file",
    "where",
    "sheet",
    "cell",
    "row",
    "header",
    "level",
    "scope",
    "code",
    "found",
    "message",
    "suggestion",
    "decision",
    "value",
    "reason",
    "alike",
)


def finding_rows(file: str, findings: Sequence[Finding], lang: str) -> list[dict[str, Any]]:
    """Findings as rows with the columns that ``--decisions`` reads: ``suggestion`` names the nearest
    choice; ``decision, value, reason, alike`` are empty but for what was decided already."""
    rows = [
        (
            masked(file),
            masked(f.where),
            masked(f.sheet),
            f.cell,
            f.row or None,
            masked(f.header),
            f.level,
            f.scope,
            f.code,
            found(f),
            masked(f.word(lang)),
            suggestion(f),
            *decided(f),
        )
        for f in findings
    ]
    return [dict(zip(TABLE_COLUMNS, row, strict=True)) for row in rows]


def found(finding: Finding) -> str:
    """What stands in the file, masked (before a decision, where there was one); nothing where a sentence counts what it found
    in the reader's language, which no cell says."""
    told = finding.params.get("before", finding.params.get("found", ""))
    return "" if isinstance(told, (Mapping, list, tuple)) else masked(str(told))


def suggestion(finding: Finding) -> str:
    """The nearest choice, where there is one."""
    return masked(str(finding.params.get("suggestion", "")))


def decided(finding: Finding) -> tuple[str, str, str, str]:
    """Decision, value, reason and ``alike`` of what was decided already, so that the list is whole the next time."""
    said = finding.params
    if not said.get("decision"):
        return "", "", "", ""
    return said["decision"], said.get("value", ""), said.get("reason", ""), "yes" if said.get("alike") else ""
