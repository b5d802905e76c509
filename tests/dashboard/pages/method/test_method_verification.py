"""Who gets the independent check of a year, from the page and by command."""

from __future__ import annotations

import os
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


def test_single_responses_leave_when_asked_for(town: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """In a folder of their own that their owner reads, with a line in the record and the risk said."""
    out = tmp_path / "2014"
    assert xingfu.main(["--store", town.where, "export", "--verify", "--out", str(out)]) == 0
    rows = pd.read_csv(out / "verify" / "responses.csv")
    assert rows["community"].value_counts().to_dict() == {"C1": 60, "C2": 60}
    assert len(list(out.glob("*.xlsx"))) == 3  # of two communities and of the street
    assert "120 份逐份答卷" in capfd.readouterr().err
    assert "120 份逐份答卷" in (out / "verify" / "README.txt").read_text(encoding="utf-8")
    with town.read() as conn:
        line = audit.listing(conn)[0]
    assert (line.action, line.detail["rows"], line.detail["classes"]) == ("export verify", 120, True)
    if os.name == "posix":
        assert {p.stat().st_mode & 0o077 for p in (out / "verify", *(out / "verify").iterdir())} == {0}
        assert {p.stat().st_mode & 0o044 for p in out.glob("*.xlsx")} == {0o044 & ~_umask()}


def test_an_archive_that_holds_them_is_its_owners(town: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    assert xingfu.main(["--store", town.where, "export", "--verify", "--out", str(path)]) == 0
    held = {info.filename: info.external_attr >> 16 for info in zipfile.ZipFile(path).infolist()}
    assert held["verify/verify.R"] == 0o600
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("words_", [[], ["--no-verify"], ["--community", "C1", "--verify"]])
def test_whoever_does_not_ask_or_asks_for_one_community_gets_none(
    town: Store, tmp_path: Path, words_: list[str]
) -> None:
    assert xingfu.main(["--store", town.where, "export", "--out", str(tmp_path / "out"), *words_]) == 0
    assert not (tmp_path / "out" / "verify").exists()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_the_page_hands_it_to_who_sees_all_and_keeps_a_record(town: Store) -> None:
    response = create_app(town).server.test_client().get("/download/check?year=2014", headers={"Host": "localhost"})
    assert response.status_code == 200
    assert "verify/scores.csv" in zipfile.ZipFile(BytesIO(response.data)).namelist()
    with town.read() as conn:
        assert audit.listing(conn)[0].action == "export verify"


@pytest.mark.parametrize("viewer", [VIEWER, Viewer("one", "local", frozenset({"C1"}))])
def test_others_see_no_link_and_get_nothing(town: Store, viewer: Viewer) -> None:
    source: Any = StoreSource(town)
    with pytest.raises(Refused):
        check(viewer, source, town, 2014, "zh")

    def method(who: Viewer) -> str:
        return words(render(who, source, town, None, "/method", "?year=2014", {}).children)

    assert "独立核算" not in method(viewer)
    assert "独立核算" in method(ADMIN)
