"""Which community an area is: by the property that says so, asked where several disagree, never guessed; fewer corners."""

from __future__ import annotations

import math
import random

import pytest

from survey.core.errors import Refused
from survey.fieldwork.geojson import Areas, read_areas
from survey.fieldwork.outlines import WhichProperty, owned, simplified, size
from survey.fieldwork.register import Register
from survey.store.year.register import Community
from tests.survey.fieldwork.test_geojson import collection, feature, square

KNOWN = Register(
    [
        Community("1", "甲社区", aliases=("甲居委会",)),
        Community("2", "乙社区"),
        Community("3", "丙社区"),
        Community("4", "丁社区", valid_to="2013"),
    ]
)


def areas(*properties: dict[str, object]) -> Areas:
    return read_areas(
        "图.geojson", collection(*(feature(square(121 + n / 50, 31), **p) for n, p in enumerate(properties)))
    )


def told(found: Areas, by: str = "") -> dict[str, int]:
    return {code: len(some) for code, some in owned("图.geojson", found, KNOWN, by).outlines.items()}


def test_code_name_and_other_names_match_in_whatever_property():
    assert told(areas({"代码": 1}, {"代码": "２"})) == {"1": 1, "2": 1}
    assert told(areas({"x": "n/a", "SQMC": "甲居委会"}, {"x": "-", "SQMC": "乙 社区"})) == {"1": 1, "2": 1}


def test_properties_that_agree_are_not_asked_about():
    found = owned("图.geojson", areas({"name": "甲社区", "code": 1}, {"name": "乙社区"}), KNOWN)
    assert (found.by, list(found.outlines)) == ("name", ["1", "2"])


def test_properties_that_disagree_are_asked_about_once_and_the_answer_counts():
    """A running number that happens to be a code: 1, 2, 3 over 丙, 乙, 甲."""
    found = areas({"fid": 1, "name": "丙社区"}, {"fid": 2, "name": "乙社区"}, {"fid": 3, "name": "甲社区"})
    with pytest.raises(WhichProperty) as asked:
        told(found)
    assert asked.value.choices == {"fid": 3, "name": 3}
    assert "--by" in asked.value.word("zh") or "选定" in asked.value.word("zh")
    assert list(told(found, "name")) == ["3", "2", "1"]
    assert list(told(found, "fid")) == ["1", "2", "3"]


def test_a_number_that_names_only_what_the_name_does_not_is_no_answer_either():
    """The name says 甲 and a park; the number of the park, 2, is the code of 乙."""
    with pytest.raises(WhichProperty):
        told(areas({"name": "甲社区", "fid": 9}, {"name": "公园", "fid": 2}))


@pytest.mark.parametrize(
    ("properties", "by", "key"),
    [
        ({"name": "某地"}, "", "no_match"),
        ({}, "", "no_properties"),
        ({"name": "甲社区"}, "code", "unknown_property"),
        ({"name": "甲社区", "note": "某地"}, "note", "no_match_by"),
    ],
)
def test_what_names_no_community_is_refused(properties, by, key):
    with pytest.raises(Refused) as refused:
        told(areas(properties), by)
    assert refused.value.key == f"outlines.{key}"
    for lang in ("zh", "en"):
        assert "{" not in refused.value.word(lang)


def test_what_does_not_match_is_named_and_several_features_are_one_community():
    found = owned("图.geojson", areas({"name": "甲社区"}, {"name": "公园"}, {"name": "甲社区"}), KNOWN)
    assert {code: len(some) for code, some in found.outlines.items()} == {"1": 2}
    assert [f.word("zh") for f in found.findings] == [
        "1 个要素与名册的社区对不上，未画：2 (公园)。",
        "2 个社区在文件里没有边界：乙社区、丙社区。",  # 丁 has ended
        "1 个社区有几个要素，合在一起画：甲社区。",
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_an_outline_too_narrow_to_be_drawn_is_refused_as_flat(turned):
    corners = [[121, 31], [122, 31], [122, 31.0000001], [121, 31.0000001]]
    if turned:
        corners = [[121, 31], [121, 32], [121.0000001, 32], [121.0000001, 31]]
    sliver = {"type": "Polygon", "coordinates": [corners]}
    found = read_areas("图.geojson", collection(feature(sliver, name="甲社区")))
    with pytest.raises(Refused) as refused:
        told(found)
    assert refused.value.key == "outlines.flat_ring"
    assert "1 (甲社区)" in refused.value.word("zh")


def test_an_area_that_is_there_twice_is_taken_once():
    one = feature(square(121, 31), name="甲社区")
    assert told(read_areas("图.geojson", collection(one, one))) == {"1": 1}


def test_a_name_that_is_markup_stays_text():
    found = owned("图.geojson", areas({"name": "甲社区"}, {"name": "<script>alert(1)</script>"}), KNOWN)
    assert "<script>" in found.findings[0].word("zh")  # told as it stands; the page escapes whatever it shows


# ── Simplified


def ring(n: int, noise: float) -> tuple[tuple[float, float], ...]:
    chance = random.Random(4)
    turns = [2 * math.pi * k / n for k in range(n)]
    return tuple(
        (500 * math.cos(t) + chance.uniform(-noise, noise), 500 * math.sin(t) + chance.uniform(-noise, noise))
        for t in turns
    )


def test_corners_that_nobody_sees_go_and_the_area_stays():
    """A circle of radius 500 with 5,000 corners: area π · 500² = 785,398."""
    ((outer,),) = simplified(((ring(5_000, 0.2),),))
    assert 30 < len(outer) < 400
    assert abs(size(outer)) == pytest.approx(785_398, rel=0.01)


def test_a_triangle_stays_a_triangle_and_specks_and_small_holes_go():
    triangle = ((0.0, 0.0), (1000.0, 0.0), (0.0, 1000.0))
    speck = ((2000.0, 0.0), (2000.5, 0.0), (2000.0, 0.5))
    hole = ((100.0, 100.0), (300.0, 100.0), (100.0, 300.0))
    pin = ((400.0, 100.0), (400.5, 100.0), (400.0, 100.5))
    assert simplified(((triangle, hole, pin), (speck,))) == ((triangle, hole),)
    assert simplified(((speck,),)) == ((speck,),)  # alone it is the whole outline


def test_degrees_keep_as_many_decimals_as_are_seen():
    square_ = ((121.0, 31.0), (121.0123456789, 31.0), (121.0123456789, 31.0123456789))
    ((outer,),) = simplified(((square_,),))
    assert outer[1] == (121.012346, 31.0)
