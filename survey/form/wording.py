"""A modest reading of scale labels: whether a scale offers as many ways to praise as to blame."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

_NEUTRAL = re.compile(
    r"一般|中立|普通|差不多|无所谓|既不|说不上|neither|neutral|average|indifferent|about the same|so-so"
)
_NEGATIVE = re.compile(
    r"不|差|坏|糟|低|难|dissatisf|unsatisf|unhapp|unsafe|disagree|poor|bad\b|worse|never|\bnot\b|\blow\b|difficult"
)
_POSITIVE = re.compile(
    r"满意|好|同意|幸福|安全|方便|优|高|认同|赞成|satisf|happ|safe|agree|good|excellent|better|\bhigh\b|easy|great"
)


def sentiment(label: str) -> Literal["positive", "negative", "neutral"] | None:
    """Which side of a scale a label is on; None where its words are not among the few we know."""
    text = label.casefold()
    if _NEUTRAL.search(text):
        return "neutral"
    if _NEGATIVE.search(text):
        return "negative"
    return "positive" if _POSITIVE.search(text) else None


def unbalanced(levels: Sequence[tuple[int, Mapping[str, str]]]) -> tuple[int, int] | None:
    """(positive, negative) levels of a scale whose sides differ; None where equal or where a label is unknown."""
    for lang in ("zh", "en"):
        sides = [sentiment(labels[lang]) if labels.get(lang) else None for _, labels in levels]
        if None in sides:
            continue
        positive, negative = sides.count("positive"), sides.count("negative")
        return (positive, negative) if positive != negative else None
    return None
