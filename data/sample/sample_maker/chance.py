"""Chance that gives the same numbers on every machine and with every numpy to come.

``RandomState`` is used on purpose: its stream is frozen (NEP 19), that of ``default_rng`` is not.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

SEED = 20141120

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def stream(*topic: object) -> np.random.RandomState:
    """A generator of its own for each topic, so that a change in one file does not stir the others."""
    return np.random.RandomState((SEED + zlib.crc32("/".join(map(str, topic)).encode())) % 2**32)


def pick(random: np.random.RandomState, n: int, shares: Sequence[float]) -> Ints:
    """n draws of 0 … k-1 with these shares (they need not sum to 1)."""
    cumulative = np.cumsum(np.asarray(shares, dtype=float))
    return np.searchsorted(cumulative / cumulative[-1], random.random_sample(n), side="right")


def largest_remainder(total: int, shares: Floats) -> Ints:
    """Whole numbers in these proportions that sum to ``total`` (Hare–Niemeyer)."""
    exact = total * shares / shares.sum()
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole
