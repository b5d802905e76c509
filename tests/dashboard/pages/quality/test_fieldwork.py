"""The page of drivers, and the sections on modes, interviewers and leaving out, from a store."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.app import create_app
from dashboard.figures.quadrants import Dot, ends, places, quadrants
from dashboard.pages.drivers import service
from dashboard.pages.quality import service as quality
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.store import Store
from tests.tools.dashboard_tools import ADMIN, nodes, plain, source_of, words
from tests.tools.towns import field_town

ONE = Viewer("c1", "leader", frozenset({"C1"}))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return field_town.town(tmp_path_factory.mktemp("field"))


def shown(store: Store, path: str, search: str = "?year=2014", viewer: Viewer = ADMIN) -> Any:
    return render(viewer, source_of(store), store, None, path, search, {}).children


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        ("zh", ("影响因素", "总体幸福感", "联系最强", "不是因果", "优先改进", "逐题查看", "Q1 办事方便")),
        ("en", ("Drivers", "overall happiness", "strongest association", "not cause", "improve first", "Item by item")),
    ],
)
def test_drivers_have_a_reading_charts_and_their_table(town: Store, lang: str, texts: tuple[str, ...]) -> None:
    page = shown(town, "/drivers", f"?year=2014&lang={lang}")
    said = words(page)
    assert [t for t in texts if t not in said and t not in str(plain(page))] == []
    assert "None" not in said
    assert "nan" not in said.lower()
    graphs = [n["props"] for n in nodes(plain(page)) if n["type"] == "Graph"]
    assert [g["id"] for g in graphs] == ["drivers-dimensions", "drivers-items"]
    assert len(graphs[1]["figure"]["data"][0]["x"]) == 6


def test_the_weights_can_be_chosen_where_the_score_is_weighted(
    town: Store, tmp_path_factory: pytest.TempPathFactory
) -> None:
    weighted = field_town.weighted_town(tmp_path_factory.mktemp("weighted"))
    drawn = [
        shown(store, "/drivers", f"?year=2014{more}") for store in (town, weighted) for more in ("", "&weights=base")
    ]
    selects = [[n["props"] for n in nodes(plain(p)) if n["props"].get("id") == "drivers-weights"] for p in drawn]
    assert [len(found) for found in selects] == [0, 0, 1, 1]
    assert [o["label"] for o in selects[2][0]["data"]] == ["得分所用的权数", "基础权数"]
    assert ["weights=base" in found[0]["value"] for found in selects[2:]] == [False, True]
    assert ["按基础权数计算" in words(p) for p in drawn] == [False, True, False, True]
    assert "所用权数与得分相同" in words(shown(weighted, "/quality"))
    assert "所用权数与得分相同" not in words(shown(town, "/quality"))


def test_one_community_with_too_few_says_so_and_leads_back(town: Store) -> None:
    page = shown(town, "/drivers/C1")
    assert "少于 200 份" in words(page)
    assert "/drivers?" in str(plain(page))
    assert "“Q1”不能作结果" in words(shown(town, "/drivers", "?year=2014&outcome=Q1"))


def test_all_together_is_for_those_who_see_all(town: Store) -> None:
    assert "只对能看全部社区的账号开放" in words(shown(town, "/drivers", viewer=ONE))
    assert "C2" not in words(shown(town, "/drivers/C2", viewer=ONE)).replace("“C2”", "")
    with pytest.raises(Refused):
        service.drivers(ONE, source_of(town), town, 2014, "C2")
    for name in ("modes", "interviewers"):
        with pytest.raises(Refused):
            quality.section(ONE, source_of(town), town, 2014, name)
    rows = quality.section(ONE, source_of(town), town, 2014, "without").body["rows"]
    assert {r["community_code"] for r in rows} == {"C1"}
    text = quality.file(ONE, source_of(town), town, 2014, "without", "zh")[1].decode("utf-8-sig")
    assert "乙社区" not in text


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        (
            "zh",
            (
                "电话调查比书面调查高",
                "偏高，超出抽样误差",
                "偏高，请复核",
                "访员 V2",
                "甲社区主观得分",
                "批次 1",
                "设计效应",
            ),
        ),
        (
            "en",
            ("phone answers are", "higher, beyond sampling error", "high: check again", "interviewer V2", "batch 1"),
        ),
    ],
)
def test_quality_has_modes_interviewers_and_leaving_out(town: Store, lang: str, texts: tuple[str, ...]) -> None:
    said = words(shown(town, "/quality", f"?year=2014&lang={lang}"))
    assert [t for t in texts if t not in said] == []
    assert "None" not in said
    assert "nan" not in said.lower()


def test_files_of_the_sections(town: Store) -> None:
    client = create_app(town).server.test_client()
    for name, column in (
        ("modes", "Difference"),
        ("interviewers", "shrunken difference"),
        ("variance", "Design effect"),
        ("without", "star"),
    ):
        answer = client.get(f"/download/quality/{name}?year=2014&lang=en", headers={"Host": "localhost"})
        assert answer.status_code == 200
        assert column in answer.data.decode("utf-8-sig").splitlines()[0].split(",")
    answer = client.get("/download/drivers?year=2014&lang=zh", headers={"Host": "localhost"})
    assert answer.status_code == 200
    assert answer.data.decode("utf-8-sig").startswith("级别,")
    assert client.get("/download/drivers/C9?year=2014", headers={"Host": "localhost"}).status_code != 200


def dot(score: float, share: float, text: str = "题目", priority: str = "keep") -> Dot:
    return Dot(score, share, share - 0.02, share + 0.02, priority, text, text)


def test_labels_stand_apart() -> None:
    dots = [dot(70, 0.2, "环境舒适感"), dot(71, 0.2, "家园归属感"), dot(80, 0.1)]
    x, y = ends([d.score for d in dots]), ends([d.share for d in dots])
    assert len(set(places(dots, x, y)[:2])) == 2


def test_the_four_fields_are_named_and_divided_at_the_averages() -> None:
    figure = quadrants([dot(70, 0.3), dot(80, 0.1)], "zh", average=0.2, whiskers=True)
    upright, level = figure["layout"]["shapes"]
    assert (upright["x0"], level["y0"]) == (75, 0.2)
    assert [a["text"] for a in figure["layout"]["annotations"]] == ["优先改进", "继续保持", "次要改进", "维持现状"]
    assert figure["data"][0]["error_y"]["array"] == pytest.approx([0.02, 0.02])


def test_alike_scores_still_have_an_axis() -> None:
    low, high = ends([80.0, 80.0])
    assert low < 80 < high


def test_names_beside_a_dot_and_over_it_are_text():
    link = "<a href='http://x'>%{x}</a>"
    figure = quadrants([Dot(70, 0.3, None, None, "keep", link, f"{link}\n甲")], "zh", average=0.2, whiskers=False)
    trace = figure["data"][0]
    assert "<" not in trace["text"][0]
    assert trace["customdata"][0].replace("<br>", "").count("<") == 0
    assert trace["customdata"][0].endswith("<br>甲")
