"""Groups that cross the areas whose weights were calibrated: women of a street, users of the phone, any answer.

The residuals of a group's linearised variable reach over everyone of the areas that it touches, also those outside
of the group (R ``subset`` of a raked design keeps them with weight 0), so each such area is laid under each group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.sample.grouping import weigh
from analysis.sample.pooled_sample import Groups, Pool, group_by
from analysis.sample.populations import no_population
from analysis.sample.weights import weigh_sample
from analysis.scheme.model import Scheme, Weighting
from analysis.statistics.design import Bools, Design, Floats, Ints, unlike
from analysis.statistics.estimation import Domains, lay_domains
from analysis.statistics.replicates import ReplicateSample
from analysis.statistics.weighting import Calibration


@dataclass(frozen=True)
class Weighted:
    """G groups with the weights that were asked for: ``design``, ``domains`` · (G,): ``lacking`` a community of it has
    no adults to be put beside the others by, ``unweighted`` some of it could not be weighted, ``apart`` its weights are
    of no common scale with the others' · ``area`` (n,) and ``calibration`` where weights were calibrated."""

    design: Design
    domains: Domains
    lacking: Bools
    unweighted: Bools
    apart: Bools
    area: Ints | None = None
    calibration: Calibration | None = None

    def lay(self, group: Ints, size: int, replicates: Sequence[ReplicateSample] = ()) -> Domains:
        """Any groups (n,) of the same responses, −1 in none, with these weights."""
        if self.calibration is None or self.area is None:
            return lay_domains(self.design, group, size, None, replicates)
        return lay_crossing(self.design, group, size, self.area, self.calibration)

    @property
    def silent(self) -> Bools:
        """(G,) groups that nothing can be computed of."""
        return self.lacking | self.apart

    def notes(self, hidden: Bools) -> list[tuple[Bools, str]]:
        """Which groups say what of their weights, but for those that say nothing (``hidden``)."""
        return [
            (self.lacking & ~hidden, "no_population"),
            (self.unweighted & ~self.lacking & ~hidden, "partly_unweighted"),
            (self.apart & ~hidden, "mixed_weights"),
        ]


def lay_weighted(
    sample: Pool,
    design: Design,
    groups: Groups,
    schemes: Sequence[Scheme | None],
    which: Ints,
    method: Weighting,
    population: pd.DataFrame | None,
    populations: Mapping[str, float],
    *,
    every: bool = False,
) -> Weighted:
    """Groups over every response weighted to the population of its community and year.

    ``which`` (n,) of the ``schemes`` says how a response is weighted; without one, and where a community can't be
    weighted, it counts as ``beside_weighted`` says by ``populations`` (as ``grouping.weigh``; ``every`` likewise).
    """
    areas = group_by({"year": sample.factor("year"), "community_code": sample.community}, len(sample))
    people = no_population() if population is None else population
    parts = [
        (rows, weigh_sample(sample, design, areas, rows, scheme, method, people))
        for scheme, rows in _alike(schemes, which)
    ]
    applied = np.logical_or.reduce([np.zeros(len(areas), dtype=bool), *(part.applied for _, part in parts)])
    area = np.where(np.append(applied, False)[areas.code], areas.code, -1)
    weight, lacking, apart = beside_weighted(sample, design, groups, area, populations, every=every)
    for rows, part in parts:
        weight = np.where(rows & (area >= 0), part.design.weight, weight)
    laid = replace(design, weight=weight, brought=None)  # of one scale, or apart
    calibration = _together([(rows, part.calibration) for rows, part in parts]) if parts else None
    if calibration is None:
        domains = lay_domains(laid, groups.code, len(groups))
    else:
        domains = lay_crossing(laid, groups.code, len(groups), area, calibration)
    return Weighted(laid, domains, lacking, groups.any(area < 0), apart, area, calibration)


def beside_weighted(
    sample: Pool,
    design: Design,
    groups: Groups,
    area: Ints,
    populations: Mapping[str, float],
    *,
    every: bool = False,
) -> tuple[Floats, Bools, Bools]:
    """(n,) weights of the responses that could not be weighted to their population (``area`` −1), and the groups (G,)
    that lack a population for them, and those where they are of no common scale with the weighted.

    The weights of a weighted community sum to its people.  What stands beside it in a group has adults / n of the
    register: neither the weights that a questionnaire brings nor those of one sample of the whole area sum to people.
    Groups without a weighted community are as ``grouping.weigh`` has them.
    """
    counts = (groups.code >= 0) & (design.weight > 0)
    beside = groups.any(counts & (area >= 0))
    loose = counts & (area < 0)
    mixed = loose & np.append(beside, False)[groups.code]
    weight, lacking = design.weight, np.zeros(len(groups), dtype=bool)
    for rows, whole in ((mixed, True), (loose & ~mixed, every)):
        base, unknown = weigh(sample, replace(groups, code=np.where(rows, groups.code, -1)), populations, every=whole)
        weight = np.where(rows, base.weight, weight)
        lacking |= unknown
    apart = groups.any(mixed & ~(sample.separate & ~sample.weighted))
    return weight, lacking, apart | unlike(design.brought, groups.code, len(groups), loose & ~mixed)


