"""Weighted means and shares with design-based standard errors, for any number of groups at once.

One kernel: a mean is a ratio of two weighted totals, its Taylor linearised variable (Särndal, Swensson &
Wretman 1992, result 5.6.2; R ``survey::svymean``) is summed within PSUs, and the variance of those sums is
taken stratum by stratum (Cochran 1977, eq. 9A.37: ultimate clusters).  Whatever else is linear in means, such
as the 300 points, is the same sum of linearised variables.  Nothing here loops over groups.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from analysis.design import Bools, Design, Floats, Ints
from analysis.notes import join_notes

CONFIDENCE = 0.95
#: a standard error below this part of the values' size is rounding noise around zero
NOISE = 1e-12

Scalar = TypeVar("Scalar", bound=np.generic)


def sum_by(index: Ints, values: npt.NDArray[Any] | None, size: int) -> Floats:
    """(size,) values summed by index; None counts."""
    return np.bincount(index, values, size).astype(np.float64, copy=False)


@dataclass(frozen=True)
class Domains:
    """G groups laid over a design; only responses that are in a group and weigh something are kept (m).

    ``rows`` (m,) their positions, None if all · ``group``, ``weight`` (m,) · ``psu`` (m,) index of the pair
    (group, PSU), None where a response is its own · ``cell`` index of the pair (group, stratum) of every
    such PSU · per cell: ``cell_group``, ``cell_psus`` sampled in the stratum, ``cell_unsampled`` 1 − f,
    ``cell_absent`` PSUs of the stratum without a response of the group.
    """

    size: int
    rows: Ints | None
    group: Ints
    weight: Floats
    psu: Ints | None
    cell: Ints
    cell_group: Ints
    cell_psus: Floats
    cell_unsampled: Floats
    cell_absent: Floats

    def take(self, values: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
        """An (n, …) array of the design restricted to the (m, …) responses kept."""
        return values if self.rows is None else values[self.rows]

    def total(self, values: npt.NDArray[Any] | None) -> Floats:
        """(m,) values summed by group; None counts responses."""
        return sum_by(self.group, values, self.size)

    def by_psu(self, values: Floats) -> Floats:
        """(m,) values summed by (group, PSU)."""
        return values if self.psu is None else sum_by(self.psu, values, len(self.cell))


@dataclass(frozen=True)
class Base:
    """Who answered, by group: what every measure of one item shares.

    ``weight`` (m,) 0 where not answered · ``answered`` (m,) None where all did · (G,): ``n`` responses,
    ``sum_weight``, ``df`` PSUs − strata of the domain, ``lonely`` a stratum with a single sampled PSU,
    ``census`` every PSU of its strata is in the sample.
    """

    weight: Floats
    answered: Bools | None
    n: Floats
    sum_weight: Floats
    df: Floats
    lonely: Bools
    census: Bools


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


def lay_domains(design: Design, group: Ints, size: int) -> Domains:
    """Lay groups 0 … size−1 (−1: in none) over a design; ``group`` is (n,)."""
    kept = (group >= 0) & (design.weight > 0)
    rows = None if kept.all() else np.flatnonzero(kept)
    weight, stratum, ids = design.weight, design.stratum, design.psu
    if rows is not None:
        group, weight, stratum = group[rows], weight[rows], stratum[rows]
        ids = None if ids is None else ids[rows]
    psu, psu_group = None, group
    if ids is not None:
        psu, where = _pairs(group, ids, int(ids.max(initial=0)) + 1)
        stratum, psu_group = stratum[where], group[where]
    cell, first = _pairs(psu_group, stratum, len(design.psus))
    home = stratum[first]
    psus = design.psus[home]
    absent = psus - sum_by(cell, None, len(home))
    return Domains(size, rows, group, weight, psu, cell, psu_group[first], psus, design.unsampled[home], absent)


def base_of(domains: Domains, answered: Bools | None = None) -> Base:
    """The base of a measure that only ``answered`` (m,) responses have; None: all."""
    if answered is not None and answered.all():
        answered = None
    weight = domains.weight if answered is None else np.where(answered, domains.weight, 0.0)
    n = domains.total(answered)
    count = None if answered is None else answered.astype(np.float64)
    if domains.psu is None:
        in_psu = count
    else:
        in_psu = (sum_by(domains.psu, count, len(domains.cell)) > 0).astype(np.float64)
    in_cell = sum_by(domains.cell, in_psu, len(domains.cell_group))
    present = in_cell > 0
    strata = sum_by(domains.cell_group, present, domains.size)
    sampled = domains.cell_unsampled > 0
    alone = present & (domains.cell_psus == 1) & sampled
    return Base(
        weight=weight,
        answered=answered,
        n=n,
        sum_weight=domains.total(weight),
        df=sum_by(domains.cell_group, in_cell, domains.size) - strata,
        lonely=sum_by(domains.cell_group, alone, domains.size) > 0,
        census=(sum_by(domains.cell_group, present & sampled, domains.size) == 0) & (n > 0),
    )


def linearise(domains: Domains, base: Base, values: Floats) -> tuple[Floats, Floats]:
    """Weighted mean by group (G,) and its linearised variable w (x − mean) / Σw (m,).

    ``values`` (m,) are read only where ``base`` answered.  A group that nobody answered has mean NaN and
    linearised 0.
    """
    x = values if base.answered is None else np.where(base.answered, values, 0.0)
    known = base.sum_weight > 0
    divisor = np.where(known, base.sum_weight, 1.0)
    mean = domains.total(base.weight * x) / divisor
    linearised = base.weight * (x - mean[domains.group]) / divisor[domains.group]
    return np.where(known, mean, np.nan), linearised


def variance(domains: Domains, linearised: Floats) -> Floats:
    """(G,) variance of Σ linearised: Σ_h (1−f_h) n_h/(n_h−1) Σ_i (z_hi − z̄_h)², absent PSUs as zeros.

    A stratum with a single sampled PSU adds nothing here; ``Base.lonely`` tells where that is unknown.
    """
    sums = domains.by_psu(linearised)
    cells = len(domains.cell_group)
    mean = sum_by(domains.cell, sums, cells) / domains.cell_psus
    deviation = sums - mean[domains.cell]
    squares = sum_by(domains.cell, deviation * deviation, cells) + domains.cell_absent * mean * mean
    several = domains.cell_psus > 1
    scale = np.where(several, domains.cell_psus / np.where(several, domains.cell_psus - 1, 1.0), 0.0)
    return sum_by(domains.cell_group, domains.cell_unsampled * scale * squares, domains.size)


def t_quantile(df: Floats) -> Floats:
    """Two-sided 95 % quantile of Student's t; NaN without degrees of freedom."""
    quantile = special.stdtrit(np.where(df > 0, df, np.nan), 0.5 + CONFIDENCE / 2)
    return np.asarray(quantile, dtype=np.float64)


