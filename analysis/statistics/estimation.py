"""Weighted means and shares with design-based standard errors, for any number of groups at once.

One kernel: a mean is a ratio of two weighted totals, its Taylor linearised variable (Särndal, Swensson &
Wretman 1992, result 5.6.2; R ``survey::svymean``) is summed within PSUs, and the variance of those sums is
taken stratum by stratum (Cochran 1977, eq. 9A.37: ultimate clusters), with what the second stage of the design adds
within PSUs (``second_stage``).  Whatever else is linear in means, such as the 300 points, is the same sum.

Where a survey team brought replicate weights their deviations stand behind the linearised variable, and the
variance of those responses comes from them (``replicates``): an *influence* is both, one array.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from analysis.statistics.design import Bools, Design, Floats, Ints, LonelyPsu, LonelyRule, sum_by, unlike
from analysis.statistics.notes import join_notes
from analysis.statistics.replicates import Replicated, ReplicateSample, lay_replicates
from analysis.statistics.second_stage import Within, lay_within, order_within
from analysis.statistics.weighting import Calibration

CONFIDENCE = 0.95
#: a standard error below this part of the values' size is rounding noise around zero
NOISE = 1e-12

Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True)
class Domains:
    """G groups laid over a design; only responses that are in a group and weigh something are kept (m).

    They are put in the order of their cells (group, stratum) and of their PSUs within, so that every sum is
    one pass over neighbours.  ``rows`` (m,) their positions in the design, None if all in order · ``group``,
    ``weight`` (m,) · ``starts`` where each of the U (group, PSU) begins, None where a response is its own ·
    ``cell_starts`` where each of the C cells begins among those U, ``cell_units`` how many it has · per cell
    ``cell_group``, ``cell_psus`` sampled in the stratum, ``cell_unsampled`` 1 − f · ``lonely`` the design's
    rule for a single PSU, or each group's · ``calibration`` of the (m,) responses, None where weights are not calibrated ·
    ``inside`` (m,) members of the group, None: all (``crossing``) · ``replicated`` samples with replicate weights,
    None without, ``cell_covered`` (C,) cells that are theirs · ``within`` the second stage · ``left_out``, ``third`` (C,)
    and ``brought`` (m,) as in the design.
    """

    size: int
    rows: Ints | None
    group: Ints
    weight: Floats
    starts: Ints | None
    cell_starts: Ints
    cell_units: Ints
    cell_group: Ints
    cell_psus: Floats
    cell_unsampled: Floats
    lonely: LonelyRule = "unknown"
    calibration: Calibration | None = None
    inside: Bools | None = None
    replicated: Replicated | None = None
    cell_covered: Bools | None = None
    within: Within | None = None
    left_out: Bools | None = None
    third: Bools | None = None
    brought: Bools | None = None

    @property
    def of(self) -> Ints:
        """(L,) the group that each number of an influence belongs to."""
        if self.replicated is None:
            return self.group
        places = [np.repeat(np.arange(self.size), len(s.factor)) for s in self.replicated.samples]
        return np.concatenate([self.group, *places])

    def goes_by(self, rule: LonelyPsu) -> Bools:
        """(G,) the groups with this rule for a single PSU."""
        found: Bools = np.full(self.size, self.lonely == rule) if isinstance(self.lonely, str) else self.lonely == rule
        return found

    def residual(self, influence: Floats) -> Floats:
        """An influence with residuals where the weights are calibrated."""
        if self.calibration is None:
            return influence
        m = len(self.group)
        linear = self.calibration.residual(influence[:m], self.weight)
        return linear if self.replicated is None else np.concatenate([linear, influence[m:]])

    def take(self, values: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
        """An (n, …) array of the design for the (m, …) responses kept, in their order."""
        return values if self.rows is None else values[self.rows]

    def by_psu(self, values: Floats) -> Floats:
        """(m,) values summed by (group, PSU): (U,)."""
        return values if self.starts is None else np.add.reduceat(values, self.starts)

    def by_cell(self, values: Floats) -> Floats:
        """(U,) values summed by (group, stratum): (C,)."""
        sums: Floats = np.add.reduceat(values, self.cell_starts)
        return sums

    def by_group(self, values: npt.NDArray[Any]) -> Floats:
        """(C,) values summed by group: (G,)."""
        return sum_by(self.cell_group, values.astype(np.float64, copy=False), self.size)

    def any_stratum(self, present: Bools, flag: Bools | None) -> Bools:
        """(G,) whether one of the strata present (C,) has the flag (C,)."""
        return np.zeros(self.size, dtype=bool) if flag is None else self.by_group(present & flag) > 0

    def total(self, values: npt.NDArray[Any]) -> Floats:
        """(m,) values summed by group: (G,)."""
        return self.by_group(self.by_cell(self.by_psu(values.astype(np.float64, copy=False))))


@dataclass(frozen=True)
class Base:
    """Who answered, by group: what every measure of one item shares.

    ``weight`` (m,) 0 where not answered, ``share`` (m,) of the group's weight · ``answered`` (m,) None where
    all did · (G,): ``n`` responses, ``sum_weight``, ``df`` PSUs − strata of the domain, ``lonely`` a stratum
    with a single sampled PSU for which the design's rule has no answer, ``stretch`` what the others stand for
    where it is their average, ``census`` every PSU of its strata is in the sample and all of each · ``replicated`` Σ weights under
    each replicate (``Replicated.sums``) · ``left_out``, ``third`` strata of that kind are in the group (``Design``) ·
    ``mixed`` their weights are of different scales: none counts.
    """

    weight: Floats
    share: Floats
    answered: Bools | None
    n: Floats
    sum_weight: Floats
    df: Floats
    lonely: Bools
    stretch: Floats
    census: Bools
    left_out: Bools
    third: Bools
    mixed: Bools
    replicated: tuple[Floats, ...] = ()

    def filled(self, values: Floats) -> Floats:
        """(m,) values, 0 where not answered."""
        return values if self.answered is None else np.where(self.answered, values, 0.0)


@dataclass(frozen=True)
class Estimate:
    """(G,) each; NaN where it can't be known, and ``note`` (codes joined by ``;``) says why."""

    n: Floats
    sum_weight: Floats
    mean: Floats
    se: Floats
    low: Floats
    high: Floats
    df: Floats
    deff: Floats
    note: npt.NDArray[np.object_]


