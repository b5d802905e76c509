"""Outlines of communities as a drawing: filled traces of equal aspect, no tiles; places of their labels in percent.

Colour says the star, a hatching how sure it is: the words stand beside it, as text that the page lays over the drawing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dashboard.figures.theme import INK
from survey.core.lang import called

Ring = Sequence[tuple[float, float]]
Areas = Sequence[Sequence[Ring]]

#: units of the drawing: how wide and how high at most, and the edge around it
WIDTH, HEIGHT, EDGE = 900.0, 560.0, 6.0
#: fill by star, from below the first; of what has none
FILLS = ("#e9edf2", "#fdebdb", "#fad8b8", "#f3bd8f", "#e89f66", "#d98243")
NO_STAR = "#ffffff"
#: a star whatever it is: what shows a hatching alone, or an outline of which nothing is said
ANY = -1
#: hatching by how sure a star is: distance of its lines, and whether they cross
HATCHES = {"fairly_stable": (13, False), "borderline": (8, True), "unknown": (5, False)}
#: heights of an outline at which the widest place for a label is looked for
_LEVELS = 11
#: how wide a drawing is on the screen, in pixels, from which on a name is written into its outline (classes ``from-320`` …)
STEPS = (320, 400, 500, 640, 760, 900)
#: pixels that a letter of a name takes, wide and narrow ones
_WIDE, _NARROW = 15.0, 8.5
#: the least share that the shorter side of a drawing is of the longer one: what is stored is drawn, however narrow
_NARROWEST = 1 / 1000


@dataclass(frozen=True)
class Look:
    """How one outline is filled: ``star`` None where there is none, ``ANY`` for no colour; ``sure``: a key of ``HATCHES``, or nothing."""

    star: int | None
    sure: str = ""


@dataclass(frozen=True)
class Place:
    """Where a label stands, in percent of the drawing, and how many units there are for it from side to side."""

    x: float
    y: float
    room: float


@dataclass(frozen=True)
class Drawing:
    """Width and height in units; by community the trace and the place of its label."""

    width: float
    height: float
    traces: Mapping[str, str]
    places: Mapping[str, Place]


def drawing(outlines: Mapping[str, Areas], degrees: bool) -> Drawing:
    """The outlines beside each other; longitude is as long as it is at the middle latitude (``degrees``)."""
    points = [p for areas in outlines.values() for area in areas for p in area[0]]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    low, top = min(y for _, y in points), max(y for _, y in points)
    across = math.cos(math.radians((low + top) / 2)) if degrees else 1.0
    wide, high = (right - left) * across, top - low
    least = max(wide, high) * _NARROWEST or 1.0
    wide, high = max(wide, least), max(high, least)
    scale = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high)
    width, height = wide * scale + 2 * EDGE, high * scale + 2 * EDGE

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return EDGE + (point[0] - left) * across * scale, EDGE + (top - point[1]) * scale

    traces, places = {}, {}
    for code, areas in outlines.items():
        drawn = [[[at(point) for point in ring] for ring in area] for area in areas]
        traces[code] = "".join(_trace(ring) for area in drawn for ring in _wound(area))
        places[code] = _place(max(drawn, key=lambda area: _extent(area[0])), width, height)
    return Drawing(round(width, 1), round(height, 1), traces, places)


def map_svg(found: Drawing, looks: Mapping[str, Look]) -> str:
    """The drawing as SVG: fills, hatchings over them, edges last; it holds no text of anybody's."""
    hatched = {look.sure for look in looks.values() if look.sure in HATCHES}
    traces = [(found.traces[code], looks[code]) for code in found.traces]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {found.width:g} {found.height:g}">',
        *(["<defs>", *(_hatch(sure) for sure in HATCHES if sure in hatched), "</defs>"] if hatched else []),
        *(f'<path d="{d}" fill="{fill(look.star)}"/>' for d, look in traces),
        *(f'<path d="{d}" fill="url(#{look.sure})"/>' for d, look in traces if look.sure),
        f'<g fill="none" stroke="{INK}" stroke-width="1.5" stroke-linejoin="round">',
        *(f'<path d="{d}"{_dashed(look)}/>' for d, look in traces),
        "</g></svg>",
    ]
    return "".join(parts)


