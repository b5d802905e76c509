"""The weights of a year's scored responses, area by area, and a report of what they stand on.

An area is a community and year.  A response whose category of a margin is not known forms a class of its own
that keeps its share of the sample: it is neither dropped nor counted as someone else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.sample.margins import category_codes
from analysis.sample.pooled_sample import Groups, Pool
from analysis.sample.populations import Figures, no_population, register_figures, scheme_figures
from analysis.scheme.model import Scheme, Weighting
from analysis.statistics.design import Bools, Design, Floats, Ints, sum_by, unlike
from analysis.statistics.notes import join_notes
from analysis.statistics.weighting import Calibrated, Calibration, Margin, calibrate, merged

#: an area further than this (relative) from its population is not weighted
CONVERGED = 1e-9
#: margins whose totals differ by more than this (relative) are said to
TOTALS_DIFFER = 0.01


@dataclass(frozen=True)
class Axis:
    """One axis of the table of cells: the categories of a margin, or the cells of several.

    ``names`` of its margins · ``labels`` (C,) of its categories, without the last one (not known) · ``code`` (n,)
    0 … C · ``population``, ``n`` and ``weight`` (A, C + 1) by category, 0 where there is none · ``margin`` classes
    and their targets, ``whole`` (A,) population as stated, NaN where it is not known.
    """

    names: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    code: Ints
    population: Floats
    n: Floats
    weight: Floats
    margin: Margin
    whole: Floats


@dataclass(frozen=True)
class Weighted:
    """``design`` with its new weights · ``calibration`` for the errors · ``axes`` · (A,): ``applied`` whether the
    area is weighted, ``note`` why not or with what reserve, ``trimmed`` responses at the limit, ``population`` (0
    where it is not known) and its ``year``.
    """

    design: Design
    calibration: Calibration
    axes: tuple[Axis, ...]
    applied: Bools
    note: npt.NDArray[np.object_]
    trimmed: Ints
    population: Floats
    year: Floats


def weigh_sample(
    sample: Pool,
    design: Design,
    areas: Groups,
    scored: Bools,
    scheme: Scheme,
    method: Weighting,
    population: pd.DataFrame,
) -> Weighted:
    """Weight the scored responses of every area to its population, all at once.

    ``method`` ``rake`` to every margin of the scheme, ``poststratify`` to their cells; ``population`` as
    ``store.register.population``.  Areas that can't be weighted keep their weights and say why.
    """
    keys = areas.keys.assign(community=_names(sample, areas))
    area = np.where(scored & (design.weight > 0), areas.code, -1)
    register = register_figures(keys, population)
    axes, year = [], np.full(len(areas), np.nan)
    for names in [scheme.margins] if method == "poststratify" else [(name,) for name in scheme.margins]:
        figures = register.get(names) or scheme_figures(keys, names[0], scheme.margin_targets)
        axes.append(_axis(sample, design, area, names, figures, scheme.cell_min))
        year = np.where(np.isnan(year), figures.year, year)
    shape = (len(areas), *(len(axis.labels) + 1 for axis in axes))
    cell = area
    for axis, length in zip(axes, shape[1:], strict=True):
        cell = np.where(area >= 0, cell * length + axis.code, -1)
    total = _total(axes)
    brought = areas.any(scored & sample.replicated)  # weights with replicates are final: none could be made for others
    mixed = unlike(design.brought, area, len(areas), area >= 0)
    ready = (total > 0) & ~brought & ~mixed
    targets = [_scaled(axis.margin, total) for axis in axes]
    worth = np.any([_classes(axis) > 1 for axis in axes], axis=0)
    usable = ready & worth
    inside = np.append(usable, False)[area]  # area −1, in none, takes the last
    result = calibrate(design.weight, np.where(inside, cell, -1), shape, targets, scheme.trim)
    applied = usable & (result.gap <= CONVERGED)
    return Weighted(
        replace(design, weight=result.weight),
        _calibration(design, cell, shape, axes, applied, plain=method == "rake"),
        tuple(axes),
        applied,
        _notes(axes, brought, mixed, ready, worth, applied, result),
        result.trimmed,
        total,
        year,
    )


def _total(axes: Sequence[Axis]) -> Floats:
    """(A,) population as the first margin that knows it says, 0 where none does."""
    total = np.zeros(len(axes[0].whole))
    for axis in reversed(axes):
        total = np.where(np.isnan(axis.whole), total, axis.whole)
    return total


def official_weights(
    scheme: Scheme, sample: Pool, areas: Groups, scored: Bools, population: pd.DataFrame | None
) -> tuple[Design, Calibration | None]:
    """The design with the weights that count under a scheme, and their calibration, None where it does not weight."""
    design = replace(sample.design, lonely=scheme.lonely_psu)
    if scheme.weighting == "none":
        return design, None
    people = no_population() if population is None else population
    weighted = weigh_sample(sample, design, areas, scored, scheme, scheme.weighting, people)
    return weighted.design, weighted.calibration


def _names(sample: Pool, areas: Groups) -> list[str]:
    """The name of each area's community."""
    rows = np.flatnonzero(areas.code >= 0)
    first = np.zeros(len(areas), dtype=np.int64)
    first[areas.code[rows][::-1]] = rows[::-1]
    return [str(name) for name in sample.column("community").iloc[first]]