def _pairs(first: Ints, second: Ints, size: int) -> tuple[Ints, Ints]:
    """Codes of the pairs that occur and the position of one occurrence of each."""
    codes, uniques = pd.factorize(first * size + second)
    where = np.empty(len(uniques), dtype=np.int64)
    where[codes] = np.arange(len(codes))
    return codes.astype(np.int64), where


def _order(key: Ints) -> Ints | None:
    """The stable order of small codes, None where they are in order (two bytes sort in linear time)."""
    if (key[1:] >= key[:-1]).all():
        return None
    narrow = key.astype(np.uint16) if key.max(initial=0) < 2**16 else key
    return np.argsort(narrow, kind="stable")


def lay_domains(
    design: Design,
    group: Ints,
    size: int,
    calibration: Calibration | None = None,
    replicates: Sequence[ReplicateSample] = (),
) -> Domains:
    """Lay groups 0 … size−1 (−1: in none) over a design; ``group`` is (n,).

    ``calibration`` of the design's weights, where every class lies within one group and all of it; ``replicates``
    samples of the design whose errors come from their replicate weights.  R: ``subset(design, …)`` of every group.
    """
    kept = (group >= 0) & (design.weight > 0)
    rows = None if kept.all() else np.flatnonzero(kept)
    weight, stratum, ids = design.weight, design.stratum, design.psu
    if rows is not None:
        group, weight, stratum = group[rows], weight[rows], stratum[rows]
        ids = None if ids is None else ids[rows]
    cell, first = _pairs(group, stratum, len(design.psus))
    home, cell_group = stratum[first], group[first]
    key, starts, units = cell, None, np.bincount(cell, minlength=len(home))
    second = design.second if design.second is None or rows is None else design.second.take(rows)
    if ids is not None:
        unit, one = _pairs(group, ids, int(ids.max(initial=0)) + 1)
        unit_cell = cell[one]
        rank = np.empty(len(one), dtype=np.int64)
        rank[np.argsort(unit_cell, kind="stable")] = np.arange(len(one))
        key, units = rank[unit], np.bincount(unit_cell, minlength=len(home))
        starts = np.cumsum(count := np.bincount(key, minlength=len(one))) - count
    order = _order(key) if second is None else order_within(second, key)
    if order is not None:
        rows = order if rows is None else rows[order]
        group, weight = group[order], weight[order]
    within = None
    if second is not None and order is not None and len(order):
        within = lay_within(design, second.take(order), key[order], group, stratum[order])
    domains = Domains(
        size,
        rows,
        group,
        weight,
        starts,
        np.cumsum(units) - units,
        units,
        cell_group,
        design.psus[home],
        design.unsampled[home],
        design.lonely,
        None if calibration is None else calibration.take(rows),
        within=within,
        left_out=None if design.left_out is None else design.left_out[home],
        third=None if design.third is None else design.third[home],
        brought=None if design.brought is None else design.brought[slice(None) if rows is None else rows],
    )
    return _with_replicates(domains, replicates) if replicates else domains


