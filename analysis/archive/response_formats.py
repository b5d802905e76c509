"""Coded answers as SPSS and Stata read them: numbers with labels, and codes that give no opinion as missing values of their kind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from analysis.exports.data_set.statistics_formats import (
    DTA_LABEL,
    SAV_LABEL,
    cut_bytes,
    spss_names,
    stata_names,
    write_dta,
    write_sav,
)

#: ways of giving no opinion that keep a code, and the letter of Stata's missing value of each
KEPT: Mapping[str, str] = {"dont_know": "a", "refused": "b", "not_applicable": "c"}
#: the codes of a number question that has none of its own for them
_OWN = {"dont_know": -93.0, "refused": -94.0, "not_applicable": -95.0}
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")
#: characters of a label of a code: SPSS 120 bytes, Stata 80 characters are shown
_VALUE_LABEL = 120

Words = Mapping[str, str]


@dataclass(frozen=True)
class Coded:
    """A column: ``label`` and ``values`` (code → words) by language; ``missing``: way of giving no opinion → its code; ``number``:
    its cells are numbers, not codes."""

    name: str
    label: Words
    values: Mapping[str, Words] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    number: bool = False

    def text(self, said: Any) -> str | None:
        """A cell as it is written: ``.dont_know`` by its code, what was not asked or not answered as empty."""
        if said is None or said is pd.NA or said != said:
            return None
        return self.missing.get(said[1:]) if str(said).startswith(".") else str(said)

    @property
    def numeric(self) -> bool:
        """Whether every cell is a number once the ways of giving no opinion have one."""
        return self.number or (bool(self.values) and all(_NUMBER.match(c) for c in self.values if c not in KEPT))

    def code(self, text: str) -> float:
        """The number of a code."""
        return float(text) if _NUMBER.match(text) else _OWN[text]


def coded_sav(frame: pd.DataFrame, columns: Sequence[Coded], lang: str, when: datetime) -> bytes:
    """The table as an SPSS file: codes that give no opinion are user-missing values."""
    names = spss_names(c.name for c in columns)
    cells: dict[str, Any] = {}
    labels: dict[str, dict[float | str, str]] = {}
    ranges: dict[str, list[float]] = {}
    for name, column in zip(names, columns, strict=True):
        cells[name] = _cells(frame[column.name], column)
        if column.values:
            labels[name] = {
                column.code(c) if column.numeric else c: cut_bytes(w[lang], _VALUE_LABEL)
                for c, w in column.values.items()
            }
        if column.numeric and column.missing:
            ranges[name] = sorted({column.code(code) for code in column.missing.values()})
    return write_sav(
        pd.DataFrame(cells),
        when,
        column_labels=[cut_bytes(c.label[lang], SAV_LABEL) for c in columns],
        variable_value_labels=labels,
        missing_ranges=ranges,
    )


def coded_dta(frame: pd.DataFrame, columns: Sequence[Coded], lang: str, when: datetime) -> bytes:
    """The table as a Stata file: codes that give no opinion are the missing values ``.a``, ``.b``, ``.c``."""
    names = stata_names(c.name for c in columns)
    cells: dict[str, Any] = {}
    labels: dict[str, dict[Any, str]] = {}
    letters: dict[str, list[str]] = {}
    for name, column in zip(names, columns, strict=True):
        held = _cells(frame[column.name], column)
        if column.numeric and column.missing:
            gone = {column.code(code): KEPT[state] for state, code in reversed([*column.missing.items()])}
            held = [gone.get(v, v) for v in held.tolist()]
            found = sorted({v for v in held if isinstance(v, str)})
            if found:
                letters[name] = found
        cells[name] = pd.Series(held, dtype=object) if isinstance(held, list) and name in letters else pd.Series(held)
        if column.numeric and column.values:
            labels[name] = _stata_labels(column, lang, letters.get(name, ()))
    return write_dta(
        pd.DataFrame(cells),
        when,
        column_labels=[c.label[lang][:DTA_LABEL] for c in columns],
        variable_value_labels=labels,
        missing_user_values=letters or None,
    )


def _stata_labels(column: Coded, lang: str, found_letters: Sequence[str]) -> dict[Any, str]:
    """Whole codes and those missing values that occur, with their labels; Stata labels nothing else."""
    gone = {code: KEPT[state] for state, code in reversed([*column.missing.items()])}
    found: dict[Any, str] = {}
    for code, words in column.values.items():
        text = words[lang][:DTA_LABEL]
        if code in gone:
            if gone[code] in found_letters:
                found[gone[code]] = text
        elif column.code(code).is_integer():
            found[int(column.code(code))] = text
    return found


def _cells(held: pd.Series, column: Coded) -> Any:
    """(n,) float64 with NaN for empty, or texts with ``""``."""
    if column.numeric:
        codes = {text: column.code(str(text)) for text in held.dropna().unique()}
        return np.array([codes.get(v, np.nan) if isinstance(v, str) else _float(v) for v in held], dtype=np.float64)
    return pd.Series(["" if v is None or v is pd.NA or v != v else str(v) for v in held], dtype=object)


def _float(value: Any) -> float:
    return np.nan if value is None or value is pd.NA else float(value)
