"""已存视图: what is gone is one sentence with what there is instead, and the page beside it knows of a new view."""

from __future__ import annotations

import pytest

from dashboard.app import create_app
from dashboard.data.questions import kept_views
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.core.lang import LANGUAGES
from survey.store import views
from tests.tools.dashboard_tools import ADMIN, nodes, plain, source_of, with_class, words
from tests.tools.towns import two_years

town = two_years.scored_town
LEADER = Viewer("领导", "leader")


def page(store, path="/views", search="?lang=zh&year=2014", viewer=ADMIN):
    return render(viewer, source_of(store), store, None, path, search, {}).children


def keep(store, name, query, shared=False):
    with store.write(aside=True) as conn:
        return views.save(conn, ADMIN.user, name, "/answers", query, shared=shared)


def test_a_view_is_listed_beside_the_page_and_on_its_own(town):
    kept_views.save(ADMIN, source_of(town), town, "书面的回答", "/answers", "?year=2014&item=A&split=mode", shared=True)
    beside = page(town, "/answers")
    (card,) = with_class(beside, "saved-views")
    assert "书面的回答" in words(card)
    (line,) = with_class(page(town), "views-list")
    assert "按" in words(line)
    assert "2014" in words(line)
    links = [n["props"]["href"] for n in nodes(line) if n["type"] == "A"]
    assert links
    assert "item=A" in links[0]
    assert "split=mode" in links[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_gone_is_named_with_what_there_is_instead(town, lang):
    keep(town, "去年的", "?year=2019&item=A")
    keep(town, "没了的题", "?year=2014&item=F9&split=mode")
    said = [words(n) for n in with_class(page(town, search=f"?lang={lang}&year=2014"), "views-gone")]
    assert len(said) == 2
    assert "2019" in " ".join(said)
    assert "F9" in " ".join(said)
    opened = page(town, "/answers", f"?lang={lang}&year=2014&item=F9&split=mode")
    assert "F9" in words(opened)
    hrefs = [str(n["props"].get("href", "")) for n in nodes(plain(opened))]
    assert [h for h in hrefs if "split=mode" in h and "F9" not in h] == [f"/answers?lang={lang}&year=2014&split=mode"]


def test_only_the_owner_is_offered_to_change_it(town):
    keep(town, "共享的", "?year=2014&item=A", shared=True)
    assert with_class(page(town), "views-change")
    assert with_class(page(town, viewer=LEADER), "views-change") == []
    assert "共享的" in words(page(town, viewer=LEADER))


def test_an_empty_list_says_how_one_comes_about(town):
    assert "保存视图" in words(page(town))


def test_a_kept_page_shows_a_view_that_was_saved_since(town):
    app = create_app(town, source=source_of(town))
    client = app.server.test_client()
    client.get("/")
    ask = {
        "output": "..page.children...view.data..",
        "outputs": [{"id": "page", "property": "children"}, {"id": "view", "property": "data"}],
        "inputs": [
            {"id": "url", "property": "pathname", "value": "/answers"},
            {"id": "url", "property": "search", "value": "?lang=zh&year=2014"},
            {"id": "refresh", "property": "data", "value": None},
        ],
        "changedPropIds": ["url.pathname"],
    }

    def shown():
        token = client.get_cookie("xingfu_token")
        return client.post(
            "/_dash-update-component", json=ask, headers={"X-CSRFToken": token.value if token else ""}
        ).get_data(as_text=True)

    first = shown()
    assert "新存的视图" not in first
    keep(town, "新存的视图", "?year=2014&item=A")
    assert "\\u65b0\\u5b58\\u7684\\u89c6\\u56fe" in shown() or "新存的视图" in shown()
