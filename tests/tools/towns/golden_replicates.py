"""Replicate weights of the 240 rows of ``golden_sample``, as R makes them: what golden numbers of ``svrepdesign`` rest on.

R, after the lines of ``golden_sample``::

    k <- (0:239) %% 12
    jk1 <- sapply(0:11, function(r) d$w * ifelse(k == r, 0, 12/11))
    units <- sort(unique(d$stratum * 6 + d$psu)); n <- table(units %/% 6)[as.character(units %/% 6)]
    jkn <- sapply(seq_along(units), function(r) { f <- ifelse(d$stratum == units[r] %/% 6, n[r]/(n[r]-1), 1)
      d$w * ifelse(d$stratum*6 + d$psu == units[r], 0, f) })
    boot <- d$w * floor(3 * matrix(lcg(240*20, 77), ncol = 20, byrow = TRUE))
    des <- svrepdesign(weights = ~w, repweights = …, data = d, type = …, combined.weights = TRUE, …)
    H <- matrix(1); for (i in 1:3) H <- rbind(cbind(H, H), cbind(H, -H))     # 8 strata with 2 PSUs, 8 half samples
    half <- sapply(1:8, function(r) ifelse(((0:239) %/% 8 %% 2 == 0) == (H[(0:239) %% 8 + 1, r] > 0), 1, 0))
      BRR: repweights = d$w * 2 * half · Fay: d$w * (0.3 + 1.4 * half), rho = 0.3
      JK1: scale = 11/12, rscales = rep(1, 12) · JKn: scale = 1, rscales = (n-1)/n · mse: JKn with mse = TRUE
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.statistics.replicates import ReplicateSample
from tests.tools.towns.survey_toys import lcg

KINDS = ("JK1", "JKn", "bootstrap", "mse", "BRR", "Fay")


def sample_of(weights: Any, factor: Any, *, mse: bool = False, rows: Any = None) -> ReplicateSample:
    k = len(weights)
    at = np.arange(k) if rows is None else rows
    return ReplicateSample(
        at, np.arange(k), np.asarray(weights, dtype=float), np.asarray(factor, dtype=float), mse, "x"
    )


def replicate_sample(data: dict[str, Any], kind: str) -> ReplicateSample:
    """One of ``KINDS`` for columns ``w`` (240,) weights and ``unit`` (240,) 6 · stratum + psu."""
    w, unit = data["w"], data["unit"]
    if kind == "JK1":
        dropped = np.arange(240)[:, None] % 12 == np.arange(12)
        return sample_of(w[:, None] * np.where(dropped, 0, 12 / 11), np.full(12, 11 / 12))
    if kind == "bootstrap":
        return sample_of(w[:, None] * np.floor(3 * lcg(240 * 20, 77).reshape(240, 20)), np.full(20, 1 / 19))
    if kind in ("BRR", "Fay"):
        rho = 0.0 if kind == "BRR" else 0.3
        signs = np.array([[1 - 2 * (bin(h & r).count("1") % 2) for r in range(8)] for h in range(8)])
        row = np.arange(240)
        half = (row // 8 % 2 == 0)[:, None] == (signs[row % 8] > 0)
        return sample_of(w[:, None] * np.where(half, 2 - rho, rho), np.full(8, 1 / (8 * (1 - rho) ** 2)))
    units = np.unique(unit)
    n = np.bincount(units // 6)[units // 6]
    factor = np.where(unit[:, None] // 6 == units // 6, n / (n - 1), 1.0)
    return sample_of(w[:, None] * np.where(unit[:, None] == units, 0, factor), (n - 1) / n, mse=kind == "mse")
