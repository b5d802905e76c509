"""Points as an assessor gives them (人工)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from analysis.scheme.rules.parameters import Words
from analysis.scheme.rules.rule import Limits, Rule, Said
from analysis.scheme.rules.words import marks, number
from analysis.scheme.rules.worked import FULL, Term, Worked

# ruff: noqa: D102  (what the methods of every rule do is said once, in Rule)


@dataclass(frozen=True, slots=True)
class Manual(Rule):
    """Points as given."""

    name: ClassVar[str] = "manual"
    spoken: ClassVar[tuple[str, ...]] = ("人工", "人工评分", "直接评分")
    example: ClassVar[str] = ""

    @classmethod
    def read(cls, words: Words) -> Rule:
        words.done()
        return Manual()

    def limits(self, points: float, unit: str = "") -> Limits:
        return Limits(0, points)

    def worked(self, value: Any) -> Worked:
        return Worked((Term("given", float(value)),), f"MIN({FULL},MAX(0,{{0}}))")

    def share(self, value: Any, points: float) -> float:
        return float(value) / points

    def describe(self, points: float, unit: str = "") -> Said:
        return "rules.describe.manual", {"points": marks(points)}

    def explain(self, value: Any, points: float, unit: str = "") -> Said:
        return "rules.explain.manual", {**self._got(value, points), "value": number(float(value))}
