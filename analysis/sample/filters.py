"""Filters: the responses that a table is about.  They are a domain, never a cut file: everybody else stays in the design."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.sample.grouping import Grouping, column_of
from analysis.sample.pooled_sample import Groups, Pool
from analysis.statistics.design import Bools, Ints
from survey.core.cells import clean
from survey.core.errors import Refused


@dataclass(frozen=True)
class Filter:
    """``column`` as groupings name it · ``factor`` its codes (n,) and values · ``chosen`` codes that stay."""

    column: str
    factor: tuple[Ints, pd.Index]
    chosen: tuple[int, ...]

    @property
    def mask(self) -> Bools:
        """(n,) who stays."""
        return np.isin(self.factor[0], self.chosen)


def make_filters(sample: Pool, words: Iterable[str]) -> tuple[Filter, ...]:
    """Filters out of ``COLUMN=V1,V2``; raises Refused for a word that is none, a column or a value that is not there.

    A column is a role or a question with one closed or numeric answer; a value is as it stands in the table, a
    community's code or name, a choice's name or label, in any width.
    """
    return tuple(_filter(sample, word) for word in words)


def _filter(sample: Pool, word: str) -> Filter:
    name, equals, listed = word.replace("，", ",").partition("=")
    values = [value.strip() for value in listed.split(",") if value.strip()]
    if not equals or not name.strip() or not values:
        raise Refused("estimation.bad_where", found=word)
    column, factor = column_of(sample, name.strip())
    known = _known(sample, column, factor)
    values = [value if value in known else clean(value) for value in values]
    for value in values:
        if value not in known:
            raise Refused(
                "estimation.unknown_value", name=name.strip(), value=value, known=list(map(written, factor[1]))
            )
    return Filter(column, factor, tuple(dict.fromkeys(known[value] for value in values)))


def _known(sample: Pool, column: str, factor: tuple[Ints, pd.Index]) -> dict[str, int]:
    """Word → code of a value."""
    codes, values = factor
    known = {written(value): i for i, value in enumerate(values)}
    if column == "community_code":
        for code, name in zip(codes.tolist(), sample.column("community").tolist(), strict=True):
            if code >= 0 and isinstance(name, str):
                known.setdefault(name, code)
    for form, _ in sample.parts:
        question = form.question(column) if column in form.position else None
        for choice in question.choices if question is not None and question.coding == "choice" else ():
            for label in choice.labels.values():
                if choice.name in known:
                    known.setdefault(label, known[choice.name])
    for word, code in [*known.items()]:
        known.setdefault(clean(word), code)
    return known


def written(value: object) -> str:
    """A value of a column as one types it: 2 for 2.0."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def narrowed(grouping: Grouping, filters: Sequence[Filter]) -> Grouping:
    """The groups with those only whom every filter leaves; groups without anybody go."""
    stays = np.logical_and.reduce([one.mask for one in filters])
    code = np.where(stays, grouping.groups.code, -1)
    left = np.unique(code[code >= 0])
    place = np.full(len(grouping.groups) + 1, -1, dtype=np.int64)
    place[left] = np.arange(len(left))
    return Grouping(grouping.factors, Groups(place[code], grouping.groups.keys.iloc[left].reset_index(drop=True)))
