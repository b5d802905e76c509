"""The page of one community beside another side."""

from __future__ import annotations

import pytest

from dashboard.web.access import Viewer
from survey.core.errors import Refused
from tests.tools.dashboard_tools import show, with_class, words

OWN = Viewer("reader", "community", frozenset({"SL01"}))


def shown(search, **more):
    return words(show("/compare/beside", f"?year=2014&{search}", **more).children)


def test_two_communities_with_a_sentence_of_each_kind():
    text = shown("community=SL01&against=SL02")
    assert "春晖社区·对照" in text
    assert "超出抽样误差" in text
    assert "居民调查 10 题中" in text
    assert "客观指标 10 项中" in text


def test_without_an_address_the_first_community_beside_its_street():
    assert "示例街道平均" in shown("")


def test_in_english():
    text = shown("community=SL01&against=2013&lang=en")
    assert "side by side" in text
    assert "beyond sampling error" in text


def test_a_bar_for_every_line_that_differs():
    page = show("/compare/beside", "?year=2014&community=SL01&against=SL12").children
    assert len(with_class(page, "apart")) > 10


def test_who_sees_one_community_sees_its_years_and_nobody_else():
    text = shown("community=SL01", viewer=OWN)
    assert "2013 年" in text
    assert not {"锦园", "平均"} & {name for name in ("锦园", "平均") if name in text}


@pytest.mark.parametrize("search", ["community=SL01&against=SL02", "community=SL01&against=street", "community=SL02"])
def test_what_a_reader_does_not_see_is_refused(search):
    text = shown(search, viewer=OWN)
    assert "锦园社区" not in text
    assert "相差" not in text


def test_a_side_that_is_not_there_is_one_sentence():
    assert "没有“1999”可以对照" in shown("community=SL01&against=1999")
    assert isinstance(Refused("page_beside.nobody", year=2014).word("zh"), str)
