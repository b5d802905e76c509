"""The family of tables that what is shown is decided over (docs/privacy.md): areas, years, and what splits them.

A **block** is a community in a year; streets and the whole are sums of blocks.  Within a block a **cell** is what one or
two variables say alike (women; women of 60–74), or everybody.  Who lacks a variable's value forms a class of its own that
no table shows, but that follows from those that are shown.  The finest cells, which all variables together tell apart,
are the rows of the decision: whatever is a sum over respondents is a column over them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import pandas as pd

from analysis.sample.pooled_sample import Pool
from analysis.statistics.design import Bools, Floats, Ints
from survey.core.lazily import cached_property

#: what splits the tables of the family, by column of the responses, the variable that readers want most first; a table
#: takes at most two of them, or one question (or one other column) alone
VARIABLES = ("sex", "age_band", "mode", "batch_id", "interviewer")
#: those of them that a score does not need, so that whoever reads responses for one asks for them
ALSO = ("interviewer", "sex", "age_band")
#: the place of the one question or other column in their stead
CONTEXT = len(VARIABLES)

Factor = tuple[Ints, pd.Index]
#: a cell: the variables (positions in ``VARIABLES`` or ``CONTEXT``) with the code of each, ascending; () is everybody
CellKey = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Cells:
    """The cells of a block: which of the block's R finest cells each covers, ``columns`` (R, C), and under which keys it
    goes: ``place`` key → cell.  Cells of the same people are one (everybody by phone came with one batch).

    ``key`` (C,) the first key of each; ``lacking`` (C,) whether a variable's value is missing in all of them, so that no
    table shows it; ``context`` (C,) whether all of them take the context; ``on_line`` (L, C) 1 for the cells that add up to
    another along one variable; ``kinds`` the cells by the variables that they take, those of a kind have nobody in common.
    """

    place: Mapping[CellKey, int]
    columns: Floats
    key: tuple[CellKey, ...]
    lacking: Bools
    context: Bools
    on_line: Floats
    kinds: tuple[Ints, ...]

    @cached_property
    def of_kind(self) -> Floats:
        """(C, K) 1 where a cell is of a kind."""
        result = np.zeros((len(self.key), len(self.kinds)))
        for k, cells in enumerate(self.kinds):
            result[cells, k] = 1
        return result

    @cached_property
    def level(self) -> Ints:
        """(C,) how many variables a cell takes: 0 everybody."""
        return np.array([len(key) for key in self.key])

    @cached_property
    def variable(self) -> Ints:
        """(C,) the first variable of each cell, −1 for everybody."""
        return np.array([key[0][0] if key else -1 for key in self.key])

    @cached_property
    def whole(self) -> Bools:
        """(C,) everybody, women and men: what is held back for few only."""
        return np.asarray((self.level == 0) | ((self.level == 1) & (self.variable == 0)))

    @cached_property
    def stays(self) -> Bools:
        """(C,) the same; beside a context all that is decided without it."""
        return np.asarray(self.whole | ~self.context if self.context.any() else self.whole)


@dataclass(frozen=True)
class Family:
    """n responses over the variables: ``codes`` (n, V), ``missing`` (V,) the code of who lacks a value, ``block`` (n,).

    ``area`` (B,) the street of each block and its year, as one number; a block of −1 takes no part (weight 0).
    """

    codes: Ints
    missing: Ints
    block: Ints
    area: Ints

    @cached_property
    def _finest(self) -> tuple[Ints, Ints, Ints]:
        """Number of each response's finest cell (n,), those sorted by block; block and first response of each (R,)."""
        key = self.block + 1
        for column, wide in zip(self.codes.T, self.missing + 1, strict=True):
            key = key * int(wide) + column
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        return np.asarray(inverse).reshape(-1), self.block[first], first

    @cached_property
    def bounds(self) -> tuple[slice, ...]:
        """The finest cells of each block."""
        block = self._finest[1]
        starts = np.searchsorted(block, np.arange(len(self.area) + 1))
        return tuple(slice(int(a), int(b)) for a, b in pairwise(starts))

    def blocks(self, area: int) -> list[int]:
        """The blocks of a street and year."""
        return list(np.flatnonzero(self.area == area).tolist())

    def count(self, mask: Bools) -> Floats:
        """(R,) responses of a mask (n,) in each finest cell."""
        finest, block, _ = self._finest
        return np.bincount(finest, mask & (self.block >= 0), len(block)).astype(np.float64)

    def cells(self, block: int) -> Cells:
        """The cells of a block."""
        found = self._kept.get(block)
        if found is None:
            first = self._finest[2][self.bounds[block]]
            found = self._kept[block] = _cells(self.codes[first], self.missing)
        return found

    @cached_property
    def _kept(self) -> dict[int, Cells]:
        return {}