def conclude(base: Base, mean: Floats, var: Floats, *, scale: Floats | None = None, share: bool = False) -> Estimate:
    """Standard error, 95 % interval and notes of a measure (G,); ``deff`` is left NaN.

    t interval, for a share on the logit scale (R ``svyciprop(method="logit")``).  A census has standard
    error 0 and an interval of width 0; without a census zero variance gives no interval (``no_variation``),
    a stratum with one PSU neither (``one_psu``), nor a domain without degrees of freedom (``no_df``).
    ``scale`` (G,) is the size of the values (default |mean|), against which noise is judged.
    """
    known = base.n > 0
    size: Floats = np.abs(mean) if scale is None else scale
    root: Floats = np.sqrt(var)
    se: Floats = np.where(base.census | (root <= NOISE * size), 0.0, root)
    se = np.where(known & ~base.lonely & ~np.isnan(mean), se, np.nan)
    flat = (se == 0) & ~base.census
    half = t_quantile(base.df) * np.where(flat, np.nan, se)
    if share:
        inside = (mean > 0) & (mean < 1)
        p = np.where(inside, mean, 0.5)
        logit, width = special.logit(p), half / (p * (1 - p))
        low, high = (np.where(inside, special.expit(logit + s * width), np.nan) for s in (-1, 1))
    else:
        low, high = mean - half, mean + half
    exact = base.census & ~np.isnan(mean)
    low, high = np.where(exact, mean, low), np.where(exact, mean, high)
    no_df = (se > 0) & (base.df <= 0)
    note = join_notes(
        len(mean), (known & base.lonely, "one_psu"), (flat, "no_variation"), (no_df & ~base.census, "no_df")
    )
    df = np.where(known, base.df, np.nan)
    return Estimate(base.n, base.sum_weight, mean, se, low, high, df, np.full(len(mean), np.nan), note)


def measure(domains: Domains, base: Base, values: Floats, *, share: bool = False) -> tuple[Estimate, Floats]:
    """Weighted means by group of (m,) values, with everything contract §6 asks, and their linearised variable.

    ``deff`` is R's ``deff="replace"``: the variance over that of simple random sampling with replacement,
    Σw(x−x̄)² / (Σw (n−1)).
    """
    mean, linearised = linearise(domains, base, values)
    var = variance(domains, linearised)
    x = values if base.answered is None else np.where(base.answered, values, 0.0)
    squares = domains.total(linearised * (x - mean[domains.group]))
    result = conclude(base, mean, var, scale=np.sqrt(squares + mean * mean), share=share)
    with np.errstate(divide="ignore", invalid="ignore"):
        deff = np.square(result.se) * (base.n - 1) / squares
    return replace(result, deff=np.where((squares > 0) & (result.se > 0), deff, np.nan)), linearised


def estimate(domains: Domains, values: Floats, *, base: Base | None = None, share: bool = False) -> Estimate:
    """``measure`` of (m,) values, NaN where there is no answer; ``base`` saves work where measures share it."""
    return measure(domains, base_of(domains, ~np.isnan(values)) if base is None else base, values, share=share)[0]
