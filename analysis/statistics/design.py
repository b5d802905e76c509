"""The sampling design as integers: weight, stratum, PSU, population of PSUs, and what was drawn within PSUs.

Every response that was stored belongs to the design, also those that are not scored or answered
another item: a group is a domain of its strata, and the rest of a stratum counts as zeros.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.core.errors import Refused

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
#: what stands for the variance within a stratum of which a single PSU was drawn
LonelyPsu = Literal["unknown", "certainty", "average", "adjust"]
#: one rule for all groups, or (G,) each group's
LonelyRule = LonelyPsu | npt.NDArray[np.str_]
#: above this share of a stratum's PSUs, what is unknown within them can't be passed over (docs/methods.md, 4)
FIRST_STAGE = 0.1
_FPC = ("estimation.fpc_differs", "estimation.fpc_small")
_FPC2 = ("estimation.fpc2_differs", "estimation.fpc2_small")


def sum_by(index: Ints, values: Floats, size: int) -> Floats:
    """(size,) values summed by index."""
    return np.bincount(index, values, size).astype(np.float64, copy=False)


def unlike(brought: Bools | None, group: Ints, size: int, there: Bools) -> Bools:
    """(size,) whether weights of different scales (``Design.brought``) come together in a group, of those who are ``there``."""
    if brought is None:
        return np.zeros(size, dtype=bool)
    mine, others = (np.bincount(group[rows], minlength=size) > 0 for rows in (there & brought, there & ~brought))
    return np.asarray(mine & others)


@dataclass(frozen=True)
class SecondStage:
    """What was drawn within PSUs: SSUs (persons, where there are none between) in S parts.

    A part is a PSU, in a design of two years a PSU of one of them.  ``part`` (n,) 0 … S−1 · ``unit`` (n,) SSUs, distinct
    over parts, None where every response is its own · ``units`` (S,) SSUs in the sample · ``population`` (S,) SSUs in
    the part, inf where it is not known.
    """

    part: Ints
    unit: Ints | None
    units: Floats
    population: Floats

    @property
    def unsampled(self) -> Floats:
        """(S,) share of the part's SSUs that were not drawn, 1 − f2."""
        share: Floats = 1.0 - self.units / self.population
        return share

    def take(self, rows: Ints) -> SecondStage:
        """The same parts with the responses at these places."""
        return replace(self, part=self.part[rows], unit=None if self.unit is None else self.unit[rows])


@dataclass(frozen=True)
class Design:
    """A design of n responses in H strata: one stage (or ultimate clusters), or two.

    ``weight``      (n,) ≥ 0.
    ``stratum``     (n,) 0 … H−1.
    ``psu``         (n,) 0 … P−1, nested in strata; None where every response is its own PSU.
    ``psus``        (H,) number of PSUs in the sample.
    ``population``  (H,) number of PSUs in the population, inf where it is not known.
    ``lonely``      what a stratum with a single PSU in the sample adds to a variance: ``unknown`` leaves the
                    standard error empty; ``certainty`` nothing, ``average`` the mean of the other strata,
                    ``adjust`` its square around the mean of the whole sample (R ``survey.lonely.psu``).
    ``second``      what was drawn within PSUs, None where only PSUs count (R ``ids = ~psu``).
    ``left_out``    (H,) strata whose population of PSUs was told and does not count; ``third`` (H,) strata with SSUs that
                    may hold more persons than were asked; ``contradicts`` (H,) strata in which what was told
                    means nothing together and does not count; None: nowhere (``told_design``).
    ``brought``     (n,) whether the weight is one that the questionnaire brings, which has no common scale with the
                    others; None: all weights are of one scale.
    """

    weight: Floats
    stratum: Ints
    psu: Ints | None
    psus: Floats
    population: Floats
    lonely: LonelyPsu = "unknown"
    second: SecondStage | None = None
    left_out: Bools | None = None
    third: Bools | None = None
    contradicts: Bools | None = None
    brought: Bools | None = None

    def __len__(self) -> int:
        return len(self.weight)

    @property
    def unsampled(self) -> Floats:
        """(H,) share of the stratum's PSUs that were not drawn: the finite population correction 1 − f."""
        share: Floats = 1.0 - self.psus / self.population
        return share


