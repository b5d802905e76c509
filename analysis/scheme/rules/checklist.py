"""Spots that pass when they are looked at (抽查)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from analysis.scheme.rules.parameters import Words
from analysis.scheme.rules.part_of import PartOf
from analysis.scheme.rules.rule import Rule

# ruff: noqa: D102  (what the methods of every rule do is said once, in Rule)


@dataclass(frozen=True, slots=True)
class Checklist(PartOf):
    """So many of the spots that are looked at pass."""

    name: ClassVar[str] = "checklist"
    spoken: ClassVar[tuple[str, ...]] = ("抽查", "现场抽查", "点位", "spots")
    example: ClassVar[str] = "spots=10"
    word: ClassVar[str] = "checklist"

    @classmethod
    def read(cls, words: Words) -> Rule:
        spots = words.take_whole("spots")
        words.done()
        return cls(spots)

    @classmethod
    def shorthand(cls, text: str) -> str | None:
        """``10处``, ``抽查10个点位``."""
        found = re.fullmatch(r"(?:抽查|随机抽查)?\s*(\d+)\s*(?:处|个|点|户|条)?(?:点位|点)?", text)
        return f"spots={found[1]}" if found else None