def _with_replicates(domains: Domains, samples: Sequence[ReplicateSample]) -> Domains:
    """The cells of samples with replicates add nothing to a linearised variance."""
    rows = np.arange(len(domains.group)) if domains.rows is None else domains.rows
    laid = lay_replicates(samples, rows, domains.group, domains.size)
    others = domains.by_cell((domains.by_psu((~laid.covered).astype(np.float64)) > 0).astype(np.float64))
    covered = others == 0
    unsampled = np.where(covered, 0.0, domains.cell_unsampled)
    return replace(domains, cell_unsampled=unsampled, replicated=laid, cell_covered=covered)


def base_of(domains: Domains, answered: Bools | None = None) -> Base:
    """The base of a measure that only ``answered`` (m,) responses have; None: all."""
    mask = np.ones(len(domains.group), dtype=bool) if answered is None else answered
    if domains.inside is not None:
        mask = mask & domains.inside
    count = mask.astype(np.float64)
    mixed = unlike(domains.brought, domains.group, domains.size, mask)
    weight = domains.weight * (count * ~mixed[domains.group] if mixed.any() else count)
    n, sum_weight = domains.total(count), domains.total(weight)
    units = domains.by_cell((domains.by_psu(count) > 0).astype(np.float64))
    present, sampled = units > 0, domains.cell_unsampled > 0
    alone = domains.by_group(present & sampled & (domains.cell_psus == 1))
    own = present if domains.cell_covered is None else present & ~domains.cell_covered
    strata = domains.by_group(own)
    df = domains.by_group(np.where(own, units, 0.0)) - strata
    census = domains.by_group(present & sampled) == 0
    unknown, adjust, average = (domains.goes_by(rule) for rule in ("unknown", "adjust", "average"))
    # a rule needs others to go by
    lonely = (alone > 0) & (unknown | (strata <= np.where(adjust, 1, alone)))
    if domains.within is not None:
        census &= ~domains.within.open(mask, domains.size)
        lonely |= (unknown | average) & domains.within.alone(mask, domains.size)
    if domains.replicated is not None:
        df += domains.replicated.df(mask)
        census &= ~domains.replicated.touched.any(axis=0)
    return Base(
        weight=weight,
        share=weight / np.where(sum_weight > 0, sum_weight, 1.0)[domains.group],
        answered=None if mask.all() else mask,
        n=n,
        sum_weight=sum_weight,
        df=df,
        lonely=lonely,
        stretch=np.where(average & (alone > 0), strata / np.maximum(strata - alone, 1.0), 1.0),
        census=census & (n > 0),
        left_out=domains.any_stratum(present, domains.left_out),
        third=domains.any_stratum(present, domains.third),
        mixed=mixed,
        replicated=() if domains.replicated is None else domains.replicated.sums(domains.group, weight),
    )


def linearise(domains: Domains, base: Base, values: Floats) -> tuple[Floats, Floats]:
    """Weighted mean by group (G,) and its influence: the linearised variable w (x − mean) / Σw (m,), with replicates
    also their deviations (``Domains.of`` tells whose).

    ``values`` (m,) are read only where ``base`` answered.  A group that nobody answered has mean NaN and
    influence 0.  R: ``svymean(~x, design, influence = TRUE)``.
    """
    x = base.filled(values)
    known = base.sum_weight > 0
    mean = domains.total(base.weight * x) / np.where(known, base.sum_weight, 1.0)
    centred = x - mean[domains.group]
    linearised = base.share * centred
    if domains.replicated is not None:
        moved = domains.replicated.deviations(domains.group, base.filled(centred), base.weight, base.replicated)
        linearised = np.concatenate([linearised, moved])
    return np.where(known, mean, np.nan), linearised


def variance(domains: Domains, influence: Floats) -> Floats:
    """(G,) variance of a sum of influences: Σ_h (1−f_h) n_h/(n_h−1) Σ_i (z_hi − z̄_h)², absent PSUs as zeros.

    A second stage adds what ``second_stage.Within.variance`` says.  z are residuals where the weights are calibrated.  A stratum with a single sampled PSU adds nothing here,
    under ``adjust`` its z²; ``Base.lonely`` tells where that is unknown, ``Base.stretch`` what it stands for.
    Samples with replicates add theirs instead, NaN where one of them leaves nobody.  R: ``survey:::svyrecvar``.
    """
    psus = domains.cell_psus
    linearised = domains.residual(influence)[: len(domains.group)]
    if domains.replicated is not None:
        linearised = np.where(domains.replicated.covered, 0.0, linearised)
    sums = domains.by_psu(linearised)
    mean = domains.by_cell(sums) / psus
    deviation = sums - np.repeat(mean, domains.cell_units)
    squares = domains.by_cell(deviation * deviation) + (psus - domains.cell_units) * mean * mean
    scale = np.where(psus > 1, psus / np.where(psus > 1, psus - 1, 1.0), 0.0)
    adjust = domains.goes_by("adjust")
    if adjust.any():
        alone = adjust[domains.cell_group] & (psus == 1)
        squares, scale = np.where(alone, mean * mean, squares), np.where(alone, 1.0, scale)
    var = domains.by_group(domains.cell_unsampled * scale * squares)
    if domains.within is not None:
        var += domains.within.variance(linearised, adjust)
    return var if domains.replicated is None else var + domains.replicated.variance(influence[len(domains.group) :])


