"""Totals over the years as plotly figures: plain dicts, no plotly object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.figures import numbers
from dashboard.figures.theme import FONT, INK, LINE, MARK, MUTED, text_of
from survey.core.lang import say

#: Okabe and Ito's colours that have 3 : 1 on white, for lines beside each other
SERIES = ("#0072b2", "#b4413c", "#00795c", "#8a4f9e", "#9a6700")
#: what a graph offers: a picture to save, nothing that leaves the machine
CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
    "scrollZoom": False,
    "displayModeBar": "hover",
    "modeBarButtons": [["toImage"]],
}


def config(lang: str) -> dict[str, Any]:
    """The same, with plotly's own words in the reader's language."""
    words = {"Download plot as a PNG": say(lang, "page_chart.picture")}
    return {**CONFIG, "locale": lang, "locales": {lang: {"dictionary": words}}}


def axis_start(values: Sequence[float], thresholds: Sequence[float]) -> tuple[float, float]:
    """Ends of the vertical axis: all values with a margin, at least one threshold in sight."""
    low, high = min(values), max(values)
    near = min(thresholds, key=lambda t: abs(t - (low + high) / 2), default=low)
    low, high = min(low, near), max(high, near)
    margin = max(12.0, (high - low) * 0.12)
    return (low - margin) // 10 * 10, -(-(high + margin) // 10) * 10


def _axes(years: Sequence[int], ends: tuple[float, float], thresholds: Sequence[float], lang: str) -> dict[str, Any]:
    seen = [t for t in thresholds if ends[0] <= t <= ends[1]]
    words = [f"{numbers.star_word(lang, list(thresholds).index(t) + 1)} {numbers.points(t)}" for t in seen]
    font = {"size": 13, "color": MUTED, "family": FONT}
    return {
        "xaxis": {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [str(y) for y in years],
            "showgrid": False,
            "zeroline": False,
            "tickfont": font,
            "fixedrange": True,
            "range": [-0.35, len(years) - 0.65 + 0.15],
        },
        "yaxis": {
            "range": list(ends),
            "tickvals": seen,
            "ticktext": words,
            "gridcolor": LINE,
            "zeroline": False,
            "tickfont": font,
            "fixedrange": True,
        },
    }


def _layout(axes: Mapping[str, Any], height: int, legend: bool) -> dict[str, Any]:
    return {
        **axes,
        "height": height,
        "margin": {"l": 78, "r": 24, "t": 14, "b": 30},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": INK},
        "showlegend": legend,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": 13}},
        "hoverlabel": {"font": {"family": FONT, "size": 13}},
        "hovermode": "closest",
        "uirevision": "kept",
    }


def _trace(
    name: str, points: Sequence[Mapping[str, Any]], thresholds: Sequence[float], colour: str, lang: str, labels: bool
) -> dict[str, Any]:
    """One line with its whiskers; a year without a total is a gap, and so is the way to a year that is not comparable."""
    points, name = _with_breaks(points), text_of(name)
    totals = [p["total"] for p in points]
    text = [numbers.total(t, thresholds) if t is not None else "" for t in totals]
    up = [None if t is None or p["high"] is None else p["high"] - t for t, p in zip(totals, points, strict=True)]
    down = [None if t is None or p["low"] is None else t - p["low"] for t, p in zip(totals, points, strict=True)]
    hover = [
        ""
        if t is None
        else say(lang, "page_overview.dot_point", total=shown)
        if p["low"] is None
        else say(
            lang, "page_overview.dot_text", total=shown, low=numbers.points(p["low"]), high=numbers.points(p["high"])
        )
        for t, p, shown in zip(totals, points, text, strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers+text" if labels else "lines+markers",
        "name": name,
        "x": [str(p["year"]) for p in points],
        "y": totals,
        "text": text,
        "textposition": "bottom right",
        "textfont": {"size": 14, "color": INK, "family": FONT},
        "customdata": hover,
        "hovertemplate": ("%{x} " + name + "<br>" if name else "%{x}<br>") + "%{customdata}<extra></extra>",
        "line": {"color": colour, "width": 2},
        "marker": {"color": colour, "size": 9},
        "connectgaps": False,
        "cliponaxis": False,
        "error_y": {
            "type": "data",
            "array": up,
            "arrayminus": down,
            "symmetric": False,
            "width": 0,
            "thickness": 2,
            "color": colour,
        },
    }


def _with_breaks(points: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The points, with an empty one of the same year before each that is not comparable with what went before."""
    found: list[Mapping[str, Any]] = []
    for point in points:
        if found and point.get("broken"):
            found.append({"year": point["year"], "total": None, "low": None, "high": None})
        found.append(point)
    return found


