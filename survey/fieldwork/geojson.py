"""A GeoJSON file of areas: looked over before it is parsed, read whole or refused in one sentence that names where and what.

The system of coordinates is the file's own (degrees or metres; GCJ-02 stays GCJ-02): areas are only drawn beside each other.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.core import limits
from survey.core.errors import Refused
from survey.core.findings import Finding, shortened
from survey.core.lang import first
from survey.files.preflight import too_big

#: a position, a ring of them (the first is not repeated at its end), an area (its outer ring, then its holes)
Point = tuple[float, float]
Ring = tuple[Point, ...]
Area = tuple[Ring, ...]

_AREAS = {"Polygon", "MultiPolygon"}
_GEOMETRIES = {*_AREAS, "Point", "MultiPoint", "LineString", "MultiLineString", "GeometryCollection"}
#: the share of an area's own size that a drawing does not show: a hole may reach so far out of its area, and corners closer
#: together are one
DETAIL = 1 / 400
#: how far apart communities of one map may lie: degrees, metres; and how small a whole map in metres may be
_MOST_DEGREES, _MOST_METRES, _LEAST_METRES = 10.0, 1_000_000.0, 10.0
#: names of features and properties that a sentence quotes
_QUOTED = 8


@dataclass(frozen=True)
class Feature:
    """One feature with an area: its place in the file from 1, its properties as text, its areas."""

    number: int
    properties: Mapping[str, str]
    areas: tuple[Area, ...]

    @property
    def points(self) -> int:
        """How many positions its rings have."""
        return corners(self.areas)


@dataclass(frozen=True)
class Areas:
    """What a file holds; ``degrees``: its coordinates are longitude and latitude, else metres of some projection."""

    features: tuple[Feature, ...]
    degrees: bool
    findings: tuple[Finding, ...]


def read_areas(file: str, data: bytes) -> Areas:
    """The areas of a GeoJSON FeatureCollection.

    Raises Refused for a file that is too large, no JSON, no FeatureCollection, without areas, or with a position or ring
    that is none; features without an area are left out and named (``findings``).
    """
    collection = _parsed(file, data)
    kind = collection.get("type") if isinstance(collection, dict) else None
    features = collection.get("features") if kind == "FeatureCollection" else None
    if not isinstance(features, list):
        raise Refused("outlines.no_collection", file=file, found=_quoted(kind) if kind else _kind(collection))
    if not features:
        raise Refused("outlines.no_features", file=file)
    if len(features) > limits.MAP_FEATURES:
        raise Refused("outlines.many_features", file=file, n=len(features), cap=limits.MAP_FEATURES)
    found, without = [], Counter[str]()
    left: list[str] = []
    for number, one in enumerate(features, 1):
        if not isinstance(one, dict) or one.get("type") != "Feature":
            raise Refused("outlines.no_feature", file=file, number=number)
        properties = _properties(one.get("properties"))
        geometry = one.get("geometry")
        shape = geometry.get("type") if isinstance(geometry, dict) else None
        if geometry is not None and not (isinstance(shape, str) and shape in _GEOMETRIES):
            raise Refused("outlines.no_geometry", file=file, number=number, found=_quoted(shape))
        if not isinstance(geometry, dict) or shape not in _AREAS:
            without[str(shape or "null")] += 1
            left.append(named(number, properties))
            continue
        place = _Place(file, number, named(number, properties))
        held = geometry.get("coordinates")
        areas = [held] if shape == "Polygon" else held
        found.append(Feature(number, properties, tuple(_area(area, place) for area in _listed(areas, place))))
    if not found:
        kinds = ", ".join(f"{kind} × {n}" for kind, n in without.most_common())
        raise Refused("outlines.no_areas", file=file, found=kinds)
    if sum(one.points for one in found) > limits.MAP_POINTS:
        raise Refused("outlines.many_points", file=file, cap=f"{limits.MAP_POINTS:,}")
    degrees = _system(file, found)
    notes = [note("outlines.without_area", n=len(left), names=quoted(left, _QUOTED))] if left else []
    return Areas(tuple(found), degrees, tuple(notes))


def named(number: int, properties: Mapping[str, str]) -> str:
    """How sentences call a feature: its name where it has one, else the first of its properties, and its place."""
    word = next((properties[key] for key in ("name", "Name", "NAME", "名称", "社区") if properties.get(key)), "")
    called = word or next(iter(properties.values()), "")
    return f"{number} ({shortened(called)})" if called else str(number)


def _parsed(file: str, data: bytes) -> Any:
    """The JSON value; what a parser would make of it is bounded by what is counted before."""
    if len(data) > limits.MAP_BYTES:
        raise too_big(file, len(data), limits.MAP_BYTES)
    if not data.strip():
        raise Refused("preflight.blank" if data else "preflight.empty", file=file)
    if b"\0" in data[:4096]:
        raise Refused("outlines.not_text", file=file)
    if data.count(b"[") + data.count(b"{") > 2 * limits.MAP_POINTS or data.count(b",") > 6 * limits.MAP_POINTS:
        raise Refused("outlines.many_points", file=file, cap=f"{limits.MAP_POINTS:,}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("outlines.not_utf8", file=file, line=data.count(b"\n", 0, error.start) + 1) from error
    try:
        return json.loads(text)
    except RecursionError as error:
        raise Refused("outlines.too_deep", file=file) from error
    except json.JSONDecodeError as error:
        raise Refused("outlines.not_json", file=file, line=error.lineno, column=error.colno) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise Refused("outlines.long_number", file=file) from error


def _kind(value: Any) -> str:
    """What a JSON value is, for a sentence."""
    if isinstance(value, (dict, list, str)):
        return {dict: "{…}", list: "[…]", str: "“…”"}[type(value)]
    return json.dumps(value)[:20]


def _quoted(value: Any) -> str:
    """A value of the file where a text belongs, for a sentence."""
    return shortened(_whole(value)) if isinstance(value, str) else _kind(value)


def _whole(text: str) -> str:
    """A text that can be written anywhere: JSON can name half of a pair of surrogates, no file or database takes it."""
    return text.encode("utf-8", "replace").decode()


def _properties(found: Any) -> Mapping[str, str]:
    """Property → its value as text; what is neither text nor number names nothing."""
    if not isinstance(found, dict):
        return {}
    texts: dict[str, str] = {}
    for key, value in list(found.items())[: limits.MAP_PROPERTIES]:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            continue
        whole = isinstance(value, float) and value.is_integer()
        text = _whole(str(int(value) if whole else value)).strip()
        if text:
            texts[shortened(_whole(str(key)).strip())] = shortened(text)
    return texts


@dataclass(frozen=True)
class _Place:
    """Where in the file something is wrong."""

    file: str
    number: int
    name: str

    def refused(self, key: str, **found: Any) -> Refused:
        return Refused(f"outlines.{key}", file=self.file, feature=self.name, **found)


def _listed(value: Any, place: _Place) -> Sequence[Any]:
    if not isinstance(value, list) or not value:
        raise place.refused("no_rings")
    return value


def _area(rings: Any, place: _Place) -> Area:
    """An area whose holes lie in it: one elsewhere would be drawn as an area of its own."""
    area = tuple(_ring(ring, n, place) for n, ring in enumerate(_listed(rings, place), 1))
    left, low, right, top = box(iter(area[0]))
    seam = max(right - left, top - low) * DETAIL
    for n, hole in enumerate(area[1:], 2):
        west, south, east, north = box(iter(hole))
        if min(west - left, south - low, right - east, top - north) < -seam:
            raise place.refused("hole_outside", ring=n)
    return area


def _ring(positions: Any, ring: int, place: _Place) -> Ring:
    """A ring without what is said twice; at least three different positions that enclose something."""
    points: list[Point] = []
    for n, one in enumerate(_listed(positions, place), 1):
        point = _position(one)
        if point is None:
            raise place.refused(
                "bad_position", ring=ring, n=n, found=shortened(_whole(json.dumps(one, ensure_ascii=False)))
            )
        if not points or points[-1] != point:
            points.append(point)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    if len(points) < 3:
        raise place.refused("short_ring", ring=ring, n=len(points))
    if not _encloses(points):
        raise place.refused("flat_ring", ring=ring)
    return tuple(points)


def _position(value: Any) -> Point | None:
    if not isinstance(value, list) or len(value) < 2:
        return None
    x, y = value[0], value[1]
    if isinstance(x, bool) or isinstance(y, bool) or not isinstance(x, (int, float)) or not isinstance(y, (int, float)):
        return None
    try:
        point = float(x), float(y)
    except OverflowError:
        return None
    return point if all(math.isfinite(c) and abs(c) < 1e9 for c in point) else None


def _encloses(points: Sequence[Point]) -> bool:
    (x0, y0), (x1, y1) = points[0], points[1]
    return any((x1 - x0) * (y - y0) != (y1 - y0) * (x - x0) for x, y in points[2:])


def box(points: Iterator[Point]) -> tuple[float, float, float, float]:
    """Least x, least y, greatest x, greatest y of positions; there is at least one."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def positions(areas: Sequence[Area]) -> Iterator[Point]:
    """The positions of the outer rings of areas."""
    return (point for area in areas for point in area[0])


