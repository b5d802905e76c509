"""Outlines drawn: equal aspect, edges of neighbours on each other, labels within, and nothing in it but traces."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from dashboard.figures.area_map import ANY, EDGE, FILLS, HEIGHT, WIDTH, Look, drawing, fill, map_svg, sample


def box(left, low, right, top):
    return (((left, low), (right, low), (right, top), (left, top)),)


def test_longitude_is_as_long_as_at_the_middle_latitude():
    """At 60° a degree of longitude is half as long as one of latitude: 2° by 1° is a square."""
    found = drawing({"A": (box(20, 59.5, 22, 60.5),)}, degrees=True)
    assert found.width - 2 * EDGE == pytest.approx(found.height - 2 * EDGE, rel=1e-3)
    assert found.height == HEIGHT


def test_metres_are_drawn_as_they_are_and_north_is_up():
    found = drawing({"A": (box(0, 0, 3000, 1000),), "B": (box(0, 1000, 3000, 1500),)}, degrees=False)
    assert found.width == WIDTH
    assert (found.height - 2 * EDGE) / (found.width - 2 * EDGE) == pytest.approx(0.5, abs=1e-3)
    assert found.places["B"].y < found.places["A"].y
    assert found.places["A"].x == pytest.approx(50)


def test_a_label_stands_within_its_outline_where_there_is_most_room():
    """An L: the middle of its box is outside; a ring: not in its hole."""
    corner = (((0, 0), (100, 0), (100, 30), (30, 30), (30, 100), (0, 100)),)
    ring = (((0, 0), (100, 0), (100, 100), (0, 100)), ((10, 10), (90, 10), (90, 90), (10, 90)))
    one = drawing({"L": (corner,)}, degrees=False)
    place = one.places["L"]
    assert place.x == pytest.approx(50, abs=1)
    assert place.y > 70
    assert place.room == pytest.approx(one.width - 2 * EDGE, abs=1)
    hollow = drawing({"O": (ring,)}, degrees=False).places["O"]
    assert not (15 < hollow.x < 85 and 15 < hollow.y < 85)


def test_the_svg_holds_fills_hatchings_and_edges_and_no_text():
    found = drawing({"A": (box(0, 0, 10, 10),), "B": (box(10, 0, 20, 10),), "C": (box(20, 0, 30, 10),)}, degrees=False)
    svg = map_svg(found, {"A": Look(5), "B": Look(3, "borderline"), "C": Look(None)})
    tree = ElementTree.fromstring(svg)
    assert {node.tag.rpartition("}")[2] for node in tree.iter()} == {"svg", "defs", "pattern", "path", "g"}
    assert re.findall(r'fill="(#\w+)"', svg) == [FILLS[5], FILLS[3], "#ffffff"]
    assert svg.count("url(#borderline)") == 1
    assert svg.count("stroke-dasharray") == 1  # what has no star


def test_no_two_stars_have_one_colour_and_a_sample_of_a_hatching_has_none():
    assert len({fill(star) for star in (None, 0, 1, 2, 3, 4, 5)}) == 7
    assert fill(7) == fill(5)
    assert 'fill="#ffffff"' in sample(Look(ANY, "fairly_stable"))
    assert "stroke-dasharray" not in sample(Look(ANY))
