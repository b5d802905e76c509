"""The words rules explain themselves with: numbers, quantities with their units, kinds of case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from survey.core.lang import LANGUAGES, catalogue, enumerated
from survey.files.own_workbooks import header_key

Names = Mapping[str, str]
#: the kind of case where a rule tells none apart
ONLY = "case"


def number(value: float) -> str:
    """A number as a person writes it: at most ten digits, no trailing zeros."""
    return f"{value:.10g}"


def marks(value: float) -> str:
    """Points to two decimals, without trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """A share as ``90%``."""
    return f"{number(share * 100)}%"


def is_percent(unit: str) -> bool:
    """Whether values of this unit are percentages, stored as 0–100."""
    return header_key(unit) in ("percent", "%")


def quantity(value: float, unit: str) -> dict[str, str]:
    """``8 次`` / ``8 times`` in both languages; a unit without known words stands as it is."""
    text = number(float(value))
    if is_percent(unit):
        return dict.fromkeys(LANGUAGES, f"{text}%")
    return {lang: f"{text} {word}".rstrip() for lang, word in words_for("unit", unit).items()}


def words_for(group: Literal["unit", "kind", "method"], text: str) -> Names:
    """Both languages' words for a unit, a kind of case or a method; unknown ones stand as they are."""
    return _spellings(group).get(header_key(text), dict.fromkeys(LANGUAGES, text))


@cache
def _spellings(group: str) -> Mapping[str, Names]:
    prefix = f"rules.{group}."
    found: dict[str, Names] = {}
    for key in catalogue("zh"):
        if key.startswith(prefix):
            names = {lang: catalogue(lang)[key] for lang in LANGUAGES}
            found |= {header_key(word): names for word in (key.removeprefix(prefix), *names.values()) if word}
    return found


def counts_worded(text: str, lang: str) -> str:
    """Counts by kind in words: ``major=1 order=0`` as 重大刑事案件 1、治安案件 0, ``case=2`` as 2 例; of several assessors side
    by side; anything else as it is."""
    parts = []
    for told in text.split(" / "):
        found = [re.fullmatch(r"([^\s=]+)=([\d.]+)", part) for part in told.split(" ")]
        if not all(found):
            return text
        pairs = [(pair[1], pair[2]) for pair in found if pair]
        whole = len(pairs) == 1 and pairs[0][0] == ONLY
        parts.append(quantity(float(pairs[0][1]), "cases")[lang] if whole else listed(pairs)[lang])
    return " / ".join(parts)


def listed(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """``重大刑事案件 1 × 10、…`` in both languages: kinds of case, each with a text beside it."""
    pairs = list(pairs)
    return {
        lang: enumerated(lang, (f"{words_for('kind', k)[lang]} {v}".rstrip() for k, v in pairs)) for lang in LANGUAGES
    }
