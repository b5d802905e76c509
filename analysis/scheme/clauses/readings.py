"""What reading a clause gives: a rule with parameters, or the question that a person has to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reading:
    """``rule`` and ``parameters`` as a workbook writes them; ``percent``: its values are percentages.

    ``problem``: text key of what is asked instead (``rule`` is then ``""``); ``note``: of what is said beside it.
    """

    rule: str = ""
    parameters: str = ""
    percent: bool = False
    problem: str = ""
    note: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


def asked(problem: str, found: str, **params: Any) -> Reading:
    """A question instead of a rule."""
    return Reading(problem=problem, params={"found": found, **params})


def number_text(value: float) -> str:
    """A number as a person writes it."""
    return f"{value:.10g}"
