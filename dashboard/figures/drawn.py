"""A figure of lines over the years, drawn: places in percent of its area, its lines as SVG, and the whole as a file.

Takes the figures that ``dashboard/figures/trend.py`` makes, so that page and file show the numbers that plotly would. A chart of few points is drawn by the
server: it is there with the page, and needs no library in the browser.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures.svg_file import FONTS, letters, text
from dashboard.figures.theme import INK, LINE, MUTED

#: pixels of the file: the whole, its title, beside and below the area
WIDTH, HEIGHT, TOP, LEFT, RIGHT, BOTTOM = 720, 320, 56, 90, 30, 34


@dataclass(frozen=True)
class Spot:
    """One total: place and whiskers in percent from the left and the top; ``word`` stands beside it, ``hint`` says all of it."""

    x: float
    y: float
    low: float | None
    high: float | None
    word: str
    hint: str


@dataclass(frozen=True)
class Drawn:
    """One line; None is a gap in it."""

    name: str
    colour: str
    dotted: bool
    diamond: bool
    size: float
    spots: Sequence[Spot | None]


@dataclass(frozen=True)
class Chart:
    """A figure in places: star lines and years with their words, cuts between years, the lines; ``named``: it has a legend."""

    ticks: Sequence[tuple[float, str]]
    years: Sequence[tuple[float, str]]
    cuts: Sequence[tuple[float, str]]
    lines: Sequence[Drawn]
    named: bool


def chart(figure: Mapping[str, Any]) -> Chart:
    """The places of a figure of ``trend.trend`` or ``trend.comparison``."""
    layout = figure["layout"]
    across, up = layout["xaxis"], layout["yaxis"]
    names: list[str] = across["categoryarray"]

    def x(place: float) -> float:
        first, last = across["range"]
        return round(100 * (place - first) / (last - first), 3)

    def y(value: float | None) -> float | None:
        low, high = up["range"]
        return None if value is None else round(100 * (high - value) / (high - low), 3)

    return Chart(
        [(y(value) or 0.0, word) for value, word in zip(up["tickvals"], up["ticktext"], strict=True)],
        [(x(place), name) for place, name in enumerate(names)],
        [(x(one["x"]), one["text"]) for one in layout.get("annotations", ())],
        [_line(trace, lambda name: x(names.index(name)), y) for trace in figure["data"]],
        bool(layout["showlegend"]),
    )


def _line(trace: Mapping[str, Any], x: Any, y: Any) -> Drawn:
    error, marker, name = trace["error_y"], trace["marker"], html.unescape(trace["name"])
    spots: list[Spot | None] = []
    worded = "text" in trace["mode"]
    for at, value, up, down, word, said in zip(
        trace["x"], trace["y"], error["array"], error["arrayminus"], trace["text"], trace["customdata"], strict=True
    ):
        if value is None:
            spots.append(None)
            continue
        low, high = (None if down is None else y(value - down)), (None if up is None else y(value + up))
        hint = " ".join(filter(None, [at, name, said]))
        spots.append(Spot(x(at), y(value), low, high, word if worded else "", hint))
    dotted = trace["line"].get("dash") == "dot"
    return Drawn(name, trace["line"]["color"], dotted, marker.get("symbol") == "diamond", marker["size"], spots)


def lines_svg(found: Chart) -> str:
    """Star lines, cuts, whiskers and lines as an SVG that may be stretched; the spots are set upon it."""
    body = "".join(_strokes(found, 100.0, 100.0, 0.0, 0.0))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" preserveAspectRatio="none">{body}</svg>'


def document(found: Chart, title: str, notes: Sequence[str]) -> str:
    """The whole as a file, with title, years, words and ``notes``, each a line of its own."""
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    below = HEIGHT + (24 if found.named else 0)
    whole = below + 20 * len(notes) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{whole}" viewBox="0 0 {WIDTH} {whole}" '
        f'font-family="{FONTS}" font-size="14" fill="{INK}" role="img">',
        f"<title>{letters(title)}</title>",
        f'<rect width="{WIDTH}" height="{whole}" fill="#ffffff"/>',
        text(16, 30, title, size=18, weight="bold"),
        *_strokes(found, wide, high, LEFT, TOP),
        *(
            text(LEFT - 10, TOP + high * y / 100 + 5, word, fill=MUTED, size=13, anchor="end")
            for y, word in found.ticks
        ),
        *(
            text(LEFT + wide * x / 100, HEIGHT - 12, name, fill=MUTED, size=13, anchor="middle")
            for x, name in found.years
        ),
        *(text(LEFT + wide * x / 100 + 4, TOP + 12, word, fill=MUTED, size=12) for x, word in found.cuts),
        *(part for line in found.lines for part in _spots(line, wide, high)),
        *(_legend(found, HEIGHT + 8) if found.named else ()),
        *(text(16, below + 16 + 20 * n, note, fill=MUTED, size=13) for n, note in enumerate(notes)),
        "</svg>",
    ]
    return "\n".join(parts)


def _strokes(found: Chart, wide: float, high: float, left: float, top: float) -> Iterator[str]:
    def at(x: float, y: float) -> tuple[float, float]:
        return round(left + wide * x / 100, 3), round(top + high * y / 100, 3)

    def stroke(x1: float, y1: float, x2: float, y2: float, colour: str, width: int, dashes: str = "") -> str:
        (x1, y1), (x2, y2) = at(x1, y1), at(x2, y2)
        more = f' stroke-dasharray="{dashes}"' if dashes else ""
        return (
            f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{colour}" stroke-width="{width}"{more} '
            'vector-effect="non-scaling-stroke"/>'
        )

    yield from (stroke(0, y, 100, y, LINE, 1) for y, _ in found.ticks)
    yield from (stroke(x, 0, x, 100, MUTED, 1, "2 3") for x, _ in found.cuts)
    for line in found.lines:
        for spot in filter(None, line.spots):
            if spot.low is not None and spot.high is not None:
                yield stroke(spot.x, spot.low, spot.x, spot.high, line.colour, 2)
        for one, other in zip(line.spots, line.spots[1:], strict=False):
            if one is not None and other is not None:
                yield stroke(one.x, one.y, other.x, other.y, line.colour, 2, "2 4" if line.dotted else "")


def _mark(x: float, y: float, line: Drawn) -> str:
    half = line.size / 2
    if not line.diamond:
        return f'<circle cx="{x:g}" cy="{y:g}" r="{half:g}" fill="{line.colour}"/>'
    edge = half * 1.3
    corners = f"{x:g},{y - edge:g} {x + edge:g},{y:g} {x:g},{y + edge:g} {x - edge:g},{y:g}"
    return f'<polygon points="{corners}" fill="{line.colour}"/>'


def _spots(line: Drawn, wide: float, high: float) -> Iterator[str]:
    for spot in filter(None, line.spots):
        x, y = LEFT + wide * spot.x / 100, TOP + high * spot.y / 100
        yield _mark(x, y, line)
        if spot.word:
            yield text(x + 8, y + 18, spot.word)


def _legend(found: Chart, y: float) -> Iterator[str]:
    x = float(LEFT)
    for line in found.lines:
        if line.name:
            yield _mark(x, y - 4, line)
            yield text(x + 10, y, line.name, size=13)
            x += 34 + sum(13 if ord(c) > 255 else 7.5 for c in line.name)
