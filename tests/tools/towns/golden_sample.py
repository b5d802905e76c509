"""240 rows that R makes with the same generator, under four designs and one of two stages: what golden numbers of R ``survey`` 4.1-1 rest on.

R, for every golden number of ``tests/analysis/statistics/descriptive``::

    lcg <- function(n, seed) { x <- seed; r <- numeric(n)
      for (i in 1:n) { x <- (16807 * x) %% 2147483647; r[i] <- x / 2147483647 }; r }
    u <- matrix(lcg(240 * 6, 2011), ncol = 6, byrow = TRUE)
    d <- data.frame(stratum = floor(u[,1]*3), psu = floor(u[,2]*6), g = floor(u[,3]*4), w = 0.5 + 2*u[,4],
                    x = 1 + floor(5*u[,5]), y = 1 + floor(2.5*(u[,5]+u[,6])), v = 20 + 60*u[,2] + 30*u[,5])
    d$x[u[,6] < 0.1] <- NA; d$y[u[,4] < 0.05] <- NA
    d$a <- floor(3*u[,5]); d$b <- floor(3*((7*u[,6]) %% 1)); d$a[is.na(d$x)] <- NA
    d$fpc <- c(8, 20, 9)[d$stratum + 1]; d$N <- c(100, 90, 300)[d$stratum + 1]
    srs <- svydesign(ids = ~1, weights = ~1, data = d)
    strata <- svydesign(ids = ~1, strata = ~stratum, weights = ~w, fpc = ~N, data = d)
    clusters <- svydesign(ids = ~psu, strata = ~stratum, nest = TRUE, weights = ~w, data = d)
    clusters_fpc <- svydesign(ids = ~psu, strata = ~stratum, nest = TRUE, weights = ~w, fpc = ~fpc, data = d)
    d$s <- floor(5*((11*u[,5]) %% 1)); d$f2 <- 6 + ((d$stratum*6 + d$psu) %% 4)
    two_stages <- svydesign(~psu + s, strata = ~stratum, nest = TRUE, weights = ~w, fpc = ~fpc + f2, data = d)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from analysis.statistics.design import Design, Floats, Ints, make_design
from tests.tools.towns.survey_toys import lcg


@dataclass(frozen=True)
class Sample:
    """(240,) columns of the data, NaN for NA, ``unit`` 6 · stratum + psu, the designs by name, and ``two_stages``."""

    g: Ints
    unit: Ints
    x: Floats
    y: Floats
    v: Floats
    a: Floats
    b: Floats
    designs: dict[str, Design]
    two_stages: Design


def golden_sample() -> Sample:
    """The data and their designs."""
    u = lcg(240 * 6, 2011).reshape(-1, 6)
    stratum, psu, g = (np.floor(u[:, i] * k).astype(np.int64) for i, k in ((0, 3), (1, 6), (2, 4)))
    weight, lost = 0.5 + 2 * u[:, 3], u[:, 5] < 0.1
    fpc, people = np.array([8.0, 20.0, 9.0])[stratum], np.array([100.0, 90.0, 300.0])[stratum]
    return Sample(
        g=g,
        unit=6 * stratum + psu,
        x=np.where(lost, np.nan, 1 + np.floor(5 * u[:, 4])),
        y=np.where(u[:, 3] < 0.05, np.nan, 1 + np.floor(2.5 * (u[:, 4] + u[:, 5]))),
        v=20 + 60 * u[:, 1] + 30 * u[:, 4],
        a=np.where(lost, np.nan, np.floor(3 * u[:, 4])),
        b=np.floor(3 * ((7 * u[:, 5]) % 1)),
        designs={
            "srs": make_design(None, np.zeros(240, dtype=np.int64)),
            "strata": make_design(weight, stratum, fpc=people),
            "clusters": make_design(weight, stratum, psu),
            "clusters_fpc": make_design(weight, stratum, psu, fpc),
        },
        two_stages=make_design(
            weight,
            stratum,
            psu,
            fpc,
            ssu=np.floor(5 * ((11 * u[:, 4]) % 1)).astype(np.int64),
            fpc2=6.0 + (6 * stratum + psu) % 4,
        ),
    )


def agrees(found: object, golden: object) -> None:
    """Numbers that R printed with 13 digits; NaN only where R has none."""
    assert np.asarray(found, dtype=np.float64) == pytest.approx(np.asarray(golden), rel=2e-12, nan_ok=True)
