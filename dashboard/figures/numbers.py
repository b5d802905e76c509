"""Numbers as pages word them: as papers do, and the names of stars."""

from __future__ import annotations

from analysis.tables.number_words import (
    DASH,
    MINUS,
    chance,
    count,
    gap,
    half_up,
    half_width,
    known,
    least,
    points,
    ranks,
    required,
    share,
    signed,
    stability,
    total,
)
from survey.core.lang import say

__all__ = [
    "DASH",
    "MINUS",
    "chance",
    "count",
    "gap",
    "half_up",
    "half_width",
    "known",
    "least",
    "points",
    "ranks",
    "required",
    "share",
    "signed",
    "stability",
    "star_word",
    "total",
]


def star_word(lang: str, star: int) -> str:
    """三星, 未达标."""
    return say(lang, f"dash_words.star_{star}")
