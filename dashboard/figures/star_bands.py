"""Positions on the league's axis: star bands, dots and whiskers, in percent of the axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

BAND_COLOURS = ("#f4f6f8", "#fff8f1", "#fef1e6", "#fce7da", "#f9ddcb", "#f5d3bd")
HEAT_LOW, HEAT_MIDDLE, HEAT_HIGH = (0xF8, 0xDD, 0xCF), (0xE4, 0xE3, 0xD6), (0xAE, 0xD5, 0xCD)


def position(value: float, scale: tuple[float, float]) -> float:
    """Percent of the axis, kept within it."""
    low, high = scale
    return round(min(100.0, max(0.0, (value - low) / (high - low) * 100)), 2)


@dataclass(frozen=True)
class Band:
    """Where one star's band lies; ``star`` 0 is below the first."""

    star: int
    left: float
    width: float
    colour: str


def bands(thresholds: Sequence[float], scale: tuple[float, float]) -> tuple[Band, ...]:
    """All bands from the left; the end bands reach the ends of the axis."""
    edges = [scale[0], *thresholds, scale[1]]
    out = []
    for star, (low, high) in enumerate(pairwise(edges)):
        left, right = position(low, scale), position(high, scale)
        out.append(Band(star, left, round(right - left, 2), BAND_COLOURS[min(star, len(BAND_COLOURS) - 1)]))
    return tuple(out)


def spaced(values: Sequence[float], scale: tuple[float, float], least: float = 14) -> list[tuple[float, float]]:
    """The values that can be written below the axis without touching, each with its position."""
    out: list[tuple[float, float]] = []
    for value in values:
        left = position(value, scale)
        if not out or left - out[-1][1] >= least:
            out.append((value, left))
    return out


def gradient(found: Sequence[Band]) -> str:
    """The bands as one CSS background, so that a row needs no element for each."""
    stops = ", ".join(f"{b.colour} {b.left}% {round(b.left + b.width, 2)}%" for b in found)
    return f"linear-gradient(90deg, {stops})"


def heat(rate: float | None, low: float = 0.60, high: float = 0.95) -> str:
    """Light colour of a score rate, warm for low and green for high; white where there is none."""
    if rate is None:
        return "#ffffff"
    middle = (low + high) / 2
    here = min(high, max(low, rate))
    first, second = (HEAT_LOW, HEAT_MIDDLE) if here <= middle else (HEAT_MIDDLE, HEAT_HIGH)
    part = (here - low) / (middle - low) if here <= middle else (here - middle) / (high - middle)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in zip(first, second, strict=True))
