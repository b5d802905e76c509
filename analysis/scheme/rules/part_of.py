"""So many of a fixed number hold: what standards met and spots passed have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from analysis.scheme.rules.rule import Limits, Rule, Said
from analysis.scheme.rules.words import marks, number
from analysis.scheme.rules.worked import Term, Worked, part

# ruff: noqa: D102  (what the methods of every rule do is said once, in Rule)


@dataclass(frozen=True, slots=True)
class PartOf(Rule):
    """So many ``of`` a fixed number hold; ``word``: which texts say so."""

    of: float
    word: ClassVar[str]

    @property
    def out_of(self) -> float | None:
        return self.of

    def limits(self, points: float, unit: str = "") -> Limits:
        return Limits(0, self.of, whole=True)

    def worked(self, value: Any) -> Worked:
        return Worked((Term("value", float(value)), Term("of", self.of)), part("{0}/{1}"))

    def share(self, value: Any, points: float) -> float:
        return float(value) / self.of

    def describe(self, points: float, unit: str = "") -> Said:
        return f"rules.describe.{self.word}", {"points": marks(points), "of": number(self.of)}

    def explain(self, value: Any, points: float, unit: str = "") -> Said:
        params = {"of": number(self.of), "value": number(float(value))}
        return f"rules.explain.{self.word}", {**self._got(value, points), **params}