def make_design(
    weight: Floats | None,
    stratum: Ints,
    psu: Ints | None = None,
    fpc: Floats | None = None,
    *,
    ssu: Ints | None = None,
    fpc2: Floats | None = None,
    stratum_name: Callable[[int], str] = str,
    lonely: LonelyPsu = "unknown",
) -> Design:
    """A checked design, as R ``svydesign(ids = ~psu + ssu, strata = ~stratum, weights = ~weight, fpc = ~fpc + fpc2,
    nest = TRUE)``; without ``fpc2`` ``ids = ~psu, fpc = ~fpc``.

    ``weight`` None means 1 each.  ``psu`` ids need only be distinct within a stratum; a negative id is a
    response that is its own PSU.  ``fpc`` (n,) is the number of PSUs in the stratum's population, NaN
    where it is not stated (a stratum takes the one number stated for it), ``fpc2`` (n,) likewise the number of
    SSUs in the PSU.  ``ssu`` ids need only be distinct within a PSU; without them, and where one is negative, a
    response is its own SSU.  A response that is its own PSU is a PSU of one person.  ``stratum_name`` words a
    stratum for the reader.

    Raises ``Refused`` for a negative or missing weight, two fpc in one stratum (fpc2 in one PSU), or an fpc smaller
    than the number of PSUs in the sample (a fraction given instead of a count ends here too).
    """
    n = len(stratum)
    strata = int(stratum.max()) + 1 if n else 0
    weight = np.ones(n) if weight is None else weight
    _check_weight(weight)
    nested = None if psu is None else _nested(stratum, psu)
    counts = _units_in(stratum, nested, strata)
    population = _population(fpc, stratum, counts, stratum_name, _FPC)
    second = None
    if nested is not None and psu is not None and fpc2 is not None:
        second = _second_stage(stratum, nested, psu, ssu, fpc2, stratum_name)
    return Design(weight, stratum, nested, counts, population, lonely, second)


def _units_in(outer: Ints, unit: Ints | None, size: int) -> Floats:
    """(size,) units in each of ``outer`` (n,), whose names ``unit`` (n,) are distinct over all; None: each response is one."""
    home = outer
    if unit is not None:
        home = np.zeros(int(unit.max(initial=-1)) + 1, dtype=np.int64)
        home[unit] = outer
    return np.bincount(home, minlength=size).astype(np.float64)


def _second_stage(
    stratum: Ints, nested: Ints, psu: Ints, ssu: Ints | None, fpc2: Floats, stratum_name: Callable[[int], str]
) -> SecondStage:
    """SSUs made distinct over PSUs and counted; ``psu`` ids as given, ``nested`` 0 … P−1."""
    size = int(nested.max(initial=-1)) + 1
    unit = None if ssu is None else _nested(nested, ssu)
    units = _units_in(nested, unit, size)
    one = np.zeros(size, dtype=np.int64)
    one[nested] = stratum
    alone = np.where((psu < 0) & np.isnan(fpc2), 1.0, fpc2)
    population = _population(alone, nested, units, lambda p: stratum_name(int(one[p])), _FPC2)
    return SecondStage(nested, unit, units, population)


def told_design(
    weight: Floats | None,
    stratum: Ints,
    psu: Ints | None = None,
    fpc: Floats | None = None,
    *,
    ssu: Ints | None = None,
    fpc2: Floats | None = None,
    stratum_name: Callable[[int], str] = str,
) -> Design:
    """``make_design`` of what a survey team told, where no error may come out smaller than the truth.

    The population of PSUs says that nothing is unknown once all of them are in, though people within them were drawn.  It
    counts in a stratum only where every PSU says how many SSUs it has, and at least two of them (or all) were asked, or
    where at most ``FIRST_STAGE`` of its PSUs are in; elsewhere the stratum is taken as drawn with replacement (``left_out``).
    SSUs that have a name may hold more persons than were asked: with all SSUs of all PSUs in the population does not count
    either, above ``FIRST_STAGE`` of all SSUs ``third`` says so.

    Populations that contradict each other or the sample count nowhere in their stratum, or PSU (``contradicts``): what came
    in before it was asked about must not keep a year from being looked at.
    R: ``svydesign(ids = ~psu, weights = ~weight)`` where a stratum's fpc does not count.
    """
    try:
        design = make_design(weight, stratum, psu, fpc, ssu=ssu, fpc2=fpc2, stratum_name=stratum_name)
    except Refused as refused:
        if refused.key not in (*_FPC, *_FPC2):
            raise
        fpc, fpc2, contradicts = _agreeing(stratum, psu, fpc, ssu, fpc2)
        design = replace(make_design(weight, stratum, psu, fpc, ssu=ssu, fpc2=fpc2), contradicts=contradicts)
    if design.psu is None or psu is None or not np.isfinite(design.population).any():
        return replace(design, second=None)
    strata = len(design.psus)
    clustered = np.bincount(stratum, psu >= 0, strata) > 0
    share = design.psus / design.population
    if design.second is None:
        left_out = clustered & (share > FIRST_STAGE)
        return replace(design, population=np.where(left_out, np.inf, design.population), left_out=left_out)
    second = design.second
    home = np.zeros(len(second.units), dtype=np.int64)
    home[second.part] = stratum
    told = np.isfinite(second.population) & ((second.units > 1) | (second.population == 1))
    complete = np.bincount(home, ~told, strata) == 0
    named = np.zeros(strata, dtype=bool) if ssu is None else np.bincount(stratum, ssu >= 0, strata) > 0
    asked = np.bincount(home, second.units, strata) / np.maximum(np.bincount(home, second.population, strata), 1.0)
    whole = named & complete & (share * asked >= 1)
    left_out = clustered & ((~complete & (share > FIRST_STAGE)) | whole)
    third = named & complete & ~whole & (share * asked > FIRST_STAGE)
    known = np.where(left_out, np.inf, design.population)
    counts = complete & ~left_out
    second = replace(second, population=np.where(counts[home], second.population, second.units))
    return replace(design, population=known, second=second, left_out=left_out, third=third)


