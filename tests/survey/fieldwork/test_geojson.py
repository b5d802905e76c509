"""GeoJSON: taken whole or refused in one sentence that names where and what, in both languages and without a crash."""

from __future__ import annotations

import json
from typing import Any

import pytest

from survey.core import limits
from survey.core.errors import Refused
from survey.fieldwork.geojson import read_areas

File = dict[str, Any]


def square(x: float, y: float, side: float = 0.01) -> File:
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry: Any, **properties: Any) -> File:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False).encode()


def polygon(*rings: Any) -> File:
    return feature({"type": "Polygon", "coordinates": list(rings)}, name="甲社区")


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as told:
        read_areas("图.geojson", data)
    for lang in ("zh", "en"):
        sentence = told.value.word(lang)
        assert "图.geojson" in sentence
        assert "{" not in sentence.replace("{…}", "")
    return told.value.key.partition(".")[2]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "empty"),
        (b" \n ", "blank"),
        (b"PK\x03\x04\0\0", "not_text"),
        ('{"名称": 1}'.encode("gb18030"), "not_utf8"),
        (b'{"type": "FeatureCollection",\n "features": [}', "not_json"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
        (b"[1" + b"0" * 9_000 + b"]", "long_number"),
        (b"[]", "no_collection"),
        (b"null", "no_collection"),
        (b'{"type": "Topology", "objects": {}}', "no_collection"),
        (b'{"type": "FeatureCollection", "features": {}}', "no_collection"),
        (collection(), "no_features"),
        (collection(5), "no_feature"),
        (collection({"type": "Feature"}), "no_areas"),
        (collection(feature({"type": "Point", "coordinates": [121, 31]}, name="甲社区")), "no_areas"),
        (collection(feature({"type": "Circle"})), "no_geometry"),
        (collection(feature({"type": ["Polygon"]})), "no_geometry"),
        (collection(feature({"type": {"Polygon": 1}})), "no_geometry"),
        (collection(feature(5)), "no_geometry"),
        (collection(feature({"type": "Polygon"})), "no_rings"),
        (collection(feature({"type": "MultiPolygon", "coordinates": [[]]})), "no_rings"),
        (collection(polygon([])), "no_rings"),
        (collection(polygon([[1, 2], [3, "x"], [5, 6]])), "bad_position"),
        (collection(polygon([[1, 2], [3], [5, 6]])), "bad_position"),
        (collection(polygon([[1, 2], [True, 2], [5, 6]])), "bad_position"),
        (collection(polygon([[1, 2], [float("nan"), 2], [5, 6]])), "bad_position"),
        (collection(polygon([[1, 2], [1e308 * 10, 2], [5, 6]])), "bad_position"),
        (collection(polygon([[1, 2], [10**400, 2], [5, 6]])), "bad_position"),
        (collection(polygon([[1, 2], [3, 4], [1, 2]])), "short_ring"),
        (collection(polygon([[1, 2], [1, 2], [1, 2], [1, 2]])), "short_ring"),
        (collection(polygon([[1, 1], [2, 2], [3, 3], [1, 1]])), "flat_ring"),
        (collection(polygon([[0, 0], [9, 0], [9, 9], [0, 9]], [[20, 1], [21, 1], [21, 2]])), "hole_outside"),
        (collection(polygon([[0, 0], [9, 0], [9, 9], [0, 9]], [[8, 1], [12, 1], [8, 2]])), "hole_outside"),
        (collection(feature(square(121, 31)), feature(square(500_000, 3_400_000, 800))), "two_systems"),
        (collection(feature(square(31, 121))), "turned"),
        (collection(feature(square(500_000, 3_400_000, 2))), "tiny"),
        (collection(feature(square(121, 31)), feature(square(0, 0)), feature(square(121.1, 31))), "far_apart"),
        (b"x" * (limits.MAP_BYTES + 1), "too_big"),
        (b"[]," * 2_000_000, "many_points"),
        (collection(*[feature(None)] * (limits.MAP_FEATURES + 1)), "many_features"),
    ],
)
def test_what_is_no_map_is_refused_in_one_sentence(data, key):
    assert refusal(data) == key


def test_a_refusal_names_the_feature_the_ring_and_the_position():
    with pytest.raises(Refused) as told:
        read_areas("图.geojson", collection(polygon([[0, 0], [1, 0], [1, 1]], [[0, 0], [None, 1], [2, 2]])))
    sentence = told.value.word("zh")
    for word in ("1 (甲社区)", "第 2 圈", "第 2 个点", "[null, 1]"):
        assert word in sentence


def test_a_hole_on_the_edge_of_its_area_is_a_hole():
    outer, hole = [[0, 0], [9, 0], [9, 9], [0, 9]], [[0, 1], [9.00001, 1], [5, 2]]
    assert [len(area) for area in read_areas("图.geojson", collection(polygon(outer, hole))).features[0].areas] == [2]


def test_half_a_pair_of_surrogates_is_replaced_wherever_it_is_quoted():
    data = collection(feature(square(121, 31), name="KEY", KEY="甲")).replace(b"KEY", rb"a\ud800")
    assert dict(read_areas("图.geojson", data).features[0].properties) == {"name": "a?", "a?": "甲"}
    for wrong in (
        feature({"type": "KEY"}),
        polygon([[1, "KEY"], [3, 4], [5, 6]]),
        {"type": "KEY"},
    ):
        with pytest.raises(Refused) as told:
            read_areas("图.geojson", collection(wrong).replace(b"KEY", rb"a\ud800"))
        assert told.value.word("zh").encode()
    with pytest.raises(Refused) as told:
        read_areas("图.geojson", rb'{"type": "a\ud800"}')
    assert "a?" in told.value.word("zh")


def test_areas_come_with_their_properties_as_text_and_what_has_none_is_named():
    data = collection(
        feature(square(121, 31), code=310101, name=" 甲社区 ", ratio=2.0, flag=True, nested={"a": 1}),
        feature({"type": "LineString", "coordinates": [[1, 2], [3, 4]]}, name="一条路"),
        feature(None, name="没有边界"),
        feature(
            {
                "type": "MultiPolygon",
                "coordinates": [square(121.1, 31)["coordinates"], square(121.2, 31)["coordinates"]],
            },
            name="乙社区",
        ),
    )
    found = read_areas("图.geojson", b"\xef\xbb\xbf" + data)
    assert [dict(one.properties) for one in found.features] == [
        {"code": "310101", "name": "甲社区", "ratio": "2"},
        {"name": "乙社区"},
    ]
    assert [len(one.areas) for one in found.features] == [1, 2]
    assert found.degrees
    assert [f.word("zh") for f in found.findings] == ["2 个要素没有面，未画：2 (一条路)、3 (没有边界)。"]


def test_a_ring_is_closed_once_whether_or_not_the_file_closes_it_and_heights_are_passed_over():
    open_ring = [[0, 0, 5], [1, 0, 5], [1, 1, 5], [1, 1, 5]]
    closed = [[0, 0], [1, 0], [1, 1], [0, 0]]
    one, other = (read_areas("图.geojson", collection(polygon(ring))).features[0] for ring in (open_ring, closed))
    assert one.areas == other.areas == ((((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)),),)
    assert one.points == 3


def test_metres_of_any_projection_are_taken_as_they_are():
    assert not read_areas("图.geojson", collection(feature(square(500_000, 3_400_000, 800)))).degrees
