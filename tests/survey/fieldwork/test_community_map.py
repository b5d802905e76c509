"""The map in the store: looked over without storing, kept, replaced, taken away, each in the record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dashboard.serving.demonstration import sample_folder
from survey.core.errors import Refused
from survey.fieldwork.community_map import inspect_map, keep_map, kept_map, map_mark, remove_map
from survey.store import audit
from tests.survey.fieldwork.test_geojson import collection, feature, square
from tests.tools.dashboard_tools import small_store

MAP = collection(feature(square(121, 31), name="春晖社区"), feature(square(121.02, 31), name="锦园社区"))


@pytest.fixture
def town(store):
    return small_store(store)


def mark(town) -> str:
    with town.read() as conn:
        return map_mark(conn)


def test_looking_over_stores_nothing_and_keeping_replaces_what_was_kept(town):
    found, findings = inspect_map(town, "图.geojson", MAP)
    assert [f.code for f in findings] == ["outlines.without"]
    assert mark(town) == ""
    keep_map(town, found, who="李")
    first = mark(town)
    with town.read() as conn:
        kept = kept_map(conn)
        entry = audit.listing(conn, 1)[0]
    assert kept is not None
    assert (kept.file, kept.by, kept.degrees, kept.points) == ("图.geojson", "name", True, 8)
    assert kept.outlines == found.outlines
    assert (entry.action, entry.subject, entry.who, entry.detail) == ("map add", "图.geojson", "李", {"n": 2})
    other, _ = inspect_map(town, "新图.geojson", collection(feature(square(120, 30), name="望江社区")))
    keep_map(town, other)
    assert mark(town) not in ("", first)
    with town.read() as conn:
        assert list(kept_map(conn).outlines) == ["SL03"]


def test_taking_it_away_leaves_nothing_and_is_said_once(town):
    keep_map(town, inspect_map(town, "图.geojson", MAP)[0])
    assert remove_map(town) is True
    assert remove_map(town) is False
    with town.read() as conn:
        assert kept_map(conn) is None
        assert [e.action for e in audit.listing(conn, 2)] == ["map remove", "map add"]
    assert mark(town) == ""


def test_without_a_register_nothing_can_be_matched(store):
    with pytest.raises(Refused) as told:
        inspect_map(store, "图.geojson", MAP)
    assert told.value.key == "outlines.no_register"


def test_the_map_of_the_sample_says_that_it_is_invented(town):
    data = (Path(sample_folder()) / "示例_社区地图.geojson").read_bytes()
    found, _ = inspect_map(town, "示例_社区地图.geojson", data)
    assert (found.by, found.degrees, list(found.outlines)) == ("code", False, ["SL01", "SL02", "SL03"])
    features = json.loads(data)["features"]
    assert len(features) == 21
    assert all("虚构" in one["properties"]["note"] and "invented" in one["properties"]["note"] for one in features)
