"""Points off for each one that is short of a target, or above a limit (差额扣分)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from analysis.scheme.rules.parameters import Words
from analysis.scheme.rules.rule import Rule, Said
from analysis.scheme.rules.words import marks, number, quantity
from analysis.scheme.rules.worked import FULL, Term, Worked, part

# ruff: noqa: D102  (what the methods of every rule do is said once, in Rule)


@dataclass(frozen=True, slots=True)
class OffTarget(Rule):
    """Full marks at ``aim`` and better; ``each`` points off for each ``step`` short of it, in proportion between steps.

    ``over``: the aim is a limit, and what is above it counts.
    """

    name: ClassVar[str] = "off_target"
    spoken: ClassVar[tuple[str, ...]] = ("差额扣分", "按差额扣分", "每少扣分", "每低扣分", "每超扣分")
    example: ClassVar[str] = "target=90 each=0.5 step=1 / limit=3 each=2"

    aim: float
    each: float
    step: float = 1.0
    over: bool = False

    @classmethod
    def read(cls, words: Words) -> Rule:
        over = "limit" in words.pairs
        aim = words.take("limit") if over else words.take("target")
        each, step = words.take_positive("each"), 1.0
        if "step" in words.pairs:
            step = words.take_positive("step")
        words.done()
        return OffTarget(aim, each, step, over)

    @property
    def full_from(self) -> float | None:
        return None if self.over else self.aim

    def missed(self, value: Any) -> float:
        """By how much the value is short of the target, or above the limit; 0 where it is not."""
        return max(0.0, (float(value) - self.aim) * (1 if self.over else -1))

    def worked(self, value: Any) -> Worked:
        aim = Term("limit" if self.over else "target", self.aim)
        missed = "MAX(0,{0}-{1})" if self.over else "MAX(0,{1}-{0})"
        terms = Term("value", float(value)), aim, Term("step", self.step), Term("each", self.each)
        return Worked(terms, part(f"1-{missed}/{{2}}*{{3}}/{FULL}"))

    def share(self, value: Any, points: float) -> float:
        return 1.0 - self.missed(value) / self.step * self.each / points

    def _aim(self, unit: str) -> dict[str, Any]:
        return {"aim": quantity(self.aim, unit), "each": number(self.each), "step": quantity(self.step, unit)}

    def describe(self, points: float, unit: str = "") -> Said:
        side = "over" if self.over else "short"
        return f"rules.describe.off_target_{side}", {"points": marks(points), **self._aim(unit)}

    def explain(self, value: Any, points: float, unit: str = "") -> Said:
        side = "over" if self.over else "short"
        params = {**self._got(value, points), **self._aim(unit), "value": quantity(value, unit)}
        missed = self.missed(value)
        if not missed:
            return "rules.explain.off_target_none", params
        return f"rules.explain.off_target_{side}", {**params, "missed": quantity(missed, unit)}
