"""Outlines drawn: equal aspect, edges of neighbours on each other, labels within, and nothing in it but traces."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dashboard.figures.area_map import (
    ANY,
    EDGE,
    FILLS,
    HEIGHT,
    STEPS,
    WIDTH,
    Look,
    drawing,
    fill,
    from_width,
    map_svg,
    sample,
)
from survey.core.lang import calling


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


def test_what_is_stored_is_drawn_however_narrow():
    for flat in (box(121, 31, 122, 31), box(121, 31, 121, 32), box(121, 31, 121, 31), box(0, 89.9, 1e-9, 90)):
        found = drawing({"A": (flat,)}, degrees=True)
        assert 0 < found.width <= WIDTH
        assert 0 < found.height <= HEIGHT
        assert 0 <= found.places["A"].x <= 100
        assert 0 <= found.places["A"].y <= 100


def filled(trace, x, y):
    """Whether a point is filled as SVG fills where nothing else is said: rings wind around it another number of times than none."""
    winds = 0
    for part in trace.removesuffix("z").split("z"):
        steps = [tuple(map(float, step.split())) for step in re.split("[Ml]", part)[1:]]
        corners = [tuple(map(sum, zip(*steps[: n + 1], strict=True))) for n in range(len(steps))]
        for (x0, y0), (x1, y1) in zip(corners, (*corners[1:], corners[0]), strict=True):
            if (y0 > y) != (y1 > y) and x0 + (y - y0) * (x1 - x0) / (y1 - y0) > x:
                winds += 1 if y1 > y0 else -1
    return winds != 0


@pytest.mark.parametrize("back", [1, -1])
def test_areas_over_each_other_stay_filled_and_holes_open(back):
    """Two areas of one community share the middle; one has a hole, whichever way round its rings go."""
    (one,), (other,), (hole,) = box(0, 0, 60, 50), box(40, 0, 100, 50), box(10, 10, 30, 40)
    found = drawing({"A": ((one, hole[::back]), (other[::back],))}, degrees=False)
    assert "evenodd" not in map_svg(found, {"A": Look(1)})

    def at(x):
        return filled(found.traces["A"], EDGE + (found.width - 2 * EDGE) * x / 100, found.height / 2)

    assert [at(x) for x in (-1, 5, 20, 35, 50, 80)] == [False, True, False, True, True, True]
    twice = drawing({"A": ((one,), (one[::back],))}, degrees=False)
    assert filled(twice.traces["A"], twice.width / 2, twice.height / 2)


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


def test_there_is_room_for_a_name_from_a_width_on_which_is_that_of_the_name_that_is_read():
    """Outlines of which each is a third of 900 wide: 60 units of four Chinese letters need 180 of them all."""
    found = drawing({code: (box(10 * n, 0, 10 * n + 10, 4),) for n, code in enumerate("ABC")}, degrees=False)
    assert found.places["A"].room == pytest.approx((WIDTH - 2 * EDGE) / 3, abs=0.1)
    assert from_width("春晖社区", found, "A") == "from-320"
    assert from_width("春" * 12, found, "A") == "from-640"  # 180 of 296 units
    assert from_width("春" * 20, found, "A") == "tight"
    with calling({"春晖社区": "Tangerine Lantern"}):
        assert from_width("春晖社区", found, "A") == "from-500"  # 17 letters of 8.5: 145 of 296
    css = (Path(__file__).parents[3] / "dashboard" / "assets" / "map.css").read_text(encoding="utf-8")
    assert all(f"(max-width: {step - 1}px) {{ .from-{step} " in css for step in STEPS)
