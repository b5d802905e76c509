"""A scheme workbook that is read but not yet checked: every value with the row it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from analysis.scheme.model import Award, Dimension, Indicator, MarginTarget, Phase, Star, Target, Veto
from analysis.scheme.rows import Row
from analysis.scheme.settings import Values, read_values
from survey.findings import Finding
from survey.tables import header_key

Preset = tuple[str, int, tuple[float, ...]]


def dimension_spellings(dimensions: Sequence[Dimension]) -> Mapping[str, str]:
    """Folded code, name, or part of a name (自治型 of 自治型·民主公平感) → the code of the dimension it means."""
    spellings = [[(d.code, d.code) for d in dimensions]]
    for lang in ("zh", "en"):  # a code goes before another dimension's name, a name before a part of one
        spellings.append([(d.names[lang], d.code) for d in dimensions])
    spellings.append([(part, d.code) for d in dimensions for part in d.names["zh"].split("·")])
    codes: dict[str, str] = {}
    for text, code in (pair for pairs in spellings for pair in pairs):
        if text:
            codes.setdefault(header_key(text), code)
    return codes


@dataclass
class Draft:
    """The sheets as read, with ways to find what one row says of another."""

    settings: Mapping[str, Row]
    presets: Sequence[tuple[Preset, Row]]
    dimensions: Sequence[tuple[Dimension, Row]]
    indicators: Sequence[tuple[Indicator, Row]]
    stars: Sequence[tuple[Star, Row]]
    awards: Sequence[tuple[Award, Row]]
    vetoes: Sequence[tuple[Veto, Row]]
    targets: Sequence[tuple[Target, Row]]
    community_targets: Sequence[tuple[tuple[str, int, int], Row]]
    pilots: Sequence[tuple[tuple[str, str], Row]]
    phases: Sequence[tuple[Phase, Row]]
    margin_targets: Sequence[tuple[MarginTarget, Row]]
    findings: list[Finding] = field(default_factory=list)

    @cached_property
    def values(self) -> Values:
        """The settings, read once so that their findings stand once."""
        return read_values(self.settings)

    @cached_property
    def _dimension_codes(self) -> Mapping[str, str]:
        return dimension_spellings([dimension for dimension, _ in self.dimensions])

    def dimension_code(self, text: str) -> str:
        """The code of the dimension that goes by this code or name, ``''`` if there is none."""
        return self._dimension_codes.get(header_key(text), "") if text else ""

    @cached_property
    def by_code(self) -> Mapping[str, Indicator]:
        """Indicators by folded code, the first of each."""
        found: dict[str, Indicator] = {}
        for indicator, _ in self.indicators:
            found.setdefault(header_key(indicator.code), indicator)
        return found

    @cached_property
    def parents(self) -> frozenset[str]:
        """Folded codes that others name as their parent."""
        return frozenset(header_key(i.parent) for i, _ in self.indicators if i.parent)

    def above(self, indicator: Indicator) -> list[Indicator] | None:
        """The indicators above this one, nearest first; None when they go round in a circle."""
        chain: list[Indicator] = []
        seen = {header_key(indicator.code)}
        current = self.by_code.get(header_key(indicator.parent)) if indicator.parent else None
        while current is not None:
            if header_key(current.code) in seen:
                return None
            seen.add(header_key(current.code))
            chain.append(current)
            current = self.by_code.get(header_key(current.parent)) if current.parent else None
        return chain

    def dimension_of(self, indicator: Indicator) -> str:
        """The dimension an indicator names, else the one its parents name; ``''`` if unknown."""
        named = [i.dimension for i in (indicator, *(self.above(indicator) or ())) if i.dimension]
        return self.dimension_code(named[0]) if named else ""

    def indicator_put_right(self, indicator: Indicator) -> Indicator:
        """The indicator with dimension and parent as codes."""
        parent = self.by_code[header_key(indicator.parent)].code if indicator.parent else ""
        return replace(indicator, dimension=self.dimension_of(indicator), parent=parent)
