"""The rules there are, and how one is found by its name; a rule more is one class and one line here.

Names and parameters may be written as people speak in an indicator annex: 比例, 分档, 次数 …, ``30-90``, ``98%以上:100%
其余:0``, ``12次``, ``每例2 封顶20``.  What is not recognised stays as it is, for the rule's own reader to name; nothing is
guessed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from analysis.scheme.rules.checklist import Checklist
from analysis.scheme.rules.count_target import CountTarget
from analysis.scheme.rules.deduct_per_case import DeductPerCase
from analysis.scheme.rules.judged_levels import JudgedLevels
from analysis.scheme.rules.manual import Manual
from analysis.scheme.rules.off_target import OffTarget
from analysis.scheme.rules.parameters import Words
from analysis.scheme.rules.ratio_banded import RatioBanded
from analysis.scheme.rules.ratio_linear import RatioLinear
from analysis.scheme.rules.rule import Rule
from survey.core.errors import Refused
from survey.files.own_workbooks import header_key

#: in the order in which a workbook lists them
RULES: Mapping[str, type[Rule]] = {
    rule.name: rule
    for rule in (RatioLinear, RatioBanded, CountTarget, OffTarget, DeductPerCase, JudgedLevels, Checklist, Manual)
}
#: how an annex says it, for a refusal in Chinese
IN_WORDS: Mapping[str, str] = {
    "ratio_linear": "30%-90%，或 90%以上满分、30%以下不得分",
    "ratio_banded": "98%以上得满分，95%以上得9成，其余不得分",
    "count_target": "12次，或 每季度不少于1次",
    "off_target": "目标90%，每低1个百分点扣0.5分",
    "deduct_per_case": "每例扣2分，最多扣20分，或 重大10分/例，一般5分/例",
    "judged_levels": "优100%，良80%，差0，或 4项",
    "checklist": "抽查10处",
    "manual": "（留空）",
}
_BY_WORD = {header_key(word): name for name, rule in RULES.items() for word in (name, *rule.spoken)}
_UNITS = {"%": "percent", "百分比": "percent", "百分数": "percent", "百分率": "percent", "pct": "percent"}


def parse_rule(name: str, parameters: str) -> Rule:
    """The rule of this name; raises Refused saying what was found and how parameters are written."""
    rule = RULES.get(name)
    if rule is None:
        raise Refused(
            "rules.unknown", found=name, expected=", ".join(f"{chinese_name(known)} {known}" for known in RULES)
        )
    return rule.read(
        Words({"zh": chinese_name(name), "en": name}, parameters, {"zh": IN_WORDS[name], "en": rule.example})
    )


def rule_name(text: str) -> str:
    """The rule that goes by this name in either language; anything else as it is."""
    return _BY_WORD.get(header_key(text), text)


def chinese_name(rule: str) -> str:
    """What a clerk calls a rule."""
    return RULES[rule].spoken[0]


def parameters_of(rule: str, text: str) -> str:
    """Parameters in the words of the rule's own reader where they are recognised, else as they were written."""
    plain = unicodedata.normalize("NFKC", text).strip()
    known = RULES.get(rule)
    return (known.shorthand(plain) if known and plain else None) or text


def unit_name(text: str) -> str:
    """``percent`` for what people write for it; other units as they are."""
    return _UNITS.get(header_key(text), text)