def _agreeing(
    stratum: Ints, psu: Ints | None, fpc: Floats | None, ssu: Ints | None, fpc2: Floats | None
) -> tuple[Floats | None, Floats | None, Bools]:
    """Both populations without those that contradict each other or the sample, and the strata (H,) that have such."""
    bare = make_design(None, stratum, psu)
    contradicts = np.zeros(len(bare.psus), dtype=bool)
    if fpc is not None:
        contradicts = _contradicted(fpc, stratum, bare.psus)
        fpc = np.where(contradicts[stratum], np.nan, fpc)
    if fpc2 is not None and psu is not None and bare.psu is not None:
        part = bare.psu
        units = _second_stage(stratum, part, psu, ssu, np.full(len(part), np.nan), str).units
        wrong = _contradicted(fpc2, part, units)[part]
        contradicts = contradicts | (np.bincount(stratum, wrong, len(bare.psus)) > 0)
        fpc2 = np.where(wrong, np.nan, fpc2)
    return fpc, fpc2, contradicts


def _contradicted(told: Floats, group: Ints, units: Floats) -> Bools:
    """(G,) groups that are told two populations, or fewer than the units in the sample."""
    population = np.full(len(units), np.inf)
    stated = ~np.isnan(told)
    population[group[stated]] = told[stated]
    differs = np.bincount(group, stated & (population[group] != told), len(units)) > 0
    return np.asarray(differs | (population < units))


def _check_weight(weight: Floats) -> None:
    """Refuse weights that mean nothing."""
    missing = int(np.count_nonzero(~np.isfinite(weight)))
    if missing:
        raise Refused("estimation.missing_weight", count=missing)
    negative = int(np.count_nonzero(weight < 0))
    if negative:
        raise Refused("estimation.negative_weight", count=negative, found=float(weight.min()))


def _nested(stratum: Ints, psu: Ints) -> Ints:
    """PSU ids made distinct over strata, 0 … P−1."""
    alone = psu < 0
    ids = np.where(alone, psu.max(initial=0) + 1 + np.arange(len(psu)), psu)
    codes, _ = pd.factorize(stratum * (ids.max(initial=0) + 1) + ids)
    return np.asarray(codes, dtype=np.int64)


def _population(
    fpc: Floats | None, stratum: Ints, psus: Floats, stratum_name: Callable[[int], str], keys: tuple[str, str]
) -> Floats:
    """(H,) PSUs in the population, inf where not stated; ``keys`` of two numbers for one and of one too small."""
    population = np.full(len(psus), np.inf)
    if fpc is None:
        return population
    stated = ~np.isnan(fpc)
    population[stratum[stated]] = fpc[stated]
    differs = np.flatnonzero(stated & (population[stratum] != fpc))
    if len(differs):
        row = differs[0]
        raise Refused(
            keys[0],
            stratum=stratum_name(int(stratum[row])),
            one=f"{fpc[row]:g}",
            other=f"{population[stratum[row]]:g}",
        )
    small = np.flatnonzero(population < psus)
    if len(small):
        h = int(small[0])
        raise Refused(keys[1], stratum=stratum_name(h), fpc=f"{population[h]:g}", sample=f"{psus[h]:.0f}")
    return population