def _alike(schemes: Sequence[Scheme | None], which: Ints) -> list[tuple[Scheme, Bools]]:
    """Schemes that weight differently, each with its responses (n,); those that say the same of it are one."""
    found: list[tuple[Scheme, Bools]] = []
    for k, scheme in enumerate(schemes):
        if scheme is None:
            continue
        same = next((i for i, (other, _) in enumerate(found) if _said(other) == _said(scheme)), None)
        if same is None:
            found.append((scheme, which == k))
        else:
            found[same] = (found[same][0], found[same][1] | (which == k))
    return found


def _said(scheme: Scheme) -> tuple[object, ...]:
    """All that a scheme says of how to weight."""
    return scheme.margins, scheme.margin_targets, scheme.cell_min, scheme.trim


def _together(parts: Sequence[tuple[Bools, Calibration]]) -> Calibration:
    """Calibrations of different responses (n,) as one: cells and classes one after the other, those of a margin less
    in none."""
    if len(parts) == 1:
        return parts[0][1]
    cell = np.zeros(len(parts[0][0]), dtype=np.int64)
    wide = max(len(calibration.classes) for _, calibration in parts)
    classes: list[list[Ints]] = [[] for _ in range(wide)]
    named, cells = [0] * wide, 0
    for rows, calibration in parts:
        size = len(calibration.classes[0])
        cell = np.where(rows, calibration.cell + cells, cell)
        cells += size
        for margin in range(wide):
            mine = calibration.classes[margin] if margin < len(calibration.classes) else np.full(size, -1)
            classes[margin].append(np.where(mine >= 0, mine + named[margin], -1))
            named[margin] += int(mine.max(initial=-1)) + 1
    return replace(parts[0][1], cell=cell, classes=tuple(np.concatenate(one) for one in classes))


def lay_crossing(design: Design, group: Ints, size: int, area: Ints, calibration: Calibration) -> Domains:
    """``lay_domains`` for any groups (n,) over areas (n,) whose weights were calibrated; −1 in neither.

    ``Domains.inside`` tells the members of a group from the rest of their areas.
    """
    rows, owner = _expanded(design, group, area)
    laid = replace(
        design,
        weight=design.weight[rows],
        stratum=design.stratum[rows],
        psu=None if design.psu is None else design.psu[rows],
        brought=None if design.brought is None else design.brought[rows],
        second=None if design.second is None else design.second.take(rows),
    )
    domains = lay_domains(laid, owner, size, _by_group(_with_loose(calibration.take(rows), area[rows] < 0), owner))
    kept = rows if domains.rows is None else rows[domains.rows]
    return replace(domains, rows=kept, inside=group[kept] == domains.group)


def _expanded(design: Design, group: Ints, area: Ints) -> tuple[Ints, Ints]:
    """Rows of the design with repetitions and the group that each stands under."""
    member = np.flatnonzero((group >= 0) & (design.weight > 0))
    within = member[area[member] >= 0]
    width = int(area.max(initial=0)) + 1
    touched = np.unique(group[within] * width + area[within])
    place, owner = touched % width, touched // width
    everyone = np.flatnonzero((area >= 0) & (design.weight > 0))
    everyone = everyone[np.argsort(area[everyone], kind="stable")]
    count = np.bincount(area[everyone], minlength=width)
    start = np.cumsum(count) - count
    repeats = count[place]
    offset = np.arange(int(repeats.sum())) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    spread = everyone[np.repeat(start[place], repeats) + offset]
    loose = member[area[member] < 0]
    return np.concatenate([spread, loose]), np.concatenate([np.repeat(owner, repeats), group[loose]])


def _with_loose(calibration: Calibration, loose: Bools) -> Calibration:
    """A cell of no class more, for those whose weights were not calibrated."""
    cells = len(calibration.classes[0])
    classes = tuple(np.append(c, -1) for c in calibration.classes)
    return replace(calibration, cell=np.where(loose, cells, calibration.cell), classes=classes)


def _by_group(calibration: Calibration, owner: Ints) -> Calibration:
    """The same classes, each group's of its own."""
    cells = len(calibration.classes[0])
    code, pairs = pd.factorize(owner * cells + calibration.cell)
    home, cell = pairs // cells, pairs % cells
    classes = []
    for old in calibration.classes:
        mine = old[cell]
        wide = int(old.max(initial=0)) + 1
        named, _ = pd.factorize(np.where(mine >= 0, home * wide + mine, -1), use_na_sentinel=True)
        classes.append(np.where(mine >= 0, named, -1).astype(np.int64))
    return replace(calibration, cell=np.asarray(code, dtype=np.int64), classes=tuple(classes))
