"""In proportion between two values (比例)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from analysis.scheme.rules.parameters import MEASURE, NUMBER, Words
from analysis.scheme.rules.rule import Rule, Said
from analysis.scheme.rules.words import marks, quantity
from analysis.scheme.rules.worked import Term, Worked, part

# ruff: noqa: D102  (what the methods of every rule do is said once, in Rule)


@dataclass(frozen=True, slots=True)
class RatioLinear(Rule):
    """Linear between ``zero`` (nothing) and ``full`` (full marks); ``full`` below ``zero`` means less is better."""

    name: ClassVar[str] = "ratio_linear"
    spoken: ClassVar[tuple[str, ...]] = ("比例", "按比例", "线性", "比率", "linear")
    example: ClassVar[str] = "zero=30 full=90"

    zero: float
    full: float

    @classmethod
    def read(cls, words: Words) -> Rule:
        zero, full = words.take("zero", 0.0), words.take("full")
        words.done()
        if zero == full:
            raise words.refused("same_ends")
        return RatioLinear(zero, full)

    @classmethod
    def shorthand(cls, text: str) -> str | None:
        """``30-90``, ``30%至90%``, ``满分90``, ``90%``; a falling pair does not say which end is full marks."""
        both = re.fullmatch(rf"({NUMBER})%?\s*(?:-|–|—|~|～|→|至|到|\.\.)\s*({NUMBER})%?", text)
        if both and float(both[1]) < float(both[2]):
            return f"zero={both[1]} full={both[2]}"
        one = re.fullmatch(
            rf"(?:满分|达到|目标)?\s*[:=]?\s*({NUMBER})\s*(?:%|{MEASURE})?(?:以上)?(?:满分|得满分)?", text
        )
        if one:
            return f"zero=0 full={one[1]}"
        words = re.sub(r"(零分|起点|0分)\s*[:=]?\s*", "zero=", re.sub(r"满分\s*[:=]?\s*", "full=", text))
        return words.replace("%", "") if words != text else None

    @property
    def full_from(self) -> float | None:
        return self.full if self.full > self.zero else None

    def worked(self, value: Any) -> Worked:
        terms = Term("value", float(value)), Term("zero", self.zero), Term("full", self.full)
        return Worked(terms, part("({0}-{1})/({2}-{1})"))

    def share(self, value: Any, points: float) -> float:
        return (float(value) - self.zero) / (self.full - self.zero)

    def describe(self, points: float, unit: str = "") -> Said:
        params = {"points": marks(points), "zero": quantity(self.zero, unit), "full": quantity(self.full, unit)}
        return "rules.describe.ratio_linear", params

    def explain(self, value: Any, points: float, unit: str = "") -> Said:
        ends = {"zero": quantity(self.zero, unit), "full": quantity(self.full, unit)}
        return "rules.explain.ratio_linear", {**self._got(value, points), "value": quantity(value, unit), **ends}