def _axis(sample: Pool, design: Design, area: Ints, names: tuple[str, ...], figures: Figures, least: int) -> Axis:
    """Codes, counts and merged classes of one axis."""
    areas = len(figures.counts)
    sizes = [len(labels) for labels in figures.labels]
    codes = []
    for i, (name, labels) in enumerate(zip(names, figures.labels, strict=True)):
        others = tuple(j + 1 for j in range(len(names)) if j != i)
        there = ~np.isnan(figures.counts).all(axis=others) if others else ~np.isnan(figures.counts)
        codes.append(category_codes(sample, name, labels, area, np.where(there, 0.0, np.nan)))
    flat = figures.counts.reshape(areas, int(np.prod(figures.counts.shape[1:])))
    length = flat.shape[1]
    code, known = np.zeros(len(area), dtype=np.int64), np.ones(len(area), dtype=bool)
    for one, size in zip(codes, sizes, strict=True):
        known &= one < size
        code = code * size + np.minimum(one, max(size - 1, 0))
    code = np.where(known & (area >= 0), code, length)
    rows = np.flatnonzero(area >= 0)
    place = area[rows] * (length + 1) + code[rows]
    n = sum_by(place, np.ones(len(rows)), areas * (length + 1)).reshape(areas, length + 1)
    weight = sum_by(place, design.weight[rows], areas * (length + 1)).reshape(areas, length + 1)
    whole = np.where(np.nansum(flat, axis=1) > 0, np.nansum(flat, axis=1), np.nan)
    people = np.concatenate([np.nan_to_num(flat), np.zeros((areas, 1))], axis=1)
    margin = _margin(n, weight, people, flat, sizes, least)
    return Axis(names, _joint_labels(figures.labels), code, people, n, weight, margin, whole)


