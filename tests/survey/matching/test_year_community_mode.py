"""What names and cells say: years, communities, and how sure that is."""

from __future__ import annotations

from collections import Counter

import pytest

from survey.matching.year_community_mode import (
    Column,
    Names,
    Places,
    propose_community,
    propose_year,
    stem,
    year_of_cells,
    year_of_dates,
    years_in,
)
from survey.store.year.register import Community

REGISTER = (
    Community("SL01", "南塔社区", ("南塔小区", "南塔居委会"), "南门街道", "示例区"),
    Community("SL02", "南塔东社区", (), "南门街道", "示例区"),
    Community("SL03", "南门社区", (), "南门街道", "示例区"),
    Community("7", "柳营村", (), "南门街道", "示例区"),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("居民问卷2014", [(2014, 0.9)]),
        ("2014年", [(2014, 0.95)]),
        ("２０１４年度", [(2014, 0.95)]),
        ("2013-2014", [(2013, 0.9), (2014, 0.9)]),
        ("20141120_导出", [(2014, 0.6)]),
        ("导出2014-11-20", [(2014, 0.6)]),
        ("2014年11月20日", [(2014, 0.6)]),
        ("2013年问卷_20140105", [(2013, 0.95), (2014, 0.6)]),
        ("14年问卷", [(2014, 0.6)]),
        ("第14页", []),
        ("20141320", []),
        ("12345678", []),
        ("问卷", []),
    ],
)
def test_years_in_a_name(text, found):
    assert years_in(text) == found


def test_a_platforms_counts_are_no_years():
    assert stem("folder/123456_按文本_居民问卷_2014_2013.xlsx") == "123456_按文本_居民问卷"
    assert stem("问卷_2014.v2.xlsx") == "问卷_2014.v2"


def test_years_of_cells_and_dates():
    assert year_of_cells([2014.0, "2014年", " 2014年度", None, "", "今年", 14]) == (Counter({2014: 3}), 2)
    assert year_of_dates(["2014-12-31", "2015.1.2", None, "昨天", "2014/5/6 10:00"]) == Counter({2014: 2, 2015: 1})


def names(file: str = "问卷.xlsx", sheet: str = "数据", *titles: str) -> Names:
    return Names(file, sheet, titles)


def test_the_column_says_the_year_and_nothing_is_to_be_given():
    proposal = propose_year(names("问卷2013.xlsx"), Column("年度", [2014.0, "2015年"], 2), Counter(), None)
    assert (proposal.value, proposal.values, proposal.source, proposal.certainty) == (None, (2014, 2015), "column", 1.0)
    assert not proposal.open


def test_blanks_of_the_year_column_are_filled_by_the_name_only_if_it_says_the_same():
    same = propose_year(names("问卷2014.xlsx"), Column("年度", [2014.0, None], 2), Counter(), None)
    other = propose_year(names("问卷2013.xlsx"), Column("年度", [2014.0, None], 2), Counter(), None)
    assert (same.value, same.certainty) == (2014, 0.9)
    assert (other.value, other.certainty) == (2013, 0.5)
    assert "1 行空着" in other.reason.word("zh")


@pytest.mark.parametrize(
    ("given", "dates", "form_year", "source"),
    [
        (names("问卷.xlsx", "2014年"), {}, None, "sheet"),
        (names("问卷.xlsx", "数据", "2014年居民问卷汇总"), {}, None, "title"),
        (names("问卷_2014.xlsx"), {}, None, "file"),
        (names(), {2014: 99, 2013: 1}, None, "dates"),
        (names(), {}, 2014, "questionnaire"),
    ],
)
def test_a_year_comes_from_where_it_is_said(given, dates, form_year, source):
    proposal = propose_year(given, None, Counter(dates), form_year)
    assert (proposal.value, proposal.source) == (2014, source)
    assert proposal.certainty >= 0.8
    assert "2014" in proposal.reason.word("en")


