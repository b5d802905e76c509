"""The parameters of a rule as a scheme's workbook writes them (docs/scheme.md, “Rules”).

The syntax is ``name=value`` or ``name:value``, separated by spaces, commas or semicolons; shares may be written
``0.8`` or ``80%``.  How ``deduct_per_case`` reads ``cap``: ``cap=20`` limits the whole deduction, ``cap_order=10``
that of the kind ``order``; what is left never falls below 0.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from analysis.scheme.rules.words import number
from survey.core.errors import Refused

NUMBER = r"\d+\.?\d*"
#: measure words that change nothing of a number (万, 次/季 or 人/户 do)
MEASURE = r"(?:次|个|对|例|处|项|人|户|场|件|起|期|家|支|名|小时|平方米|平米|㎡)"


class Words:
    """The words of a parameters cell, taken one by one; complaints name the rule, the cell and the syntax."""

    def __init__(self, rule: Mapping[str, str], text: str, example: Mapping[str, str]) -> None:
        self.rule, self.text, self.example = rule, text, example
        self.pairs: dict[str, float] = {}
        self.percents: set[str] = set()
        for word in re.split(r"[\s,;、]+", unicodedata.normalize("NFKC", text).strip()):
            if not word:
                continue
            name, _, value = word.replace(":", "=", 1).partition("=")
            match = re.fullmatch(r"([+-]?(?:\d+\.?\d*|\.\d+))(%?)", value)
            if not name or match is None:
                raise self.refused("word", word)
            if name in self.pairs:
                raise self.refused("twice", name)
            self.pairs[name] = float(match[1])
            if match[2]:
                self.percents.add(name)

    def refused(self, problem: str, found: str = "") -> Refused:
        """Refused with the problem, the rule, what was found, and how its parameters are written."""
        return Refused(
            f"rules.parameters.{problem}",
            rule=self.rule,
            found=found or self.text,
            expected=self.example,
        )

    def take(self, name: str, default: float | None = None) -> float:
        """The number of this name, taken out; ``default`` where it is not there."""
        value = self.pairs.pop(name, default)
        if value is None:
            raise self.refused("lacks", name)
        return value

    def take_positive(self, name: str) -> float:
        """A number above 0."""
        value = self.take(name)
        if value <= 0:
            raise self.refused("positive", f"{name}={number(value)}")
        return value

    def take_whole(self, name: str) -> float:
        """A whole number above 0."""
        value = self.take_positive(name)
        if not value.is_integer():
            raise self.refused("positive", f"{name}={number(value)}")
        return value

    def take_share(self, name: str, default: float | None = None) -> float:
        """A share from 0 to 1, which may be written in percent."""
        value = self.take(name, default) / (100 if name in self.percents else 1)
        if not 0 <= value <= 1:
            raise self.refused("share", f"{name}:{number(value)}")
        return value

    def done(self) -> None:
        """Nothing may be left over."""
        for name in self.pairs:
            raise self.refused("surplus", name)
