"""A column that says of every row what kind of sample it is of: ``sample_type`` of our own single responses, or 样本类型."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from survey.core.cells import answer_key
from survey.files.own_workbooks import header_key
from survey.files.readers.distinct_values import columns_of
from survey.matching.matched_sheet import ColumnMatch, Matched

Kind = Literal["probability", "quota", "open"]
#: what such a column is known as to who looks at the columns of a sheet
MEANING = "sample_type"
_HEADERS = frozenset(map(header_key, ("sample_type", "sample type", "样本类型")))
_CALLED: Mapping[Kind, tuple[str, ...]] = {
    "probability": ("probability", "random", "随机抽样", "概率抽样", "概率", "随机"),
    "quota": ("quota", "配额", "配额抽样", "配额样本"),
    "open": ("open", "self-selected", "自愿", "自愿填答", "开放"),
}
_WORDS = {answer_key(word): kind for kind, words in _CALLED.items() for word in words}


def with_sample(matched: Matched) -> Matched:
    """The sheet with such a column known as one that is read."""
    free = [c for c in matched.columns if c.question is None and c.how == "none" and not c.meaning]
    free = [c for c in free if header_key(c.header) in _HEADERS]
    if len(free) != 1 or not _kinds(matched, free[0]):
        return matched
    return matched.with_columns([replace(c, meaning=MEANING) if c is free[0] else c for c in matched.columns])


def sample_told(matched: Matched) -> tuple[ColumnMatch, Counter[Kind]] | None:
    """The column and how many rows are of each kind; None where there is none."""
    column = next((c for c in matched.columns if c.meaning == MEANING), None)
    return None if column is None else (column, _kinds(matched, column))


def _kinds(matched: Matched, column: ColumnMatch) -> Counter[Kind]:
    """Rows of each kind; none where a cell says anything else."""
    cells = columns_of(matched.sheet.rows, matched.first, [column.index])[column.index]
    rows = np.bincount(cells.codes[cells.codes >= 0], minlength=len(cells.values)).tolist()
    found: Counter[Kind] = Counter()
    for value, n in zip(cells.values, rows, strict=True):
        kind = _WORDS.get(answer_key(value))
        if n and kind is None:
            return Counter()
        if n and kind is not None:
            found[kind] += n
    return found