def from_width(name: str, found: Drawing, code: str) -> str:
    """From which width of the drawing on there is room for a name as the reader calls it, as a class; ``tight`` where never."""
    wide = sum(_WIDE if ord(c) > 255 else _NARROW for c in called(name))
    room = found.places[code].room
    needed = wide * found.width / room if room else math.inf
    if needed > found.width:
        return "tight"
    return next((f"from-{step}" for step in STEPS if needed <= step), "tight")


def fill(star: int | None) -> str:
    """The colour of a star."""
    return NO_STAR if star is None or star == ANY else FILLS[min(star, len(FILLS) - 1)]


def sample(look: Look) -> str:
    """A small square filled as an outline is, for the legend."""
    square = "M1 1H27V17H1Z"
    return map_svg(Drawing(28, 18, {"": square}, {}), {"": look})


def _dashed(look: Look) -> str:
    return ' stroke-dasharray="4 4"' if look.star is None else ""


def _hatch(sure: str) -> str:
    step, crossed = HATCHES[sure]
    lines = f"M0 0V{step}" + (f"M0 0H{step}" if crossed else "")
    return (
        f'<pattern id="{sure}" width="{step}" height="{step}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path d="{lines}" stroke="{INK}" stroke-opacity=".55" stroke-width="1.6"/></pattern>'
    )


def _wound(area: Sequence[Ring]) -> Iterator[Ring]:
    """Outer rings one way round, holes the other: so areas that lie over each other fill and only holes stay open."""
    for n, ring in enumerate(area):
        yield ring if (_turn(ring) > 0) == (n == 0) else ring[::-1]


def _turn(ring: Ring) -> float:
    """Which way round a ring goes, by the sign."""
    x0, y0 = ring[0]
    pairs = pairwise(ring)
    return sum((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0) for (x1, y1), (x2, y2) in pairs)


def _trace(ring: Ring) -> str:
    """A ring in tenths of a unit, each corner by its distance from the one before."""
    corners = [(round(x * 10), round(y * 10)) for x, y in ring]
    (x, y), *others = corners
    steps = [f"M{x / 10:g} {y / 10:g}"]
    for nx, ny in others:
        if (nx, ny) != (x, y):
            steps.append(f"l{(nx - x) / 10:g} {(ny - y) / 10:g}")
            x, y = nx, ny
    return "".join(steps) + "z"


def _extent(ring: Ring) -> float:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))


def _place(area: Sequence[Ring], width: float, height: float) -> Place:
    """The middle of the widest stretch within an area, of the heights that are looked at."""
    ys = [y for _, y in area[0]]
    low, top = min(ys), max(ys)
    best = (0.0, area[0][0][0], (low + top) / 2)
    for n in range(1, _LEVELS):
        y = low + (top - low) * (n + 0.13) / (_LEVELS + 0.26)
        crossings = sorted(_crossings(area, y))
        for start, end in zip(crossings[::2], crossings[1::2], strict=False):
            central = 1 - abs(2 * n / _LEVELS - 1) / 3  # of stretches that are nearly as wide the one in the middle
            if (end - start) * central > best[0]:
                best = (end - start) * central, (start + end) / 2, y
                room = end - start
    return Place(round(100 * best[1] / width, 2), round(100 * best[2] / height, 2), round(room if best[0] else 0.0, 1))


def _crossings(area: Sequence[Ring], y: float) -> Iterator[float]:
    for ring in area:
        for (x0, y0), (x1, y1) in zip(ring, (*ring[1:], ring[0]), strict=True):
            if (y0 > y) != (y1 > y):
                yield x0 + (y - y0) * (x1 - x0) / (y1 - y0)