def _joint_labels(labels: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    result: list[tuple[str, ...]] = [()]
    for some in labels:
        result = [(*one, label) for one in result for label in some]
    return tuple(result)


def _margin(n: Floats, weight: Floats, people: Floats, flat: Floats, sizes: Sequence[int], least: int) -> Margin:
    """Small categories merged along the last margin, and their population; the last class is the not known."""
    areas, length = flat.shape
    last = sizes[-1] if sizes else 0
    classes = np.zeros((areas, length + 1), dtype=np.int64)
    classes[:, :length] = _merged(n[:, :length], flat, last, least)
    classes[:, length] = length
    total = weight.sum(axis=1)
    unknown = np.where(total > 0, weight[:, length] / np.where(total > 0, total, 1.0), 0.0)
    whole = np.where(people.sum(axis=1) > 0, people.sum(axis=1), 1.0)  # without figures all are of one class
    target = np.zeros(classes.shape)
    np.add.at(target, (np.arange(areas)[:, None], classes[:, :length]), people[:, :length] * (1 - unknown)[:, None])
    target[:, length] = whole * unknown
    return Margin(classes, target)


def _merged(n: Floats, people: Floats, last: int, least: int) -> Ints:
    """Classes of the cells: the last margin merged within the others, or over all of them where one is too small."""
    areas, length = n.shape
    if not length or length == last:
        return merged(n, people, least) if length else np.zeros(n.shape, dtype=np.int64)
    blocks = length // last
    split = (areas * blocks, last)
    within = merged(n.reshape(split), people.reshape(split), least).reshape(areas, blocks, last)
    within = within + np.arange(blocks)[None, :, None] * last
    counted, lives = n.reshape(areas, blocks, last).sum(2), np.nansum(people.reshape(areas, blocks, last), axis=2)
    short = (((counted > 0) | (lives > 0)) & ((counted < least) | (lives <= 0))).any(axis=1)
    sums = n.reshape(areas, blocks, last).sum(1), np.nansum(people.reshape(areas, blocks, last), axis=1)
    together = np.repeat(merged(*sums, least)[:, None, :], blocks, axis=1)
    return np.where(short[:, None, None], together, within).reshape(areas, length)


def _scaled(margin: Margin, total: Floats) -> Margin:
    """Targets that sum to the area's population, whatever the margin's own figures sum to."""
    own = margin.target.sum(axis=1)
    factor = np.where(own > 0, total / np.where(own > 0, own, 1.0), 0.0)
    return Margin(margin.classes, margin.target * factor[:, None])


def _classes(axis: Axis) -> Ints:
    """(A,) classes with population, the not known left out."""
    return np.asarray(np.count_nonzero(axis.margin.target[:, :-1] > 0, axis=1), dtype=np.int64)


def _calibration(
    design: Design, cell: Ints, shape: tuple[int, ...], axes: Sequence[Axis], applied: Bools, *, plain: bool
) -> Calibration:
    """Classes of every cell for the residuals; plain means after raking, as R takes them."""
    grid = np.indices(shape).reshape(len(shape), -1)
    classes = []
    for axis, place in zip(axes, grid[1:], strict=True):
        mine = grid[0] * (len(axis.labels) + 1) + axis.margin.classes[grid[0], place]
        classes.append(np.where(applied[grid[0]], mine, -1))
    return Calibration(np.maximum(cell, 0), tuple(classes), None if plain else design.weight)


def _notes(
    axes: Sequence[Axis], brought: Bools, mixed: Bools, ready: Bools, worth: Bools, applied: Bools, result: Calibrated
) -> npt.NDArray[np.object_]:
    """Why an area is not weighted, or what was left out of it."""
    size = len(applied)
    wholes = np.array([axis.whole for axis in axes])
    with np.errstate(invalid="ignore"):
        high, low = np.fmax.reduce(wholes), np.fmin.reduce(wholes)
        differ = high - low > TOTALS_DIFFER * high
    stated = [np.count_nonzero(axis.population > 0, axis=1) for axis in axes]
    lost = np.array([(_classes(axis) < 2) & (had != 1) for axis, had in zip(axes, stated, strict=True)])
    words = [",".join("_".join(a.names) for a, gone in zip(axes, column, strict=True) if gone) for column in lost.T]
    return join_notes(
        size,
        (brought, "unweighted_replicates"),
        (mixed, "mixed_weights"),
        (~ready & ~brought & ~mixed, "unweighted_population"),
        (ready & ~worth, "unweighted_classes"),
        (ready & worth & ~applied, "unweighted_convergence"),
        (applied & lost.any(axis=0), [f"margin_lost:{w}" for w in words]),
        (applied & differ, "margins_differ"),
        (applied & result.missed, "trim_missed"),
    )
