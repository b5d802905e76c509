"""The parameters of a rule as a scheme's workbook writes them (contract §4).

The syntax is ``name=value`` or ``name:value``, separated by spaces, commas or semicolons; shares may be written
``0.8`` or ``80%``.  How ``deduct_per_case`` reads ``cap``: ``cap=20`` limits the whole deduction, ``cap_order=10``
that of the kind ``order``; what is left never falls below 0.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from itertools import pairwise

from analysis.scheme.rules.rules import (
    CountTarget,
    DeductPerCase,
    JudgedLevels,
    Manual,
    PartOf,
    RatioBanded,
    RatioLinear,
    Rule,
)
from analysis.scheme.rules.shorthand import chinese_name
from analysis.scheme.rules.words import number
from survey.core.errors import Refused

#: how the parameters of each rule are written; shown where they can't be read
EXAMPLES: Mapping[str, str] = {
    "ratio_linear": "zero=30 full=90",
    "ratio_banded": "98:1 95:0.9 90:0.75 else:0",
    "count_target": "target=6",
    "deduct_per_case": "major=10 order=5 cap=20",
    "judged_levels": "A:1 B:0.8 C:0.6 D:0 / k_of=4",
    "checklist": "spots=10",
    "manual": "",
}


def parse_rule(name: str, parameters: str) -> Rule:
    """The rule of this name; raises Refused saying what was found and how parameters are written."""
    reader = _READERS.get(name)
    if reader is None:
        raise Refused(
            "rules.unknown", found=name, expected=", ".join(f"{chinese_name(rule)} {rule}" for rule in _READERS)
        )
    return reader(_Words(name, parameters))


class _Words:
    """The words of a parameters cell, taken one by one; complaints name the rule, the cell and the syntax."""

    def __init__(self, rule: str, text: str) -> None:
        self.rule, self.text = rule, text
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
        return Refused(
            f"rules.parameters.{problem}",
            rule=self.rule,
            found=found or self.text,
            expected=EXAMPLES[self.rule] or "∅",
        )

    def take(self, name: str, default: float | None = None) -> float:
        value = self.pairs.pop(name, default)
        if value is None:
            raise self.refused("lacks", name)
        return value

    def take_positive(self, name: str) -> float:
        value = self.take(name)
        if value <= 0:
            raise self.refused("positive", f"{name}={number(value)}")
        return value

    def take_whole(self, name: str) -> float:
        value = self.take_positive(name)
        if not value.is_integer():
            raise self.refused("positive", f"{name}={number(value)}")
        return value

    def take_share(self, name: str, default: float | None = None) -> float:
        value = self.take(name, default) / (100 if name in self.percents else 1)
        if not 0 <= value <= 1:
            raise self.refused("share", f"{name}:{number(value)}")
        return value

    def done(self) -> None:
        for name in self.pairs:
            raise self.refused("surplus", name)


def _ratio_linear(words: _Words) -> Rule:
    zero, full = words.take("zero", 0.0), words.take("full")
    words.done()
    if zero == full:
        raise words.refused("same_ends")
    return RatioLinear(zero, full)


def _ratio_banded(words: _Words) -> Rule:
    rest = words.take_share("else", 0.0)
    bands = []
    for name in list(words.pairs):
        try:
            bands.append((float(name.removeprefix(">=").removeprefix("≥")), words.take_share(name)))
        except ValueError:
            raise words.refused("word", name) from None
    if not bands:
        raise words.refused("empty")
    if any(a[0] <= b[0] for a, b in pairwise(bands)):
        raise words.refused("cuts_rise")
    shares = [*(share for _, share in bands), rest]
    if any(a < b for a, b in pairwise(shares)):
        raise words.refused("shares_rise")
    return RatioBanded(tuple(bands), rest)


def _count_target(words: _Words) -> Rule:
    target = words.take_positive("target")
    words.done()
    return CountTarget(target)


def _deduct_per_case(words: _Words) -> Rule:
    cap = words.take_positive("cap") if "cap" in words.pairs else None
    caps = {n.removeprefix("cap_"): words.take_positive(n) for n in list(words.pairs) if n.startswith("cap_")}
    units = {name: words.take_positive(name) for name in list(words.pairs)}
    if not units:
        raise words.refused("empty")
    for kind in caps.keys() - units.keys():
        raise words.refused("surplus", f"cap_{kind}")
    return DeductPerCase(units, cap, caps)


def _judged_levels(words: _Words) -> Rule:
    if "k_of" in words.pairs:
        of = words.take_whole("k_of")
        words.done()
        return PartOf(of, "k_of")
    shares = {name: words.take_share(name) for name in list(words.pairs)}
    if not shares:
        raise words.refused("empty")
    falling = list(shares.values())
    if any(a < b for a, b in pairwise(falling)):
        raise words.refused("shares_rise")
    return JudgedLevels(shares)


def _checklist(words: _Words) -> Rule:
    spots = words.take_whole("spots")
    words.done()
    return PartOf(spots)


def _manual(words: _Words) -> Rule:
    words.done()
    return Manual()


_READERS: Mapping[str, Callable[[_Words], Rule]] = {
    "ratio_linear": _ratio_linear,
    "ratio_banded": _ratio_banded,
    "count_target": _count_target,
    "deduct_per_case": _deduct_per_case,
    "judged_levels": _judged_levels,
    "checklist": _checklist,
    "manual": _manual,
}
