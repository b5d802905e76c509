"""The page of the map: looked over before it is kept, asked once, replaced, taken away; bad files get one sentence."""

from __future__ import annotations

from io import BytesIO

import pytest

from dashboard.app import create_app
from dashboard.data.results import StoreSource
from dashboard.data.uploads import Uploads
from dashboard.pages.outlines import service
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.fieldwork.community_map import kept_map
from tests.survey.fieldwork.test_geojson import collection, feature, square
from tests.tools.dashboard_tools import ADMIN, VIEWER, nodes, plain, small_store, words

FILE = ("图.geojson", collection(feature(square(121, 31), name="春晖社区"), feature(square(121.02, 31), name="公园")))
ASKED = (
    "图.geojson",
    collection(
        feature(square(121, 31), SL="SL01", name="锦园社区"), feature(square(121.02, 31), SL="SL02", name="春晖社区")
    ),
)


@pytest.fixture
def store(sqlite_store):
    return small_store(sqlite_store)


@pytest.fixture
def room(tmp_path):
    return Uploads(tmp_path)


def page(store, room, token="", lang="zh", viewer=ADMIN):
    query = f"?lang={lang}" + (f"&token={token}" if token else "")
    return render(viewer, StoreSource(store), store, room, "/basics/map", query, {}).children


def buttons(tree):
    return [
        n["props"]["id"] for n in nodes(plain(tree)) if n["type"] == "Button" and isinstance(n["props"].get("id"), dict)
    ]


def kept(store):
    with store.read() as conn:
        return kept_map(conn)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_waits_is_drawn_with_its_findings_and_nothing_is_stored_before(store, room, lang):
    token = service.bring(ADMIN, store, room, [FILE])
    text = words(page(store, room, token, lang))
    for word in ("春晖社区", "公园", "锦园社区", "name"):
        assert word in text
    assert "{" not in text
    assert "None" not in text
    assert {"type": "map-keep", "of": "map"} in buttons(page(store, room, token))
    assert kept(store) is None


def test_it_is_kept_replaced_and_taken_away(store, room):
    assert service.keep(ADMIN, store, room, service.bring(ADMIN, store, room, [FILE])) == 1
    assert {"type": "map-remove", "of": "map"} in buttons(page(store, room))
    other = service.bring(ADMIN, store, room, [("新.json", collection(feature(square(1, 2), code="SL03")))])
    assert "替换现有地图" in words(page(store, room, other))
    service.keep(ADMIN, store, room, other)
    assert list(kept(store).outlines) == ["SL03"]
    with pytest.raises(Refused):
        service.keep(ADMIN, store, room, other)  # it waits no more
    service.remove(ADMIN, store)
    assert kept(store) is None
    assert "还没有地图" in words(page(store, room))


def test_which_property_counts_is_asked_once(store, room):
    token = service.bring(ADMIN, store, room, [ASKED])
    shown = page(store, room, token)
    assert [one["name"] for one in buttons(shown) if one["type"] == "map-by"] == ["SL", "name"]
    assert "不一致" in words(shown)
    with pytest.raises(Refused):
        service.keep(ADMIN, store, room, token)
    with pytest.raises(Refused):
        service.choose(ADMIN, store, room, token, "fid")
    service.choose(ADMIN, store, room, token, "name")
    assert [one["type"] for one in buttons(page(store, room, token))][:1] == ["map-keep"]
    service.keep(ADMIN, store, room, token)
    assert kept(store).by == "name"


def test_the_browser_is_told_why_a_file_is_no_map(store, room):
    client = create_app(store, identify=lambda _: ADMIN).server.test_client()

    def sent(*files):
        parts = [(BytesIO(data), name) for name, data in files]
        return client.post("/basics/map/upload?lang=zh", data={"file": parts}, content_type="multipart/form-data")

    bad = sent(("坏.geojson", b"{"))
    assert bad.status_code == 422
    assert "坏.geojson" in bad.get_json()["error"]
    assert sent(FILE, FILE).get_json()["error"] == "一次一个地图文件。请只选一个。"
    assert sent(FILE).get_json()["token"]


def test_nobody_else_brings_sees_or_keeps_one(store, room):
    token = service.bring(ADMIN, store, room, [FILE])
    with pytest.raises(Refused):
        service.bring(VIEWER, store, room, [FILE])
    with pytest.raises(Refused):
        service.remove(VIEWER, store)
    with pytest.raises(Refused):
        service.brought(Viewer("other", "clerk"), store, room, token)
    assert "无权限" in words(page(store, room, viewer=VIEWER))
    assert "没有" in words(page(store, room, "x" * 32)) or "过期" in words(page(store, room, "x" * 32))
