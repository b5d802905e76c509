"""The sampling design as integers: weight, stratum, PSU, population of PSUs.

Every response that was stored belongs to the design, also those that are not scored or answered
another item: a group is a domain of its strata, and the rest of a stratum counts as zeros.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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


def sum_by(index: Ints, values: Floats, size: int) -> Floats:
    """(size,) values summed by index."""
    return np.bincount(index, values, size).astype(np.float64, copy=False)


@dataclass(frozen=True)
class Design:
    """A one-stage (or ultimate-cluster) design of n responses in H strata.

    ``weight``      (n,) ≥ 0.
    ``stratum``     (n,) 0 … H−1.
    ``psu``         (n,) 0 … P−1, nested in strata; None where every response is its own PSU.
    ``psus``        (H,) number of PSUs in the sample.
    ``population``  (H,) number of PSUs in the population, inf where it is not known.
    ``lonely``      what a stratum with a single PSU in the sample adds to a variance: ``unknown`` leaves the
                    standard error empty; ``certainty`` nothing, ``average`` the mean of the other strata,
                    ``adjust`` its square around the mean of the whole sample (R ``survey.lonely.psu``).
    """

    weight: Floats
    stratum: Ints
    psu: Ints | None
    psus: Floats
    population: Floats
    lonely: LonelyPsu = "unknown"

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
    stratum_name: Callable[[int], str] = str,
    lonely: LonelyPsu = "unknown",
) -> Design:
    """A checked design.

    ``weight`` None means 1 each.  ``psu`` ids need only be distinct within a stratum; a negative id is a
    response that is its own PSU.  ``fpc`` (n,) is the number of PSUs in the stratum's population, NaN
    where it is not stated (a stratum takes the one number stated for it).  ``stratum_name`` words a
    stratum for the reader.

    Raises ``Refused`` for a negative or missing weight, two fpc in one stratum, or an fpc smaller than
    the number of PSUs in the sample (a fraction given instead of a count ends here too).
    """
    n = len(stratum)
    strata = int(stratum.max()) + 1 if n else 0
    weight = np.ones(n) if weight is None else weight
    _check_weight(weight)
    nested = None if psu is None else _nested(stratum, psu)
    if nested is None:
        psus = np.bincount(stratum, minlength=strata)
    else:
        home = np.zeros(int(nested.max()) + 1 if n else 0, dtype=np.int64)
        home[nested] = stratum
        psus = np.bincount(home, minlength=strata)
    counts = psus.astype(np.float64)
    return Design(weight, stratum, nested, counts, _population(fpc, stratum, counts, stratum_name), lonely)


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


def _population(fpc: Floats | None, stratum: Ints, psus: Floats, stratum_name: Callable[[int], str]) -> Floats:
    """(H,) PSUs in the population, inf where not stated."""
    population = np.full(len(psus), np.inf)
    if fpc is None:
        return population
    stated = ~np.isnan(fpc)
    population[stratum[stated]] = fpc[stated]
    differs = np.flatnonzero(stated & (population[stratum] != fpc))
    if len(differs):
        row = differs[0]
        raise Refused(
            "estimation.fpc_differs",
            stratum=stratum_name(int(stratum[row])),
            one=f"{fpc[row]:g}",
            other=f"{population[stratum[row]]:g}",
        )
    small = np.flatnonzero(population < psus)
    if len(small):
        h = int(small[0])
        raise Refused(
            "estimation.fpc_small", stratum=stratum_name(h), fpc=f"{population[h]:g}", sample=f"{psus[h]:.0f}"
        )
    return population