def make_family(sample: Pool, context: Factor | None = None) -> Family:
    """The family of a sample, with one question or other column beside the variables if ``context`` is given."""
    factors = [sample.factor(name) for name in VARIABLES] + ([] if context is None else [context])
    codes = np.column_stack([np.where(code >= 0, code, len(values)) for code, values in factors]).astype(np.int64)
    missing = np.array([len(values) for _, values in factors], dtype=np.int64)
    year = sample.factor("year")[0]
    block, _ = pd.factorize(sample.place, sort=True)
    first = np.unique(block, return_index=True)[1] if len(block) else np.empty(0, dtype=np.int64)
    street = sample.factor("sub_district")[0]
    area = pd.factorize((street[first] + 1) * (year.max(initial=0) + 2) + year[first] + 1)[0]
    block = np.where(sample.design.weight > 0, block, -1)
    return Family(codes, missing, block.astype(np.int64), area.astype(np.int64))


def _cells(codes: Ints, missing: Ints) -> Cells:
    """The cells over finest cells (R, V)."""
    rows, variables = codes.shape
    keys: list[CellKey] = [()]
    columns = [np.ones((rows, 1), dtype=bool)]
    lines: list[Ints] = []
    kinds: list[Ints] = []
    hot = [np.unique(codes[:, v]) for v in range(variables)]
    one = [codes[:, v][:, None] == hot[v] for v in range(variables)]
    at = 1
    for v in range(variables):
        keys += [((v, int(k)),) for k in hot[v]]
        columns.append(one[v])
        kinds.append(np.arange(at, at + len(hot[v])))
        lines.append(kinds[-1])
        at += len(hot[v])
    for a, b in combinations(range(min(variables, CONTEXT)), 2):  # a question stands beside none of them
        both = (one[a][:, :, None] & one[b][:, None, :]).reshape(rows, -1)
        there = both.any(axis=0)
        columns.append(both[:, there])
        i, j = np.divmod(np.flatnonzero(there), len(hot[b]))
        keys += [((a, int(hot[a][x])), (b, int(hot[b][y]))) for x, y in zip(i, j, strict=True)]
        kinds.append(np.arange(at, at + len(i)))
        lines += [at + np.flatnonzero(i == x) for x in range(len(hot[a]))]
        lines += [at + np.flatnonzero(j == y) for y in range(len(hot[b]))]
        at += len(i)
    return _merged(keys, np.concatenate(columns, axis=1), lines, kinds, missing)


def _merged(
    keys: Sequence[CellKey], columns: Bools, lines: Sequence[Ints], kinds: Sequence[Ints], missing: Ints
) -> Cells:
    """The cells, those of the same people as one, in the order in which they come first."""
    number: dict[bytes, int] = {}
    packed = np.ascontiguousarray(np.packbits(columns, axis=0).T)
    of = np.array([number.setdefault(bits.tobytes(), len(number)) for bits in packed], dtype=np.int64)
    size = len(number)
    first = np.unique(of, return_index=True)[1]
    lacks = np.array([any(k == missing[v] for v, k in key) for key in keys], dtype=bool)
    beside = np.array([any(v == CONTEXT for v, _ in key) for key in keys], dtype=bool)
    lacking, context = (np.bincount(of, ~flag, size) == 0 for flag in (lacks, beside))
    on_line = np.zeros((len(lines), size), dtype=bool)
    for k, line in enumerate(lines):
        on_line[k, of[line]] = True
    unlike = np.array(
        [*{bits.tobytes(): k for k, bits in enumerate(np.packbits(on_line, axis=1))}.values()], dtype=np.int64
    )
    return Cells(
        place={key: int(of[i]) for i, key in enumerate(keys)},
        columns=columns[:, first].astype(np.float64),
        key=tuple(keys[i] for i in first.tolist()),
        lacking=lacking,
        context=context,
        on_line=on_line[np.sort(unlike)].astype(np.float64),
        kinds=tuple(np.unique(of[kind]) for kind in kinds),
    )
