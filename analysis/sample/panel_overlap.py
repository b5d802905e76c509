"""Who was asked in two years: the same people or the same PSUs, and the design of both years together.

Where a unit (a PSU, else a person) of a stratum is in both samples, its two years are one observation of their
difference: the strata of the two years become one and the unit's linearised values are summed over both, as R
``survey`` does on the stacked data with ``svydesign(ids = ~unit, strata = ~stratum)``.  Elsewhere the years stay
strata of their own and the samples independent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.sample.pooled_sample import Pool, combine
from analysis.statistics.design import Bools, Design, Floats, Ints, make_design

#: the same respondent id in two years is the same person if among those whose sex is known in both years so many agree;
#: numbers that start again every year agree in about half
SAME_SEX = 0.9


@dataclass(frozen=True)
class Overlap:
    """``design`` of both years · ``shared`` (n,) response of a stratum in which PSUs are in both years · ``panel``
    (n,) of one in which people are, which the questionnaire declares (setting ``panel``) · ``again`` (n,) response of the
    later year of somebody recognised by the respondent id."""

    design: Design
    shared: Bools
    panel: Bools
    again: Bools


def overlap_of(sample: Pool, later: Bools) -> Overlap:
    """The joint design of two years' responses; ``later`` (n,) marks those of the later year."""
    joint, psu, person = _keys(sample)
    clustered = psu >= 0
    shared = _in_both(joint, psu, later)
    panel = _in_both(joint, np.where(clustered, -1, person), later)
    panel &= _same_people(sample, np.where(panel, person, -1), later)
    merged = shared | panel
    unit = np.where(clustered, psu, np.where(panel, psu.max(initial=-1) + 1 + person, -1))
    unit = np.where(panel & (person < 0) & ~clustered, -1, unit)
    stratum, _ = pd.factorize(joint * 3 + np.where(merged, 2, later))
    design = make_design(sample.design.weight, np.asarray(stratum, dtype=np.int64), unit)
    population = _population(sample.design, design)
    second = sample.design.second  # each year's draw within a PSU is one of its own
    again = later & panel & np.isin(person, np.intersect1d(person[panel & later], person[panel & ~later]))
    return Overlap(replace(design, population=population, second=second), shared, panel, again & (person >= 0))


def _keys(sample: Pool) -> tuple[Ints, Ints, Ints]:
    """(n,) stratum without its year, PSU and person (−1: none, or of a questionnaire without panel) of each response."""
    community = np.where(sample.separate, sample.community[0], -2)
    joint, _ = combine({"community_code": (community, sample.community[1]), "stratum": sample.factor("stratum")})
    declared = sample.by_part(lambda form: form.panel)
    respondent = sample.factor("respondent")
    by_mode = sample.by_part(lambda form: form.mode_in_key)
    mode, modes = sample.factor("mode")
    person, _ = combine({"respondent": respondent, "mode": (np.where(by_mode, mode, -1), modes)})
    return joint, sample.factor("psu")[0], np.where(declared & (respondent[0] >= 0), person, -1)


def _in_both(joint: Ints, unit: Ints, later: Bools) -> Bools:
    """(n,) whether the response's stratum has a unit that is in both years."""
    named = unit >= 0
    key = joint * (unit.max(initial=0) + 1) + unit
    both = np.intersect1d(key[named & later], key[named & ~later])
    strata = np.unique(joint[named & np.isin(key, both)])
    return np.isin(joint, strata)


def _same_people(sample: Pool, person: Ints, later: Bools) -> Bools:
    """(n,) whether the respondent ids of the response's community speak of the same people in both years."""
    community = sample.community[0]
    sex = sample.factor("sex")[0]
    frame = pd.DataFrame({"community": community, "person": person, "sex": sex})[(person >= 0) & (sex >= 0)]
    when = later[frame.index]
    both = frame[when].merge(frame[~when], on=["community", "person"])
    agree = (both["sex_x"] == both["sex_y"]).groupby(both["community"]).mean()
    others = agree.index[agree < SAME_SEX]
    return ~np.isin(community, others)


def _population(years: Design, joint: Design) -> Floats:
    """(H,) PSUs in the population of each joint stratum: the smaller sampling fraction of its years stands.

    With the same fraction and the same units in both years that is the population itself.
    """
    fraction = np.full(len(joint.psus), np.inf)
    np.minimum.at(fraction, joint.stratum, (years.psus / years.population)[years.stratum])
    with np.errstate(divide="ignore"):
        return np.where(fraction > 0, joint.psus / fraction, np.inf)
