"""Full marks less so many a case (扣分)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from analysis.scheme.rules.parameters import NUMBER, Words
from analysis.scheme.rules.rule import Entry, Limits, Rule, Said, Value
from analysis.scheme.rules.words import listed, marks, number
from analysis.scheme.rules.worked import FULL, Term, Worked

# ruff: noqa: D102  (what the methods of every rule do is said once, in Rule)


@dataclass(frozen=True, slots=True)
class DeductPerCase(Rule):
    """Full marks less so many a case of each kind, at most ``cap`` (a kind at most its own cap), never below 0."""

    name: ClassVar[str] = "deduct_per_case"
    spoken: ClassVar[tuple[str, ...]] = ("扣分", "按例扣分", "倒扣", "deduct")
    example: ClassVar[str] = "major=10 order=5 cap=20"

    units: Mapping[str, float]
    cap: float | None = None
    caps: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, words: Words) -> Rule:
        cap = words.take_positive("cap") if "cap" in words.pairs else None
        caps = {n.removeprefix("cap_"): words.take_positive(n) for n in list(words.pairs) if n.startswith("cap_")}
        units = {name: words.take_positive(name) for name in list(words.pairs)}
        if not units:
            raise words.refused("empty")
        for kind in caps.keys() - units.keys():
            raise words.refused("surplus", f"cap_{kind}")
        return DeductPerCase(units, cap, caps)

    @classmethod
    def shorthand(cls, text: str) -> str | None:
        """``每例2分``, ``-2``, ``重大:10 治安:5 封顶20``."""
        words = re.sub(r"(?:最多扣|封顶|上限)(?!_)\s*[:=]?\s*", "cap=", text)
        words = re.sub(r"上限_", "cap_", words)
        words = re.sub(
            rf"(?:每(?:例|次|处|起|个|件)(?:扣)?|扣)\s*[:=]?\s*(?={NUMBER})|(?:^|(?<=\s))-\s*(?={NUMBER})",
            "case=",
            words,
        )
        words = re.sub(rf"^({NUMBER})(?=\s|$|分|/)", r"case=\1", words)
        words = re.sub(rf"({NUMBER})\s*(?:分)?(?:/|每)(?:例|次|处|起|个|件)", r"\1", words)
        words = re.sub(rf"([:=]\s*)-?({NUMBER})\s*分", r"\1\2", re.sub(rf"([:=])\s*-({NUMBER})", r"\1\2", words))
        return words if words != text and not re.search(r"[^\s,;、](?:case|cap)[=_]", words) else None

    @property
    def entry(self) -> Entry:
        return "counts"

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(self.units)

    def limits(self, points: float, unit: str = "") -> Limits:
        return Limits(0, None, whole=True)

    def _counts(self, value: Any) -> dict[str, float]:
        if isinstance(value, Mapping):
            return {kind: float(value[kind]) for kind in self.units}
        if len(self.units) > 1:
            raise ValueError(f"deduct_per_case with kinds {tuple(self.units)} needs counts by kind")
        return {kind: float(value) for kind in self.units}

    def _raw(self, value: Any) -> float:
        counts = self._counts(value)
        return sum(min(self.units[k] * n, self.caps.get(k, math.inf)) for k, n in counts.items())

    def lost(self, value: Any, points: float) -> float:
        """Points deducted, within caps and full marks."""
        return max(0.0, min(self._raw(value), math.inf if self.cap is None else self.cap, points))

    def worked(self, value: Any) -> Worked:
        terms: list[Term] = []
        sums = []
        for kind, n in self._counts(value).items():
            terms += [Term("count", n, kind), Term("each_case", self.units[kind], kind)]
            text = f"{{{len(terms) - 2}}}*{{{len(terms) - 1}}}"
            if kind in self.caps:
                terms.append(Term("cap_kind", self.caps[kind], kind))
                text = f"MIN({text},{{{len(terms) - 1}}})"
            sums.append(text)
        within = ["+".join(sums), FULL]
        if self.cap is not None:
            terms.append(Term("cap", self.cap))
            within.insert(1, f"{{{len(terms) - 1}}}")
        return Worked(tuple(terms), f"{FULL}-MAX(0,MIN({','.join(within)}))")

    def share(self, value: Any, points: float) -> float:
        return 1.0 - self.lost(value, points) / points

    def score(self, value: Value, points: float) -> float:
        return points - self.lost(value, points)  # exact where the points are whole

    def describe(self, points: float, unit: str = "") -> Said:
        cases = listed((kind, f"−{number(each)}") for kind, each in self.units.items())
        if self.caps:
            caps = listed((kind, f"≤{number(cap)}") for kind, cap in self.caps.items())
            cases = {"zh": f"{cases['zh']}（{caps['zh']}）", "en": f"{cases['en']} ({caps['en']})"}
        cap = min(points, math.inf if self.cap is None else self.cap)
        return "rules.describe.deduct_per_case", {"points": marks(points), "cases": cases, "cap": marks(cap)}

    def explain(self, value: Any, points: float, unit: str = "") -> Said:
        counts = self._counts(value)
        got = self._got(value, points)
        found = [(kind, f"{number(self.units[kind])} × {number(n)}") for kind, n in counts.items() if n]
        if not found:
            return "rules.explain.deduct_none", got
        lost = self.lost(value, points)
        full = sum(self.units[k] * n for k, n in counts.items())
        params = {**got, "cases": listed(found), "lost": marks(lost), "full": marks(full)}
        return ("rules.explain.deduct_capped" if full > lost else "rules.explain.deduct_per_case"), params
