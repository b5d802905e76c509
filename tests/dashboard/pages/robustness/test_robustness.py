"""The page of robustness, and its files."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from analysis.indicators.imports import import_indicators
from dashboard.app import create_app
from dashboard.pages.robustness import service
from dashboard.pages.robustness.service import file, robustness
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.store import Store
from tests.tools.dashboard_tools import ADMIN, small_store, source_of, with_class, words
from tests.tools.towns import two_years
from tests.tools.towns.two_years import indicator_file

town = two_years.scored_town


@pytest.fixture
def rated(town: Store) -> Store:
    import_indicators(town, "i.csv", indicator_file(), 2014)
    return town


def shown(store: Store, search: str = "?year=2014", viewer=ADMIN):
    return render(viewer, source_of(store), store, None, "/robustness", search, {}).children


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        ("zh", ("稳健性", "2 个社区中", "两者合计", "gd2011（100/80/60/40/0）", "不用于评星")),
        ("en", ("Robustness", "reasonable ways of computing", "Which choice matters", "gd2011 (100/80/60/40/0)")),
    ],
)
def test_sampling_and_choices_stand_in_one_table(rated: Store, lang, texts):
    page = shown(rated, f"?year=2014&lang={lang}")
    said = words(page)
    assert [t for t in texts if t not in said] == []
    assert len(with_class(page, "strip")) == 2
    assert "nan" not in said.lower().replace("nanta", "")
    assert "None" not in said


def test_the_word_for_sampling_stands_beside_that_for_the_method(rated: Store, monkeypatch):
    """Both words follow the numbers of their row: what is measured decides which stand."""
    measured = service.measured

    def other(*asked, chance, changes):
        found = measured(*asked)
        rows = [{**r, "star_probability": chance, "method_changes": changes} for r in found.body["communities"]]
        return replace(found, body={**found.body, "communities": rows})

    for chance, changes, text in ((0.7, "yes", "抽样上临界 换算法会变"), (0.97, "no", "抽样上稳定")):
        monkeypatch.setattr(service, "measured", partial(other, chance=chance, changes=changes))
        said = " ".join(words(shown(rated)).split())
        assert text in said
        assert ("换算法会变" in said) == (changes == "yes")


def test_a_year_without_totals_and_an_empty_store_are_said(town: Store, tmp_path):
    assert "本年没有可以比较不同算法的社区：还没有总分" in words(shown(town, "?year=2013"))
    empty = small_store(Store.open(tmp_path / "e.db", create=True))
    assert "六步到得分" in words(shown(empty, ""))
    empty.close()


def test_a_viewer_of_one_community_sees_that_one(rated: Store):
    viewer = Viewer("c1", "leader", frozenset({"C1"}))
    data = robustness(viewer, source_of(rated), rated, 2014)
    assert [r["community_code"] for r in data.rows] == ["C1"]
    text = file(viewer, source_of(rated), rated, 2014, "runs", "zh")[1].decode("utf-8-sig")
    assert "总分 C1" in text
    assert "C2" not in text
    with pytest.raises(Refused):
        robustness(viewer, source_of(rated), rated, 2014, "火星")


@pytest.mark.parametrize(
    ("name", "column"), [("communities", "星级不变比例"), ("factors", "星级改变比例"), ("runs", "等级计分")]
)
def test_the_files(rated: Store, name, column):
    client = create_app(rated).server.test_client()
    answer = client.get(f"/download/robustness/{name}?year=2014", headers={"Host": "localhost"})
    assert answer.status_code == 200
    assert column in answer.data.decode("utf-8-sig").splitlines()[0]
    assert client.get("/download/robustness/x?year=2014", headers={"Host": "localhost"}).status_code == 404
