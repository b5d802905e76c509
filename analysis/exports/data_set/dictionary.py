"""The dictionary of a data set: every column of every table, what it is called, what it holds, what its codes stand for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.exports.data_set.statistics_formats import spss_names, stata_names
from analysis.exports.data_set.tables import DataTable
from survey.core.lang import LANGUAGES


def dictionary(tables: Sequence[DataTable]) -> pd.DataFrame:
    """One row a column and one a code of it.

    ``table, column, kind, label_zh, label_en`` (the heading; of a code what it stands for), ``code``, ``name_spss,
    name_stata`` (empty where the program takes the name as it is).
    """
    rows = []
    for table in tables:
        names = [c.name for c in table.columns]
        for column, spss, stata in zip(table.columns, spss_names(names), stata_names(names), strict=True):
            own = {"table": table.name, "column": column.name, "kind": column.kind.value}
            other = {"name_spss": _other(spss, column.name), "name_stata": _other(stata, column.name)}
            rows.append({**own, "code": None, **_labels(column.label), **other})
            rows += [{**own, "code": code, **_labels(words)} for code, words in column.values.items()]
    columns = ["table", "column", "kind", "code", *(f"label_{lang}" for lang in LANGUAGES), "name_spss", "name_stata"]
    return pd.DataFrame(rows, columns=columns).astype("string")


def as_json(tables: Sequence[DataTable]) -> str:
    """The same as JSON: table → its columns in order."""
    found = {
        table.name: [
            {"name": c.name, "kind": c.kind.value, "unit": _unit(c.kind.value), "label": c.label, "values": c.values}
            for c in table.columns
        ]
        for table in tables
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _unit(kind: str) -> str | None:
    return "1" if kind == "share" else None


def _labels(words: Mapping[str, str]) -> dict[str, str]:
    return {f"label_{lang}": words[lang] for lang in LANGUAGES}


def _other(name: str, own: str) -> str | None:
    return None if name == own else name
