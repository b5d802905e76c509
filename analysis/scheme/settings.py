"""The settings sheet of a scheme workbook: one key and value a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from analysis.design import LonelyPsu
from analysis.scheme.layout import FULL_MARKS, LONELY_PSU, SETTINGS, WEIGHTINGS
from analysis.scheme.model import Scheme, Weighting
from analysis.scheme.options import OPTIONS
from analysis.scheme.rows import Row
from survey.tables import header_key

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
