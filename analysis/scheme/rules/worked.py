"""A rule's points worked out step by step: every number they follow from, and the spreadsheet formula that leads there.

An auditor recalculates an indicator from these in any spreadsheet program; what a scheme or a register calls things
stands in a cell of its own and never inside a formula.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.scheme.rules.words import words_for
from survey.core.lang import say

#: stands in a formula for the full marks
FULL = "{points}"


@dataclass(frozen=True, slots=True)
class Term:
    """One number, or a grade as text, that points follow from.

    ``key``: what it is (``rules.term.KEY``); ``kind``: the kind of case, or the grade, that it belongs to.
    """

    key: str
    value: float | str
    kind: str = ""

    def name(self, lang: str) -> str:
        """What it is, in words."""
        return say(lang, f"rules.term.{self.key}", kind=words_for("kind", self.kind)[lang])


@dataclass(frozen=True, slots=True)
class Worked:
    """``formula`` gives the points: ``{points}`` stands for the cell of full marks, ``{0}``, ``{1}`` … for those of ``terms``.

    Only ``MIN``, ``MAX``, ``IF`` and ``EXACT`` are used, which every spreadsheet program knows by these names in its files.
    """

    terms: tuple[Term, ...]
    formula: str

    @property
    def writable(self) -> bool:
        """Whether spreadsheet programs take it: at most 60 ``IF`` within each other, and a length they store."""
        return self.formula.count("IF(") <= 60 and len(self.formula) < 2000

    def at(self, points: str, cells: tuple[str, ...]) -> str:
        """The formula with the addresses of the cells."""
        return self.formula.format(*cells, points=points)


def part(share: str) -> str:
    """The formula of a share of full marks, kept within 0 and 1."""
    return f"{FULL}*MIN(1,MAX(0,{share}))"


def chosen(cases: list[tuple[str, str]], rest: str) -> str:
    """``IF`` within ``IF``: the second of the first pair whose condition holds, else ``rest``."""
    text = rest
    for condition, result in reversed(cases):
        text = f"IF({condition},{result},{text})"
    return text


def counts_of(value: float | str) -> float | Mapping[str, float]:
    """Counts by kind as results keep them (``major=1 order=0``) as a mapping; a number as it is."""
    if not isinstance(value, str):
        return value
    return {kind: float(n) for kind, n in re.findall(r"(\S+)=([\d.]+)", value)}
