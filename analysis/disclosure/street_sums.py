"""What the tables of a whole street may show: sums over its communities, from which those of the others can be taken.

A combination of street sums tells what one community holds back where what it says of every other community follows from
that one's own tables.  No combination may: whatever a community holds back stays so.  Only sums of cells that some
community holds back can do it.  What such a cell says beyond its block's tables is a column ``M_b`` a block; the
combinations that say nothing new of any other block are the null space of the sum of ``M'M`` over the others, a matrix as
wide as the table has cells, however many communities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.disclosure.alike import nobody_gave
from analysis.disclosure.blocks import DISTRIBUTION, BlockPattern, least_of
from analysis.disclosure.elimination import beyond_span
from analysis.disclosure.family import CONTEXT, VARIABLES, CellKey, Cells
from analysis.statistics.design import Bools, Floats, Ints
from survey.core import limits

#: people who are left together to the communities that hold a street's cell back, if any are (of the sum of everybody, who
#: are shown themselves: as many as any group); of fewer whoever solves all
#: tables of a street as one system knew a third of the held-back groups exactly, in towns of two to five communities
LEFT = 25
#: the tables of a street that are worth solving a system for: those by one of these
_WORTH = tuple(VARIABLES.index(name) for name in ("sex", "age_band", "mode"))
#: eigenvalues below this, relative to the largest, are none
_NULL = 1e-9
#: what others say of a combination, as a share of all, below which it is looked at whether they say anything
_ALONE = 1e-4
#: a part of a combination, or of what one says, that is there
_TAKES = 1e-6
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
    for (cells, pattern), at in zip(blocks, where, strict=True):
        there = at >= 0
        n[there] += pattern.n[at[there]]
        open_[there] |= ~cells.lacking[at[there]]
        held[there] += np.where(pattern.hidden, pattern.n, 0)[at[there]]
        count[there] += pattern.hidden[at[there]]
    may = (n >= least) & open_
    if allowed is not None:
        may &= allowed.shown
    if plain is not None:
        may &= np.array([key not in plain.place or plain.shown[plain.place[key]] for key in keys], dtype=bool)
    shown = may & (count == 0)
    # the few that several communities hold back are few together, too; of everybody there is one sum, which splits nothing
    enough = np.where([len(key) == 0 for key in keys], least, max(least, LEFT))
    few = may & (count > 0) & (held < enough)
    may &= (count == 0) | np.array([worth_solving(key) for key in keys], dtype=bool)
    risky = np.flatnonzero(may & (count > 0) & ~few)
    order = np.array(sorted(risky.tolist(), key=lambda c: _rank(keys[c], float(n[c]))), dtype=np.int64)
    shown[_safe(order, [_said(p, at[order]) for (_, p), at in zip(blocks, where, strict=True)])] = True
    lost = [keys[c] for c in np.flatnonzero(may & ~shown)]
    return StreetPattern(place, n, shown, tuple(sorted(lost, key=lambda k: _rank(k, float(n[place[k]])))))


def worth_solving(key: CellKey) -> bool:
    """Whether a street may show a cell that a community holds back, so that its tables and theirs are one system."""
    return not key or (len(key) == 1 and key[0][0] in _WORTH)


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
    """The pattern without the sums that leave answers of one kind only to the communities that hold theirs back, or fewer
    than five that are not of the most frequent kind.

    ``answers`` (R, L) of each block, respondents by finest cell and level.
    """
    left = np.zeros((len(pattern.n), answers[0].shape[1] if answers else 0))
    for (cells, block), given, at in zip(blocks, answers, merged[2], strict=True):
        there = at >= 0
        left[there] += ((cells.columns.T @ given) * block.hidden[:, None])[at[there]]
    possible = (left > 0) if step == DISTRIBUTION else ~nobody_gave(left)
    people = left.sum(axis=1)
    alike = (people > 0) & ((possible.sum(axis=1) == 1) | (people - left.max(axis=1, initial=0) < limits.NOTHING_BELOW))
    return replace(pattern, shown=pattern.shown & ~alike)


def _rank(key: CellKey, n: float) -> tuple[object, ...]:
    """What readers want most comes first."""
    return (any(v == CONTEXT for v, _ in key), len(key), key[0][0] if len(key) == 1 else 0, -n, key)


def _safe(kept: Ints, said: Sequence[Floats]) -> list[int]:
    """The cells of ``kept`` (C,) that may be shown together, the last ones left out where something would follow; ``said``
    (m, C) what they say of each block."""
    blocks = np.sum([np.einsum("mc,mc->c", s, s) > _TAKES**2 for s in said], axis=0)
    nothing, kept = kept[blocks == 0], kept[blocks > 1]  # what says something of one block only gives it away
    said = [columns[:, blocks > 1] for columns in said]
    inside = np.ones(len(kept), dtype=bool)
    for b, free in _suspicious(said, len(kept)):
        inside[_revealing(_without(free, ~inside), said[b])] = False
    return [*nothing.tolist(), *kept[inside].tolist()]


def _suspicious(said: Sequence[Floats], size: int) -> Iterator[tuple[int, Floats]]:
    """Blocks of which a combination says something that nothing else takes part in, each with those combinations and
    those that say nothing of any block (C, k); ``said`` (m, C) what the cells say of each block."""
    if not size:
        return
    every = np.sum([columns.T @ columns for columns in said], axis=0)
    values, vectors = np.linalg.eigh(every)
    largest = max(float(values[-1]), 1.0)
    some = values > _NULL * largest
    scaled = vectors[:, some] / np.sqrt(values[some])
    for b, columns in enumerate(said):
        own = columns @ scaled
        shares, directions = np.linalg.eigh(own.T @ own)  # 1: all of some combination is the block's
        alone = shares > 1 - _ALONE
        if alone.any():
            own = np.linalg.qr(scaled @ directions[:, alone])[0]
            others = own.T @ every @ own - (columns @ own).T @ (columns @ own)
            left, turned = np.linalg.eigh(others)
            yield b, np.concatenate([vectors[:, ~some], own @ turned[:, left <= _NULL * largest]], axis=1)


def _without(free: Floats, cells: Bools) -> Floats:
    """(C, l) those of the combinations (C, k) that take none of the cells (C,)."""
    if not cells.any():
        return free
    _, values, directions = np.linalg.svd(free[cells])
    return np.asarray(free @ directions[int((values > _TAKES).sum()) :].T)


def _revealing(free: Floats, columns: Floats) -> list[int]:
    """Cells that may not be shown for the sake of one block: each the last of those that together say something of it.

    ``free`` (C, k) the combinations that say nothing of other blocks, ``columns`` (m, C) what cells say of this one.
    """
    lost: list[int] = []
    while free.size:
        _, said, directions = np.linalg.svd(columns @ free, full_matrices=False)
        if not said.max(initial=0.0) > _TAKES:
            break
        share = np.abs(free @ directions[0])
        lost.append(int(np.flatnonzero(share > _TAKES * share.max()).max()))
        free = _mirrored(free, free[lost[-1]])[:, 1:]  # combinations without that cell
    return lost


def _mirrored(free: Floats, takes: Floats) -> Floats:
    """Other combinations (C, k) of the same, of which only the first has a part in what all (k,) ``takes`` (Householder)."""
    axis = takes.copy()
    axis[0] += np.copysign(np.sqrt(takes @ takes), takes[0])
    return free - (free @ axis)[:, None] * (axis * (2 / (axis @ axis)))


def _said(pattern: BlockPattern, at: Ints) -> Floats:
    """(r, C) what cells of the street, each of which is one of the block's (``at`` (C,)) or none, say of the block beyond its
    own tables; nothing where it shows them itself."""
    held = (at >= 0) & pattern.hidden[at]
    if not held.any():
        return np.zeros((0, len(at)))
    said = np.zeros((len(pattern.columns), len(at)))
    said[:, held] = beyond_span(pattern.known, pattern.columns[:, at[held]])
    return said