def t_quantile(df: Floats) -> Floats:
    """Two-sided 95 % quantile of Student's t; NaN without degrees of freedom.  R: ``qt(0.975, df)``."""
    quantile = scipy.special.stdtrit(np.where(df > 0, df, np.nan), 0.5 + CONFIDENCE / 2)
    return np.asarray(quantile, dtype=np.float64)


def conclude(base: Base, mean: Floats, var: Floats, *, scale: Floats | None = None, share: bool = False) -> Estimate:
    """Standard error, 95 % interval and notes of a measure (G,); ``deff`` is left NaN.

    t interval, for a share on the logit scale (R ``svyciprop(method="xlogit")``).  A census has standard
    error 0 and an interval of width 0; without one, zero variance gives no interval (``no_variation``).  A stratum
    with one PSU or a domain without degrees of freedom has nothing to judge by: no error (``one_psu``, with
    replicates ``no_df``), nor has one that a replicate leaves empty (``replicate_empty``).
    ``scale`` (G,) is the size of the values (default |mean|), against which noise is judged.
    """
    known = base.n > 0
    size: Floats = np.abs(mean) if scale is None else scale
    root: Floats = np.sqrt(var * base.stretch)
    se: Floats = np.where(base.census | (root <= NOISE * size), 0.0, root)
    no_df = known & ~base.census & (base.df <= 0)
    se = np.where(known & ~base.lonely & ~no_df & ~np.isnan(mean), se, np.nan)
    flat = (se == 0) & ~base.census
    half = t_quantile(base.df) * np.where(flat, np.nan, se)
    if share:
        inside = (mean > 0) & (mean < 1)
        p = np.where(inside, mean, 0.5)
        logit, width = scipy.special.logit(p), half / (p * (1 - p))
        low, high = (np.where(inside, scipy.special.expit(logit + s * width), np.nan) for s in (-1, 1))
    else:
        low, high = mean - half, mean + half
    exact = base.census & ~np.isnan(mean)
    low, high = np.where(exact, mean, low), np.where(exact, mean, high)
    emptied = known & np.isnan(var) & ~np.isnan(mean)
    note = join_notes(
        len(mean),
        (known & base.lonely, "one_psu"),
        (no_df & ~emptied, "no_df" if base.replicated else "one_psu"),
        (flat, "no_variation"),
        (emptied, "replicate_empty"),
        (known & base.left_out, "fpc_left_out"),
        (known & base.third, "third_stage"),
        (known & base.mixed & np.isnan(mean), "mixed_weights"),
    )
    df = np.where(known, base.df, np.nan)
    return Estimate(base.n, base.sum_weight, mean, se, low, high, df, np.full(len(mean), np.nan), note)


def measure(domains: Domains, base: Base, values: Floats, *, share: bool = False) -> tuple[Estimate, Floats]:
    """Weighted means by group of (m,) values, with everything that docs/results.md, “Estimate”, promises, and their influence.

    ``deff`` is R's ``deff="replace"``: the variance over that of simple random sampling with replacement,
    Σw(x−x̄)² / (Σw (n−1)).
    """
    mean, influence = linearise(domains, base, values)
    var = variance(domains, influence)
    squares = domains.total(base.share * np.square(base.filled(values) - mean[domains.group]))
    result = conclude(base, mean, var, scale=np.sqrt(squares + mean * mean), share=share)
    with np.errstate(divide="ignore", invalid="ignore"):
        deff = np.square(result.se) * (base.n - 1) / squares
    return replace(result, deff=np.where((squares > 0) & (result.se > 0), deff, np.nan)), influence


def estimate(domains: Domains, values: Floats, *, base: Base | None = None, share: bool = False) -> Estimate:
    """``measure`` of (m,) values, NaN where there is no answer; ``base`` saves work where measures share it.

    R: ``svyby(~x, ~group, design, svymean, deff = TRUE)``.
    """
    return measure(domains, base_of(domains, ~np.isnan(values)) if base is None else base, values, share=share)[0]
