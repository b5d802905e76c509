"""What the tables of a whole street may show: sums over its communities, from which those of the others can be taken.

A combination of street sums tells what one community holds back where what it says of every other community follows from
that one's own tables.  No combination may: whatever a community holds back stays so.  Only sums of cells that some
community holds back can do it.  What such a cell says beyond its block's tables is a column ``M_b`` a block; the
combinations that say nothing new of any other block are the null space of the sum of ``M'M`` over the others, a matrix as
wide as the table has cells, however many communities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.disclosure.alike import nobody_gave
from analysis.disclosure.blocks import DISTRIBUTION, BlockPattern, least_of
from analysis.disclosure.family import CONTEXT, CellKey, Cells
from analysis.statistics.design import Bools, Floats, Ints

#: eigenvalues below this, relative to the largest, are none
_NULL = 1e-9
#: what others say of a combination, as a share of all, below which it is looked at whether they say anything
_ALONE = 1e-4
#: key → cell of a street, the key of each that readers want most, and by block which of its cells (C,) each is, −1 for none
Merged = tuple[dict[CellKey, int], list[CellKey], list[Ints]]


@dataclass(frozen=True)
class StreetPattern:
    """``place`` of each cell of the street, its respondents ``n`` (C,), and which are ``shown`` (C,); ``lost`` are those
    that are not although they have respondents enough, what readers want most first."""

    place: dict[CellKey, int]
    n: Floats
    shown: Bools
    lost: tuple[CellKey, ...]


@dataclass(frozen=True)
class _Part:
    """What one block holds back: ``cells`` (k,) places in the street, ``new`` (m, k) what each says beyond the block's
    own tables, by direction of ``BlockPattern.free``."""

    cells: Ints
    new: Floats


def street_pattern(
    merged: Merged,
    blocks: Sequence[tuple[Cells, BlockPattern]],
    step: int,
    allowed: StreetPattern | None = None,
    plain: StreetPattern | None = None,
) -> StreetPattern:
    """The pattern of a street over its blocks, of which ``merged`` (``merged_cells``) are the cells.

    ``allowed`` is that of its totals where distributions are decided; ``plain`` that without the context where there is
    one: what it shows is shown, what it does not is not.
    """
    least = least_of(step)
    place, keys, where = merged
    size = len(keys)
    n, held, open_, count = np.zeros(size), np.zeros(size), np.zeros(size, dtype=bool), np.zeros(size, dtype=np.int64)
    parts = []
    for (cells, pattern), at in zip(blocks, where, strict=True):
        there = at >= 0
        n[there] += pattern.n[at[there]]
        open_[there] |= ~cells.lacking[at[there]]
        held[there] += np.where(pattern.hidden, pattern.n, 0)[at[there]]
        count[there] += pattern.hidden[at[there]]
        parts.append(_part(cells, pattern, at))
    may = (n >= least) & open_
    if allowed is not None:
        may &= allowed.shown
    if plain is not None:
        may &= np.array([key not in plain.place or plain.shown[plain.place[key]] for key in keys], dtype=bool)
    shown = may & (count == 0)
    few = may & (count > 0) & (held < least)  # the few that several communities hold back are few together, too
    risky = np.flatnonzero(may & (count > 0) & ~few)
    order = sorted(risky.tolist(), key=lambda c: _rank(keys[c], float(n[c])))
    for c in _safe(order, parts):
        shown[c] = True
    lost = [keys[c] for c in np.flatnonzero(may & ~shown)]
    return StreetPattern(place, n, shown, tuple(sorted(lost, key=lambda k: _rank(k, float(n[place[k]])))))


def merged_cells(blocks: Sequence[Cells]) -> Merged:
    """The cells of a street; keys of the same people in every block are one cell."""
    keys = [*dict.fromkeys(key for cells in blocks for key in cells.place)]
    signs = np.array([[cells.place.get(key, -1) for cells in blocks] for key in keys], dtype=np.int64)
    found, same = np.unique(signs, axis=0, return_inverse=True)
    of = np.asarray(same).reshape(-1).tolist()
    best: dict[int, CellKey] = {}
    for key, c in zip(keys, of, strict=True):
        if c not in best or _rank(key, 0) < _rank(best[c], 0):
            best[c] = key
    return dict(zip(keys, of, strict=True)), [best[c] for c in range(len(found))], list(found.T)


def unlike_street(
    pattern: StreetPattern,
    merged: Merged,
    blocks: Sequence[tuple[Cells, BlockPattern]],
    answers: Sequence[Floats],
    step: int,
) -> StreetPattern:
    """The pattern without the sums that leave answers of one kind only to the communities that hold theirs back.

    ``answers`` (R, L) of each block, respondents by finest cell and level.
    """
    left = np.zeros((len(pattern.n), answers[0].shape[1] if answers else 0))
    for (cells, block), given, at in zip(blocks, answers, merged[2], strict=True):
        there = at >= 0
        left[there] += ((cells.columns.T @ given) * block.hidden[:, None])[at[there]]
    possible = (left > 0) if step == DISTRIBUTION else ~nobody_gave(left)
    alike = (left.sum(axis=1) > 0) & (possible.sum(axis=1) == 1)
    return replace(pattern, shown=pattern.shown & ~alike)


def _part(cells: Cells, pattern: BlockPattern, at: Ints) -> _Part:
    """``at`` which cell of the block each of the street's is, −1 for none."""
    mine = np.flatnonzero((at >= 0) & pattern.hidden[at])
    return _Part(mine, pattern.free.T @ pattern.columns[:, at[mine]])


