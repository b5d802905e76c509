"""Stacked bars of answers around the middle of the neutral choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_PALETTES = {
    1: ("#e6e8ec",),
    2: ("#2b6777", "#b04c24"),
    3: ("#2b6777", "#e6e8ec", "#b04c24"),
    4: ("#2b6777", "#8fbcb4", "#f0b490", "#b04c24"),
    5: ("#2b6777", "#8fbcb4", "#e6e8ec", "#f0b490", "#b04c24"),
    6: ("#2b6777", "#5f98a0", "#a9cdc6", "#f5cdb3", "#e79a6c", "#b04c24"),
    7: ("#2b6777", "#5f98a0", "#a9cdc6", "#e6e8ec", "#f5cdb3", "#e79a6c", "#b04c24"),
}
_WHITE_ON = frozenset(("#2b6777", "#b04c24"))
#: a piece narrower than this (percent of the chart) has no room for its digits
NARROW = 7.0


@dataclass(frozen=True)
class Piece:
    """One choice of one item: its place in percent of the chart, its colour, its share."""

    left: float
    width: float
    colour: str
    text_colour: str
    share: float
    label: str

    @property
    def roomy(self) -> bool:
        """Whether the digits fit."""
        return self.width >= NARROW


def palette(levels: int) -> tuple[str, ...]:
    """Colours best first; long scales repeat the shades of their side."""
    if levels in _PALETTES:
        return _PALETTES[levels]
    seven = _PALETTES[7]
    return tuple(seven[round(i * 6 / (levels - 1))] for i in range(levels))


def _left_of_middle(shares: Sequence[float]) -> float:
    """Share that lies left of the middle: all better choices and half of a neutral one."""
    half, odd = divmod(len(shares), 2)
    return sum(shares[:half]) + (shares[half] / 2 if odd else 0.0)


def diverging(distributions: Sequence[Sequence[Mapping[str, Any]]], lang: str) -> tuple[tuple[Piece, ...], ...]:
    """Pieces of every item on one common scale, so that the neutral middles stand under each other."""
    shares = [[float(c["share"]) for c in d] for d in distributions]
    left = max((_left_of_middle(s) for s in shares), default=0.0)
    right = max((sum(s) - _left_of_middle(s) for s in shares), default=0.0)
    unit = 100 / (left + right) if left + right else 0.0
    rows = []
    for choices, own in zip(distributions, shares, strict=True):
        at = (left - _left_of_middle(own)) * unit
        pieces = []
        for choice, share, colour in zip(choices, own, palette(len(own)), strict=True):
            label = choice.get(f"label_{lang}") or choice.get("label_zh") or str(choice["choice"])
            text = "#ffffff" if colour in _WHITE_ON else "#1f2733"
            pieces.append(Piece(round(at, 2), round(share * unit, 2), colour, text, share, label))
            at += share * unit
        rows.append(tuple(pieces))
    return tuple(rows)
