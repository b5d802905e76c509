"""A chart of few points on a page: lines drawn by the server, and spots that say their numbers to pointer, keyboard and reader."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from dash import html

from dashboard.figures.drawn import Chart, Drawn, Spot, lines_svg

#: words of a spot stand at its left from here on, in percent of the area
_LATE = 92.0


def line_chart(found: Chart, id: str, height: int, says: str) -> html.Figure:
    """The chart; ``says`` is what it shows, in a sentence; ``height`` in pixels. Each spot has its hint as ``title``."""
    area = [
        html.Img(src=f"data:image/svg+xml,{quote(lines_svg(found))}", alt="", className="chart-lines"),
        *(html.Span(word, className="chart-cut", style={"left": f"{x}%"}) for x, word in found.cuts),
        *(_spot(spot, line) for line in found.lines for spot in line.spots if spot is not None),
    ]
    marks = [
        *(html.Span(word, className="chart-tick", style={"top": f"{y}%"}) for y, word in found.ticks),
        *(html.Span(name, className="chart-year", style={"left": f"{x}%"}) for x, name in found.years),
    ]
    drawing = html.Div(
        [html.Div([*marks, *area], className="chart-area")], className="chart", style={"height": f"{height}px"}
    )
    names = [html.Span([_sample(line), line.name]) for line in found.lines if line.name] if found.named else []
    legend = html.Div(names, className="chart-legend") if names else None
    return html.Figure([legend, drawing], id=id, role="group", className="line-chart", **{"aria-label": says})


def _spot(spot: Spot, line: Drawn) -> html.Span:
    late = " late" if spot.x > _LATE else ""
    return html.Span(
        [_dot(line), html.Span(spot.word, className=f"chart-word{late}") if spot.word else None],
        title=spot.hint,
        className="chart-spot",
        style={"left": f"{spot.x}%", "top": f"{spot.y}%"},
    )


def _dot(line: Drawn) -> html.I:
    size = f"{line.size}px"
    return html.I(
        className="chart-dot diamond" if line.diamond else "chart-dot",
        style={"width": size, "height": size, "background": line.colour},
    )


def _sample(line: Drawn) -> Any:
    return html.Span([_dot(line)], className="chart-sample")
