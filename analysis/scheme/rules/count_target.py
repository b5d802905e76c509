"""In proportion to a target number (次数)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from analysis.scheme.rules.parameters import MEASURE, NUMBER, Words
from analysis.scheme.rules.rule import Limits, Rule, Said
from analysis.scheme.rules.words import marks, quantity
from analysis.scheme.rules.worked import Term, Worked, part

# ruff: noqa: D102  (what the methods of every rule do is said once, in Rule)


@dataclass(frozen=True, slots=True)
class CountTarget(Rule):
    """In proportion to a target number, full marks from the target up."""

    name: ClassVar[str] = "count_target"
    spoken: ClassVar[tuple[str, ...]] = ("次数", "计数", "数量", "目标次数", "count")
    example: ClassVar[str] = "target=6"

    target: float

    @classmethod
    def read(cls, words: Words) -> Rule:
        target = words.take_positive("target")
        words.done()
        return CountTarget(target)

    @classmethod
    def shorthand(cls, text: str) -> str | None:
        """``12次``, ``目标12``, ``12``."""
        found = re.fullmatch(rf"(?:目标|全年|每年|不少于|≥|>=)*\s*[:=]?\s*({NUMBER})\s*{MEASURE}?(?:以上)?", text)
        return f"target={found[1]}" if found else None

    def limits(self, points: float, unit: str = "") -> Limits:
        return Limits(0, None, whole=True)

    def worked(self, value: Any) -> Worked:
        return Worked((Term("value", float(value)), Term("target", self.target)), part("{0}/{1}"))

    def share(self, value: Any, points: float) -> float:
        return float(value) / self.target

    def describe(self, points: float, unit: str = "") -> Said:
        return "rules.describe.count_target", {"points": marks(points), "target": quantity(self.target, unit)}

    def explain(self, value: Any, points: float, unit: str = "") -> Said:
        params = {"target": quantity(self.target, unit), "value": quantity(value, unit)}
        return "rules.explain.count_target", {**self._got(value, points), **params}
