"""A scheme workbook that is read but not yet checked: every value with the row it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from analysis.scheme.model import (
    Award,
    Dimension,
    Indicator,
    MarginTarget,
    Phase,
    Scheme,
    Star,
    Target,
    Veto,
    Weighting,
)
from analysis.scheme.options import OPTIONS
from analysis.scheme.workbook.layout import FULL_MARKS, LONELY_PSU, SETTINGS, WEIGHTINGS
from analysis.scheme.workbook.rows import Row
from analysis.statistics.design import LonelyPsu
from survey.core.findings import Finding
from survey.core.lazily import cached_property
from survey.files.own_workbooks import header_key

# ── The settings sheet of a scheme workbook: one key and value a row


_MARGINS = {"性别": "sex", "年龄": "age_band", "年龄段": "age_band", "age": "age_band"}


@dataclass(frozen=True)
class Values:
    """What the settings say; what they don't say is the model's default."""

    code: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    first_year: int | None = None
    preset: str = Scheme.preset
    min_responses: int = Scheme.min_responses
    complete_share: float = Scheme.complete_share
    partial_share: float = Scheme.partial_share
    weighting: Weighting = Scheme.weighting
    margins: tuple[str, ...] = Scheme.margins
    cell_min: int = Scheme.cell_min
    trim: float | None = Scheme.trim
    lonely_psu: LonelyPsu = Scheme.lonely_psu
    illustrative: bool = False
    full_marks: float = FULL_MARKS
    others: Mapping[str, str] = field(default_factory=dict)


def read_values(rows: Mapping[str, Row]) -> Values:
    """Read every key that is filled in; findings stand at its value."""
    filled = {key: row for key, row in rows.items() if row.text("value")}
    names = {lang: filled[f"name_{lang}"].text("value") if f"name_{lang}" in filled else "" for lang in ("zh", "en")}
    code = filled["code"].text("value") if "code" in filled else ""
    names = {"zh": names["zh"] or names["en"] or code, "en": names["en"] or names["zh"] or code}
    others = {key: row.text("value") for key, row in filled.items() if key not in SETTINGS or key == "full_marks"}
    unsaid = {"full_marks": f"{FULL_MARKS:g}", **{key: option.unsaid for key, option in OPTIONS.items()}}
    others = {key: text for key, text in others.items() if text != unsaid.get(key)}  # what applies anyhow says nothing
    return Values(
        code=code,
        names=names,
        first_year=filled["first_year"].whole("value", low=1900, high=2999) if "first_year" in filled else None,
        preset=filled["preset"].text("value") if "preset" in filled else Scheme.preset,
        min_responses=_whole(filled, "min_responses", Scheme.min_responses),
        complete_share=_number(filled, "complete_share", Scheme.complete_share, 1.0),
        partial_share=_number(filled, "partial_share", Scheme.partial_share, 1.0),
        weighting=cast(Weighting, _word(filled, "weighting", WEIGHTINGS)),
        margins=_names(filled["margins"].text("value")) if "margins" in filled else Scheme.margins,
        cell_min=_whole(filled, "cell_min", Scheme.cell_min),
        trim=filled["trim"].number("value", low=1, high=1000) if "trim" in filled else Scheme.trim,
        lonely_psu=cast(LonelyPsu, _word(filled, "lonely_psu", LONELY_PSU)),
        illustrative="illustrative" in filled and filled["illustrative"].flag("value", False),
        full_marks=_number(filled, "full_marks", FULL_MARKS, 1e6),
        others=others,
    )


def _whole(rows: Mapping[str, Row], key: str, default: int) -> int:
    return rows[key].whole("value", low=1) if key in rows else default


def _number(rows: Mapping[str, Row], key: str, default: float, high: float) -> float:
    return rows[key].number("value", low=0, high=high) if key in rows else default


def _word(rows: Mapping[str, Row], key: str, words: Sequence[str]) -> str:
    """One of a few words, the first where nothing is said."""
    return rows[key].word("value", {header_key(w): w for w in words}) if key in rows else words[0]


def _names(text: str) -> tuple[str, ...]:
    """``sex, age_band`` as names, each once."""
    words = (word for word in re.split(r"[\s,，、;；|]+", text) if word)
    return tuple(dict.fromkeys(_MARGINS.get(word, word) for word in words))


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
