"""How people write rules in an indicator annex, put into the words of the contract (§4).

Rule names in Chinese (比例, 分档, 次数, 扣分, 等级, 抽查, 人工) and parameters as they are spoken: ``30-90``, ``98%以上:100%
其余:0``, ``12次``, ``每例2 封顶20``, ``4项``, ``10处``.  What is not recognised stays as it is, for the rule's own reader to
name; nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from survey.files.own_workbooks import header_key

_NAMES: Mapping[str, tuple[str, ...]] = {
    "ratio_linear": ("比例", "按比例", "线性", "比率", "linear"),
    "ratio_banded": ("分档", "分段", "档次", "banded", "bands"),
    "count_target": ("次数", "计数", "数量", "目标次数", "count"),
    "deduct_per_case": ("扣分", "按例扣分", "倒扣", "deduct"),
    "judged_levels": ("等级", "评级", "评定等级", "项数", "达标项数", "levels", "grades"),
    "checklist": ("抽查", "现场抽查", "点位", "spots"),
    "manual": ("人工", "人工评分", "直接评分"),
}
_RULES = {header_key(word): rule for rule, words in _NAMES.items() for word in (rule, *words)}
_UNITS = {"%": "percent", "百分比": "percent", "百分数": "percent", "百分率": "percent", "pct": "percent"}
_NUMBER = r"\d+\.?\d*"
#: measure words that change nothing of a number (万, 次/季 or 人/户 do)
_MEASURE = r"(?:次|个|对|例|处|项|人|户|场|件|起|期|家|支|名|小时|平方米|平米|㎡)"


def rule_name(text: str) -> str:
    """The rule that goes by this name in either language; anything else as it is."""
    return _RULES.get(header_key(text), text)


def unit_name(text: str) -> str:
    """``percent`` for what people write for it; other units as they are."""
    return _UNITS.get(header_key(text), text)


def chinese_name(rule: str) -> str:
    """What a clerk calls a rule."""
    return _NAMES[rule][0]


def parameters_of(rule: str, text: str) -> str:
    """Parameters in the contract's words where they are recognised, else as they were written."""
    plain = unicodedata.normalize("NFKC", text).strip()
    reads = _READERS.get(rule)
    return (reads(plain) if reads and plain else None) or text


def _linear(text: str) -> str | None:
    """``30-90``, ``30%至90%``, ``满分90``, ``90%``."""
    both = re.fullmatch(rf"({_NUMBER})%?\s*(?:-|–|—|~|～|→|至|到|\.\.)\s*({_NUMBER})%?", text)
    if both:
        return f"zero={both[1]} full={both[2]}"
    one = re.fullmatch(rf"(?:满分|达到|目标)?\s*[:=]?\s*({_NUMBER})\s*(?:%|{_MEASURE})?(?:以上)?(?:满分|得满分)?", text)
    if one:
        return f"zero=0 full={one[1]}"
    words = re.sub(r"(零分|起点|0分)\s*[:=]?\s*", "zero=", re.sub(r"满分\s*[:=]?\s*", "full=", text))
    return words.replace("%", "") if words != text else None


def _banded(text: str) -> str | None:
    """``98%以上:100% 95以上:90% 其余:0``."""
    words = re.sub(r"(其余|其他|其它|否则)\s*[:=]?\s*", "else:", text)
    words = re.sub(rf"(?:≥|>=)?({_NUMBER})\s*%?\s*(?:及以上|以上)?\s*[:=]\s*(?={_NUMBER})", r"\1:", words)
    return words if words != text else None


def _count(text: str) -> str | None:
    """``12次``, ``目标12``, ``12``."""
    found = re.fullmatch(rf"(?:目标|全年|每年|不少于|≥|>=)*\s*[:=]?\s*({_NUMBER})\s*{_MEASURE}?(?:以上)?", text)
    return f"target={found[1]}" if found else None


def _deduct(text: str) -> str | None:
    """``每例2分``, ``-2``, ``重大:10 治安:5 封顶20``."""
    words = re.sub(r"(?:最多扣|封顶|上限)(?!_)\s*[:=]?\s*", "cap=", text)
    words = re.sub(r"上限_", "cap_", words)
    words = re.sub(
        rf"(?:每(?:例|次|处|起|个|件)(?:扣)?|扣)\s*[:=]?\s*(?={_NUMBER})|(?:^|(?<=\s))-\s*(?={_NUMBER})", "case=", words
    )
    words = re.sub(rf"^({_NUMBER})(?=\s|$|分|/)", r"case=\1", words)
    words = re.sub(rf"({_NUMBER})\s*(?:分)?(?:/|每)(?:例|次|处|起|个|件)", r"\1", words)
    words = re.sub(rf"([:=]\s*)-?({_NUMBER})\s*分", r"\1\2", re.sub(rf"([:=])\s*-({_NUMBER})", r"\1\2", words))
    return words if words != text and not re.search(r"[^\s,;、](?:case|cap)[=_]", words) else None


def _judged(text: str) -> str | None:
    """``4项``, ``共5项标准``, ``优:100% 良:80%``."""
    found = re.fullmatch(r"(?:共|满)?\s*(\d+)\s*(?:项|条|个)(?:标准|要求)?", text)
    return f"k_of={found[1]}" if found else None


def _checklist(text: str) -> str | None:
    """``10处``, ``抽查10个点位``."""
    found = re.fullmatch(r"(?:抽查|随机抽查)?\s*(\d+)\s*(?:处|个|点|户|条)?(?:点位|点)?", text)
    return f"spots={found[1]}" if found else None


_READERS: Mapping[str, Callable[[str], str | None]] = {
    "ratio_linear": _linear,
    "ratio_banded": _banded,
    "count_target": _count,
    "deduct_per_case": _deduct,
    "judged_levels": _judged,
    "checklist": _checklist,
}
