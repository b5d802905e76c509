"""How numbers are worded, once for all pages and papers: half up, a true minus sign, never "100 %" for a chance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from numbers import Real

from analysis.scoring import rating
from survey.core import limits

DASH = "—"
MINUS = "−"


def half_up(value: float, places: int = 0) -> Decimal:
    """Round half away from zero as people do by hand; the binary tail behind 9 decimals does not count."""
    return Decimal(f"{value:.9f}").quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def known(value: object) -> bool:
    """Whether there is a number at all."""
    return isinstance(value, Real) and math.isfinite(value)


def points(value: float | None, places: int = 0) -> str:
    """A score, ``—`` where there is none."""
    if value is None or not known(value):
        return DASH
    shown = half_up(value, places)
    return str(abs(shown) if shown == 0 else shown).replace("-", MINUS)


def count(value: float | None) -> str:
    """How many, with separators: ``2,418``."""
    return DASH if value is None or not known(value) else f"{half_up(value):,}"


def total(value: float | None, thresholds: Iterable[float] = ()) -> str:
    """A total without decimals, unless rounding would show it on the other side of a threshold."""
    if value is None or not known(value):
        return DASH
    steps = tuple(thresholds)
    for places in (0, 1):
        shown = half_up(value, places)
        if all((float(shown) >= step) == (value >= step) for step in steps):
            return str(shown)
    return str(half_up(value, limits.TOTAL_DECIMALS))


def signed(value: float | None, places: int = 0) -> str:
    """A change with its sign; ``0`` has none."""
    if value is None or not known(value):
        return DASH
    shown = half_up(value, places)
    if shown == 0:
        return "0"
    return ("+" if shown > 0 else MINUS) + str(abs(shown))


def told(value: float) -> int:
    """Decimals of points of which one is usual: two where one would show 0 for what is not nothing (−0.04)."""
    return 1 if abs(value) >= 0.05 - 1e-9 or half_up(value, 2) == 0 else 2


def least(value: float | None) -> str:
    """Points lost, with as many decimals as tell that there are some."""
    return points(value, _told(value))


def won(value: float | None) -> str:
    """Points won (+) or lost (−), with as many decimals as tell that there are some."""
    return signed(value, _told(value))


def _told(value: float | None) -> int:
    return 1 if value is None or not known(value) else told(value)


#: a total that is rounded to two decimals lies this far off the middle of its interval
_ROUNDED = 0.01


def half_width(low: float | None, high: float | None, places: int = 0, *, around: float | None = None) -> str:
    """``± 11`` from an interval, empty where there is none.

    ``around``: the estimate; where the interval is cut at 0 or full marks, its longer side tells the width.
    """
    if low is None or high is None or not (known(low) and known(high)):
        return ""
    half = (high - low) / 2
    side = half if around is None or not known(around) else max(high - around, around - low)
    return f"± {half_up(side if side > half + _ROUNDED else half, places)}"


def share(value: float | None) -> str:
    """A share of answers in whole percent, without the sign."""
    return DASH if value is None or not known(value) else str(half_up(100 * value))


def chance(value: float | None) -> str:
    """A probability in whole percent: ``>99%`` and ``<1%`` at the ends, never 0 or 100."""
    if value is None or not known(value):
        return DASH
    if value > 0.99:
        return ">99%"
    if value < 0.01:
        return "<1%"
    return f"{half_up(100 * value)}%"


def ranks(rank: float | None, low: float | None, high: float | None) -> str:
    """Possible ranks: ``4–5``, or one number where there is only one."""
    if rank is None or not known(rank):
        return DASH
    if low is None or high is None or not (known(low) and known(high)):
        return points(rank)
    return points(low) if int(low) == int(high) else f"{points(low)}–{points(high)}"


def stability(probability: float | None) -> str:
    """Word key of a calculated star's stability: stable, fairly stable, borderline (docs/results.md, “Stars”)."""
    if probability is None or not known(probability):
        return ""
    return rating.stability(probability)


def required(share_wanted: float, communities: int) -> int:
    """How many communities a target asks for: round half up (share × N)."""
    return int(half_up(share_wanted * communities))


def gap(value: float) -> str:
    """Points to the next star; below one point with as many decimals as it needs."""
    return points(value) if value >= 0.95 else points(value, 1 if value >= 0.095 else 2)


def to_hundred(shares: Sequence[float], digits: int = 0) -> list[float]:
    """Shares of a whole (0–1) in percent, rounded so that they add up to what their sum is rounded to: those with the largest
    remainders are rounded up (Hare–Niemeyer)."""
    unit = 10**digits
    exact = [100 * unit * share for share in shares]
    whole = [math.floor(x + 1e-9) for x in exact]
    left = round(sum(exact)) - sum(whole)
    for place in sorted(range(len(exact)), key=lambda n: round(whole[n] - exact[n], 9))[: max(0, left)]:
        whole[place] += 1
    return [one / unit for one in whole]
