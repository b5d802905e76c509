"""How an indicator's value becomes points: the rules of contract §4, each of which explains itself.

``rule.score(8, 25)`` gives its points, always within 0 … full marks; ``rule.explain(8, 25, "次")`` a text key with
parameters, for ``say(lang, key, **params)``: 满分 25，目标 12 次，实际 8 次，得 16.67.  Quantities in the parameters are
mappings ``zh``/``en`` → text, because units have words in both languages; everything is JSON-able.
``analysis.scheme.rules.parameters.parse_rule`` makes a rule from a scheme's text.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from analysis.scheme.rules.words import is_percent, listed, marks, number, percent, quantity
from survey.core.lang import LANGUAGES

# ruff: noqa: D102  (what the methods of every rule do is said once, in Rule)


Value = float | str | Mapping[str, float]
Said = tuple[str, dict[str, Any]]
Entry = Literal["number", "grade", "counts"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Which numbers may be reported: ``low`` ≤ x ≤ ``high`` (None = open), ``whole`` numbers only."""

    low: float | None = None
    high: float | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Rule(ABC):
    """What all rules share.  ``entry`` says what is reported: a number, a grade, or counts by kind."""

    @property
    def entry(self) -> Entry:
        """A ``number``, a ``grade``, or ``counts`` by kind."""
        return "number"

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of case that are counted apart; empty where there is one value."""
        return ()

    @property
    def grades(self) -> tuple[str, ...]:
        """Grades that may be given, best first; empty where a number is reported."""
        return ()

    def limits(self, points: float, unit: str = "") -> Limits:
        """Numbers that may be reported."""
        return Limits(0, 100) if is_percent(unit) else Limits()

    @abstractmethod
    def share(self, value: Any, points: float) -> float:
        """Share of full marks before clamping."""

    @abstractmethod
    def describe(self, points: float, unit: str = "") -> Said:
        """The rule in words: text key and parameters."""

    @abstractmethod
    def explain(self, value: Any, points: float, unit: str = "") -> Said:
        """Why this value earns its points: text key and parameters."""

    def score(self, value: Value, points: float) -> float:
        """Points for ``value``, within 0 … ``points``."""
        return points * min(1.0, max(0.0, self.share(value, points)))

    def _got(self, value: Value, points: float) -> dict[str, Any]:
        return {"points": marks(points), "got": marks(self.score(value, points))}


@dataclass(frozen=True, slots=True)
class RatioLinear(Rule):
    """Linear between ``zero`` (nothing) and ``full`` (full marks); ``full`` below ``zero`` means less is better."""

    zero: float
    full: float

    def share(self, value: Any, points: float) -> float:
        return (float(value) - self.zero) / (self.full - self.zero)

    def describe(self, points: float, unit: str = "") -> Said:
        params = {"points": marks(points), "zero": quantity(self.zero, unit), "full": quantity(self.full, unit)}
        return "rules.describe.ratio_linear", params

    def explain(self, value: Any, points: float, unit: str = "") -> Said:
        ends = {"zero": quantity(self.zero, unit), "full": quantity(self.full, unit)}
        return "rules.explain.ratio_linear", {**self._got(value, points), "value": quantity(value, unit), **ends}


@dataclass(frozen=True, slots=True)
class RatioBanded(Rule):
    """``bands``: (from this value up, share of full marks), highest first; ``rest`` below all of them."""

    bands: tuple[tuple[float, float], ...]
    rest: float = 0.0

    def _band(self, value: float) -> tuple[float, float] | None:
        return next((band for band in self.bands if value >= band[0]), None)

    def share(self, value: Any, points: float) -> float:
        band = self._band(float(value))
        return band[1] if band else self.rest

    def describe(self, points: float, unit: str = "") -> Said:
        bands = {
            lang: {"zh": "、", "en": ", "}[lang].join(
                f"≥{quantity(c, unit)[lang]}: {percent(s)}" for c, s in self.bands
            )
            for lang in LANGUAGES
        }
        return "rules.describe.ratio_banded", {"points": marks(points), "bands": bands, "rest": percent(self.rest)}

    def explain(self, value: Any, points: float, unit: str = "") -> Said:
        band = self._band(float(value))
        cut, share = band or (self.bands[-1][0], self.rest)
        params = {"value": quantity(value, unit), "cut": quantity(cut, unit), "share": percent(share)}
        key = "rules.explain.ratio_banded" if band else "rules.explain.ratio_below"
        return key, {**self._got(value, points), **params}


@dataclass(frozen=True, slots=True)
class CountTarget(Rule):
    """In proportion to a target number, full marks from the target up."""

    target: float

    def limits(self, points: float, unit: str = "") -> Limits:
        return Limits(0, None, whole=True)

    def share(self, value: Any, points: float) -> float:
        return float(value) / self.target

    def describe(self, points: float, unit: str = "") -> Said:
        return "rules.describe.count_target", {"points": marks(points), "target": quantity(self.target, unit)}

    def explain(self, value: Any, points: float, unit: str = "") -> Said:
        params = {"target": quantity(self.target, unit), "value": quantity(value, unit)}
        return "rules.explain.count_target", {**self._got(value, points), **params}


@dataclass(frozen=True, slots=True)
class DeductPerCase(Rule):
    """Full marks less so many a case of each kind, at most ``cap`` (a kind at most its own cap), never below 0."""

    units: Mapping[str, float]
    cap: float | None = None
    caps: Mapping[str, float] = field(default_factory=dict)

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


@dataclass(frozen=True, slots=True)
class JudgedLevels(Rule):
    """A grade that stands for a share of full marks, best first."""

    shares: Mapping[str, float]

    @property
    def entry(self) -> Entry:
        return "grade"

    @property
    def grades(self) -> tuple[str, ...]:
        return tuple(self.shares)

    def share(self, value: Any, points: float) -> float:
        return self.shares[str(value)]

    def describe(self, points: float, unit: str = "") -> Said:
        grades = listed((grade, percent(share)) for grade, share in self.shares.items())
        return "rules.describe.judged_levels", {"points": marks(points), "grades": grades}

    def explain(self, value: Any, points: float, unit: str = "") -> Said:
        params = {"grade": str(value), "share": percent(self.shares[str(value)])}
        return "rules.explain.judged_levels", {**self._got(value, points), **params}


@dataclass(frozen=True, slots=True)
class PartOf(Rule):
    """So many of a fixed number hold: standards met (``judged_levels`` ``k_of``) or spots passed (``checklist``)."""

    of: float
    word: Literal["k_of", "checklist"] = "checklist"

    def limits(self, points: float, unit: str = "") -> Limits:
        return Limits(0, self.of, whole=True)

    def share(self, value: Any, points: float) -> float:
        return float(value) / self.of

    def describe(self, points: float, unit: str = "") -> Said:
        return f"rules.describe.{self.word}", {"points": marks(points), "of": number(self.of)}

    def explain(self, value: Any, points: float, unit: str = "") -> Said:
        params = {"of": number(self.of), "value": number(float(value))}
        return f"rules.explain.{self.word}", {**self._got(value, points), **params}


@dataclass(frozen=True, slots=True)
class Manual(Rule):
    """Points as given."""

    def limits(self, points: float, unit: str = "") -> Limits:
        return Limits(0, points)

    def share(self, value: Any, points: float) -> float:
        return float(value) / points

    def describe(self, points: float, unit: str = "") -> Said:
        return "rules.describe.manual", {"points": marks(points)}

    def explain(self, value: Any, points: float, unit: str = "") -> Said:
        return "rules.explain.manual", {**self._got(value, points), "value": number(float(value))}
