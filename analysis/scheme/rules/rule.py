"""What every rule can do: read its parameters, score a value, explain itself, and say what is typed in.

``rule.score(8, 25)`` gives its points, always within 0 … full marks; ``rule.explain(8, 25, "次")`` a text key with
parameters, for ``say(lang, key, **params)``: 满分 25，目标 12 次，实际 8 次，得 16.67.  Quantities in the parameters are
mappings ``zh``/``en`` → text, because units have words in both languages; everything is JSON-able.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from analysis.scheme.rules.parameters import Words
from analysis.scheme.rules.words import is_percent, marks
from analysis.scheme.rules.worked import Worked

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
    """What all rules share; ``name``, ``spoken`` and ``example`` are written in each.

    ``spoken``: what clerks call it, the usual word first; ``example``: how its parameters are written.
    """

    name: ClassVar[str]
    spoken: ClassVar[tuple[str, ...]]
    example: ClassVar[str]

    @classmethod
    @abstractmethod
    def read(cls, words: Words) -> Rule:
        """The rule that these parameters make; raises Refused saying what was found and how they are written."""

    @classmethod
    def shorthand(cls, text: str) -> str | None:
        """Parameters as people write them in an annex, put into words that ``read`` takes; None if not recognised."""
        return None

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

    @property
    def full_from(self) -> float | None:
        """The value from which full marks are earned, where more is better; None where there is no such value."""
        return None

    @property
    def out_of(self) -> float | None:
        """Of how many the reported number is a part; None where it is not."""
        return None

    @property
    def standards(self) -> int | None:
        """How many standards of the annex are ticked one by one; None where nothing is ticked."""
        return None

    def limits(self, points: float, unit: str = "") -> Limits:
        """Numbers that may be reported."""
        return Limits(0, 100) if is_percent(unit) else Limits()

    @abstractmethod
    def worked(self, value: Any) -> Worked:
        """The points for ``value`` step by step, for a spreadsheet."""

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