def _breaks(points: Sequence[Mapping[str, Any]], years: Sequence[int], lang: str) -> dict[str, Any]:
    """A dotted line with a word between two years where the line of one community breaks."""
    cuts = [p for p in points[1:] if p.get("broken")]
    at = {p["year"]: list(years).index(p["year"]) - 0.5 for p in cuts}
    shapes = [
        {
            "type": "line",
            "xref": "x",
            "yref": "paper",
            "x0": at[p["year"]],
            "x1": at[p["year"]],
            "y0": 0,
            "y1": 1,
            "line": {"color": MUTED, "width": 1, "dash": "dot"},
        }
        for p in cuts
    ]
    words = [
        {
            "x": at[p["year"]],
            "xref": "x",
            "y": 1,
            "yref": "paper",
            "yanchor": "top",
            "xanchor": "left",
            "showarrow": False,
            "text": say(lang, "dash_words.area_short" if p.get("area") else "dash_words.changed_short"),
            "font": {"size": 12, "color": MUTED, "family": FONT},
        }
        for p in cuts
    ]
    return {"shapes": shapes, "annotations": words}


def ends_of(series: Sequence[Sequence[Mapping[str, Any]]], thresholds: Sequence[float]) -> tuple[float, float] | None:
    """Ends of the axis over several series; None if there is no total at all."""
    seen = [p[k] for points in series for p in points for k in ("total", "low", "high") if p[k] is not None]
    return axis_start(seen, thresholds) if seen else None


def trend(
    points: Sequence[Mapping[str, Any]],
    thresholds: Sequence[float],
    lang: str,
    height: int = 196,
    earlier: Sequence[tuple[str, Sequence[Mapping[str, Any]]]] = (),
) -> dict[str, Any]:
    """One community: ``points`` are dicts of year, total, low, high; ``broken`` cuts the line before a year.

    ``earlier``: (name, points) of the communities that went before it, each a line of its own.
    """
    ends = ends_of([points, *(p for _, p in earlier)], thresholds) or (0.0, 1000.0)
    years = sorted({p["year"] for line in (points, *(p for _, p in earlier)) for p in line})
    axes = _axes(years, ends, thresholds, lang)
    traces = [_trace("", points, thresholds, MARK, lang, True)]
    for i, (name, line) in enumerate(earlier):
        trace = _trace(name, line, thresholds, SERIES[i % len(SERIES)], lang, False)
        traces.append({**trace, "line": {**trace["line"], "dash": "dot"}, "marker": {**trace["marker"], "size": 7}})
    if earlier:
        traces[0]["showlegend"] = False
    layout = _layout({**axes, **_breaks(points, years, lang)}, height, bool(earlier))
    return {"data": traces, "layout": layout}


def comparison(
    series: Sequence[tuple[str, Sequence[Mapping[str, Any]]]],
    thresholds: Sequence[float],
    lang: str,
    height: int = 340,
    own: int | None = None,
) -> dict[str, Any]:
    """Several communities beside each other: (name, points) each; those after the first ``own`` are for reference."""
    ends = ends_of([points for _, points in series], thresholds) or (0.0, 1000.0)
    years = sorted({p["year"] for _, points in series for p in points})
    traces = []
    for i, (name, points) in enumerate(series):
        reference = own is not None and i >= own
        trace = _trace(name, points, thresholds, MUTED if reference else SERIES[i % len(SERIES)], lang, False)
        if reference:
            trace["line"] = {**trace["line"], "dash": "dot"}
            trace["marker"] = {**trace["marker"], "symbol": "diamond", "size": 7}
        traces.append(trace)
    return {"data": traces, "layout": _layout(_axes(years, ends, thresholds, lang), height, True)}
