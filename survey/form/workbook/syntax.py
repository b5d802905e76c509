"""The small languages inside questionnaire cells: numbers, yes/no, lists, bounds, cut points, missing values.

Every ``parse_*`` raises ``ValueError`` for a cell it can't read; every ``format_*`` writes what its
``parse_*`` reads back equal.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping

from survey.form.answer_codes import GIVEN_MISSING
from survey.form.model import Cut

YES = frozenset({"yes", "true", "true()", "1", "y", "是"})
NO = frozenset({"", "no", "false", "false()", "0", "n", "否"})
LABEL_HEADERS: Mapping[str, str] = {"zh": "label::中文 (zh)", "en": "label::English (en)"}
#: ODK's own defaults of a range without parameters
RANGE_DEFAULTS: Mapping[str, float] = {"start": 1.0, "end": 10.0, "step": 1.0}

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_CUT = re.compile(rf"(<=|<|≤)({_NUMBER}):({_NUMBER})")
_LANGUAGES = {
    "zh": ("zh", "chinese", "中文", "汉语", "简体中文", "simplified chinese"),
    "en": ("en", "english", "英文", "英语"),
}


def parse_number(text: str) -> float:
    """A finite number, full-width digits accepted."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(_NUMBER, folded) or not math.isfinite(float(folded)):
        raise ValueError(text)
    return float(folded)


def format_number(value: float) -> str:
    """Shortest text that reads back as the same number, whole numbers without ``.0``."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def parse_yes(text: str) -> bool:
    """``yes``/``no`` and what people write for them; blank is no."""
    word = unicodedata.normalize("NFKC", text).strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValueError(text)


def split_bar(text: str) -> tuple[str, ...]:
    """The parts of ``a|b|c`` (also full-width ``｜``), trimmed, empty ones dropped."""
    return tuple(part.strip() for part in re.split(r"[|｜]", text) if part.strip())


def parse_parameters(text: str) -> tuple[dict[str, str], list[str]]:
    """``start=0 end=10`` as a mapping, and the words that are no ``key=value``."""
    pairs, rest = {}, []
    for word in re.sub(r"\s*=\s*", "=", text.replace(",", " ").replace(";", " ")).split():
        key, sign, value = word.partition("=")
        if sign and key and value:
            pairs[key] = value
        else:
            rest.append(word)
    return pairs, rest


def format_parameters(pairs: Mapping[str, str]) -> str:
    """The inverse of ``parse_parameters``."""
    return " ".join(f"{key}={value}" for key, value in pairs.items())


def parse_missing_values(text: str) -> dict[str, str]:
    """``99:dont_know 98:refused`` → value → state."""
    found: dict[str, str] = {}
    folded = re.sub(r"\s*:\s*", ":", unicodedata.normalize("NFKC", text))
    for word in re.split(r"[\s,;、]+", folded.strip()):
        value, sign, state = word.rpartition(":")
        if not sign or not value or state not in GIVEN_MISSING or value in found:
            raise ValueError(word)
        found[value] = state
    return found


def format_missing_values(values: Mapping[str, str]) -> str:
    """The inverse of ``parse_missing_values``."""
    return " ".join(f"{value}:{state}" for value, state in values.items())


def parse_recode(text: str) -> tuple[Cut, ...]:
    """``<=1:1 <=3:2 <7:3`` as cut points, ascending; the first that holds gives the code."""
    folded = re.sub(r"\s*(<=|<|≤|:)\s*", r"\1", unicodedata.normalize("NFKC", text).strip())
    cuts: list[Cut] = []
    for word in re.split(r"[\s,;]+|(?<=\d)(?=<|≤)", folded):
        match = _CUT.fullmatch(word)
        if match is None:
            raise ValueError(word)
        cut = Cut("<" if match[1] == "<" else "<=", parse_number(match[2]), parse_number(match[3]))
        if cuts and (cut.bound, cut.operator) <= (cuts[-1].bound, cuts[-1].operator):
            raise ValueError(word)
        cuts.append(cut)
    return tuple(cuts)


def format_recode(cuts: Iterable[Cut]) -> str:
    """The inverse of ``parse_recode``."""
    return " ".join(f"{c.operator}{format_number(c.bound)}:{format_number(c.code)}" for c in cuts)


def label_language(header: str) -> str | None:
    """``zh`` or ``en`` of ``label::中文 (zh)``; ``""`` of a plain ``label``; None for every other header."""
    name, _, language = unicodedata.normalize("NFKC", header).strip().lower().partition(":")
    if name.strip() not in ("label", "caption"):
        return None
    language = language.strip(": ")
    if not language:
        return ""
    code = re.search(r"\(\s*([a-z]{2,3})(?![a-z])[^)]*\)", language)
    word = code[1] if code else re.split(r"[-_]", language)[0] if language.isascii() else language
    return next((lang for lang, names in _LANGUAGES.items() if word.strip() in names), None)
