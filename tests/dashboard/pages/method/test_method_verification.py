"""Who gets the independent check of a year, from the page and by command."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import xingfu
from dashboard.app import create_app
from dashboard.data.results import StoreSource
from dashboard.pages.method.service import check
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.store import Store, audit
from tests.tools.dashboard_tools import ADMIN, VIEWER, words
from tests.tools.towns import two_years

town = two_years.scored_town


def test_the_whole_years_export_carries_the_check(town: Store, tmp_path: Path) -> None:
    out = tmp_path / "2014"
    assert xingfu.main(["--store", town.where, "export", "--out", str(out)]) == 0
    rows = pd.read_csv(out / "verify" / "responses.csv")
    assert rows["community"].value_counts().to_dict() == {"C1": 60, "C2": 60}
    assert len(list(out.glob("*.xlsx"))) == 2
    assert xingfu.main(["--store", town.where, "export", "--out", str(tmp_path / "a.zip")]) == 0
    assert "verify/verify.R" in zipfile.ZipFile(tmp_path / "a.zip").namelist()


@pytest.mark.parametrize("words_", [["--no-verify"], ["--community", "C1"]])
def test_one_community_or_who_does_not_want_it_gets_none(town: Store, tmp_path: Path, words_: list[str]) -> None:
    assert xingfu.main(["--store", town.where, "export", "--out", str(tmp_path / "out"), *words_]) == 0
    assert not (tmp_path / "out" / "verify").exists()


def test_the_page_hands_it_to_who_sees_all_and_keeps_a_record(town: Store) -> None:
    response = create_app(town).server.test_client().get("/download/check?year=2014", headers={"Host": "localhost"})
    assert response.status_code == 200
    assert "verify/scores.csv" in zipfile.ZipFile(BytesIO(response.data)).namelist()
    with town.read() as conn:
        assert audit.listing(conn)[0].action == "export verify"


@pytest.mark.parametrize("viewer", [VIEWER, Viewer("one", "admin", frozenset({"C1"}))])
def test_others_see_no_link_and_get_nothing(town: Store, viewer: Viewer) -> None:
    source: Any = StoreSource(town)
    with pytest.raises(Refused):
        check(viewer, source, town, 2014, "zh")

    def method(who: Viewer) -> str:
        return words(render(who, source, town, None, "/method", "?year=2014", {}).children)

    assert "独立核算" not in method(viewer)
    assert "独立核算" in method(ADMIN)
