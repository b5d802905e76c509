"""The page says which communities can be told apart, and the league joins those that can't."""

from __future__ import annotations

from dataclasses import replace

from analysis.scoring.pairs import add_standing, pair_frame
from dashboard.data.year import read_year
from dashboard.pages.compare.pairs_service import pair_table, pairs_of_street
from dashboard.web.access import Viewer
from tests.tools.dashboard_tools import fake_app, show, with_class, words
from tests.tools.towns.fake_results import FakeSource, fake_results

NOBODY = Viewer("reader", "leader", frozenset({"SL01", "SL12"}))


class Standing(FakeSource):
    """The invented results with what ``add_standing`` adds."""

    def results(self, year):
        found = super().results(year)
        scores = found.scores.copy()
        add_standing(scores, scores["rank"].notna().to_numpy(dtype=bool))
        return replace(found, scores=scores)


def test_the_page_has_the_sentence_and_every_pair():
    page = show("/compare", "?year=2014")
    text = words(page.children)
    assert "2014 年总分能否区分" in text
    assert "之间的差别分不清" in text
    told = pair_frame(fake_results(2014).scores)["told_apart"].astype(bool)
    assert len(with_class(page.children, "apart")) == 2 * int(told.sum())
    assert len(with_class(page.children, "alike")) == 2 * int((~told).sum())


def test_the_page_in_english():
    assert "Nothing tells apart ranks" in words(show("/compare", "?year=2014&lang=en").children)


def test_many_communities_give_a_sentence_and_a_file():
    text = words(show("/compare", "?year=2014", source=FakeSource(many=3)).children)
    assert "逐对结果见下载的数据" in text


def test_without_ranks_there_is_nothing_to_tell():
    class Nobody(FakeSource):
        def results(self, year):
            found = super().results(year)
            return replace(found, scores=found.scores.assign(rank=None, rank_low=None, rank_high=None))

    assert "无从区分" in words(show("/compare", "?year=2014", source=Nobody()).children)


def test_the_league_joins_neighbours_that_nothing_tells_apart():
    page = show("/", "?year=2014", source=Standing())
    scores = Standing().results(2014).scores
    joined = with_class(page.children, "joined")
    assert 0 < len(joined) <= int((scores["differs_next"] == 0).sum())
    assert "与下一名分不清" in joined[0]["props"]["title"]
    assert not with_class(show("/", "?year=2014&sort=objective", source=Standing()).children, "joined")


def test_who_sees_some_communities_gets_their_pairs_only():
    found = pairs_of_street(read_year(NOBODY, FakeSource(), 2014), "示例街道")
    assert [r["community_code"] for r in found.rows] == ["SL01", "SL12"]
    assert pair_table(NOBODY, FakeSource(), 2014, "")[["community_code", "other_code"]].values.tolist() == [
        ["SL01", "SL12"]
    ]


def test_the_pairs_as_a_file():
    response = fake_app("leader").server.test_client().get("/download/pairs?year=2014")
    lines = response.data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("街道,年度,编号,社区,名次")
    assert len(lines) == 46
    assert {line.rpartition(",")[2] for line in lines[1:]} <= {"是", "否", ""}
