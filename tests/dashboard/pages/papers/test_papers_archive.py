"""The archive pack of a closed year from the page: the same files as the command writes, for who may see the sources."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.archive.pack import write_pack
from dashboard.data.uploads import Uploads
from dashboard.pages.papers import packing, service
from dashboard.pages.papers.service import archive_file, papers
from dashboard.parts.context import Context
from dashboard.router import render
from dashboard.web.access import viewer_of
from dashboard.web.address import parse
from survey.core import limits
from survey.core.errors import Refused
from survey.core.lang import say
from survey.store import Store
from tests.tools.dashboard_tools import ADMIN, source_of, words
from tests.tools.stores.older_demo import unpacked


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(tmp_path_factory.mktemp("papers"))


def test_the_page_hands_the_same_files_to_who_may_see_where_numbers_came_from(place):
    store = Store.open(place)
    source = source_of(store)
    name, data, _ = archive_file(ADMIN, source, store, 2013, "zh")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        held = json.loads(archive.read("manifest.json"))["files"]
        assert set(archive.namelist()) == {*held, "manifest.json"}
    folder = place.parent / "pack"
    write_pack(store, 2013, folder, "zh", with_responses=False)
    assert json.loads((folder / "manifest.json").read_bytes())["files"] == held
    assert name.startswith("2013_年度档案")
    assert "/download/archive" in papers(ADMIN, source, store, 2013).whole
    assert "/download/archive" not in papers(ADMIN, source, store, 2014).whole  # open
    leader = replace(ADMIN, role="leader")
    assert "/download/archive" not in papers(leader, source, store, 2013).whole
    with pytest.raises(Refused):
        archive_file(leader, source, store, 2013, "zh")
    with pytest.raises(Refused):
        archive_file(ADMIN, source, store, 2014, "zh")
    store.close()


@pytest.mark.parametrize("role", ["clerk", "community", "auditor", "reviewer"])
def test_who_sees_one_community_is_not_handed_all_the_others(place, role):
    """Its imports they may see, and once that was enough for the archive of everybody."""
    store = Store.open(place)
    source, one = source_of(store), viewer_of("x", role, [("community", "SL03")])
    assert "/download/archive" not in papers(one, source, store, 2013).whole
    for make in (archive_file, lambda *given: service.order(*given[:-1], "/download/archive", "", "zh")):
        with pytest.raises(Refused) as caught:
            make(one, source, store, 2013, "zh")
        assert caught.value.key == "dash_errors.forbidden"
    store.close()


def test_of_many_communities_it_is_made_beside_the_request_and_gone_on_with(place, monkeypatch):
    monkeypatch.setattr(limits, "MANY_PAPERS", 5)
    store = Store.open(place)
    source = source_of(store)
    made = []

    def one(_sources, code, _lang):
        made.append(code)
        if len(made) == 4:
            raise SystemExit  # nothing of ours catches it, as nothing catches a kill
        return code.encode()

    monkeypatch.setattr("analysis.papers.paper_files.diagnosis_pdf", one)
    context = Context(ADMIN, source, parse("/papers", "?year=2013&lang=zh", {}), store, Uploads())

    def ordered():
        service.begin_packing(context, "/download/archive")
        order = service.order(ADMIN, source, store, 2013, "/download/archive", "", "zh")
        folder = packing._folder(store, order)
        context.uploads.papers.find(folder.name, "papers", ADMIN.user).ended.wait(60)
        return order, service.packings(context)["/download/archive"]

    _, left = ordered()
    assert (left.ready, left.running) == (False, False)
    assert 12 < left.done < left.total
    page = render(ADMIN, source, store, context.uploads, "/papers", "?year=2013&lang=zh", {}).children
    assert say("zh", "page_papers.left_off", n=f"{left.done}", total=f"{left.total}") in words(page)
    order, whole = ordered()
    assert whole.ready
    assert len(made) == 13  # four, of which one failed, then that one and the other eight
    name, data, _ = packing.packed(store, order)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        told = json.loads(archive.read("manifest.json"))
        assert {*told["files"], "manifest.json"} == set(archive.namelist())
    assert told["taken_by"]
    assert name.startswith("2013_年度档案")
    assert "/download/archive" not in service.packings(
        Context(ADMIN, source, parse("/papers", "?year=2014", {}), store, Uploads())
    )
    store.close()
