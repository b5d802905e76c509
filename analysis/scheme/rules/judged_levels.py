"""A grade, or how many standards are met, as a share of full marks (等级)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from analysis.scheme.rules.parameters import Words
from analysis.scheme.rules.part_of import PartOf
from analysis.scheme.rules.rule import Entry, Rule, Said
from analysis.scheme.rules.words import listed, marks, percent
from analysis.scheme.rules.worked import FULL, Term, Worked, chosen

# ruff: noqa: D102  (what the methods of every rule do is said once, in Rule)


@dataclass(frozen=True, slots=True)
class JudgedLevels(Rule):
    """A grade that stands for a share of full marks, best first."""

    name: ClassVar[str] = "judged_levels"
    spoken: ClassVar[tuple[str, ...]] = ("等级", "评级", "评定等级", "项数", "达标项数", "levels", "grades")
    example: ClassVar[str] = "A:1 B:0.8 C:0.6 D:0 / k_of=4"

    shares: Mapping[str, float]

    @classmethod
    def read(cls, words: Words) -> Rule:
        if "k_of" in words.pairs:
            of = words.take_whole("k_of")
            words.done()
            return StandardsMet(of)
        shares = {name: words.take_share(name) for name in list(words.pairs)}
        if not shares:
            raise words.refused("empty")
        falling = list(shares.values())
        if any(a < b for a, b in pairwise(falling)):
            raise words.refused("shares_rise")
        return JudgedLevels(shares)

    @classmethod
    def shorthand(cls, text: str) -> str | None:
        """``4项``, ``共5项标准``, ``优:100% 良:80%``."""
        found = re.fullmatch(r"(?:共|满)?\s*(\d+)\s*(?:项|条|个)(?:标准|要求)?", text)
        return f"k_of={found[1]}" if found else None

    @property
    def entry(self) -> Entry:
        return "grade"

    @property
    def grades(self) -> tuple[str, ...]:
        return tuple(self.shares)

    def worked(self, value: Any) -> Worked:
        pairs = [(Term("grade", grade), Term("share_grade", share, grade)) for grade, share in self.shares.items()]
        terms = [Term("given", str(value)), *(term for pair in pairs for term in pair)]
        cases = [(f"EXACT({{0}},{{{2 * i + 1}}})", f"{{{2 * i + 2}}}") for i in range(len(pairs))]
        return Worked(tuple(terms), f"{FULL}*{chosen(cases, '0')}")

    def share(self, value: Any, points: float) -> float:
        return self.shares[str(value)]

    def describe(self, points: float, unit: str = "") -> Said:
        grades = listed((grade, percent(share)) for grade, share in self.shares.items())
        return "rules.describe.judged_levels", {"points": marks(points), "grades": grades}

    def explain(self, value: Any, points: float, unit: str = "") -> Said:
        params = {"grade": str(value), "share": percent(self.shares[str(value)])}
        return "rules.explain.judged_levels", {**self._got(value, points), **params}


@dataclass(frozen=True, slots=True)
class StandardsMet(PartOf):
    """So many of the standards of the annex are met: ``judged_levels`` with ``k_of``."""

    name: ClassVar[str] = JudgedLevels.name
    spoken: ClassVar[tuple[str, ...]] = JudgedLevels.spoken
    example: ClassVar[str] = "k_of=4"
    word: ClassVar[str] = "k_of"

    @classmethod
    def read(cls, words: Words) -> Rule:
        return JudgedLevels.read(words)

    @property
    def standards(self) -> int | None:
        return int(self.of)
