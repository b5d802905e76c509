"""Bootstrap of a complex sample: PSUs drawn again within their strata (Rao & Wu 1988; Rao, Wu & Yue 1992).

From a stratum with n PSUs, n − 1 are drawn with replacement.  A PSU drawn r times has its weights multiplied
by (1 − λ) + λ r n/(n − 1), λ = √(1 − f): for totals this gives exactly the variance formula of the kernel,
finite population correction included, and weights never turn negative.  Where people within PSUs were drawn, PSUs are
taken as drawn with replacement, which errs on the large side.  What is computed from weighted
moments is bootstrapped by one matrix product, whatever it is.

Weights that were calibrated to a population would be calibrated again in every draw.  To first order that replaces, in
how far a draw's moments depart from the sample's, each product by its residual (Deville & Särndal 1992), as in the
standard errors of the kernel; so it is done, and a moment that the population fixes does not vary.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from analysis.statistics.design import Floats
from analysis.statistics.estimation import Domains

DRAWS = 500
SEED = 2013
#: PSUs that are multiplied at a time: enough for the processor, little for the memory
_CHUNK = 2048

Counts = npt.NDArray[np.uint16]


def draw_counts(domains: Domains, draws: int = DRAWS, seed: int = SEED) -> Counts:
    """(draws, U) how often each of the U PSUs of the domains was drawn; the same seed, the same draws.

    PSUs of a stratum that are outside of the domains are drawn too, and lost.
    R: ``as.svrepdesign(design, type = "subbootstrap")``, whose weights are these counts times n/(n−1).
    """
    random = np.random.default_rng(seed)
    psus = domains.cell_psus.astype(np.int64)
    cell = np.repeat(np.arange(len(psus)), np.maximum(psus - 1, 0))
    size, units, start = psus[cell].astype(np.float64), domains.cell_units[cell], domains.cell_starts[cell]
    every = int(domains.cell_units.sum())
    whole = bool((units == psus[cell]).all())
    counts = np.empty((draws, every), dtype=np.uint16)
    for row in counts:
        place = (random.random(len(cell)) * size).astype(np.int64)
        drawn = start + place if whole else (start + place)[place < units]
        row[:] = np.bincount(drawn, minlength=every)
    return counts


def moments(domains: Domains, blocks: Sequence[Floats], counts: Counts) -> list[Floats]:
    """Weighted second moments of each block, (1 + draws, q, q): the sample's own first, then each draw's.

    ``domains`` has one group; a block is (m, q), rows of zeros where a response does not take part (put a
    column of ones among the others to know the weight that did).  R: ``cov.wt(x, w)`` of every draw.
    """
    pairs = [np.triu_indices(block.shape[1]) for block in blocks]
    width = sum(len(rows) for rows, _ in pairs)
    result = np.zeros((1 + len(counts), width))
    cell = np.repeat(np.arange(len(domains.cell_units)), domains.cell_units)
    several = domains.cell_psus[cell] > 1
    drawn = domains.within is not None and bool(domains.within.unknown.any())
    unsampled = np.ones(len(domains.cell_units)) if drawn else domains.cell_unsampled
    root = np.where(several, np.sqrt(np.maximum(unsampled[cell], 0.0)), 0.0)
    scale = root * domains.cell_psus[cell] / np.where(several, domains.cell_psus[cell] - 1, 1.0)
    starts = np.arange(len(cell)) if domains.starts is None else domains.starts
    ends = np.append(starts[1:], len(domains.group))
    taken = _class_means(domains, blocks, pairs)
    for first in range(0, len(cell), _CHUNK):
        units = slice(first, min(first + _CHUNK, len(cell)))
        rows = slice(starts[units.start], ends[units.stop - 1])
        place = None if domains.starts is None else starts[units] - starts[units.start]
        products = _products(blocks, pairs, rows)
        sums = _by_unit(products * domains.weight[rows, None], place)
        result[0] += sums.sum(axis=0)
        if taken is None or domains.calibration is None:
            result[1:] += (1 - root[units]) @ sums
            result[1:] += (counts[:, units] * scale[units]) @ sums
            continue
        products -= taken[domains.calibration.cell[rows]]
        left = _by_unit(products * domains.weight[rows, None], place)
        result[1:] += sums.sum(axis=0) + (counts[:, units] * scale[units] - root[units]) @ left
    return _squares(result, blocks, pairs)


Pairs = Sequence[tuple[npt.NDArray[np.intp], ...]]


def _products(blocks: Sequence[Floats], pairs: Pairs, rows: slice) -> Floats:
    """Products of all pairs of columns of each block, (rows, width)."""
    return np.hstack([b[rows][:, i] * b[rows][:, j] for b, (i, j) in zip(blocks, pairs, strict=True)])


def _by_unit(values: Floats, place: npt.NDArray[np.int64] | None) -> Floats:
    """Sums by PSU; ``place`` where each begins, None: every row is its own."""
    sums: Floats = values if place is None else np.add.reduceat(values, place, axis=0)
    return sums


def _class_means(domains: Domains, blocks: Sequence[Floats], pairs: Pairs) -> Floats | None:
    """(C, width) what the classes of each cell take from the products of its responses; None without calibration."""
    calibration = domains.calibration
    if calibration is None:
        return None
    sums = np.zeros((len(calibration.classes[0]), sum(len(i) for i, _ in pairs)))
    for first in range(0, len(domains.group), _CHUNK):
        rows = slice(first, first + _CHUNK)
        order = np.argsort(calibration.cell[rows], kind="stable")
        mine = calibration.cell[rows][order]
        starts = np.flatnonzero(np.diff(mine, prepend=-1))
        products = _products(blocks, pairs, rows)
        if calibration.base is not None:
            products *= calibration.base[rows, None]
        sums[mine[starts]] += np.add.reduceat(products[order], starts, axis=0)
    return np.column_stack([calibration.means(column) for column in sums.T])


def _squares(flat: Floats, blocks: Sequence[Floats], pairs: Pairs) -> list[Floats]:
    """Upper triangles side by side as symmetric matrices."""
    result, at = [], 0
    for block, (i, j) in zip(blocks, pairs, strict=True):
        square = np.empty((len(flat), block.shape[1], block.shape[1]))
        square[:, i, j] = square[:, j, i] = flat[:, at : at + len(i)]
        result.append(square)
        at += len(i)
    return result


def covariances(second: Floats) -> Floats:
    """(B, q−1, q−1) covariances of (B, q, q) second moments whose last column is the ones.

    R: ``svyvar(~x1 + x2, design)`` but for n/(n−1).
    """
    weight = second[:, -1, -1][:, None, None]
    mean = second[:, :-1, -1:] / weight
    result: Floats = second[:, :-1, :-1] / weight - mean * np.swapaxes(mean, 1, 2)
    return result


def interval(draws: Floats) -> tuple[Floats, Floats]:
    """95 % percentile interval along the first axis.  R: ``quantile(draws, c(0.025, 0.975))``."""
    low, high = np.quantile(draws, (0.025, 0.975), axis=0)
    return low, high
