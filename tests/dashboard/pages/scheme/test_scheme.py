"""The page of the scheme: tree, versions, another scheme beside it, and a workbook brought in through the checker."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from analysis.publication import scheme_versions
from analysis.scheme import default_scheme
from analysis.scheme.workbook.reading import read_scheme
from analysis.scheme.workbook.writing import write_scheme
from dashboard.pages.scheme import service
from dashboard.pages.scheme.upload import found, stored
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.store.year import schemes
from tests.tools.books.annex_book import annex_book, as_bytes
from tests.tools.dashboard_tools import plain, source_of, with_class, words
from tests.tools.towns.cycle_town import make_town
from tests.tools.towns.two_years import other_points

LI, READER, LOCAL = Viewer("李", "local"), Viewer("读者", "leader"), Viewer("社区", "community", frozenset({"C1"}))
BASE = default_scheme()


@pytest.fixture
def town(sqlite_store):
    return make_town(sqlite_store)


def page(store, search="", viewer=LI, lang="zh"):
    return render(viewer, source_of(store), store, None, "/scheme", f"?year=2014&lang={lang}{search}", {})


def sent(data: bytes) -> str:
    return "data:application/octet-stream;base64," + base64.b64encode(data).decode()


def bring(store, data, reason="", viewer=LI, author=""):
    return service.bring(viewer, store, "体系.xlsx", sent(data), author, reason)


def test_the_tree_tells_every_indicator_with_its_rule_in_words(town):
    for lang in ("zh", "en"):
        text = words(page(town, lang=lang).children)
        for indicator in BASE.indicators:
            assert indicator.code in text
            assert indicator.names[lang] in text
        assert "None" not in text
        assert "nan" not in text
    assert "达到 6 次 得满分" in words(page(town).children)
    assert "锁定" in words(page(town).children)


def test_three_levels_stand_below_each_other(town):
    annex, _ = read_scheme("附表.xlsx", as_bytes(annex_book()))
    assert annex is not None
    scheme_versions.put(town, annex)
    shown = page(town).children
    assert len(with_class(shown, "depth-2")) == 60
    assert "每发现一例扣1分" in words(shown)


def test_a_version_after_the_first_answer_is_told_on_the_page(town):
    with pytest.raises(Refused, match="确需改动请写明理由") as refused:
        bring(town, write_scheme(other_points()))
    assert "--reason" not in str(refused.value)
    bring(town, write_scheme(other_points()), reason="来文")
    text = words(page(town).children)
    assert "来文" in text
    assert "调查开始后改动过" in text
    assert "客观分值由“140”改为“130”" in text


def test_another_scheme_stands_beside_the_years(town):
    scheme_versions.put(
        town, replace(BASE, code="linear", names={"zh": "等距", "en": "Even"}, first_year=2030, preset="linear")
    )
    for lang, word in (("zh", "假设"), ("en", "what-if")):
        text = words(page(town, "&against=linear", lang=lang).children)
        assert word in text
        assert "甲社区" in text
    assert "乙社区" not in words(page(town, "&against=linear", viewer=LOCAL).children)
    assert "没有" in words(page(town, "&against=nobody").children) or "未" in words(
        page(town, "&against=nobody").children
    )


def test_bad_workbooks_are_answered_and_nothing_is_stored(town):
    broken = write_scheme(replace(BASE, indicators=BASE.indicators[1:]))
    with pytest.raises(Refused) as error:
        bring(town, broken)
    assert error.value.key == "page_scheme.refused"
    shown = words(found(error.value.word("zh"), error.value.findings, "zh"))
    assert "140" in shown
    for contents in (None, "x", "data:x,%%%", "data:x,"):
        with pytest.raises(Refused):
            service.bring(LI, town, "a.xlsx", contents, "", "")
    with pytest.raises(Refused):
        bring(town, write_scheme(BASE), author="很" * 501)
    with town.read() as conn:
        assert len(schemes.listing(conn)) == 1


def test_remarks_are_shown_though_it_is_stored(town):
    remarks = bring(town, as_bytes(annex_book()), author="王")
    assert "已保存" in words(stored(remarks, "zh"))
    assert "编号" in words(stored(remarks, "zh"))
    assert "已保存" in words(stored([], "zh"))
    with town.read() as conn:
        assert schemes.listing(conn)[-1].author == "王"


@pytest.mark.parametrize("viewer", [READER, LOCAL])
def test_who_may_not_change_it_sees_no_form_and_is_refused(town, viewer):
    assert not with_class(page(town, viewer=viewer).children, "scheme-upload")
    assert with_class(page(town).children, "scheme-upload")
    with pytest.raises(Refused):
        bring(town, write_scheme(BASE), viewer=viewer)


def test_workbooks_to_start_from(town):
    for kind in ("scheme", "annex"):
        name, data, _ = service.workbook(READER, town, 2014, kind, "zh")
        assert name.endswith(".xlsx")
        assert data[:2] == b"PK"
    with pytest.raises(Refused):
        service.workbook(READER, town, 2014, "other", "zh")
    assert plain(page(town).children)