def corners(areas: Sequence[Area]) -> int:
    """How many corners all rings of areas have."""
    return sum(len(ring) for area in areas for ring in area)


def _system(file: str, found: Sequence[Feature]) -> bool:
    """Whether coordinates are degrees; raises Refused where they are of two systems, turned round, or of no one city."""
    boxes = [box(positions(one.areas)) for one in found]
    marks = [_is_degrees(*one) for one in boxes]
    if any(marks) and not all(marks):
        one, other = found[marks.index(True)], found[marks.index(False)]
        names = named(one.number, one.properties), named(other.number, other.properties)
        raise Refused("outlines.two_systems", file=file, one=names[0], other=names[1])
    lefts, lows, rights, tops = zip(*boxes, strict=True)
    left, low, right, top = min(lefts), min(lows), max(rights), max(tops)
    wide = max(right - left, top - low)
    if not marks[0] and wide < _LEAST_METRES:
        turned = max(abs(left), abs(right)) <= 90 and max(abs(low), abs(top)) <= 180
        raise Refused(f"outlines.{'turned' if turned else 'tiny'}", file=file, x=f"{left:g}", y=f"{low:g}")
    if wide > (_MOST_DEGREES if marks[0] else _MOST_METRES):
        middle = sorted(boxes)[len(boxes) // 2]
        away = [abs(one[0] - middle[0]) + abs(one[1] - middle[1]) for one in boxes]
        one = found[away.index(max(away))]
        raise Refused("outlines.far_apart", file=file, feature=named(one.number, one.properties))
    return marks[0]


def _is_degrees(left: float, low: float, right: float, top: float) -> bool:
    return left >= -180 and right <= 180 and low >= -90 and top <= 90


def quoted(names: Sequence[str], most: int) -> list[str]:
    """The first names of a list, no more than ``most``, for a sentence."""
    return first(names, most)


def note(code: str, **params: Any) -> Finding:
    """What is worth knowing about a whole map."""
    return Finding(code, level="note", scope="file", params=params)
