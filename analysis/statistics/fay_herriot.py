"""The area-level model of Fay and Herriot (JASA 1979): direct estimates leaning on a regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.statistics.design import Floats

_ROUNDS, _CLOSE = 200, 1e-12


@dataclass(frozen=True)
class FayHerriot:
    """(m,) ``estimate`` (EBLUP), ``mse``, ``line`` x′β, ``own`` the weight γ of the direct value; ``between`` variance
    of true values around the line, ``beta`` (p,)."""

    estimate: Floats
    mse: Floats
    line: Floats
    own: Floats
    between: float
    beta: Floats


def fay_herriot(direct: Floats, sampling: Floats, x: Floats) -> FayHerriot:
    """Fit y_i = x_i′β + v_i + e_i with known var(e_i) = ``sampling`` (m,) > 0; ``x`` (m, p).

    The variance of v by restricted maximum likelihood (Fisher scoring, not below 0); the mean squared error is
    g₁ + g₂ + 2 g₃ of Prasad and Rao (1990), which Datta and Lahiri (2000) show to be right for it to the second order.
    R: ``sae::mseFH(direct ~ x, sampling)``.
    """
    between = _between(direct, sampling, x)
    total = between + sampling
    inverse = np.linalg.inv(x.T @ (x / total[:, None]))
    beta = inverse @ (x.T @ (direct / total))
    line, own = x @ beta, between / total
    first = own * sampling
    second = (1 - own) ** 2 * np.einsum("ij,jk,ik->i", x, inverse, x)
    third = sampling**2 / total**3 * (2 / np.sum(1 / total**2))
    return FayHerriot(line + own * (direct - line), first + second + 2 * third, line, own, between, beta)


def _between(direct: Floats, sampling: Floats, x: Floats) -> float:
    """Variance between areas by REML; traces of P and PP without the (m, m) matrix P = V⁻¹ − V⁻¹X(X′V⁻¹X)⁻¹X′V⁻¹."""
    value = float(max(np.var(direct) - np.mean(sampling), np.mean(sampling) / 10))
    for _ in range(_ROUNDS):
        total = value + sampling
        one, two, three = ((x.T @ (x / total[:, None] ** k)) for k in (1, 2, 3))
        inverse = np.linalg.inv(one)
        residual = (direct - x @ (inverse @ (x.T @ (direct / total)))) / total
        cross = inverse @ two
        trace = np.sum(1 / total) - np.trace(cross)
        traces = np.sum(1 / total**2) - 2 * np.trace(inverse @ three) + np.trace(cross @ cross)
        following = max(0.0, value + float((residual @ residual - trace) / traces))
        if abs(following - value) <= _CLOSE * (value + float(np.mean(sampling))):
            return following
        value = following
    return value