def test_two_sources_that_agree_are_surer_and_two_that_do_not_are_never_sure():
    alone = propose_year(names("问卷2014.xlsx"), None, Counter(), None)
    both = propose_year(names("问卷2014.xlsx"), None, Counter({2014: 9}), None)
    against = propose_year(names("问卷2014.xlsx"), None, Counter({2013: 9}), None)
    assert both.certainty > alone.certainty
    assert (against.value, against.certainty, against.values) == (2014, 0.5, (2013,))
    assert against.reason.word("zh") == "文件名是 2014 年，填写日期却是 2013 年。请确认。"


def test_dates_in_two_years_are_not_sure_and_nothing_is_nothing():
    assert propose_year(names(), None, Counter({2014: 6, 2015: 4}), None).certainty == 0.6
    nothing = propose_year(names(), None, Counter(), None)
    assert (nothing.value, nothing.certainty, nothing.open) == (None, 0.0, True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("南塔_居民问卷", {"南塔社区": 0.85}),
        ("南塔社区", {"南塔社区": 0.95}),
        ("南 塔 居委会问卷", {"南塔社区": 0.95}),
        ("南塔东_问卷", {"南塔东社区": 0.85}),
        ("南塔东社区、南塔社区", {"南塔东社区": 0.95, "南塔社区": 0.95}),
        ("南门街道_居民问卷", {}),
        ("南门_居民问卷", {"南门社区": 0.85}),
        ("南塔街道", {}),
        ("南塔镇居民问卷", {}),
        ("sl02", {"南塔东社区": 0.9}),
        ("XSL02", {}),
        ("问卷7", {}),
        ("柳营村", {"柳营村": 0.95}),
    ],
)
def test_communities_in_a_name(text, found):
    places = Places(REGISTER)
    assert {places.communities[p].name: sure for p, sure in places.named_in(text).items()} == found


def test_the_file_is_named_after_its_community():
    proposal = propose_community(names("南塔_居民问卷.xlsx"), None, Places(REGISTER))
    assert (proposal.value, proposal.source, proposal.certainty) == ("南塔社区", "file", 0.85)
    assert proposal.reason.word("zh") == "文件名“南塔_居民问卷”里有南塔社区。"


def test_the_sheet_goes_before_the_file():
    assert propose_community(names("南塔.xlsx", "柳营村"), None, Places(REGISTER)).value == "柳营村"


def test_a_name_that_fits_two_is_left_to_a_person():
    proposal = propose_community(names("南塔社区和柳营村.xlsx"), None, Places(REGISTER))
    assert (proposal.value, proposal.certainty, proposal.values) == (None, 0.0, ("南塔社区", "柳营村"))


def test_the_community_column():
    places = Places(REGISTER)
    full = propose_community(names("柳营村.xlsx"), Column("社区", ["南塔小区", "SL02", "南塔社区", None], 3), places)
    assert (full.value, full.source, full.certainty) == (None, "column", 1.0)
    assert full.values == ("南塔社区", "南塔东社区")
    unknown = propose_community(names(), Column("社区", ["南塔社区", "北塔社区"], 2), places)
    assert (unknown.certainty, unknown.values) == (0.5, ("南塔社区",))
    assert "1 行的社区不在名册里" in unknown.reason.word("zh")
    partly = propose_community(names("南塔.xlsx"), Column("社区", ["南塔社区", None], 2), places)
    assert (partly.value, partly.certainty) == ("南塔社区", 0.85)
    other = propose_community(names("柳营村.xlsx"), Column("社区", ["南塔社区", None], 2), places)
    assert (other.value, other.certainty) == ("柳营村", 0.5)


def test_the_only_community_of_the_register_and_none():
    only = propose_community(names(), None, Places(REGISTER[:1]))
    assert (only.value, only.source) == ("南塔社区", "register")
    assert propose_community(names(), None, Places(REGISTER)).open
