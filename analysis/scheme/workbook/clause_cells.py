"""Rule, parameters and unit of an indicator's row, also where the annex says them in words.

What is read out of words is said beside them; what could be read two ways is asked at its cell.
"""

from __future__ import annotations

import math

from analysis.scheme.clauses.phrases import read_clause
from analysis.scheme.clauses.readings import Reading
from analysis.scheme.rules.rules import RULES, parameters_of, parse_rule, rule_name, unit_name
from analysis.scheme.workbook.rows import Row
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, say


def scored(row: Row, points: float | None) -> tuple[str, str, str]:
    """Rule, parameters and unit; findings where words were read or could not be."""
    rule, text, unit = rule_name(row.text("rule")), row.text("parameters"), unit_name(row.text("unit"))
    written = parameters_of(rule, text)
    if points is None or not points > 0 or _fits(rule, written) or (rule and rule not in RULES):
        return rule, written, unit
    key = "parameters" if text else "scoring_zh"
    words = row.text(key)
    if not words or (key == "scoring_zh" and rule):
        return rule, written, unit
    found = read_clause(words, points, rule)
    if found is None:
        if key == "scoring_zh":
            row.complain("clause_unread", key, found=words)
            return "manual", "", unit
        return rule, written, unit
    if found.problem:
        row.complain(f"clause_{found.problem}", key, **found.params)
        return "manual", "", unit
    if found.percent and not unit:
        unit = "percent"
    _say(row, key, words, found, points, unit)
    return found.rule, found.parameters, unit


def _fits(rule: str, parameters: str) -> bool:
    """Whether the rule's own reader takes the parameters."""
    if rule not in RULES:
        return False
    try:
        parse_rule(rule, parameters)
    except Refused:
        return False
    return True


def _say(row: Row, key: str, words: str, found: Reading, points: float, unit: str) -> None:
    """How the clause was read, beside the clause."""
    if math.isnan(points):
        return
    text, params = parse_rule(found.rule, found.parameters).describe(points, unit)
    said = {lang: say(lang, text, **params) for lang in LANGUAGES}
    row.complain(f"clause_{found.note or 'read'}", key, "note", found=words, said=said)
