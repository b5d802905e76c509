"""The documents on the page: for everybody who may sign in, in a store with nothing in it, each link to something."""

import pytest

from dashboard.data.uploads import Uploads
from dashboard.pages import PAGES
from dashboard.pages.help import service
from dashboard.pages.help.markdown import anchor
from dashboard.parts.manual import DOCUMENTS, split
from dashboard.parts.page import find
from dashboard.router import render
from dashboard.web.access import Viewer
from dashboard.web.permissions import ROLES
from tests.dashboard.test_app_names import REFUSED
from tests.tools.dashboard_tools import ADMIN, nodes, plain, show, small_store, with_class, words
from tests.tools.towns.fake_results import FakeSource


class NoYears(FakeSource):
    """A store with nothing in it."""

    def years(self):
        return []


@pytest.mark.parametrize("role", ROLES)
def test_everybody_who_may_sign_in_reads_it(role):
    found = show("/help/first-year", "?lang=zh", viewer=Viewer("x", role))
    assert found.title.startswith("第一年")
    assert with_class(found.children, "manual-text")


def test_an_empty_store_has_it_too():
    assert "第一年：从空库到得分" in words(show("/help", "?lang=zh", NoYears()).children)
    assert with_class(show("/help/first-year", "?lang=zh", NoYears()).children, "manual-text")


def test_in_english_it_says_that_they_are_in_chinese_and_where_the_same_is_said():
    told = words(show("/help", "?lang=en&year=2014").children)
    assert "These documents are in Chinese." in told
    assert "docs/roles.md" in told
    assert "中文的" not in words(show("/help", "?lang=zh&year=2014").children)
    (text,) = with_class(show("/help/first-year", "?lang=en&year=2014").children, "manual-text")
    assert text["props"]["lang"] == "zh-CN"


def hrefs(tree):
    return [n["props"]["href"] for n in nodes(plain(tree)) if "href" in n["props"]]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_of_a_document_leads_to_a_page_and_a_heading_of_it(name):
    children = show(f"/help/{name}", "?lang=zh&year=2014").children
    assert "没有这个页面" not in words(children)
    (text,) = with_class(children, "manual-text")
    ids = {n["props"].get("id") for n in nodes(text)}
    (aside,) = with_class(children, "manual-list")
    for href in [*hrefs(text), *hrefs(aside)]:
        path, _, heading = href.partition("#")
        path = path.partition("?")[0]
        if path:
            page, names = find(PAGES, path)
            assert page.there is None or page.there(None, **names), href
            if page.name == "help" and names and heading:
                assert heading in headings(names["document"]), href
        else:
            assert heading in ids, href


def headings(name):
    return {anchor(one.replace("`", "")) for one in service.document(ADMIN, name).headings}


@pytest.mark.parametrize("page", [page for page in PAGES if page.help], ids=lambda page: page.name)
def test_a_page_leads_to_a_document_and_a_heading_that_are_there(page):
    name, heading = split(page.help)
    assert name in DOCUMENTS
    assert not heading or heading in headings(name)


def test_a_page_that_is_explained_has_the_link_beside_its_title(sqlite_store):
    explained, store = [page for page in PAGES if page.help], small_store(sqlite_store)
    assert len(explained) > 8
    wrong = []
    for page in explained:
        made = render(ADMIN, FakeSource(), store, Uploads(), page.paths[0], "?lang=zh&year=2014", {})
        if page.paths[0] not in REFUSED and len(with_class(made.children, "help-link")) != 1:
            wrong.append(page.name)
    assert wrong == []
