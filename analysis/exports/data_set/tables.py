"""The tables of a data set: a year's results as frames whose every column is described in both languages.

Nothing else goes in than the breakdown workbooks show; who entered, assessed or reviewed a value, and what was typed beside
it, stays out: no statistics are made of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.scoring.results import FRAMES, Results
from analysis.statistics.notes import SEPARATOR, note_text
from survey.core.columns import CODE, MANY, MIXED, SHARE, TEXT, WHOLE, Column, Columns, Kind, columns
from survey.core.lang import LANGUAGES, catalogue, say

Words = Mapping[str, str]

#: one row a community, item and choice: the share of each answer among those that say something
DISTRIBUTION_COLUMNS = columns(
    Column("community_code", CODE),
    Column("item", CODE),
    Column("choice", CODE),
    Column("label_zh", TEXT),
    Column("label_en", TEXT),
    Column("choice_level", WHOLE),
    Column("share", SHARE),
)
#: one row a community and mode: scored responses
MODE_COLUMNS = columns(
    Column("community_code", CODE),
    Column("mode", CODE),
    Column("n", WHOLE),
)
#: one row an indicator, without who entered it, when, and in which words
_INDICATORS = (
    *(
        "community_code",
        "indicator",
        "dimension",
        "name_zh",
        "name_en",
        "office",
        "points",
        "points_got",
        "points_lost",
    ),
    *("value", "state", "reason_text", "method", "date", "self_score", "review"),
)
#: the text tables that word the codes of a column
_WORDED = {
    "change_word": "export.change",
    "change_common_word": "export.change",
    "status": "export.status",
    "state": "export.state",
    "review": "export.review",
    "mode": "export.mode",
}


@dataclass(frozen=True)
class Described:
    """A column by its name, the kind of its cells, what it is called, and what its codes stand for, by language."""

    name: str
    kind: Kind
    label: Words
    values: Mapping[str, Words]


@dataclass(frozen=True)
class DataTable:
    """A table: ``frame`` with the columns of ``columns`` in their order, typed by their kinds, empty where empty."""

    name: str
    frame: pd.DataFrame
    columns: tuple[Described, ...]


def tables_of(results: Results, lang: str, codes: Collection[str] | None = None) -> list[DataTable]:
    """The tables of a year, of some communities only where their ``codes`` are given (then without those of the streets);
    sentences in cells are in the language ``lang``.

    ``scores, items, distributions, indicators, flow, modes, streets``; a year without rows of one has it empty.
    """
    found = {
        "scores": (results.scores, FRAMES["scores"]),
        "items": (results.items, FRAMES["items"]),
        "distributions": (_distributions(results), DISTRIBUTION_COLUMNS),
        "indicators": (_indicators(results, lang), FRAMES["indicators"]),
        "flow": (results.flow, FRAMES["flow"]),
        "modes": (_modes(results), MODE_COLUMNS),
        "streets": (results.streets, FRAMES["streets"]),
    }
    if codes is not None:
        del found["streets"]
        found = {n: (frame[frame["community_code"].isin(list(codes))], c) for n, (frame, c) in found.items()}
    dimensions = {str(d["code"]): d for d in results.meta["dimensions"]}
    return [_table(name, frame, declared, dimensions) for name, (frame, declared) in found.items()]


def _table(name: str, frame: pd.DataFrame, declared: Columns, dimensions: Mapping[str, Any]) -> DataTable:
    declared = declared + columns(Column("reason_text", TEXT, label="columns.reason"))
    names = [str(n) for n in frame.columns if _kept(declared.find(str(n)))]
    held = Columns(tuple(c for c in declared if any(c.matches(n) for n in names)))
    typed = held.table(frame[names].reset_index(drop=True))[names]
    for column in names:
        if held.kinds([column])[column] is MIXED:  # a program reads one type a column
            typed[column] = pd.Series([_text(v) for v in typed[column]], index=typed.index, dtype="string")
    described = tuple(_described(held, column, typed[column], dimensions) for column in names)
    return DataTable(name, typed, described)


def _kept(column: Column | None) -> bool:
    return column is not None and column.kind is not MANY and column.name != "note_text"


def _text(value: Any) -> str | None:
    if value is None or value is pd.NA or value != value:
        return None
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _described(held: Columns, name: str, cells: pd.Series, dimensions: Mapping[str, Any]) -> Described:
    column = held.find(name)
    if column is None:
        raise KeyError(name)
    label = {lang: _label(column, name, dimensions, lang) for lang in LANGUAGES}
    kind = TEXT if column.kind is MIXED else column.kind
    values = _values(name, cells.dropna().unique().tolist()) if column.kind is CODE else {}
    return Described(name, kind, label, values)


def _label(column: Column, name: str, dimensions: Mapping[str, Any], lang: str) -> str:
    said = column.heading(lang)
    part = next((d for code, d in dimensions.items() if column.open and code in name), None)
    return f"{said} · {part[f'name_{lang}'] or part['code']}" if part else said


def _values(name: str, codes: Iterable[str]) -> dict[str, Words]:
    """What the codes stand for, of the columns that hold codes which have words."""
    if name == "note":
        single = sorted({one for several in codes for one in several.split(SEPARATOR) if one})
        return {one: {lang: note_text(one, lang) for lang in LANGUAGES} for one in single}
    where = f"{_WORDED[name]}." if name in _WORDED else ""
    known = [key.removeprefix(where) for key in catalogue(LANGUAGES[0]) if where and key.startswith(where)]
    return {code: {lang: say(lang, f"{where}{code}") for lang in LANGUAGES} for code in known}


def _distributions(results: Results) -> pd.DataFrame:
    rows = [
        {"community_code": row["community_code"], "item": row["item"], "choice_level": one.get("level"), **one}
        for row in results.rows("items")
        for one in row["distribution"] or ()
    ]
    return pd.DataFrame(rows, columns=list(DISTRIBUTION_COLUMNS.names))


def _modes(results: Results) -> pd.DataFrame:
    rows = [
        {"community_code": row["community_code"], "mode": mode, "n": n}
        for row in results.rows("flow")
        for mode, n in sorted((row["modes"] or {}).items())
    ]
    return pd.DataFrame(rows, columns=list(MODE_COLUMNS.names))


def _indicators(results: Results, lang: str) -> pd.DataFrame:
    rows = [{**row, "reason_text": _reason(row, lang)} for row in results.rows("indicators")]
    return pd.DataFrame(rows, columns=list(_INDICATORS))


def _reason(row: Mapping[str, Any], lang: str) -> str | None:
    """How the points came about; what was typed as evidence stays out here too."""
    if not row["reason"]:
        return None
    params = dict(row["reason_params"] or {})
    return say(lang, row["reason"], **(params | {"evidence": "…"} if "evidence" in params else params))