def _rank(key: CellKey, n: float) -> tuple[object, ...]:
    """What readers want most comes first."""
    return (any(v == CONTEXT for v, _ in key), len(key), key[0][0] if len(key) == 1 else 0, -n, key)


def _safe(order: Sequence[int], parts: Sequence[_Part]) -> list[int]:
    """The cells of ``order`` that may be shown together, the last ones left out where something would follow."""
    kept = np.array(order, dtype=np.int64)
    at = {c: i for i, c in enumerate(order)}
    said = [_columns(p, at) for p in parts]
    grams = [columns.T @ columns for columns in said]
    every = np.sum(grams, axis=0) if grams else np.zeros((len(at), len(at)))
    inside = np.ones(len(at), dtype=bool)
    for b in _suspicious(every, grams):
        there = np.flatnonzero(inside)
        inside[there[_revealing((every - grams[b])[np.ix_(there, there)], said[b][:, there])]] = False
    return list(kept[inside].tolist())


def _suspicious(every: Floats, grams: Sequence[Floats]) -> list[int]:
    """Blocks of which a combination may say something that nothing else takes part in: one that is most of ``every``."""
    values, vectors = np.linalg.eigh(every)
    some = values > _NULL * max(float(values.max(initial=0.0)), 1.0)
    if not some.any():
        return []
    scaled = vectors[:, some] / np.sqrt(values[some])
    shares = np.linalg.eigvalsh(scaled.T @ np.array(grams) @ scaled)[:, -1]  # 1: all of some combination is the block's
    return np.flatnonzero(shares > 1 - _ALONE).tolist()


def _revealing(others: Floats, columns: Floats) -> list[int]:
    """Cells that may not be shown for the sake of one block: each the last of those that together say something of it.

    ``others`` (C, C) is the sum of ``M'M`` over the other blocks, ``columns`` (R, C) the block's own ``M``.
    """
    lost: list[int] = []
    if not len(others):
        return lost
    values, vectors = np.linalg.eigh(others)
    free = vectors[:, values <= _NULL * max(float(values.max(initial=0.0)), 1.0)]
    while free.size:
        _, said, directions = np.linalg.svd(columns @ free, full_matrices=False)
        if not said.max(initial=0.0) > 1e-6:
            break
        share = np.abs(free @ directions[0])
        lost.append(int(np.flatnonzero(share > 1e-6 * share.max()).max()))
        free = free @ np.linalg.svd(free[lost[-1]][None])[2][1:].T  # combinations without that cell
    return lost


def _columns(part: _Part, at: dict[int, int]) -> Floats:
    """(R, C) what the cells of ``at`` say of a block; 0 where it holds nothing back of them."""
    result = np.zeros((len(part.new), len(at)))
    for i, c in enumerate(part.cells.tolist()):
        if c in at:
            result[:, at[c]] = part.new[:, i]
    return result
