"""What the codes of result tables are called, column by column, for tables that people read.

Commands, the API and the data set keep the codes: programs rely on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from analysis.scoring.results import Results
from analysis.statistics.notes import note_text
from survey.core.columns import CODE, TEXT, Columns
from survey.core.lang import enumerated, known, say

Words = Mapping[str, Callable[[Any], str | None]]
#: column → where the words of its codes stand, if not with the other columns of tables
_PLACES = {
    "mode": "dash_words.mode_",
    "reference": "dash_words.mode_",
    "decided_by": "cycle_words.decided_by.",
    "title_event": "cycle_words.title_event.",
    "stat": "page_estimates.stat_",
    "margin": "weights.margin.",
    "weighting": "export.weighting.",
    "method": "export.weighting.",
    "factor": "sensitivity.factor.",
}
#: a column of codes → the one that says the same in words, in the tables that have it
_LABELLED = {"name": "label", "measure": "label", "word": "note"}
#: columns of notes: several codes in one cell
_NOTES = ("note",)
#: columns that name a dimension of the scheme, or something else
_DIMENSIONS = ("dimension", "measure")


def code_words(columns: Columns, lang: str, source: Results | None = None) -> Words:
    """Column → the words of its codes, for each column of codes; a code without words stays as it is.

    ``source``: the results that name the dimensions.
    """
    named = (
        {}
        if source is None
        else {str(d["code"]): str(d[f"name_{lang}"] or d["code"]) for d in source.meta["dimensions"]}
    )
    found: dict[str, Callable[[Any], str | None]] = {}
    for column in columns:
        if column.name == "modes":
            found[column.name] = partial(_modes, lang)
        if column.kind is not CODE:
            continue
        if column.name in _NOTES:
            found[column.name] = partial(_notes, lang)
        elif column.name in _DIMENSIONS:
            found[column.name] = partial(_dimension, lang, named, column.name)
        else:
            found[column.name] = partial(_word, lang, column.name)
    return found


def left_out(columns: Columns) -> tuple[str, ...]:
    """Columns for programs alone: what a label or words stand beside, of these columns."""
    said = {c.name for c in columns if c.kind is TEXT}
    return tuple(code for code, words in _LABELLED.items() if words in said and columns.find(code) is not None)


def _notes(lang: str, value: Any) -> str:
    return note_text(str(value), lang)


def _modes(lang: str, value: Any) -> str:
    return enumerated(lang, (_word(lang, "mode", mode) for mode in str(value).split("、")))


def _dimension(lang: str, named: Mapping[str, str], column: str, value: Any) -> str:
    return named.get(str(value)) or _word(lang, column, value)


def _word(lang: str, column: str, value: Any) -> str:
    """The word of a code; what has none is no code of ours and stands as it is."""
    for key in (f"{_PLACES[column]}{value}" if column in _PLACES else "", f"page_files.code.{column}.{value}"):
        if key and known(key):
            return say(lang, key)
    return str(value)
