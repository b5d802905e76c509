"""A share of full marks for each band of values (分档)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from analysis.scheme.rules.parameters import NUMBER, Words
from analysis.scheme.rules.rule import Rule, Said
from analysis.scheme.rules.words import marks, percent, quantity
from analysis.scheme.rules.worked import FULL, Term, Worked, chosen
from survey.core.lang import LANGUAGES, enumerated

# ruff: noqa: D102  (what the methods of every rule do is said once, in Rule)


@dataclass(frozen=True, slots=True)
class RatioBanded(Rule):
    """``bands``: (from this value up, share of full marks), highest first; ``rest`` below all of them."""

    name: ClassVar[str] = "ratio_banded"
    spoken: ClassVar[tuple[str, ...]] = ("分档", "分段", "档次", "banded", "bands")
    example: ClassVar[str] = "98:1 95:0.9 90:0.75 else:0"

    bands: tuple[tuple[float, float], ...]
    rest: float = 0.0

    @classmethod
    def read(cls, words: Words) -> Rule:
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

    @classmethod
    def shorthand(cls, text: str) -> str | None:
        """``98%以上:100% 95以上:90% 其余:0``."""
        words = re.sub(r"(其余|其他|其它|否则)\s*[:=]?\s*", "else:", text)
        words = re.sub(rf"(?:≥|>=)?({NUMBER})\s*%?\s*(?:及以上|以上)?\s*[:=]\s*(?={NUMBER})", r"\1:", words)
        return words if words != text else None

    @property
    def full_from(self) -> float | None:
        return self.bands[0][0]

    def _band(self, value: float) -> tuple[float, float] | None:
        return next((band for band in self.bands if value >= band[0]), None)

    def worked(self, value: Any) -> Worked:
        pairs = [(Term("from", cut), Term("share", share)) for cut, share in self.bands]
        terms = [Term("value", float(value)), *(term for pair in pairs for term in pair), Term("rest", self.rest)]
        cases = [(f"{{0}}>={{{2 * i + 1}}}", f"{{{2 * i + 2}}}") for i in range(len(pairs))]
        return Worked(tuple(terms), f"{FULL}*{chosen(cases, f'{{{len(terms) - 1}}}')}")

    def share(self, value: Any, points: float) -> float:
        band = self._band(float(value))
        return band[1] if band else self.rest

    def describe(self, points: float, unit: str = "") -> Said:
        bands = {
            lang: enumerated(lang, (f"≥{quantity(c, unit)[lang]}: {percent(s)}" for c, s in self.bands))
            for lang in LANGUAGES
        }
        return "rules.describe.ratio_banded", {"points": marks(points), "bands": bands, "rest": percent(self.rest)}

    def explain(self, value: Any, points: float, unit: str = "") -> Said:
        band = self._band(float(value))
        cut, share = band or (self.bands[-1][0], self.rest)
        params = {"value": quantity(value, unit), "cut": quantity(cut, unit), "share": percent(share)}
        key = "rules.explain.ratio_banded" if band else "rules.explain.ratio_below"
        return key, {**self._got(value, points), **params}
