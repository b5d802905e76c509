"""Importance against performance as a plain plotly figure: four fields, a point each, labels that do not collide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures.theme import FONT, INK, LINE, MUTED, text_of
from survey.core.lang import say

COLOURS = {"improve_first": "#b04c24", "keep": "#2f7d5b", "improve_later": "#8a6d3b", "maintain": "#3f5f8f"}
#: where a label may stand, in the order of preference, with its shift in pixels from the point
_PLACES = {"middle right": (1, 0), "middle left": (-1, 0), "top center": (0, -1), "bottom center": (0, 1)}
#: pixels: half the width and height of the drawing that labels are placed for, a character, a line
_WIDTH, _HEIGHT, _EM, _LINE = 340, 250, 13.5, 18


@dataclass(frozen=True)
class Dot:
    """One point: ``score`` 0–100, ``share`` 0–1 with its interval (None: not known), ``text`` beside it, ``hover`` (lines)."""

    score: float
    share: float
    low: float | None
    high: float | None
    priority: str
    text: str
    hover: str


def ends(values: Sequence[float], part: float = 0.16) -> tuple[float, float]:
    """Ends of an axis that hold the values with room for labels."""
    low, high = min(values), max(values)
    room = max((high - low) * part, 1e-3 * max(abs(high), 1.0))
    return low - room, high + room


def places(dots: Sequence[Dot], x: tuple[float, float], y: tuple[float, float]) -> list[str]:
    """For every dot the first place whose label touches no label before it and no dot; else the one that touches least."""
    at = [((d.score - x[0]) / (x[1] - x[0]) * _WIDTH, (1 - (d.share - y[0]) / (y[1] - y[0])) * _HEIGHT) for d in dots]
    taken = [(px - 6, py - 6, px + 6, py + 6) for px, py in at]
    chosen = []
    for (px, py), dot in zip(at, dots, strict=True):
        width = sum(1.0 if ord(c) > 0x2E80 else 0.58 for c in dot.text) * _EM
        options = {}
        for name, (dx, dy) in _PLACES.items():
            cx, cy = px + dx * (width / 2 + 9), py + dy * (_LINE / 2 + 8)
            box = (cx - width / 2, cy - _LINE / 2, cx + width / 2, cy + _LINE / 2)
            outside = max(0.0, -box[0]) + max(0.0, box[2] - _WIDTH)
            options[name] = (sum(_overlap(box, other) for other in taken) + 40 * outside, box)
        best = min(options, key=lambda name: options[name][0])
        chosen.append(best)
        taken.append(options[best][1])
    return chosen


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def quadrants(dots: Sequence[Dot], lang: str, *, average: float, whiskers: bool, height: int = 330) -> dict[str, Any]:
    """The figure; ``average`` is the share from which something is important, the other line the mean score."""
    middle = sum(d.score for d in dots) / len(dots)
    x = ends([d.score for d in dots])
    seen = [v for d in dots for v in ((d.low, d.share, d.high) if whiskers else (d.share,)) if v is not None]
    y = ends([*seen, average], 0.18)
    text = places(dots, x, y)
    return {
        "data": [_trace(dots, text, whiskers)],
        "layout": {
            "height": height,
            "margin": {"l": 58, "r": 12, "t": 10, "b": 46},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": 13, "color": INK},
            "showlegend": False,
            "hovermode": "closest",
            "hoverlabel": {"font": {"family": FONT, "size": 13}},
            "uirevision": "kept",
            "xaxis": _axis(x, say(lang, "page_drivers.axis_score")),
            "yaxis": {**_axis(y, say(lang, "page_drivers.axis_share")), "tickformat": ".0%"},
            "shapes": [_line(middle, middle, 0, 1, "x", "paper"), _line(0, 1, average, average, "paper", "y")],
            "annotations": _corners(lang),
        },
    }


def _trace(dots: Sequence[Dot], text: Sequence[str], whiskers: bool) -> dict[str, Any]:
    colours = [COLOURS.get(d.priority, MUTED) for d in dots]
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [d.score for d in dots],
        "y": [d.share for d in dots],
        "text": [text_of(d.text) for d in dots],
        "textposition": list(text),
        "cliponaxis": False,
        "textfont": {"size": 13, "color": INK, "family": FONT},
        "customdata": ["<br>".join(text_of(line) for line in d.hover.split("\n")) for d in dots],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"color": colours, "size": 11},
    }
    if whiskers:
        up = [None if d.high is None else d.high - d.share for d in dots]
        down = [None if d.low is None else d.share - d.low for d in dots]
        trace["error_y"] = {
            "type": "data",
            "array": up,
            "arrayminus": down,
            "symmetric": False,
            "width": 0,
            "thickness": 1.5,
            "color": "#aab2bf",
        }
    return trace


def _axis(ends_: tuple[float, float], title: str) -> dict[str, Any]:
    font = {"size": 13, "color": MUTED, "family": FONT}
    return {
        "range": list(ends_),
        "title": {"text": title, "font": font, "standoff": 8},
        "gridcolor": LINE,
        "zeroline": False,
        "tickfont": font,
        "fixedrange": True,
        "nticks": 6,
    }


def _line(x0: float, x1: float, y0: float, y1: float, xref: str, yref: str) -> Mapping[str, Any]:
    return {
        "type": "line",
        "x0": x0,
        "x1": x1,
        "y0": y0,
        "y1": y1,
        "xref": xref,
        "yref": yref,
        "layer": "below",
        "line": {"color": "#8791a0", "width": 1, "dash": "dot"},
    }


def _corners(lang: str) -> list[dict[str, Any]]:
    """The names of the four fields in their corners."""
    corners = {"improve_first": (0, 1), "keep": (1, 1), "improve_later": (0, 0), "maintain": (1, 0)}
    return [
        {
            "x": x,
            "y": y,
            "xref": "paper",
            "yref": "paper",
            "showarrow": False,
            "text": say(lang, f"drivers.priority.{name}"),
            "xanchor": "left" if x == 0 else "right",
            "yanchor": "top" if y == 1 else "bottom",
            "font": {"size": 13, "color": COLOURS[name], "family": FONT},
        }
        for name, (x, y) in corners.items()
    ]
