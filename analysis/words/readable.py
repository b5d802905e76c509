"""Which single answers may be read: none of a group so small that its words would tell who wrote them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.sample.filters import make_filters
from analysis.sample.pooled_sample import Pool, pool
from analysis.words.answers import Asked, Worded
from survey.core import limits


@dataclass(frozen=True)
class Readable:
    """``answers`` to read, in their order; ``held``: how many more there are whose group is too small."""

    answers: tuple[Worded, ...]
    held: int


def readable(asked: Asked, year: int, where: Sequence[str] = (), codes: Collection[str] | None = None) -> Readable:
    """The answers of a year that filters leave and that may be read; ``codes``: communities in scope, None for all.

    A community's are read where it has ``limits.TOTALS_BELOW`` respondents; under filters only where every group that
    these columns make of it has as many or nobody, so that nothing can be taken from one view to another.  Raises Refused
    for filters that are none.
    """
    sample = pool([(version.form, block) for version, block in asked.parts])
    filters = make_filters(sample, where)
    stay = np.ones(len(sample), dtype=bool)
    for one in filters:
        stay &= one.mask
    large = _large(sample, year, [one.factor[0] for one in filters])
    starts = np.cumsum([0, *(len(block) for _, block in asked.parts)])
    there = [a for a in _of(asked, year) if stay[starts[a.part] + a.row] and (codes is None or a.community in codes)]
    shown = tuple(a for a in there if a.turn >= 0 and a.community in large)
    return Readable(shown, len(there) - len(shown))


def _of(asked: Asked, year: int) -> list[Worded]:
    return sorted((a for a in asked.answers if a.year == year), key=lambda a: a.turn)


def _large(sample: Pool, year: int, columns: Sequence[np.ndarray]) -> frozenset[str]:
    """The communities whose every group has enough respondents; '' stands for those without a community."""
    here = (sample.column("year").to_numpy() == year) & np.asarray(sample.design.weight > 0)
    names = sample.column("community_code").astype(object).to_numpy()
    cells: dict[tuple[str, ...], int] = {}
    for row in np.flatnonzero(here).tolist():
        name = names[row] if isinstance(names[row], str) else ""
        key = (name, *(str(column[row]) for column in columns))
        cells[key] = cells.get(key, 0) + 1
    small = {key[0] for key, n in cells.items() if n < limits.TOTALS_BELOW}
    return frozenset(key[0] for key in cells) - small
