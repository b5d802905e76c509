"""Which community each area of a map is, by one property that the file has, and areas with as few corners as a drawing needs."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.fieldwork.geojson import DETAIL, Area, Areas, Feature, Point, Ring, box, named, note, positions, quoted
from survey.fieldwork.register import Register

#: names that a sentence quotes
_QUOTED = 12


@dataclass(frozen=True)
class Owned:
    """Community code → its areas, simplified; ``by``: the property that names it; what did not match is in ``findings``."""

    by: str
    degrees: bool
    outlines: Mapping[str, tuple[Area, ...]]
    findings: tuple[Finding, ...]


class WhichProperty(Refused):
    """Several properties name communities and disagree: a person says which; ``choices``: property → features it matches."""

    def __init__(self, file: str, choices: Mapping[str, int]) -> None:
        self.choices = dict(choices)
        listed = ", ".join(f"{name} ({n})" for name, n in choices.items())
        super().__init__("outlines.which", file=file, listed=listed)


def owned(file: str, found: Areas, register: Register, by: str = "") -> Owned:
    """The areas of each community of the register.

    ``by``: the property that holds code or name (or another name); without it the one that matches, where only one does or
    all that do agree.  Raises ``WhichProperty`` where they don't, Refused where none does, ``by`` is none of the file's, or an
    outline is so narrow that nothing of it can be drawn.
    """
    matches = _matches(found.features, register)
    chosen = _chosen(file, found, matches, by)
    outlines: dict[str, tuple[Area, ...]] = {}
    for place, held in _by_place(matches[chosen]).items():
        features = [found.features[n] for n in held]
        areas = simplified([area for one in features for area in one.areas])
        left, low, right, top = box(positions(areas))
        if left == right or low == top:
            name = named(features[0].number, features[0].properties)
            raise Refused("outlines.flat_ring", file=file, feature=name, ring=1)
        outlines[register.communities[place].code] = areas
    return Owned(chosen, found.degrees, outlines, (*found.findings, *_notes(found, matches[chosen], register)))


def _matches(features: Sequence[Feature], register: Register) -> dict[str, dict[int, int]]:
    """Property → feature → the community that its value names, of the properties that name any."""
    found: dict[str, dict[int, int]] = {}
    known: dict[str, int | None] = {}
    for n, one in enumerate(features):
        for key, value in one.properties.items():
            if value not in known:
                known[value] = register.find(value)
            if (place := known[value]) is not None:
                found.setdefault(key, {})[n] = place
    return found


def _chosen(file: str, found: Areas, matches: Mapping[str, Mapping[int, int]], by: str) -> str:
    keys = list(dict.fromkeys(key for one in found.features for key in one.properties))
    if by and by not in keys:
        raise Refused("outlines.unknown_property", file=file, found=by, known=_some(keys))
    if by and by not in matches:
        raise Refused("outlines.no_match_by", file=file, header=by, values=_some(_values(found.features, by)))
    if by:
        return by
    if not matches:
        example = f"{keys[0]}: {_some(_values(found.features, keys[0]))}" if keys else ""
        key = "outlines.no_match" if keys else "outlines.no_properties"
        raise Refused(key, file=file, known=_some(keys), values=example)
    for key, held in matches.items():
        if all(other.items() <= held.items() for other in matches.values()):
            return key
    raise WhichProperty(file, {key: len(held) for key, held in matches.items()})


def _values(features: Sequence[Feature], key: str) -> list[str]:
    return list(dict.fromkeys(one.properties[key] for one in features if key in one.properties))


def _by_place(held: Mapping[int, int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for feature, place in held.items():
        found.setdefault(place, []).append(feature)
    return found


def _notes(found: Areas, held: Mapping[int, int], register: Register) -> list[Finding]:
    """Features that are no community, communities without an area, and those that have several features."""
    strange = [named(one.number, one.properties) for n, one in enumerate(found.features) if n not in held]
    places = _by_place(held)
    without = [c.name for place, c in enumerate(register.communities) if place not in places and not c.valid_to]
    several = [register.communities[place].name for place, some in places.items() if len(some) > 1]
    told: list[tuple[str, list[str]]] = [
        ("outlines.strange", strange),
        ("outlines.without", without),
        ("outlines.several", several),
    ]
    return [note(code, n=len(names), names=_some(names)) for code, names in told if names]


def _some(names: Sequence[str]) -> list[str]:
    return quoted(names, _QUOTED)


# ── Simplified: small corners go first (Visvalingam), by the size of the whole outline


def simplified(areas: Sequence[Area]) -> tuple[Area, ...]:
    """Areas with fewer corners: those whose triangle is smaller than can be seen go, holes and specks of that size, too.

    What is the same then stays once.
    """
    left, low, right, top = box(positions(areas))
    step = max(right - left, top - low) * DETAIL
    digits = max(0, math.ceil(-math.log10(step / 4)))
    least = step * step
    found = []
    for outer, *holes in areas:
        rings = [_fewer(outer, least), *(_fewer(hole, least) for hole in holes if abs(size(hole)) > 4 * least)]
        found.append(tuple(tuple((round(x, digits), round(y, digits)) for x, y in ring) for ring in rings))
    large = [area for area in dict.fromkeys(found) if abs(size(area[0])) > 4 * least]
    return tuple(large or [max(found, key=lambda area: abs(size(area[0])))])


def size(ring: Sequence[Point]) -> float:
    """The signed area of a ring, in square units of its coordinates."""
    x0, y0 = ring[0]
    total = 0.0
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        total += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    return total / 2


def _fewer(ring: Ring, least: float) -> Ring:
    """The ring without the corners whose triangle is under ``least``, the smallest first; three stay."""
    count = len(ring)
    before, after = [*range(-1, count - 1)], [*range(1, count + 1)]
    before[0], after[-1] = count - 1, 0

    def triangle(n: int) -> float:
        (x0, y0), (x1, y1), (x2, y2) = ring[before[n]], ring[n], ring[after[n]]
        return float(abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0))) / 2

    sizes = [triangle(n) for n in range(count)]
    waiting = [(area, n) for n, area in enumerate(sizes) if area < least]
    heapq.heapify(waiting)
    gone = [False] * count
    left = count
    while waiting and left > 3:
        area, n = heapq.heappop(waiting)
        if gone[n] or area != sizes[n]:
            continue
        gone[n] = True
        left -= 1
        after[before[n]], before[after[n]] = after[n], before[n]
        for beside in (before[n], after[n]):
            sizes[beside] = max(area, triangle(beside))  # what hung on a corner that went is not smaller than it was
            if sizes[beside] < least:
                heapq.heappush(waiting, (sizes[beside], beside))
    return tuple(point for n, point in enumerate(ring) if not gone[n])
