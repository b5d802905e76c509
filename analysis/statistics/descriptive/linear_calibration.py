"""Weights that agree with known totals of numbers (age sums, households, dwellings): linear calibration, or GREG.

Deville, Särndal: Calibration estimators in survey sampling, JASA 87 (1992), case 1 (linear) and case 7 (linear, truncated);
R ``calibrate(design, ~x, population, calfun = "linear", bounds = c(low, high))`` of survey 4.1-1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analysis.statistics.design import Design, Floats, Ints
from survey.core.errors import Refused

#: largest relative distance from the totals that counts as agreement, and how many Newton steps may lead there
TOLERANCE, STEPS = 1e-10, 200


@dataclass(frozen=True)
class LinearCalibration:
    """``design`` with the new weights · ``factor`` (n,) new by old weight · ``x`` (n, k) · ``weight`` (n,) as they were."""

    design: Design
    factor: Floats
    x: Floats
    weight: Floats

    def residual(self, influence: Floats, rows: Ints | None = None) -> Floats:
        """An influence (m,) of the design with the new weights, less what the known totals leave no doubt about.

        Its variance by the kernel is that of the calibrated estimate: ``variance(domains, made.residual(influence,
        domains.rows))``, where the domains are one group of everybody and ``base_of(domains, mask)`` is the domain, since who
        is outside of it helped to fix the totals.  R does the same in ``svyrecvar``.
        """
        x, old, new = self.x, self.weight, self.design.weight
        if rows is not None:
            x, old, new = x[rows], old[rows], new[rows]
        root = np.sqrt(old)
        each = np.where(new != 0, influence / np.where(new != 0, new, 1.0), 0.0)
        slope = np.linalg.lstsq(x * root[:, None], each * root, rcond=None)[0]
        return np.asarray(influence - new * (x @ slope))


def calibrate_linear(
    design: Design, x: Floats, totals: Floats, bounds: tuple[float, float] | None = None
) -> LinearCalibration:
    """Weights that give the ``totals`` (k,) of ``x`` (n, k), as near as can be to those of the design.

    ``bounds``: the least and the most by which a weight may be multiplied; without them weights may become negative.
    Raises Refused where numbers are missing, and where no weights (within the bounds) meet the totals.
    R: ``calibrate(design, ~x1 + x2, population = c(`(Intercept)` = , x1 = , x2 = ), calfun = "linear", bounds = )``; a
    constant among the totals is a column of ones.
    """
    if not (np.isfinite(x).all() and np.isfinite(totals).all()):
        raise Refused("estimation.calibration_missing")
    low, high = bounds or (-np.inf, np.inf)
    if not low <= 1 <= high:
        raise Refused("estimation.calibration_bounds", low=f"{low:g}", high=f"{high:g}")
    size = np.maximum(np.abs(totals), 1.0)
    slope, factor = np.zeros(x.shape[1]), np.ones(len(x))
    for _ in range(STEPS):
        gap = totals - (design.weight * factor) @ x
        if (np.abs(gap) <= TOLERANCE * size).all():
            return LinearCalibration(replace(design, weight=design.weight * factor), factor, x, design.weight)
        free = design.weight * ((factor > low) & (factor < high) | (factor == 1))
        slope = slope + np.linalg.lstsq((x * free[:, None]).T @ x, gap, rcond=None)[0]
        factor = np.clip(1 + x @ slope, low, high)
    raise Refused("estimation.calibration_unmet", low=f"{low:g}", high=f"{high:g}")
