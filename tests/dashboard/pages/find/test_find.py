"""What is looked for is found by name, code, pinyin and English, and nobody finds what they may not see."""

from __future__ import annotations

import pytest

from dashboard.pages import PAGES
from dashboard.pages.find.service import MOST, Entry, entries, looked_up
from dashboard.parts.manual import DOCUMENTS
from dashboard.parts.page import find
from dashboard.router import render
from dashboard.web.access import Viewer
from dashboard.web.address import Address
from survey.core.lang import LANGUAGES, say
from survey.store import names_en
from tests.tools.dashboard_tools import ADMIN, nodes, plain, source_of, with_class, words
from tests.tools.sources import ROOT
from tests.tools.towns import two_years

town = two_years.scored_town


def known(store, viewer=ADMIN, lang="zh", year=2014):
    return entries(viewer, source_of(store), store, Address("/", lang, year), PAGES)


def found(store, text, **more):
    return [(e.kind, e.text) for e in looked_up(known(store, **more), text)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("甲社区", ("community", "甲社区")),
        ("jsq", ("community", "甲社区")),
        ("c2", ("community", "乙社区")),
        ("Ｃ２", ("community", "乙社区")),
        ("wjjg", ("page", "问卷结果")),
        ("answers", ("page", "问卷结果")),
        ("历年", ("page", "历年对比")),
        ("yinsi", None),
        ("隐私", ("document", "隐私")),
    ],
)
def test_by_name_code_pinyin_and_english(town, text, first):
    told = found(town, text)
    assert (told[0] if told else None) == first


def test_each_finding_leads_somewhere_that_is_there(town):
    for lang in LANGUAGES:
        for entry in known(town, lang=lang):
            assert find(PAGES, entry.link.partition("?")[0]) is not None, entry


def test_a_viewer_finds_what_lies_in_scope(town):
    one = Viewer("甲", "community", frozenset({"C1"}))
    assert found(town, "乙社区", viewer=one) == []
    assert found(town, "甲社区", viewer=one) == [("community", "甲社区")]
    assert "管理" not in {e.text for e in known(town, viewer=one)}
    visitor = Viewer("访", "interviewer")
    assert {e.kind for e in known(town, viewer=visitor)} == {"page", "document"}
    assert {e.text for e in known(town, viewer=visitor) if e.kind == "page"} == {"帮助"}


def test_the_nearest_comes_first_and_not_more_than_fit():
    many = [Entry("community", f"东{n}社区", "", "/") for n in range(20)]
    told = looked_up([Entry("page", "关于东", "", "/"), *many], "东")
    assert [e.kind for e in told] == ["community"] * MOST + ["page"]
    assert looked_up(many, " ") == []
    assert looked_up(many, "没有") == []


def test_documents_are_called_as_they_call_themselves():
    for name in DOCUMENTS:
        title = (ROOT / "docs" / "zh" / f"{name}.md").read_text(encoding="utf-8").splitlines()[0]
        assert title == f"# {say('zh', 'page_search.document_' + name.replace('-', '_'))}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_address_may_hold_what_is_looked_for(town, lang):
    page = render(ADMIN, source_of(town), town, None, "/find", f"?lang={lang}&year=2014&find=jsq", {}).children
    (box,) = [n for n in with_class(page, "search-found") if n["type"] == "Section"]
    assert "甲社区" in words(box)
    assert any(str(n["props"].get("href", "")).startswith("/community/C1") for n in nodes(box))
    nothing = render(ADMIN, source_of(town), town, None, "/find", f"?lang={lang}&year=2014&find=zzzz", {}).children
    assert say(lang, "page_search.nothing") in words(nothing)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_header_of_every_page_opens_it(town, lang):
    page = plain(render(ADMIN, source_of(town), town, None, "/", f"?lang={lang}&year=2014", {}).children)
    buttons = with_class(page, "search-open")  # in the header and in the drawer
    assert [b["props"]["aria-label"] for b in buttons] == [say(lang, "page_search.open")] * 2
    assert [n["type"] for n in with_class(page, "search-dialog")] == ["Dialog"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_community_and_its_street_are_found_by_their_english_names(town, lang):
    with town.write() as conn:
        names_en.tell(conn, {"甲社区": "Alpha Court", "示例街道": "Sample Sub-district"})
    shown = "甲社区" if lang == "zh" else "Alpha Court"
    for text in ("alpha", "court", "Alpha Court", "甲社区", "c1"):
        assert ("community", shown) in found(town, text, lang=lang), text
    (one,) = [e for e in known(town, lang=lang) if e.text == shown]
    assert one.link.startswith("/community/C1?")


@pytest.mark.parametrize(
    ("lang", "text", "kind"),
    [("en", "zgrw", "page"), ("en", "指标", "document"), ("zh", "indicators", "document"), ("zh", "zgrw", "page")],
)
def test_each_language_finds_what_is_called_in_the_other(town, lang, text, kind):
    known = entries(ADMIN, source_of(town), town, Address("/", lang, 2014), PAGES)
    assert kind in {entry.kind for entry in looked_up(known, text)}
