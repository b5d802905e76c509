"""The archive pack of a closed year from the page: the same files as the command writes, for who may see the sources."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.archive.pack import write_pack
from dashboard.pages.papers.service import archive_file, papers
from survey.core.errors import Refused
from survey.store import Store
from tests.tools.dashboard_tools import ADMIN, source_of
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
