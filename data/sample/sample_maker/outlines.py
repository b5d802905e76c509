"""The invented map: outlines of the invented communities in metres of no real system, neighbours sharing their borders.

Nothing of it lies anywhere: the coordinates begin at 0, and a park among them is no community.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from .chance import stream
from .second_street import PLACES as SECOND
from .street import PLACES

NAME = "示例_社区地图.geojson"
_CELL, _STEPS = 1000.0, 8
_COLUMNS, _ROWS = 7, 3
_NOTE = "虚构的边界，不是任何真实的地方 / invented, no real place"

Point = list[float]


def map_file() -> bytes:
    """``示例_社区地图.geojson`` (docs/files.md, “Map”): four columns of the first street, three of the second."""
    first, second = iter(PLACES), iter(SECOND)
    features = []
    for row in range(_ROWS):
        for column in range(_COLUMNS):
            place = next(first if column < 4 else second, None)
            named = {"code": place.code, "name": place.name} if place else {"code": "", "name": "示例公园"}
            features.append(
                {
                    "type": "Feature",
                    "properties": {**named, "note": _NOTE},
                    "geometry": {"type": "Polygon", "coordinates": [_outline(column, row)]},
                }
            )
    content: dict[str, Any] = {"type": "FeatureCollection", "name": _NOTE, "features": features}
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _outline(column: int, row: int) -> list[Point]:
    """Clockwise from the upper left corner; each side is that of the neighbour, walked the other way."""
    top, bottom = _side(column, row, across=True), _side(column, row + 1, across=True)
    left, right = _side(column, row, across=False), _side(column + 1, row, across=False)
    return [*top, *right[1:], *bottom[::-1][1:], *left[::-1][1:]]


def _side(column: int, row: int, *, across: bool) -> list[Point]:
    """From a corner to the next at its right or below it, wandering between."""
    start = _corner(column, row)
    end = _corner(column + 1, row) if across else _corner(column, row + 1)
    random = stream("map", "side", column, row, across)
    wander = np.concatenate([[0.0], random.uniform(-55, 55, _STEPS - 1), [0.0]])
    steps = np.linspace(0.0, 1.0, _STEPS + 1)[:, None]
    line = start + (end - start) * steps
    line[:, 1 if across else 0] += wander
    return [[round(float(x), 1), round(float(y), 1)] for x, y in line]


def _corner(column: int, row: int) -> Any:
    random = stream("map", "corner", column, row)
    moved = random.uniform(-210, 210, 2)
    return np.array([column * _CELL + moved[0] + 300.0, -row * 0.8 * _CELL + moved[1] + 2800.0])
